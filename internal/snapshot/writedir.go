package snapshot

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
)

// WriteOptions are [WriteDir]'s settings; the zero value is good.
type WriteOptions struct {
	// Jobs is how many goroutines write at once. Zero means twice the number of
	// processors, at least 4 and at most 16: making files is mostly the kernel's
	// work, and on a slow or remote disk waiting.
	Jobs int
	// Progress, if set, is called after each file that is written, with how many
	// of the total are done. Calls come one at a time and in order.
	Progress func(done, total int)
	// Source is the folder of the notes, if they come from one. Writing a site
	// into it, or into a folder that holds it, is refused.
	Source string
	// Settings are what a server has to know of the site; they go into
	// [SettingsName] beside it. With nil there is no such file.
	Settings *Settings
}

// WriteStats says what [WriteDir] did, counted in files.
type WriteStats struct {
	Written, Unchanged, Removed int
	// Bytes is the sum of the lengths of the files written.
	Bytes int64
}

// ErrBusy says that another build is writing to the same directory.
var ErrBusy = errors.New("another build is writing there")

// ErrRefused says that a directory is not one to write a site to.
var ErrRefused = errors.New("refused")

// ConflictError says that something Lectern did not make stands where a file
// of the site has to go. Nothing was written.
type ConflictError struct {
	// Dir is the output directory as it was given.
	Dir string
	// Conflicts name what is in the way, each with a reason, in order of paths.
	Conflicts []Conflict
}

// Conflict is one thing in the way.
type Conflict struct{ Path, Reason string }

// Error names the first few things in the way and what to do.
func (e *ConflictError) Error() string {
	const shown = 5
	var b strings.Builder
	fmt.Fprintf(&b, "write %s: files that are not Lectern's are in the way, nothing was written:", e.Dir)
	for i, c := range e.Conflicts {
		if i == shown {
			fmt.Fprintf(&b, " and %d more;", len(e.Conflicts)-shown)
			break
		}
		fmt.Fprintf(&b, " %q (%s);", c.Path, c.Reason)
	}
	b.WriteString(" move them away or choose another directory")
	return b.String()
}

// WriteDir makes the directory dir hold the site: every file of snap, byte for
// byte, and none that an earlier WriteDir wrote and snap no longer has.
//
// Only what differs is written, so an unchanged file keeps its modification
// time. A file of anyone else is never removed or overwritten: where one
// stands in the way the result is a [ConflictError], found before anything is
// written; one with the very content that is wanted is taken over. What is
// Lectern's says the file [ManifestName] in dir. A file that stands in it is
// Lectern's even if someone edited it since, and is put right again.
//
// The new files are first written completely under temporary names (a new
// directory as a whole under one), then renamed into place, new ones before
// those that replace others; stale ones are removed last. So a reader never
// sees half a file, and a full disk, a file that changed while it was copied
// ([ErrChanged]) or an ended ctx leave the site as it was. A process killed at
// any point leaves a directory that the next WriteDir repairs, whatever
// snapshot it is given. Nothing is flushed to the disk by force: after a loss
// of power files may be empty, until the next WriteDir that finds them so.
//
// A symbolic link inside dir is never followed. Two calls on one directory at
// the same time give the second [ErrBusy]; dir being a file system's root or
// holding opts.Source gives [ErrRefused].
func WriteDir(ctx context.Context, snap *Snapshot, dir string, opts WriteOptions) (WriteStats, error) {
	stats, err := writeDir(ctx, snap, dir, opts)
	var conflict *ConflictError
	if err != nil && !errors.As(err, &conflict) {
		err = fmt.Errorf("write site to %s: %w", dir, err)
	}
	return stats, err
}

func writeDir(ctx context.Context, snap *Snapshot, dir string, opts WriteOptions) (stats WriteStats, err error) {
	if opts.Jobs <= 0 {
		opts.Jobs = min(max(4, 2*runtime.GOMAXPROCS(0)), 16)
	}
	out, err := openOutput(dir, opts.Source)
	if err != nil {
		return stats, err
	}
	defer func() { err = errors.Join(err, out.close()) }()

	before, err := out.readManifest()
	if err != nil {
		return stats, err
	}
	p, err := makePlan(ctx, out, snap, before, opts.Jobs)
	if err != nil {
		return stats, err
	}
	if p.settings, err = out.planSettings(opts.Settings); err != nil {
		return stats, err
	}
	if len(p.conflicts) > 0 {
		return stats, &ConflictError{Dir: dir, Conflicts: p.conflicts}
	}
	stats.Unchanged = len(p.files) - len(p.writes)
	if p.nothingToDo() {
		return stats, nil
	}
	w := &writer{plan: p, opts: opts}
	return w.run(ctx, stats)
}
