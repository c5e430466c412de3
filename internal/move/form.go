package move

import (
	"path"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// place is where a link stands.
type place struct {
	// file is the note's path, base the folder of the address of its page.
	file, base string
	cfg        *config.Config
	contentDir string
}

// thing is what a link leads to.
type thing struct {
	// key is its decoded address without a trailing slash.
	key string
	// file is its path in the project: a note, a folder or another file.
	file string
	// stem is a note's path without extension and language; "" for others.
	stem string
	page bool
	// folder is true for a note that is its folder's text.
	folder bool
}

// form is a way to write a link's destination.
type form struct {
	kind string
	end  string
	// spare is how many folders are left and entered again without need.
	spare int
	dot   bool // a needless ./
}

// spelling is a destination in a form.
type spelling struct {
	form
	text string
}

// spellings are all ways to write a link at p to t, the usual ones first.
func spellings(p place, t thing, kind note.LinkKind) []spelling {
	var out []spelling
	add := func(f form, text string) {
		if text != "" && text[0] == '/' || f.kind == "name" || f.kind == "ref" {
			out = append(out, spelling{f, text})
			return
		}
		out = append(out, spelling{f, text})
		if text != "" && text[0] != '.' {
			f.dot = true
			out = append(out, spelling{f, "./" + text})
		}
	}
	relative := func(kind, from, to string, ends []string) {
		for spare := 0; spare <= 6; spare++ {
			text, ok := relPath(from, to, spare)
			if !ok {
				break
			}
			for _, end := range ends {
				add(form{kind: kind, end: end, spare: spare}, joinEnd(text, end))
			}
		}
	}
	urlEnds := []string{""}
	if t.page {
		urlEnds = []string{"/", "", "/index.html"}
		if p.cfg.UglyURLs {
			urlEnds = append(urlEnds, ".html")
		}
	}
	fileEnds, file := t.fileEnds()
	dir := path.Dir(p.file)
	relative("url", p.base, t.key, urlEnds)
	relative("file", dir, file, fileEnds)
	for _, end := range urlEnds {
		add(form{kind: "root", end: end}, joinEnd(t.key, end))
		if lang := "/" + p.cfg.LanguageDir; lang != "/" && strings.HasPrefix(t.key+"/", lang+"/") {
			add(form{kind: "language", end: end}, joinEnd("/"+strings.TrimPrefix(t.key[len(lang):], "/"), end))
		}
		if base := p.cfg.BasePath(); base != "/" {
			add(form{kind: "base", end: end}, joinEnd(base+strings.TrimPrefix(t.key, "/"), end))
		}
	}
	if rel, ok := strings.CutPrefix(file, p.contentDir+"/"); ok || p.contentDir == "." {
		for _, end := range fileEnds {
			add(form{kind: "content", end: end}, joinEnd("/"+rel, end))
			add(form{kind: "ref", end: end}, joinEnd(rel, end))
		}
	}
	add(form{kind: "project"}, file)
	add(form{kind: "project/"}, "/"+file)
	if kind == note.Ref {
		for _, end := range fileEnds {
			add(form{kind: "name", end: end}, joinEnd(path.Base(file), end))
		}
	}
	return out
}

// fileEnds are what may stand behind the file's path without its extension.
func (t thing) fileEnds() (ends []string, file string) {
	if t.stem == "" {
		if t.page {
			return []string{"", "/"}, t.file // a section without a text
		}
		return []string{""}, t.file
	}
	ext := path.Ext(t.file)
	keyed := strings.TrimPrefix(t.file, t.stem)
	if !t.folder {
		ends = []string{keyed, ext, "", "/", strings.TrimSuffix(keyed, ext)}
		return slices.Compact(ends), t.stem
	}
	name := "/" + path.Base(t.stem)
	return []string{"", "/", name + keyed, name + ext, name, name + strings.TrimSuffix(keyed, ext)}, path.Dir(t.stem)
}

func joinEnd(text, end string) string {
	if end == "" {
		return text
	}
	switch strings.TrimSuffix(text, "/") {
	case "":
		if strings.HasPrefix(end, "/") {
			if text == "" {
				return "." + end
			}
			return end
		}
	case "..", ".":
		return strings.TrimSuffix(text, "/") + end
	}
	return strings.TrimSuffix(text, "/") + end
}

// relPath writes the way from a folder to a place, by way of spare folders more
// than need be.
func relPath(from, to string, spare int) (string, bool) {
	a, b := segments(from), segments(to)
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if spare > n {
		return "", false
	}
	n -= spare
	up := strings.Repeat("../", len(a)-n)
	text := up + strings.Join(b[n:], "/")
	if len(b) == n {
		text = strings.TrimSuffix(up, "/")
	}
	return text, true
}

func segments(p string) []string {
	if p = strings.Trim(p, "/"); p == "" || p == "." {
		return nil
	}
	return strings.Split(p, "/")
}

// placeOf is the place of the links of a page's note.
func (m *mover) placeOf(p *site.Page, n *note.Note) place {
	base := "/" + strings.TrimSuffix(p.OutPath, "index.html")
	return place{
		file: n.Path, base: base[:strings.LastIndexByte(base, '/')+1],
		cfg: m.Input.Config.FileLanguage(n.Path), contentDir: m.contentDir(n.Path),
	}
}

// thingOf is what a link leads to.
func (m *mover) thingOf(s *site.Site, t site.Target, p *site.Page) (thing, bool) {
	switch {
	case p != nil:
		th := thing{key: s.Key(p), page: true}
		if n := p.Note; n != nil {
			th.file, th.stem = n.Path, m.stem(n.Path)
			switch strings.ToLower(path.Base(th.stem)) {
			case "_index", "index", "readme":
				th.folder = true
			}
			return th, true
		}
		th.file = m.folderOf(s, p)
		if th.file == "" {
			th.file = strings.TrimPrefix(th.key, "/")
		}
		return th, true
	case t.File != nil:
		return thing{key: "/" + t.File.OutPath, file: t.File.Path}, true
	}
	return thing{}, false
}

// escape percent-encodes what has a meaning in Markdown, HTML, a shortcode or an
// address. Letters of all scripts stay.
func escape(segment string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(segment) {
		if c := segment[i]; c <= ' ' || c == 0x7f || strings.IndexByte("\"#%&'()*<>?[\\]^`{|}", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
