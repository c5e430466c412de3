package check

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/site"
)

// links looks at where the note's links lead.
func (c *checker) links(s *subject) {
	for i := range s.links {
		k, t := &s.links[i], s.targets[i]
		at := placeOf(k)
		switch {
		case k.Kind == note.Cover:
		case placeholder(k):
			c.placeholderLink(s, k)
		case t.Kind == site.TargetBroken:
			c.brokenLink(s, k)
		case t.Kind == site.TargetWithheld:
			if c.found.find(s.note.Path, at, "link-unpublished") == nil {
				c.report(s, "private-leak", at, "this link leads to what is private: readers see its text, and that something is kept from them",
					"take the link out, or say what readers may know in words")
			}
		case t.Kind == site.TargetFile || t.Kind == site.TargetPage:
			c.linkDepth(s, k, t)
		}
		if d := c.found.find(s.note.Path, at, "link-fragment", "link-missing", "image-missing"); d != nil && d.Fix == nil {
			d.Fix = c.suggested(s, k, d)
		}
	}
}

// placeholder reports whether a link's destination stands for one yet to come.
func placeholder(k *note.Link) bool {
	dest := strings.ToLower(strings.TrimSpace(k.Dest))
	scheme, rest, found := strings.Cut(dest, ":")
	if found {
		switch scheme {
		case "todo", "tbd", "tba", "fixme", "xxx":
			return true
		case "http", "https":
			return isHollow(strings.Trim(rest, "/"))
		}
		return false
	}
	return isHollow(strings.Trim(dest, "./")) || isButton(k) && (dest == "#" || dest == "")
}

// isHollow is true for words that nobody means as an address.
func isHollow(s string) bool {
	switch strings.Trim(s, "<>[]{}#…") {
	case "todo", "tbd", "tba", "fixme", "xxx", "url", "link", "your-link-here", "insert-link-here", "link-here":
		return true
	}
	return s == "…" || s == "<>" || strings.HasPrefix(s, "todo:") || s == "#todo"
}

func isButton(k *note.Link) bool { return strings.Contains(k.Attrs, ` class="btn`) }

func (c *checker) placeholderLink(s *subject, k *note.Link) {
	at := placeOf(k)
	c.found.drop(s.note.Path, at, "link-missing", "image-missing", "link-fragment")
	if isButton(k) {
		d := c.report(s, "button-placeholder", at, fmt.Sprintf("this button leads to a placeholder, %q", k.Dest), "write the address, or comment the button out until there is one")
		d.Severity = diag.Warning
		return
	}
	c.report(s, "link-placeholder", at, fmt.Sprintf("this link leads to a placeholder, %q", k.Dest), "write the address, or leave the text without a link")
}

// brokenLink looks whether a link that leads nowhere is only wrong about how
// many folders up it has to go.
func (c *checker) brokenLink(s *subject, k *note.Link) {
	at := placeOf(k)
	if c.found.find(s.note.Path, at, "link-missing", "image-missing") == nil {
		return // the author asked not to be told
	}
	right := c.otherDepths(s, k)
	if len(right) == 0 {
		return
	}
	c.found.drop(s.note.Path, at, "link-missing", "image-missing")
	hint := fmt.Sprintf("write %q", right[0])
	if len(right) > 1 {
		hint = fmt.Sprintf("there are %s", quotedList(right))
	}
	d := c.report(s, "link-relative-depth", at, fmt.Sprintf("%q leads nowhere: it goes the wrong number of folders up", k.Dest), hint)
	d.Fix = c.newDestination(s, k, right[0], len(right) == 1)
}

