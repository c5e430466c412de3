package preview

import (
	"bytes"
	"html"
	"path"
	"slices"
	"strings"

	"lectern/internal/markdown"
	"lectern/internal/snapshot"
)

// page is what is compared of a document.
type page struct {
	title   string
	article []byte // HTML
}

// gathered are the classes of articles that only gather what others say.
var gathered = []string{"changes", "hallway", "search-page", "missing", "print", "timetable"}

// written reports whether an author wrote the article, and not only what it lists:
// a list of a speaker's sessions is a page of its own if there is a note about her.
func written(article []byte) bool {
	tag, _, _ := bytes.Cut(article, []byte(">"))
	classes := strings.Fields(attribute(tag, "class"))
	if slices.ContainsFunc(classes, func(c string) bool { return slices.Contains(gathered, c) }) {
		return false
	}
	if !slices.Contains(classes, "list") || slices.Contains(classes, "list-home") || slices.Contains(classes, "list-section") {
		return true
	}
	return bytes.Contains(article, []byte(`<div class="text">`))
}

// maxPage bounds the documents that are compared.
const maxPage = 8 << 20

// readPage returns what a file of a site says to its readers; false for one that
// is no page of the theme, only gathers others, or is not for everybody to find.
func readPage(f *snapshot.File) (page, bool, error) {
	var b bytes.Buffer
	b.Grow(int(f.Size()))
	if _, err := f.WriteTo(&b); err != nil {
		return page{}, false, err
	}
	p, ok := parsePage(b.Bytes())
	return p, ok, nil
}

func isPage(f *snapshot.File) bool {
	return path.Base(f.Path) == "index.html" && !strings.HasPrefix(f.Path, "lectern/") && f.Size() <= maxPage
}

func parsePage(doc []byte) (page, bool) {
	head, body, ok := bytes.Cut(doc, []byte("<body"))
	if !ok || bytes.Contains(head, []byte(`<meta name="robots" content="noindex`)) {
		return page{}, false
	}
	_, main, ok := bytes.Cut(body, []byte("<main"))
	if !ok {
		return page{}, false
	}
	start := bytes.Index(main, []byte("<article"))
	if start < 0 {
		return page{}, false
	}
	article := main[start:]
	if end := bytes.LastIndex(article, []byte("</main>")); end >= 0 {
		article = article[:end]
	}
	if end := bytes.LastIndex(article, []byte("</article>")); end >= 0 {
		article = article[:end]
	}
	if !written(article) {
		return page{}, false
	}
	title, _, _ := bytes.Cut(after(head, "<title>"), []byte("</title>"))
	return page{title: html.UnescapeString(string(title)), article: article}, true
}

// after is what follows the first mark in s, nothing where there is none.
func after(s []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(s, []byte(mark))
	return rest
}

// attribute is the value of an attribute that the theme writes in double quotes.
func attribute(tag []byte, name string) string {
	value, _, _ := bytes.Cut(after(tag, " "+name+`="`), []byte(`"`))
	return html.UnescapeString(string(value))
}

// text is what the article says, as Markdown, a paragraph to a line: its title,
// when and where and by whom, and what was written.
func (p page) text() string {
	text := string(markdown.Append(nil, withoutFrame(p.article)))
	facts := p.facts()
	if facts == "" {
		return text
	}
	if title, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(title, "# ") {
		return title + "\n" + facts + "\n" + rest
	}
	return facts + "\n" + text
}

// name is the article's heading, or else the document's title.
func (p page) name(text string) string {
	if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "# ") {
		return first[2:]
	}
	return p.title
}

// facts is what the head of a note says of it: its day, and all that has a name
// (room, speakers) or is a tag. How long it takes to read and when it was written
// say nothing about the session.
func (p page) facts() string {
	head, _, ok := bytes.Cut(p.article, []byte("</header>"))
	if !ok {
		return ""
	}
	var facts []string
	for {
		if head = after(head, "<li>"); len(head) == 0 {
			return strings.Join(facts, " · ")
		}
		item, _, _ := bytes.Cut(head, []byte("</li>"))
		if bytes.HasPrefix(item, []byte("<time")) || bytes.HasPrefix(item, []byte(`<span class="vh">`)) || bytes.Contains(item, []byte(` rel="tag"`)) {
			facts = append(facts, plain(item))
		}
	}
}

// plain is HTML without its tags, on one line.
func plain(src []byte) string {
	var b strings.Builder
	for len(src) > 0 {
		at := bytes.IndexByte(src, '<')
		if at < 0 {
			at = len(src)
		}
		b.Write(src[:at])
		if src = src[at:]; len(src) > 0 {
			src = src[tagEnd(src):]
		}
	}
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}

// voids are the elements that have no end.
var voids = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// withoutFrame leaves out what is not the note's own: elements with data-chrome,
// and ways to other pages.
func withoutFrame(src []byte) []byte {
	out := make([]byte, 0, len(src))
	skip := "" // the element that is left out, and how deep its like is nested
	depth := 0
	for len(src) > 0 {
		at := bytes.IndexByte(src, '<')
		if at < 0 {
			at = len(src)
		}
		if skip == "" {
			out = append(out, src[:at]...)
		}
		if src = src[at:]; len(src) == 0 {
			break
		}
		end := tagEnd(src)
		tag := src[:end]
		src = src[end:]
		name, closing := tagName(tag)
		switch {
		case skip != "" && name == skip && closing:
			if depth--; depth == 0 {
				skip = ""
			}
		case skip != "" && name == skip:
			depth++
		case skip != "":
		case !closing && name != "" && !slices.Contains(voids, name) && isFrame(name, tag):
			skip, depth = name, 1
		default:
			out = append(out, tag...)
		}
	}
	return out
}

// isFrame reports whether an element is not the note's own.
func isFrame(name string, tag []byte) bool {
	return name == "nav" || bytes.Contains(tag, []byte(" data-chrome")) || bytes.HasPrefix(tag, []byte(`<ul class="meta"`))
}

// tagEnd returns the offset behind the tag or remark that s begins with.
func tagEnd(s []byte) int {
	if bytes.HasPrefix(s, []byte("<!--")) {
		if end := bytes.Index(s, []byte("-->")); end >= 0 {
			return end + 3
		}
		return len(s)
	}
	quote := byte(0)
	for i, c := range s {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		}
	}
	return 1 // a sign by itself
}

func tagName(tag []byte) (name string, closing bool) {
	rest := tag[1:]
	if len(rest) > 0 && rest[0] == '/' {
		closing, rest = true, rest[1:]
	}
	end := 0
	for end < len(rest) && (rest[end]|0x20 >= 'a' && rest[end]|0x20 <= 'z' || rest[end] >= '0' && rest[end] <= '9') {
		end++
	}
	return strings.ToLower(string(rest[:end])), closing
}
