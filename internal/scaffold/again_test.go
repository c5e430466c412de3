package scaffold_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/scaffold"
	"lectern/internal/schedule"
)

// day is a programme of one day with these sessions, an hour each.
func day(titles ...string) *schedule.Programme {
	p := &schedule.Programme{Zone: zone(), Days: []string{"2026-10-09"}}
	for i, title := range titles {
		p.Sessions = append(p.Sessions, schedule.Session{
			ID: "g-" + title, Title: title, Day: "2026-10-09", Start: at(1, 9+i, 0), End: at(1, 10+i, 0),
		})
	}
	return p
}

func newProject(t *testing.T) *project {
	return &project{t, map[string]string{"content/_index.md": "# Notes\n"}, "en"}
}

// weights are those of the notes by their titles.
func (p *project) weights() map[string]string {
	out := map[string]string{}
	for _, text := range p.files {
		if strings.Contains(text, "\nsession:") {
			_, rest, _ := strings.Cut(text, "title: ")
			title, rest, _ := strings.Cut(rest, "\n")
			weight, _, _ := strings.Cut(strings.TrimPrefix(rest, "weight: "), "\n")
			out[title] = weight
		}
	}
	return out
}

func TestImportKeepsPlaces(t *testing.T) {
	for _, test := range []struct {
		name  string
		order []string
		want  string
		// moved are the notes of old sessions that get another place.
		moved int
	}{
		{"the first is removed", []string{"b", "c", "d", "e"}, "b2 c3 d4 e5", 0},
		{"the first goes to the end", []string{"b", "c", "d", "e", "a"}, "b2 c3 d4 e5 a6", 1},
		{"the last comes first", []string{"e", "a", "b", "c", "d"}, "e1 a2 b3 c4 d5", 5},
		{"one moves between", []string{"a", "c", "d", "b", "e"}, "a1 c3 d4 b5 e6", 2},
		{"a new one at the end", []string{"a", "b", "c", "d", "e", "f"}, "a1 b2 c3 d4 e5 f6", 0},
		{"a new one for an old one", []string{"a", "b", "x", "d", "e"}, "a1 b2 x4 d5 e6", 2},
		{"a new one between", []string{"a", "b", "c", "d", "x", "e"}, "a1 b2 c3 d4 x5 e6", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newProject(t)
			p.run(day("a", "b", "c", "d", "e"), scaffold.Options{})
			before := p.weights()
			p.run(day(test.order...), scaffold.Options{})
			now := p.weights()
			var got []string
			moved := 0
			for _, title := range test.order {
				got = append(got, title+now[title])
				if before[title] != "" && before[title] != now[title] {
					moved++
				}
			}
			if s := strings.Join(got, " "); s != test.want || moved != test.moved {
				t.Errorf("got %s, %d moved; want %s, %d moved", s, moved, test.want, test.moved)
			}
		})
	}
}

// The places of notes that a person wrote before are theirs.
func TestImportLeavesPlaces(t *testing.T) {
	p := newProject(t)
	p.files["content/day1/_index.md"] = "---\ntitle: First\n---\n"
	p.files["content/day1/01_mine.md"] = "---\ntitle: Mine\nweight: 1\n---\nWords.\n"
	p.files["content/day1/03_other.md"] = "---\ntitle: Other\nweight: 3\n---\nWords.\n"
	p.run(day("a", "b"), scaffold.Options{})
	if got := fmt.Sprint(p.weights()); got != "map[a:2 b:4]" {
		t.Error(got)
	}
	if p.files["content/day1/02_a.md"] == "" || p.files["content/day1/04_b.md"] == "" {
		t.Error(slices.Sorted(maps.Keys(p.files)))
	}
}

// And so are those of sections.
func TestImportLeavesSections(t *testing.T) {
	p := newProject(t)
	p.files["content/before/_index.md"] = "---\ntitle: Before\nweight: 1\n---\n"
	p.files["content/after/_index.md"] = "---\ntitle: After\nweight: 3\n---\n"
	p.run(programme(), scaffold.Options{})
	for name, want := range map[string]string{"content/day1/_index.md": "\nweight: 2\n", "content/day2/_index.md": "\nweight: 4\n"} {
		if !strings.Contains(p.files[name], want) {
			t.Errorf("%s: %s", name, p.files[name])
		}
	}
}

