package site

import (
	"strings"

	"lectern/internal/note"
)

// Locate says where a link of p would lead that is as k says, and what a
// program would find that reads it from the page's address alone, as browsers
// do: byAddress is false where only the file beside the note has it. It reports
// nothing and changes nothing.
func (s *Site) Locate(p *Page, k *note.Link) (t Target, byAddress bool) {
	if p.Note == nil || k.External {
		return Target{Kind: TargetExternal, URL: k.Dest}, true
	}
	l := linker{s: s, ix: s.index, p: &Page{Note: p.Note}, n: p.Note, path: p.Note.Path, base: p.base(), hinted: maxHints}
	link := *k
	t = l.resolve(&link)
	d, ok := parseDest(k.Dest)
	if !ok || d.path == "" {
		return t, true
	}
	_, byAddress = l.atURL(d)
	return t, byAddress
}

// base is the decoded path of the page's document.
func (p *Page) base() string { return "/" + strings.TrimSuffix(p.OutPath, "index.html") }

// Relative writes the decoded address key, from the site's root, as a link in p.
func (p *Page) Relative(key string) string { return relative(p.base(), key) }

// Holds reports whether the file at path may be spoken of: nothing that is
// withheld lies in its folder or above it.
func (s *Site) Holds(path string) bool {
	w := &s.index.withheld
	if w.files[path] {
		return false
	}
	for key := range w.keys {
		if name, ok := strings.CutPrefix(key, "file:"); ok && beside(name, path) {
			return false
		}
	}
	return true
}

// beside reports whether file lies in the note's folder or below it.
func beside(notePath, file string) bool {
	dir := notePath[:strings.LastIndexByte(notePath, '/')+1]
	return strings.HasPrefix(file, dir)
}
