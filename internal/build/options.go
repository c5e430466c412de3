package build

import (
	"context"
	"io/fs"
	"time"

	"lectern/internal/cache"
	"lectern/internal/check"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/snapshot"
)

// Options says what to build and how.
type Options struct {
	// Dir is the project's folder.
	Dir string
	// Output is the folder that the site is written to, if it is; where it lies
	// in Dir it is not read as input.
	Output string
	// Load reads the configuration from the project's folder. Its diagnostics
	// join the others; an error stops the build.
	Load func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error)
	// Now gives the time that publishDate and expiryDate are compared with. It
	// is asked only if a note has such a date, and once for each build.
	Now func(context.Context) (time.Time, error)
	// Root is the path under which the site is served where that is not the path
	// of its configured address; with slashes at both ends.
	Root string
	// Drafts and Private also show notes that are otherwise withheld.
	Drafts, Private bool
	// KeepLast shows the last good version of a note whose front matter can no
	// longer be read, instead of leaving the note out.
	KeepLast bool
	// Jobs is how many goroutines parse and render; 0 is one for each processor.
	Jobs int
	// Progress, if set, is told how much of the work is done. It is called by
	// one goroutine at a time.
	Progress func(done, total int)
	// History, if set, is what tells of the project's past; HistoryProgress, if
	// set, how many of its commits have been looked at. It may be called while
	// Progress is.
	History         *gitrepo.Repo
	HistoryProgress func(done, total int)
	// Cache, if set, keeps what is slow to make.
	Cache *cache.Store
	// Whole makes Build read the history before it renders, so that nothing is
	// rendered twice; else Finish does that, so that nobody waits for it.
	Whole bool

	// Check makes all findings of package check part of the result. Without Whole
	// they are brought up to date by Finish.
	Check bool

	// External, if set, asks servers about addresses on other sites. Only Check
	// does that.
	External func(ctx context.Context, addresses []string) (map[string]check.Answer, error)

	extras []extra // of a test
}

// Result is what a build made.
type Result struct {
	Snapshot *snapshot.Snapshot
	// Pending is true where the site stands but lacks, or has in an older form,
	// what readers can wait for. [Builder.Finish] makes it.
	Pending bool
	// Diags are all findings, sorted.
	Diags []diag.Diagnostic
	Stats Stats
	// Next is when the site will change by itself, because a note is to be
	// published or expires; zero for never.
	Next time.Time
	// SourceOf names the note that the page at a path of the snapshot was made
	// from; it may be called at any time, by any goroutine.
	SourceOf func(path string) string
	// Sources are all that SourceOf knows, by path of the snapshot.
	Sources func() map[string]string
	// Title is the site's.
	Title string
	// Config is the configuration that was used.
	Config *config.Config
}

// Stats counts what a build did.
type Stats struct {
	// Notes and Pages are those of the whole site; Parsed and Rendered are the
	// notes and pages that this build could not take over from the one before.
	Notes, Pages, Parsed, Rendered int
	// HeldBack are the notes that are not published: those that can't be read,
	// drafts, what is not due, what is headless. Private ones are not counted anywhere.
	HeldBack int
	// Elapsed is the time the build took.
	Elapsed time.Duration
}
