package build_test

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// facts is what a reader and a link can rely on in a page: the same that
// parity/facts.py reads from any built site.
type facts struct {
	Title  string   `json:"title"`
	IDs    []string `json:"ids"`
	Links  []string `json:"links"`
	Images []string `json:"images"`
	Text   string   `json:"text"`
}

var (
	skipped = words("script style template svg nav noscript")
	void    = words("area base br col embed hr img input link meta source track wbr")
	blocks  = words("p li h1 h2 h3 h4 h5 h6 div td th br pre blockquote")
	space   = regexp.MustCompile(`\s+`)
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

type element struct {
	name       string
	skip, main bool
}

// readFacts walks the tags of a page as they stand.
func readFacts(page []byte) facts {
	var f facts
	var text, title strings.Builder
	var stack []element
	skip, inMain, inTitle := 0, 0, false
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		tok := z.Token()
		switch kind {
		case html.TextToken:
			if inTitle {
				title.WriteString(tok.Data)
			} else if inMain > 0 && skip == 0 {
				text.WriteString(tok.Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			attr := map[string]string{}
			for _, a := range tok.Attr {
				attr[a.Key] = a.Val
			}
			_, chrome := attr["data-chrome"]
			if tok.Data == "title" && skip == 0 {
				inTitle = true
			}
			if !void[tok.Data] && kind == html.StartTagToken {
				e := element{tok.Data, skipped[tok.Data] || chrome, tok.Data == "main"}
				stack = append(stack, e)
				if e.skip {
					skip++
				}
				if e.main {
					inMain++
				}
			}
			if inMain == 0 || skip > 0 {
				continue
			}
			if len(tok.Data) == 2 && tok.Data[0] == 'h' && tok.Data[1] >= '1' && tok.Data[1] <= '6' && attr["id"] != "" {
				f.IDs = append(f.IDs, attr["id"])
			}
			if tok.Data == "a" && attr["href"] != "" {
				f.Links = append(f.Links, attr["href"])
			}
			if tok.Data == "img" && attr["src"] != "" {
				f.Images = append(f.Images, attr["src"])
			}
			if blocks[tok.Data] {
				text.WriteByte(' ')
			}
		case html.EndTagToken:
			if tok.Data == "title" {
				inTitle = false
			}
			for i := len(stack) - 1; i >= 0; i-- {
				if stack[i].name == tok.Data {
					for _, e := range stack[i:] {
						if e.skip {
							skip--
						}
						if e.main {
							inMain--
						}
					}
					stack = stack[:i]
					break
				}
			}
		}
	}
	fold := func(s string) string { return strings.TrimSpace(space.ReplaceAllString(s, " ")) }
	f.Title, f.Text = fold(title.String()), fold(text.String())
	return f
}
