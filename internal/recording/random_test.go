package recording_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/recording"
	"lectern/internal/schedule"
)

// talk is a session as its programme has it.
type talk struct {
	title, names, id string
	start, end       time.Time
	speakers         []schedule.Person
}

func (t talk) published() string {
	if t.names == "" {
		return t.title
	}
	return t.title + " - " + t.names
}

// programme returns the talks of a real conference.
func programme(t testing.TB) []talk {
	t.Helper()
	data, err := os.ReadFile("../../../shared/schedules/sched_kccnceu2026.ics")
	if err != nil {
		t.Skip("no real programme here:", err)
	}
	p, _, err := schedule.Read("sched.ics", data, schedule.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []talk
	for i := range p.Sessions {
		x := &p.Sessions[i]
		var names []string
		for _, s := range x.Speakers {
			n := s.Name
			if s.Company != "" {
				n += ", " + s.Company
			}
			names = append(names, n)
		}
		out = append(out, talk{title: x.Title, names: strings.Join(names, " & "), id: x.ID, start: x.Start, end: x.End, speakers: x.Speakers})
	}
	return out
}

func unique(ts []talk) []talk {
	n := map[string]int{}
	for _, x := range ts {
		n[strings.ToLower(x.title)]++
	}
	return slices.DeleteFunc(ts, func(x talk) bool { return n[strings.ToLower(x.title)] > 1 || x.names == "" })
}

// scribble writes a title as a note-taker does.
func scribble(r *rand.Rand, title string, heads map[string]int) string {
	if i := strings.Index(title, ": "); i > 0 && r.IntN(4) == 0 {
		switch p := title[:i]; {
		case strings.Contains(p, "Keynote") || strings.Contains(p, "Sponsored"):
			title = title[i+2:]
		case len(strings.Fields(p)) >= 4 && heads[p] == 1:
			title = p
		}
	}
	if r.IntN(3) == 0 {
		title = strings.ToLower(title)
	}
	if r.IntN(3) == 0 {
		title = strings.NewReplacer("’", "'", "“", `"`, "”", `"`, "–", "-", "—", "-").Replace(title)
	}
	words := strings.Fields(title)
	for range r.IntN(3) {
		i := r.IntN(len(words))
		w := []rune(words[i])
		if len(w) < 5 {
			continue
		}
		j := 1 + r.IntN(len(w)-2)
		switch r.IntN(4) {
		case 0:
			w[j], w[j+1] = w[j+1], w[j]
		case 1:
			w = slices.Delete(w, j, j+1)
		case 2:
			w = slices.Insert(w, j, w[j])
		case 3:
			w[j] = rune('a' + r.IntN(26))
		}
		words[i] = string(w)
	}
	return strings.Join(words, " ")
}

// Titles of a real programme as note-takers would write them, against what was
// published, with recordings missing, lightning versions, last year's editions and
// other talks of the same speakers. Not one wrong link, whatever the seed.
func TestRandomTitles(t *testing.T) {
	talks := unique(programme(t))
	found, exist := 0, 0
	heads, bare := map[string]int{}, map[string]int{}
	for _, x := range talks {
		head, _, _ := strings.Cut(x.title, ": ")
		heads[head]++
		bare[begin(x.title)]++
	}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		var ss []recording.Session
		var rs []recording.Recording
		want := map[string]string{}
		gone := map[string]bool{}
		for i, x := range talks {
			link := fmt.Sprintf("https://youtu.be/v%09d", i)
			if r.IntN(10) == 0 {
				gone[x.id] = true
			} else {
				rs = append(rs, recording.Recording{Title: x.published(), Video: link})
			}
			switch r.IntN(12) {
			case 0:
				if strings.Contains(x.title, "Lightning") || bare[begin(x.title)] > 1 { // it is one, or has one
					break
				}
				rs = append(rs, recording.Recording{Title: "Lightning Talk: " + x.published(), Video: link + "L"})
			case 1:
				rs = append(rs, recording.Recording{Title: x.published() + " | KubeCon EU 2024", Video: link + "Y"})
			case 2:
				o := talks[r.IntN(len(talks))]
				rs = append(rs, recording.Recording{Title: "An Evening With " + fmt.Sprint(i) + " Friends - " + o.names, Video: link + "S"})
			}
			if r.IntN(2) == 0 {
				continue
			}
			s := recording.Session{Path: x.id, Title: scribble(r, x.title, heads)}
			if r.IntN(3) == 0 {
				s.Start, s.End = x.start, x.end
			}
			if r.IntN(3) == 0 {
				for _, p := range x.speakers {
					s.Speakers = append(s.Speakers, p.Name)
				}
			}
			ss = append(ss, s)
			if !gone[x.id] {
				want[x.id] = link
			}
		}
		r.Shuffle(len(rs), func(i, j int) { rs[i], rs[j] = rs[j], rs[i] })
		for _, p := range recording.Match(ss, rs, recording.Options{Event: "KubeCon EU 2026"}) {
			s := ss[p.Session]
			if want[s.Path] != "" {
				exist++
			}
			if p.Class != recording.Sure {
				continue
			}
			if p.Link == want[s.Path] {
				found++
				continue
			}
			c := p.Candidates[0]
			t.Errorf("seed %d: %q got %q (%.2f, %q), and should get %q", seed, s.Title, rs[c.Recording].Title, c.Score, c.For, want[s.Path])
		}
	}
	t.Logf("found %d of %d (%.1f %%)", found, exist, 100*float64(found)/float64(exist))
	if found*100 < exist*95 {
		t.Errorf("found %d of %d, less than 95 %%", found, exist)
	}
}

// begin returns how a title begins, without what kind of talk it is of.
func begin(title string) string {
	if _, rest, ok := strings.Cut(title, "Talk: "); ok {
		title = rest
	}
	letters := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, strings.ToLower(title))
	return letters[:min(len(letters), 10)]
}
