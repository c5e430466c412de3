package scaffold

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/note"
)

// update plans what becomes of a note that is there.
func (im *importer) update(s *selected, n *existing) error {
	im.tell(s, n)
	edits := im.fields(s, n)
	if s.last != nil {
		edits = append(edits, im.texts(s, n)...)
	}
	if len(edits) == 0 {
		im.plan.Same++
		return nil
	}
	data, err := edit.Apply(n.Data, edits)
	if err != nil {
		return fmt.Errorf("update %s: %w", n.Path, err)
	}
	im.plan.Changes = append(im.plan.Changes, edit.Change{Path: n.Path, Old: n.Data, New: data})
	im.plan.Updated++
	return nil
}

// tell tells of what a person has to decide about.
func (im *importer) tell(s *selected, n *existing) {
	if s.Cancelled && (s.last == nil || !s.last.Cancelled) {
		im.report(n.Path, diag.Warning, ruleCancelled, fmt.Sprintf("%q is cancelled", s.Title),
			"the note stays; remove it if there was no such talk")
	}
	if s.last == nil || s.last.Day == s.Day || s.last.Day == "" {
		return
	}
	if folder, _, _ := im.place(s.Day); folder != path.Dir(n.Path) {
		im.report(n.Path, diag.Warning, ruleMoved, fmt.Sprintf("%q was moved to another day, %s", s.Title, s.Day),
			fmt.Sprintf("`lectern mv %s %s` moves the note, and the links to it", n.Path, path.Join(folder, renumbered(path.Base(n.Path), s.weight))))
	}
}

// renumbered is a file's name with another number before its words, if it has one.
func renumbered(name string, number int) string {
	digits, words, ok := strings.Cut(name, "_")
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		return name
	}
	return fmt.Sprintf("%02d_%s", number, words)
}

// fields are the edits of the front matter: what still is as the last import
// had it becomes as this one has it.
func (im *importer) fields(s *selected, n *existing) []diag.Edit {
	before := map[string]any{}
	if s.last != nil {
		for _, f := range fieldsOf(&s.last.Session, s.last.Weight) {
			before[f.Name] = f.Value
		}
	}
	var set []edit.Field
	for _, f := range fieldsOf(&s.Session, s.weight) {
		mine := n.layout.Field(f.Name)
		if f.Name == "session" && mine != nil {
			continue // it is how the note was found
		}
		merged, conflict := merge(mine, before[f.Name], f.Value, s.last != nil)
		if conflict && f.Name != "weight" { // an order that a person chose is no news
			im.kept(n, mine, f)
		}
		switch {
		case !same(valueOf(mine), merged):
			f.Value = merged
			set = append(set, f)
		case mine != nil && rezoned(mine.Value, before[f.Name], f.Value):
			f.Exact = true
			set = append(set, f)
		}
	}
	if len(set) == 0 {
		return nil
	}
	edits, err := edit.SetFields(n.Data, set...)
	if err == nil {
		return edits
	}
	// One that cannot be set holds up none of the others.
	set = slices.DeleteFunc(set, func(f edit.Field) bool {
		_, err := edit.SetFields(n.Data, f)
		if err != nil {
			im.report(n.Path, diag.Warning, ruleFront, "this cannot be brought up to date: "+err.Error(),
				fmt.Sprintf("the programme says %s: %s", f.Name, show(f.Value)))
		}
		return err != nil
	})
	if edits, err = edit.SetFields(n.Data, set...); err != nil {
		im.report(n.Path, diag.Warning, ruleFront, "the note cannot be brought up to date: "+err.Error(), "")
		return nil
	}
	return edits
}

// rezoned is true for a time in the zone of the last import that this one has
// in another: it is the same moment, and shown otherwise.
func rezoned(mine, before, now any) bool {
	m, ok1 := edit.TimeOf(mine)
	b, ok2 := edit.TimeOf(before)
	n, ok3 := edit.TimeOf(now)
	if !ok1 || !ok2 || !ok3 {
		return false
	}
	_, had := m.Zone()
	_, was := b.Zone()
	_, is := n.Zone()
	return had == was && was != is
}

