package page

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestHTML reads every page as a browser would.
func TestHTML(t *testing.T) {
	cfg := testConfig()
	p := New(cfg, Options{}).Pass(smallSite(cfg))
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
		if n.Data == "script" && n.FirstChild != nil && attr(n, "type") != "application/ld+json" || n.Data == "style" {
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
	case strings.HasPrefix(url, "#"), strings.HasPrefix(url, "https://git.example.org/"), strings.HasPrefix(url, "https://video.example.org/"), url == "https://ada.example.org/":
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
	p := New(cfg, Options{}).Pass(smallSite(cfg))
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
