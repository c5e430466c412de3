package cli

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"

	"lectern/internal/control"
	"lectern/internal/release"
)

// openControl lets what is live be seen and changed: through routes, and over
// the socket in the data folder until ctx ends. The function it returns waits
// for that.
func (a *app) openControl(ctx context.Context, live *release.Live, data string, f gitFlags, log *slog.Logger, routes map[string]http.Handler) (wait func(), err error) {
	token, err := a.secret(f.controlTokenFile, "LECTERN_TOKEN")
	if err != nil {
		return nil, err
	}
	h, err := control.New(live, token, log)
	if err != nil {
		return nil, &hintedError{err, "make one with: head -c 24 /dev/urandom | base64"}
	}
	maps.Copy(routes, h.Routes())
	ln, err := control.Listen(ctx, data)
	if errors.Is(err, control.ErrSocketPath) {
		log.Warn("lectern rollback and its like reach this server with --server only", "error", err)
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	var serving workers
	serving.run(func() {
		if err := h.Serve(ctx, ln); err != nil {
			log.Error("the socket", "error", err)
		}
	})
	return serving.Wait, nil
}
