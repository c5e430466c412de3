package schedule_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/diag"
	"lectern/internal/schedule"
)

var update = flag.Bool("update", false, "renew the golden files")

// shared is where programmes lie as conferences publish them.
const shared = "../../../shared/schedules"

func realFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(shared, name))
	if err != nil {
		t.Skipf("the real programmes are not here: %v", err)
	}
	return data
}

func read(t testing.TB, name string, data []byte) (*schedule.Programme, []diag.Diagnostic) {
	t.Helper()
	p, ds, err := schedule.Read(name, data, schedule.Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	invariants(t, p)
	return p, ds
}

// invariants are what Read promises of every programme.
func invariants(t testing.TB, p *schedule.Programme) {
	t.Helper()
	ids, rooms, days := map[string]bool{}, map[string]bool{}, map[string]bool{}
	if !slices.IsSortedFunc(p.Sessions, func(a, b schedule.Session) int {
		if a.Start.IsZero() != b.Start.IsZero() {
			return b.Start.Compare(a.Start) // those without a time are last
		}
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(slices.Index(p.Rooms, a.Room), slices.Index(p.Rooms, b.Room)), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	}) {
		t.Error("the sessions are not sorted")
	}
	for _, r := range p.Rooms {
		if rooms[r] {
			t.Errorf("the room %q is there twice", r)
		}
		rooms[r] = true
	}
	for _, d := range p.Days {
		days[d] = true
	}
	if p.Zone == nil {
		t.Error("no zone")
	}
	for i, s := range p.Sessions {
		switch {
		case s.ID == "" || ids[s.ID]:
			t.Errorf("%q: the id %q is empty or there twice", s.Title, s.ID)
		case s.Title == "" || strings.ContainsAny(s.Title, "\n\r\x00"):
			t.Errorf("%s: the title %q", s.ID, s.Title)
		case s.Room != "" && !rooms[s.Room]:
			t.Errorf("%q: the room %q is not in the list", s.Title, s.Room)
		case !s.Start.IsZero() && !days[s.Day]:
			t.Errorf("%q: the day %q is not in the list", s.Title, s.Day)
		case !s.End.IsZero() && !s.End.After(s.Start):
			t.Errorf("%q ends at %v, before %v", s.Title, s.End, s.Start)
		case i > 0 && !s.Start.IsZero() && s.Start.Before(p.Sessions[i-1].Start):
			t.Errorf("%q stands after %q", s.Title, p.Sessions[i-1].Title)
		case s.Pos.Line == 0:
			t.Errorf("%q has no place", s.Title)
		}
		ids[s.ID] = true
		for _, who := range s.Speakers {
			if who.Name == "" {
				t.Errorf("%q: a speaker without a name", s.Title)
			}
		}
		for _, l := range s.Links {
			if !strings.HasPrefix(l.URL, "http") {
				t.Errorf("%q: the link %q", s.Title, l.URL)
			}
		}
	}
}

// TestGolden reads the small programmes in testdata, one or more of each
// format, each with what is odd about it.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file, ".golden.json") || strings.HasPrefix(filepath.Base(file), "fuzz") {
			continue
		}
		n++
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, ds := read(t, filepath.Base(file), data)
			got := golden(t, p, ds)
			name := file + ".golden.json"
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%s is no longer what is read; look at the difference with -update and git diff\n%s", name, got)
			}
		})
	}
	if n < 8 {
		t.Errorf("only %d programmes in testdata", n)
	}
}

