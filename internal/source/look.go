package source

import (
	"errors"
	"io/fs"
)

// Look returns the file at a slash path as it is now, whether a tree lists it
// or not. The error is [fs.ErrNotExist] where there is no file (but perhaps a
// folder), and for names that no project has.
func (d *Dir) Look(name string) (*File, error) {
	if !fs.ValidPath(name) || name == "." || Ignored(name) {
		return nil, &fs.PathError{Op: "look", Path: name, Err: fs.ErrNotExist}
	}
	info, err := d.root.Stat(name)
	if err != nil {
		if isNotDir(err) || errors.Is(err, fs.ErrInvalid) {
			err = &fs.PathError{Op: "look", Path: name, Err: fs.ErrNotExist}
		}
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "look", Path: name, Err: fs.ErrNotExist}
	}
	return &File{Path: name, Bytes: info.Size(), ModTime: info.ModTime(), info: info, dir: d}, nil
}
