package page

import (
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"lectern/internal/config"
	"lectern/internal/site"
)

// readCalendar parses a calendar with someone else's eyes, after it has looked
// at what a lenient reader would overlook.
func readCalendar(t *testing.T, body string) *ical.Calendar {
	t.Helper()
	for _, line := range strings.SplitAfter(body, "\r\n") {
		if len(strings.TrimSuffix(line, "\r\n")) > 75 {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
		if strings.ContainsAny(strings.TrimSuffix(line, "\r\n"), "\r\n\x00") || line != strings.ToValidUTF8(line, "?") {
			t.Errorf("line breaks or half letters in %q", line)
		}
	}
	cal, err := ical.ParseCalendar(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return cal
}

func value(e *ical.VEvent, p ical.ComponentProperty) string {
	if v := e.GetProperty(p); v != nil {
		return v.Value
	}
	return ""
}

func TestSessionCalendar(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	o := s.Home.Sections[0].Notes[0]
	o.Title = "Größe; a, b\\c " + strings.Repeat("ünï ", 40) + "\x00\r\nEND:VCALENDAR"
	body := rendered(t, New(cfg, Options{}).Pass(s))["day1/01_opening/session.ics"]
	events := readCalendar(t, body).Events()
	if len(events) != 1 {
		t.Fatalf("%d events in %s", len(events), body)
	}
	e := events[0]
	for p, want := range map[ical.ComponentProperty]string{
		ical.ComponentPropertySummary:    strings.NewReplacer("\x00", "", "\r", "").Replace(o.Title),
		ical.ComponentPropertyLocation:   "Main hall",
		ical.ComponentPropertyUniqueId:   "day1/01_opening@camp.example.org/2025",
		ical.ComponentPropertyDtStart:    "20250520T070000Z",
		ical.ComponentPropertyDtEnd:      "20250520T074500Z",
		ical.ComponentPropertyDtstamp:    "20250522T000000Z",
		ical.ComponentPropertyUrl:        "https://camp.example.org/2025/day1/01_opening/",
		ical.ComponentPropertyCategories: "Plenary,go,keynote",
	} {
		if got := value(e, p); got != want {
			t.Errorf("%s is %q, want %q", p, got, want)
		}
	}
	about := value(e, ical.ComponentPropertyDescription)
	if !strings.HasPrefix(about, "Ada L., Grace H.\n\n") || !strings.HasSuffix(about, "https://camp.example.org/2025/day1/01_opening/") {
		t.Errorf("description %q", about)
	}
}

// Where nobody knows the conference's zone, times are those on its clocks, and
// where nobody knows its address, nothing gives one.
func TestFloatingCalendar(t *testing.T) {
	cfg := testConfig()
	cfg.BaseURL = ""
	s := smallSite(cfg)
	s.Home.Sections[0].Notes[0].Note.Front.Start = time.Date(2025, 5, 20, 9, 0, 0, 0, time.UTC)
	body := rendered(t, New(cfg, Options{}).Pass(s))["day1/01_opening/session.ics"]
	e := readCalendar(t, body).Events()[0]
	if got := value(e, ical.ComponentPropertyDtStart); got != "20250520T090000" {
		t.Errorf("start %s", got)
	}
	if value(e, ical.ComponentPropertyUrl) != "" || strings.Contains(body, "http") {
		t.Errorf("an address from nowhere: %s", body)
	}
	if id := value(e, ical.ComponentPropertyUniqueId); id != "day1/01_opening@GopherCamp-&-Friends.lectern.invalid" {
		t.Errorf("UID %s", id)
	}
}

func TestCalendarOfADay(t *testing.T) {
	cfg := testConfig()
	body := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))["day1/calendar.ics"]
	cal := readCalendar(t, body)
	if n := len(cal.Events()); n != 2 {
		t.Errorf("%d events in %s", n, body)
	}
	if !strings.Contains(body, "X-WR-CALNAME:GopherCamp & Friends · Day 1\r\n") {
		t.Errorf("no name in %s", body)
	}
}

func TestCalendarPath(t *testing.T) {
	for _, c := range []struct {
		kind     site.Kind
		of, want string
	}{
		{site.Single, "day1/talk/index.html", "day1/talk/session.ics"},
		{site.Single, "/day1/talk/", "/day1/talk/session.ics"},
		{site.Single, "day1/talk.html", "day1/talk.ics"},
		{site.Single, "index.html", "session.ics"},
		{site.Timetable, "/day1/timetable/", "/day1/calendar.ics"},
		{site.Timetable, "timetable/index.html", "calendar.ics"},
		{site.Timetable, "/timetable/", "/calendar.ics"},
	} {
		if got := calendarPath(c.kind, c.of); got != c.want {
			t.Errorf("%s: %s, want %s", c.of, got, c.want)
		}
	}
}

func TestNoCalendarWithoutPages(t *testing.T) {
	for _, off := range []func(*config.Config){
		func(c *config.Config) { c.DisableKinds = []string{"timetable", "page"} },
		func(c *config.Config) { c.Outputs = map[string][]string{"timetable": nil, "page": {"rss"}} },
	} {
		cfg := testConfig()
		off(cfg)
		for path, body := range rendered(t, New(cfg, Options{}).Pass(smallSite(cfg))) {
			if strings.HasSuffix(path, ".ics") || strings.Contains(body, ".ics") {
				t.Errorf("%s speaks of a calendar", path)
			}
		}
	}
}
