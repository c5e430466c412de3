package image

import (
	"io"
	"sync/atomic"
)

// sentLayer is a layer that knows whether its bytes were asked for.
type sentLayer struct {
	*layer
	opened atomic.Bool
}

// Compressed returns the compressed layer.
func (l *sentLayer) Compressed() (io.ReadCloser, error) {
	l.opened.Store(true)
	return l.layer.Compressed()
}
