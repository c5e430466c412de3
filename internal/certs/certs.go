// Package certs gives a server the certificates that it speaks HTTPS with: those
// that a certificate authority issues by itself (ACME), or those in files, which
// somebody else renews.
//
// It is beside the server because the library is large and only some servers need it.
package certs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// The certificate authorities that have a name of their own.
const (
	Production = certmagic.LetsEncryptProductionCA
	Staging    = certmagic.LetsEncryptStagingCA
)

// Options configure an [Issued].
type Options struct {
	// Domains are the names to have certificates of.
	Domains []string
	// Email is told to the authority, which may write when something is wrong.
	Email string
	// Dir keeps keys and certificates between runs. Without it each start would ask
	// for new ones, which authorities allow a few times a week.
	Dir string
	// CA is the address of the authority's ACME directory; "" means [Production].
	CA string
	// Roots vouch for the authority's own server; nil means the system's.
	Roots *x509.CertPool
	// HTTPPort and TLSPort are the ports at which this server answers the
	// authority's questions. No HTTPPort means that only the other one does.
	HTTPPort, TLSPort int
	// Log gets what goes wrong, a line each.
	Log io.Writer
}

// Issued are certificates that an authority issues and that are renewed in time.
type Issued struct {
	config *certmagic.Config
	cache  *certmagic.Cache
	issuer *certmagic.ACMEIssuer
	opts   Options
}

// New returns certificates for the options' domains; [Issued.Start] gets them.
func New(opts Options) (*Issued, error) {
	if len(opts.Domains) == 0 {
		return nil, errors.New("no domain to have a certificate of")
	}
	for _, d := range opts.Domains {
		if !certmagic.SubjectQualifiesForCert(d) || strings.Contains(d, "*") || !strings.Contains(d, ".") {
			return nil, fmt.Errorf("%q is no name that a certificate can be had for", d)
		}
	}
	encoding := zap.NewProductionEncoderConfig()
	encoding.EncodeTime = zapcore.RFC3339TimeEncoder
	log := zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(encoding), zapcore.Lock(zapcore.AddSync(opts.Log)), zap.WarnLevel))
	i := &Issued{opts: opts}
	i.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return i.config, nil },
		Logger:           log,
	})
	i.config = certmagic.New(i.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: opts.Dir}, Logger: log, DefaultServerName: opts.Domains[0],
	})
	ca := opts.CA
	if ca == "" {
		ca = Production
	}
	i.issuer = certmagic.NewACMEIssuer(i.config, certmagic.ACMEIssuer{
		CA: ca, TestCA: ca, Email: opts.Email, Agreed: true, TrustedRoots: opts.Roots, Logger: log,
		DisableHTTPChallenge: opts.HTTPPort == 0, AltHTTPPort: opts.HTTPPort, AltTLSALPNPort: opts.TLSPort,
	})
	i.config.Issuers = []certmagic.Issuer{i.issuer}
	return i, nil
}

// TLS returns what the server needs to speak HTTPS and to answer the authority.
func (i *Issued) TLS() *tls.Config {
	c := i.config.TLSConfig()
	c.NextProtos = append([]string{"h2", "http/1.1"}, c.NextProtos...)
	c.MinVersion = tls.VersionTLS12
	return c
}

// Start gets certificates, and renews them until ctx ends; it does not wait for them.
// The server has to listen by then.
func (i *Issued) Start(ctx context.Context) error {
	if err := i.config.ManageAsync(ctx, i.opts.Domains); err != nil {
		return fmt.Errorf("get certificates for %s: %w", strings.Join(i.opts.Domains, ", "), err)
	}
	return nil
}

// Close ends renewing.
func (i *Issued) Close() { i.cache.Stop() }

// Redirect answers requests without TLS: the authority's, and all others with the
// way to HTTPS.
func (i *Issued) Redirect() http.Handler {
	return i.issuer.HTTPChallengeHandler(Redirect(i.opts.Domains, i.opts.TLSPort))
}

// Redirect sends readers to HTTPS at port. A host that is none of domains is
// taken for the first of them; without domains any host is.
func Redirect(domains []string, port int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := *r.URL
		u.Scheme, u.Host = "", r.Host
		host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
		if len(domains) > 0 && !slices.Contains(domains, host) {
			host = domains[0]
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Connection", "close")
		if r.Method != http.MethodGet && r.Method != http.MethodHead || !plainHost(host) {
			http.Error(w, "Come by HTTPS.", http.StatusBadRequest)
			return
		}
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		if port != 443 {
			host = net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(port))
		}
		w.Header().Set("Location", "https://"+host+u.RequestURI())
		w.WriteHeader(http.StatusPermanentRedirect)
	})
}

// plainHost reports whether host is a name or an address and nothing else.
func plainHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	for _, c := range host {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			return false
		}
	}
	return host != ""
}
