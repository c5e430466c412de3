// Package forge tells a forge (GitHub, Forgejo, Gitea, GitLab) how a commit was
// built: as a commit status, which it shows beside the commit.
//
// It speaks to the one address that it was made for. A redirect is an error, so
// that a token goes nowhere else; it stands in a header, never in an address,
// and no error says it.
package forge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind is a forge's software.
type Kind string

// The kinds of forges.
const (
	GitHub  Kind = "github"
	Forgejo Kind = "forgejo"
	Gitea   Kind = "gitea"
	GitLab  Kind = "gitlab"
)

// Forge is a repository on a forge.
type Forge struct {
	Kind Kind
	// API is the address of the interface for programs, without a slash at its end.
	API string
	// Repository is the name with its owner's.
	Repository string
	// Client is used for requests; nil is one of its own.
	Client *http.Client
}

// ErrUnknown says that it can't be told what kind of forge that is, or where.
var ErrUnknown = errors.New("the repository's address does not say which forge it is on")

// Find returns the forge that a repository with the address web is on. hint is
// "", a kind, or a kind, an equals sign and the address of the forge or of the
// repository on it.
func Find(web, hint string) (*Forge, error) {
	name, address, given := strings.Cut(hint, "=")
	kind := Kind(strings.ToLower(name))
	switch kind {
	case "", GitHub, Forgejo, Gitea, GitLab:
	default:
		return nil, fmt.Errorf("%q is no kind of forge that is known: github, forgejo, gitea, gitlab", name)
	}
	if !given {
		address = web
	}
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return nil, ErrUnknown
	}
	if kind == "" {
		if kind = guess(u.Hostname()); kind == "" {
			return nil, ErrUnknown
		}
	}
	base, repository, ok := split(u, web)
	if !ok {
		return nil, ErrUnknown
	}
	f := &Forge{Kind: kind, Repository: repository}
	switch {
	case kind == GitHub && u.Hostname() == "github.com":
		f.API = "https://api.github.com"
	case kind == GitHub:
		f.API = base + "/api/v3"
	case kind == GitLab:
		f.API = base + "/api/v4"
	default:
		f.API = base + "/api/v1"
	}
	return f, nil
}

// guess tells a forge's kind from a host's name.
func guess(host string) Kind {
	switch {
	case host == "codeberg.org" || strings.Contains(host, "forgejo"):
		return Forgejo
	case strings.Contains(host, "gitea"):
		return Gitea
	case strings.Contains(host, "gitlab"):
		return GitLab
	case strings.Contains(host, "github"):
		return GitHub
	}
	return ""
}

// split returns the forge's own address and the repository's name on it.
func split(u *url.URL, web string) (base, repository string, ok bool) {
	base = u.Scheme + "://" + u.Host + u.Path
	if rest, below := strings.CutPrefix(web, base+"/"); below && strings.Contains(rest, "/") {
		return base, rest, true
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 {
		return "", "", false
	}
	return u.Scheme + "://" + u.Host, strings.TrimSuffix(strings.Join(parts, "/"), ".git"), true
}

// State is how far the build of a commit is.
type State int

// The states of a build.
const (
	Pending State = iota
	Success
	Failure
)

// Status is what to say of a commit.
type Status struct {
	Commit string
	State  State
	// Branch is the one that was built; GitLab wants to know.
	Branch string
	// Description is cut where it is longer than forges take.
	Description string
	// URL is where more is said; "" is nowhere.
	URL string
}

// label is the name under which statuses are shown: a later one with the same
// name replaces it.
const label = "lectern"

// Limits on what a forge may take, and on what it takes.
const (
	timeout        = 20 * time.Second
	maxAnswer      = 64 << 10
	maxDescription = 140 // GitHub's
)

// Error is a forge's refusal.
type Error struct {
	Status int
	Said   string
}

func (e *Error) Error() string {
	return strings.TrimSuffix(fmt.Sprintf("the forge answered %d %s: %s", e.Status, http.StatusText(e.Status), e.Said), ": ")
}

// Hint says what to do about it.
func (e *Error) Hint() string {
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return "the token needs the right to write commit statuses of this repository"
	}
	return ""
}

// Lasting reports whether trying again is of no use.
func (e *Error) Lasting() bool {
	return e.Status >= 300 && e.Status < 500 && e.Status != 429 && e.Status != 408
}

// Report says it, with a token that may.
func (f *Forge) Report(ctx context.Context, token string, s Status) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := f.request(ctx, token, s)
	if err != nil {
		return fmt.Errorf("report commit %s: %w", s.Commit, err)
	}
	client := http.Client{}
	if f.Client != nil {
		client = *f.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("report commit %s: %w", s.Commit, err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("report commit %s: %w", s.Commit, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("report commit %s: %w", s.Commit, &Error{resp.StatusCode, message(said)})
	}
	return nil
}

// request is the form in which the forge wants to hear it.
func (f *Forge) request(ctx context.Context, token string, s Status) (*http.Request, error) {
	states := map[State]string{Pending: "pending", Success: "success", Failure: "failure"}
	body := map[string]string{"description": cut(s.Description)}
	if s.URL != "" {
		body["target_url"] = s.URL
	}
	address := f.API + "/repos/" + escape(f.Repository) + "/statuses/" + url.PathEscape(s.Commit)
	if f.Kind == GitLab {
		states = map[State]string{Pending: "running", Success: "success", Failure: "failed"}
		address = f.API + "/projects/" + url.PathEscape(f.Repository) + "/statuses/" + url.PathEscape(s.Commit)
		body["name"] = label
		if s.Branch != "" {
			body["ref"] = s.Branch
		}
	} else {
		body["context"] = label
	}
	body["state"] = states[s.State]
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "lectern")
	switch f.Kind {
	case GitHub:
		r.Header.Set("Accept", "application/vnd.github+json")
		r.Header.Set("Authorization", "Bearer "+token)
	case GitLab:
		r.Header.Set("PRIVATE-TOKEN", token)
	default:
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Authorization", "token "+token)
	}
	return r, nil
}

// escape escapes a repository's name but for its slashes.
func escape(repository string) string {
	parts := strings.Split(repository, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// cut makes a description short enough for all forges.
func cut(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= maxDescription {
		return s
	}
	return string([]rune(s)[:maxDescription-1]) + "…"
}

// message is what a forge says of its refusal, fit for a log.
func message(body []byte) string {
	var m struct {
		Message any
		Error   any
	}
	if json.Unmarshal(body, &m) != nil {
		return ""
	}
	for _, said := range []any{m.Message, m.Error} {
		if s, ok := said.(string); ok && s != "" {
			return cut(strings.ToValidUTF8(s, "?"))
		}
	}
	return ""
}
