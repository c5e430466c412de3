// Package recording finds out which video and which slides belong to which
// session.
//
// [Read] makes Recordings of what conferences publish: a playlist, a feed, a
// list, a saved page. [Match] pairs them with sessions, one to one over the
// whole conference.
//
// A link to the wrong talk is worse than none, because nobody looks at it again.
// So a pair is Sure only if its words say more than chance could, nothing speaks
// against it (a year, a part, a day, a speaker, a length), and no other recording
// and no other session comes near. All else is Unsure, with its reasons, and left
// to a person.
//
// Both are pure: they know no disk, no network and no clock, and the order of
// what they are given changes nothing.
package recording

import (
	"time"

	"lectern/internal/diag"
)

// Recording is what was published of one session, or one file of it.
type Recording struct {
	// Title is the title as published, with whatever else stands in it.
	Title string
	// Speakers are names, where the source has them apart from the title.
	Speakers []string
	// Video, Slides and Code are addresses exactly as published; empty where
	// there is none.
	Video, Slides, Code string
	// Description is what the source says of it, plain text.
	Description string
	// Event is the name of the list that it stands in ("KubeCon Europe 2025").
	Event string
	// Room and Track are as published.
	Room, Track string
	// Day is when the session took place, with its time of day if Timed; zero
	// if the source does not say.
	Day   time.Time
	Timed bool
	// Published is when the recording appeared; zero if the source does not say.
	Published time.Time
	// Duration is the recording's length; zero if the source does not say.
	Duration time.Duration
	// ID is the source's own, such as the programme's id of the session.
	ID string
	// Pos is where it stands in the source.
	Pos diag.Position
}

// Session is what is known of a session that has notes.
type Session struct {
	// Path names the session's note; it has to be unique.
	Path string
	// ID is the programme's, where it is known.
	ID    string
	Title string
	// Speakers are names.
	Speakers []string
	// Day is the day of the session, where Start is not known.
	Day time.Time
	// Start and End are the session's slot; zero where unknown.
	Start, End  time.Time
	Room, Track string
	// Event is the name of the conference, as the note or the site has it.
	Event string
	// Text is what the note says; its words may confirm what a short title says.
	Text string
	// Video, Slides and Code are the links that the session has already.
	Video, Slides, Code string
}

// Kind is a kind of link.
type Kind uint8

// The kinds of links.
const (
	Video Kind = iota
	Slides
	Code
)

// String returns "video", "slides" or "code".
func (k Kind) String() string {
	switch k {
	case Video:
		return "video"
	case Slides:
		return "slides"
	default:
		return "code"
	}
}

// Link returns the address of kind k, or "".
func (r *Recording) Link(k Kind) string {
	switch k {
	case Video:
		return r.Video
	case Slides:
		return r.Slides
	default:
		return r.Code
	}
}

// Link returns the address of kind k that the session has, or "".
func (s *Session) Link(k Kind) string {
	switch k {
	case Video:
		return s.Video
	case Slides:
		return s.Slides
	default:
		return s.Code
	}
}

// day is the session's day; zero where nothing says it.
func (s *Session) day() time.Time {
	if !s.Start.IsZero() {
		return s.Start
	}
	return s.Day
}
