// Package fetch gets programmes and lists of recordings from the web.
//
// Addresses come from people, files and redirects, and so may lead anywhere.
// A client of this package follows few redirects, waits a bounded time, reads a
// bounded number of bytes, sends no credentials, and speaks to no address of
// the machine itself, of its own network's links or of a cloud's metadata
// service unless it is told to. The address is looked at when the connection
// is made, so that a name that changes its mind is of no use.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Options bounds what a client does. The zero value is for people at a terminal.
type Options struct {
	// Local allows addresses of this machine and of its links.
	Local bool
	// MaxBytes is the most that an answer may have; 0 is 64 MB.
	MaxBytes int64
	// Timeout is how long a whole request may take; 0 is a minute.
	Timeout time.Duration
	// Agent is what the client calls itself; "" is "lectern".
	Agent string
}

const (
	maxRedirects   = 5
	defaultBytes   = 64 << 20
	defaultTimeout = time.Minute
)

// ErrLocal is found in the error about an address that must not be spoken to.
var ErrLocal = errors.New("it is an address of this machine or its own network")

// IsURL is true for what is to be fetched instead of being read from a file.
func IsURL(s string) bool {
	lower := strings.ToLower(s)
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

// Client returns an HTTP client that keeps to the options' limits but for
// MaxBytes, which is for who reads an answer's body. It keeps no cookies.
func Client(opts Options) *http.Client {
	dialer := &net.Dialer{Timeout: 15 * time.Second}
	if !opts.Local {
		dialer.Control = refuseLocal
	}
	transport := &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    15 * time.Second,
		ResponseHeaderTimeout:  30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        30 * time.Second,
	}
	proxied := opts.useProxy(transport)
	return &http.Client{
		Timeout:   orDefault(opts.Timeout, defaultTimeout),
		Transport: named{cmp.Or(opts.Agent, "lectern"), transport},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return fmt.Errorf("it was redirected more than %d times", maxRedirects)
			}
			if via[len(via)-1].URL.Scheme == "https" && r.URL.Scheme != "https" {
				return fmt.Errorf("it is redirected from https to %s", r.URL.Scheme)
			}
			return checkURL(r.URL, opts.Local || !proxied)
		},
	}
}

// useProxy lets a proxy of the environment be used. It is who makes the
// connections then, and all that can be looked at here are addresses that are
// written as such.
func (o Options) useProxy(t *http.Transport) bool {
	configured := false
	for _, target := range []string{"http://example.org/", "https://example.org/"} {
		u, err := http.ProxyFromEnvironment(&http.Request{URL: mustParse(target)})
		configured = configured || err != nil || u != nil
	}
	if !configured {
		return false
	}
	direct := t.DialContext
	open := (&net.Dialer{Timeout: 15 * time.Second}).DialContext
	t.Proxy = http.ProxyFromEnvironment
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		for _, scheme := range []string{"http", "https"} {
			u, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: scheme, Host: "example.org"}})
			if err == nil && u != nil && proxyAddress(u) == addr {
				return open(ctx, network, addr)
			}
		}
		return direct(ctx, network, addr)
	}
	return true
}

func mustParse(s string) *url.URL {
	u, _ := url.Parse(s) // of constants, which parse
	return u
}

func proxyAddress(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

// named says who asks.
type named struct {
	agent string
	next  http.RoundTripper
}

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", n.agent)
	return n.next.RoundTrip(r)
}

// refuseLocal is asked with the address that a connection is about to go to.
func refuseLocal(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("the address %s: %w", address, err)
	}
	if isLocal(ap.Addr()) {
		return fmt.Errorf("%s: %w", ap.Addr(), ErrLocal)
	}
	return nil
}

// isLocal is true for addresses that lead to this machine, to whoever shares
// its link, to a cloud's metadata service, to many at once, or nowhere.
// Addresses of private networks are not among them: a conference's own server
// may have one, and people name it on purpose.
func isLocal(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return true
	}
	if a.Is4() {
		b := a.As4()
		return b[0] == 0 || b == [4]byte{255, 255, 255, 255} || b == [4]byte{100, 100, 100, 200}
	}
	b := a.As16()
	if b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b { // NAT64
		return isLocal(netip.AddrFrom4([4]byte(b[12:])))
	}
	return b == [16]byte{0: 0xfd, 2: 0x0e, 3: 0xc2, 14: 0x02, 15: 0x54} // a cloud's metadata, fd00:ec2::254
}

// checkURL looks at an address before anyone is asked about it. Where the
// connection is looked at anyway, the name may be any.
func checkURL(u *url.URL, any bool) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q is not fetched, only http and https are", u.Scheme)
	}
	if u.Host == "" {
		return errors.New("the address names no host")
	}
	if any {
		return nil
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return ErrLocal
	}
	if a, err := netip.ParseAddr(host); err == nil && isLocal(a) {
		return ErrLocal
	}
	return nil
}

// Get returns what stands at an address. Its errors name the address without
// what may be secret in it.
func Get(ctx context.Context, address string, opts Options) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("fetch %q: this is no web address", address)
	}
	shown := Shown(u)
	if err := checkURL(u, opts.Local); err != nil {
		return nil, fmt.Errorf("fetch %s: %w", shown, err)
	}
	data, err := get(ctx, u, opts)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", shown, err)
	}
	return data, nil
}

func get(ctx context.Context, u *url.URL, opts Options) (data []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("this is no web address")
	}
	client := Client(opts)
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return nil, cause(err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server says %q", resp.Status)
	}
	most := opts.MaxBytes
	if most <= 0 {
		most = defaultBytes
	}
	data, err = io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err != nil {
		return nil, cause(err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("the answer has more than %d MB", most>>20)
	}
	return data, nil
}

// cause takes the address out of an error, for it may have a secret in it and
// is told anyway.
func cause(err error) error {
	if ue, ok := errors.AsType[*url.Error](err); ok {
		if ue.Timeout() {
			return errors.New("no answer in time")
		}
		return ue.Err
	}
	return err
}

// Shown is an address as it may stand in a message: without user, password and
// query.
func Shown(u *url.URL) string {
	v := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.RawQuery != "" {
		return v.String() + "?…"
	}
	return v.String()
}

// Check looks at an address before it is asked for: whether it is one of the
// web, and none that must not be spoken to by its name. Who a name leads to is
// looked at by the client, when it connects.
func Check(u *url.URL, opts Options) error { return checkURL(u, opts.Local) }
