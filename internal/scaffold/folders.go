package scaffold

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"lectern/internal/edit"
	"lectern/internal/schedule"
)

// days finds the folder of each conference day: the one in which notes of that
// day lie, the one whose index names the day, or a new one.
func (im *importer) days() {
	im.folders = map[string]string{}
	votes := map[string]map[string]int{}
	for _, s := range im.chosen {
		for _, n := range s.notes {
			if !below(im.project.Into, n.Path) {
				continue
			}
			day := s.Day
			if s.last != nil {
				day = s.last.Day // where it lay when the note was made
			}
			if votes[day] == nil {
				votes[day] = map[string]int{}
			}
			votes[day][path.Dir(n.Path)]++
		}
	}
	for day, folders := range votes {
		best := ""
		for folder, n := range folders {
			if best == "" || n > folders[best] || n == folders[best] && folder < best {
				best = folder
			}
		}
		im.folders[day] = best
	}
	for _, n := range im.notes {
		if field := n.layout.Field("day"); field != nil && isIndex(n.Path) && below(im.project.Into, n.Path) {
			if day := dayOf(field.Value); day != "" && im.folders[day] == "" {
				im.folders[day] = path.Dir(n.Path)
			}
		}
	}
}

// sectionWeights are the places of the sections below Into.
func (im *importer) sectionWeights() map[int]bool {
	if im.sections == nil {
		im.sections = map[int]bool{}
		for dir, n := range im.indexes {
			if path.Dir(dir) != path.Clean(im.project.Into) {
				continue
			}
			if w, ok := n.weight(); ok {
				im.sections[w] = true
			}
		}
	}
	return im.sections
}

// below reports whether a file lies in a folder, or below it.
func below(folder, file string) bool {
	return folder == "" || folder == "." || strings.HasPrefix(file, folder+"/")
}

// otherDay is true for a folder of another year's day.
func (im *importer) otherDay(folder, day string) bool {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return false
	}
	for i := range im.notes {
		if n := &im.notes[i]; path.Dir(n.Path) == folder && schedule.FarApart(n.date(), at) {
			return true
		}
	}
	return false
}

// place is the folder of a day, with the title and the number for its index.
func (im *importer) place(day string) (folder, title string, number int) {
	words := im.words(path.Join(im.project.Into, "_index.md"))
	number = slices.Index(im.p.Days, day) + 1
	if number == 0 {
		folder, title, number = "unscheduled", words.unscheduled, len(im.p.Days)+1
	} else {
		folder, title = fmt.Sprintf("day%d", number), fmt.Sprintf("%s %d", words.day, number)
		if im.otherDay(path.Join(im.project.Into, folder), day) {
			folder, title = day, day
		}
	}
	if f := im.folders[day]; f != "" {
		return f, title, number
	}
	return path.Join(im.project.Into, folder), title, number
}

// folder is where notes of a day go. A new one gets an index with its title.
func (im *importer) folder(day string) (string, error) {
	folder, title, number := im.place(day)
	if im.folders[day] != "" {
		return folder, nil
	}
	im.folders[day] = folder
	index := path.Join(folder, "_index.md")
	if im.taken[strings.ToLower(index)] {
		return folder, nil // a person's own, which stays as it is
	}
	weights := im.sectionWeights()
	for weights[number] {
		number++
	}
	weights[number] = true
	fields := []edit.Field{{Name: "title", Value: title}, {Name: "weight", Value: number}}
	if day != "" {
		fields = append(fields, edit.Field{Name: "day", Value: day})
	}
	edits, err := edit.SetFields(nil, fields...)
	if err != nil {
		return "", fmt.Errorf("make %s: %w", index, err)
	}
	data, err := edit.Apply(nil, edits)
	if err != nil {
		return "", fmt.Errorf("make %s: %w", index, err)
	}
	im.take(index)
	im.plan.Changes = append(im.plan.Changes, edit.Change{Path: index, New: data, Made: true})
	return folder, nil
}

// free is a path that no file has: the number is the session's place on its day
// where that is free, else the next.
func (im *importer) free(folder string, number int, slug string) string {
	used := im.numbers[strings.ToLower(path.Clean(folder))]
	for used[fmt.Sprintf("%02d", number)] {
		number++
	}
	p := path.Join(folder, fmt.Sprintf("%02d_%s.md", number, cmp.Or(slug, "session")))
	im.take(p)
	return p
}

// take remembers that there is a file.
func (im *importer) take(p string) {
	p = strings.ToLower(p)
	im.taken[p] = true
	dir, base := path.Dir(p), path.Base(p)
	if im.numbers[dir] == nil {
		im.numbers[dir] = map[string]bool{}
	}
	number, _, _ := strings.Cut(base, "_")
	im.numbers[dir][number] = true
}