// Another export of the same conference calls its sessions otherwise.
func TestImportFromAnotherExport(t *testing.T) {
	p := newProject(t)
	old := programme()
	for i := range old.Sessions {
		s := &old.Sessions[i]
		s.ID, s.OtherIDs = fmt.Sprint(i+1), nil
	}
	p.run(old, scaffold.Options{})
	prog := programme()
	for i := range prog.Sessions {
		s := &prog.Sessions[i]
		s.ID, s.OtherIDs = "guid-"+s.ID, []string{"CODE" + s.ID, fmt.Sprint(i + 1)}
	}
	prog.Sessions[2].Room = "Cellar"
	plan := p.run(prog, scaffold.Options{})
	if plan.Created != 0 || plan.Updated != 1 || len(plan.Diags) != 0 {
		t.Errorf("%+v", plan)
	}
	if text := p.files["content/day1/02_maps-a-talk.md"]; !strings.Contains(text, "\nroom: Cellar\n") || !strings.Contains(text, "\nsession: \"3\"\n") {
		t.Error(text)
	}
	// And from then on it is known by the new names.
	prog.Sessions = slices.Delete(prog.Sessions, 2, 3)
	plan = p.run(prog, scaffold.Options{})
	if len(plan.Diags) != 1 || plan.Diags[0].Rule != "programme-gone" || plan.Diags[0].File != "content/day1/02_maps-a-talk.md" {
		t.Errorf("%+v", plan.Diags)
	}
}

// A session that comes back after it had left is followed again.
func TestImportComesBack(t *testing.T) {
	p := newProject(t)
	p.run(programme(), scaffold.Options{})
	without := programme()
	without.Sessions = without.Sessions[:2]
	if plan := p.run(without, scaffold.Options{}); len(plan.Diags) != 2 {
		t.Errorf("%+v", plan.Diags)
	}
	if plan := p.run(without, scaffold.Options{}); len(plan.Diags) != 0 || len(plan.Changes) != 0 {
		t.Errorf("told twice: %+v", plan.Diags)
	}
	back := programme()
	back.Sessions[2].Room = "Cellar"
	if plan := p.run(back, scaffold.Options{}); plan.Created != 0 || plan.Updated != 1 {
		t.Errorf("%+v", plan)
	}
	if text := p.files["content/day1/02_maps-a-talk.md"]; !strings.Contains(text, "\nroom: Cellar\n") {
		t.Error(text)
	}
}

// Next year's programme in the same project: nothing of last year's is taken
// for this year's, whatever its sessions are called.
func TestImportNextYear(t *testing.T) {
	for _, id := range []string{"%d", "g-%d"} {
		p := newProject(t)
		old := day("Opening", "Maps", "Closing")
		next := day("Opening", "Generics", "Fuzzing")
		next.Days = []string{"2027-10-08"}
		for i := range old.Sessions {
			old.Sessions[i].ID = fmt.Sprintf(id, i)
			s := &next.Sessions[i]
			s.ID = fmt.Sprintf(strings.ReplaceAll(id, "g-", "h-"), i)
			s.Day, s.Start, s.End = next.Days[0], s.Start.AddDate(1, 0, -1), s.End.AddDate(1, 0, -1)
		}
		p.run(old, scaffold.Options{})
		before := maps.Clone(p.files)
		plan := p.run(next, scaffold.Options{})
		if plan.Created != 3 || plan.Updated != 0 || len(plan.Diags) != 1 || !strings.Contains(plan.Diags[0].Message, "another one") {
			t.Errorf("%s: %d made, %d updated, %+v", id, plan.Created, plan.Updated, plan.Diags)
		}
		for name, text := range before {
			if name != scaffold.StorePath && p.files[name] != text {
				t.Errorf("%s changed:\n%s", name, p.files[name])
			}
		}
		if p.files["content/2027-10-08/01_opening.md"] == "" {
			t.Error(slices.Sorted(maps.Keys(p.files)))
		}
		if again := p.run(next, scaffold.Options{}); len(again.Changes) != 0 || len(again.Diags) != 0 {
			t.Errorf("a second time: %d changes, %+v", len(again.Changes), again.Diags)
		}
	}
}

// A note that is open in an editor with half a line in its front matter misses
// nothing: the next import brings it up to date.
func TestImportUnreadableNote(t *testing.T) {
	const file = "content/day1/02_maps-a-talk.md"
	p := newProject(t)
	p.run(programme(), scaffold.Options{})
	whole := p.files[file]
	p.files[file] = strings.Replace(whole, "title: \"Maps: a talk\"", "title: [Maps", 1)
	prog := programme()
	prog.Sessions[2].Room = "Cellar"
	plan := p.run(prog, scaffold.Options{})
	if plan.Created != 0 || plan.Updated != 0 || len(plan.Diags) != 1 || plan.Diags[0].Rule != "front-matter" || plan.Diags[0].File != file {
		t.Errorf("%+v", plan)
	}
	p.files[file] = whole
	p.run(prog, scaffold.Options{})
	if !strings.Contains(p.files[file], "\nroom: Cellar\n") {
		t.Error(p.files[file])
	}
}

