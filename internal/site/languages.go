package site

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// A site of several languages is a Site for each. They have the places of the
// output, the files and what is withheld in common, and each page knows its
// translations.

// builders returns a builder for each language, the default one first, each
// with the notes of its own.
func builders(in Input) []*builder {
	cfg := in.Config
	if len(cfg.Languages) == 0 {
		return []*builder{newBuilder(in, cfg, nil)}
	}
	notes := make(map[*config.Config][]*note.Note, len(cfg.Languages))
	for _, n := range in.Notes {
		l := cfg.FileLanguage(n.Path)
		notes[l] = append(notes[l], n)
	}
	all := make([]*builder, 0, len(cfg.Languages))
	add := func(l *config.Config, first *builder) {
		own := in
		own.Config, own.Notes = l, notes[l]
		b := newBuilder(own, l, first)
		b.keys = map[*Page]string{}
		all = append(all, b)
	}
	add(cfg, nil)
	for _, l := range cfg.Languages {
		if l != cfg {
			add(l, all[0])
		}
	}
	sites := make([]*Site, len(cfg.Languages))
	for i, l := range cfg.Languages {
		at := slices.IndexFunc(all, func(b *builder) bool { return b.cfg == l })
		sites[i] = all[at].s
	}
	for _, b := range all {
		b.s.Languages, b.s.Secondary = sites, b != all[0]
	}
	return all
}

// All returns the sites of all languages in order; s alone where it has one.
func (s *Site) All() []*Site {
	if len(s.Languages) == 0 {
		return []*Site{s}
	}
	return s.Languages
}

// others returns the other languages' sites, the default one's first.
func (s *Site) others() []*Site {
	if len(s.Languages) == 0 {
		return nil
	}
	out := slices.DeleteFunc(slices.Clone(s.Languages), func(o *Site) bool { return o == s })
	if i := slices.IndexFunc(out, func(o *Site) bool { return !o.Secondary }); i > 0 {
		main := out[i]
		copy(out[1:], out[:i])
		out[0] = main
	}
	return out
}

// owner returns the site of the language that the note at path belongs to.
func (s *Site) owner(path string) *Site {
	for _, o := range s.Languages {
		if o.index.notes[path] != nil {
			return o
		}
	}
	return s
}

// path is the note's place below the content folder, without its language and
// its extension; what it has in common with its translations.
func (e *entry) path() string {
	if e.role == bundle || e.role == sectionIndex {
		return e.dir
	}
	return path.Join(e.dir, e.name)
}

// translates notes what p has in common with its translations: the key that
// its front matter gives, else its path.
func (b *builder) translates(p *Page, path string) {
	if b.keys == nil {
		return
	}
	key := "/" + strings.ToLower(path)
	if p.Note != nil {
		for name, v := range p.Note.Front.Params {
			if s, ok := v.(string); ok && s != "" && strings.EqualFold(name, "translationKey") {
				key = p.Kind.String() + "/" + s
			}
		}
	}
	b.keys[p] = key
}

// join tells each page its translations.
func join(all []*builder) {
	if len(all) == 1 {
		return
	}
	next := all[0].s.Next
	byKey := make([]map[string]*Page, len(all[0].s.Languages)) // in the order of the languages
	for _, b := range all {
		if t := b.s.Next; next.IsZero() || !t.IsZero() && t.Before(next) {
			next = t
		}
		at := slices.Index(b.s.Languages, b.s)
		byKey[at] = make(map[string]*Page, len(b.s.Pages))
		for _, p := range b.s.Pages {
			// Of two pages with one key the first has the translations.
			if key := b.keys[p]; key != "" && byKey[at][key] == nil {
				byKey[at][key] = p
			}
		}
	}
	for _, b := range all {
		b.s.Next = next
		at := slices.Index(b.s.Languages, b.s)
		for key, p := range byKey[at] {
			for i, pages := range byKey {
				// Who does not know an unlisted page is not told of it.
				if t := pages[key]; i != at && t != nil && (!t.Unlisted || p.Unlisted) && (!t.Hidden || p.Hidden) {
					p.Translations = append(p.Translations, Translation{Site: b.s.Languages[i], Page: t})
				}
			}
		}
	}
}

// in returns p's translation in the language of s, or nil.
func (p *Page) in(s *Site) *Page {
	for _, t := range p.Translations {
		if t.Site == s {
			return t.Page
		}
	}
	return nil
}

// ofFile returns the builder of the language that a file is in.
func ofFile(all []*builder, name string) *builder {
	l := all[0].cfg.FileLanguage(name)
	for _, b := range all {
		if b.cfg == l {
			return b
		}
	}
	return all[0]
}

