package page

import (
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

var update = flag.Bool("update", false, "write the golden pages again")

// TestGolden compares every file of the small site with what a person has
// looked at. Names of assets are made stable first: they change with the theme.
func TestGolden(t *testing.T) {
	r := New(testConfig())
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

// breakLines puts each element on a line of its own, for a person's eyes.
func breakLines(s string) string {
	return strings.ReplaceAll(s, "><", ">\n<")
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
	want := rendered(t, New(cfg).Pass(smallSite(cfg)))
	r := New(cfg)
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
		p := New(cfg).Pass(s)
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
	p := New(cfg).Pass(s)
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

// TestHTML reads every page as a browser would.
func TestHTML(t *testing.T) {
	cfg := testConfig()
	p := New(cfg).Pass(smallSite(cfg))
	for path, body := range rendered(t, p) {
		if !strings.HasSuffix(path, ".html") {
			continue
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		checkDocument(t, path, doc)
	}
}

func checkDocument(t *testing.T, path string, doc *html.Node) {
	t.Helper()
	ids, counts := map[string]int{}, map[string]int{}
	level := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		counts[n.Data]++
		if l := headingLevel(n.Data); l > 0 {
			if l > level+1 {
				t.Errorf("%s: <%s> follows a heading of level %d", path, n.Data, level)
			}
			level = l
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "id":
				if ids[a.Val]++; ids[a.Val] > 1 {
					t.Errorf("%s: two elements have id %q", path, a.Val)
				}
			case "style":
				t.Errorf("%s: <%s> has a style attribute", path, n.Data)
			case "href", "src":
				checkAddress(t, path, n, a.Val)
			}
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: <%s> has script in %s", path, n.Data, a.Key)
			}
		}
		if n.Data == "script" && n.FirstChild != nil || n.Data == "style" {
			t.Errorf("%s: inline <%s>", path, n.Data)
		}
		if n.Data == "nav" && attr(n, "aria-label") == "" {
			t.Errorf("%s: a nav without a name", path)
		}
	}
	if path == "old/opening.html" {
		return
	}
	for _, one := range []string{"main", "h1", "title"} {
		if counts[one] != 1 {
			t.Errorf("%s: %d times <%s>", path, counts[one], one)
		}
	}
}

// checkAddress holds all links to the rule: relative to their document, but
// for canonical ones, those that lead out, and those of 404.html.
func checkAddress(t *testing.T, path string, n *html.Node, url string) {
	t.Helper()
	switch {
	case attr(n, "rel") == "canonical":
		if !strings.HasPrefix(url, "https://camp.example.org/2025/") {
			t.Errorf("%s: canonical link %q", path, url)
		}
	case strings.HasPrefix(url, "#"), strings.HasPrefix(url, "https://git.example.org/"), strings.HasPrefix(url, "https://video.example.org/"):
	case path == "404.html":
		if !strings.HasPrefix(url, "/2025/") {
			t.Errorf("404.html: %q is not below the site's path", url)
		}
	case url == "" || strings.HasPrefix(url, "/") || strings.Contains(url, "://"):
		t.Errorf("%s: <%s> leads to %q, which is not relative to the document", path, n.Data, url)
	}
}

func headingLevel(tag string) int {
	if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
		return int(tag[1] - '0')
	}
	return 0
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// TestLinksLead follows every relative link of every page to a file that is made.
func TestLinksLead(t *testing.T) {
	cfg := testConfig()
	p := New(cfg).Pass(smallSite(cfg))
	files := rendered(t, p)
	for _, f := range p.Assets() {
		files[f.Path] = ""
	}
	for path, body := range files {
		if !strings.HasSuffix(path, ".html") || body == "" {
			continue
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, key := range []string{"href", "src", "data-frame"} {
				url := attr(n, key)
				if url == "" || strings.HasPrefix(url, "#") || strings.Contains(url, "://") ||
					attr(n, "data-broken") != "" || strings.Contains(url, "_img/") || url == "../gone" {
					continue
				}
				if to := resolve(path, url); files[to] == "" && !strings.HasPrefix(to, assetFolder) {
					t.Errorf("%s: %q leads to %s, which is not made", path, url, to)
				}
			}
		}
	}
}

// resolve returns the file that url means in the document at path.
func resolve(path, url string) string {
	url, _, _ = strings.Cut(url, "#")
	url, _, _ = strings.Cut(url, "?")
	to := url
	if strings.HasPrefix(url, "/2025/") {
		to = strings.TrimPrefix(url, "/2025/")
	} else {
		to = filepath.ToSlash(filepath.Join(filepath.Dir(path), url))
		if strings.HasSuffix(url, "/") {
			to += "/"
		}
	}
	if to == "" || to == "./" || strings.HasSuffix(to, "/") {
		to = strings.TrimPrefix(to+"index.html", "./")
	}
	return to
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
		{note.ImageTag, site.Target{Kind: site.TargetFile, URL: "/i.png"}, `<img src="../i.png" class="x" alt="A" loading="lazy" decoding="async">`},
		{note.ImageTag, site.Target{Kind: site.TargetWithheld, URL: "/i.png"}, `A &lt; B`},
		{note.URLOnly, site.Target{Kind: site.TargetFile, URL: "/f.pdf"}, `../f.pdf`},
		{note.URLOnly, site.Target{Kind: site.TargetWithheld, URL: "/f.pdf"}, ``},
	} {
		n := &note.Note{
			Body:  note.Fragment{HTML: []byte("()"), Holes: []note.Hole{{Pos: 1, Kind: c.kind}}},
			Links: links,
		}
		s := new(sheets).get()
		appendNote(s, n, []site.Target{c.target}, "../")
		if got := string(s.body().Bytes()); got != "("+c.want+")" {
			t.Errorf("hole %d to %+v: got %s, want (%s)", c.kind, c.target, got, c.want)
		}
	}
}