// One field that cannot be changed holds up none of the others.
func TestImportFieldByField(t *testing.T) {
	const file = "content/day1/02_maps-a-talk.md"
	p := newProject(t)
	p.run(programme(), scaffold.Options{})
	p.files[file] = strings.NewReplacer("room: Small", "room: &r Small", "\ntags:", "\nplace: *r\ntags:").Replace(p.files[file])
	prog := programme()
	s := &prog.Sessions[2]
	s.Room, s.Track, s.Speakers = "Cellar", "Tools", s.Speakers[:1]
	plan := p.run(prog, scaffold.Options{})
	text := p.files[file]
	if !strings.Contains(text, "track: Tools\n") || !strings.Contains(text, "speakers:\n- Elif\nroom: &r Small\n") {
		t.Error(text)
	}
	if len(plan.Diags) != 1 || plan.Diags[0].Rule != "front-matter" || !strings.Contains(plan.Diags[0].Hint, `room: "Cellar"`) {
		t.Errorf("%+v", plan.Diags)
	}
}

// A site of two languages: new notes go where they are asked to, in that
// folder's language, and stay there; notes are found in both.
func TestImportLanguages(t *testing.T) {
	p := newProject(t)
	in := scaffold.Project{Into: "content/en", Home: "content/de", Language: func(file string) string {
		return strings.Split(file, "/")[1]
	}}
	in.Files = []scaffold.File{{Path: "content/de/tag1/oeffnung.md", Data: []byte("---\ntitle: Opening\n---\n")}}
	plan, err := scaffold.Import(in, programme(), scaffold.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range plan.Changes {
		p.files[c.Path] = string(c.New)
	}
	if text := p.files["content/en/day1/02_maps-a-talk.md"]; !strings.Contains(text, "Watch the recording") {
		t.Error(slices.Sorted(maps.Keys(p.files)))
	}
	if text := p.files["content/de/tag1/oeffnung.md"]; !strings.Contains(text, "session: a\n") {
		t.Error(text)
	}
	last, err := scaffold.ReadStored([]byte(p.files[scaffold.StorePath]))
	if err != nil || last.Into != "content/en" {
		t.Errorf("%q, %v", last.Into, err)
	}
}

func TestStoredConflict(t *testing.T) {
	_, err := scaffold.ReadStored([]byte("{\n<<<<<<< HEAD\n \"version\": 1,\n=======\n>>>>>>> theirs\n"))
	if !errors.Is(err, scaffold.ErrConflict) {
		t.Error(err)
	}
}

// The zone of a programme is often told by a person, and not at once: times that
// are as the import wrote them get it, what a person wrote stays.
func TestImportZoneLater(t *testing.T) {
	p := newProject(t)
	in := func(zone *time.Location) *schedule.Programme {
		prog := programme()
		prog.Zone = zone
		for i := range prog.Sessions {
			s := &prog.Sessions[i]
			s.Start = s.Start.In(zone)
			if !s.End.IsZero() {
				s.End = s.End.In(zone)
			}
		}
		return prog
	}
	p.run(in(time.UTC), scaffold.Options{})
	const mine = "content/day1/01_opening.md"
	p.files[mine] = strings.Replace(p.files[mine], "start: 2026-10-09T07:00:00Z", "start: 2026-10-09T08:00:00+01:00", 1)
	plan := p.run(in(zone()), scaffold.Options{})
	if text := p.files["content/day1/02_maps-a-talk.md"]; !strings.Contains(text, "\nstart: 2026-10-09T13:00:00+02:00\nend: 2026-10-09T13:45:00+02:00\n") {
		t.Error(text)
	}
	if text := p.files[mine]; !strings.Contains(text, "\nstart: 2026-10-09T08:00:00+01:00\nend: 2026-10-09T09:30:00+02:00\n") {
		t.Error(text)
	}
	if plan.Updated != 3 || len(plan.Diags) != 0 {
		t.Errorf("%d updated, %+v", plan.Updated, plan.Diags)
	}
	if again := p.run(in(zone()), scaffold.Options{}); len(again.Changes) != 0 {
		t.Errorf("a second time: %+v", again)
	}
}

// The hint about a session on another day is a command that can be run.
func TestImportMovedHint(t *testing.T) {
	p := newProject(t)
	p.run(programme(), scaffold.Options{})
	prog := programme()
	prog.Days = append(prog.Days, "2026-10-11")
	s := &prog.Sessions[2]
	s.Day, s.Start, s.End = "2026-10-11", s.Start.AddDate(0, 0, 2), s.End.AddDate(0, 0, 2)
	plan := p.run(prog, scaffold.Options{})
	want := "`lectern mv content/day1/02_maps-a-talk.md content/day3/01_maps-a-talk.md` moves the note, and the links to it"
	if len(plan.Diags) != 1 || plan.Diags[0].Hint != want {
		t.Errorf("%+v", plan.Diags)
	}
}