// contentDir returns the content folder that a file lies in, the innermost of
// several; "" for none.
func contentDir(cfg *config.Config, name string) string {
	if len(cfg.Languages) == 0 {
		if within(name, cfg.ContentDir) {
			return cfg.ContentDir
		}
		return ""
	}
	best := ""
	for _, l := range cfg.Languages {
		if within(name, l.ContentDir) && len(l.ContentDir) > len(best) {
			best = l.ContentDir
		}
	}
	return best
}

// withKey puts a language's key before a file's extension.
func withKey(name, key string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + key + ext
}

// fileNamed returns the file that a note of s means by name: the one in its own
// language, then the one of that name, then another language's, as with
// Hugo's resources; "" for none.
func (s *Site) fileNamed(name string) string {
	files := s.index.files
	if len(s.Languages) == 0 {
		if files[name] != nil {
			return name
		}
		return ""
	}
	if own := withKey(name, s.Config.LanguageKey); files[own] != nil {
		return own
	}
	if files[name] != nil {
		return name
	}
	for _, o := range s.others() {
		there := o.mapped(s, name)
		if own := withKey(there, o.Config.LanguageKey); files[own] != nil {
			return own
		}
		if files[there] != nil {
			return there
		}
	}
	return ""
}

// mapped returns the place in s's content folder that name has in from's.
func (s *Site) mapped(from *Site, name string) string {
	content := from.Config.ContentDir
	if content == s.Config.ContentDir || !within(name, content) {
		return name
	}
	return path.Join(s.Config.ContentDir, strings.TrimPrefix(name, content+"/"))
}

// address returns the decoded address in s that stands for one in from.
func (s *Site) address(from *Site, key string) string {
	if dir := from.Config.LanguageDir; dir != "" {
		rest, ok := strings.CutPrefix(key, "/"+dir)
		if !ok || rest != "" && rest[0] != '/' {
			return key
		}
		key = rest
	}
	if dir := s.Config.LanguageDir; dir != "" {
		key = "/" + dir + key
	}
	if key == "" {
		return "/"
	}
	return key
}

// in returns a linker that looks for what l's note names as if the note stood
// in another language's site.
func (l *linker) in(s *Site) *linker {
	return &linker{
		s: s, ix: s.index, p: l.p, n: l.n,
		base: s.address(l.s, l.base), path: s.mapped(l.s, l.path),
	}
}

// elsewhere looks in the other languages for what d names, and says so where
// the reader is led into another language than the note's.
func (l *linker) elsewhere(k *note.Link, d dest) (Target, bool) {
	others := l.s.others()
	for _, s := range others {
		m := l.in(s)
		o, ok := m.find(k.Kind, d)
		if !ok || image(k.Kind) && o.page != nil {
			continue
		}
		if o.page != nil && o.file == nil && !strings.HasPrefix(d.path, "/") && config.FileKey(d.path) != s.Config.LanguageKey {
			if own := o.page.in(l.s); own != nil { // under another name than the link has
				return l.target(k, d, owner{page: own}), true
			}
			l.reportLanguage(k, s)
		}
		return l.target(k, d, o), true
	}
	for _, s := range others {
		if why := l.in(s).withheld(k, d); why == private || why == unreadable {
			return Target{Kind: TargetWithheld, URL: ""}, true
		}
	}
	return Target{}, false
}

// find looks d up in one language.
func (l *linker) find(kind note.LinkKind, d dest) (owner, bool) {
	if kind == note.Ref {
		if o, ok := l.atRef(d); ok {
			return o, true
		}
		if same := l.sameName(d); len(same) == 1 {
			return owner{page: same[0]}, true
		}
		return owner{}, false
	}
	if o, ok := l.atURL(d); ok {
		return o, true
	}
	return l.atFile(d)
}

// language returns a linker that looks in the language with this key, or nil.
func (l *linker) language(key string) *linker {
	for _, s := range l.s.All() {
		if s.Config.LanguageKey == key {
			return l.in(s)
		}
	}
	return nil
}

// reportLanguage says that a link leads into the language of s, for want of the
// page in the note's own.
func (l *linker) reportLanguage(k *note.Link, s *Site) {
	l.report(k, diag.Info, "link-language",
		fmt.Sprintf("there is no %q in %s; the link leads to the page in %s", k.Dest, l.s.Config.Language, s.Config.Language), "")
}

// redirectHome leads from the default language's other possible place to its
// home, as Hugo does: from /en/ to the root, or from the root to /en/.
func (b *builder) redirectHome() {
	out := "index.html"
	if b.cfg.LanguageDir == "" {
		out = b.cfg.LanguageKey + "/index.html"
	}
	if b.s.Secondary || b.cfg.LanguageDir == "" && b.keys == nil || b.cfg.DisableLanguageRedirect {
		return
	}
	if _, taken := b.ix.outs[out]; taken || b.ix.conflict(out) != "" {
		return
	}
	b.ix.reserve(out, owner{page: b.s.Home, redirect: true})
	b.s.Redirects = append(b.s.Redirects, Redirect{OutPath: out, To: b.s.Home})
}
