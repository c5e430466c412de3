package cli

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"lectern/internal/auth"
)

// authFlags say who may read.
type authFlags struct {
	passwords string

	issuer, clientID, secretFile string
	allow                        []string
	session                      time.Duration
	url                          string
}

func (f *authFlags) register(fl *pflag.FlagSet) {
	fl.StringVar(&f.passwords, "auth", "", "ask readers for a name and a password of this `file`, which htpasswd -B writes")
	fl.StringVar(&f.issuer, "oidc-issuer", "", "have readers sign in at the identity provider at this `address` (OpenID Connect)")
	fl.StringVar(&f.clientID, "oidc-client-id", "", "the `name` by which the provider knows this website")
	fl.StringVar(&f.secretFile, "oidc-client-secret-file", "", "the `file` with the secret that goes with it (default: LECTERN_OIDC_CLIENT_SECRET)")
	fl.StringSliceVar(&f.allow, "oidc-allow", nil, "`whom` to let in: domain:example.org, email:noor@example.org, group:staff, or any;\nseveral with commas, of which one has to fit")
	fl.DurationVar(&f.session, "oidc-session", 12*time.Hour, "how `long` to know a reader before the provider is asked again")
	fl.StringVar(&f.url, "oidc-url", "", "this website's `address` as the provider knows it (default: that of each request)")
}

var (
	oidcNames = []string{"oidc-issuer", "oidc-client-id", "oidc-client-secret-file", "oidc-allow", "oidc-session", "oidc-url"}
	authNames = slices.Concat([]string{"auth"}, oidcNames)
)

// guard lets in who may read.
type guard interface {
	Around(next http.Handler) http.Handler
	Watch(ctx context.Context, every time.Duration, report func(error))
}

// openAuth prepares asking readers who they are.
func (f *front) openAuth(bind string) (err error) {
	fl := f.flags.auth
	switch {
	case fl.passwords != "" && fl.issuer != "":
		return &usageError{"--auth and --oidc-issuer ask readers in two ways", "leave out one of them"}
	case fl.issuer == "" && (fl.clientID != "" || fl.secretFile != "" || len(fl.allow) > 0 || fl.url != ""):
		return &usageError{"there is no identity provider", "name it with --oidc-issuer"}
	case fl.passwords == "" && fl.issuer == "":
		return nil
	case !f.flags.tls.on() && len(f.trusted) == 0 && !isLoopback(bind):
		return &usageError{"asking readers who they are without HTTPS would tell whoever listens on the way", "add --tls, --tls-cert, or --trusted-proxies if a proxy speaks HTTPS"}
	case fl.issuer != "":
		return f.openOIDC()
	}
	p, err := auth.OpenPasswords(f.path(fl.passwords))
	if err != nil {
		return &hintedError{err, "htpasswd -B -c FILE NAME makes such a file"}
	}
	f.guard = p
	return nil
}

func (f *front) openOIDC() error {
	fl := f.flags.auth
	secret, err := f.secret(fl.secretFile, "LECTERN_OIDC_CLIENT_SECRET")
	if err != nil {
		return err
	}
	if fl.session <= 0 {
		return &usageError{"--oidc-session is no time", "12h is half a day"}
	}
	dir, err := f.stateDir()
	if err != nil {
		return err
	}
	key, err := auth.Key(dir)
	if err != nil {
		return err
	}
	o, err := auth.NewOIDC(auth.OIDCOptions{
		Issuer: fl.issuer, ClientID: fl.clientID, ClientSecret: secret, Allow: fl.allow, Key: key,
		Session: fl.session, URL: fl.url, Log: slog.New(slog.NewTextHandler(f.Err, nil)),
	})
	if err != nil {
		return &usageError{"--oidc-issuer: " + err.Error(), "give --oidc-issuer https://…, --oidc-client-id and --oidc-allow domain:example.org"}
	}
	f.guard = o
	return nil
}
