package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// hugo is the configuration of a project of Hugo's shape.
func hugo() *config.Config {
	return &config.Config{
		Title: "Conf", BaseURL: "https://conf.example.org/repo/", Hugo: true,
		ContentDir: "content", StaticDirs: []string{"static"},
		CapitalizeListTitles: true, TitleCaseStyle: "ap",
		Taxonomies: []config.Taxonomy{{Singular: "category", Plural: "categories"}, {Singular: "tag", Plural: "tags"}},
	}
}

func plain() *config.Config {
	c := hugo()
	c.Hugo, c.ContentDir, c.StaticDirs = false, ".", nil
	return c
}

// one makes a note; edit changes it.
func one(path string, edit ...func(*note.Note)) *note.Note {
	name := strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".md")
	n := &note.Note{Path: path, Readable: true, Title: "Title of " + name}
	for _, e := range edit {
		e(n)
	}
	return n
}

func links(kind note.LinkKind, dests ...string) func(*note.Note) {
	return func(n *note.Note) {
		for _, d := range dests {
			n.Links = append(n.Links, note.Link{Kind: kind, Dest: d, Line: 3 + len(n.Links), Col: 1})
		}
	}
}

func tags(names ...string) func(*note.Note) {
	return func(n *note.Note) { n.Front.Taxonomies = map[string][]string{"tags": names} }
}

func weight(w int) func(*note.Note) { return func(n *note.Note) { n.Front.Weight = w } }

func private(n *note.Note) { n.Front.Visibility = note.Private }

func build(cfg *config.Config, files []string, notes ...*note.Note) *site.Site {
	slices.SortFunc(notes, func(a, b *note.Note) int { return strings.Compare(a.Path, b.Path) })
	slices.Sort(files)
	return site.Build(site.Input{Config: cfg, Notes: notes, Files: files, Now: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)})
}

func urls(pages []*site.Page) string {
	var out []string
	for _, p := range pages {
		if !p.Kind.Special() { // they have tests of their own
			out = append(out, p.URL)
		}
	}
	return strings.Join(out, " ")
}

func rules(s *site.Site) string {
	var out []string
	for _, d := range s.Diags {
		out = append(out, d.Rule)
	}
	for _, p := range s.Pages {
		for _, d := range p.Diags {
			out = append(out, d.Rule)
		}
	}
	return strings.Join(out, " ")
}

