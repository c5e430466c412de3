//go:build !unix

package gitrepo

import (
	"errors"
	"io/fs"
)

// unwritable reports whether err says that no file can have such a name here.
func unwritable(err error) bool {
	var pe *fs.PathError
	return errors.Is(err, fs.ErrInvalid) || errors.As(err, &pe) && pe.Op == "open" && !errors.Is(err, fs.ErrPermission)
}
