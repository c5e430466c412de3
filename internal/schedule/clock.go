package schedule

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

// longest is how long a session may last: a booth may be open for all of a
// conference, but what lasts longer is a mistake.
const longest = 31 * 24 * time.Hour

// clock decides in which time zone a programme's times are.
type clock struct {
	named *time.Location // by the programme
	weak  bool           // it is what the program writes always
	hint  string         // a zone that its places are in, for the hint
	// Times with an offset, and the same time as the programme shows it on its
	// pages: which of the two zones makes them agree?
	agree, disagree int
	own             *time.Location // the first offset
	floating        bool           // there are times without a zone
	floatingAt      int
}

// zoneNamed takes the zone that the programme names.
func (r *reader) zoneNamed(name string, offset int) {
	name = strings.TrimSpace(name)
	if name == "" {
		return
	}
	zone := loadZone(name)
	if zone == nil {
		r.note(offset, diag.Warning, ruleZone, "the time zone "+quote(excerpt([]byte(name)))+" is not known", "give the zone with --time-zone, such as Europe/Amsterdam")
		return
	}
	r.clock.named = zone
}

// loadZone returns a zone of the time zone database, or nil. The machine's own
// zone is no answer.
func loadZone(name string) *time.Location {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

// zone is the one for times without a zone, as far as is known now.
func (r *reader) zone() *time.Location {
	switch c := &r.clock; {
	case r.opts.Zone != nil:
		return r.opts.Zone
	case c.named != nil && !(c.weak && r.opts.DefaultZone != nil):
		return c.named
	case r.opts.DefaultZone != nil:
		return r.opts.DefaultZone
	}
	return time.UTC
}

// settleZone decides the programme's zone, brings all times to it, and gives
// sessions their day.
func (r *reader) settleZone() {
	c := &r.clock
	zone := r.zone()
	switch {
	case r.opts.Zone != nil:
	case c.named != nil && c.own != nil && c.disagree > c.agree:
		zone = c.own
		r.note(0, diag.Warning, ruleZone, fmt.Sprintf("the programme names the time zone %s, but its times are those of %s", c.named, c.own), "the times count; give the zone with --time-zone if that is wrong")
	case c.weak && r.opts.DefaultZone == nil && c.own != nil:
		zone = c.own
	case c.weak && r.opts.DefaultZone == nil:
		r.note(0, diag.Info, ruleZone, "all times are in UTC, which says nothing of the conference's own zone", "give the zone with --time-zone, such as "+cmp.Or(c.hint, "Europe/Amsterdam"))
	case c.named != nil || r.opts.DefaultZone != nil:
	case c.own != nil && !c.floating:
		zone = c.own
	default:
		at := 0
		if c.floating {
			at = c.floatingAt
		}
		r.note(at, diag.Warning, ruleZone, "the programme names no time zone, so its times are taken for UTC", "give the zone with --time-zone, such as Europe/Amsterdam")
	}
	r.p.Zone = zone
	for i := range r.p.Sessions {
		s := &r.p.Sessions[i]
		if s.Start.IsZero() {
			continue
		}
		s.Start = s.Start.In(zone)
		if !s.End.IsZero() {
			s.End = s.End.In(zone)
		}
		if s.Day == "" {
			s.Day = s.Start.Format(time.DateOnly)
		}
	}
}

// instant reads a date with a time. One without a zone is in the programme's.
// The zero time comes with a finding, but for an empty text.
func (r *reader) instant(s string, offset int) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	t, zoned, ok := parseInstant(s, r.zone())
	if !ok {
		r.note(offset, diag.Warning, ruleTime, "this is no date with a time: "+quote(excerpt([]byte(s))), "")
		return time.Time{}
	}
	if !zoned && !r.clock.floating {
		r.clock.floating, r.clock.floatingAt = true, offset
	}
	if zoned && r.clock.own == nil {
		_, seconds := t.Zone()
		r.clock.own = fixedZone(seconds)
	}
	return t
}

// shown takes the time of day at which the programme's pages show t, as
// evidence of the zone.
func (r *reader) shown(t time.Time, minutes int) {
	zone := r.clock.named
	if t.IsZero() || zone == nil {
		return
	}
	local := t.In(zone)
	switch minutes {
	case local.Hour()*60 + local.Minute():
		r.clock.agree++
	case t.Hour()*60 + t.Minute():
		r.clock.disagree++
	}
}

