package page

import (
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"lectern/internal/note"
	"lectern/internal/site"
)

// noteHTML renders the page of one note that edit has changed.
func noteHTML(t *testing.T, edit func(*site.Page)) string {
	t.Helper()
	cfg := testConfig()
	s := smallSite(cfg)
	pg := s.Home.Sections[0].Notes[0]
	pg.Note.Resources = note.Resources{}
	edit(pg)
	return rendered(t, New(cfg, Options{}).Pass(s))["day1/01_opening/index.html"]
}

func TestWatchPlate(t *testing.T) {
	local := func(kind site.TargetKind) func(*site.Page) {
		return func(pg *site.Page) {
			pg.Note.Resources.Video = "../rec.mp4"
			pg.Note.Links = append(pg.Note.Links, note.Link{Dest: "../rec.mp4"})
			pg.Links = append(pg.Links, site.Target{Kind: kind, URL: "/day1/rec.mp4"})
		}
	}
	for name, c := range map[string]struct {
		edit   func(*site.Page)
		want   string
		player bool
	}{
		"none": {func(*site.Page) {}, "", false},
		"youtube": {
			func(pg *site.Page) { pg.Note.Resources.Video = "https://youtu.be/RBMRU8rtxfI" },
			`<a class="watch" href="https://youtu.be/RBMRU8rtxfI" data-player="https://www.youtube-nocookie.com/embed/RBMRU8rtxfI">`, true,
		},
		"elsewhere": {
			func(pg *site.Page) {
				pg.Note.HasParts = false
				pg.Note.Resources.Video = "https://video.example.org/1"
			},
			"", false,
		},
		"a file of the notes": {local(site.TargetFile), `<a class="watch" href="../../day1/rec.mp4" data-player="file">`, true},
		"a file withheld":     {local(site.TargetWithheld), "", true},
		"the text has a plate": {
			func(pg *site.Page) {
				pg.Note.Resources.Video = "https://youtu.be/RBMRU8rtxfI"
				pg.Note.Links = append(pg.Note.Links, note.Link{Dest: "https://youtu.be/RBMRU8rtxfI", Attrs: ` class="plate plate-youtube"`})
			}, "", true,
		},
	} {
		body := noteHTML(t, c.edit)
		if has := strings.Contains(body, `class="watch"`); has != (c.want != "") || !strings.Contains(body, c.want) {
			t.Errorf("%s: no %s in %s", name, c.want, body)
		}
		if strings.Contains(body, "lectern/player.") != c.player {
			t.Errorf("%s: script loaded: %t", name, !c.player)
		}
	}
}

// A list leads to a file of the notes from where the list stands.
func TestRowLeadsToOwnFiles(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	o := s.Home.Sections[0].Notes[0]
	o.Note.Links = append(o.Note.Links, note.Link{Dest: "slides.pdf"})
	o.Links = append(o.Links, site.Target{Kind: site.TargetFile, URL: "/day1/01_opening/slides.pdf"})
	body := rendered(t, New(cfg, Options{}).Pass(s))["day1/index.html"]
	if want := `<a class="have" href="../day1/01_opening/slides.pdf">`; !strings.Contains(body, want) {
		t.Errorf("no %s in %s", want, body)
	}
}

// linkedData returns what the page tells machines; nil where it says nothing.
func linkedData(t *testing.T, body string) []map[string]any {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var graph []map[string]any
	for n := range doc.Descendants() {
		if n.Data != "script" || n.FirstChild == nil {
			continue
		}
		var data struct {
			Context string           `json:"@context"`
			Graph   []map[string]any `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(n.FirstChild.Data), &data); err != nil || data.Context != "https://schema.org" || graph != nil {
			t.Fatalf("%v in %s", err, n.FirstChild.Data)
		}
		graph = data.Graph
	}
	return graph
}

func TestLinkedData(t *testing.T) {
	evil := `</script><script>alert(1)</script><!-- "quoted" \`
	graph := linkedData(t, noteHTML(t, func(pg *site.Page) {
		pg.Title = evil
		pg.Note.Resources.Video = "https://vimeo.com/76979871"
	}))
	if len(graph) != 2 {
		t.Fatalf("got %v", graph)
	}
	event, video := graph[0], graph[1]
	for key, want := range map[string]string{
		"@type": "Event", "name": evil, "url": "https://camp.example.org/2025/day1/01_opening/",
		"startDate": "2025-05-20T09:00:00+02:00", "endDate": "2025-05-20T09:45:00+02:00",
	} {
		if event[key] != want {
			t.Errorf("the event's %s is %v, want %s", key, event[key], want)
		}
	}
	who, _ := event["performer"].([]any)
	if len(who) != 2 || who[0].(map[string]any)["url"] != "https://camp.example.org/2025/speakers/ada-l/" || who[1].(map[string]any)["url"] != nil {
		t.Errorf("performers %v", who)
	}
	if event["recordedIn"].(map[string]any)["@id"] != video["@id"] || video["@type"] != "VideoObject" ||
		video["embedUrl"] != "https://player.vimeo.com/video/76979871?dnt=1" || video["url"] != "https://vimeo.com/76979871" || video["contentUrl"] != nil {
		t.Errorf("video %v", video)
	}
	file := linkedData(t, noteHTML(t, func(pg *site.Page) {
		pg.Note.Front = note.FrontMatter{}
		pg.Note.Resources.Video = "rec.webm"
		pg.Note.Links = append(pg.Note.Links, note.Link{Dest: "rec.webm"})
		pg.Links = append(pg.Links, site.Target{Kind: site.TargetFile, URL: "/day1/rec.webm"})
	}))
	if len(file) != 1 || file[0]["contentUrl"] != "https://camp.example.org/2025/day1/rec.webm" {
		t.Errorf("got %v", file)
	}
}

// Where nobody may know of the page, or nobody knows its address, machines are
// told nothing.
func TestNoLinkedData(t *testing.T) {
	if got := linkedData(t, noteHTML(t, func(pg *site.Page) { pg.Unlisted = true })); got != nil {
		t.Errorf("an unlisted page tells %v", got)
	}
	cfg := testConfig()
	cfg.BaseURL = ""
	if got := linkedData(t, rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))["day1/01_opening/index.html"]); got != nil {
		t.Errorf("without an address: %v", got)
	}
}
