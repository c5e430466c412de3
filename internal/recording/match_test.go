package recording_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/recording"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// one is a recording with a video that is named after its title.
func one(title string, more ...func(*recording.Recording)) recording.Recording {
	r := recording.Recording{Title: title, Video: "https://v.example/" + strings.ReplaceAll(title, " ", "-")}
	for _, m := range more {
		m(&r)
	}
	return r
}

// filler are further talks, so that a word is not rare for being in a short list.
func filler() []recording.Recording {
	return []recording.Recording{
		one("Sailing Containers Across Oceans"), one("Why Databases Dream"), one("Budgets, Bytes and Beer"), one("Kubernetes for Cats"),
	}
}

func TestMatch(t *testing.T) {
	day := func(s string) func(*recording.Recording) {
		return func(r *recording.Recording) { r.Day = at(s); r.Timed = !strings.HasSuffix(s, "00:00") }
	}
	by := func(names ...string) func(*recording.Recording) {
		return func(r *recording.Recording) { r.Speakers = names }
	}
	long := func(d time.Duration) func(*recording.Recording) {
		return func(r *recording.Recording) { r.Duration = d }
	}
	published := func(s string) func(*recording.Recording) {
		return func(r *recording.Recording) { r.Published = at(s) }
	}
	slot := func(title, start string, d time.Duration) recording.Session {
		return recording.Session{Title: title, Start: at(start), End: at(start).Add(d)}
	}
	for _, c := range []struct {
		name     string
		sessions []recording.Session
		list     []recording.Recording
		opts     recording.Options
		// want are the titles of the recordings that are sure; "?" is unsure, "" is none.
		want []string
		why  string
	}{
		{
			"a typo and a subtitle dropped",
			[]recording.Session{{Title: "Untangling quantum lasgana"}},
			[]recording.Recording{one("Untangling Quantum Lasagna: Layers That Matter - Ann Ode, Sun")},
			recording.Options{},
			[]string{"Untangling Quantum Lasagna: Layers That Matter - Ann Ode, Sun"},
			"",
		},
		{
			"the same speaker twice",
			[]recording.Session{{Title: "Untangling Quantum Lasagna", Speakers: []string{"Ann Ode"}}},
			[]recording.Recording{one("Baking Classical Pizza - Ann Ode, Sun")},
			recording.Options{},
			[]string{""},
			"",
		},
		{
			"a talk and its lightning version",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}, {Title: "Lightning talk: Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Lightning Talk: Untangling Quantum Lasagna"), one("Untangling Quantum Lasagna")},
			recording.Options{},
			[]string{"Untangling Quantum Lasagna", "Lightning Talk: Untangling Quantum Lasagna"},
			"",
		},
		{
			"the lightning version alone",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Lightning Talk: Untangling Quantum Lasagna")},
			recording.Options{},
			[]string{"?"},
			"lightning talk",
		},
		{
			"two days of a workshop",
			[]recording.Session{{Title: "Quantum Lasagna Workshop (Day 2)"}, {Title: "Quantum lasagna workshop, day 1"}},
			[]recording.Recording{one("Workshop: Quantum Lasagna - Day 1"), one("Workshop: Quantum Lasagna - Day 2")},
			recording.Options{},
			[]string{"Workshop: Quantum Lasagna - Day 2", "Workshop: Quantum Lasagna - Day 1"},
			"",
		},
		{
			"the other day's recording alone",
			[]recording.Session{{Title: "Quantum Lasagna Workshop (Day 2)"}},
			[]recording.Recording{one("Workshop: Quantum Lasagna - Day 1")},
			recording.Options{},
			[]string{""},
			"",
		},
		{
			"a part, and a note that names none",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Untangling Quantum Lasagna, Part 1")},
			recording.Options{},
			[]string{"?"},
			"part 1",
		},
		{
			"last year's edition alone",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Untangling Quantum Lasagna | FoodConf 2024")},
			recording.Options{Event: "FoodConf 2025"},
			[]string{""},
			"",
		},
		{
			"both editions",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Untangling Quantum Lasagna | FoodConf 2024"), one("Untangling Quantum Lasagna | FoodConf 2025")},
			recording.Options{Year: 2025},
			[]string{"Untangling Quantum Lasagna | FoodConf 2025"},
			"",
		},
		{
			"both editions, and no year known",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Untangling Quantum Lasagna | FoodConf 2024"), one("Untangling Quantum Lasagna | FoodConf 2025")},
			recording.Options{},
			[]string{"?"},
			"another year",
		},
		{
			"published before it was held",
			[]recording.Session{slot("Untangling Quantum Lasagna", "2025-04-02 10:00", 30*time.Minute)},
			[]recording.Recording{one("Untangling Quantum Lasagna", published("2024-04-20 10:00"))},
			recording.Options{},
			[]string{"?"},
			"published on 2024-04-20",
		},
		{
			"another part of the world",
			[]recording.Session{{Title: "Untangling Quantum Lasagna", Event: "FoodConf EU 2025"}},
			[]recording.Recording{one("Untangling Quantum Lasagna | FoodConf NA 2025")},
			recording.Options{},
			[]string{""},
			"",
		},
		{
			"one title, two tracks, told apart by the speakers",
			[]recording.Session{{Title: "State of the Art Lasagna", Speakers: []string{"A. Ode"}}, {Title: "State of the Art Lasagna", Speakers: []string{"Li, Bo"}}},
			[]recording.Recording{one("State of the Art Lasagna", by("Ann Ode")), one("State of the Art Lasagna (2)", by("Bo Li"))},
			recording.Options{},
			[]string{"State of the Art Lasagna", "?"},
			"",
		},
		{
			"one title, two recordings, nothing to tell them apart",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Untangling Quantum Lasagna - Ann Ode, Sun"), one("Untangling Quantum Lasagna - Bo Li, Moon")},
			recording.Options{},
			[]string{"?"},
			"nearly as well",
		},
		{
			"two notes and one recording",
			[]recording.Session{{Title: "Untangling Quantum Lasagna"}, {Title: "Untangling quantum lasagna"}},
			[]recording.Recording{one("Untangling Quantum Lasagna")},
			recording.Options{},
			[]string{"?", "?"},
			"",
		},
		{
			"the day tells",
			[]recording.Session{slot("Untangling Quantum Lasagna", "2025-04-02 10:00", time.Hour), slot("Untangling Quantum Lasagna", "2025-04-03 10:00", time.Hour)},
			[]recording.Recording{
				one("Untangling Quantum Lasagna", day("2025-04-03 00:00"), func(r *recording.Recording) { r.Video = "https://v.example/b" }),
				one("Untangling Quantum Lasagna", day("2025-04-02 00:00")),
			},
			recording.Options{},
			[]string{"https://v.example/Untangling-Quantum-Lasagna", "https://v.example/b"},
			"",
		},
		{
			"the length tells",
			[]recording.Session{slot("Untangling Quantum Lasagna", "2025-04-02 10:00", 30*time.Minute)},
			[]recording.Recording{one("Untangling Quantum Lasagna", long(5*time.Minute))},
			recording.Options{},
			[]string{"?"},
			"5 min long, the session 30 min",
		},
		{
			"other speakers",
			[]recording.Session{{Title: "Untangling Quantum Lasagna", Speakers: []string{"Ann Ode"}}},
			[]recording.Recording{one("Untangling Quantum Lasagna", by("Bo Li"))},
			recording.Options{},
			[]string{"?"},
			"other speakers: Bo Li",
		},
		{
			"a title that says nothing",
			[]recording.Session{{Title: "Opening"}},
			[]recording.Recording{one("Opening")},
			recording.Options{},
			[]string{"?"},
			"too common",
		},
		{
			"a title that says nothing, and the hour and the room",
			[]recording.Session{{Title: "Opening", Start: at("2025-04-02 09:00"), Room: "Main Hall"}},
			[]recording.Recording{one("Opening Ceremony", day("2025-04-02 09:00"), func(r *recording.Recording) { r.Room = "Main hall" })},
			recording.Options{},
			[]string{"?"},
			"",
		},
		{
			"two words out of another title",
			[]recording.Session{{Title: "Electric Gliders"}},
			[]recording.Recording{one("Around the World in Electric Gliders: Powered by Nature")},
			recording.Options{},
			[]string{"?"},
			"too few",
		},
		{
			"two words out of a title, and its speaker",
			[]recording.Session{{Title: "Electric Gliders", Speakers: []string{"Ann Ode"}}},
			[]recording.Recording{one("Around the World in Electric Gliders: Powered by Nature - Ann Ode, Sun")},
			recording.Options{},
			[]string{"Around the World in Electric Gliders: Powered by Nature - Ann Ode, Sun"},
			"",
		},
		{
			"two words out of a title, of which the note speaks",
			[]recording.Session{{Title: "Electric Gliders", Text: "He flew around the whole world in it, powered by nature alone."}},
			[]recording.Recording{one("Around the World in Electric Gliders: Powered by Nature")},
			recording.Options{},
			[]string{"Around the World in Electric Gliders: Powered by Nature"},
			"",
		},
		{
			"a cancelled talk, and last year's by the day of its publication",
			[]recording.Session{slot("Untangling Quantum Lasagna", "2025-04-02 10:00", 30*time.Minute)},
			[]recording.Recording{one("Untangling Quantum Lasagna - Ann Ode, Sun", published("2024-05-20 10:00"))},
			recording.Options{},
			[]string{"?"},
			"",
		},
		{
			"two keynotes of one speaker",
			[]recording.Session{{Title: "Keynote: Lasagna for Everyone", Speakers: []string{"Ann Ode"}}},
			[]recording.Recording{one("Keynote: Pizza for Everyone - Ann Ode, Sun")},
			recording.Options{},
			[]string{"?"},
			"",
		},
		{
			"a series",
			[]recording.Session{{Title: "SIG Lasagna: Intro"}},
			[]recording.Recording{one("SIG Lasagna: Deep Dive")},
			recording.Options{},
			[]string{"?"},
			"",
		},
		{
			"versions",
			[]recording.Session{{Title: "What is new in Lasagna 1.30"}},
			[]recording.Recording{one("What Is New in Lasagna 1.31")},
			recording.Options{},
			[]string{""},
			"",
		},
		{
			"one word apart",
			[]recording.Session{{Title: "Securing Lasagna Inference Pipelines"}},
			[]recording.Recording{one("Securing Lasagna Interference Pipelines"), one("Inference for Everyone")},
			recording.Options{},
			[]string{"?"},
			"",
		},
		{
			"the programme's id",
			[]recording.Session{{Title: "Something else entirely", ID: "455d075f-48c0-2ec2-24b3-f5add30c383a"}},
			[]recording.Recording{one("Untangling Quantum Lasagna", func(r *recording.Recording) { r.ID = "455d075f-48c0-2ec2-24b3-f5add30c383a" })},
			recording.Options{},
			[]string{"Untangling Quantum Lasagna"},
			"",
		},
		{
			"a link that is there already takes its recording away",
			[]recording.Session{
				{Title: "My own words", Video: "https://youtu.be/dQw4w9WgXcQ"},
				{Title: "Untangling Quantum Lasagna"},
			},
			[]recording.Recording{one("Untangling Quantum Lasagna", func(r *recording.Recording) { r.Video = "https://www.youtube.com/watch?v=dQw4w9WgXcQ" })},
			recording.Options{},
			[]string{"=", ""},
			"",
		},
		{
			"the whole title goes before its beginning",
			[]recording.Session{{Title: "Pasta Theatre"}, {Title: "Pasta Theatre: Untangling Quantum Lasagna"}},
			[]recording.Recording{one("Pasta Theatre: Untangling Quantum Lasagna")},
			recording.Options{},
			[]string{"", "Pasta Theatre: Untangling Quantum Lasagna"},
			"",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range c.sessions {
				c.sessions[i].Path = fmt.Sprintf("%02d.md", i)
			}
			list := append(filler(), c.list...)
			ps := recording.Match(c.sessions, list, c.opts)
			for i, p := range ps {
				got := ""
				switch p.Class {
				case recording.Sure:
					if got = list[p.Candidates[0].Recording].Title; strings.HasPrefix(c.want[i], "https:") {
						got = p.Link
					}
				case recording.Unsure:
					got = "?"
				case recording.Kept:
					got = "="
				}
				if got != c.want[i] {
					t.Errorf("%q got %q, want %q: %s %+v", c.sessions[i].Title, got, c.want[i], p.Why, p.Candidates)
				}
			}
			if c.why != "" && !strings.Contains(ps[0].Why, c.why) {
				t.Errorf("the reason is %q, want %q", ps[0].Why, c.why)
			}
		})
	}
}

