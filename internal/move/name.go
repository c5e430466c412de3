package move

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lectern/internal/config"
	"lectern/internal/diag"
)

// name finds out which files move where.
func (m *mover) name(from, to string) error {
	into := strings.HasSuffix(to, "/")
	from, to = path.Clean(from), path.Clean(to)
	from, folder, err := m.source(from)
	if err != nil {
		return err
	}
	if is, dir := m.Exists(to); into && !folder || is && dir && !strings.EqualFold(to, from) {
		to = path.Join(to, path.Base(from))
	}
	if folder {
		to, err = m.folderTarget(from, to)
	} else {
		to, err = m.noteTarget(from, to)
	}
	if err != nil {
		return err
	}
	m.plan.From, m.plan.To = from, to
	if err := m.checkNames(from, to); err != nil {
		return err
	}
	if folder {
		err = m.takeFolder(from, to)
	} else {
		err = m.takeNote(from, to)
	}
	if err != nil {
		return err
	}
	return m.free()
}

// source returns the note or the folder that from means.
func (m *mover) source(from string) (src string, folder bool, err error) {
	dir := m.contentDir(from)
	if dir == "" && !m.isContentDir(from) {
		return "", false, refuse("only what lies in the content folder can be moved", "%s lies outside of the notes", from)
	}
	if m.isContentDir(from) {
		return "", false, refuse("name a section below it", "%s is the folder of all notes", from)
	}
	is, isDir := m.Exists(from)
	if !is {
		for _, ext := range []string{".md", ".markdown"} {
			if ok, d := m.Exists(from + ext); ok && !d {
				from, is = from+ext, true
				break
			}
		}
	}
	if !is {
		return "", false, m.notThere(from)
	}
	if isDir {
		return from, true, nil
	}
	if !m.IsNote(from) {
		return "", false, refuse("move other files by hand; `lectern build` says which links miss them", "%s is no note", from)
	}
	base := strings.ToLower(path.Base(m.stem(from)))
	if base == "index" || base == "_index" || base == "readme" && m.isIndex(from) {
		if m.isContentDir(path.Dir(from)) {
			return "", false, refuse("name a note or a section", "%s is the site's first page, which has its place", from)
		}
		return path.Dir(from), true, nil
	}
	if m.isIndex(from) { // day1.md beside day1/
		return m.stem(from), true, nil
	}
	if m.Site.Page(from) == nil {
		return "", false, refuse("`lectern build -v` says why", "%s is no page of the site", from)
	}
	return from, false, nil
}

