// Package history is what a project's repository knows of its past, as plain
// data: commits, what each changed, and what the changed contents say.
//
// It reads nothing: gitrepo does, and build brings both together. It knows no
// page either: site decides what of it may be shown.
package history

import (
	"encoding/hex"
	"time"
)

// ID is the name of a commit or of a file's content, as raw bytes: those of a
// SHA-1 or SHA-256 sum.
type ID string

// String returns the ID as git prints it.
func (id ID) String() string { return hex.EncodeToString([]byte(id)) }

// Commit is one commit: what it says of itself, and what it changed in the
// project's folder.
type Commit struct {
	ID ID
	// Time is the committer's, in the zone that it was made in.
	Time time.Time
	// Author is the author's name and Subject the first line of the message, as
	// they stand in the commit, but for what no line may hold.
	Author, Subject string
	Files           []Change
	// Partial is true where the commit changed more files than are kept.
	Partial bool
}

// Change is one file that a commit changed.
type Change struct {
	// Path is the slash path from the project's folder, From the one that the
	// file was moved from, where it was.
	Path, From string
	// Old and New are the file's content before and after, "" where there was
	// none. Only plain files have content: a link is as good as nothing.
	Old, New ID
}

// Edit is a change of content, wherever the file lies.
type Edit struct{ Old, New ID }

// Facts are what has to be known of an edit of a note to tell readers of it.
type Facts struct {
	// OldOpen and NewOpen say that the note was open to all before and after:
	// readable for sure, neither private nor unlisted, and no draft.
	OldOpen, NewOpen bool
	// OldHides and NewHides say that as a section's index it hid all that lay in
	// the section: private or unlisted, or not readable for sure.
	OldHides, NewHides bool
	// Words are the words that it has now and had not before. What it had before
	// it was open does not count as had.
	Words int
	// Video is true where the session's video has come.
	Video bool
}

// Log is the history of a project's folder.
type Log struct {
	// Commits are the newest first; merges are not among them.
	Commits []Commit
	// Changed says of each file that is there when its content was last changed.
	Changed map[string]time.Time
	// Facts are of the edits that are known so far. What is not known is not told.
	Facts map[Edit]Facts
	// Zone is the conference's; nil where it is not known.
	Zone *time.Location
}

// New returns the log of commits, without facts.
func New(commits []Commit) *Log {
	l := &Log{Commits: commits, Changed: map[string]time.Time{}, Facts: map[Edit]Facts{}}
	t := NewTrace()
	for i := range commits {
		c := &commits[i]
		for _, f := range c.Files {
			now := t.Now(f.Path)
			if _, ok := l.Changed[now]; now != "" && f.New != "" && f.Old != f.New && !ok {
				l.Changed[now] = c.Time
			}
		}
		t.Back(c)
	}
	return l
}

// Trace follows files back through the commits, from the newest on, and tells
// which of today's files an older path means.
type Trace struct {
	// now is where a path leads that is another one's today, or "" where it is
	// that of a file that is gone or had not come yet.
	now map[string]string
}

// NewTrace returns a trace that stands at the newest commit.
func NewTrace() *Trace { return &Trace{now: map[string]string{}} }

// Now returns the path that a file at path in the current commit has today, or
// "" if it is not there any more.
func (t *Trace) Now(path string) string {
	if now, ok := t.now[path]; ok {
		return now
	}
	return path
}

// Back goes on to the commit before c.
func (t *Trace) Back(c *Commit) {
	// First all that ends here, then what begins: two files may change places.
	type move struct{ from, now string }
	var moves []move
	for _, f := range c.Files {
		switch {
		case f.From != "":
			moves = append(moves, move{f.From, t.Now(f.Path)})
			t.now[f.Path] = ""
		case f.Old == "": // it came here: what had its name before was another
			t.now[f.Path] = ""
		case f.New == "": // it went here, and what has its name today is another
			moves = append(moves, move{f.Path, ""})
		}
	}
	for _, m := range moves {
		t.now[m.from] = m.now
	}
}
