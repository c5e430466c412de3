package note

import (
	"fmt"
	"strings"
	"time"

	"lectern/internal/diag"
)

// minUnix and maxUnix are the Unix seconds that count as a time: from 1973 to
// the end of the year 9999.
const (
	minUnix = 100_000_000
	maxUnix = 253_402_300_799
)

// asTime reads a time: the formats that Hugo takes, most used first. One
// without a zone is in loc.
func asTime(v any, loc *time.Location) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		return parseTime(v, loc)
	case int64: // Unix seconds; a smaller number is rather a year, or 20250401
		if v >= minUnix && v <= maxUnix {
			return time.Unix(v, 0).In(loc), true
		}
	}
	return time.Time{}, false
}

func parseTime(s string, loc *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > 60 {
		return time.Time{}, false
	}
	for _, layout := range []string{
		time.DateOnly,
		time.RFC3339,
		"2006-01-02T15:04:05",
		"2006-01-02 15:04:05",
		"2006-01-02T15:04",
		"2006-01-02 15:04",
		"2006-01-02T15:04Z07:00",
		"2006-01-02T15:04:05-0700",
		"2006-01-02 15:04:05Z07:00",
		"2006-01-02 15:04:05 -07:00",
		"2006-01-02 15:04:05 -0700",
		"2006-01-02 15:04:05 -0700 MST",
		"2006-01-02 15:04 -07:00",
		"2006-01-02 15:04 -0700",
		"2006-1-2",
		"2006-1-2 15:04:05",
		"2006/01/02",
		"02 Jan 2006",
		"2 January 2006",
		"January 2, 2006",
		"Jan 2, 2006",
		time.RFC1123Z,
		time.RFC1123,
		time.RFC850,
		time.RFC822Z,
		time.RFC822,
		time.ANSIC,
		time.UnixDate,
		time.RubyDate,
	} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil && t.Year() >= 0 && t.Year() < 10000 {
			return t, true
		}
	}
	return time.Time{}, false
}

// timeOfDay reads 09:30 or 09:30:00.
func timeOfDay(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// dateField reads a time. Where withheld, a wrong one makes the note a draft: it
// may not be public yet or any more.
func dateField(slot func(*FrontMatter) *time.Time, withheld bool) setter {
	return func(d *decoder, f *field) {
		t, ok := asTime(f.value, d.p.opts.location())
		if ok {
			*slot(d.f) = t
			return
		}
		hint := "write it like 2025-04-01 or 2025-04-01T09:30:00+02:00"
		if withheld {
			d.f.Draft = true
			hint += "; the note counts as a draft until then"
		}
		d.n.report(diag.Warning, ruleFrontType, f.at.line, f.at.col,
			fmt.Sprintf("front matter field %q must be a date, not %s", f.name, describe(f.value)), hint)
	}
}

// dates fills in a date that the front matter does not give, as Hugo does.
func (d *decoder) dates() {
	f := d.f
	if f.Date.IsZero() {
		f.Date = f.PublishDate
	}
	if f.Date.IsZero() {
		f.Date, f.DateFromLastmod = f.Lastmod, !f.Lastmod.IsZero()
	}
}

// moment reads a start or an end: a time, or a time of day on the note's date.
// Where the conference has a zone, all its times are told in it.
func (d *decoder) moment(f *field, slot *time.Time) {
	if f == nil {
		return
	}
	defer func() {
		if zone := d.p.opts.Location; zone != nil && !slot.IsZero() {
			*slot = slot.In(zone)
		}
	}()
	if t, ok := asTime(f.value, d.p.opts.location()); ok {
		*slot = t
		return
	}
	if s, ok := f.value.(string); ok {
		if clock, ok := timeOfDay(s); ok {
			if day := d.f.Date; !day.IsZero() {
				y, m, dd := day.Date()
				*slot = time.Date(y, m, dd, clock.Hour(), clock.Minute(), clock.Second(), 0, day.Location())
				return
			}
			d.n.report(diag.Warning, ruleFrontType, f.at.line, f.at.col,
				fmt.Sprintf("front matter field %q is a time of day, and there is no date", f.name), "add a date, or write it like 2025-04-01T09:30")
			return
		}
	}
	d.wrong(f, "a time, like 2025-04-01T09:30 or 09:30")
}
