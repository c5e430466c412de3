package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"lectern/internal/snapshot"
)

// RegistryError says what a registry would not do, and what to do about it.
type RegistryError struct {
	Repository string
	// What is the reason in a person's words; Err is what the registry said.
	What string
	Err  error
	hint string
}

// Error names repository and reason.
func (e *RegistryError) Error() string { return fmt.Sprintf("%s: %s", e.Repository, e.What) }

// Unwrap returns what the registry said.
func (e *RegistryError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *RegistryError) Hint() string { return e.hint }

// explain makes a [RegistryError] of what went wrong with the registry.
func (r *Repository) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var own interface{ Hint() string }
	if errors.As(err, &own) || errors.Is(err, snapshot.ErrChanged) {
		return err
	}
	what, hint := r.reason(err)
	var ae *attachError
	if errors.As(err, &ae) {
		what = "the " + ae.kind + " can't be put beside the image: " + what
		if hint != "" && !strings.Contains(hint, "nothing was tagged") {
			hint += "; nothing was tagged"
		}
	}
	return &RegistryError{Repository: r.repo.Name(), What: what, Err: err, hint: hint}
}

func (r *Repository) reason(err error) (what, hint string) {
	registry := r.repo.RegistryStr()
	var te *transport.Error
	var plain *plainError
	var stalled *stalledError
	var dns *net.DNSError
	switch {
	case errors.As(err, &te):
		return r.refusal(te)
	case errors.As(err, &plain):
		return plain.Error(), "with --insecure it may be plain HTTP, which anybody on the way can read and change"
	case errors.As(err, &stalled):
		return stalled.Error(), "nothing was tagged; try again later"
	case speaksPlain(err):
		return registry + " does not speak HTTPS", "with --insecure it may be plain HTTP, which anybody on the way can read and change"
	case isUntrusted(err):
		return "the certificate of " + registry + " is not trusted", "add its authority to the system's (or name its file in SSL_CERT_FILE); --insecure does without any check"
	case errors.As(err, &dns):
		return "there is no machine " + dns.Name, "look at the registry's name"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody answers at " + registry, "look at the registry's name and port"
	case isBroken(err):
		return "the connection broke off: " + brief(err), "nothing was tagged; try again"
	case strings.Contains(err.Error(), "credential"):
		return "the credentials can't be read: " + brief(err), "look at the Docker configuration and its credential helper, or use LECTERN_REGISTRY_USERNAME and LECTERN_REGISTRY_PASSWORD"
	}
	return brief(err), ""
}

// refusal explains a registry's answer.
func (r *Repository) refusal(te *transport.Error) (what, hint string) {
	registry := r.repo.RegistryStr()
	code := te.StatusCode
	for _, d := range te.Errors { // some registries say 200 or 400 and mean this
		switch d.Code {
		case transport.UnauthorizedErrorCode:
			code = http.StatusUnauthorized
		case transport.DeniedErrorCode:
			code = http.StatusForbidden
		}
	}
	switch {
	case code == http.StatusUnauthorized:
		return registry + " wants to know who you are, or does not know these credentials",
			"log in (docker login " + registry + ", podman login " + registry + "), or set LECTERN_REGISTRY_USERNAME and LECTERN_REGISTRY_PASSWORD"
	case code == http.StatusForbidden:
		return "you may not write there", "ask for the right to push to it, or name another repository"
	case code == http.StatusMethodNotAllowed:
		return registry + " is read-only", "name the registry that this one mirrors"
	case code == http.StatusNotFound:
		return "there is no such repository, or you may not see it", "with some registries it has to be made first"
	case code == http.StatusTooManyRequests:
		return registry + " has had too many requests", "wait a while and try again"
	case code == http.StatusRequestEntityTooLarge:
		return registry + " takes no layer as large as this one", "raise its limit, or that of the proxy before it"
	case code == http.StatusInsufficientStorage:
		return registry + " has no room left: " + brief(te), "nothing was tagged; tell whoever runs it"
	case code >= 500:
		return fmt.Sprintf("%s fails (status %d) again and again: %s", registry, te.StatusCode, brief(te)), "nothing was tagged; try again later"
	}
	return fmt.Sprintf("%s refuses (status %d): %s", registry, te.StatusCode, brief(te)), ""
}

// isBroken reports whether err says that a connection ended too early.
func isBroken(err error) bool {
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, syscall.EPIPE, syscall.ECONNRESET} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// brief is an error's text in one line of bearable length.
func brief(err error) string { return printable(err.Error()) }

// printable is a text in one line of bearable length, without what a terminal
// would act upon.
func printable(text string) string {
	text = strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, "\ufffd"))
	const most = 300
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
