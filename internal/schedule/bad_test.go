package schedule_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lectern/internal/diag"
	"lectern/internal/schedule"
)

// TestErrors: what is no programme is one error with its place, which says what
// it is instead and what to do.
func TestErrors(t *testing.T) {
	const event = `{"schedule":{"version":"1","conference":{"title":"T","days":[{"date":"2026-01-01","rooms":{"R":[{"id":1,"title":"T"}]}}]}}}`
	for _, tt := range []struct{ name, data, want, hint string }{
		{"empty", "", "p:1:1: the programme is empty", "download"},
		{"blank", " \n\t\n", "p:1:1: the programme is empty", "download"},
		{"error page", "<!DOCTYPE html>\n<html><head><title>502 Bad\n Gateway</title></head></html>", "p:1:1: this is a web page, not a programme: its title is “502 Bad Gateway”", "export"},
		{"page without doctype", "<!-- x --><HTML><body>nope", "p:1:1: this is a web page, not a programme", "export"},
		{"other XML", "<?xml version=\"1.0\"?>\n<catalog/>", "p:1:1: this is XML, but not a programme of frab: it begins with <catalog>, not with <schedule>", "iCalendar"},
		{"feed", "<rss><channel/></rss>", "p:1:1: this is a feed", "iCalendar"},
		{"words", "Hello, this is the programme.\nDay 1", "p:1:1: this is no programme: it begins with “Hello, this is the programme. Day 1”", "iCalendar"},
		{"other JSON", `{"name":"lectern","version":3}`, "p:1:1: this is JSON, but of no programme that is known: its fields are name, version", "iCalendar"},
		{"JSON error", `{"detail":"Not found."}`, "p:1:1: this is JSON, but an error message rather than a programme: “{\"detail\":\"Not found.\"}”", "login"},
		{"yt-dlp", `{"_type":"playlist","entries":[]}`, "p:1:1: this is a list of videos", "recordings"},
		{"archive", "PK\x03\x04\x14\x00\x00\x00", "p:1:1: this is an archive", "unpack"},
		{"PDF", "%PDF-1.7\n", "p:1:1: this is a PDF", "iCalendar"},
		{"encoding", "<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><schedule/>", "p:1:1: the programme is written in the encoding “shift_jis”, which is not read", "UTF-8"},
		{"truncated JSON", event[:90], "p:1:91: the JSON breaks off: the end of the file is missing", "again"},
		{"broken JSON", strings.Replace(event, `"title":"T"}]`, "\n\"title\" \"T\"}]", 1), "p:2:9: this is not JSON from here on: invalid character '\"' after object key", "again"},
		{"NUL in JSON", strings.Replace(event, `"title":"T"}]`, "\"title\":\"\x00\"}]", 1), "p:1:114: this is not JSON from here on: invalid character '\\x00' in string literal", "again"},
		{"deep JSON", strings.Repeat("[", 20) + `{"rooms":` + strings.Repeat("[", 100000), "p:1:1: this is JSON, but of no programme that is known: it has no fields", "iCalendar"},
		{"deep in a programme", `{"sessions":` + strings.Repeat("[", 100000), "p:1:77: the JSON is nested deeper than 64 levels", "no programme"},
		{"no conference", `{"schedule":{"version":"1"}}`, "p:1:13: the programme has no conference", "schedule.conference"},
		{"no days", `{"schedule":{"conference":{"title":"T"}}}`, "p:1:27: the conference has no days", "published"},
		{"no sessions", `{"schedule":{"conference":{"title":"T","days":[]}}}`, "p:1:1: the pretalx/frab JSON has no session that can be used", "published"},
		{"sessionize without sessions", `{"speakers":[],"rooms":[],"sessions":null}`, "p:1:1: the programme has no sessions", "All"},
		{"indico without contributions", `{"count":1,"results":[{"title":"T","_type":"Conference"}]}`, "p:1:1: the Indico JSON has no session that can be used; in line 1: the export of “T” holds no contributions", "published"},
		{"truncated XML", "<schedule>\n<day date='2026-01-01'><room name='R'><event id='1'><title>T", "p:2:61: the XML breaks off: the end of the file is missing", "again"},
		{"broken XML", "<schedule>\n<day></room></day></schedule>", "p:2:12: this is not XML from here on: element <day> closed by </room>", "again"},
		{"entity bomb", "<?xml version=\"1.0\"?>\n<!DOCTYPE schedule [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<schedule><conference><title>&b;</title></conference></schedule>", "p:2:1: the XML declares entities of its own", "harm"},
		{"file entity", "<!DOCTYPE schedule [\n<!ENTITY x SYSTEM \"file:///etc/passwd\">]><schedule>&x;</schedule>", "p:1:1: the XML declares entities of its own", "harm"},
		{"unknown entity", "<schedule><conference><title>&x;</title></conference></schedule>", "p:1:32: this is not XML from here on: invalid character entity &x;", "again"},
		{"deep XML", "<schedule><conference>" + strings.Repeat("<a>", 100000), "p:1:215: the XML is nested too deep", "again"},
		{"NUL in XML", "<schedule><conference><title>\x00</title></conference></schedule>", "p:1:30: this is not XML from here on: illegal character code U+0000", "again"},
		{"truncated calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Ha", "p:4:10: the calendar breaks off: VEVENT of line 2 never ends", "again"},
		{"crossed calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "p:3:1: here VCALENDAR ends, which has not begun", "again"},
		{"calendar without events", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "p:1:1: the iCalendar has no session that can be used", "published"},
		{"deep calendar", strings.Repeat("BEGIN:VCALENDAR\n", 50000), "p:9:1: the calendar is nested too deep", "again"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, ds, err := schedule.Read("p", []byte(tt.data), schedule.Options{})
			var e *schedule.Error
			if p != nil || ds != nil || !errors.As(err, &e) {
				t.Fatalf("%v, %v, %v", p, ds, err)
			}
			if !strings.HasPrefix(e.Error(), tt.want) || strings.Contains(e.Error(), "\n") {
				t.Errorf("got  %q\nwant %q", e, tt.want)
			}
			if !strings.Contains(e.Hint, tt.hint) || e.Hint == "" {
				t.Errorf("hint %q, want one with %q", e.Hint, tt.hint)
			}
		})
	}
}

