// Package schedule reads a conference's programme, in whichever of the usual
// formats the conference publishes it, and says what of it could not be used.
//
// A programme is written by a program, and every program writes it in its own
// way: ids that are text in one place and numbers in another, times without a
// zone, HTML where plain text is expected. So the readers are tolerant and
// never silent: what an event lacks is a [diag.Diagnostic] with its place, and
// the event is kept as far as it makes sense. Only what is no programme at all
// (an error page, half a file, an unknown format) is an error, and then there
// is one, which says what it looks like instead and what to do.
//
// The package is pure: bytes in, a [Programme] out, the same each time. Time
// and memory are bounded by [Options], whatever the bytes are: nothing in a
// programme is ever fetched, expanded or repeated.
//
// iCalendar is read by a small parser of its own. Those that exist give no
// line numbers, and stop at the first line that is not quite to the letter;
// conferences' files rarely are.
package schedule

import (
	"time"

	"lectern/internal/diag"
)

// Programme is a conference's programme.
type Programme struct {
	// Format is what the programme was written in.
	Format Format
	// Title and Acronym name the conference; both may be empty, for not every
	// format knows them.
	Title, Acronym string
	// Start and End are the first and the last day, as 2006-01-02; empty when
	// no session has a time.
	Start, End string
	// Zone is the conference's time zone, in which all times of the sessions
	// are. Its String is an IANA name, or like "UTC+02:00" where the programme
	// names none.
	Zone *time.Location
	// URL is the programme's page, or the conference's; it may be empty.
	URL string
	// Sessions are sorted: by start (those without one last), the room's place
	// in Rooms, title, ID.
	Sessions []Session
	// Rooms and Tracks are in the programme's own order where it has one, then
	// in that of their first session. Each is there once.
	Rooms, Tracks []string
	// Days are the conference days, as 2006-01-02, sorted.
	Days []string
}

// Session is one entry of the programme: a talk, a workshop, a break.
type Session struct {
	// ID stays the same when the programme is published anew, as far as the
	// format allows: the guid of pretalx and frab (or else the code, or the
	// number), the UID of iCalendar, the id of Sessionize, the URL or the id of
	// Indico. It is unique in the programme, and never empty.
	ID string
	// OtherIDs are the further names by which a person or another file may
	// know the session: code, number, slug.
	OtherIDs []string
	// Title and Subtitle are plain text in one line. Title is never empty.
	Title, Subtitle string
	// Abstract and Description are Markdown. HTML has been converted; other
	// text is as it was written. What they hold is not to be trusted: it may
	// contain HTML and shortcodes, as any note may.
	Abstract, Description string
	// Speakers are in the programme's order.
	Speakers []Person
	// Room, Track and Type are plain text in one line; each may be empty.
	Room, Track, Type string
	// Tags are other words that the programme files the session under.
	Tags []string
	// Language is as the programme has it, most often a code such as "en".
	Language string
	// Start and End are in the programme's zone. Start is zero when the
	// session has no time yet; End is zero when nothing says how long it lasts.
	Start, End time.Time
	// AllDay: it has a day, or several, but no time; Start and End are midnights.
	AllDay bool
	// Day is the conference day, as 2006-01-02: a talk at half past midnight
	// belongs to the evening before where the programme says so. Empty without
	// a start.
	Day string
	// URL is the session's page; it may be empty.
	URL string
	// Cancelled: the programme still lists it, but it will not take place.
	Cancelled bool
	// DoNotRecord: there will be no video.
	DoNotRecord bool
	// Break: the programme marks it as something other than a talk (lunch,
	// registration). Most formats cannot say so.
	Break bool
	// Links are slides, videos and other addresses, in the programme's order.
	Links []Link
	// Pos is where the session stands in the programme.
	Pos diag.Position
}

// Person is a speaker.
type Person struct {
	// ID is the programme's own for the person, or empty.
	ID string
	// Name is as the programme writes it. It is never empty.
	Name string
	// Company may hold a role too ("CTO, Example"): the formats that know it
	// have one text for both.
	Company string
	// Biography is Markdown, or empty.
	Biography string
	// URL is a page about the person, or empty.
	URL string
}

// Kind is what a link leads to.
type Kind string

// The kinds of links. KindOther is anything else: a project's page, a chat.
const (
	KindVideo  Kind = "video"
	KindSlides Kind = "slides"
	KindFile   Kind = "file"
	KindOther  Kind = "other"
)

// Link is an address that belongs to a session.
type Link struct {
	// Title is plain text; it may be empty.
	Title string
	// URL is absolute and http or https; it is as the programme has it, but for
	// a relative one, which is resolved against the programme's address.
	URL  string
	Kind Kind
}

// Options say how to read. The zero value is sensible.
type Options struct {
	// Zone is the conference's time zone as a person knows it. It wins over
	// what the programme says: times without a zone are in it, all others are
	// converted to it. nil: the programme's own.
	Zone *time.Location
	// DefaultZone is for programmes that name no zone: their times without one
	// are in it. nil: UTC, with a finding.
	DefaultZone *time.Location
	// MaxBytes is the largest programme that is read; 0 means 32 MiB.
	MaxBytes int
	// MaxSessions is how many sessions it may have; 0 means 20,000.
	MaxSessions int
}

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 32 << 20
	}
	if o.MaxSessions <= 0 {
		o.MaxSessions = 20_000
	}
	return o
}

// Read reads a programme. The name is only for messages; it is the File of
// every position.
//
// The diagnostics are what could not be used, sorted. The error is an [*Error]:
// the bytes cannot be used at all.
func Read(name string, data []byte, opts Options) (*Programme, []diag.Diagnostic, error) {
	opts = opts.withDefaults()
	if len(data) > opts.MaxBytes {
		return nil, nil, &Error{
			Position: diag.Position{File: name},
			Message:  "the programme is too large: " + megabytes(len(data)) + ", and at most " + megabytes(opts.MaxBytes) + " are read",
			Hint:     "is it a programme at all, and not an archive of one?",
		}
	}
	r := newReader(name, opts)
	if err := r.decode(data); err != nil {
		return nil, nil, err
	}
	format := detect(r.text)
	r.p.Format = format
	var err error
	switch format {
	case FrabJSON, Sessionize, GridSmart, Indico:
		err = r.readJSON(format)
	case FrabXML:
		err = r.readFrabXML()
	case ICalendar:
		err = r.readICalendar()
	default:
		err = r.foreign()
	}
	if err != nil {
		return nil, nil, err
	}
	return r.finish()
}

// Error says why bytes are no programme that can be used.
type Error struct {
	// Position has line and column where they are known.
	diag.Position
	// Message says what is wrong, and Hint what to do; each is one line.
	Message, Hint string
}

// Error returns "file:line:col: message".
func (e *Error) Error() string {
	return place(e.Position) + e.Message
}