// otherDepths returns the destinations that differ from k's in nothing but how
// many folders they go up, and lead somewhere: one for each target, the one
// that is right for browsers before others.
func (c *checker) otherDepths(s *subject, k *note.Link) []string {
	if k.Kind == note.Ref || strings.HasPrefix(k.Dest, "/") {
		return nil
	}
	ups, rest := 0, k.Dest
	for {
		if after, ok := strings.CutPrefix(rest, "./"); ok {
			rest = after
		} else if after, ok := strings.CutPrefix(rest, "../"); ok {
			rest = after
			ups++
		} else {
			break
		}
	}
	if strings.Trim(rest, "./") == "" || strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "?") {
		return nil
	}
	var out []string
	seen := map[string]int{}
	right := map[string]bool{} // for browsers, too
	for n := 0; n <= s.page.Depth(); n++ {
		if n == ups {
			continue
		}
		dest := strings.Repeat("../", n) + rest
		if n == 0 {
			dest = "./" + rest
		}
		other := *k
		other.Dest = dest
		t, byAddress := c.s.Locate(s.page, &other)
		if t.Kind != site.TargetPage && t.Kind != site.TargetFile {
			continue
		}
		if i, ok := seen[t.URL]; ok {
			if byAddress && !right[t.URL] {
				out[i], right[t.URL] = dest, true
			}
			continue
		}
		seen[t.URL], right[t.URL] = len(out), byAddress
		out = append(out, dest)
	}
	return out
}

// linkDepth looks whether a relative link that is found beside the file would
// be found from the page's address, too, where browsers and Hugo look.
func (c *checker) linkDepth(s *subject, k *note.Link, t site.Target) {
	if !c.s.Config.Hugo || k.Kind != note.Anchor && k.Kind != note.Image || k.Dest == "" || k.Dest[0] == '/' || t.URL == "" {
		return
	}
	name, suffix := k.Dest, ""
	if i := strings.IndexAny(name, "#?"); i >= 0 {
		name, suffix = name[:i], name[i:]
	}
	if name == "" || strings.HasSuffix(name, ".md") {
		return // Hugo finds a note by its file
	}
	if _, byAddress := c.s.Locate(s.page, k); byAddress {
		return
	}
	address, _, _ := strings.Cut(t.URL, "#")
	address, _, _ = strings.Cut(address, "?")
	if key, err := url.PathUnescape(address); err == nil {
		address = key
	}
	want := escapePath(s.page.Relative(strings.TrimSuffix(address, "/"))) + suffix
	other := *k
	other.Dest = want
	if again, byAddress := c.s.Locate(s.page, &other); !byAddress || again.URL != t.URL {
		return
	}
	what := "link"
	if k.Kind == note.Image {
		what = "picture"
	}
	d := c.report(s, "link-relative-depth", placeOf(k),
		fmt.Sprintf("the %s %q is found beside the file, but not from the page's address, where Hugo and browsers look", what, k.Dest),
		fmt.Sprintf("%q is right for all", want))
	d.Severity = diag.Info
	d.Fix = c.newDestination(s, k, want, false)
}

// escapePath writes a path as a destination in Markdown.
func escapePath(p string) string {
	return strings.NewReplacer("%", "%25", " ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "#", "%23", "?", "%3F", `"`, "%22").Replace(p)
}

// suggested makes a fix of the name that the build's hint has.
func (c *checker) suggested(s *subject, k *note.Link, d *diag.Diagnostic) *diag.Fix {
	quoted, ok := strings.CutPrefix(d.Hint, "did you mean ")
	if !ok {
		return nil
	}
	want, err := strconv.Unquote(strings.TrimSuffix(quoted, "?"))
	if err != nil {
		return nil
	}
	suffix := ""
	if i := strings.IndexByte(k.Dest, '#'); i >= 0 {
		if d.Rule == "link-fragment" {
			want = k.Dest[:i] + want
		} else {
			suffix = k.Dest[i:]
		}
	}
	if k.Kind != note.Ref && d.Rule != "link-fragment" {
		want = escapePath(want)
	}
	return c.newDestination(s, k, want+suffix, false)
}

// newDestination is the fix that lets a link lead to dest.
func (c *checker) newDestination(s *subject, k *note.Link, dest string, sure bool) *diag.Fix {
	f := c.open(s)
	if f == nil {
		return nil
	}
	off := f.destination(placeOf(k), k.Dest)
	if off < 0 {
		return nil
	}
	return &diag.Fix{
		Title: fmt.Sprintf("write %q", dest), Sure: sure,
		Edits: []diag.Edit{{Start: off, End: off + len(k.Dest), New: dest}},
	}
}

func quotedList(items []string) string {
	quoted := make([]string, len(items))
	for i, s := range items {
		quoted[i] = strconv.Quote(s)
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + " and " + quoted[n-1]
	}
	return strings.Join(quoted, "")
}