// golden writes a programme and its findings for people.
func golden(t *testing.T, p *schedule.Programme, ds []diag.Diagnostic) []byte {
	t.Helper()
	type session struct {
		schedule.Session
		Start, End, Pos string
	}
	type file struct {
		Format                          schedule.Format
		Title, Acronym, Start, End, URL string
		Zone                            string
		Days, Rooms, Tracks             []string
		Findings                        []string
		Sessions                        []session
	}
	f := file{
		Format: p.Format, Title: p.Title, Acronym: p.Acronym, Start: p.Start, End: p.End, URL: p.URL,
		Zone: p.Zone.String(), Days: p.Days, Rooms: p.Rooms, Tracks: p.Tracks,
	}
	var text strings.Builder
	if err := diag.WriteText(&text, ds, false); err != nil {
		t.Fatal(err)
	}
	f.Findings = strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	for _, s := range p.Sessions {
		g := session{Session: s, Start: stamp(s.Start), End: stamp(s.End)}
		at, err := json.Marshal([]int{s.Pos.Line, s.Pos.Col})
		if err != nil {
			t.Fatal(err)
		}
		g.Pos = string(at)
		f.Sessions = append(f.Sessions, g)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(f); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

// TestRealFiles reads programmes as conferences publish them.
func TestRealFiles(t *testing.T) {
	for file, want := range map[string]string{
		"pretalx-democon.json": `pretalx/frab JSON: DemoCon (UTC+01:00), 36 sessions, 2 rooms, 3 days, 43 speakers, 36 texts
2020-12-14T09:00:00+01:00 Focused 5thgeneration hardware
2020-12-16T15:00:00+01:00 Seamless real-time installation
pretalx-democon.json:1:1: warning: the programme names the time zone UTC, but its times are those of UTC+01:00 [programme-zone]
  hint: the times count; give the zone with --time-zone if that is wrong
`,
		"frab-camp2019.json": `pretalx/frab JSON: Chaos Communication Camp 2019 (Europe/Berlin), 79 sessions, 2 rooms, 5 days, 96 speakers, 76 texts
2019-08-21T11:00:00+02:00 Opening Ceremony
2019-08-25T18:00:00+02:00 Closing ceremony
`,
		"debconf23.xml": `frab XML: DebConf 23 (Asia/Kolkata), 117 sessions, 5 rooms, 8 days, 143 speakers, 85 texts
2023-09-10T07:00:00+05:30 Breakfast
2023-09-17T19:00:00+05:30 Dinner
`,
		"sched_kccnceu2026.ics": `iCalendar: KubeCon + CloudNativeCon Europe 2026 (UTC), 596 sessions, 51 rooms, 6 days, 817 speakers, 541 texts
2026-03-22T07:00:00Z Badge Pick-Up
2026-03-27T08:00:00Z AI Native Summit Hosted by ETSI ISG NFV | SEPARATE REGISTRATION REQUIRED
sched_kccnceu2026.ics:1:1: info: all times are in UTC, which says nothing of the conference's own zone [programme-zone]
  hint: give the zone with --time-zone, such as Europe/Amsterdam
`,
		"linux_conf_au_2020.ics": `iCalendar: linux.conf.au 2020 (Australia/Brisbane), 262 sessions, 7 rooms, 6 days, 190 speakers, 201 texts
2020-01-12T15:00:00+10:00 Main Conference: miniconf
2020-01-17T16:40:00+10:00 Conference Close
`,
		"kielux_2020.ics": `iCalendar: 18. Kieler Open Source und Linux Tage (UTC), 24 sessions, 4 rooms, 2 days, 24 speakers, 24 texts
2020-09-18T09:00:00Z Nachhaltigkeit und Linux - passt das?
2020-09-19T15:00:00Z OpenRA: Command & Conquer Open Source unter Linux
kielux_2020.ics:1:1: info: all times are in UTC, which says nothing of the conference's own zone [programme-zone]
  hint: give the zone with --time-zone, such as Europe/Amsterdam
`,
	} {
		t.Run(file, func(t *testing.T) {
			p, ds := read(t, file, realFile(t, file))
			var b strings.Builder
			speakers, texts := 0, 0
			for _, s := range p.Sessions {
				speakers += len(s.Speakers)
				if s.Abstract+s.Description != "" {
					texts++
				}
			}
			fmt.Fprintf(&b, "%s: %s (%s), %d sessions, %d rooms, %d days, %d speakers, %d texts\n",
				p.Format, p.Title, p.Zone, len(p.Sessions), len(p.Rooms), len(p.Days), speakers, texts)
			for _, i := range []int{0, len(p.Sessions) - 1} {
				fmt.Fprintf(&b, "%s %s\n", p.Sessions[i].Start.Format(time.RFC3339), p.Sessions[i].Title)
			}
			if err := diag.WriteText(&b, ds, false); err != nil {
				t.Fatal(err)
			}
			if b.String() != want {
				t.Errorf("got\n%swant\n%s", b.String(), want)
			}
		})
	}
}

// TestZones: whose time zone counts when.
func TestZones(t *testing.T) {
	berlin, tokyo := time.FixedZone("Berlin", 3600), time.FixedZone("Tokyo", 9*3600)
	frab := func(zone, date, start string) string {
		return `{"schedule":{"conference":{"time_zone_name":"` + zone + `","days":[{"date":"2026-01-05","day_start":"04:00","rooms":{"R":[{"id":1,"title":"T","date":"` + date + `","start":"` + start + `","end":"` + start[:3] + `45"}]}}]}}}`
	}
	ics := func(head, start string) string {
		return "BEGIN:VCALENDAR\n" + head + "\nBEGIN:VEVENT\nUID:1\nSUMMARY:T\nDTSTART" + start + "\nEND:VEVENT\nEND:VCALENDAR"
	}
	sessionize := func(start string) string {
		return `{"speakers":[],"rooms":[],"sessions":[{"id":1,"title":"T","startsAt":"` + start + `"}]}`
	}
	for _, tt := range []struct {
		name, data string
		opts       schedule.Options
		want, day  string
		finding    bool
	}{
		{"named", frab("Europe/Berlin", "2026-01-05T10:00:00+01:00", "10:00"), schedule.Options{}, "2026-01-05T10:00:00+01:00 Europe/Berlin", "2026-01-05", false},
		{"named, date in UTC", frab("Europe/Berlin", "2026-01-05T09:00:00Z", "10:00"), schedule.Options{}, "2026-01-05T10:00:00+01:00 Europe/Berlin", "2026-01-05", false},
		{"the person knows better", frab("Europe/Berlin", "2026-01-05T10:00:00+01:00", "10:00"), schedule.Options{Zone: tokyo}, "2026-01-05T18:00:00+09:00 Tokyo", "2026-01-05", false},
		{"the default is no better", frab("Europe/Berlin", "2026-01-05T10:00:00+01:00", "10:00"), schedule.Options{DefaultZone: tokyo}, "2026-01-05T10:00:00+01:00 Europe/Berlin", "2026-01-05", false},
		{"unknown, dates with an offset", frab("Mars/Olympus", "2026-01-05T10:00:00+02:00", "10:00"), schedule.Options{}, "2026-01-05T10:00:00+02:00 UTC+02:00", "2026-01-05", true},
		{"contradicted", frab("UTC", "2026-01-05T10:00:00-03:30", "10:00"), schedule.Options{}, "2026-01-05T10:00:00-03:30 UTC-03:30", "2026-01-05", true},
		{"a date alone", frab("Europe/Berlin", "2026-01-05", "10:00"), schedule.Options{}, "2026-01-05T10:00:00+01:00 Europe/Berlin", "2026-01-05", false},
		{"after midnight", frab("Europe/Berlin", "2026-01-05", "00:30"), schedule.Options{}, "2026-01-06T00:30:00+01:00 Europe/Berlin", "2026-01-05", false},
		{"no zone at all", sessionize("2026-01-05T10:00:00"), schedule.Options{}, "2026-01-05T10:00:00Z UTC", "2026-01-05", true},
		{"no zone, but a default", sessionize("2026-01-05T10:00:00"), schedule.Options{DefaultZone: berlin}, "2026-01-05T10:00:00+01:00 Berlin", "2026-01-05", false},
		{"UTC in a calendar", ics("X-WR-TIMEZONE:UTC", ":20260105T230000Z"), schedule.Options{}, "2026-01-05T23:00:00Z UTC", "2026-01-05", true},
		{"UTC in a calendar, and a default", ics("X-WR-TIMEZONE:UTC", ":20260105T230000Z"), schedule.Options{DefaultZone: berlin}, "2026-01-06T00:00:00+01:00 Berlin", "2026-01-06", false},
		{"calendar's zone", ics("X-WR-TIMEZONE:Europe/Berlin", ":20260105T230000Z"), schedule.Options{}, "2026-01-06T00:00:00+01:00 Europe/Berlin", "2026-01-06", false},
		{"event's zone", ics("X:", ";TZID=/example.org/Europe/Berlin:20260105T100000"), schedule.Options{}, "2026-01-05T10:00:00+01:00 Europe/Berlin", "2026-01-05", false},
		{"Windows", ics("X:", ";TZID=W. Europe Standard Time:20260705T100000"), schedule.Options{}, "2026-07-05T10:00:00+02:00 Europe/Berlin", "2026-07-05", false},
		{"the machine's zone is none", ics("X-WR-TIMEZONE:Local", ":20260105T100000"), schedule.Options{}, "2026-01-05T10:00:00Z UTC", "2026-01-05", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, ds, err := schedule.Read("p", []byte(tt.data), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			s := p.Sessions[0]
			if got := s.Start.Format(time.RFC3339) + " " + p.Zone.String(); got != tt.want || s.Day != tt.day || s.Start.Location() != p.Zone {
				t.Errorf("%s on %s, want %s on %s", got, s.Day, tt.want, tt.day)
			}
			if p.Format == schedule.FrabJSON && s.End.Sub(s.Start) > 45*time.Minute {
				t.Errorf("ends at %v", s.End)
			}
			zone := false
			for _, d := range ds {
				zone = zone || d.Rule == "programme-zone"
			}
			if zone != tt.finding {
				t.Errorf("findings %v", ds)
			}
		})
	}
}

// TestDetect: by content, wherever the keys stand.
func TestDetect(t *testing.T) {
	long := strings.Repeat(`{"id":"x","sessions":[1]},`, 10_000)
	for data, want := range map[string]schedule.Format{
		`{"speakers":[` + long + `{}],"sessions":[]}`:  schedule.Sessionize,
		`{"generator":{"name":"x"},"schedule":{}}`:     schedule.FrabJSON,
		`[{"date":"2026-01-01","rooms":[]}]`:           schedule.GridSmart,
		`[{"groupId":1,"sessions":[]}]`:                schedule.GridSmart,
		`{"count":1,"results":[]}`:                     schedule.Indico,
		`{"count":1,"next":null,"results":[]}`:         schedule.Unknown,
		`{"a":{"schedule":1}}`:                         schedule.Unknown,
		"\ufeff\r\n begin:vcalendar\r\n":               schedule.ICalendar,
		"<?xml version='1.0'?><!-- <x> --><schedule/>": schedule.FrabXML,
		`<!DOCTYPE schedule SYSTEM "x"><schedule/>`:    schedule.FrabXML,
		"<html/>": schedule.Unknown, "": schedule.Unknown, "[]": schedule.Unknown, "{": schedule.Unknown, "<": schedule.Unknown,
	} {
		if got := schedule.Detect([]byte(data)); got != want {
			t.Errorf("%.60q: %q, want %q", data, got, want)
		}
	}
}

// asError returns the one error of bytes that cannot be used.
func asError(t *testing.T, err error) *schedule.Error {
	t.Helper()
	var e *schedule.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *schedule.Error", err)
	}
	return e
}
