package schedule

import (
	"strconv"
	"strings"
	"time"
)

// icalZone finds what a TZID stands for: a name of the time zone database, one
// at the end of a longer name, what the calendar says it is, or nil.
func icalZone(id string) *time.Location {
	if zone := loadZone(id); zone != nil {
		return zone
	}
	if zone := loadZone(windowsZone(id)); zone != nil {
		return zone
	}
	// /freeassociation.sourceforge.net/Europe/Berlin
	parts := strings.Split(strings.Trim(id, "/"), "/")
	for n := min(3, len(parts)); n >= 2; n-- {
		if zone := loadZone(strings.Join(parts[len(parts)-n:], "/")); zone != nil {
			return zone
		}
	}
	return nil
}

// windowsZone returns the zone of the database that CLDR gives for one of
// Windows, which Outlook and Exchange write.
func windowsZone(id string) string {
	switch id {
	case "W. Europe Standard Time":
		return "Europe/Berlin"
	case "Romance Standard Time":
		return "Europe/Paris"
	case "Central Europe Standard Time":
		return "Europe/Budapest"
	case "Central European Standard Time":
		return "Europe/Warsaw"
	case "GMT Standard Time":
		return "Europe/London"
	case "Greenwich Standard Time":
		return "Atlantic/Reykjavik"
	case "FLE Standard Time":
		return "Europe/Kyiv"
	case "GTB Standard Time":
		return "Europe/Bucharest"
	case "Russian Standard Time":
		return "Europe/Moscow"
	case "Turkey Standard Time":
		return "Europe/Istanbul"
	case "Israel Standard Time":
		return "Asia/Jerusalem"
	case "South Africa Standard Time":
		return "Africa/Johannesburg"
	case "Arabian Standard Time":
		return "Asia/Dubai"
	case "India Standard Time":
		return "Asia/Kolkata"
	case "Singapore Standard Time":
		return "Asia/Singapore"
	case "China Standard Time":
		return "Asia/Shanghai"
	case "Tokyo Standard Time":
		return "Asia/Tokyo"
	case "Korea Standard Time":
		return "Asia/Seoul"
	case "AUS Eastern Standard Time":
		return "Australia/Sydney"
	case "New Zealand Standard Time":
		return "Pacific/Auckland"
	case "Eastern Standard Time":
		return "America/New_York"
	case "Central Standard Time":
		return "America/Chicago"
	case "Mountain Standard Time":
		return "America/Denver"
	case "Pacific Standard Time":
		return "America/Los_Angeles"
	case "E. South America Standard Time":
		return "America/Sao_Paulo"
	}
	return ""
}

// observance is one of a time zone's rules: from a time of the year on, the
// clock is ahead of UTC by some seconds.
type observance struct {
	start   time.Time // local, as if in UTC
	seconds int
	yearly  bool
	month   time.Month
	weekday time.Weekday
	nth     int // which weekday of the month; negative from its end
}

// observances reads a VTIMEZONE, as programs write it whose zones have names
// that only they know.
func observances(zone component) []observance {
	var all []observance
	for _, part := range zone.parts {
		start, err := time.Parse("20060102T150405", part.get("DTSTART").value)
		seconds, ok := utcOffset(part.get("TZOFFSETTO").value)
		if err != nil || !ok {
			continue
		}
		o := observance{start: start, seconds: seconds}
		for _, rule := range strings.Split(part.get("RRULE").value, ";") {
			key, value, _ := strings.Cut(rule, "=")
			switch strings.ToUpper(key) {
			case "FREQ":
				o.yearly = strings.EqualFold(value, "YEARLY")
			case "BYMONTH":
				n, err := strconv.Atoi(value)
				if err == nil && n >= 1 && n <= 12 {
					o.month = time.Month(n)
				}
			case "BYDAY":
				o.nth, o.weekday = byDay(value)
			}
		}
		o.yearly = o.yearly && o.month != 0 && o.nth != 0
		all = append(all, o)
	}
	return all
}

func byDay(s string) (nth int, day time.Weekday) {
	if len(s) < 3 {
		return 0, 0
	}
	i := strings.Index("SUMOTUWETHFRSA", strings.ToUpper(s[len(s)-2:]))
	n, err := strconv.Atoi(s[:len(s)-2])
	if i < 0 || i%2 != 0 || err != nil || n < -5 || n > 5 {
		return 0, 0
	}
	return n, time.Weekday(i / 2)
}

// utcOffset reads +0100 or +010000 as seconds.
func utcOffset(s string) (int, bool) {
	if len(s) != 5 && len(s) != 7 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	n, err := strconv.Atoi(s[1:5])
	if err != nil || n < 0 || n/100 > 15 || n%100 > 59 {
		return 0, false
	}
	seconds := (n/100*60 + n%100) * 60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// offsetAt returns the seconds ahead of UTC at a local time: those of the rule
// that began last.
func offsetAt(rules []observance, local time.Time) (int, bool) {
	var last time.Time
	seconds, found := 0, false
	for _, o := range rules {
		begin := o.start
		if o.yearly {
			begin = o.in(local.Year())
			if begin.After(local) {
				begin = o.in(local.Year() - 1)
			}
			if begin.Before(o.start) {
				continue
			}
		}
		if !begin.After(local) && (!found || begin.After(last)) {
			last, seconds, found = begin, o.seconds, true
		}
	}
	if !found && len(rules) > 0 {
		return rules[0].seconds, true
	}
	return seconds, found
}

// in returns when the rule begins in a year.
func (o observance) in(year int) time.Time {
	at := func(day int) time.Time {
		return time.Date(year, o.month, day, o.start.Hour(), o.start.Minute(), o.start.Second(), 0, time.UTC)
	}
	if o.nth > 0 {
		first := at(1)
		return at(1 + (int(o.weekday)-int(first.Weekday())+7)%7 + (o.nth-1)*7)
	}
	last := time.Date(year, o.month+1, 0, 0, 0, 0, 0, time.UTC)
	return at(last.Day() - (int(last.Weekday())-int(o.weekday)+7)%7 + (o.nth+1)*7)
}
