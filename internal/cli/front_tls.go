package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"lectern/internal/certs"
	"lectern/internal/listen"
)

// tlsFlags say how to speak HTTPS.
type tlsFlags struct {
	domains   []string
	email     string
	ca        string
	caRoot    string
	plain     string
	cert, key string
}

func (f *tlsFlags) register(fl *pflag.FlagSet) {
	fl.StringSliceVar(&f.domains, "tls", nil, "speak HTTPS, with certificates for these `domains` that are got and renewed by themselves\n(Let's Encrypt, whose terms you agree to with this)")
	fl.StringVar(&f.email, "tls-email", "", "the `address` at which the certificate authority may write to you")
	fl.StringVar(&f.ca, "tls-ca", "", "the `address` of another certificate authority's ACME directory;\n\"staging\" is Let's Encrypt's for trying out")
	fl.StringVar(&f.caRoot, "tls-ca-root", "", "a `file` of certificates that vouch for that authority's own server")
	fl.StringVar(&f.plain, "tls-http-listen", ":80", "the `address` at which the authority asks, and readers are sent to HTTPS; \"off\" is none")
	fl.StringVar(&f.cert, "tls-cert", "", "speak HTTPS with the certificate in this `file`, which may change while the server runs")
	fl.StringVar(&f.key, "tls-key", "", "the `file` of that certificate's key")
}

var tlsNames = []string{"tls", "tls-email", "tls-ca", "tls-ca-root", "tls-http-listen", "tls-cert", "tls-key"}

// on reports whether HTTPS is to be spoken.
func (f *tlsFlags) on() bool { return len(f.domains) > 0 || f.cert != "" }

func (f *tlsFlags) check() error {
	switch {
	case (f.cert == "") != (f.key == ""):
		return &usageError{"--tls-cert and --tls-key belong together", "give both"}
	case f.cert != "" && len(f.domains) > 0:
		return &usageError{"--tls gets a certificate, and --tls-cert is one", "leave out one of them"}
	case len(f.domains) == 0 && (f.email != "" || f.ca != "" || f.caRoot != ""):
		return &usageError{"there is no certificate to get", "name the domains with --tls"}
	}
	return nil
}

const plainSocket = "http"

// secure is what speaking HTTPS needs.
type secure struct {
	config *tls.Config
	issued *certs.Issued // nil for certificates in files
	files  *certs.Files
	plain  net.Listener // nil for none
	send   http.Handler // who comes without TLS, to HTTPS
	domain string       // "" where it is not known
	port   int
}

// openTLS prepares HTTPS at main.
func (f *front) openTLS(ctx context.Context, main net.Listener) error {
	fl := f.flags.tls
	if !fl.on() {
		return nil
	}
	s := &secure{port: 443}
	if t, ok := main.Addr().(*net.TCPAddr); ok {
		s.port = t.Port
	}
	f.secure = s
	plainPort := 0
	if fl.plain != "off" {
		var err error
		if s.plain, err = f.sockets.Listen(ctx, plainSocket, fl.plain); err != nil {
			return &hintedError{fmt.Errorf("listen for --tls-http-listen: %w", err), "--tls-http-listen off does without"}
		}
		if t, ok := s.plain.Addr().(*net.TCPAddr); ok {
			plainPort = t.Port
		}
		fmt.Fprintf(f.Out, "Readers at %s are sent to HTTPS\n", s.plain.Addr())
	}
	if fl.cert != "" {
		var err error
		if s.files, err = certs.OpenFiles(f.path(fl.cert), f.path(fl.key)); err != nil {
			return err
		}
		s.config, s.send = s.files.TLS(), certs.Redirect(nil, s.port)
		return nil
	}
	opts := certs.Options{Domains: fl.domains, Email: fl.email, CA: fl.ca, HTTPPort: plainPort, TLSPort: s.port, Log: f.Err}
	if fl.ca == "staging" {
		opts.CA = certs.Staging
	}
	dir, err := f.stateDir()
	if err != nil {
		return err
	}
	opts.Dir = filepath.Join(dir, "tls")
	if fl.caRoot != "" {
		pem, err := os.ReadFile(f.path(fl.caRoot))
		if err != nil {
			return fmt.Errorf("read --tls-ca-root: %w", err)
		}
		if opts.Roots = x509.NewCertPool(); !opts.Roots.AppendCertsFromPEM(pem) {
			return fmt.Errorf("there is no certificate in %s", fl.caRoot)
		}
	}
	if s.issued, err = certs.New(opts); err != nil {
		return &usageError{"--tls: " + err.Error(), "name public domains that lead to this machine"}
	}
	s.config, s.send, s.domain = s.issued.TLS(), s.issued.Redirect(), fl.domains[0]
	return nil
}

// serveTLS does what HTTPS needs beside the site, until ctx ends.
func (f *front) serveTLS(ctx context.Context, run func(func())) error {
	s := f.secure
	if s == nil {
		return nil
	}
	if s.plain != nil {
		hs := &http.Server{
			Handler: s.send, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
			IdleTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0),
		}
		run(func() {
			if err := hs.Serve(s.plain); !errors.Is(err, http.ErrServerClosed) {
				f.printError(fmt.Errorf("send readers to HTTPS: %w", err))
			}
		})
		context.AfterFunc(ctx, func() { hs.Close() })
	}
	if s.files != nil {
		run(func() { s.files.Watch(ctx, 10*time.Second, f.printError) })
		return nil
	}
	return s.issued.Start(ctx)
}

// url is what readers are to ask for.
func (f *front) url(bind string) string {
	u := address(f.main, bind)
	if f.secure == nil {
		return u
	}
	u = strings.Replace(u, "http://", "https://", 1)
	if f.secure.domain == "" {
		return u
	}
	if f.secure.port == 443 {
		return "https://" + f.secure.domain + "/"
	}
	return "https://" + net.JoinHostPort(f.secure.domain, strconv.Itoa(f.secure.port)) + "/"
}

// stateDir is where certificates and keys are kept.
func (f *front) stateDir() (string, error) {
	if f.data != "" {
		return f.path(f.data), nil
	}
	if dir := f.Env("STATE_DIRECTORY"); dir != "" {
		dir, _, _ = strings.Cut(dir, ":") // systemd lists all that it made
		return dir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", &hintedError{errors.New("there is no folder for certificates"), "set HOME or STATE_DIRECTORY"}
	}
	return filepath.Join(dir, "lectern"), nil
}

// mainSockets are the names that systemd's main socket can't have.
var mainSockets = []string{metricsSocket, plainSocket}

// listenMain opens the socket at which readers ask.
func (f *front) listenMain(ctx context.Context, bind string, port int, portGiven, bindGiven bool) (net.Listener, error) {
	if ln := f.sockets.Take(listen.Main, mainSockets...); ln != nil {
		return ln, nil
	}
	if f.flags.tls.on() {
		if !portGiven {
			port = 443
		}
		portGiven = true // no other will do
		if !bindGiven && len(f.flags.tls.domains) > 0 {
			bind = "" // who has a domain wants to be found
		}
	}
	return listenAt(ctx, bind, port, portGiven)
}
