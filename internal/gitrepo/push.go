package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Sent says what a [Work.Push] did.
type Sent struct {
	// Commits is how many were pushed, Received how many came from others.
	Commits, Received int
	// Conflicts are the places where others and the owner wrote differently.
	Conflicts []Conflict
}

// maxRaces is how often a push is tried again after somebody else's came first.
const maxRaces = 4

// Push brings what others pushed together with the commits of the branch, and
// pushes these. An [OfflineError] says that the other repository could not be
// reached: nothing is lost then. who names the owner in files that keep both
// versions.
func (w *Work) Push(ctx context.Context, b *Branch, who string) (Sent, error) {
	var sent Sent
	for try := 1; ; try++ {
		if _, err := w.network(ctx, "fetch", "--progress", "--no-recurse-submodules", b.Remote, b.Ref); err != nil {
			if ge, ok := errors.AsType[*gitError](err); !ok || !strings.Contains(ge.said, "couldn't find remote ref") {
				return sent, err
			}
			// An empty repository: the branch comes into being with this push.
			return w.push(ctx, b, sent, w.count(ctx, "HEAD"))
		}
		theirs := w.commit(ctx, "FETCH_HEAD")
		ours := w.commit(ctx, "HEAD")
		if ctx.Err() != nil {
			return sent, ctx.Err()
		}
		if theirs == "" || ours == "" {
			return sent, errors.New("git found nothing where commits were fetched")
		}
		received := w.count(ctx, ours+".."+theirs)
		ahead := w.count(ctx, theirs+".."+ours)
		if received > 0 {
			conflicts, err := w.together(ctx, ours, theirs, ahead, who)
			if err != nil {
				return sent, err
			}
			sent.Received += received
			sent.Conflicts = append(sent.Conflicts, conflicts...)
			ahead = w.count(ctx, theirs+"..HEAD")
		}
		if ahead == 0 {
			return sent, nil
		}
		done, err := w.push(ctx, b, sent, ahead)
		if ge, ok := errors.AsType[*gitError](err); ok && try < maxRaces &&
			(strings.Contains(ge.said, "fetch first") || strings.Contains(ge.said, "non-fast-forward") || strings.Contains(ge.said, "cannot lock ref")) {
			continue // somebody was quicker
		}
		return done, err
	}
}

func (w *Work) push(ctx context.Context, b *Branch, sent Sent, commits int) (Sent, error) {
	_, err := w.network(ctx, "push", "--progress", b.Remote, "HEAD:"+b.Ref)
	if err == nil {
		sent.Commits = commits
	}
	return sent, err
}

func (w *Work) count(ctx context.Context, commits string) int {
	out, err := w.git(ctx, localTimeout, "rev-list", "--count", commits)
	n := 0
	if err == nil {
		_, err = fmt.Sscan(out, &n)
	}
	if err != nil {
		return 0
	}
	return n
}

// network runs git for what asks another machine, and tells failures apart.
func (w *Work) network(ctx context.Context, args ...string) (string, error) {
	out, err := w.run(ctx, job{dir: w.dir, args: args, limit: networkSilence, talks: true})
	if err == nil {
		return out, nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return out, &OfflineError{fmt.Sprintf("no answer in %v", networkSilence)}
	}
	ge, ok := errors.AsType[*gitError](err)
	if !ok {
		return out, err
	}
	said := strings.ToLower(ge.said)
	for _, sign := range []string{"authentication failed", "permission denied", "could not read username", "could not read password", "terminal prompts disabled", "host key verification failed", "returned error: 403", "returned error: 401", "access denied"} {
		if strings.Contains(said, sign) {
			return out, &StateError{"the other repository does not let you in: " + ge.said, "log in once with git itself: git fetch"}
		}
	}
	for _, sign := range []string{"remote rejected", "repository not found"} {
		if strings.Contains(said, sign) && !strings.Contains(said, "cannot lock ref") { // that is a race
			return out, &StateError{
				"the other repository refuses this: " + ge.said,
				"nothing is lost, what you wrote is committed here; git status and git log show what it refuses",
			}
		}
	}
	for _, sign := range []string{
		"could not resolve", "unable to access", "connection refused", "connection timed out", "connection reset", "connection closed",
		"network is unreachable", "no route to host", "operation timed out", "failed to connect", "temporary failure", "unable to connect",
		"does not appear to be a git repository", "could not read from remote repository", "unable to look up", "the remote end hung up",
		"early eof", "broken pipe", "rpc failed",
	} {
		if strings.Contains(said, sign) {
			return out, &OfflineError{ge.said}
		}
	}
	return out, err
}
