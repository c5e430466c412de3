//go:build !unix

package source

// nonblock is needed only where named pipes lie in folders.
const nonblock = 0