func TestMatchKinds(t *testing.T) {
	sessions := []recording.Session{{Path: "a", Title: "Untangling Quantum Lasagna", Video: "https://youtu.be/dQw4w9WgXcQ"}, {Path: "b", Title: "Baking Classical Pizza"}}
	list := append(filler(),
		recording.Recording{Title: "Whatever it was called", Video: "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=x", Slides: "https://x.example/a.pdf"},
		recording.Recording{Title: "Baking Classical Pizza.pdf", Slides: "https://x.example/b.pdf"})
	got := map[string]string{}
	for _, p := range recording.Match(sessions, list, recording.Options{}) {
		got[sessions[p.Session].Path+" "+p.Kind.String()] = p.Class.String() + " " + p.Link
	}
	for k, want := range map[string]string{
		"a video": "kept https://youtu.be/dQw4w9WgXcQ", "a slides": "sure https://x.example/a.pdf",
		"b video": "none ", "b slides": "sure https://x.example/b.pdf",
	} {
		if got[k] != want {
			t.Errorf("%s: %q, want %q", k, got[k], want)
		}
	}
	if len(got) != 4 {
		t.Errorf("%v", got)
	}
}

// A video that two lists have under two titles is one session's.
func TestMatchTwins(t *testing.T) {
	list := append(filler(),
		recording.Recording{Title: "Untangling Quantum Lasagna", Video: "https://youtu.be/dQw4w9WgXcQ"},
		recording.Recording{Title: "Baking Classical Pizza", Video: "https://www.youtube.com/watch?v=dQw4w9WgXcQ"})
	both := []recording.Session{{Path: "a", Title: "Untangling Quantum Lasagna"}, {Path: "b", Title: "Baking Classical Pizza"}}
	for _, p := range recording.Match(both, list, recording.Options{}) {
		if p.Class == recording.Sure {
			t.Errorf("%s got %s", both[p.Session].Title, p.Link)
		}
	}
	list[len(list)-1].Title = "Quantum Lasagna, Untangled - Gophercamp"
	if p := recording.Match(both, list, recording.Options{}); p[0].Class != recording.Sure || p[1].Class == recording.Sure {
		t.Errorf("%+v", p)
	}
}

