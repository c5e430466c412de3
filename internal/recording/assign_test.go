package recording

import (
	"math/rand/v2"
	"testing"
)

// best tries everything.
func best(edges [][]edge, used uint) int64 {
	if len(edges) == 0 {
		return 0
	}
	most := best(edges[1:], used)
	for _, e := range edges[0] {
		if used&(1<<e.r) == 0 {
			most = max(most, e.value+best(edges[1:], used|1<<e.r))
		}
	}
	return most
}

func TestAssign(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		sessions, recordings := 1+r.IntN(7), 1+r.IntN(7)
		edges := make([][]edge, sessions)
		for s := range edges {
			for p := range recordings {
				if r.IntN(3) > 0 {
					edges[s] = append(edges[s], edge{p, int64(r.IntN(20))})
				}
			}
		}
		var sum int64
		taken := map[int]bool{}
		for s, p := range assign(edges, recordings) {
			if p < 0 {
				continue
			}
			if taken[p] {
				t.Fatalf("seed %d: recording %d is given twice", seed, p)
			}
			taken[p] = true
			value := int64(-1)
			for _, e := range edges[s] {
				if e.r == p {
					value = e.value
				}
			}
			if value < 0 {
				t.Fatalf("seed %d: session %d got %d, which it cannot have", seed, s, p)
			}
			sum += value
		}
		if want := best(edges, 0); sum != want {
			t.Fatalf("seed %d: worth %d, and could be %d", seed, sum, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"perseverance", "preseverance", 1}, {"velocity", "volocity", 1}, {"impriove", "improve", 1}, {"gauntlent", "gauntlet", 1}, {"abc", "abc", 0}, {"", "ab", 2}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b, 5); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
	if d := distance("abcdef", "uvwxyz", 2); d <= 2 {
		t.Errorf("more than 2 is %d", d)
	}
}

func TestParseTitle(t *testing.T) {
	for _, c := range []struct {
		in, words string
		form      form
		part      string
		year      int
	}{
		{"Sponsored Keynote: Don’t Panic", "dont panic", formKeynote, "", 0},
		{"⚡ Lightning Talk: k8s", "kubernetes", formLightning, "", 0},
		{"Project Lightninng Taalk: Foo", "foo", formLightning, "", 0},
		{"Panel Discussion: One to Three", "1 to 3", formPanel, "", 0},
		{"Łódź — Ça va? | KubeCon EU 2025", "lodz ca va kubecon eu", formTalk, "", 2025},
		{"Workshop: Foo Bar (Day 2)", "foo bar", formWorkshop, "2", 0},
		{"Foo Bar, Part II", "foo bar", formTalk, "2", 0},
		{"Foo Bar II", "foo bar", formTalk, "2", 0},
		{"Foo Bar (1/2)", "foo bar", formTalk, "1", 0},
		{"Surviving Day2", "surviving", formTalk, "2", 0},
		{"Day 2000 of us", "day 2000 of us", formTalk, "", 0},
		{"Keynote", "keynote", formKeynote, "", 0},
		{"Acme keynote", "acme", formKeynote, "", 0},
		{"The [SOLD OUT] Summit", "the sold out summit", formTalk, "", 0},
		{"C++ and C#", "cpp and csharp", formTalk, "", 0},
		{"日本語", "日 本 語", formTalk, "", 0},
		{"", "", formTalk, "", 0},
	} {
		x := parseTitle(c.in)
		words := ""
		for i, w := range x.words {
			if i > 0 {
				words += " "
			}
			words += w.text
		}
		year := 0
		if len(x.years) > 0 {
			year = x.years[0]
		}
		if words != c.words || x.form != c.form || x.part != c.part || year != c.year {
			t.Errorf("%q: %q, %v, part %q, %d", c.in, words, x.form, x.part, year)
		}
	}
}
