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
	tail             bool // the names stand behind the published title
	title, names, id string
	start, end       time.Time
	speakers         []schedule.Person
}

func (t talk) published() string {
	if !t.tail {
		return t.title
	}
	return t.title + " - " + t.names
}

// programme returns the talks of a real conference.
func programme(t testing.TB, file string) []talk {
	t.Helper()
	data, err := os.ReadFile("../../../shared/schedules/" + file)
	if err != nil {
		t.Skip("no real programme here:", err)
	}
	p, _, err := schedule.Read(file, data, schedule.Options{})
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
		out = append(out, talk{tail: strings.HasPrefix(file, "sched"), title: x.Title, names: strings.Join(names, " & "), id: x.ID, start: x.Start, end: x.End, speakers: x.Speakers})
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

// scribble writes a title as a note-taker does, or, if he was in a hurry, some of
// its words.
func scribble(r *rand.Rand, title string, heads map[string]int) (written string, hurry bool) {
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
	label := ""
	if i := strings.Index(title, "alk: "); i > 0 {
		label, title = title[:i+5], title[i+5:]
	}
	words := strings.Fields(title)
	if i := r.IntN(len(words)); r.IntN(12) == 0 && len(words) > 4 {
		hurry = true
		words = words[min(i, len(words)-3):]
		words = words[:min(len(words), 2+r.IntN(4))]
	}
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
	return label + strings.Join(words, " "), hurry
}

// Titles of a real programme as note-takers would write them, against what was
// published, with recordings missing, lightning versions, last year's editions and
// other talks of the same speakers. Not one wrong link, whatever the seed.
func TestRandomTitles(t *testing.T) {
	for _, c := range []struct {
		file   string
		seeds  uint64
		recall int // in percent
	}{
		{"sched_kccnceu2026.ics", 40, 95},
		{"frab-camp2019.json", 20, 95},
		{"debconf23.xml", 20, 95},
		{"linux_conf_au_2020.ics", 20, 95},
		{"kielux_2020.ics", 40, 95},
	} {
		t.Run(c.file, func(t *testing.T) { randomTitles(t, unique(programme(t, c.file)), c.seeds, c.recall) })
	}
}

func randomTitles(t *testing.T, talks []talk, seeds uint64, recall int) {
	found, exist := 0, 0
	heads, bare := map[string]int{}, map[string]int{}
	for _, x := range talks {
		head, _, _ := strings.Cut(x.title, ": ")
		heads[head]++
		bare[begin(x.title)]++
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 7))
		missing := 1 + 5*int(seed%2)
		var ss []recording.Session
		var rs []recording.Recording
		want, hurried := map[string]string{}, map[string]bool{}
		gone := map[string]bool{}
		for i, x := range talks {
			link := fmt.Sprintf("https://youtu.be/v%09d", i)
			if r.IntN(10) < missing {
				gone[x.id] = true
			} else {
				rec := recording.Recording{Title: x.published(), Video: link}
				for _, p := range x.speakers {
					if !x.tail {
						rec.Speakers = append(rec.Speakers, p.Name)
					}
				}
				rs = append(rs, rec)
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
			title, hurry := scribble(r, x.title, heads)
			s := recording.Session{Path: x.id, Title: title}
			hurried[x.id] = hurry // no list can confirm what it is: it counts if it is wrong, not if it is missed
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
			if want[s.Path] != "" && !hurried[s.Path] {
				exist++
			}
			if p.Class != recording.Sure {
				continue
			}
			if p.Link == want[s.Path] {
				if !hurried[s.Path] {
					found++
				}
				continue
			}
			c := p.Candidates[0]
			t.Errorf("seed %d: %q got %q (%.2f, %q), and should get %q", seed, s.Title, rs[c.Recording].Title, c.Score, c.For, want[s.Path])
		}
	}
	t.Logf("found %d of %d (%.1f %%)", found, exist, 100*float64(found)/float64(exist))
	if found*100 < exist*recall {
		t.Errorf("found %d of %d, less than %d %%", found, exist, recall)
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
