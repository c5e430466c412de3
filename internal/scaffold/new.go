package scaffold

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/edit"
	"lectern/internal/schedule"
)

// New plans a note of a talk that is in no programme, in the folder of a day:
// its name or path below Into, a conference day as 2006-01-02, or "" for today
// where that is one, else the last day with notes. It comes last there.
func New(project Project, title, day, today string) (edit.Change, error) {
	if schedule.FoldTitle(title) == "" {
		return edit.Change{}, fmt.Errorf("the title %q has no letters", title)
	}
	project.Files = slices.DeleteFunc(slices.Clone(project.Files), func(f File) bool { return !below(project.Into, f.Path) })
	im := &importer{project: project}
	im.p = &schedule.Programme{}
	if project.Last != nil {
		im.p = &project.Last.Programme
	}
	im.index()
	im.days()
	folder, err := im.dayFolder(day, today)
	if err != nil {
		return edit.Change{}, err
	}
	weight := im.lastWeight(folder) + 1
	edits, err := edit.SetFields(nil, edit.Field{Name: "title", Value: title}, edit.Field{Name: "weight", Value: weight})
	if err != nil {
		return edit.Change{}, err
	}
	data, err := edit.Apply(nil, edits)
	if err != nil {
		return edit.Change{}, err
	}
	return edit.Change{Path: im.free(folder, weight, Slug(title)), New: append(data, '\n')}, nil
}

// dayFolder finds a day's folder.
func (im *importer) dayFolder(day, today string) (string, error) {
	folders := im.noteFolders()
	if day == "" {
		if f := im.dated(today); f != "" {
			return f, nil
		}
		if len(folders) == 0 {
			return im.project.Into, nil
		}
		return folders[len(folders)-1], nil
	}
	if f := im.dated(day); f != "" {
		return f, nil
	}
	asked := path.Join(im.project.Into, path.Clean("/" + strings.ReplaceAll(day, "\\", "/"))[1:])
	for _, f := range folders {
		if f == asked || f == path.Clean(day) || f == path.Join(im.project.Into, "day"+day) {
			return f, nil
		}
	}
	var names []string
	for _, f := range folders {
		names = append(names, strings.TrimPrefix(f, im.project.Into+"/"))
	}
	return "", &NoDayError{Day: day, Days: names}
}

// NoDayError says that there is no folder of a day.
type NoDayError struct {
	// Day is what was asked for, Days what there is.
	Day  string
	Days []string
}

// Error names the day.
func (e *NoDayError) Error() string { return fmt.Sprintf("there is no day %q", e.Day) }

// dated is the folder of a date.
func (im *importer) dated(day string) string {
	if f := im.folders[day]; f != "" {
		return f
	}
	for _, n := range im.notes {
		if field := n.layout.Field("start"); field != nil && !isIndex(n.Path) && dayOf(field.Value) == day && day != "" {
			return path.Dir(n.Path)
		}
	}
	return ""
}

// noteFolders are the folders below Into with notes or an index, in the order
// of the days.
func (im *importer) noteFolders() []string {
	weight := map[string]int64{}
	for _, n := range im.notes {
		dir := path.Dir(n.Path)
		if dir == path.Clean(im.project.Into) {
			continue
		}
		if _, ok := weight[dir]; !ok {
			weight[dir] = 1 << 40 // without a weight: last, by name
		}
		if w, ok := n.weight(); ok && isIndex(n.Path) {
			weight[dir] = int64(w)
		}
	}
	out := make([]string, 0, len(weight))
	for dir := range weight {
		out = append(out, dir)
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(weight[a], weight[b]), strings.Compare(a, b))
	})
	return out
}

func (im *importer) lastWeight(folder string) int {
	last := 0
	for _, n := range im.notes {
		if path.Dir(n.Path) != folder || isIndex(n.Path) {
			continue
		}
		last++
		if w, ok := n.weight(); ok && w < 1e6 {
			last = max(last, w)
		}
	}
	return last
}
