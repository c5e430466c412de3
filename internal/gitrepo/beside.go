package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Ref is a name of a remote repository, such as refs/heads/main, and its commit.
type Ref struct{ Name, Commit string }

// maxRefs is how many names of a remote are taken in.
const maxRefs = 50_000

// besideRefs is where the mirror keeps commits of other branches.
const besideRefs = "refs/beside/"

// List asks the remote for its branches and, with requests, for its pull or merge
// requests as well, which are refs/pull/N/head or refs/merge-requests/N/head.
// Nothing is fetched. Afterwards [Mirror.Branch] is known.
func (m *Mirror) List(ctx context.Context, requests bool) ([]Ref, error) {
	if m.opts.Branch == "" {
		if _, err := m.head(ctx); err != nil {
			return nil, err
		}
	}
	args := []string{"ls-remote", "--heads", "--", m.remote.URL}
	if requests {
		args = []string{"ls-remote", "--", m.remote.URL, "refs/heads/*", "refs/pull/*/head", "refs/merge-requests/*/head"}
	}
	out, err := m.talk(ctx, args...)
	if err != nil {
		return nil, err
	}
	var refs []Ref
	for text := range strings.Lines(out) {
		id, name, ok := strings.Cut(strings.TrimRight(text, "\n"), "\t")
		if _, err := parseID(id); err != nil || !ok || !plainRef(name) {
			continue
		}
		if refs = append(refs, Ref{name, id}); len(refs) == maxRefs {
			break
		}
	}
	return refs, nil
}

// plainRef reports whether name is one that git may be given, and people read.
func plainRef(name string) bool {
	if !strings.HasPrefix(name, "refs/") || len(name) > 250 || strings.Contains(name, "..") || strings.ContainsAny(name, " :^~?*[\\\x7f") {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '\ufffd' })
}

// FetchRef brings what the remote has at ref and keeps it under the name as, a
// word. It returns the commit that it is by now, and [ErrBranchGone] where there
// is nothing any more. It may go on while others call Fetch, and leaves them a
// quarter of the room: nobody who writes to another branch can use up all of it.
func (m *Mirror) FetchRef(ctx context.Context, ref, as string) (commit string, err error) {
	if !plainRef(ref) {
		return "", &AddressError{fmt.Sprintf("%q is no name of a branch", ref), ""}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	room := m.opts.MaxBytes / 4 * 3
	if m.size() > room {
		return "", fmt.Errorf("%w: there is no room for %s", ErrTooLarge, ref)
	}
	done := make(chan struct{})
	defer close(done)
	go m.watchSize(done, room, func() { cancel(ErrTooLarge) })
	args := []string{"--force", "--", m.remote.URL, "+" + ref + ":" + besideRefs + as}
	err = m.fetch(ctx, args...)
	if err != nil && strings.Contains(err.Error(), "shallow file has changed") { // by Deepen
		err = m.fetch(ctx, args...)
	}
	if err != nil {
		return "", err
	}
	out, err := m.ask(ctx, "rev-parse", "--verify", besideRefs+as+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("fetch %s: %w", ref, err)
	}
	return strings.TrimSpace(out), nil
}

// Kept are the names under which FetchRef keeps something.
func (m *Mirror) Kept(ctx context.Context) ([]string, error) {
	out, err := m.ask(ctx, "for-each-ref", "--format=%(refname)", besideRefs)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, ref := range strings.Fields(out) {
		names = append(names, strings.TrimPrefix(ref, besideRefs))
	}
	return names, nil
}

// Drop forgets what FetchRef keeps under a name.
func (m *Mirror) Drop(ctx context.Context, as string) error {
	_, err := m.ask(ctx, "update-ref", "-d", besideRefs+as)
	return err
}

// Beside returns a mirror of the same objects with files of its own, in the
// folder dir, to check out other commits at the same time. Only its Describe,
// Checkout, Complete, Dir, Project and Close are for use; it is closed before m.
func (m *Mirror) Beside(dir string) (*Mirror, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	b := &Mirror{dir: dir, remote: m.remote, opts: m.opts, shared: m.gitDir()}
	b.objects.m = b
	// What git calls a linked working tree: a HEAD of its own, all else elsewhere.
	own := filepath.Join(dir, "git")
	err = errors.Join(
		os.MkdirAll(b.files(), 0o700), os.MkdirAll(own, 0o700),
	)
	if err == nil {
		err = errors.Join(
			os.WriteFile(filepath.Join(own, "commondir"), []byte(b.shared+"\n"), 0o600),
			os.WriteFile(filepath.Join(own, "gitdir"), []byte(filepath.Join(b.files(), gitFile)+"\n"), 0o600),
		)
	}
	if err == nil {
		b.root, err = os.OpenRoot(b.files())
	}
	if err != nil {
		return nil, fmt.Errorf("open another copy of the files: %w", err)
	}
	return b, nil
}
