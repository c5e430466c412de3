package build

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"lectern/internal/source"
)

// ErrFolders says that the project's folders and the output's are not such
// that a build can be right.
var ErrFolders = errors.New("the folders don't fit")

// checkFolders refuses to begin where the result could only be wrong: without
// the folder that the notes shall be in, for then every page would go; and with
// an output among the notes, which would be taken for notes, or hide them.
func (b *Builder) checkFolders() error {
	fsys := b.dir.FS()
	if info, err := fs.Stat(fsys, b.cfg.ContentDir); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return fmt.Errorf("%w: there is no folder %s, which the notes of this project are in; make it, or set contentDir", ErrFolders, b.cfg.ContentDir)
	}
	for _, root := range b.scope.Roots {
		if _, err := fs.Stat(fsys, strings.TrimPrefix(root+"/"+source.Marker, "./")); err == nil {
			return fmt.Errorf("%w: a site was built into %s, among its sources; remove the built files and %s there", ErrFolders, root, source.Marker)
		}
	}
	for _, out := range b.scope.Skip {
		for _, root := range b.scope.Roots {
			if root != "." && (out == root || strings.HasPrefix(out, root+"/")) {
				return fmt.Errorf("%w: the output %s is in %s, among its own sources; choose another output", ErrFolders, out, root)
			}
		}
		if note := b.noteIn(out); note != "" {
			return fmt.Errorf("%w: the output %s holds notes (%s); choose another output", ErrFolders, out, note)
		}
	}
	return nil
}

// noteIn returns a Markdown file in the project's folder out, unless out is
// known as an output.
func (b *Builder) noteIn(out string) string {
	fsys := b.dir.FS()
	if _, err := fs.Stat(fsys, out+"/"+source.Marker); err == nil {
		return ""
	}
	found := ""
	_ = fs.WalkDir(fsys, out, func(p string, d fs.DirEntry, err error) error { // what can't be listed holds no note that could be read
		if err == nil && !d.IsDir() && strings.EqualFold(filepath.Ext(p), ".md") {
			found = p
			return fs.SkipAll
		}
		return nil
	})
	return found
}