// TestLimits: too much is refused before it costs memory, or told in a number.
func TestLimits(t *testing.T) {
	_, _, err := schedule.Read("p", make([]byte, 33<<20), schedule.Options{})
	if err == nil || err.Error() != "p: the programme is too large: 33.0 MiB, and at most 32.0 MiB are read" {
		t.Error(err)
	}
	var many bytes.Buffer
	many.WriteString("BEGIN:VCALENDAR\n")
	for i := range 30_000 {
		fmt.Fprintf(&many, "BEGIN:VEVENT\nUID:%d\nEND:VEVENT\n", i)
	}
	many.WriteString("END:VCALENDAR\n")
	if _, _, err = schedule.Read("p", many.Bytes(), schedule.Options{}); err == nil || !strings.Contains(err.Error(), "p:60002:1: the calendar has more than 20000 events") {
		t.Error(err)
	}
	text := `{"sessions":[` + strings.Repeat(`{"id":1,"title":"same"},`, 999) + `{"id":1,"title":"same"}]}`
	p, ds, err := schedule.Read("p", []byte(text), schedule.Options{MaxSessions: 3})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := diag.WriteText(&b, ds, false); err != nil {
		t.Fatal(err)
	}
	if len(p.Sessions) != 1 || len(ds) > 60 || !strings.Contains(b.String(), "p: info: and 949 more like this [programme-duplicate]") {
		t.Errorf("%d sessions, %d findings\n%s", len(p.Sessions), len(ds), b.String())
	}
	text = strings.ReplaceAll(text, `"id":1`, `"id":null`)
	if p, _, err = schedule.Read("p", []byte(text), schedule.Options{}); err != nil || len(p.Sessions) != 1 {
		t.Error(err)
	}
	values := `{"sessions":[` + strings.Repeat("0,", 1_000_001) + `0]}`
	if _, _, err = schedule.Read("p", []byte(values), schedule.Options{}); err == nil || !strings.Contains(err.Error(), "the JSON has more than 1000000 values") {
		t.Error(err)
	}
}

