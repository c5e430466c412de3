//go:build unix

package release

import (
	"errors"
	"os"
)

// syncDir makes the names in a folder of the store last.
func syncDir(root *os.Root, dir string) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
