package page

import (
	"bytes"
	"compress/gzip"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

var update = flag.Bool("update", false, "write the golden pages again")

// TestGolden compares every file of the small site with what a person has
// looked at. Names of assets are made stable first: they change with the theme.
func TestGolden(t *testing.T) {
	r := New(testConfig(), Options{})
	got := rendered(t, r.Pass(smallSite(testConfig())))
	var stable []string
	for id := range assetCount {
		stable = append(stable, r.assets[id].path, assetFolder+assetName(id))
	}
	names := strings.NewReplacer(stable...)
	dir := filepath.Join("testdata", "golden")
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for path, body := range got {
		body = breakLines(names.Replace(body))
		file := filepath.Join(dir, filepath.FromSlash(path))
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v (run with -update, then read what changed)", err)
		}
		if body != string(want) {
			t.Errorf("%s differs from its golden file at %s", path, firstDifference(body, string(want)))
		}
	}
	if err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		path, err := filepath.Rel(dir, file)
		if _, ok := got[filepath.ToSlash(path)]; !ok {
			t.Errorf("%s is no longer made", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// breakLines puts each element on a line of its own, for a person's eyes, and
// shows the carriage returns, which git may not keep.
func breakLines(s string) string {
	return strings.NewReplacer("><", ">\n<", "\r", "␍").Replace(s)
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "line " + strconv.Itoa(i+1) + ":\ngot  " + g[i] + "\nwant " + w[i]
		}
	}
	return "its length"
}

// TestSameBytes renders a site from many goroutines at once, and again from
// one, and again with a new renderer.
func TestSameBytes(t *testing.T) {
	cfg := testConfig()
	want := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	r := New(cfg, Options{})
	for range 3 {
		p := r.Pass(smallSite(cfg))
		var wg sync.WaitGroup
		for _, o := range p.Outputs() {
			for range 2 {
				wg.Go(func() {
					p.Key(o)
					if got := string(p.Render(o).AppendTo(nil)); got != want[o.Path] {
						t.Errorf("%s differs between two renderings", o.Path)
					}
				})
			}
		}
		wg.Wait()
	}
}

// TestBoundedPages compares a note's page in a small and in a big site.
func TestBoundedPages(t *testing.T) {
	size := func(sections, notes int) (int, int) {
		cfg := testConfig()
		s := bigSite(cfg, sections, notes)
		p := New(cfg, Options{}).Pass(s)
		pg := s.Home.Sections[sections/2].Notes[notes/2]
		body := p.Render(Output{Path: pg.OutPath, Page: pg}).Bytes()
		if !strings.Contains(string(body), `<a aria-current="page" href="../../`+pg.URL[1:]+`">`) {
			t.Errorf("%d sections of %d notes: the menu does not mark the page's own line", sections, notes)
		}
		sec := p.Render(Output{Path: pg.Parent.OutPath, Page: pg.Parent})
		return len(body), sec.Len()
	}
	small, smallSection := size(10, 10)
	if many, section := size(2000, 10); many > small+2500 || section > smallSection+2500 {
		t.Errorf("in a site of 2000 sections a note has %d bytes and a section %d, in one of 10 %d and %d",
			many, section, small, smallSection)
	}
	if long, _ := size(10, 2000); long > small+noteBlock*130 {
		t.Errorf("in a section of 2000 notes a page has %d bytes, in one of 10 %d", long, small)
	}
}

// TestOwnBytes holds a note's page to what it may cost in memory besides its
// text and its menu, which are shared.
func TestOwnBytes(t *testing.T) {
	cfg := testConfig()
	s := bigSite(cfg, 20, 20)
	p := New(cfg, Options{}).Pass(s)
	pg := s.Home.Sections[3].Notes[3]
	sh := p.r.sheets.get()
	p.writeHTML(sh, Output{Path: pg.OutPath, Page: pg})
	if len(sh.own) > 4<<10 {
		t.Errorf("a note's page has %d bytes of its own", len(sh.own))
	}
	if len(sh.parts) > 4 {
		t.Errorf("a note without links has %d shared parts", len(sh.parts))
	}
}

// TestWeight holds what a reader loads with the first note, packed as a server
// sends it, to the size of a small picture.
func TestWeight(t *testing.T) {
	cfg := testConfig()
	p := New(cfg, Options{}).Pass(bigSite(cfg, 20, 20))
	pg := p.site.Home.Sections[3].Notes[3]
	page := packed(t, p.Render(Output{Path: pg.OutPath, Page: pg}).Bytes())
	css, js := packed(t, p.r.assets[themeCSS].data()), packed(t, p.r.assets[themeJS].data())
	if css > 8<<10 || page+css+js > 20<<10 {
		t.Errorf("packed, the page has %d bytes, its style %d, its script %d", page, css, js)
	}
}

func packed(t *testing.T, b []byte) int {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Len()
}

func TestRel(t *testing.T) {
	for _, c := range []struct {
		depth     int
		url, want string
	}{
		{0, "/", "./"},
		{0, "/a:b/", "./a:b/"},
		{0, "/day1/x/#top", "./day1/x/#top"},
		{1, "/", "../"},
		{2, "/day1/x/?a=1&b=2#c", "../../day1/x/?a=1&b=2#c"},
		{2, "/day%201/%C3%BC/", "../../day%201/%C3%BC/"},
		{2, "#self", "#self"},
		{2, "", ""},
		{1, "//host/x", "//host/x"},
		{1, "https://host/x", "https://host/x"},
		{1, "../x", "../x"},
		{30, "/x", strings.Repeat("../", 30) + "x"},
	} {
		if got := rel(rootFrom(c.depth), c.url); got != c.want {
			t.Errorf("rel from depth %d to %q: got %q, want %q", c.depth, c.url, got, c.want)
		}
	}
}

// TestHoles shows what each kind of target leaves in the text.
func TestHoles(t *testing.T) {
	links := []note.Link{{Attrs: ` class="x" alt="A"`, Alt: "A < B"}}
	for _, c := range []struct {
		kind   note.HoleKind
		target site.Target
		want   string
	}{
		{note.LinkOpen, site.Target{Kind: site.TargetPage, URL: "/x/?a&b"}, `<a href="../x/?a&amp;b" class="x" alt="A">`},
		{note.LinkClose, site.Target{Kind: site.TargetPage, URL: "/x/"}, `</a>`},
		{note.LinkOpen, site.Target{Kind: site.TargetSelf, URL: "#a"}, `<a href="#a" class="x" alt="A">`},
		{note.LinkOpen, site.Target{Kind: site.TargetBroken, URL: `/gone"<`}, `<a href="/gone&#34;&lt;" class="x" alt="A" data-broken>`},
		{note.LinkOpen, site.Target{Kind: site.TargetWithheld, URL: "/secret/"}, ``},
		{note.LinkClose, site.Target{Kind: site.TargetWithheld, URL: "/secret/"}, ``},
		{note.ImageTag, site.Target{Kind: site.TargetFile, URL: "/i.png"}, `<img src="../i.png" class="x" alt="A" decoding="async">`},
		{note.ImageTag, site.Target{Kind: site.TargetWithheld, URL: "/i.png"}, `A &lt; B`},
		{note.URLOnly, site.Target{Kind: site.TargetFile, URL: "/f.pdf"}, `../f.pdf`},
		{note.URLOnly, site.Target{Kind: site.TargetWithheld, URL: "/f.pdf"}, ``},
	} {
		n := &note.Note{
			Body:  note.Fragment{HTML: []byte("()"), Holes: []note.Hole{{Pos: 1, Kind: c.kind}}},
			Links: links,
		}
		s := new(sheets).get()
		appendNote(s, n, []site.Target{c.target}, "../", nil)
		if got := string(s.body().Bytes()); got != "("+c.want+")" {
			t.Errorf("hole %d to %+v: got %s, want (%s)", c.kind, c.target, got, c.want)
		}
	}
}

// TestUnlisted looks for the unlisted note in every file but its own page.
func TestUnlisted(t *testing.T) {
	cfg := testConfig()
	for path, body := range rendered(t, New(cfg, Options{}).Pass(smallSite(cfg))) {
		own := path == "day2/secret/index.html"
		if strings.Contains(body, "Backstage") != own {
			t.Errorf("%s: names the unlisted note: %v", path, !own)
		}
		if own && (!strings.Contains(body, `name="robots" content="noindex"`) || strings.Contains(body, "canonical")) {
			t.Error("the unlisted page invites search engines")
		}
		if strings.Contains(body, "Attic") && !strings.HasPrefix(path, "day2/hidden/") && path != "index.xml" {
			t.Errorf("%s names the hidden note", path)
		}
	}
}

// TestOutputs turns kinds and formats off.
func TestOutputs(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*config.Config)
		gone   []string
		kept   []string
	}{
		{"nothing", func(*config.Config) {}, nil, []string{"404.html", "sitemap.xml", "robots.txt", "index.xml", "day1/index.xml", "tags/index.xml", "tags/go/index.xml", "old/opening.html"}},
		{"kinds", func(c *config.Config) { c.DisableKinds = []string{"404", "Sitemap", "robotstxt", "rss"} }, []string{"404.html", "sitemap.xml", "robots.txt", "index.xml", "day1/index.xml"}, []string{"index.html"}},
		{"formats", func(c *config.Config) { c.Outputs = map[string][]string{"section": {"html"}, "term": {"rss"}} }, []string{"day1/index.xml", "tags/go/index.html"}, []string{"index.xml", "tags/go/index.xml", "day1/index.html"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := testConfig()
			c.change(cfg)
			got := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
			for _, path := range c.gone {
				if _, ok := got[path]; ok {
					t.Errorf("%s is made", path)
				}
			}
			for _, path := range c.kept {
				if got[path] == "" {
					t.Errorf("%s is not made", path)
				}
			}
			if c.name == "formats" {
				for path, body := range got {
					if strings.Contains(body, `tags/go/"`) {
						t.Errorf("%s links to the term's page, which is not made", path)
					}
				}
			}
		})
	}
}
