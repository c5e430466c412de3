package recording_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"lectern/internal/diag"
	"lectern/internal/recording"
)

// show writes what a test compares: title, speakers, links.
func show(rs []recording.Recording) []string {
	var out []string
	for _, r := range rs {
		s := r.Title
		if len(r.Speakers) > 0 {
			s += " [" + strings.Join(r.Speakers, "/") + "]"
		}
		for _, l := range []string{r.Video, r.Slides, r.Code} {
			if l != "" {
				s += " " + l
			}
		}
		out = append(out, s)
	}
	return out
}

const schedPage = `<!DOCTYPE html><html><head><title>KubeCon Europe 2025: Scaling GPU Clusters Without ...</title></head><body>
<div class="sched-container-inner"><span class="event"><a class="name" href="https://x.sched.com/event/1tx"> Scaling GPU Clusters
  Without Melting Down! - Ann Ode, Sun <span class="vs">Feedback</span></a></span>
<div class="sched-person-session"><h2><a href="speaker/a">Ann Ode</a></h2></div>
<div class="sched-person-session"><h2>Bo Li</h2></div>
<div class="sched-file"><a class="file-uploaded file-uploaded-pdf" href="https://static.sched.com/hosted_files/x/50/Scaling%20GPU%21.pdf">Scaling GPU!.pdf</a></div>
</div></body></html>`

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       []string
		finds      []string // parts of the findings, in order
	}{
		{
			"yt-dlp, flat", `{"_type":"playlist","title":"L","entries":[
			null,
			{"_type":"url","ie_key":"Youtube","id":"abcdefghijk","url":"https://www.youtube.com/watch?v=abcdefghijk","title":"One","duration":60.5},
			{"_type":"url","ie_key":"Youtube","id":"bbcdefghijk","url":"bbcdefghijk","title":"Bare id"},
			{"_type":"url","ie_key":"Youtube","id":"cbcdefghijk","url":"https://youtu.be/cbcdefghijk","webpage_url":null,"title":"[Private video]"},
			{"_type":"url","ie_key":"Youtube","id":"dbcdefghijk","title":"[Deleted video]"},
			{"id":"ebcdefghijk","title":"Soon","live_status":"is_upcoming","url":"https://youtu.be/ebcdefghijk","ie_key":"Youtube"},
			{"_type":"playlist","title":"Inner","entries":[{"_type":"url","ie_key":"Youtube","id":"fbcdefghijk","url":"https://youtu.be/fbcdefghijk?si=x","title":"Nested"}]},
			{"_type":"url","ie_key":"YoutubeTab","id":"PLx","url":"https://www.youtube.com/playlist?list=PLx","title":"A list"},
			"nonsense",
			{"_type":"url","title":"No address","id":17}
			]}`,
			[]string{"One https://www.youtube.com/watch?v=abcdefghijk", "Bare id https://www.youtube.com/watch?v=bbcdefghijk", "Nested https://youtu.be/fbcdefghijk?si=x"},
			[]string{"empty", "[Private video]", "[Deleted video]", "yet to be broadcast", "playlist without its videos", "empty", "no address"},
		},
		{
			"yt-dlp, one document a line", `{"id":"abcdefghijk","title":"A","webpage_url":"https://www.youtube.com/watch?v=abcdefghijk","url":"https://rr1.googlevideo.com/x","extractor_key":"Youtube"}
			{"id":"bbcdefghijk","title":"B","webpage_url":"https://www.youtube.com/watch?v=bbcdefghijk","extractor_key":"Youtube"}`,
			[]string{"A https://www.youtube.com/watch?v=abcdefghijk", "B https://www.youtube.com/watch?v=bbcdefghijk"},
			nil,
		},
		{
			"YouTube's feed", `<?xml version="1.0" encoding="UTF-8"?>
			<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
			<title>List</title><author><name>CNCF</name></author>
			<entry><yt:videoId>abcdefghijk</yt:videoId><title>One &amp; two</title><link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/>
			<published>2025-04-15T20:00:00+00:00</published><media:group><media:title>One</media:title><media:description>By Ann</media:description></media:group></entry>
			<entry><title>No link</title></entry></feed>`,
			[]string{"One & two https://www.youtube.com/watch?v=abcdefghijk"},
			[]string{"no link"},
		},
		{
			"media.ccc.de, a conference", `{"acronym":"camp2019","title":"CCCamp 2019","events":[
			{"guid":"g1","title":"Opening","subtitle":"Hello","slug":"c-1","frontend_link":"https://media.ccc.de/v/c-1","url":"https://api.media.ccc.de/public/events/g1","persons":["ann","bo"],"date":"2019-08-21T16:30:00.000+02:00","release_date":"2019-08-22T00:00:00.000+02:00","length":1800},
			{"guid":"g2","title":"No front","slug":"c-2","url":"https://media.ccc.de/public/events/g2","persons":null}]}`,
			[]string{"Opening: Hello [ann/bo] https://media.ccc.de/v/c-1", "No front https://media.ccc.de/v/c-2"},
			nil,
		},
		{
			"media.ccc.de, one talk", `{"guid":"g1","title":"T","frontend_link":"https://media.ccc.de/v/c-1","recordings":[{"mime_type":"video/mp4","recording_url":"https://cdn/x.mp4"},{"mime_type":"application/pdf","recording_url":"https://cdn.example/x.pdf"}]}`,
			[]string{"T https://media.ccc.de/v/c-1 https://cdn.example/x.pdf"},
			nil,
		},
		{
			"CSV", "title,video,slides,speakers\n\"One, \"\"two\"\"\",https://youtu.be/a,,\"Ann Ode, Bo Li\"\nNot yet,,,\nBad,htp:/x,https://x.example/s.pdf?a=1&b=2,-\n,https://youtu.be/b,,\n",
			[]string{`One, "two" [Ann Ode/Bo Li] https://youtu.be/a`, "Bad [-] https://x.example/s.pdf?a=1&b=2"},
			[]string{`"htp:/x" is no web address`, "no title"},
		},
		{"CSV of a spreadsheet", "\ufeffSlides;Speakers;Titel;Video\r\nhttps://x.example/a.pdf;Ann;Die Folien;\r\n", []string{"Die Folien [Ann] https://x.example/a.pdf"}, nil},
		{"sched.com", schedPage, []string{"Scaling GPU Clusters Without Melting Down! - Ann Ode, Sun [Ann Ode/Bo Li] https://static.sched.com/hosted_files/x/50/Scaling%20GPU%21.pdf"}, nil},
		{
			"frab", `<?xml version="1.0"?><schedule><conference><title>C 2020</title></conference><day date="2020-01-01" index="1"><room name="R"><event id="1" guid="455d075f-48c0-2ec2-24b3-f5add30c383a"><date>2020-01-01T10:00:00+01:00</date><start>10:00</start><duration>00:30</duration><title>T</title><persons><person id="1">Ann</person></persons><links><link href="https://video.fosdem.org/2020/t.webm">Video recording (WebM)</link></links><attachments><attachment href="https://x.example/t.pdf">Slides</attachment></attachments></event></room></day></schedule>`,
			[]string{"T [Ann] https://video.fosdem.org/2020/t.webm https://x.example/t.pdf"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rs, finds, err := recording.Read("source", []byte(c.data))
			if err != nil {
				t.Fatal(err)
			}
			if got := show(rs); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
			if len(finds) != len(c.finds) {
				t.Fatalf("%d findings, want %d: %v", len(finds), len(c.finds), finds)
			}
			for i, f := range finds {
				if !strings.Contains(f.Message, c.finds[i]) || f.File != "source" || f.Line == 0 {
					t.Errorf("finding %v, want %q and a place", f, c.finds[i])
				}
			}
		})
	}
}

