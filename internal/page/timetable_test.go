package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/internal/note"
	"lectern/internal/site"
)

// sessions makes pages of lines such as "9:00-10:30 Hall Title", in order; a
// room of "-" is none, and the end may be left out.
func sessions(t *testing.T, lines ...string) []*site.Page {
	t.Helper()
	var out []*site.Page
	moment := func(s string) time.Time {
		at, err := time.Parse("15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2025, 5, 20, at.Hour(), at.Minute(), 0, 0, time.UTC)
	}
	for _, line := range lines {
		f := strings.Fields(line)
		n := &note.Note{}
		from, to, ok := strings.Cut(f[0], "-")
		n.Front.Start = moment(from)
		if ok {
			n.Front.End = moment(to)
		}
		n.Front.Room = strings.TrimPrefix(f[1], "-")
		out = append(out, &site.Page{Title: f[2], Note: n})
	}
	return out
}

// draw writes a day as text: a line for each row, with its cells.
func draw(d day) string {
	var b strings.Builder
	for _, r := range d.rooms {
		fmt.Fprintf(&b, "%s*%d ", r.name, r.lanes)
	}
	for _, r := range d.rows {
		b.WriteString("|")
		for _, c := range r.cells {
			switch {
			case c.page == nil:
				b.WriteString(" .")
			default:
				fmt.Fprintf(&b, " %s%d×%d", c.page.Title, c.rows, c.cols)
			}
		}
	}
	return b.String()
}

func TestTimetableGrid(t *testing.T) {
	for name, c := range map[string]struct {
		sessions []string
		want     string
	}{
		"two rooms":        {[]string{"9:00-10:00 R2 A", "9:00-9:30 R10 B", "9:30-10:00 R10 C"}, "R2*1 R10*1 | A2×1 B1×1| C1×1"},
		"a gap":            {[]string{"9:00-10:00 R A", "11:00-12:00 R B"}, "R*1 | A1×1| B1×1"},
		"a break for all":  {[]string{"9:00-10:00 R1 A", "9:00-10:00 R2 B", "10:00-10:30 - C"}, "R1*1 R2*1 | A1×1 B1×1| C1×2"},
		"beside others":    {[]string{"9:00-10:00 R1 A", "9:30-10:00 - B"}, "R1*1 *1 | A2×1 .| B1×1"},
		"overlap":          {[]string{"9:00-10:00 R A", "9:30-10:30 R B", "10:00-11:00 R C"}, "R*2 | A2×1 .| B2×1| C2×1|" + " ."},
		"no room at all":   {[]string{"9:00-10:00 - A", "10:00-11:00 - B"}, "| A1×1| B1×1"},
		"no end":           {[]string{"9:00 R1 A", "9:45 R2 B"}, "R1*1 R2*1 | A1×1 .| . B1×1"},
		"end before start": {[]string{"9:00-8:00 R1 A", "10:00-11:00 R1 B"}, "R1*1 | A1×1| B1×1"},
		"same moment":      {[]string{"9:00 R A", "9:00 R B"}, "R*2 | A1×1 B1×1"},
	} {
		if got := draw(layOut(sessions(t, c.sessions...))); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// However sessions lie, each stands in the grid once and every row is full.
func TestTimetableIsWhole(t *testing.T) {
	for seed := range 300 {
		var lines []string
		for i := range 1 + seed%12 {
			x := seed*31 + i*17
			from := 9*60 + i*(5+seed%20)
			to := from + x%90
			lines = append(lines, fmt.Sprintf("%d:%02d-%d:%02d %s S%d", from/60, from%60, to/60, to%60, []string{"-", "R1", "R2"}[x%3], i))
		}
		all := sessions(t, lines...)
		d := layOut(all)
		seen := map[*site.Page]int{}
		columns := 0
		for _, r := range d.rooms {
			columns += r.lanes
		}
		columns = max(columns, 1)
		hang := make([]int, columns) // rows still taken from above
		for _, row := range d.rows {
			free := 0
			for i := range hang {
				if hang[i] == 0 {
					free++
				}
			}
			width, at := 0, 0
			for _, c := range row.cells {
				for at < columns && hang[at] > 0 {
					at++
				}
				width += c.cols
				if c.page != nil {
					seen[c.page]++
				}
				for range c.cols {
					hang[at] = c.rows
					at++
				}
			}
			if width != free {
				t.Fatalf("%q: a row of %d cells where %d are free: %s", lines, width, free, draw(d))
			}
			for i := range hang {
				hang[i] = max(0, hang[i]-1)
			}
		}
		for _, pg := range all {
			if seen[pg] != 1 {
				t.Fatalf("%q: %s stands %d times: %s", lines, pg.Title, seen[pg], draw(d))
			}
		}
	}
}

// A programme that no table can show is a list.
func TestHugeTimetable(t *testing.T) {
	var lines []string
	for i := range 300 {
		lines = append(lines, fmt.Sprintf("%d:%02d-23:59 R%d S", 9+i/60, i%60, i))
	}
	if d := layOut(sessions(t, lines...)); len(d.list) != 300 || d.rows != nil {
		t.Errorf("%d in the list, %d rows", len(d.list), len(d.rows))
	}
}

func TestZone(t *testing.T) {
	cfg := testConfig()
	zone := func() string {
		s := smallSite(cfg)
		p := New(cfg, Options{}).Pass(s)
		return p.view(nil, timetableOf(s)).zone()
	}
	if got := zone(); got != "CEST" {
		t.Errorf("from the notes: %q", got)
	}
	cfg.TimeZone = "Europe/Berlin"
	if got := zone(); got != "Europe/Berlin (CEST)" {
		t.Errorf("from the configuration: %q", got)
	}
}

func timetableOf(s *site.Site) *site.Page {
	for _, p := range s.Specials {
		if p.Kind == site.Timetable {
			return p
		}
	}
	return nil
}
