package cli

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"

	"lectern/internal/forge"
	"lectern/internal/preview"
)

// announce tells the forge where the preview of each commit is that is new since
// the last look. At the first look nothing is new.
func (p *previews) announce(refs []preview.Ref) {
	first := p.seen == nil
	seen := make(map[string]string, len(refs))
	labels := preview.Labels(refs)
	for label, r := range labels {
		seen[r.Name] = r.Commit
		if !first && p.seen[r.Name] != r.Commit {
			p.tell(label, r, "", forge.Success, "a preview, built when it is first opened")
		}
	}
	p.seen = seen
}

// built is the set's.
func (p *previews) built(label string, ref preview.Ref, site *preview.Site, err error, result string) {
	p.git.series.Preview(result)
	switch {
	case result == preview.ResultOK:
		p.tell(label, site.Ref, site.BaseURL, forge.Success, "a preview: "+plural(len(site.Found)+site.Elsewhere, "finding"))
	case result == preview.ResultFailed && !errors.Is(err, preview.ErrGone):
		text := "no preview: the server's log says why"
		if f, ok := errors.AsType[*preview.Failure](err); ok {
			text = "no preview: " + f.Error()
		}
		p.tell(label, ref, "", forge.Failure, text)
	}
}

// tell reports on a preview to the forge, which shows it beside the commit.
func (p *previews) tell(label string, ref preview.Ref, base string, state forge.State, text string) {
	if p.git.reporter == nil {
		return
	}
	s := forge.Status{Commit: ref.Commit, State: state, Description: text, URL: p.address(label, cmp.Or(p.git.flags.git.baseURL, base))}
	s.Branch, _ = ref.Branch()
	p.git.reporter.add(s)
}

// address is where a preview is, with the live site at live; "" where nobody said
// where that is.
func (p *previews) address(label, live string) string {
	base, err := url.Parse(live)
	if err != nil || base.Host == "" {
		return ""
	}
	if p.flags.host == "" {
		return base.JoinPath(preview.Folder, label).String() + "/"
	}
	host := label + "." + p.flags.host
	if port := base.Port(); port != "" {
		host += ":" + port
	}
	return (&url.URL{Scheme: base.Scheme, Host: host, Path: "/"}).String()
}

// closedRequests are the pull requests that webhooks said are closed, in a file:
// their refs stay on the forge.
type closedRequests struct {
	name string
	mu   sync.Mutex
	refs map[string]bool
}

// maxClosed bounds them; who closes more has long deleted the first.
const maxClosed = 20_000

// openClosed reads them. A file that can't be read is as good as none: the
// requests in it have previews again.
func openClosed(name string) *closedRequests {
	c := &closedRequests{name: name, refs: map[string]bool{}}
	data, _ := os.ReadFile(name)
	for line := range bytes.Lines(data) {
		if ref := strings.TrimSpace(string(line)); strings.HasPrefix(ref, "refs/") && len(c.refs) < maxClosed {
			c.refs[ref] = true
		}
	}
	return c
}

func (c *closedRequests) has(ref string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refs[ref]
}

func (c *closedRequests) set(ref string, closed bool, log *slog.Logger) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refs[ref] == closed || len(c.refs) >= maxClosed && closed {
		return
	}
	if closed {
		c.refs[ref] = true
	} else {
		delete(c.refs, ref)
	}
	text := strings.Join(slices.Sorted(maps.Keys(c.refs)), "\n") + "\n"
	err := os.WriteFile(c.name+".new", []byte(text), fs.FileMode(0o600))
	if err == nil {
		err = os.Rename(c.name+".new", c.name)
	}
	if err != nil {
		log.Warn("the requests that are closed can't be kept for the next start", "error", err)
	}
}
