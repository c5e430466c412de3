package cli

import (
	"context"
	"net/http"
	"time"

	"github.com/spf13/pflag"

	"lectern/internal/auth"
)

// authFlags say who may read.
type authFlags struct {
	passwords string
}

func (f *authFlags) register(fl *pflag.FlagSet) {
	fl.StringVar(&f.passwords, "auth", "", "ask readers for a name and a password of this `file`, which htpasswd -B writes")
}

var authNames = []string{"auth"}

// guard lets in who may read.
type guard interface {
	Around(next http.Handler) http.Handler
	Watch(ctx context.Context, every time.Duration, report func(error))
}

// openAuth prepares asking readers who they are.
func (f *front) openAuth(bind string) error {
	fl := f.flags.auth
	if fl.passwords == "" {
		return nil
	}
	if !f.flags.tls.on() && len(f.trusted) == 0 && !isLoopback(bind) {
		return &usageError{"--auth without HTTPS would show passwords to whoever listens on the way", "add --tls, --tls-cert, or --trusted-proxies if a proxy speaks HTTPS"}
	}
	p, err := auth.OpenPasswords(f.path(fl.passwords))
	if err != nil {
		return &hintedError{err, "htpasswd -B -c FILE NAME makes such a file"}
	}
	f.guard = p
	return nil
}
