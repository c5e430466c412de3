package note

import (
	"strings"
	"time"
)

// asTime reads a time: the formats that Hugo takes, most used first. One
// without a zone is in loc.
func asTime(v any, loc *time.Location) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		return parseTime(v, loc)
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
