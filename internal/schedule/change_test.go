package schedule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/internal/diag"
	"lectern/internal/schedule"
)

func at(id, title, start, end string) schedule.Session {
	parse := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		t, err := time.Parse("15:04", s)
		if err != nil {
			panic(err)
		}
		return time.Date(2026, 3, 24, t.Hour(), t.Minute(), 0, 0, time.UTC)
	}
	return schedule.Session{ID: id, Title: title, Start: parse(start), End: parse(end), Room: "A"}
}

func TestDiff(t *testing.T) {
	base := at("1", "Talk", "09:00", "09:30")
	base.Speakers = []schedule.Person{{Name: "Ada"}}
	for _, tt := range []struct {
		name   string
		change func(*schedule.Session)
		want   string
	}{
		{"nothing", func(*schedule.Session) {}, ""},
		{"room", func(s *schedule.Session) { s.Room = "B" }, "new room: “Talk”: A → B"},
		{"room gone", func(s *schedule.Session) { s.Room = "" }, "new room: “Talk”: A → none"},
		{"time", func(s *schedule.Session) { s.Start, s.End = s.Start.Add(time.Hour), s.End.Add(time.Hour) }, "new time: “Talk”: 2026-03-24 09:00–09:30 → 2026-03-24 10:00–10:30"},
		{"time gone", func(s *schedule.Session) { s.Start, s.End = time.Time{}, time.Time{} }, "new time: “Talk”: 2026-03-24 09:00–09:30 → none"},
		{"zone alone", func(s *schedule.Session) { s.Start = s.Start.In(time.FixedZone("X", 3600)) }, ""},
		{"title", func(s *schedule.Session) { s.Title = "Talk!" }, "new title: “Talk!”: Talk → Talk!"},
		{"speakers", func(s *schedule.Session) { s.Speakers = append(s.Speakers[:1:1], schedule.Person{Name: "Bob"}) }, "new speakers: “Talk”: Ada → Ada, Bob"},
		{"cancelled", func(s *schedule.Session) { s.Cancelled = true }, "cancelled: “Talk” (2026-03-24 09:00–09:30, A)"},
		{"video", func(s *schedule.Session) {
			s.Links = []schedule.Link{{URL: "https://v.example", Kind: schedule.KindVideo}, {URL: "https://o.example", Kind: schedule.KindOther}}
		}, "new video or slides: “Talk”: none → https://v.example"},
		{"text", func(s *schedule.Session) { s.Abstract = "More." }, "new text: “Talk”"},
		{"id", func(s *schedule.Session) { s.ID = "2" }, "removed: “Talk” (2026-03-24 09:00–09:30, A)\nnew: “Talk” (2026-03-24 09:00–09:30, A)"},
		{"two", func(s *schedule.Session) { s.Room, s.Title = "B", "U" }, "new room: “U”: A → B\nnew title: “U”: Talk → U"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := base
			tt.change(&s)
			changes := schedule.Diff(&schedule.Programme{Sessions: []schedule.Session{base}}, &schedule.Programme{Sessions: []schedule.Session{s}})
			var lines []string
			for _, c := range changes {
				lines = append(lines, c.String())
			}
			if got := strings.Join(lines, "\n"); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
	p := &schedule.Programme{Sessions: []schedule.Session{base}}
	if c := schedule.Diff(nil, p); len(c) != 1 || c[0].Kind != schedule.Added || c[0].Session().ID != "1" {
		t.Errorf("from nothing: %v", c)
	}
	if c := schedule.Diff(p, nil); len(c) != 1 || c[0].Kind != schedule.Removed || c[0].Session().ID != "1" {
		t.Errorf("to nothing: %v", c)
	}
}

func TestClashes(t *testing.T) {
	cancelled, lunch, allDay := at("c", "Cancelled", "09:00", "12:00"), at("l", "Lunch", "09:00", "12:00"), at("d", "All day", "00:00", "23:59")
	cancelled.Cancelled, lunch.Break, allDay.AllDay = true, true, true
	got := schedule.Clashes([]schedule.Session{
		at("3", "Late", "10:00", "10:30"), at("1", "Long", "09:00", "10:10"), at("2", "Short", "09:30", "10:00"),
		at("4", "After", "10:30", "11:00"), at("5", "Open end", "10:55", ""), at("6", "No time", "", ""), cancelled, lunch, allDay,
	})
	want := []string{
		"2026-03-24 09:30–10:00: “Long” (A) and “Short” (A)",
		"2026-03-24 10:00–10:10: “Long” (A) and “Late” (A)",
		"2026-03-24 10:55–11:00: “After” (A) and “Open end” (A)",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	many := make([]schedule.Session, 20_000)
	for i := range many {
		many[i] = at(fmt.Sprint(i), "T", "09:00", "10:00")
	}
	if n := len(schedule.Clashes(many)); n != 10_000 {
		t.Errorf("%d clashes", n)
	}
}

func TestSelection(t *testing.T) {
	a, b, c := at("guid-1", "Ada’s “talk”", "09:00", ""), at("2", "Bees", "10:00", ""), at("3", "Bees", "11:00", "")
	a.OtherIDs, a.Track, a.URL, a.Speakers = []string{"ABC123"}, "Security", "https://www.example.org/talk/ABC123/", []schedule.Person{{Name: "Ada"}}
	b.Track, b.Tags, b.Room = "Nature", []string{"insects"}, "Garden"
	c.Track = "Nature"
	p := &schedule.Programme{Sessions: []schedule.Session{a, b, c}}
	for _, tt := range []struct{ terms, list, want, findings string }{
		{"", "", "guid-1 2 3", ""},
		{"track=nature", "", "2 3", ""},
		{"track=nature room=Garden", "", "2", ""},
		{"track=nature track=Security", "", "guid-1 2 3", ""},
		{"tags=insects", "", "2", ""},
		{"speaker=ada", "", "guid-1", ""},
		{"track=Securty", "", "", `warning: no session has the track “Securty” [programme-selection]
  hint: did you mean “Security”?
`},
		{"day=2026-03-29", "", "", "warning: no session has the day “2026-03-29” [programme-selection]\n"},
		{"", "# mine\n\nABC123 # the first\n", "guid-1", ""},
		{"", "\ufeffhttp://example.org/talk/ABC123\r\n", "guid-1", ""},
		{"", "- [ ] ada's \"talk\"", "guid-1", ""},
		{"", "guid-1\n3", "guid-1 3", ""},
		{"", "bees", "2 3", ""},
		{"room=Garden", "guid-1", "guid-1 2", ""},
		{"", "Beez\nnonsense that is nowhere", "", `fav:1:1: warning: the programme has no session “Beez” [programme-selection]
  hint: did you mean “Bees”?
fav:2:1: warning: the programme has no session “nonsense that is nowhere” [programme-selection]
  hint: a line is an id, a code, an address or a title of the programme
`},
		{"", "# nothing", "", ""},
	} {
		t.Run(tt.terms+tt.list, func(t *testing.T) {
			var s schedule.Selection
			for _, term := range strings.Fields(tt.terms) {
				if !schedule.IsTerm(term) {
					t.Errorf("%q is no term", term)
				}
				if err := s.AddTerm(term); err != nil {
					t.Fatal(err)
				}
			}
			if tt.list != "" {
				s.AddList("fav", tt.list)
			}
			chosen, ds := s.Choose(p)
			var ids []string
			for _, c := range chosen {
				ids = append(ids, c.ID)
			}
			var text strings.Builder
			if err := diag.WriteText(&text, ds, false); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("chosen %q, want %q", got, tt.want)
			}
			if text.String() != tt.findings {
				t.Errorf("findings\n%swant\n%s", text.String(), tt.findings)
			}
		})
	}
	var s schedule.Selection
	for arg, want := range map[string]string{
		"track=":  `"track=" selects nothing: write it like track=Security`,
		"trak=x":  `nothing can be selected by "trak", only by track, room, tag, type, day, language, speaker; did you mean track?`,
		"price=3": `nothing can be selected by "price", only by track, room, tag, type, day, language, speaker`,
	} {
		if err := s.AddTerm(arg); err == nil || err.Error() != want {
			t.Errorf("%s: %v", arg, err)
		}
	}
	if schedule.IsTerm("favourites.txt") || schedule.IsTerm("./a=b.txt") || !schedule.IsTerm("track=a.b/c") {
		t.Error("a file's name is taken for a term, or a term for one")
	}
}