// However the lists are ordered, each session gets the same, and no recording is
// given twice.
func TestMatchOrder(t *testing.T) {
	words := strings.Fields("amber basalt copper dune ember flint granite harbour indigo jasper kelp lumen marble nickel onyx")
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		title := func() string {
			var ws []string
			for range 2 + r.IntN(4) {
				ws = append(ws, words[r.IntN(len(words))])
			}
			return strings.Join(ws, " ")
		}
		var ss []recording.Session
		var rs []recording.Recording
		for i := range 30 {
			x := title()
			ss = append(ss, recording.Session{Path: fmt.Sprintf("%03d", i), Title: x})
			rs = append(rs, recording.Recording{Title: x + ": " + title(), Video: fmt.Sprintf("https://v.example/%d", i)}, recording.Recording{Title: title(), Video: fmt.Sprintf("https://v.example/x%d", i)})
		}
		tell := func() (out []string) {
			taken := map[int]bool{}
			for _, p := range recording.Match(ss, rs, recording.Options{}) {
				out = append(out, fmt.Sprint(ss[p.Session].Path, p.Class, p.Link, p.Why))
				if p.Class == recording.Sure {
					if taken[p.Candidates[0].Recording] {
						t.Errorf("seed %d: %s is given twice", seed, p.Link)
					}
					taken[p.Candidates[0].Recording] = true
				}
			}
			slices.Sort(out)
			return out
		}
		first := tell()
		r.Shuffle(len(ss), func(i, j int) { ss[i], ss[j] = ss[j], ss[i] })
		r.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
		if again := tell(); !slices.Equal(first, again) {
			t.Fatalf("seed %d: in another order\n%q\nand not\n%q", seed, again, first)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	talks := unique(programme(b, "sched_kccnceu2026.ics"))
	r := rand.New(rand.NewPCG(1, 1))
	var ss []recording.Session
	var rs []recording.Recording
	for i := 0; len(ss) < 1500; i++ {
		x := talks[i%len(talks)]
		y := talks[r.IntN(len(talks))]
		head, _, _ := strings.Cut(x.title, ": ")
		_, tail, _ := strings.Cut(y.title, ": ")
		title := fmt.Sprintf("%s: %s %x", head, tail, i)
		written, _ := scribble(r, title, nil)
		ss = append(ss, recording.Session{Path: fmt.Sprint(i), Title: written})
		rs = append(rs, recording.Recording{Title: title + " - " + x.names, Video: fmt.Sprintf("https://v.example/%d", i)},
			recording.Recording{Title: y.published(), Video: fmt.Sprintf("https://v.example/y%d", i)})
	}
	for b.Loop() {
		recording.Match(ss, rs, recording.Options{})
	}
}
