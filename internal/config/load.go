package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lectern/internal/diag"
)

// Options says what is known beside the files.
type Options struct {
	// Name is the project folder's name, from which the title is made where no
	// file gives one.
	Name string
	// Version is the running binary's, for the key requires; "" and all that is
	// no release satisfy every constraint.
	Version string
	// BaseURL, if not empty, overrules every file, and so does Drafts, if true:
	// they come from flags or from the environment.
	BaseURL string
	Drafts  bool
}

// Error is a configuration that cannot be used. Everything that is wrong with
// it is in Diags, sorted, warnings included.
type Error struct{ Diags []diag.Diagnostic }

// Error returns the first finding of severity [diag.Error] and how many more there are.
func (e *Error) Error() string {
	n, _ := diag.Count(e.Diags)
	i := slices.IndexFunc(e.Diags, func(d diag.Diagnostic) bool { return d.Severity == diag.Error })
	if i < 0 {
		return "the configuration cannot be used"
	}
	d := e.Diags[i]
	var b strings.Builder
	b.WriteString("the configuration cannot be used: ")
	if d.File != "" {
		fmt.Fprintf(&b, "%s:%d:%d: ", d.File, d.Line, d.Col)
	}
	b.WriteString(d.Message)
	if n > 1 {
		fmt.Fprintf(&b, " (and %d more)", n-1)
	}
	return b.String()
}

// Load reads the configuration of the project that fsys holds. The
// diagnostics are warnings, such as a key that nobody knows.
//
// The error is an [*Error] where the project's files say something that
// cannot be, with the place; any other error is one of reading them.
func Load(fsys fs.FS, opts Options) (*Config, []diag.Diagnostic, error) {
	l := &loader{decoder: decoder{fsys: fsys}, all: settings()}
	hugo, err := l.hugoFiles()
	if err != nil {
		return nil, nil, err
	}
	own, err := l.ownFile()
	if err != nil {
		return nil, nil, err
	}
	shape := len(l.files) > 0 && l.files[0] != ownName || isDir(fsys, "content")
	variants := l.variants(hugo, own)
	all := make([]*Config, len(variants))
	for i := range variants {
		if all[i], err = l.decode(&variants[i], shape, opts, i == 0); err != nil {
			return nil, nil, err
		}
	}
	c := all[0]
	if len(all) > 1 {
		l.join(all)
	}
	diags := diag.Sort(l.diags)
	if len(all) > 1 {
		diags = slices.Compact(diags) // each language has read the settings of the whole site
	}
	if n, _ := diag.Count(diags); n > 0 {
		return nil, nil, &Error{Diags: diags}
	}
	return c, diags, nil
}

// decode makes the configuration of one language.
func (l *loader) decode(v *variant, shape bool, opts Options, first bool) (*Config, error) {
	c := defaults(shape)
	c.FolderName = readableName(opts.Name)
	c.Files = l.files
	if c.Files == nil {
		c.Files = []string{}
	}
	c.DisabledLanguages = l.disabled
	v.describe(&l.decoder, c, first)
	l.unsupported(v.root)
	for _, s := range l.all {
		if at := v.root.get(strings.ToLower(s.path)); at != nil && s.read != nil {
			s.read(&l.decoder, c, at)
		}
	}
	l.finish(c, v.root)
	if at := v.root.get("requires"); at != nil {
		l.checkVersion(c, opts.Version, at.at)
	}
	if err := l.override(c, opts); err != nil {
		return nil, err
	}
	for _, p := range c.IgnoreFiles {
		re, err := regexp.Compile(p)
		if err != nil {
			continue // said where it was read
		}
		c.ignore = append(c.ignore, re)
	}
	return c, nil
}

// join makes one site of the configurations of several languages: they know
// each other, and have their static files in common.
func (l *loader) join(all []*Config) {
	inOrder := make([]*Config, 0, len(all))
	var static []string
	for _, key := range l.order {
		c := all[slices.IndexFunc(all, func(c *Config) bool { return c.LanguageKey == key })]
		inOrder = append(inOrder, c)
		for _, dir := range c.StaticDirs {
			if !slices.Contains(static, dir) {
				static = append(static, dir)
			}
		}
	}
	for _, c := range all {
		c.Languages, c.StaticDirs = inOrder, static
	}
}

// ownName is the name of Lectern's own file.
const ownName = "lectern.yaml"

type loader struct {
	decoder

	all   []setting
	files []string // what was read, in order

	// disabled and order are the keys of the languages that are not published,
	// and of all others in order.
	disabled, order []string
}

