package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lectern/internal/release"
)

// maxAnswer is far more than the status of a site takes.
const maxAnswer = 32 << 20

// ErrNoServer says that no server answers.
var ErrNoServer = errors.New("no server answers")

// Client speaks to a server's API.
type Client struct {
	base, token string
	http        *http.Client
}

// DialSocket returns a client of the server that uses the data folder dir, or
// [ErrNoServer].
func DialSocket(ctx context.Context, dir string) (*Client, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: readTimeout}).DialContext(ctx, "unix", path)
	}
	conn, err := dial(ctx, "", "")
	if err != nil {
		return nil, fmt.Errorf("%w at %s: %w", ErrNoServer, path, err)
	}
	if err := conn.Close(); err != nil {
		return nil, err
	}
	return &Client{base: "http://lectern/", http: &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: writeTimeout}}, nil
}

// NewClient returns a client of the server at address. A token goes to a server
// that is spoken to in the clear only if that is on this machine.
func NewClient(address, token string) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a server; it has to begin with https://", address)
	}
	if u.Scheme == "http" && !isLocal(u.Hostname()) {
		return nil, fmt.Errorf("%s would have the token sent in the clear; use https", address)
	}
	return &Client{
		base: u.Scheme + "://" + u.Host + strings.TrimSuffix(u.EscapedPath(), "/") + "/", token: token,
		http: &http.Client{
			Timeout: time.Minute,
			// A token is for the server it was given for.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Status returns how things stand.
func (c *Client) Status(ctx context.Context) (s release.Status, err error) {
	err = c.do(ctx, http.MethodGet, "releases", nil, &s)
	return s, err
}

// Rollback shows another release; see [release.Live.Rollback].
func (c *Client) Rollback(ctx context.Context, to, by string) (out Changed, err error) {
	err = c.do(ctx, http.MethodPost, "rollback", request{to, by}, &out)
	return out, err
}

// Activate shows a release; see [release.Live.Activate].
func (c *Client) Activate(ctx context.Context, to, by string) (out Changed, err error) {
	err = c.do(ctx, http.MethodPost, "activate", request{to, by}, &out)
	return out, err
}

func (c *Client) do(ctx context.Context, method, name string, in, out any) error {
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+APIPath+name, body)
	if err != nil {
		return err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		if err := json.Unmarshal(data, out); err != nil {
			return fmt.Errorf("the server's answer cannot be read: %w", err)
		}
		return nil
	}
	var f failure
	if json.Unmarshal(data, &f) != nil || f.Error == "" {
		return fmt.Errorf("the server at %s knows no such thing (%s): it may have no token, or be no lectern", c.base, resp.Status)
	}
	return errors.New(f.Error)
}
