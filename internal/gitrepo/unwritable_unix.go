//go:build unix

package gitrepo

import (
	"errors"
	"io/fs"
	"syscall"
)

// unwritable reports whether err says that no file can have such a name here.
func unwritable(err error) bool {
	return errors.Is(err, syscall.ENAMETOOLONG) || errors.Is(err, syscall.EILSEQ) || errors.Is(err, fs.ErrInvalid)
}
