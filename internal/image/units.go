package image

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/snapshot"
)

// Weights in halves of a note: a section's own pages, which have much of all
// its notes once more, for printing and for programs, weigh half of these.
const (
	noteWeight    = 2
	perSection    = 2
	perNote       = 1 // more for each note of the section
	weightOfLayer = 40
)

// units are the files of notes and sections in pieces that stay together: a
// section's own files, and its notes. Pages of one section have the same menu:
// together they compress well, and it changes in all of them at once. A section
// that is larger than a layer is meant to be is divided: its own files change
// with each letter, each piece of the notes only with its share of them.
//
// Pieces depend on addresses and numbers alone. Were they made by size in
// bytes, a letter could move files to other layers.
type units struct {
	sections map[string]*section
	pages    map[string]bool
	count    map[string]int // pages by section
}

type section struct {
	own   []placed
	notes map[string][]placed // by page
}

// placed is a file and where it is packed: beside what it repeats.
type placed struct {
	beside string
	file   *snapshot.File
}

// unit is a piece that goes into one layer.
type unit struct {
	key    string
	weight int
	files  []placed
}

func newUnits(pages map[string]bool) *units {
	u := &units{sections: map[string]*section{}, pages: pages, count: map[string]int{}}
	for p := range pages {
		u.count[path.Dir(p)]++
	}
	return u
}

// add takes a file of a page.
func (u *units) add(page string, f *snapshot.File) {
	name := path.Dir(page)
	own := u.count[page] > 0
	if own {
		name = page
	}
	s := u.sections[name]
	if s == nil {
		s = &section{notes: map[string][]placed{}}
		u.sections[name] = s
	}
	p := placed{cmp.Or(f.With, f.Path), f}
	if own {
		s.own = append(s.own, p)
	} else {
		s.notes[page] = append(s.notes[page], p)
	}
}

func (s *section) weights() (own, notes int) {
	if len(s.own) > 0 {
		own = perSection + perNote*len(s.notes)
	}
	return own, noteWeight * len(s.notes)
}

// cut divides the sections into pieces of about the weight wish.
func (u *units) cut(wish int) []unit {
	var all []unit
	for name, s := range u.sections {
		own, notes := s.weights()
		parts := max(1, (notes+wish/2)/wish)
		if 2*(own+notes) <= 3*wish {
			whole := unit{key: name, weight: own + notes, files: s.own}
			for _, files := range s.notes {
				whole.files = append(whole.files, files...)
			}
			all = append(all, whole)
			continue
		}
		if own > 0 {
			all = append(all, unit{name, own, s.own})
		}
		pieces := make([]unit, parts)
		for page, files := range s.notes {
			p := &pieces[bucket(page, parts)]
			p.weight += noteWeight
			p.files = append(p.files, files...)
		}
		for i, p := range pieces {
			if p.key = fmt.Sprintf("%s %d", name, i); p.weight > 0 {
				all = append(all, p)
			}
		}
	}
	return all
}

// spread puts the pieces into at most most layers of about the same weight.
func (u *units) spread(name string, most int) []group {
	total := 0
	for _, s := range u.sections {
		own, notes := s.weights()
		total += own + notes
	}
	n := min((total+weightOfLayer-1)/weightOfLayer, most)
	if n == 0 {
		return nil
	}
	return fill(name, u.cut((total+n-1)/n), n)
}

// fill puts pieces into n layers of about the same weight.
//
// A piece goes where its hash says ([bucket]), or, where that would be too
// full, into the next layer with room. So a new page leaves most pieces where
// they are, and nothing depends on what was before.
func fill(name string, pieces []unit, n int) []group {
	total := 0
	for _, p := range pieces {
		total += p.weight
	}
	if total == 0 {
		return nil
	}
	mean := (total + n - 1) / n
	slices.SortFunc(pieces, func(a, b unit) int {
		return cmp.Or(cmp.Compare(hashOfKey(a.key), hashOfKey(b.key)), strings.Compare(a.key, b.key))
	})
	layers := make([][]placed, n)
	load := make([]int, n)
	for _, p := range pieces {
		to := place(load, bucket(p.key, n), p.weight, mean)
		load[to] += p.weight
		layers[to] = append(layers[to], p.files...)
	}
	out := make([]group, n)
	for i, l := range layers {
		slices.SortFunc(l, func(a, b placed) int {
			return cmp.Or(strings.Compare(a.beside, b.beside), strings.Compare(a.file.Path, b.file.Path))
		})
		out[i].name = fmt.Sprintf("%s %02d", name, i)
		for _, p := range l {
			out[i].files = append(out[i].files, p.file)
		}
	}
	return out
}

// place returns the layer for a piece: the first from the one that it should
// have on that is not too full with it, else the first with the least.
func place(load []int, from, weight, mean int) int {
	best := from
	for k := range load {
		to := (from + k) % len(load)
		if load[to]+weight/2 <= mean {
			return to
		}
		if load[to] < load[best] {
			best = to
		}
	}
	return best
}