func TestReadFacts(t *testing.T) {
	rs, _, err := recording.Read("x", []byte(`{"title":"KubeCon 2025","events":[{"guid":"g1","title":"Opening","frontend_link":"https://media.ccc.de/v/c-1","date":"2019-08-21T16:30:00.000+02:00","length":1800}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r := rs[0]
	if r.ID != "g1" || r.Event != "KubeCon 2025" || r.Duration != 30*time.Minute || !r.Timed || r.Day.Format(time.RFC3339) != "2019-08-21T16:30:00+02:00" {
		t.Errorf("%+v", r)
	}
	if r.Pos.Line != 1 || r.Pos.Col != 35 {
		t.Errorf("it stands at %v", r.Pos)
	}
}

func TestReadUTF16(t *testing.T) {
	data := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("title\tvideo\nGrüße\thttps://youtu.be/a\n")) {
		data = binary.LittleEndian.AppendUint16(data, u)
	}
	rs, _, err := recording.Read("x.csv", data)
	if err != nil || len(rs) != 1 || rs[0].Title != "Grüße" {
		t.Errorf("%v %v", rs, err)
	}
}

// Broken and hostile sources: one error, which says where.
func TestReadRefuses(t *testing.T) {
	deep := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	for _, c := range []struct{ name, data, want string }{
		{"nothing", " \n", "s: it is empty"},
		{"an error page", "<!DOCTYPE html><title>404 Not\nFound</title><h1>Oops</h1>", `s:1:1: it is a web page ("404 Not Found")`},
		{"half a playlist", `{"_type":"playlist","entries":[{"title":"A","url":"https://a.b"},{"titl`, "ends in the middle"},
		{"JSON with an error", "{\"entries\":[\n  {\"title\": nope}]}", "s:2:14: broken JSON"},
		{"other JSON", `{"a":1}`, "s:1:1: this JSON is no list of recordings"},
		{"a list of conferences", `{"conferences":[{"acronym":"x"}]}`, "lists conferences"},
		{"deep lists", strings.Repeat(`{"entries":[`, 50) + strings.Repeat(`]}`, 50), "deep"},
		{"deep JSON", `{"x":` + deep("[", "]", 200_000) + `}`, "depth"},
		{"half a feed", "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title>a", "ends in the middle"},
		{"entities", `<!DOCTYPE feed [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed><entry><title>&b;</title></entry></feed>`, "s:1:1: it defines entities"},
		{"an unknown entity", "<feed>\n<entry><title>&b;</title></entry></feed>", "s:2:18: broken XML"},
		{"RSS", "<rss><channel/></rss>", "RSS"},
		{"CSV with an error", "title,video\n\"a,b\nc,d\n", "broken CSV"},
		{"text", "Dear speaker,\nthank you", "no list of recordings"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00\x00", "s:3:1: it is no text"},
		{"Latin-1", "title,video\nGr\xfc\xdfe,https://a.b\n", "s:2:3: this is not UTF-8"},
		{"half a programme", `<?xml version="1.0"?><schedule><day><room name="x"><event id="1">`, "s:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rs, _, err := recording.Read("s", []byte(c.data))
			var e *recording.Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, %v; want an error with %q", rs, err, c.want)
			}
		})
	}
	if _, _, err := recording.Read("s", make([]byte, recording.MaxSize+1)); err == nil || !strings.Contains(err.Error(), "at most 64 MB") {
		t.Errorf("a source too large: %v", err)
	}
	many := "title,video\n" + strings.Repeat("a,https://a.b/\n", recording.MaxRecordings+1)
	if _, _, err := recording.Read("s", []byte(many)); err == nil || !strings.Contains(err.Error(), "more than 20000") {
		t.Errorf("too many recordings: %v", err)
	}
}

// Real programmes without links are read, and it is said that there are none.
func TestReadProgrammes(t *testing.T) {
	for _, name := range []string{"frab-camp2019.json", "debconf23.xml", "pretalx-democon.json"} {
		data, err := os.ReadFile("../../../shared/schedules/" + name)
		if err != nil {
			t.Skip("no real programmes here:", err)
		}
		rs, finds, err := recording.Read(name, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(rs) == 0 && !slices.ContainsFunc(finds, func(d diag.Diagnostic) bool { return strings.Contains(d.Message, "none of the programme") }) {
			t.Errorf("%s: no recordings, and nothing is said", name)
		}
		t.Logf("%s: %d recordings", name, len(rs))
	}
}

func TestReadManyFindings(t *testing.T) {
	_, finds, err := recording.Read("s", []byte(`{"entries":[`+strings.Repeat("null,", 1000)+`null]}`))
	if err != nil || len(finds) != 201 || !strings.Contains(finds[200].Message, "801 more") {
		t.Errorf("%d findings, %v", len(finds), err)
	}
}

func TestFiles(t *testing.T) {
	got, finds := recording.Files("slides", []string{
		"Cloudy_ Going from One to Three.pdf", "05_far-edge.pdf", "sub/KubeCon_Talk_v2_final.PPTX", "README.md", "---.pdf", "Größe & Höhe.pdf", "10 Quick Tips.pdf",
	}, "https://x.example/slides/")
	want := []string{
		"far edge https://x.example/slides/05_far-edge.pdf",
		"10 Quick Tips https://x.example/slides/10%20Quick%20Tips.pdf",
		"Cloudy: Going from One to Three https://x.example/slides/Cloudy_%20Going%20from%20One%20to%20Three.pdf",
		"Größe & Höhe https://x.example/slides/Gr%C3%B6%C3%9Fe%20&%20H%C3%B6he.pdf",
		"KubeCon Talk https://x.example/slides/sub/KubeCon_Talk_v2_final.PPTX",
	}
	if !reflect.DeepEqual(show(got), want) {
		t.Errorf("got  %q\nwant %q", show(got), want)
	}
	if len(finds) != 1 || finds[0].File != "slides/---.pdf" {
		t.Errorf("findings %v", finds)
	}
	if got, finds := recording.Files("empty", nil, ""); len(got) != 0 || len(finds) != 1 {
		t.Errorf("an empty folder: %v %v", got, finds)
	}
}

func TestSameLink(t *testing.T) {
	same := []string{
		"https://youtu.be/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "http://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ&t=3s",
		"https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0", "https://youtube.com/live/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ?si=abc",
		"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "https://www.youtube.com/shorts/dQw4w9WgXcQ",
	}
	for _, a := range same {
		if !recording.SameLink(a, same[0]) {
			t.Errorf("%s is not %s", a, same[0])
		}
	}
	for _, c := range [][2]string{
		{"https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcR"},
		{"https://a.example/x?id=1", "https://a.example/x?id=2"},
		{"", ""},
	} {
		if recording.SameLink(c[0], c[1]) {
			t.Errorf("%q is %q", c[0], c[1])
		}
	}
	if !recording.SameLink("http://www.a.example/x/", "https://a.example/x#t") {
		t.Error("one page has two addresses")
	}
}

func fuzzRead(f *testing.F, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rs, finds, err := recording.Read("s", data)
		if err != nil {
			if len(rs) > 0 || strings.Contains(err.Error(), "\x00") {
				t.Errorf("%d recordings with %q", len(rs), err)
			}
			return
		}
		again, _, _ := recording.Read("s", data)
		if !reflect.DeepEqual(rs, again) {
			t.Error("read again, it says something else")
		}
		for _, r := range rs {
			if strings.TrimSpace(r.Title) == "" && len(finds) == 0 && r.Video == "" {
				t.Errorf("%+v", r)
			}
			for _, l := range []string{r.Video, r.Slides, r.Code} {
				if strings.ContainsAny(l, "\"<>` \n\t\\") {
					t.Errorf("the link %q cannot stand in a note", l)
				}
			}
		}
		ss := []recording.Session{{Path: "a", Title: string(data[:min(len(data), 300)])}}
		for i, r := range rs[:min(len(rs), 5)] {
			ss = append(ss, recording.Session{Path: fmt.Sprint(i), Title: r.Title})
		}
		recording.Match(ss, rs, recording.Options{})
	})
}

func FuzzYTDLP(f *testing.F) {
	fuzzRead(f, `{"_type":"playlist","title":"L","entries":[null,{"ie_key":"Youtube","id":"abcdefghijk","url":"https://youtu.be/abcdefghijk","title":"One: two - Ann, X","duration":60.5,"upload_date":"20250401"},{"entries":[{"title":"a","url":"b"}]}]}`)
}

func FuzzAtom(f *testing.F) {
	fuzzRead(f, `<feed xmlns="http://www.w3.org/2005/Atom"><title>L</title><entry><title>One</title><link rel="alternate" href="https://youtu.be/a"/><published>2025-04-15T20:00:00+00:00</published></entry></feed>`)
}

func FuzzMediaCCC(f *testing.F) {
	fuzzRead(f, `{"title":"C","events":[{"guid":"g1","title":"Opening","slug":"c-1","frontend_link":"https://media.ccc.de/v/c-1","persons":["ann"],"date":"2019-08-21T16:30:00.000+02:00","length":1800,"recordings":[{"mime_type":"application/pdf","recording_url":"https://x.y/z"}]}]}`)
}

func FuzzCSV(f *testing.F) {
	fuzzRead(f, "title,video,slides,speakers,day,duration\n\"One, \"\"two\"\"\",https://youtu.be/a,,\"Ann, Bo\",2025-04-01,1:02\n", "\ufefftitle;slides\na;https://x.y\n")
}

func FuzzSched(f *testing.F) { fuzzRead(f, schedPage) }

func FuzzFiles(f *testing.F) {
	f.Add("05_far-edge.pdf")
	f.Fuzz(func(t *testing.T, name string) {
		got, _ := recording.Files("d", []string{name}, "/slides")
		for _, r := range got {
			if r.Title == "" || !strings.HasPrefix(r.Slides, "/slides/") {
				t.Errorf("%+v", r)
			}
		}
	})
}