// The addresses are those that Hugo 0.145 gives to the same files.
func TestAddresses(t *testing.T) {
	front := func(f note.FrontMatter) func(*note.Note) { return func(n *note.Note) { n.Front = f } }
	for _, c := range []struct {
		path string
		edit func(*note.Note)
		url  string
	}{
		{"day0/10_abstractions.md", nil, "/day0/10_abstractions/"},
		{"My  Note!.md", nil, "/my--note/"},
		{"C++ & Go.md", nil, "/c++--go/"},
		{"Ünïcode.md", nil, "/%C3%BCn%C3%AFcode/"},
		{"a.b.md", nil, "/a.b/"},
		{"foo(bar).md", nil, "/foobar/"},
		{"100%.md", nil, "/100/"},
		{"it's.md", nil, "/its/"},
		{"x@y.md", nil, "/x@y/"},
		{"x#y.md", nil, "/x%23y/"},
		{"a - b.md", nil, "/a---b/"},
		{"-lead.md", nil, "/-lead/"},
		{"Day 1/My Note.md", nil, "/day-1/my-note/"},
		{"deep/er/est/y.md", nil, "/deep/er/est/y/"},
		{"bundle/index.md", nil, "/bundle/"},
		{"日本.md", nil, "/%E6%97%A5%E6%9C%AC/"},
		{"😀.md", nil, "/%F0%9F%98%80/"}, // Hugo puts it at "/", over the home page
		{"s/slug.md", front(note.FrontMatter{Slug: "My Slug Here"}), "/s/my-slug-here/"},
		{"s/slug3.md", front(note.FrontMatter{Slug: "Ünï  & (Co) – x—y"}), "/s/%C3%BCn%C3%AF-co-xy/"},
		{"s/slug4.md", front(note.FrontMatter{Slug: "a - b"}), "/s/a-b/"},
		{"s/slug5.md", front(note.FrontMatter{Slug: "a--b & c"}), "/s/a--b-c/"},
		{"s/url5.md", front(note.FrontMatter{URL: "/x/:year/:sections[last]/:filename/", Date: time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)}), "/x/2025/s/url5/"},
		{"s/slug2.md", front(note.FrontMatter{Slug: "a/b"}), "/s/a/b/"},
		{"s/url.md", front(note.FrontMatter{URL: "/foo/Bar Baz"}), "/foo/Bar%20Baz/"},
		{"s/url2.md", front(note.FrontMatter{URL: "rel/x/"}), "/rel/x/"},
		{"s/url3.md", front(note.FrontMatter{URL: "/file.html"}), "/file.html"},
		{"s/url4.md", front(note.FrontMatter{URL: "../../../etc/passwd"}), "/etc/passwd/"},
	} {
		n := one("content/" + c.path)
		if c.edit != nil {
			c.edit(n)
		}
		s := build(hugo(), nil, n)
		p := s.Page(n.Path)
		if p == nil {
			t.Errorf("%s: no page", c.path)
			continue
		}
		if p.URL != c.url {
			t.Errorf("%s: %s, want %s", c.path, p.URL, c.url)
		}
	}
}

