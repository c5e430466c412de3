package schedule

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

// The rules of the diagnostics. Their names are stable.
const (
	ruleTitle      = "programme-title"
	ruleTime       = "programme-time"
	ruleZone       = "programme-zone"
	ruleDuplicate  = "programme-duplicate"
	ruleRoom       = "programme-room"
	ruleSpeaker    = "programme-speaker"
	ruleLink       = "programme-link"
	ruleEncoding   = "programme-encoding"
	ruleRecurrence = "programme-recurrence"
	ruleSyntax     = "programme-syntax"
)

// perRule is how many findings of one rule are told; the rest is a number.
const perRule = 50

// reader collects a programme. The formats' readers fill it through methods
// that say where a thing stands by its offset in the text.
type reader struct {
	name  string
	opts  Options
	text  []byte // in UTF-8
	lines []int  // offsets of the lines' beginnings
	p     *Programme
	diags []diag.Diagnostic
	told  map[string]int // by rule
	rooms map[string]bool
	ids   map[string]int // index of the session in p.Sessions
	again map[string]int // how many sessions have had the id of another
	base  *url.URL       // against which relative addresses are resolved
	clock clock
}

func newReader(name string, opts Options) *reader {
	return &reader{
		name: name, opts: opts, p: &Programme{},
		told: map[string]int{}, rooms: map[string]bool{}, ids: map[string]int{}, again: map[string]int{},
	}
}

// pos returns the place of an offset in the text.
func (r *reader) pos(offset int) diag.Position {
	if r.lines == nil {
		r.lines = append(r.lines, 0)
		for i, b := range r.text {
			if b == '\n' {
				r.lines = append(r.lines, i+1)
			}
		}
	}
	offset = max(0, min(offset, len(r.text)))
	line := sort.Search(len(r.lines), func(i int) bool { return r.lines[i] > offset })
	return diag.Position{File: r.name, Line: line, Col: offset - r.lines[line-1] + 1}
}

// note records a finding.
func (r *reader) note(offset int, severity diag.Severity, rule, message, hint string) {
	r.noteAt(r.pos(offset), severity, rule, message, hint)
}

func (r *reader) noteAt(pos diag.Position, severity diag.Severity, rule, message, hint string) {
	r.told[rule]++
	if r.told[rule] > perRule {
		return
	}
	r.diags = append(r.diags, diag.Diagnostic{Position: pos, Severity: severity, Rule: rule, Message: message, Hint: hint})
}

// fail returns the one error of a programme that cannot be used.
func (r *reader) fail(offset int, message, hint string) error {
	return &Error{Position: r.pos(offset), Message: message, Hint: hint}
}

// room puts a room into its place of the order.
func (r *reader) room(name string) {
	if name != "" && !r.rooms[name] {
		r.rooms[name] = true
		r.p.Rooms = append(r.p.Rooms, name)
	}
}

// add takes a session that a format's reader has filled. The offset is where
// it stands.
func (r *reader) add(s Session, offset int) error {
	if len(r.p.Sessions) >= r.opts.MaxSessions {
		return r.fail(offset, "the programme has more than "+itoa(r.opts.MaxSessions)+" sessions", "import one conference at a time")
	}
	s.Pos = r.pos(offset)
	r.checkTimes(&s)
	if s.Title == "" {
		if s.Start.IsZero() && s.ID == "" && len(s.Speakers) == 0 {
			r.noteAt(s.Pos, diag.Warning, ruleTitle, "an event without a title is left out", "")
			return nil
		}
		r.noteAt(s.Pos, diag.Warning, ruleTitle, "an event has no title", "it is called “"+untitled+"” until it has one")
		s.Title = untitled
	}
	r.identify(&s)
	if s.ID == "" {
		return nil
	}
	r.room(s.Room)
	r.ids[s.ID] = len(r.p.Sessions)
	r.p.Sessions = append(r.p.Sessions, s)
	return nil
}

const untitled = "Untitled"

// label names the session in a message.
func (s *Session) label() string {
	if s.Title == "" {
		return "an event without a title"
	}
	return quote(excerpt([]byte(s.Title)))
}

// identify gives the session an ID that no other one has; without one it is an
// event that is there twice.
func (r *reader) identify(s *Session) {
	if s.ID == "" {
		s.ID = strings.Trim(s.Start.Format(time.DateOnly)+"/"+s.Room+"/"+s.Title, "/")
		r.noteAt(s.Pos, diag.Warning, ruleDuplicate, s.label()+" has no id", "it is known by its day, room and title: when one of them changes it is a new session")
	}
	first, taken := r.ids[s.ID]
	if !taken {
		return
	}
	other := r.p.Sessions[first]
	at := " (the other is in line " + itoa(other.Pos.Line) + ")"
	if other.Title == s.Title && other.Start.Equal(s.Start) && other.Room == s.Room {
		r.noteAt(s.Pos, diag.Warning, ruleDuplicate, s.label()+" is there twice"+at, "the first one counts")
		s.ID = ""
		return
	}
	id := s.ID
	for taken {
		r.again[id]++
		s.ID = id + "#" + itoa(r.again[id]+1)
		_, taken = r.ids[s.ID]
	}
	r.noteAt(s.Pos, diag.Warning, ruleDuplicate, "two events have the id "+quote(excerpt([]byte(id)))+at, "the second is called "+quote(excerpt([]byte(s.ID))))
}

