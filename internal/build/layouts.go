package build

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/site"
)

// layouts are the templates of a project's own. They are not run.
type layouts struct {
	// shortcodes are the names of its own shortcodes, sorted, in lower case.
	shortcodes []string
	// files are all others, as paths below layouts, sorted.
	files []string
}

// layoutsDir is where Hugo looks for templates.
const layoutsDir = "layouts"

// What a finding about templates names at most.
const (
	maxLayouts       = 2000
	maxLayoutsNamed  = 12
	maxPlacesNamed   = 3
	maxLayoutsFolder = 16 // levels
)

// readLayouts lists the templates of a project of Hugo's shape.
func (b *Builder) readLayouts(hugo bool) layouts {
	var l layouts
	if !hugo {
		return l
	}
	seen := 0
	// What can't be listed is not there: no page is made of it anyway.
	_ = fs.WalkDir(b.dir.FS(), layoutsDir, func(p string, d fs.DirEntry, err error) error {
		seen++
		switch {
		case err != nil:
			return nil
		case seen > maxLayouts:
			return fs.SkipAll
		case d.IsDir() && (strings.Count(p, "/") > maxLayoutsFolder || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), "."):
			return nil
		}
		rel := strings.TrimPrefix(p, layoutsDir+"/")
		if name, ok := ownShortcode(rel); ok {
			l.shortcodes = append(l.shortcodes, name)
		} else {
			l.files = append(l.files, rel)
		}
		return nil
	})
	slices.Sort(l.shortcodes)
	l.shortcodes = slices.Compact(l.shortcodes)
	slices.Sort(l.files)
	return l
}

// ownShortcode returns the name of the shortcode that the template at a path
// below layouts makes: folder and name, without the formats that follow it.
func ownShortcode(p string) (name string, ok bool) {
	for _, dir := range []string{"shortcodes/", "_shortcodes/"} { // before and since Hugo 0.146
		if rest, found := strings.CutPrefix(p, dir); found {
			folder, file := path.Split(rest)
			file, _, _ = strings.Cut(file, ".")
			return strings.ToLower(folder + file), file != ""
		}
	}
	return "", false
}

func (l layouts) equal(m layouts) bool {
	return slices.Equal(l.shortcodes, m.shortcodes) && slices.Equal(l.files, m.files)
}

// finding is the one warning about templates: it names what is ignored, and
// where published notes use shortcodes of the project's own.
func (l layouts) finding(sites []*site.Site) []diag.Diagnostic {
	if len(l.shortcodes)+len(l.files) == 0 {
		return nil
	}
	used := map[string][]string{}
	for _, s := range sites {
		for _, p := range s.Pages {
			if p.Note == nil {
				continue
			}
			for _, u := range p.Note.OwnShortcodes {
				name := strings.ToLower(u.Name)
				used[name] = append(used[name], fmt.Sprintf("%s:%d", u.File, u.Line))
			}
		}
	}
	var parts []string
	named := 0
	name := func(what string) {
		if named++; named <= maxLayoutsNamed {
			parts = append(parts, what)
		}
	}
	for _, s := range l.shortcodes {
		switch places := used[s]; {
		case len(places) > maxPlacesNamed:
			name(fmt.Sprintf("the shortcode %s (%s and %d more)", s, strings.Join(places[:maxPlacesNamed], ", "), len(places)-maxPlacesNamed))
		case len(places) > 0:
			name(fmt.Sprintf("the shortcode %s (%s)", s, strings.Join(places, ", ")))
		case note.IsShortcode(s):
			name(fmt.Sprintf("the shortcode %s (Lectern's own is used)", s))
		default:
			name(fmt.Sprintf("the shortcode %s (unused)", s))
		}
	}
	for _, f := range l.files {
		name(layoutsDir + "/" + f)
	}
	if named > maxLayoutsNamed {
		parts = append(parts, fmt.Sprintf("%d more", named-maxLayoutsNamed))
	}
	return []diag.Diagnostic{{
		Position: diag.Position{File: layoutsDir}, Severity: diag.Warning, Rule: "layouts-ignored",
		Message: "templates are not run, so these have no effect: " + strings.Join(parts, ", "),
		Hint:    l.hint(),
	}}
}

// hint says what to do instead of the templates that sites with Relearn
// commonly have.
func (l layouts) hint() string {
	var instead []string
	add := func(s string) {
		if !slices.Contains(instead, s) {
			instead = append(instead, s)
		}
	}
	for _, f := range l.files {
		switch name, _, _ := strings.Cut(path.Base(f), "."); name {
		case "logo":
			add("look.logo for a logo")
		case "custom-header", "head", "extended_head":
			add("look.html.head for HTML in the head, look.css for styles")
		case "menu-footer", "custom-footer", "footer":
			add("look.html.bottom for a foot")
		case "heading-pre", "content-header", "topbar":
			add("look.html.top for HTML above each page")
		case "favicon":
			add("static/favicon.svg for an icon")
		}
	}
	if len(instead) > 0 {
		return "in lectern.yaml: " + strings.Join(instead, "; ")
	}
	if len(l.shortcodes) > 0 {
		return "the inner text of these shortcodes is shown"
	}
	return ""
}