// kept tells that a person's value stays although the programme has another.
func (im *importer) kept(n *existing, mine *note.FrontField, f edit.Field) {
	what := "was removed here"
	line := 0
	if mine != nil {
		what, line = fmt.Sprintf("is %s here", show(mine.Value)), mine.Line
	}
	im.plan.Diags = append(im.plan.Diags, diag.Diagnostic{
		Position: diag.Position{File: n.Path, Line: line}, Severity: diag.Info, Rule: ruleKept,
		Message: fmt.Sprintf("the programme changed %s to %s; it %s and stays so", f.Name, show(f.Value), what),
	})
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return fmt.Sprintf("%q", v)
	case time.Time:
		return v.Format("2006-01-02 15:04")
	case []string:
		return strings.Join(v, ", ")
	case []any:
		var out []string
		for _, item := range v {
			if table, ok := item.(map[string]any); ok && table["name"] != nil {
				item = table["name"]
			}
			out = append(out, fmt.Sprint(item))
		}
		return strings.Join(out, ", ")
	}
	return fmt.Sprint(v)
}

func valueOf(f *note.FrontField) any {
	if f == nil {
		return nil
	}
	return f.Value
}

// merge decides on one field: mine is what the note says, before what the last
// import put there, now what the programme says. Without a last import nothing
// of a person's is overwritten, only what is missing is added. conflict is true
// where both changed it.
func merge(mine *note.FrontField, before, now any, imported bool) (value any, conflict bool) {
	have := valueOf(mine)
	if same(have, now) || imported && same(before, now) {
		return have, false
	}
	if !imported {
		if mine == nil {
			return now, false
		}
		return have, false
	}
	if same(have, before) {
		return now, false
	}
	if list, ok := mergeLists(have, before, now); ok {
		return list, false
	}
	return have, true
}

// mergeLists adds to a person's list what the programme added to its own, and
// takes from it what that dropped.
func mergeLists(have, before, now any) ([]string, bool) {
	items, ok := have.([]any)
	if !ok {
		return nil, false
	}
	old, _ := before.([]string)
	added, _ := now.([]string)
	var out []string
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return nil, false
		}
		if !slices.Contains(old, s) || slices.Contains(added, s) {
			out = append(out, s)
		}
	}
	for _, s := range added {
		if !slices.Contains(old, s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, true
}

// same compares a note's value, or the last programme's, with a programme's.
func same(have, want any) bool { return edit.Equal(have, want) }

// texts are the edits of the text: a block that still is as the last import
// wrote it, word for word and once, becomes as this one writes it.
func (im *importer) texts(s *selected, n *existing) []diag.Edit {
	w := im.words(n.Path)
	old, now := blocks(&s.last.Session, w, &im.tamer), blocks(&s.Session, w, &im.tamer)
	var out []diag.Edit
	for i := range max(len(old), len(now)) {
		var from, to string
		if i < len(old) {
			from = old[i]
		}
		if i < len(now) {
			to = now[i]
		}
		switch {
		case from == to:
		case i == 0:
			out = append(out, swapLines(n.Data, from, to)...)
		case from == "":
			// The programme says more of the session than it did: below the buttons,
			// if they still are where they were.
			if at := behind(n.Data, old[0]); at >= 0 {
				out = append(out, diag.Edit{Start: at, End: at, New: lineEnds(n.Data, "\n"+to)})
			}
		default:
			if e, ok := swap(n.Data, from, to); ok {
				out = append(out, e)
			} else if !bytes.Contains(n.Data, []byte(lineEnds(n.Data, to))) {
				im.report(n.Path, diag.Info, ruleKept, "the programme changed its words about the session; they were changed here too, and stay so", "")
			}
		}
	}
	return out
}

// swapLines replaces each line of a block that stands in data by the one in its
// place in another.
func swapLines(data []byte, from, to string) []diag.Edit {
	a, b := strings.SplitAfter(from, "\n"), strings.SplitAfter(to, "\n")
	var out []diag.Edit
	for i := range min(len(a), len(b)) {
		if e, ok := swap(data, a[i], b[i]); ok && a[i] != b[i] {
			out = append(out, e)
		}
	}
	return out
}

// swap replaces the one place where a text of whole lines stands.
func swap(data []byte, from, to string) (diag.Edit, bool) {
	end := behind(data, from)
	if end < 0 {
		return diag.Edit{}, false
	}
	size := len(lineEnds(data, from))
	return diag.Edit{Start: end - size, End: end, New: lineEnds(data, to)}, true
}

// behind is where the one place ends in data at which a text of whole lines
// stands; -1 if it is not there, or there more than once.
func behind(data []byte, text string) int {
	needle := []byte(lineEnds(data, text))
	if len(needle) == 0 {
		return -1
	}
	at := bytes.Index(data, needle)
	if at < 0 || at > 0 && data[at-1] != '\n' || bytes.LastIndex(data, needle) != at {
		return -1
	}
	return at + len(needle)
}

// lineEnds gives text the line ends that data has.
func lineEnds(data []byte, text string) string {
	if i := bytes.IndexByte(data, '\n'); i > 0 && data[i-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
