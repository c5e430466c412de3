//go:build release

package slimserver

import (
	"embed"
	"io/fs"
)

// The files are named one by one, so that a release without one of them does
// not compile.
//
//go:embed files/lectern-server-linux-amd64.gz
//go:embed files/lectern-server-linux-arm64.gz
var files embed.FS

func embedded() fs.FS { return files }