// notThere says what else could be meant, or that it was done already.
func (m *mover) notThere(from string) error {
	key := "/" + strings.TrimPrefix(m.stem(from), m.contentDir(from)+"/")
	var names []string
	for _, s := range m.Site.All() {
		for _, r := range s.Redirects {
			if strings.TrimSuffix(strings.TrimSuffix("/"+r.OutPath, ".html"), "/index") == strings.ToLower(key) && r.To.Note != nil && !m.hidden(r.To.Note.Path) {
				return refuse("its old address leads there", "there is no %s any more: it is now %s", from, r.To.Note.Path)
			}
		}
	}
	for _, n := range m.Input.Notes {
		if n.Readable && n.Front.Visibility == 0 {
			names = append(names, n.Path)
		}
	}
	hint := "name a note or a folder of notes"
	if near := diag.Nearest(from, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return refuse(hint, "there is no note or folder %s", from)
}

func (m *mover) hidden(p string) bool {
	for _, n := range m.Input.Notes {
		if n.Path == p {
			return n.Front.Visibility != 0
		}
	}
	return true
}

// isIndex is true for a note that is the text of a folder.
func (m *mover) isIndex(p string) bool {
	for _, s := range m.Site.All() {
		for _, page := range s.Folders() {
			if page.Note != nil && page.Note.Path == p {
				return true
			}
		}
	}
	return false
}

// noteTarget completes the new name of a note.
func (m *mover) noteTarget(from, to string) (string, error) {
	switch strings.ToLower(path.Ext(to)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".mkdn":
	default:
		to += path.Ext(from)
	}
	if key := m.key(from); key != "" && m.key(to) == "" {
		ext := path.Ext(to)
		to = strings.TrimSuffix(to, ext) + "." + key + ext
	}
	switch strings.ToLower(path.Base(m.stem(to))) {
	case "_index", "index", "readme":
		return "", refuse("give it a name of its own", "%s would be the text of its folder", to)
	}
	if !m.IsNote(to) {
		return "", refuse("choose another name, or look at ignoreFiles in the configuration", "%s would be no note", to)
	}
	return to, nil
}

func (m *mover) folderTarget(from, to string) (string, error) {
	if base := strings.ToLower(path.Base(to)); base == "_index.md" || base == "index.md" || base == "readme.md" {
		to = path.Dir(to)
	}
	if m.IsNote(to) && path.Ext(to) != "" && path.Ext(from) == "" {
		return "", refuse("name a folder", "%s is a folder, and %s is the name of a note", from, to)
	}
	return to, nil
}

// checkNames refuses new places that cannot be.
func (m *mover) checkNames(from, to string) error {
	switch {
	case from == to:
		return refuse("", "%s is there already", from)
	case strings.EqualFold(from, to):
		return refuse("move it to another name first, and from there to this one", "%s and %s are one file on many systems", from, to)
	case strings.HasPrefix(to, from+"/"):
		return refuse("choose a place outside of it", "%s can't be moved into itself", from)
	case m.contentDir(to) == "":
		return refuse("choose a place in the folder "+m.contentDir(from), "%s lies outside of the notes", to)
	case m.language(from) != m.language(to):
		return refuse("translations move together; keep the language", "%s would be in another language", to)
	}
	for name := range strings.SplitSeq(to, "/") {
		if why := Unusable(name); why != "" {
			return refuse("choose another name", "%q can't be a name: %s", name, why)
		}
	}
	return nil
}

// free refuses to write over anything.
func (m *mover) free() error {
	for to := range m.from {
		if is, _ := m.Exists(to); is {
			if _, leaves := m.to[to]; !leaves {
				return refuse("choose another name, or move that one first", "%s is there already", to)
			}
		}
	}
	if len(m.from) == 0 {
		return refuse("", "there is nothing in %s", m.plan.From)
	}
	return nil
}

func (m *mover) contentDir(p string) string {
	best := ""
	for _, dir := range m.Input.Config.ContentDirs() {
		if dir == "." || strings.HasPrefix(p, dir+"/") && len(dir) > len(best) {
			best = dir
		}
	}
	if best == "." && (slices.ContainsFunc(m.Input.Config.StaticDirs, func(d string) bool { return p == d || strings.HasPrefix(p, d+"/") }) || p == ".." || strings.HasPrefix(p, "../")) {
		return ""
	}
	return best
}

func (m *mover) isContentDir(p string) bool {
	return slices.Contains(m.Input.Config.ContentDirs(), p)
}

func (m *mover) language(p string) *config.Config { return m.Input.Config.FileLanguage(p) }

// takeNote moves a note with its translations and attachments.
func (m *mover) takeNote(from, to string) error {
	m.move(from, to)
	if page := m.Site.Page(from); page != nil {
		for _, t := range page.Translations {
			if t.Page.Note == nil {
				continue
			}
			if other := t.Page.Note.Path; other != from {
				m.takeTranslation(other, from, to)
			}
		}
	}
	for _, p := range []string{from, m.stem(from) + ".md"} {
		dir := strings.TrimSuffix(p, path.Ext(p)) + ".files"
		if is, isDir := m.Exists(dir); is && isDir {
			base := strings.TrimSuffix(to, path.Ext(to))
			if p != from {
				base = m.stem(to)
			}
			if err := m.below(dir, base+".files"); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeTranslation moves a note's translation where it has its name or its place.
func (m *mover) takeTranslation(other, from, to string) {
	cut := func(p string) string { return strings.TrimPrefix(m.stem(p), m.contentDir(p)+"/") }
	if cut(other) != cut(from) {
		return
	}
	key := m.key(other)
	if key != "" {
		key = "." + key
	}
	m.move(other, path.Join(m.contentDir(other), cut(to))+key+path.Ext(other))
}

// takeFolder moves a folder in all content folders, with the note beside it
// that is its text.
func (m *mover) takeFolder(from, to string) error {
	rel := strings.TrimPrefix(from, m.contentDir(from)+"/")
	relTo := strings.TrimPrefix(to, m.contentDir(to)+"/")
	for _, dir := range m.Input.Config.ContentDirs() {
		old, new := path.Join(dir, rel), path.Join(dir, relTo)
		if is, isDir := m.Exists(old); is && isDir {
			if is, _ := m.Exists(new); is {
				return refuse("choose another name, or move that one first", "%s is there already", new)
			}
			if err := m.below(old, new); err != nil {
				return err
			}
		}
	}
	for _, s := range m.Site.All() {
		if page := s.Folders()[rel]; page != nil && page.Note != nil {
			if p := page.Note.Path; m.to[p] == "" && m.stem(p) == path.Join(m.contentDir(p), rel) {
				m.move(p, path.Join(m.contentDir(p), relTo)+strings.TrimPrefix(p, m.stem(p)))
			}
		}
	}
	return nil
}

// below moves all files of a folder.
func (m *mover) below(from, to string) error {
	files, err := m.Below(from)
	if err != nil {
		return err
	}
	m.dirs = append(m.dirs, [2]string{from, to})
	for _, f := range files {
		m.move(f, to+strings.TrimPrefix(f, from))
	}
	return nil
}

func (m *mover) move(from, to string) {
	m.to[from], m.from[to] = to, from
}

// maxName is the length that all file systems allow, with room for an extension.
const maxName = 200

// Unusable says why name can't be a file's or a folder's on every system; ""
// where it can.
func Unusable(name string) string {
	switch {
	case name == "" || name == "." || name == "..":
		return "it is none"
	case !utf8.ValidString(name):
		return "it is not UTF-8"
	case len(name) > maxName:
		return "it is too long"
	case name[0] == '.':
		return "files that begin with a dot are hidden"
	case strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || name[0] == ' ':
		return "Windows drops a dot or a space at its end"
	case strings.ContainsAny(name, `<>:"|?*\`):
		return "one of " + `<>:"|?*\` + " is in it"
	case strings.ContainsFunc(name, unicode.IsControl):
		return "it has control characters"
	}
	bare, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch bare = strings.TrimSpace(bare); bare {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return "it means a device on Windows"
	}
	if len(bare) == 4 && (strings.HasPrefix(bare, "com") || strings.HasPrefix(bare, "lpt")) && bare[3] >= '0' && bare[3] <= '9' {
		return "it means a device on Windows"
	}
	return ""
}
