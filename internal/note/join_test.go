package note

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Notes of one session become one note, in which every id stands once and what
// referred to one still does.
func TestJoin(t *testing.T) {
	p := NewParser(&Options{Hugo: true, UnsafeHTML: true, Footnote: true, AutoHeadingID: true, AutoIDType: "github", Linkify: true, AttributeBlock: true})
	ann := p.Parse("content/a.md", []byte("---\ntitle: T\nauthors: [Ann]\ntags: [go]\nroom: Hall\n---\n"+
		"## Demo\n\nSee [there](#demo) and [x](x.md).[^1]\n\n[^1]: Foot.\n\n{{% button href=\"https://youtu.be/RBMRU8rtxfI\" icon=\"video\" %}}V{{% /button %}}\n"))
	bob := p.Parse("content/b.md", []byte("---\nauthor: Bob \"B\"\ntags: [k8s, go]\nroom: Attic\ntrack: One\n---\n"+
		"## Demo\n\n### By Ann\n\nSee [there](#demo), [y](y.md).[^1] ![p](p.png) <h2 id=\"raw\">Raw</h2>\n\n[^1]: Foot.\n\n```go\nx\n```\n\n"+
		"{{% button href=\"s.pdf\" icon=\"person-chalkboard\" %}}S{{% /button %}}\n\n## People met\n\nCem, of [Acme](acme.md).\n"))
	parts := []Part{{Note: ann, Name: "Ann"}, {Note: bob, Name: `Bob "B"`}}
	before := len(ann.Links)
	n := Join(parts)
	body := string(n.Body.HTML)
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	ids, refs := map[string]int{}, []string{}
	for e := range doc.Descendants() {
		for _, a := range e.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
				if e.Data != "use" { // icons are the page's
					refs = append(refs, a.Val[1:])
				}
			}
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q stands %d times in %s", id, n, body)
		}
	}
	for _, ref := range refs {
		if ids[ref] == 0 {
			t.Errorf("#%s leads nowhere in %s", ref, body)
		}
	}
	var toc []string
	for _, h := range n.Headings {
		if ids[h.ID] == 0 {
			t.Errorf("no heading %q in %s", h.ID, body)
		}
		toc = append(toc, strings.Repeat("#", h.Level)+" "+h.ID)
	}
	if want := []string{"## by-ann", "### demo", "## by-bob-b", "### by-bob-b-demo", "#### by-bob-b-by-ann", "### by-bob-b-people-met"}; !slices.Equal(toc, want) {
		t.Errorf("contents %q", toc)
	}
	if strings.Count(body, "<h2") != 2 || strings.Count(body, "</h2>") != 2 || strings.Count(body, "</h3>") != 4 {
		t.Errorf("headings of wrong levels in %s", body)
	}
	if n.Resources.Video == "" || n.Resources.Slides != "s.pdf" || !n.HasCode || n.Words != ann.Words+bob.Words {
		t.Errorf("%+v, code %t, %d words", n.Resources, n.HasCode, n.Words)
	}
	f := n.Front
	if !reflect.DeepEqual(f.Authors, []string{"Ann", `Bob "B"`}) || f.Room != "Hall" || f.Track != "One" || !reflect.DeepEqual(f.Taxonomies["tags"], []string{"go", "k8s"}) {
		t.Errorf("%+v", f)
	}
	if parts[1].Link != before || len(n.Links) != before+len(bob.Links) {
		t.Errorf("%d links, the second text's from %d", len(n.Links), parts[1].Link)
	}
	checkHoles(t, n)
	if got := passageText(n, n.Hallway[0]); !strings.Contains(got, "Cem, of ") || n.Headings[n.Hallway[0].Heading].Text != "People met" {
		t.Errorf("hallway %q", got)
	}
	if len(ann.Headings) != 1 || len(ann.Front.Authors) != 1 || len(ann.Front.Taxonomies["tags"]) != 1 {
		t.Error("the notes themselves have changed")
	}
	clash := p.Parse("content/c.md", []byte("## By Bob B\n\n## By Bob\n"))
	twice := []Part{{Note: clash, Name: "C"}, {Note: bob, Name: "Bob B"}, {Note: bob, Name: "Bob B"}}
	Join(twice)
	if twice[1].Prefix != "by-bob-b-2n-" || twice[2].Prefix != "by-bob-b-3n-" {
		t.Errorf("prefixes %q and %q", twice[1].Prefix, twice[2].Prefix)
	}
	other := p.Parse("content/b.md", []byte("## Demo\n"))
	if m := Join([]Part{{Note: ann, Name: "Ann"}, {Note: other, Name: "Bob"}}); m.Key == n.Key || m.FactsKey == n.FactsKey || m.Key == ann.Key {
		t.Error("the keys don't see the second note")
	}
}

// checkHoles looks at what stands around the joined note's holes: links have
// their text between them.
func checkHoles(t *testing.T, n *Note) {
	t.Helper()
	var texts []string
	for i, h := range n.Body.Holes {
		if h.Kind == LinkOpen {
			end := n.Body.Holes[i+1]
			texts = append(texts, n.Links[h.Link].Dest+"="+string(n.Body.HTML[h.Pos:end.Pos]))
		}
	}
	for _, want := range []string{"x.md=x", "y.md=y", "acme.md=Acme"} {
		if !slices.Contains(texts, want) {
			t.Errorf("no link %s in %q", want, texts)
		}
	}
}

func passageText(n *Note, p Passage) string { return string(n.Body.HTML[p.From:p.To]) }

// An icon stands once in the page, whatever text shows it.
func TestRewriterKeepsIcons(t *testing.T) {
	w := Rewriter{Prefix: "n-"}
	in := `<a href="#x"><svg><use href="#icon-solid-star"></use></svg></a>`
	if got, want := string(w.Append(nil, []byte(in))), strings.Replace(in, "#x", "#n-x", 1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