// layouts are tried in turn; the first is by far the most usual.
var layouts = [...]struct {
	layout string
	zoned  bool
}{
	{time.RFC3339, true},
	{"2006-01-02T15:04:05", false},
	{"2006-01-02 15:04:05", false},
	{"2006-01-02T15:04", false},
	{"2006-01-02 15:04", false},
	{"2006-01-02T15:04Z07:00", true},
	{"2006-01-02T15:04:05Z0700", true},
	{"2006-01-02 15:04:05Z07:00", true},
	{"2006-01-02 15:04:05 Z0700", true},
}

func parseInstant(s string, zone *time.Location) (t time.Time, zoned, ok bool) {
	if len(s) > 40 {
		return time.Time{}, false, false
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l.layout, s, zone); err == nil {
			return t, l.zoned, true
		}
	}
	return time.Time{}, false, false
}

// parseDate returns s as 2006-01-02, whatever follows the date, or "".
func parseDate(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > len(time.DateOnly) {
		s = s[:len(time.DateOnly)]
	}
	if t, err := time.Parse(time.DateOnly, s); err != nil || absurd(t) {
		return ""
	}
	return s
}

// minutes reads a time of day or a duration as frab writes it: 10:30, 10:30:00,
// and 1:02:30:00 with days. A number alone is minutes.
func minutes(s string) (int, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 16 || s[0] == '-' || s[0] == '+' {
		return 0, false
	}
	parts := strings.Split(s, ":")
	var n [4]int
	for i, part := range parts {
		v, err := strconv.Atoi(part)
		if i >= len(n) || err != nil || v < 0 {
			return 0, false
		}
		n[i] = v
	}
	switch len(parts) {
	case 1:
		return n[0], n[0] < 1<<20
	case 2, 3:
		return n[0]*60 + n[1], n[0] < 1<<16 && n[1] < 60
	}
	return n[0]*24*60 + n[1]*60 + n[2], n[0] < 1<<10 && n[1] < 24 && n[2] < 60
}

// lasting returns the end of what begins at start and lasts as s says; the zero
// time, with a finding, if s is no duration.
func (r *reader) lasting(start time.Time, s string, offset int) time.Time {
	s = strings.TrimSpace(s)
	if s == "" || start.IsZero() {
		return time.Time{}
	}
	m, ok := minutes(s)
	if !ok {
		r.note(offset, diag.Warning, ruleTime, "this is no duration: "+quote(excerpt([]byte(s))), "the session is taken without its end")
		return time.Time{}
	}
	if m == 0 {
		return time.Time{}
	}
	return start.Add(time.Duration(m) * time.Minute)
}

// until returns the next time after start at which clocks show a time of day.
func (r *reader) until(start time.Time, clock string) time.Time {
	m, ok := minutes(clock)
	if !ok || m >= 24*60 || start.IsZero() || !strings.Contains(clock, ":") {
		return time.Time{}
	}
	if start.Location() == time.UTC {
		start = start.In(r.zone())
	}
	end := time.Date(start.Year(), start.Month(), start.Day(), m/60, m%60, 0, 0, start.Location())
	if end.Before(start) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

// checkTimes leaves out what cannot be.
func (r *reader) checkTimes(s *Session) {
	name := s.label()
	if !s.Start.IsZero() && absurd(s.Start) {
		r.noteAt(s.Pos, diag.Warning, ruleTime, fmt.Sprintf("%s is in the year %d", name, s.Start.Year()), "it is taken without a time")
		s.Start, s.End, s.Day = time.Time{}, time.Time{}, ""
	}
	if s.Start.IsZero() {
		s.End, s.Day = time.Time{}, ""
		return
	}
	switch {
	case s.End.IsZero():
	case s.End.Equal(s.Start):
		s.End = time.Time{}
	case s.End.Before(s.Start):
		r.noteAt(s.Pos, diag.Warning, ruleTime, name+" ends before it starts", "it is taken without its end")
		s.End = time.Time{}
	case s.End.Sub(s.Start) > longest:
		r.noteAt(s.Pos, diag.Warning, ruleTime, fmt.Sprintf("%s lasts %d days", name, int(s.End.Sub(s.Start).Hours()/24)), "it is taken without its end")
		s.End = time.Time{}
	}
}

// fixedZone is named like UTC+02:00.
func fixedZone(seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	sign, abs := '+', seconds
	if seconds < 0 {
		sign, abs = '-', -seconds
	}
	return time.FixedZone(fmt.Sprintf("UTC%c%02d:%02d", sign, abs/3600, abs/60%60), seconds)
}
