package recording

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

// column is what a column of a CSV list holds.
type column uint8

const (
	columnOther column = iota
	columnTitle
	columnVideo
	columnSlides
	columnCode
	columnSpeakers
	columnDay
	columnDuration
	columnRoom
	columnTrack
	columnID
)

// csvColumn reads the head of a column.
func csvColumn(name string) column {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "title", "talk", "session", "name", "titel", "vortrag":
		return columnTitle
	case "video", "recording", "video url", "video_url", "youtube", "aufzeichnung", "url", "link":
		return columnVideo
	case "slides", "slides url", "slides_url", "presentation", "deck", "pdf", "folien":
		return columnSlides
	case "code", "repository", "repo", "source", "demo":
		return columnCode
	case "speakers", "speaker", "names", "presenter", "presenters", "sprecher", "vortragende":
		return columnSpeakers
	case "day", "date", "start", "tag", "datum":
		return columnDay
	case "duration", "length", "dauer":
		return columnDuration
	case "room", "location", "raum":
		return columnRoom
	case "track":
		return columnTrack
	case "id", "guid":
		return columnID
	}
	return columnOther
}

// csv reads a table whose first row names its columns, in any order.
func (r *reader) csv() error {
	dec := csv.NewReader(bytes.NewReader(r.data))
	dec.Comma = separator(r.data)
	dec.FieldsPerRecord, dec.TrimLeadingSpace, dec.ReuseRecord = -1, true, true
	head, err := dec.Read()
	if err != nil {
		return r.badCSV(err)
	}
	columns := make([]column, len(head))
	var has [columnID + 1]bool
	for i, name := range head {
		if c := csvColumn(name); !has[c] || c == columnOther {
			columns[i], has[c] = c, true
		}
	}
	if !has[columnTitle] || !has[columnVideo] && !has[columnSlides] && !has[columnCode] {
		return r.fail(0, "this is no list of recordings", knownSources)
	}
	for {
		row, err := dec.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return r.badCSV(err)
		}
		at := r.rowAt(dec)
		if err := r.row(row, columns, at); err != nil {
			return err
		}
	}
}

// rowAt returns where the row that was read last begins.
func (r *reader) rowAt(dec *csv.Reader) diag.Position {
	line, col := dec.FieldPos(0)
	return diag.Position{File: r.name, Line: line, Col: col}
}

func (r *reader) row(row []string, columns []column, at diag.Position) error {
	rec := Recording{Pos: at}
	for i, v := range row {
		if i >= len(columns) {
			break
		}
		if v = strings.TrimSpace(v); v == "" {
			continue
		}
		r.cell(&rec, columns[i], v)
	}
	switch {
	case rec.Video == "" && rec.Slides == "" && rec.Code == "":
		return nil // not published yet
	case rec.Title == "":
		r.finding(at, "a row has a link and no title", "")
		return nil
	}
	return r.add(rec)
}

// cell puts one field where it belongs.
func (r *reader) cell(rec *Recording, c column, v string) {
	switch c {
	case columnTitle:
		rec.Title = strings.Join(strings.Fields(v), " ")
	case columnVideo:
		rec.Video = r.link(rec.Pos, v)
	case columnSlides:
		rec.Slides = r.link(rec.Pos, v)
	case columnCode:
		rec.Code = r.link(rec.Pos, v)
	case columnSpeakers:
		for _, n := range strings.FieldsFunc(v, func(c rune) bool { return c == ',' || c == ';' || c == '&' || c == '|' || c == '\n' }) {
			if n = strings.TrimSpace(n); n != "" {
				rec.Speakers = append(rec.Speakers, n)
			}
		}
	case columnDay:
		t, ok := parseTime(v)
		if !ok {
			r.finding(rec.Pos, fmt.Sprintf("%q is no date", v), "write it as 2026-03-24 or 2026-03-24T11:15:00+01:00")
			return
		}
		rec.Day, rec.Timed = t, len(v) > len(time.DateOnly)
	case columnDuration:
		rec.Duration = clock(v)
	case columnRoom:
		rec.Room = v
	case columnTrack:
		rec.Track = v
	case columnID:
		rec.ID = v
	}
}

// clock reads a length: 1:02:03, 32:10, or minutes.
func clock(s string) time.Duration {
	var total int
	parts := strings.Split(s, ":")
	for _, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || n < 0 || n > 100_000 || len(parts) > 3 {
			return 0
		}
		total = total*60 + n
	}
	if len(parts) == 1 {
		return time.Duration(total) * time.Minute
	}
	return time.Duration(total) * time.Second
}

// link returns v if it can stand in a note, else reports it.
func (r *reader) link(at diag.Position, v string) string {
	if isLink(v) {
		return v
	}
	switch strings.ToLower(v) {
	case "-", "–", "none", "n/a", "no", "tba", "tbd", "todo":
		return ""
	}
	r.finding(at, fmt.Sprintf("%q is no web address", clip(v, 100)), "addresses begin with https://")
	return ""
}

func (r *reader) finding(at diag.Position, message, hint string) {
	if len(r.finds) >= maxFindings {
		r.dropped++
		return
	}
	r.finds = append(r.finds, diag.Diagnostic{Position: at, Severity: diag.Warning, Rule: rule, Message: message, Hint: hint})
}

// separator tells from the first line what stands between fields.
func separator(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	best, most := ',', 0
	for _, c := range [...]rune{',', ';', '\t'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

func (r *reader) badCSV(err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return &Error{Position: diag.Position{File: r.name, Line: p.Line, Col: p.Column}, Message: "broken CSV: " + p.Err.Error(), Hint: "a field that has quotes is written in quotes, with its own doubled"}
	}
	return r.fail(-1, err.Error(), "")
}
