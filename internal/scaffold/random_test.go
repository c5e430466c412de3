package scaffold_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/internal/scaffold"
	"lectern/internal/schedule"
)

// Whatever people write into their notes and whatever becomes of the programme:
// every line that a person wrote is there after each import, and a second import
// of the same changes nothing.
func TestImportKeepsEveryLine(t *testing.T) {
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 4))
		p := &project{t, map[string]string{}, []string{"en", "de"}[seed%2]}
		prog := programme()
		p.run(prog, scaffold.Options{})
		var written []line
		for step := range 12 {
			for range 1 + rnd.IntN(3) {
				if l, ok := personWrites(rnd, p, fmt.Sprintf("mine-%d-%d", step, rnd.IntN(1e6))); ok {
					written = append(written, l)
				}
			}
			prog = programmeChanges(rnd, prog, step)
			before := maps.Clone(p.files)
			for id, notes := range p.run(prog, scaffold.Options{}).Noted {
				if len(notes) != 1 {
					t.Fatalf("seed %d, step %d: the session %s has the notes %q", seed, step, id, notes)
				}
			}
			for name := range before {
				if _, ok := p.files[name]; !ok {
					t.Fatalf("seed %d, step %d: %s is gone", seed, step, name)
				}
			}
			for _, l := range written {
				if !slices.Contains(strings.Split(strings.ReplaceAll(p.files[l.file], "\r", ""), "\n"), l.text) {
					t.Fatalf("seed %d, step %d: %s lost the line %q:\n%s", seed, step, l.file, l.text, p.files[l.file])
				}
			}
			after := maps.Clone(p.files)
			if again := p.run(prog, scaffold.Options{}); len(again.Changes) != 0 || !maps.Equal(after, p.files) {
				t.Fatalf("seed %d, step %d: the second import changed %v", seed, step, again.Changes[0].Path)
			}
		}
	}
}

// line is one that a person wrote into a file, without its end.
type line struct{ file, text string }

// personWrites puts a line of a person's somewhere into a note.
func personWrites(rnd *rand.Rand, p *project, word string) (line, bool) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if strings.HasSuffix(name, ".md") {
			names = append(names, name)
		}
	}
	name := names[rnd.IntN(len(names))]
	lines := strings.SplitAfter(p.files[name], "\n")
	end := "\n"
	if strings.Contains(p.files[name], "\r\n") {
		end = "\r\n"
	}
	var fence int
	for i, l := range lines[1:] {
		if strings.TrimSpace(l) == "---" {
			fence = i + 1
			break
		}
	}
	at, text := 0, ""
	switch rnd.IntN(5) {
	case 0: // a remark in the front matter
		at, text = 1+rnd.IntN(fence), "# "+word+end
		if strings.HasPrefix(strings.TrimLeft(lines[at], " "), "- ") {
			return line{}, false // it would be inside of a list, which is one value
		}
	case 1: // a field of one's own
		at, text = fence, word+": x"+end
	case 2: // line ends of another system
		p.files[name] = strings.ReplaceAll(strings.ReplaceAll(p.files[name], "\r\n", "\n"), "\n", "\r\n")
		return line{}, false
	default: // words
		at = fence + 1 + rnd.IntN(len(lines)-fence)
		at = min(at, len(lines)-1)
		text = word + " *words*  " + end
	}
	p.files[name] = strings.Join(slices.Insert(lines, at, text), "")
	return line{name, strings.TrimRight(text, "\r\n")}, true
}

// programmeChanges is a later version of a programme.
func programmeChanges(rnd *rand.Rand, p *schedule.Programme, step int) *schedule.Programme {
	next := *p
	next.Sessions = slices.Clone(p.Sessions)
	for range 1 + rnd.IntN(3) {
		s := &next.Sessions[rnd.IntN(len(next.Sessions))]
		switch rnd.IntN(9) {
		case 0:
			s.Room = []string{"Big", "Small", "", "A: #1"}[rnd.IntN(4)]
		case 1:
			s.Start = at(1+rnd.IntN(2), 8+rnd.IntN(10), 0)
			s.Day = s.Start.Format("2006-01-02")
		case 2:
			s.Abstract = []string{"", "Words.\n\n- and\n- more", "Other words {{< x >}}"}[rnd.IntN(3)]
		case 3:
			s.Tags = [][]string{nil, {"a"}, {"a", "b: c"}}[rnd.IntN(3)]
		case 4:
			s.Speakers = [][]schedule.Person{nil, {{Name: "Ada"}}, {{Name: "Ada"}, {Name: "Ünal \"Ü\""}}}[rnd.IntN(3)]
		case 5:
			s.Cancelled = !s.Cancelled
		case 6:
			s.Links = []schedule.Link{{URL: fmt.Sprintf("https://example.org/%d", step), Kind: schedule.KindVideo}}
		case 7: // as another export calls it
			s.OtherIDs = append(slices.Clone(s.OtherIDs), s.ID)
			s.ID = fmt.Sprintf("%s-%d", s.ID, step)
		case 8:
			next.Sessions = append(next.Sessions, schedule.Session{
				ID: fmt.Sprintf("new%d-%d", step, len(next.Sessions)), Title: "New: " + fmt.Sprint(step), Day: "2026-10-09", Start: at(1, 8+rnd.IntN(9), 5),
			})
		}
	}
	return &next
}
