package build

import (
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/page"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// language is what a builder keeps for the site of one language. Most projects
// have one.
type language struct {
	cfg      *config.Config
	parser   *note.Parser
	renderer *page.Renderer
	// site is the present model, and pass its rendering.
	site *site.Site
	pass *page.Pass
	// extras make what this language's pages are shown without at first.
	extras []extra
}

// output is a generated file and the language that renders it.
type output struct {
	page.Output
	lang *language
}

// newLanguages makes the languages of a new configuration.
func (b *Builder) newLanguages(cfg *config.Config) []*language {
	var langs []*language
	parsers := map[uint64]*note.Parser{} // languages rarely differ in how they are read
	for _, c := range cfg.All() {
		opts := noteOptions(c)
		opts.Own, opts.Marks = b.layouts.shortcodes, b.opts.Check
		p := parsers[opts.Key()]
		if p == nil {
			p = note.NewParser(opts)
			parsers[opts.Key()] = p
		}
		l := &language{cfg: c, parser: p, renderer: page.New(c, page.Options{Root: b.opts.Root})}
		l.extras = b.newExtras(l)
		langs = append(langs, l)
	}
	return langs
}

// parserFor returns the parser of the language that the note at path is in.
func (b *Builder) parserFor(path string) *note.Parser {
	if len(b.langs) == 1 {
		return b.langs[0].parser
	}
	cfg := b.cfg.FileLanguage(path)
	i := slices.IndexFunc(b.langs, func(l *language) bool { return l.cfg == cfg })
	return b.langs[i].parser
}

// roots are the folders that the project's files are read from: the content
// folders of all languages, none inside another, and the static ones.
func roots(cfg *config.Config) []string {
	dirs := cfg.ContentDirs()
	out := slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool {
		return slices.ContainsFunc(dirs, func(outer string) bool {
			return outer != dir && (outer == "." || strings.HasPrefix(dir, outer+"/"))
		})
	})
	return append(out, cfg.StaticDirs...)
}

// assets are the theme's files that the pages of any language load.
func (b *Builder) assets() []*snapshot.File {
	files := b.langs[0].pass.Assets()
	for _, l := range b.langs[1:] {
		for _, f := range l.pass.Assets() {
			if !slices.ContainsFunc(files, func(g *snapshot.File) bool { return g.Path == f.Path }) {
				files = append(files, f)
			}
		}
	}
	return files
}
