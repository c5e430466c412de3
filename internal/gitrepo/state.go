package gitrepo

import (
	"context"
	"net/url"
	"os/exec"
	"path"
	"slices"
	"strings"
)

// State is which commit a project's folder holds.
type State struct {
	// Commit is its name in full.
	Commit string
	// Branch is the one that is checked out, "" for none (as in many CI jobs).
	Branch string
	// Tags are the commit's, sorted.
	Tags []string
	// Address is where the repository is fetched from, for people: with HTTPS, and
	// without user and password. It is "" where that is no address on the web.
	Address string
	// Dirty says that notes or other files in the folder differ from the commit.
	Dirty bool
}

// State returns which commit the folder holds. It is false where there is no
// git, no repository or no commit.
func (w *Work) State(ctx context.Context) (State, bool, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return State{}, false, nil
	}
	s := State{Commit: w.commit(ctx, "HEAD")}
	if s.Commit == "" {
		return State{}, false, ctx.Err()
	}
	if out, err := w.git(ctx, localTimeout, "symbolic-ref", "--quiet", "--short", "HEAD"); err == nil {
		s.Branch = strings.TrimSpace(out)
	}
	out, err := w.git(ctx, localTimeout, "tag", "--points-at", "HEAD")
	if err != nil {
		return State{}, false, err
	}
	s.Tags = strings.Fields(out)
	slices.Sort(s.Tags)
	s.Address = webAddress(w.config(ctx, "remote.origin.url"))
	out, err = w.git(ctx, localTimeout, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".")
	if err != nil {
		return State{}, false, err
	}
	s.Dirty = differs(out)
	return s, true, nil
}

// differs reports whether git's status names a file that the commit has or a
// note that it lacks. Other new files are mostly what was built.
func differs(status string) bool {
	for line := range strings.SplitSeq(status, "\x00") {
		if len(line) < 4 {
			continue
		}
		ext := strings.ToLower(path.Ext(line[3:]))
		if !strings.HasPrefix(line, "??") || ext == ".md" || ext == ".markdown" {
			return true
		}
	}
	return false
}

// webAddress makes an address for people of what git fetches from:
// git@forge.example.org:talks/notes.git is https://forge.example.org/talks/notes.
func webAddress(remote string) string {
	if host, name, ok := strings.Cut(remote, ":"); ok && !strings.Contains(host, "/") && !strings.HasPrefix(name, "//") && strings.Contains(host, ".") {
		remote = "ssh://" + host + "/" + strings.TrimPrefix(name, "/")
	}
	u, err := url.Parse(remote)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	host := u.Host
	switch u.Scheme {
	case "https", "http":
	case "ssh", "git", "git+ssh", "ssh+git":
		host = u.Hostname() // the port is ssh's
	default:
		return ""
	}
	clean := url.URL{Scheme: "https", Host: host, Path: strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), ".git")}
	return clean.String()
}