func TestTermAddresses(t *testing.T) {
	s := build(hugo(), nil, one("content/a.md", tags("C++", "Go Lang", "a/b", "what's up?", "node.js", "the art of war", "<tag>", "UPPER")))
	var got []string
	for _, p := range s.Pages {
		if p.Kind == site.Term {
			got = append(got, p.URL+" "+p.Title)
		}
	}
	want := []string{
		"/tags/a/b/ A/B", "/tags/c++/ C++", "/tags/go-lang/ Go Lang", "/tags/node.js/ Node.js", "/tags/tag/ <Tag>",
		"/tags/the-art-of-war/ The Art of War", "/tags/upper/ UPPER", "/tags/whats-up/ What's Up?",
	}
	if !slices.Equal(got, want) {
		t.Errorf("terms:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTwoSpellingsAreOneTerm(t *testing.T) {
	s := build(hugo(), nil, one("content/a.md", tags("Go", "go")), one("content/b.md", tags("go")), one("content/c.md", tags("Go"), func(n *note.Note) { n.Front.Hidden = true }))
	list := s.Taxonomies[1]
	if len(list.Members) != 1 || list.Members[0].LinkTitle != "go" || urls(list.Members[0].Members) != "/a/ /b/" {
		t.Errorf("terms: %v", urls(list.Members))
	}
}

func TestReadingOrder(t *testing.T) {
	at := func(h int) func(*note.Note) {
		return func(n *note.Note) { n.Front.Start = time.Date(2026, 1, 1, h, 0, 0, 0, time.UTC) }
	}
	s := build(hugo(), nil,
		one("content/_index.md"),
		one("content/day2/_index.md", weight(2)),
		one("content/day1/_index.md", weight(1)),
		one("content/day1/zz.md", weight(1)),
		one("content/day1/10_b.md"), one("content/day1/9_a.md"),
		one("content/day1/late.md", at(15)), one("content/day1/early.md", at(9)),
		one("content/day1/talk10.md"), one("content/day1/talk2.md"),
		one("content/day1/hidden.md", func(n *note.Note) { n.Front.Hidden = true }),
		one("content/day2/x.md"),
		one("content/venue.md", weight(3)), one("content/about.md"), one("content/before.md", weight(-1)),
	)
	var chain []*site.Page
	for p := s.Home; p != nil; p = p.Next {
		chain = append(chain, p)
		if p.Next != nil && p.Next.Prev != p {
			t.Errorf("%s: Prev does not mirror Next", p.Next.URL)
		}
	}
	want := "/ /before/ /day1/ /day1/zz/ /day1/9_a/ /day1/10_b/ /day1/early/ /day1/late/ /day1/talk2/ /day1/talk10/ /day2/ /day2/x/ /venue/ /about/"
	if got := urls(chain); got != want {
		t.Errorf("order %s\n want %s", got, want)
	}
}

func TestPlainFolder(t *testing.T) {
	s := build(plain(), []string{"Makefile", "day1/pic.png", "notes.txt"},
		one("README.md"), one("day1/README.md"), one("day1/03_service-mesh.md", links(note.Image, "pic.png")), one("day2/a.md"))
	if got, want := urls(s.Pages), "/ /categories/ /day1/ /day1/03_service-mesh/ /day2/ /day2/a/ /tags/"; got != want {
		t.Errorf("pages %s, want %s", got, want)
	}
	if s.Home.Note == nil || s.Home.Sections[0].Note == nil || s.Home.Sections[1].Title != "Day 2" {
		t.Errorf("README.md is not its folder's page, or a folder without one has no readable title: %v", urls(s.Home.Sections))
	}
	// A plain folder may hold anything: only what a note uses is published.
	if len(s.Files) != 1 || s.Files[0].OutPath != "day1/pic.png" {
		t.Errorf("files: %v", s.Files)
	}
}

func TestSameAddressTwice(t *testing.T) {
	s := build(hugo(), nil, one("content/a b.md"), one("content/a-b.md"))
	if rules(s) != "url-duplicate" || !strings.Contains(s.Diags[0].Message, "content/a b.md") || s.Page("content/a-b.md") != nil {
		t.Errorf("%+v", s.Diags)
	}
}

func TestNoteBesideFolderOfItsName(t *testing.T) {
	s := build(hugo(), nil, one("content/talks.md"), one("content/talks/x.md"))
	if p := s.Page("content/talks.md"); p == nil || p.Kind != site.Section || urls(p.Notes) != "/talks/x/" {
		t.Error("the note is not the text of the folder's section")
	}
}

func TestOwnFilesWin(t *testing.T) {
	s := build(hugo(), []string{"static/index.xml", "static/day1/index.html", "content/pic.png", "static/pic.png"}, one("content/day1/x.md"))
	var got []string
	for _, f := range s.Files {
		got = append(got, f.Path)
	}
	if want := []string{"static/day1/index.html", "static/index.xml", "static/pic.png"}; !slices.Equal(got, want) {
		t.Errorf("files %v, want %v (%v)", got, want, s.Diags)
	}
}

func TestLinks(t *testing.T) {
	heading := func(n *note.Note) {
		n.Headings, n.Anchors = []note.Heading{{Level: 2, ID: "demo"}, {Level: 2, ID: "qa"}}, []string{"fn:1"}
	}
	for _, c := range []struct {
		from, dest string
		kind       note.LinkKind
		want, rule string
	}{
		// as Hugo serves them
		{"day0/10_x", "../05_y", note.Anchor, "/day0/05_y/", ""},
		{"day0/10_x", "../05_y/", note.Anchor, "/day0/05_y/", ""},
		{"day0/_index", "./05_y", note.Anchor, "/day0/05_y/", ""},
		{"day0/10_x", "/day0/", note.Anchor, "/day0/", ""},
		{"day0/10_x", "/repo/day0/", note.Anchor, "/day0/", ""},
		{"day0/10_x", "../../day1/", note.Anchor, "/day1/", ""},
		{"day0/10_x", "/day0/05_y/index.html?a=b#demo", note.Anchor, "/day0/05_y/?a=b#demo", ""},
		{"day0/10_x", "../old", note.Anchor, "/day0/05_y/", ""},
		// as files
		{"day0/10_x", "./05_y.md", note.Anchor, "/day0/05_y/", ""},
		{"day0/10_x", "05_y.md#demo", note.Anchor, "/day0/05_y/#demo", ""},
		{"day0/10_x", "../day1/02_z.md", note.Anchor, "/day1/02_z/", ""},
		{"day0/10_x", "../day1/", note.Anchor, "/day1/", ""},
		{"day0/10_x", "./_img/pic%20a.png", note.Image, "/day0/_img/pic%20a.png", ""},
		{"day0/10_x", "/logo.svg", note.Image, "/logo.svg", ""},
		// fragments
		{"day0/05_y", "#demo", note.Anchor, "#demo", ""},
		{"day0/05_y", "#fn:1", note.Anchor, "#fn:1", ""},
		{"day0/10_x", "../05_y#dmeo", note.Anchor, "/day0/05_y/#dmeo", "link-fragment"},
		// ref
		{"day0/10_x", "05_y", note.Ref, "/day0/05_y/", ""},
		{"day0/10_x", "day1/02_z.md", note.Ref, "/day1/02_z/", ""},
		{"day0/10_x", "/day1/02_z", note.Ref, "/day1/02_z/", ""},
		{"day0/10_x", "02_z", note.Ref, "/day1/02_z/", ""},
		{"day0/10_x", "pic.png", note.Ref, "pic.png", "link-missing"},
		// what is generated
		{"day0/10_x", "/index.xml", note.Anchor, "/index.xml", ""},
		{"day0/10_x", "../index.xml", note.Anchor, "/day0/index.xml", ""},
		{"day0/10_x", "index.xml", note.Anchor, "index.xml", "link-missing"},
		{"day0/10_x", "/sitemap.xml", note.Anchor, "/sitemap.xml", ""},
		// nothing
		{"day0/10_x", "../05_z", note.Anchor, "../05_z", "link-missing"},
		{"day0/10_x", "", note.Anchor, "", "link-missing"},
		{"day0/10_x", "./_img/pik.png", note.Image, "./_img/pik.png", "image-missing"},
		{"day0/10_x", "../05_y", note.Image, "../05_y", "image-missing"},
		{"day0/10_x", "../../../../etc/passwd.png", note.Image, "../../../../etc/passwd.png", "image-missing"},
		{"day0/10_x", "a%00b", note.Anchor, "a%00b", "link-missing"},
	} {
		from := "content/" + c.from + ".md"
		notes := []*note.Note{
			one("content/day0/_index.md"), one("content/day0/10_x.md"),
			one("content/day0/05_y.md", heading, func(n *note.Note) { n.Front.Aliases = []string{"old"} }),
			one("content/day1/02_z.md"),
		}
		for _, n := range notes {
			if n.Path == from {
				links(c.kind, c.dest)(n)
			}
		}
		s := build(hugo(), []string{"content/day0/_img/pic a.png", "static/logo.svg"}, notes...)
		if got := s.Page(from).Links[0].URL; got != c.want || rules(s) != c.rule {
			t.Errorf("%s → %q: %q %q, want %q %q", c.from, c.dest, got, rules(s), c.want, c.rule)
		}
	}
}

func TestLinkThatIsTwoThings(t *testing.T) {
	// As an address ../x from /a/b/ is /a/x/, as a file beside a/b.md it is x.md.
	s := build(hugo(), nil, one("content/a/b.md", links(note.Anchor, "../x")), one("content/a/x.md"), one("content/x.md"))
	if got := s.Page("content/a/b.md").Links[0].URL; got != "/a/x/" || rules(s) != "link-ambiguous" {
		t.Errorf("%s %s", got, rules(s))
	}
}

func TestHints(t *testing.T) {
	for dest, hint := range map[string]string{
		"../05_y":     `did you mean "./05_y"?`, // the wrong depth, from a section
		"./05_yy":     `did you mean "./05_y"?`,
		"./06_z":      `did you mean "../day1/06_z"?`,
		"./nothing-x": "",
	} {
		s := build(hugo(), nil, one("content/day0/_index.md", links(note.Anchor, dest)), one("content/day0/05_y.md"), one("content/day1/06_z.md"))
		if d := s.Page("content/day0/_index.md").Diags; len(d) != 1 || d[0].Hint != hint || d[0].Line != 3 {
			t.Errorf("%s: %+v, want hint %s", dest, d, hint)
		}
	}
}

func TestPrivate(t *testing.T) {
	s := build(hugo(), []string{"content/_img/both.png", "content/_img/secret.png", "content/day9/pic.png"},
		one("content/open.md", links(note.Image, "_img/both.png"), links(note.Anchor, "../secret", "secret.md", "../day9/talk", "day9/pic.png"), links(note.Ref, "secret", "day9/talk")),
		one("content/secret.md", private, tags("hush"), links(note.Image, "_img/both.png", "_img/secret.png")),
		one("content/day9/_index.md", private), one("content/day9/talk.md", tags("hush"), links(note.Image, "pic.png")),
	)
	if got, want := urls(s.Pages), "/ /categories/ /open/ /tags/"; got != want {
		t.Errorf("pages %s, want %s", got, want)
	}
	if len(s.Files) != 1 || s.Files[0].OutPath != "_img/both.png" {
		t.Errorf("files: %v", len(s.Files))
	}
	for i, l := range s.Page("content/open.md").Links[1:] {
		if l.Kind != site.TargetWithheld || l.URL != "" {
			t.Errorf("link %d: %+v", i+1, l)
		}
	}
	if rules(s) != "" {
		t.Errorf("findings that name what is private: %s", rules(s))
	}
}

func TestUnreadableIndexThatMayBePrivate(t *testing.T) {
	broken := func(suspect bool) func(*note.Note) {
		return func(n *note.Note) { n.Readable, n.Suspect = false, suspect }
	}
	s := build(hugo(), nil, one("content/a/_index.md", broken(true)), one("content/a/x.md"), one("content/b/_index.md", broken(false)), one("content/b/y.md"))
	if got, want := urls(s.Pages), "/ /b/ /b/y/ /categories/ /tags/"; got != want {
		t.Errorf("pages %s, want %s", got, want)
	}
	if len(s.Unreadable) != 2 {
		t.Errorf("unreadable: %d", len(s.Unreadable))
	}
}

func TestTime(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 5, d, 0, 0, 0, 0, time.UTC) }
	notes := func() []*note.Note {
		return []*note.Note{
			one("content/later.md", func(n *note.Note) { n.Front.PublishDate = day(3) }),
			one("content/gone.md", func(n *note.Note) { n.Front.ExpiryDate = day(2) }),
			one("content/dated.md", func(n *note.Note) { n.Front.Date = day(4) }),
			one("content/draft.md", func(n *note.Note) { n.Front.Draft = true }, links(note.Anchor, "later.md")),
		}
	}
	for _, c := range []struct {
		now    time.Time
		drafts bool
		pages  string
		next   time.Time
	}{
		{day(1), false, "/gone/", day(2)},
		{day(2), false, "", day(3)},
		{day(3), true, "/draft/ /later/", day(4)},
		{day(9), false, "/dated/ /later/", time.Time{}},
	} {
		n := notes()
		slices.SortFunc(n, func(a, b *note.Note) int { return strings.Compare(a.Path, b.Path) })
		s := site.Build(site.Input{Config: hugo(), Notes: n, Now: c.now, Drafts: c.drafts})
		var got []*site.Page
		for _, p := range s.Pages {
			if p.Kind == site.Single {
				got = append(got, p)
			}
		}
		if urls(got) != c.pages || !s.Next.Equal(c.next) {
			t.Errorf("at %s: %s next %s, want %s next %s", c.now, urls(got), s.Next, c.pages, c.next)
		}
	}
}