// finish puts everything in order.
func (r *reader) finish() (*Programme, []diag.Diagnostic, error) {
	p := r.p
	if len(p.Sessions) == 0 {
		return nil, nil, r.fail(0, "the "+string(p.Format)+" has no session that can be used"+r.firstFinding(), "is the programme published already?")
	}
	r.settleZone()
	order := make(map[string]int, len(p.Rooms))
	for i, room := range p.Rooms {
		order[room] = i + 1 // what is in no room comes first
	}
	slices.SortFunc(p.Sessions, func(a, b Session) int {
		if a.Start.IsZero() != b.Start.IsZero() {
			if a.Start.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(
			a.Start.Compare(b.Start),
			cmp.Compare(order[a.Room], order[b.Room]),
			cmp.Compare(a.Title, b.Title),
			cmp.Compare(a.ID, b.ID),
		)
	})
	r.collect()
	for _, rule := range slices.Sorted(maps.Keys(r.told)) {
		if more := r.told[rule] - perRule; more > 0 {
			r.diags = append(r.diags, diag.Diagnostic{
				Position: diag.Position{File: r.name}, Severity: diag.Info, Rule: rule,
				Message: fmt.Sprintf("and %d more like this", more),
			})
		}
	}
	return p, diag.Sort(r.diags), nil
}

func (r *reader) firstFinding() string {
	if len(r.diags) == 0 {
		return ""
	}
	return "; in line " + itoa(r.diags[0].Line) + ": " + r.diags[0].Message
}

// collect makes the lists of days and tracks from the sorted sessions.
func (r *reader) collect() {
	p := r.p
	days, tracks := map[string]bool{}, map[string]bool{}
	for _, t := range p.Tracks {
		tracks[t] = true
	}
	for _, d := range p.Days {
		days[d] = true
	}
	for i := range p.Sessions {
		s := &p.Sessions[i]
		if s.Day != "" {
			days[s.Day] = true
		}
		if s.Track != "" && !tracks[s.Track] {
			tracks[s.Track] = true
			p.Tracks = append(p.Tracks, s.Track)
		}
	}
	p.Days = slices.Sorted(maps.Keys(days))
	if len(p.Days) > 0 && p.Start == "" {
		p.Start = p.Days[0]
	}
	if len(p.Days) > 0 && p.End < p.Days[len(p.Days)-1] {
		p.End = p.Days[len(p.Days)-1]
	}
}

// address returns an absolute http address, or "" with a finding.
func (r *reader) address(s string, offset int) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err == nil && !u.IsAbs() && u.Host == "" && r.base != nil && strings.HasPrefix(s, "/") {
		u = r.base.ResolveReference(u)
		s = u.String()
	}
	if err == nil && u.Host == "" && u.Scheme == "" && domainFirst(s) {
		s = "https://" + s
		u, err = url.Parse(s)
	}
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.ContainsFunc(s, unsafeInAddress) {
		if err == nil && (u.Scheme == "mailto" || u.Scheme == "matrix" || u.Scheme == "xmpp" || u.Scheme == "irc") {
			return ""
		}
		r.note(offset, diag.Info, ruleLink, "this is no web address: "+quote(excerpt([]byte(s))), "")
		return ""
	}
	return s
}

// domainFirst reports whether s begins like "example.org/x".
func domainFirst(s string) bool {
	host, _, _ := strings.Cut(s, "/")
	i := strings.LastIndexByte(host, '.')
	return i > 0 && len(host)-i > 2 && !strings.ContainsAny(host, " @:?#") && !strings.HasSuffix(host, ".pdf")
}

func unsafeInAddress(c rune) bool { return c <= ' ' || c == '"' || c == '<' || c == '>' || c == 0x7f }

// setBase says what relative addresses are relative to.
func (r *reader) setBase(s string) {
	if u, err := url.Parse(strings.TrimSpace(s)); err == nil && u.IsAbs() && u.Host != "" {
		r.base = u
		if r.p.URL == "" {
			r.p.URL = u.String()
		}
	}
}

// place writes a position before a message.
func place(p diag.Position) string {
	switch {
	case p.File == "" && p.Line == 0:
		return ""
	case p.Line == 0:
		return p.File + ": "
	case p.Col == 0:
		return fmt.Sprintf("%s:%d: ", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Col)
}

func megabytes(n int) string {
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MiB"
}

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }

// absurd reports whether no conference can be at this time.
func absurd(t time.Time) bool { return t.Year() < 1970 || t.Year() > 2199 }
