package build

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lectern/internal/note"
	"lectern/internal/source"
)

// inclusion opens the files that one note includes and remembers what they
// were, so that the note is read again when one of them changes, comes or goes.
type inclusion struct {
	b *Builder
	// files are those that were looked at, by path; nil for one that there is not.
	files map[string]*source.File
	// over, if set, has the files in place of the disk.
	over func(name string) ([]byte, bool)
}

// open is a [note.Opener]. A name counts from the note, from its content
// folder, from the static folders or from the project's folder; one that begins
// with a slash from all but the first. Pages may be named without .md, and as a folder.
func (in *inclusion) open(from, name string, limit int64) note.Opened {
	var o note.Opened
	name = strings.ReplaceAll(name, `\`, "/")
	outside := true
	for _, base := range in.bases(from, strings.HasPrefix(name, "/")) {
		full := path.Join(base, strings.TrimLeft(name, "/"))
		if full == ".." || strings.HasPrefix(full, "../") {
			continue
		}
		outside = false
		for _, ext := range []string{"", ".md", "/index.md", "/_index.md"} {
			if slices.Contains(o.Tried, full+ext) {
				continue
			}
			if in.over != nil {
				if data, ok := in.over(full + ext); ok {
					o.Path, o.Data, o.Err = full+ext, data, nil
					return o
				}
				o.Tried = append(o.Tried, full+ext)
				continue
			}
			switch f, err := in.look(full + ext); {
			case err == nil:
				o.Path = f.Path
				if o.Data, o.Err = f.Read(limit); errors.Is(o.Err, source.ErrTooLarge) {
					o.Err = note.ErrTooLarge
				}
				return o
			case errors.Is(err, fs.ErrNotExist):
				o.Tried = append(o.Tried, full+ext)
			default: // a link that leads out of the project, or what can't be read
				o.Tried = append(o.Tried, full+ext)
				o.Err = err
			}
		}
	}
	switch {
	case outside:
		o.Err = note.ErrOutside
	case o.Err == nil:
		o.Err = fs.ErrNotExist
	}
	return o
}

// bases are the folders that a name in the note at from counts from.
func (in *inclusion) bases(from string, rooted bool) []string {
	content := in.b.contentDirOf(from)
	bases := append([]string{path.Dir(from), content}, in.b.cfg.StaticDirs...)
	if rooted {
		bases = bases[1:]
	}
	return append(bases, ".")
}

// look returns the file at name as it is now. What was built is no source.
func (in *inclusion) look(name string) (*source.File, error) {
	for _, out := range in.b.scope.Skip {
		if name == out || strings.HasPrefix(name, out+"/") {
			return nil, fs.ErrNotExist
		}
	}
	f, err := in.b.dir.Look(name)
	if in.files == nil {
		in.files = map[string]*source.File{}
	}
	if err != nil {
		f = nil
	}
	in.files[name] = f
	return f, err
}

// stale reports whether a file that the note includes is not what it was.
// touched are those that are known to have changed.
func (b *Builder) stale(p *parsed, touched map[string]bool) bool {
	for name, was := range p.included {
		if touched[name] {
			return true
		}
		now, err := b.dir.Look(name)
		if err != nil {
			now = nil
		}
		if (was == nil) != (now == nil) || was != nil && !was.Same(now) {
			return true
		}
	}
	return false
}

// contentDirOf is the content folder that the note at name lies in.
func (b *Builder) contentDirOf(name string) string {
	for _, l := range b.langs {
		if dir := l.cfg.ContentDir; strings.HasPrefix(name, dir+"/") {
			return dir
		}
	}
	return b.cfg.ContentDir
}