func TestAliases(t *testing.T) {
	s := build(hugo(), nil, one("content/al/a.md", func(n *note.Note) {
		n.Front.Aliases = []string{"/old/one/", "two", "../three/", "/x/y.html", "Four Five", "/al/b/", "../../../../up"}
	}), one("content/al/b.md"))
	var got []string
	for _, r := range s.Redirects {
		got = append(got, r.OutPath)
	}
	want := []string{"al/Four Five/index.html", "al/two/index.html", "old/one/index.html", "three/index.html", "up/index.html", "x/y.html"}
	if !slices.Equal(got, want) || rules(s) != "alias-duplicate" {
		t.Errorf("%v, want %v; %s", got, want, rules(s))
	}
}

func TestPermalinks(t *testing.T) {
	c := hugo()
	c.Permalinks = map[string]string{"posts": "/:year/:month/:slug/"}
	s := build(c, nil, one("content/posts/a.md", func(n *note.Note) {
		n.Title, n.Front.Date = "Hello World", time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	}))
	if got := s.Page("content/posts/a.md").URL; got != "/2025/03/hello-world/" {
		t.Error(got)
	}
}

// Build must not depend on the order of maps: hundreds of clashes and terms
// give one model, time and again.
func TestBuildIsDeterministic(t *testing.T) {
	model := func() string {
		var notes []*note.Note
		for i := range 60 {
			notes = append(notes, one(fmt.Sprintf("content/d%d/%02d note.md", i%7, i), tags(fmt.Sprint("T", i%5), fmt.Sprint("t", i%9)), links(note.Anchor, "../nowhere", "./01-note")))
		}
		s := build(hugo(), []string{"static/a", "content/d1/x.png", "static/tags/index.html"}, notes...)
		out := urls(s.Pages) + rules(s)
		for _, p := range s.Pages {
			out += fmt.Sprint(p.Links, p.Diags, urls(p.Members), urls(p.Terms), p.Title, p.LinkTitle)
		}
		return out
	}
	first := model()
	for range 20 {
		if model() != first {
			t.Fatal("two builds differ")
		}
	}
}

