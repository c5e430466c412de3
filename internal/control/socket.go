package control

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// socketName is the socket in a data folder.
const socketName = "lectern.sock"

// maxSocketPath is what all systems take.
const maxSocketPath = 100

// ErrSocketPath says that the data folder's name is too long for a socket in it.
var ErrSocketPath = errors.New("the folder's name is too long for a socket in it")

// Timeouts of the socket: those who use it are on the same machine.
const (
	readTimeout  = 10 * time.Second
	writeTimeout = time.Minute
)

// Listen opens the socket in the data folder dir, which has to be this
// process's alone: one that is left from before is replaced.
func Listen(ctx context.Context, dir string) (net.Listener, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the socket: %w", err)
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the socket: %w", err)
	}
	// The folder lets nobody else in; this is for one that was made by others.
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("open the socket: %w", err), ln.Close())
	}
	return ln, nil
}

func socketPath(dir string) (string, error) {
	path, err := filepath.Abs(filepath.Join(dir, socketName))
	if err != nil {
		return "", err
	}
	if len(path) > maxSocketPath {
		return "", fmt.Errorf("%w: %s", ErrSocketPath, dir)
	}
	return path, nil
}

// Serve answers the API at ln, which only those reach who may use it, until ctx
// ends.
func (h *Handlers) Serve(ctx context.Context, ln net.Listener) error {
	hs := &http.Server{
		Handler: h.Trusted(), ReadTimeout: readTimeout, WriteTimeout: writeTimeout, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	stop := context.AfterFunc(ctx, func() { _ = hs.Close() })
	defer stop()
	if err := hs.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the socket: %w", err)
	}
	return nil
}
