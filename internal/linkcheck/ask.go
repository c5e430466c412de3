package linkcheck

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lectern/internal/fetch"
)

// ask finds out about one address, as often as it takes.
func (c *Checker) ask(ctx context.Context, address string) Answer {
	u, err := url.Parse(address)
	if err != nil {
		return Answer{State: Dead, Detail: "it is no web address"}
	}
	backoff := c.opts.Backoff
	var last Answer
	for i := range attempts {
		if i > 0 {
			if sleep(ctx, backoff) != nil {
				break
			}
			backoff *= 2
		}
		answer, again := c.follow(ctx, u)
		if last = answer; !again {
			return answer
		}
	}
	if ctx.Err() != nil {
		return Answer{State: Unasked, Detail: "there was no time left"}
	}
	return last
}

// follow goes where an address leads. The second result is true if it may be
// worth to try again.
func (c *Checker) follow(ctx context.Context, u *url.URL) (answer Answer, again bool) {
	client := *c.client
	// Some sites lead in a circle whoever does not take their cookies.
	if jar, err := cookiejar.New(nil); err == nil {
		client.Jar = jar
	}
	seen := map[string]bool{}
	moved, permanent := "", true
	for range maxRedirects {
		if seen[u.String()] {
			return Answer{State: Dead, Detail: "it redirects in a circle"}, false
		}
		seen[u.String()] = true
		status, location, answer, again := c.request(ctx, &client, u)
		if status == 0 || !isRedirect(status) {
			if answer.State == Fine {
				answer.Moved = moved
			}
			return answer, again
		}
		next, err := u.Parse(location)
		if location == "" || err != nil {
			return Answer{State: Dead, Detail: "it redirects to no web address"}, false
		}
		next.Fragment, next.RawFragment = "", ""
		permanent = permanent && (status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect)
		if permanent {
			moved = next.String()
		}
		u = next
	}
	return Answer{State: Dead, Detail: fmt.Sprintf("it redirects more than %d times", maxRedirects)}, false
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// request asks one server about one address, by HEAD and, unless that says that
// all is well, by GET: many servers get HEAD wrong.
func (c *Checker) request(ctx context.Context, client *http.Client, u *url.URL) (status int, location string, answer Answer, again bool) {
	if err := fetch.Check(u, c.opts.Fetch); err != nil {
		if errors.Is(err, fetch.ErrLocal) {
			return 0, "", Answer{State: Local, Detail: err.Error()}, false
		}
		return 0, "", Answer{State: Dead, Detail: err.Error()}, false
	}
	h := c.host(strings.ToLower(u.Host))
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		resp, down, err := c.send(ctx, client, h, method, u)
		switch {
		case down != nil:
			return 0, "", *down, false
		case ctx.Err() != nil:
			return 0, "", Answer{State: Unasked, Detail: "there was no time left"}, false
		case err != nil && method == http.MethodHead && !unreachable(err):
			continue // it closes the connection on HEAD, perhaps
		case err != nil:
			answer, again, final := failure(err)
			h.mu.Lock()
			h.unknown = h.unknown || isNameless(err)
			h.mu.Unlock()
			h.unheard(answer, final)
			return 0, "", answer, again
		}
		h.heard()
		status, location = resp.StatusCode, resp.Header.Get("Location")
		if status < 300 || isRedirect(status) {
			break
		}
		if status == http.StatusTooManyRequests {
			answer, again = c.judge(h, resp)
			return status, "", answer, again // a further question is the last that it wants
		}
		if method == http.MethodGet {
			answer, again = c.judge(h, resp)
			return status, "", answer, again
		}
	}
	return status, location, Answer{State: Fine}, false
}

