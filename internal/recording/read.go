package recording

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"lectern/internal/diag"
	"lectern/internal/schedule"
)

// The limits of a source. Real ones stay far below: a playlist of a thousand talks
// has half a megabyte, with every description three.
const (
	// MaxSize is how many bytes a source may have.
	MaxSize = 64 << 20
	// MaxRecordings is how many recordings it may list.
	MaxRecordings = 20_000
	// maxDepth is how deep playlists may lie in playlists.
	maxDepth = 20
	// maxFindings bounds how much is said of one source.
	maxFindings = 200
	maxTitle    = 2000
)

// rule is the rule of the findings in sources.
const rule = "recording-source"

// Error says why a source cannot be read, and where.
type Error struct {
	diag.Position
	Message, Hint string
}

// Error returns the place and the message.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Message)
}

// Read reads the recordings that data lists, in the order of the list. name
// stands in findings and errors. What data is, its content says: yt-dlp's JSON, a
// YouTube feed, media.ccc.de's JSON, a programme (frab, pretalx), CSV, or a page
// saved from sched.com.
//
// Findings are about entries that could not be used. An error is an [Error].
func Read(name string, data []byte) ([]Recording, []diag.Diagnostic, error) {
	r := &reader{name: name, data: data}
	if len(data) > MaxSize {
		return nil, nil, r.fail(-1, fmt.Sprintf("it has %d MB; a list of recordings has at most %d MB", len(data)>>20, MaxSize>>20), "is this a recording rather than a list of them?")
	}
	if err := r.decode(); err != nil {
		return nil, nil, err
	}
	err := r.read()
	if err != nil {
		return nil, nil, err
	}
	if r.dropped > 0 {
		r.finds = append(r.finds, diag.Diagnostic{
			Position: diag.Position{File: name}, Severity: diag.Info, Rule: rule,
			Message: fmt.Sprintf("%d more findings in this list are not shown", r.dropped),
		})
	}
	return r.found, r.finds, nil
}

// reader reads one source.
type reader struct {
	name    string
	data    []byte
	found   []Recording
	finds   []diag.Diagnostic
	dropped int
	lines   lineIndex
}

func (r *reader) read() error {
	text := bytes.TrimLeft(r.data, " \t\r\n")
	switch {
	case len(text) == 0:
		return r.fail(-1, "it is empty", "")
	case text[0] == '{' || text[0] == '[':
		return r.json(len(r.data) - len(text))
	case text[0] == '<':
		return r.markup()
	}
	return r.csv()
}

// markup reads XML and HTML.
func (r *reader) markup() error {
	switch rootName(r.data) {
	case "feed":
		return r.atom()
	case "schedule":
		return r.programme()
	case "rss":
		return r.fail(-1, "it is an RSS feed, which names no recordings", "YouTube's feed is https://www.youtube.com/feeds/videos.xml?playlist_id=…; for media.ccc.de take https://media.ccc.de/public/conferences/…")
	}
	return r.sched()
}

// rootName returns the name of the first element, in lower case.
func rootName(data []byte) string {
	for {
		i := bytes.IndexByte(data, '<')
		if i < 0 || i+1 >= len(data) {
			return ""
		}
		data = data[i+1:]
		switch {
		case bytes.HasPrefix(data, []byte("!--")):
			end := bytes.Index(data, []byte("-->"))
			if end < 0 {
				return ""
			}
			data = data[end:]
		case data[0] == '?' || data[0] == '!':
		default:
			name := data[:min(len(data), 40)]
			if i := bytes.IndexAny(name, " \t\r\n/>"); i >= 0 {
				name = name[:i]
			}
			if i := bytes.IndexByte(name, ':'); i >= 0 {
				name = name[i+1:]
			}
			return strings.ToLower(string(name))
		}
	}
}