// read reads one file. What is wrong with its text becomes a diagnostic, and
// the file counts as empty; a failure to read it is the error.
func (l *loader) read(name string) (*table, error) {
	l.files = append(l.files, name)
	t, err := readFile(l.fsys, name)
	if p, ok := errors.AsType[*problem](err); ok {
		l.fail(p.at, ruleSyntax, "", "%s", p.msg)
		return newTable(), nil
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// hugoFiles reads Hugo's configuration in its order: hugo.* or else config.*,
// then the files of config/_default and config/production, each laid over
// those before.
func (l *loader) hugoFiles() (*table, error) {
	root := newTable()
	if name := l.mainFile(); name != "" {
		t, err := l.read(name)
		if err != nil {
			return nil, err
		}
		renameMenus(t)
		l.checkHugo(t, l.all)
		root.set(t)
	}
	for _, dir := range []string{"config/_default", "config/production"} {
		if !isDir(l.fsys, dir) {
			continue
		}
		names, err := l.configFiles(dir)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			t, err := l.read(name)
			if err != nil {
				return nil, err
			}
			t = inPlace(name, t)
			renameMenus(t)
			l.checkHugo(t, l.all)
			root.set(t)
		}
	}
	return root, nil
}

func (l *loader) ownFile() (*table, error) {
	if !isFile(l.fsys, ownName) {
		return newTable(), nil
	}
	t, err := l.read(ownName)
	if err != nil {
		return nil, err
	}
	renameMenus(t)
	l.checkOwn(t, l.all)
	return t, nil
}

// mainFile returns the name of Hugo's main configuration file; of several the
// first in Hugo's order counts.
func (l *loader) mainFile() string {
	for _, base := range []string{"hugo", "config"} {
		for _, ext := range []string{".toml", ".yaml", ".yml", ".json"} {
			if isFile(l.fsys, base+ext) {
				return base + ext
			}
		}
	}
	return ""
}

// configFiles returns the configuration files in dir and below, in order of
// their paths.
func (l *loader) configFiles(dir string) ([]string, error) {
	var names []string
	err := fs.WalkDir(l.fsys, dir, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() || !isFile(l.fsys, name):
			return nil
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".toml", ".yaml", ".yml", ".json":
			names = append(names, name)
		}
		if len(names) > maxFiles {
			l.fail(diag.Position{File: dir}, ruleSyntax, "", "more than %d configuration files", maxFiles)
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the configuration in %s: %w", dir, err)
	}
	return names, nil
}

// inPlace puts what a file in config/_default says where its name says:
// params.toml holds params, menus.de.yaml languages.de.menus, hugo.toml the root.
func inPlace(name string, t *table) *table {
	base := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	if base == "hugo" || base == "config" {
		return t
	}
	v := &value{at: diag.Position{File: name, Line: 1, Col: 1}, table: t}
	key, lang, ok := strings.Cut(base, ".")
	switch {
	case !ok:
		return wrap(v, key)
	case key == "menu" || key == "menus":
		return wrap(v, "languages", lang, "menus")
	case key == "params":
		return wrap(v, "languages", lang, "params")
	default:
		return wrap(v, "languages", lang)
	}
}

// renameMenus gives Hugo's older name of menus its present one.
func renameMenus(t *table) {
	rename := func(t *table) {
		e := t.byKey["menu"]
		if e == nil {
			return
		}
		t.remove("menu")
		t.set(wrapEntry("menus", e))
	}
	rename(t)
	if langs := t.get("languages"); langs != nil && langs.table != nil {
		for _, e := range langs.table.entries {
			if e.val.table != nil {
				rename(e.val.table)
			}
		}
	}
}

func wrapEntry(name string, e *entry) *table {
	t := newTable()
	t.put(name, e.at, e.val)
	return t
}

// override sets what flags and environment say.
func (l *loader) override(c *Config, opts Options) error {
	if opts.BaseURL != "" {
		base, ok := cleanBaseURL(opts.BaseURL)
		if !ok {
			return fmt.Errorf("the base URL %q is not an address of a site: write it with its scheme, https://notes.example.org/", clip(opts.BaseURL))
		}
		c.BaseURL = base
	}
	c.BuildDrafts = c.BuildDrafts || opts.Drafts
	return nil
}

func isDir(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir()
}

// isFile reports whether there is something at name to read. What cannot be
// looked at (a link that leaves the project, say) counts: passing over it would
// build a site without the configuration its author sees there.
func isFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return !info.IsDir()
}

// readableName makes a title of a folder's name: "gopher-camp_2026" → "Gopher camp 2026".
func readableName(name string) string {
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool {
		return r == '-' || r == '_' || r == '/' || r == '\\' || unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	r, n := utf8.DecodeRuneInString(name)
	if r == utf8.RuneError {
		return name
	}
	return string(unicode.ToUpper(r)) + name[n:]
}
