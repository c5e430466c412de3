package page

import (
	"slices"
	"strconv"
	"time"

	"lectern/internal/site"
)

// maxCells is how many cells a day's table may have. A programme beyond that
// is read as a list.
const maxCells = 20_000

// assumed is how long a session lasts where neither its end nor a later
// session's beginning says.
const assumed = 30 * time.Minute

// day is the programme of one date: rows of time, columns of rooms.
type day struct {
	title, id string
	rooms     []room
	rows      []slotRow
	// list has the sessions where a table of them would be too big.
	list []*site.Page
}

// room is a column, or as many as its overlapping sessions need.
type room struct {
	name  string
	lanes int
}

// slotRow is the time between two moments at which something begins or ends.
type slotRow struct {
	// when is empty where nothing begins.
	when, machine string
	cells         []cell
}

// cell is one place in a row; page is nil where nothing takes place.
type cell struct {
	page     *site.Page
	from, to time.Time
	rows     int
	cols     int
}

func (v *view) isTimetable() bool { return v.page != nil && v.page.Kind == site.Timetable }

// span is the value of a rowspan or colspan.
func span(n int) string { return strconv.Itoa(n) }

// moment writes a time for machines: as the notes give it, without a zone
// where nobody knows the conference's.
func (r *Renderer) moment(t time.Time) string {
	if r.floating(t) {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format(time.RFC3339)
}

// floating reports whether t is a time on the conference's clocks in a zone
// that neither the configuration nor the note tells.
func (r *Renderer) floating(t time.Time) bool {
	return r.cfg.TimeZone == "" && t.Location() == time.UTC
}

// zone names the zone of the page's times, if it is known.
func (v *view) zone() string {
	names := map[string]bool{}
	out := ""
	for _, m := range v.page.Members {
		start := m.Note.Front.Start
		if v.r.floating(start) {
			return ""
		}
		name, _ := start.Zone()
		if name == "" || name[0] == '+' || name[0] == '-' {
			name = "UTC" + start.Format("-07:00")
		}
		if !names[name] {
			names[name] = true
			if out != "" {
				out += "/"
			}
			out += name
		}
	}
	if v.r.cfg.TimeZone != "" && out != v.r.cfg.TimeZone {
		return v.r.cfg.TimeZone + " (" + out + ")"
	}
	if len(names) > 1 {
		return "" // each note has a zone of its own, and says so in its times
	}
	return out
}

// timetable returns the page's sessions by day.
func (v *view) timetable() []day {
	var out []day
	all := v.page.Members
	for from := 0; from < len(all); {
		start := all[from].Note.Front.Start
		date := start.Format(time.DateOnly)
		to := from + 1
		for to < len(all) && all[to].Note.Front.Start.Format(time.DateOnly) == date {
			to++
		}
		d := layOut(all[from:to])
		d.title, d.id = v.w.date(start), "d-"+date
		for i := range d.rows {
			v.nameRow(&d.rows[i])
		}
		out = append(out, d)
		from = to
	}
	return out
}

// nameRow gives a row its time, if something begins in it.
func (v *view) nameRow(r *slotRow) {
	for _, c := range r.cells {
		if c.page != nil {
			r.when, r.machine = c.from.Format("15:04"), v.r.moment(c.from)
			return
		}
	}
}

// layOut makes a day's table of its sessions, which are in order of time.
func layOut(sessions []*site.Page) day {
	cells := make([]cell, len(sessions))
	var marks []time.Time
	for i, pg := range sessions {
		f := &pg.Note.Front
		c := cell{page: pg, from: f.Start, to: f.End, rows: 1, cols: 1}
		if !c.to.After(c.from) || c.to.Sub(c.from) > 24*time.Hour {
			c.to = c.from.Add(assumed)
			for _, later := range sessions[i+1:] {
				if next := later.Note.Front.Start; next.After(c.from) {
					c.to = next
					break
				}
			}
		}
		cells[i] = c
		marks = append(marks, c.from, c.to)
	}
	slices.SortFunc(marks, time.Time.Compare)
	marks = slices.CompactFunc(marks, time.Time.Equal)
	rooms, lanes := assign(cells)
	columns := 0
	for _, r := range rooms {
		columns += r.lanes
	}
	if columns*len(marks) > maxCells {
		return day{list: sessions}
	}
	return day{rooms: rooms, rows: grid(cells, lanes, marks, max(columns, 1))}
}

// everywhere is the lane of a session that takes the whole width.
const everywhere = -1

// assign gives each cell a lane: a column of its room in which nothing else
// takes place meanwhile. What has no room and no rival stands everywhere.
func assign(cells []cell) (rooms []room, lanes []int) {
	byRoom := map[string][]int{}
	var names []string
	for i := range cells {
		name := cells[i].page.Note.Front.Room
		if name == "" && alone(cells, i) {
			continue
		}
		if byRoom[name] == nil {
			names = append(names, name)
		}
		byRoom[name] = append(byRoom[name], i)
	}
	slices.SortFunc(names, func(a, b string) int {
		if a == "" || b == "" { // without a room comes last
			return len(b) - len(a)
		}
		return site.Natural(a, b)
	})
	lanes = make([]int, len(cells))
	for i := range lanes {
		lanes[i] = everywhere
	}
	first := 0
	for _, name := range names {
		var free []time.Time // when each of the room's lanes is free again
		for _, i := range byRoom[name] {
			lane := slices.IndexFunc(free, func(t time.Time) bool { return !t.After(cells[i].from) })
			if lane < 0 {
				lane = len(free)
				free = append(free, time.Time{})
			}
			free[lane] = cells[i].to
			lanes[i] = first + lane
		}
		rooms = append(rooms, room{name, len(free)})
		first += len(free)
	}
	return rooms, lanes
}

// alone reports whether nothing else takes place during cells[i]. The cells are
// in order of their beginnings.
func alone(cells []cell, i int) bool {
	for j := range cells {
		if cells[j].from.Before(cells[i].to) {
			if j != i && cells[j].to.After(cells[i].from) {
				return false
			}
		} else {
			break
		}
	}
	return true
}

// grid makes the rows between the marks. Rows in which nothing takes place are
// left out.
func grid(cells []cell, lanes []int, marks []time.Time, columns int) []slotRow {
	var rows []slotRow
	busy := make([]int, columns) // rows that the session in each column still takes
	next := 0
	for at := range marks[:len(marks)-1] {
		row := slotRow{}
		line := make([]*cell, columns)
		for ; next < len(cells) && cells[next].from.Equal(marks[at]); next++ {
			c := &cells[next]
			end, _ := slices.BinarySearchFunc(marks, c.to, time.Time.Compare)
			c.rows = end - at
			lane := lanes[next]
			if lane == everywhere {
				lane, c.cols = 0, columns
			}
			line[lane] = c
			for i := lane; i < lane+c.cols; i++ {
				busy[i] = c.rows
			}
		}
		taken := false
		for i := 0; i < columns; i++ {
			switch c := line[i]; {
			case c != nil:
				row.cells = append(row.cells, *c)
				i += c.cols - 1
			case busy[i] == 0:
				row.cells = append(row.cells, cell{rows: 1, cols: 1})
			}
		}
		for i := range busy {
			taken = taken || busy[i] > 0
			busy[i] = max(busy[i]-1, 0)
		}
		if taken {
			rows = append(rows, row)
		}
	}
	return rows
}