func TestTextsOfTerms(t *testing.T) {
	c := hugo()
	c.Taxonomies = append(c.Taxonomies, config.Taxonomy{Singular: "speaker", Plural: "speakers"})
	s := build(c, nil,
		one("content/a.md", func(n *note.Note) { n.Front.Taxonomies = map[string][]string{"speakers": {"Ann Lee"}} }),
		one("content/speakers/ann-lee.md"), one("content/speakers/bo.md"), one("content/speakers/carl/_index.md"),
		one("content/tags/_index.md"),
	)
	var got []string
	for _, p := range s.Pages {
		if strings.HasPrefix(p.URL, "/speakers/") {
			got = append(got, p.Kind.String()+" "+p.URL+" "+p.Title)
		}
	}
	want := []string{
		"taxonomy /speakers/ Speakers", "term /speakers/ann-lee/ Title of ann-lee",
		"page /speakers/bo/ Title of bo", "term /speakers/carl/ Title of _index",
	}
	if !slices.Equal(got, want) || rules(s) != "" {
		t.Errorf("%q, want %q; %s", got, want, rules(s))
	}
}

func TestLanguagesInNames(t *testing.T) {
	c := hugo()
	c.LanguageKey, c.DisabledLanguages = "en", []string{"de"}
	s := build(c, []string{"content/only-german.png"},
		one("content/_index.en.md"), one("content/day1/_index.en.md"), one("content/day1/x.en.md"), one("content/day1/y.fr.md"),
		one("content/day1/02_my-talk.en.md", func(n *note.Note) { n.Title, n.TitleSource = "My talk.en", note.TitleFromName }),
		one("content/day1/x.de.md", links(note.Image, "../only-german.png")),
	)
	if p := s.Page("content/day1/02_my-talk.en.md"); p.Title != "My talk" || p.LinkTitle != "My talk" {
		t.Errorf("titles %q, %q with the language's key in the name", p.Title, p.LinkTitle)
	}
	if got, want := urls(s.Pages), "/ /categories/ /day1/ /day1/02_my-talk/ /day1/x/ /day1/y.fr/ /tags/"; got != want || s.Home.Note == nil {
		t.Errorf("pages %s, want %s", got, want)
	}
}