// send makes one request in its turn. Of the answer only the head is left.
func (c *Checker) send(ctx context.Context, client *http.Client, h *host, method string, u *url.URL) (_ *http.Response, down *Answer, _ error) {
	leave, down, err := c.enter(ctx, h)
	if err != nil || down != nil {
		return nil, down, err
	}
	defer leave()
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Accept", "*/*")
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	if _, err := io.CopyN(io.Discard, resp.Body, readBytes); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("the answer breaks off: %w", err)
	}
	return resp, nil, nil
}

// judge says what an answer that is neither a success nor a redirect means.
func (c *Checker) judge(h *host, resp *http.Response) (a Answer, again bool) {
	a.Detail = fmt.Sprintf("the server says %q", resp.Status)
	switch s := resp.StatusCode; {
	case s == http.StatusNotFound || s == http.StatusGone:
		a.State = Gone
		return a, false
	case s == http.StatusTooManyRequests || s == http.StatusServiceUnavailable || s == http.StatusRequestTimeout:
		a.State = Failing
		if s == http.StatusTooManyRequests {
			a.State = Refused
		}
		wait := retryAfter(resp.Header.Get("Retry-After"), c.opts.Now())
		if wait > c.opts.Patience {
			return a, false
		}
		h.later(wait)
		return a, true
	case s >= 500 && s < 600:
		a.State = Failing
		return a, true
	case s == http.StatusBadRequest || s == http.StatusRequestURITooLong || s == http.StatusUnprocessableEntity:
		a.State = Gone
		return a, false
	}
	a.State = Refused // 401, 403, 451, 999 and what else there is
	return a, false
}

// retryAfter reads how long a server wants to be left alone: seconds or a date.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 {
		return time.Duration(min(n, 1<<20)) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(t.Sub(now), 0)
	}
	return 0
}

// failure says what it means that there was no answer, whether it is worth to
// try again, and whether it is the same for all addresses of the host.
func failure(err error) (a Answer, again, final bool) {
	var dns *net.DNSError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	var authority x509.UnknownAuthorityError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.Is(err, fetch.ErrLocal):
		return Answer{State: Local, Detail: fetch.ErrLocal.Error()}, false, true
	case errors.As(err, &dns) && dns.IsNotFound:
		return Answer{State: Dead, Detail: fmt.Sprintf("there is no host %s", dns.Name)}, false, true
	case errors.As(err, &dns):
		return Answer{State: Failing, Detail: fmt.Sprintf("the host %s can't be looked up", dns.Name)}, false, true
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Answer{State: Dead, Detail: "the server's certificate has expired"}, false, true
	case errors.As(err, &hostname):
		return Answer{State: Dead, Detail: "the server's certificate is for another host"}, false, true
	case errors.As(err, &authority):
		return Answer{State: Dead, Detail: "nobody that browsers trust has signed the server's certificate"}, false, true
	case errors.As(err, &verification):
		return Answer{State: Dead, Detail: "the server's certificate is not valid"}, false, true
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		return Answer{State: Dead, Detail: "no server listens there"}, false, true
	case isErrno(err, syscall.ENETUNREACH, 10051, syscall.EHOSTUNREACH, 10065):
		return Answer{State: Failing, Detail: "there is no way to the server"}, false, true
	}
	if ue, ok := errors.AsType[*url.Error](err); ok {
		if ue.Timeout() {
			return Answer{State: Failing, Detail: "no answer in time"}, true, false
		}
		err = ue.Err
	}
	return Answer{State: Failing, Detail: fmt.Sprintf("the connection failed (%v)", err)}, true, false
}

// unreachable reports whether an error says that there was no connection at
// all, so that another method is no better.
func unreachable(err error) bool {
	_, again, final := failure(err)
	ue, ok := errors.AsType[*url.Error](err)
	return final || !again || ok && ue.Timeout()
}

// isNameless reports whether an error is that of a network that is not there.
func isNameless(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) || isErrno(err, syscall.ENETUNREACH, 10051, syscall.EHOSTUNREACH, 10065)
}

// isErrno reports whether an error is one of the system's, which Windows has
// numbers of its own for.
func isErrno(err error, numbers ...syscall.Errno) bool {
	no, ok := errors.AsType[syscall.Errno](err)
	return ok && slices.Contains(numbers, no)
}
