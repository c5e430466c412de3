//go:build !unix

package release

import "os"

// syncDir does nothing: here a folder cannot be flushed, and a rename lasts.
func syncDir(*os.Root, string) error { return nil }
