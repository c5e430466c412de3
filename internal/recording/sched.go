package recording

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"lectern/internal/diag"
)

// maxNodes bounds how much of a page is looked at.
const maxNodes = 2_000_000

// sched reads a page saved from sched.com: that of one session, or a list of
// sessions with their descriptions. Slides are the links in elements of the class
// "sched-file"; the title is the link of the class "name" before them.
func (r *reader) sched() error {
	root, err := html.Parse(bytes.NewReader(r.data))
	if err != nil {
		return r.fail(-1, "this page cannot be read: "+err.Error(), "")
	}
	p := schedPage{}
	p.walk(root)
	if len(p.talks) == 0 {
		if title := strings.Join(strings.Fields(p.title), " "); title != "" {
			return r.fail(0, fmt.Sprintf("it is a web page (%q), and none of sched.com's session pages", clip(title, 100)), knownSources)
		}
		return r.fail(0, "it is a web page, and none of sched.com's session pages", knownSources)
	}
	for _, t := range p.talks {
		rec := Recording{Title: strings.Join(strings.Fields(t.title), " "), Speakers: t.speakers, Event: p.event(), Pos: diag.Position{File: r.name}}
		for _, l := range t.links {
			switch kind := linkKind(l); {
			case kind == Video:
				rec.Video = first(rec.Video, l)
			case isLink(l):
				rec.Slides = first(rec.Slides, l)
			default:
				r.find(-1, diag.Warning, fmt.Sprintf("%q: the file's address %q is not one of the web", rec.Title, clip(l, 100)), "save the page from its own address, as “HTML only”")
			}
		}
		if rec.Slides == "" && rec.Video == "" {
			r.find(-1, diag.Info, fmt.Sprintf("%q has no slides", rec.Title), "")
			continue
		}
		if err := r.add(rec); err != nil {
			return err
		}
	}
	return nil
}

// linkKind tells recordings from other files; everything that is no video counts as slides.
func linkKind(link string) Kind {
	key := linkKey(link)
	if strings.HasPrefix(key, "youtube:") || strings.HasPrefix(key, "vimeo:") {
		return Video
	}
	return Slides
}

// schedPage is what a page tells.
type schedPage struct {
	title string
	talks []schedTalk
}

type schedTalk struct {
	title           string
	speakers, links []string
}

// event returns the conference's name, which begins the page's title.
func (p *schedPage) event() string {
	name, _, ok := strings.Cut(p.title, ": ")
	if !ok {
		return ""
	}
	return strings.Join(strings.Fields(name), " ")
}

// walk goes through the page in order, without recursion: pages may be deep.
func (p *schedPage) walk(root *html.Node) {
	steps := 0
	for n := root; n != nil && steps < maxNodes; steps++ {
		down := true
		if n.Type == html.ElementNode {
			down = p.visit(n)
		}
		if down && n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		for n != nil && n.NextSibling == nil {
			n = n.Parent
		}
		if n != nil {
			n = n.NextSibling
		}
	}
}

// visit looks at one element and reports whether to look into it.
func (p *schedPage) visit(n *html.Node) bool {
	switch {
	case n.Data == "title" && p.title == "":
		p.title = textOf(n)
	case n.Data == "a" && hasClass(n, "name") && textOf(n) != "":
		p.talks = append(p.talks, schedTalk{title: ownText(n)})
		return false
	case hasClass(n, "sched-person-session"):
		if len(p.talks) > 0 {
			if name := p.person(n); name != "" {
				t := &p.talks[len(p.talks)-1]
				t.speakers = append(t.speakers, name)
			}
		}
	case hasClass(n, "sched-file"):
		if len(p.talks) > 0 {
			t := &p.talks[len(p.talks)-1]
			t.links = append(t.links, links(n)...)
		}
		return false
	}
	return true
}

// person returns the name of a speaker: the heading in the element.
func (p *schedPage) person(n *html.Node) string {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && (c.Data == "h2" || c.Data == "h3") {
			return strings.Join(strings.Fields(textOf(c)), " ")
		}
	}
	return ""
}

// links returns where the links in n lead, as published.
func links(n *html.Node) []string {
	var out []string
	for c := range n.Descendants() {
		if c.Type != html.ElementNode || c.Data != "a" {
			continue
		}
		for _, a := range c.Attr {
			if a.Key == "href" && len(out) < 20 {
				out = append(out, strings.TrimSpace(a.Val))
			}
		}
	}
	return out
}

// ownText returns the text of n without that of elements which sched.com puts in
// the link beside the title (what time it is, how many come).
func ownText(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		return s
	}
	return textOf(n)
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && b.Len() < 10*maxTitle {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func hasClass(n *html.Node, class string) bool {
	for _, a := range n.Attr {
		if a.Key == "class" {
			for c := range strings.FieldsSeq(a.Val) {
				if c == class {
					return true
				}
			}
		}
	}
	return false
}
