// Package release keeps the sites that were built, so that any of the last can
// be shown again at once: after a restart, before git or a registry is reached,
// and when someone rolls back.
//
// A [Store] is a folder. Files are kept by the SHA-256 of their content, once
// for all releases, compressed where that pays, many in one pack: a build that
// changes five files of twenty thousand writes one small pack, and the first
// one large pack, each flushed to the disk once. The list of a release's files
// is cut into pieces that are kept the same way, so that it costs a release
// only the pieces that changed. A small record with a checksum says the rest.
//
// What it guarantees: a release is there whole or not at all. Packs are
// written before the record that needs them, and the record before what says
// which release is live; each gets its name when it is complete and flushed. So
// a process that is killed, or a disk that fills up, leaves every release that
// was there as it was. What is damaged is found when it is read, said, and
// never shown: an object that is not what its hash says is an error, a release
// that misses something is no release. Nothing here is needed: the folder may
// be deleted while no server runs, and costs the next start one build.
//
// [Live] owns which release is shown.
package release

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lectern/internal/snapshot"
)

// Meta is what is known of a release beside its files.
type Meta struct {
	// Commit is the full hash that was built; "" where there is none.
	Commit string `json:"commit,omitempty"`
	// Subject and Author are the commit's, Committed its time. The subject may
	// speak of private notes: it is for those who run the site.
	Subject   string    `json:"subject,omitempty"`
	Author    string    `json:"author,omitempty"`
	Committed time.Time `json:"committed,omitzero"`
	// Origin says where the release came from, such as a branch or an image's
	// reference; never with a password in it.
	Origin string `json:"origin,omitempty"`
	// Notes and Pages are how many the site has.
	Notes int `json:"notes,omitempty"`
	Pages int `json:"pages,omitempty"`
	// Errors, Warnings and Infos count what was found in the notes.
	Errors   int `json:"errors,omitempty"`
	Warnings int `json:"warnings,omitempty"`
	Infos    int `json:"infos,omitempty"`
	// Phases are what making it took, in order.
	Phases []Phase `json:"phases,omitempty"`
	// Settings are what a server has to know to show it.
	Settings snapshot.Settings `json:"settings"`
}

// Phase is one step on the way from a commit to the page.
type Phase struct {
	Name string        `json:"name"`
	Took time.Duration `json:"took"` // in nanoseconds
}

// Release is one site that is kept.
type Release struct {
	// Number counts the releases of a folder from 1; a newer one has a greater.
	Number int `json:"number"`
	// Digest is that of the site: equal digests, equal bytes.
	Digest snapshot.Digest `json:"digest"`
	// Stored is when it was.
	Stored time.Time `json:"stored"`
	// Files and Size are the site's, as [snapshot.Snapshot] counts.
	Files int   `json:"files"`
	Size  int64 `json:"size"`
	Meta
}

// String names the release for a person: "release 12 (3fa94c1b2d07)".
func (r *Release) String() string {
	return fmt.Sprintf("release %d (%s)", r.Number, r.Digest.Short())
}

// Errors that callers tell apart.
var (
	// ErrBusy says that another process uses the folder.
	ErrBusy = errors.New("another lectern uses this data folder")
	// ErrUnknown says that there is no such release.
	ErrUnknown = errors.New("there is no such release")
	// ErrDamaged says that what is kept is not what was put there.
	ErrDamaged = errors.New("damaged")
	// ErrClosed says that the store was closed.
	ErrClosed = errors.New("the store is closed")
)

// minPrefix is how much of a commit or digest names a release at least.
const minPrefix = 4

// Find returns the release of list (oldest first) that text names: a number, the
// beginning of a commit or of a digest (then the newest such), or "latest".
func Find(list []Release, text string) (Release, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "latest" && len(list) > 0 {
		return list[len(list)-1], nil
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(text, "#")); err == nil {
		for i := range list {
			if list[i].Number == n {
				return list[i], nil
			}
		}
	}
	prefix := strings.TrimPrefix(text, "sha256:")
	if len(prefix) < minPrefix {
		return Release{}, fmt.Errorf("%w: %q", ErrUnknown, text)
	}
	for i := len(list) - 1; i >= 0; i-- {
		digest := strings.TrimPrefix(list[i].Digest.String(), "sha256:")
		if strings.HasPrefix(list[i].Commit, prefix) || strings.HasPrefix(digest, prefix) {
			return list[i], nil
		}
	}
	return Release{}, fmt.Errorf("%w: %q", ErrUnknown, text)
}

func byNumber(a, b *stored) int { return cmp.Compare(a.Number, b.Number) }