// TestXML reads feeds and sitemap with an XML parser, hostile titles included.
func TestXML(t *testing.T) {
	cfg := testConfig()
	cfg.Title = "A & B <C> \x01 \"q\" ]]> \xff"
	s := smallSite(cfg)
	s.Home.Sections[0].Notes[0].Title = "\x00 & <item> \uFFFF"
	for path, body := range rendered(t, New(cfg).Pass(s)) {
		if !strings.HasSuffix(path, ".xml") {
			continue
		}
		if path == "sitemap.xml" {
			checkSitemap(t, body)
			continue
		}
		var feed struct {
			Channel struct {
				Title string   `xml:"title"`
				Links []string `xml:"link"`
				Items []struct {
					Title string `xml:"title"`
					Link  string `xml:"link"`
					GUID  string `xml:"guid"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal([]byte(body), &feed); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if feed.Channel.Title == "" || len(feed.Channel.Items) == 0 && path != "day2/index.xml" {
			t.Errorf("%s: title %q, %d items", path, feed.Channel.Title, len(feed.Channel.Items))
		}
		for _, i := range feed.Channel.Items {
			if !strings.HasPrefix(i.Link, cfg.BaseURL) || i.GUID != i.Link {
				t.Errorf("%s: item %q has link %q and guid %q", path, i.Title, i.Link, i.GUID)
			}
		}
		if strings.Contains(body, "Backstage") {
			t.Errorf("%s names the unlisted note", path)
		}
	}
}

func checkSitemap(t *testing.T, body string) {
	t.Helper()
	var m struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, u := range m.URLs {
		if seen[u.Loc] || !strings.HasPrefix(u.Loc, "https://camp.example.org/2025/") {
			t.Errorf("sitemap.xml: %q twice or not below the site", u.Loc)
		}
		seen[u.Loc] = true
	}
	if !seen["https://camp.example.org/2025/day2/hidden/"] || seen["https://camp.example.org/2025/day2/secret/"] || len(seen) != 12 {
		t.Errorf("sitemap.xml has %d addresses: %v", len(seen), seen)
	}
}

// TestUnlisted looks for the unlisted note in every file but its own page.
func TestUnlisted(t *testing.T) {
	cfg := testConfig()
	for path, body := range rendered(t, New(cfg).Pass(smallSite(cfg))) {
		own := path == "day2/secret/index.html"
		if strings.Contains(body, "Backstage") != own {
			t.Errorf("%s: names the unlisted note: %v", path, !own)
		}
		if own && (!strings.Contains(body, `name="robots" content="noindex"`) || strings.Contains(body, "canonical")) {
			t.Error("the unlisted page invites search engines")
		}
		if strings.Contains(body, "Attic") && path != "day2/hidden/index.html" && path != "index.xml" {
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
			got := rendered(t, New(cfg).Pass(smallSite(cfg)))
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
