package image

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// RepositoryOptions say how to speak to a registry.
type RepositoryOptions struct {
	// Insecure allows plain HTTP, and HTTPS with any certificate. Without it plain
	// HTTP is spoken on the loopback alone.
	Insecure bool
	// Env looks up environment variables, which lead to credentials; see
	// [credential.Find]. nil knows none.
	Env func(string) string
	// UserAgent is what the registry is told of the program.
	UserAgent string
	// Jobs is how many requests there are at once; 0 is 4.
	Jobs int

	backoff remote.Backoff // of a test
}

// Repository is a place for images in a registry.
type Repository struct {
	repo   name.Repository
	pusher *remote.Pusher
	puller *remote.Puller
}

// NameError says that a repository or a tag cannot be called so.
type NameError struct{ msg, hint string }

// Error says what is wrong.
func (e *NameError) Error() string { return e.msg }

// Hint says what to do about it.
func (e *NameError) Hint() string { return e.hint }

// SplitTag splits "registry.example.org/notes:v1" into repository and tag; the
// tag is "" where there is none.
func SplitTag(ref string) (repository, tag string) {
	i := strings.LastIndexByte(ref, ':')
	if i < 0 || strings.Contains(ref[i:], "/") {
		return ref, ""
	}
	return ref[:i], ref[i+1:]
}

// OpenRepository prepares to speak to a repository's registry. Nothing is asked yet.
func OpenRepository(repository string, opts RepositoryOptions) (*Repository, error) {
	var nameOpts []name.Option
	if opts.Insecure {
		nameOpts = append(nameOpts, name.Insecure)
	}
	repo, err := name.NewRepository(repository, append(nameOpts, name.StrictValidation)...)
	if err != nil || !strings.Contains(repository, "/") || strings.Contains(repository, "://") {
		return nil, &NameError{
			fmt.Sprintf("%q is not a repository in a registry", repository),
			"name registry and repository in lower case: registry.example.org/notes",
		}
	}
	if opts.Jobs <= 0 {
		opts.Jobs = 4
	}
	if opts.backoff.Steps == 0 {
		opts.backoff = remote.Backoff{Duration: time.Second, Factor: 2, Jitter: 0.2, Steps: 5, Cap: 30 * time.Second}
	}
	// The transport makes the pauses: a pause here would not end with its context.
	retries := remote.Backoff{Duration: time.Microsecond, Steps: opts.backoff.Steps}
	options := []remote.Option{
		remote.WithAuthFromKeychain(keychain{opts.Env}), remote.WithTransport(newTransport(opts.Insecure, opts.backoff)),
		remote.WithRetryBackoff(retries), remote.WithJobs(opts.Jobs), remote.WithUserAgent(opts.UserAgent),
		remote.WithRetryPredicate(worthRetrying),
	}
	r := &Repository{repo: repo}
	if r.pusher, err = remote.NewPusher(options...); err != nil {
		return nil, err
	}
	if r.puller, err = remote.NewPuller(options...); err != nil {
		return nil, err
	}
	return r, nil
}

// String is the repository's name.
func (r *Repository) String() string { return r.repo.Name() }

// maxTag is the longest tag that the OCI distribution spec allows.
const maxTag = 128

func (r *Repository) tag(t string) (name.Tag, error) {
	ref, err := name.NewTag(r.repo.Name()+":"+t, name.StrictValidation)
	if err != nil || len(t) > maxTag || t == "" || strings.ContainsAny(t[:1], ".-") {
		return ref, &NameError{fmt.Sprintf("%q can't be a tag", t), fmt.Sprintf("a tag has at most %d letters, digits and _.- and begins with none of .-", maxTag)}
	}
	return r.repo.Tag(t), nil
}

// worthRetrying reports whether the same request may work a moment later.
func worthRetrying(err error) bool {
	var te *transport.Error
	if errors.As(err, &te) {
		return te.Temporary()
	}
	var cert *tls.CertificateVerificationError
	var dns *net.DNSError
	var refused *plainError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &cert), errors.As(err, &refused), errors.Is(err, syscall.ECONNREFUSED), speaksPlain(err):
		return false
	case errors.As(err, &dns):
		return dns.IsTemporary || dns.IsTimeout
	}
	var op net.Error
	return errors.As(err, &op) || isBroken(err)
}

// speaksPlain reports whether err says that a server does not know HTTPS.
func speaksPlain(err error) bool {
	return err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// isUntrusted reports whether err says that a certificate is not trusted.
func isUntrusted(err error) bool {
	var unknown x509.UnknownAuthorityError
	var verification *tls.CertificateVerificationError
	return errors.As(err, &unknown) || errors.As(err, &verification)
}