// TestHostileShapes: what grows with the square of its size is cut short.
func TestHostileShapes(t *testing.T) {
	links := strings.Repeat(`{"url":"https://e.example/1"},{"url":"https://e.example/2"},`, 100_000)
	p, _ := read(t, "p", []byte(`{"schedule":{"conference":{"days":[{"date":"2026-01-01","rooms":{"R":[{"id":1,"title":"T","links":[`+links+`{}]}]}}]}}}`))
	if n := len(p.Sessions[0].Links); n != 2 {
		t.Errorf("%d links", n)
	}
	var different strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&different, `{"url":"https://e.example/%d"},`, i)
	}
	p, _ = read(t, "p", []byte(`{"schedule":{"conference":{"days":[{"date":"2026-01-01","rooms":{"R":[{"id":1,"title":"T","links":[`+different.String()+`{}]}]}}]}}}`))
	if n := len(p.Sessions[0].Links); n != 100 {
		t.Errorf("%d links", n)
	}
	for _, title := range []string{strings.Repeat("- ", 300_000), strings.Repeat("A B, C and ", 100_000), strings.Repeat("&", 500_000), "T - " + strings.Repeat("A B & ", 100_000)} {
		read(t, "p", []byte("BEGIN:VCALENDAR\nPRODID:-//Sched.com X//EN\nBEGIN:VEVENT\nUID:1\nSUMMARY:T"+title+"\nDESCRIPTION:Speaker: "+title+"\nLOCATION:"+title+"\nEND:VEVENT\nEND:VCALENDAR\n"))
	}
}

// TestManyCopies: sessions with one id, all different, are all there.
func TestManyCopies(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"sessions":[`)
	for i := range 5000 {
		fmt.Fprintf(&b, `{"id":"x","title":"T%d"},`, i)
	}
	b.WriteString(`{"id":"x#2","title":"sly"}]}`)
	p, _ := read(t, "p", []byte(b.String()))
	if len(p.Sessions) != 5001 {
		t.Errorf("%d sessions", len(p.Sessions))
	}
}

// TestEncodings: the same programme in other encodings is the same programme.
func TestEncodings(t *testing.T) {
	data, err := os.ReadFile("testdata/old_frab.json")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "Sterne", "Störche", 1)
	utf16 := func(order [2]int, mark bool) []byte {
		var b []byte
		if mark {
			text = "\ufeff" + text
			defer func() { text = strings.TrimPrefix(text, "\ufeff") }()
		}
		for _, c := range text {
			unit := [2]byte{byte(c), byte(c >> 8)}
			b = append(b, unit[order[0]], unit[order[1]])
		}
		return b
	}
	want, _ := read(t, "p", []byte(text))
	for name, data := range map[string][]byte{
		"UTF-8 with a mark":  []byte("\ufeff" + text),
		"UTF-16LE":           utf16([2]int{0, 1}, true),
		"UTF-16BE":           utf16([2]int{1, 0}, true),
		"UTF-16LE, unmarked": utf16([2]int{0, 1}, false),
		"UTF-16BE, unmarked": utf16([2]int{1, 0}, false),
		"Latin-1":            bytes.ReplaceAll([]byte(text), []byte("ö"), []byte{0xf6}),
	} {
		t.Run(name, func(t *testing.T) {
			if f := schedule.Detect(data); f != schedule.FrabJSON {
				t.Errorf("detected %q", f)
			}
			p, ds := read(t, "p", data)
			if len(p.Sessions) != len(want.Sessions) || p.Sessions[0].Title != "Störche" {
				t.Errorf("%q, want %q", p.Sessions[0].Title, want.Sessions[0].Title)
			}
			warned := false
			for _, d := range ds {
				warned = warned || d.Rule == "programme-encoding" && d.Line == 3
			}
			if warned != (name == "Latin-1") {
				t.Errorf("findings %v", ds)
			}
		})
	}
}

// TestLineEnds: a calendar may end its lines as it likes, and fold within a
// letter.
func TestLineEnds(t *testing.T) {
	data, err := os.ReadFile("testdata/odd.ics")
	if err != nil {
		t.Fatal(err)
	}
	lf := bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	a, _ := read(t, "p", lf)
	b, _ := read(t, "p", bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n")))
	if changes := schedule.Diff(a, b); len(changes) != 0 {
		t.Errorf("with CRLF it is another one: %v", changes)
	}
	folded := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Gr\xc3\r\n \xbc\xc3\x9fe\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT\r\nEND:VCALENDAR"
	if p, _ := read(t, "p", []byte(folded)); p.Sessions[0].Title != "Grüße" {
		t.Errorf("%q", p.Sessions[0].Title)
	}
}

// TestTruncated: no beginning of a programme is taken for the whole of it, and
// none does harm.
func TestTruncated(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".golden.json") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			continue // a folder of fuzzing
		}
		data = bytes.TrimSpace(data)
		for n := 0; n < len(data); n += 1 + len(data)/200 {
			if _, _, err := schedule.Read("p", data[:n], schedule.Options{}); err == nil {
				t.Errorf("the first %d of %d bytes of %s are taken for a programme", n, len(data), file)
			}
		}
	}
}