func TestDraftBundleKeepsItsFiles(t *testing.T) {
	s := build(hugo(), []string{"content/b/talk.pdf", "static/img/s.png", "static/img/t.png"},
		one("content/b/index.md", func(n *note.Note) { n.Front.Draft = true }),
		one("content/p.md", private, links(note.Image, "/img/s.png"), func(n *note.Note) { n.Mentions = []string{"talk.pdf"} }))
	if len(s.Files) != 1 || s.Files[0].OutPath != "img/t.png" {
		t.Errorf("files: %v", s.Files)
	}
}

func TestHeadlessAndUnlistedByBuild(t *testing.T) {
	params := func(m map[string]any) func(*note.Note) { return func(n *note.Note) { n.Front.Params = m } }
	s := build(hugo(), nil,
		one("content/a.md", params(map[string]any{"build": map[string]any{"render": "never"}})),
		one("content/b/index.md", params(map[string]any{"headless": true})),
		one("content/c.md", params(map[string]any{"_build": map[string]any{"list": "never"}})),
		one("content/d.md", tags("only-hidden"), func(n *note.Note) { n.Front.Hidden = true }),
	)
	if got, want := urls(s.Pages), "/ /c/ /categories/ /d/ /tags/ /tags/only-hidden/"; got != want {
		t.Errorf("pages %s, want %s", got, want)
	}
	if !s.Page("content/c.md").Unlisted || len(s.Taxonomies[1].Members) != 0 {
		t.Error("what is hidden or unlisted is in a list")
	}
	if rules(s) != "unpublished" || s.Diags[0].Message != "notes that are not published now: 2 as not to be rendered" {
		t.Errorf("%+v", s.Diags)
	}
}

