//go:build !release

package slimserver

import "io/fs"

// embedded is nothing: this build was not made by internal/dist.
func embedded() fs.FS { return nil }