// programme reads the links of a programme's sessions.
func (r *reader) programme() error {
	p, finds, err := schedule.Read(r.name, r.data, schedule.Options{})
	if err != nil {
		var bad *schedule.Error
		if errors.As(err, &bad) {
			return &Error{Position: bad.Position, Message: bad.Message, Hint: bad.Hint}
		}
		return err
	}
	r.finds = append(r.finds, finds...)
	for i := range p.Sessions {
		s := &p.Sessions[i]
		rec := Recording{
			Title: s.Title, Event: p.Title, Room: s.Room, Track: s.Track, ID: s.ID, Description: s.Description,
			Day: s.Start, Timed: !s.Start.IsZero(), Pos: s.Pos,
		}
		for _, sp := range s.Speakers {
			rec.Speakers = append(rec.Speakers, sp.Name)
		}
		if !s.Start.IsZero() && s.End.After(s.Start) {
			rec.Duration = s.End.Sub(s.Start)
		}
		for _, l := range s.Links {
			switch l.Kind {
			case schedule.KindVideo:
				rec.Video = first(rec.Video, l.URL)
			case schedule.KindSlides:
				rec.Slides = first(rec.Slides, l.URL)
			}
		}
		if rec.Video != "" || rec.Slides != "" {
			if err := r.add(rec); err != nil {
				return err
			}
		}
	}
	if len(r.found) == 0 {
		r.find(-1, diag.Warning, "none of the programme's sessions has a recording or slides", "conferences add them some days later; take the playlist meanwhile")
	}
	return nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// add keeps a recording.
func (r *reader) add(rec Recording) error {
	if len(r.found) == MaxRecordings {
		return r.fail(-1, fmt.Sprintf("it lists more than %d recordings", MaxRecordings), "")
	}
	rec.Title = clip(rec.Title, maxTitle)
	rec.Description = clip(rec.Description, 4*maxTitle)
	r.found = append(r.found, rec)
	return nil
}

// clip returns s on one line for titles' sake, with at most n bytes.
func clip(s string, n int) string {
	s = strings.TrimSpace(s)
	if len(s) > n {
		s = strings.ToValidUTF8(s[:n], "")
	}
	return s
}

// isLink reports whether s is an address that can stand in a note as it is.
func isLink(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	return ok && rest != "" && rest[0] != '/' && len(s) <= 4000 && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r == '"' || r == '<' || r == '>' || r == '`' || r == '\\' || r == 0x7f || r >= 0x80 && r < 0xa0
	}) && !strings.Contains(s, "%}}")
}

// find reports something at an offset of the data; below 0 it is about the whole.
func (r *reader) find(at int, sev diag.Severity, message, hint string) {
	if len(r.finds) >= maxFindings {
		r.dropped++
		return
	}
	r.finds = append(r.finds, diag.Diagnostic{Position: r.pos(at), Severity: sev, Rule: rule, Message: message, Hint: hint})
}

func (r *reader) fail(at int, message, hint string) error {
	return &Error{Position: r.pos(at), Message: message, Hint: hint}
}

func (r *reader) pos(at int) diag.Position {
	p := diag.Position{File: r.name}
	if at >= 0 {
		p.Line, p.Col = r.lines.at(r.data, min(at, len(r.data)))
	}
	return p
}

// lineIndex turns offsets into lines and columns. Offsets mostly grow, so it
// counts on from the last.
type lineIndex struct{ off, line, start int }

func (l *lineIndex) at(data []byte, off int) (line, col int) {
	if off < l.off {
		*l = lineIndex{}
	}
	part := data[l.off:off]
	if n := bytes.Count(part, []byte("\n")); n > 0 {
		l.line += n
		l.start = l.off + bytes.LastIndexByte(part, '\n') + 1
	}
	l.off = off
	return l.line + 1, off - l.start + 1
}

// decode makes UTF-8 without a byte order mark of the data.
func (r *reader) decode() error {
	switch {
	case bytes.HasPrefix(r.data, []byte("\xef\xbb\xbf")):
		r.data = r.data[3:]
	case bytes.HasPrefix(r.data, []byte("\xff\xfe")), bytes.HasPrefix(r.data, []byte("\xfe\xff")):
		little := r.data[0] == 0xff
		u := make([]uint16, 0, len(r.data)/2)
		for i := 2; i+1 < len(r.data); i += 2 {
			a, b := uint16(r.data[i]), uint16(r.data[i+1])
			if little {
				a, b = b, a
			}
			u = append(u, a<<8|b)
		}
		r.data = []byte(string(utf16.Decode(u)))
	}
	if i := bytes.IndexByte(r.data, 0); i >= 0 {
		return r.fail(i, "it is no text", "lists of recordings are JSON, XML, CSV or HTML")
	}
	if !utf8.Valid(r.data) {
		i := 0
		for i < len(r.data) {
			c, size := utf8.DecodeRune(r.data[i:])
			if c == utf8.RuneError && size == 1 {
				break
			}
			i += size
		}
		return r.fail(i, "this is not UTF-8", "save the file as UTF-8")
	}
	return nil
}
