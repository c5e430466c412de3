//go:build !unix

package cli

import "os"

// maxFiles is how many files this process may have open; 0 if that is not known.
func maxFiles() uint64 { return 0 }

// restartSignal never comes where processes can't be handed sockets.
func restartSignal() (asked <-chan os.Signal, forget func()) { return nil, func() {} }