func TestBundles(t *testing.T) {
	s := build(hugo(), nil,
		one("content/b/index.md"), one("content/b/sub/index.md"), one("content/b/more.md"),
		one("content/dup/_index.md"), one("content/dup/index.md"), one("content/dup/o.md"))
	if got, want := urls(s.Pages), "/ /b/ /categories/ /dup/ /dup/index/ /dup/o/ /tags/"; got != want || s.Page("content/b/index.md") == nil {
		t.Errorf("pages %s, want %s", got, want)
	}
}

func TestTooManyTerms(t *testing.T) {
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprint("t", i))
	}
	s := build(hugo(), nil, one("content/a.md", tags(many...)))
	if n := len(s.Taxonomies[1].Members); n != 100 || rules(s) != "terms-many" {
		t.Errorf("%d terms, %s", n, rules(s))
	}
}

// A title from a file's name is the note's own, whatever the name is like; that
// of a folder reads as people count their days.
func TestTitlesFromNames(t *testing.T) {
	fromName := func(title string) func(*note.Note) {
		return func(n *note.Note) { n.Title, n.TitleSource = title, note.TitleFromName }
	}
	s := build(hugo(), nil, one("content/day2/2026-10-09-oauth2.md", fromName("2026-10-09 oauth2")), one("content/2026-10-09/x.md"))
	if got := s.Page("content/day2/2026-10-09-oauth2.md").Title; got != "2026-10-09 oauth2" {
		t.Errorf("note: %q", got)
	}
	if a, b := s.Home.Sections[0].Title, s.Home.Sections[1].Title; a != "Day 2" || b != "2026-10-09" {
		t.Errorf("sections: %q, %q", a, b)
	}
}
