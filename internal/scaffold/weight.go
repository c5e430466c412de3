package scaffold

import "path"

// weigh gives the chosen sessions their places on their days. A place that a
// session had stays as long as the order is right, so that one that comes, goes
// or moves leaves the notes of the others alone: new ones are put into gaps where
// there are any, and only what has to make room is moved. Places of notes that
// are no session's are left to them.
func (im *importer) weigh() {
	days := map[string][]*selected{}
	for i := range im.chosen {
		s := &im.chosen[i]
		days[s.Day] = append(days[s.Day], s)
	}
	for day, list := range days {
		others := im.foreignWeights(day)
		had := make([]int, len(list))
		for i, s := range list {
			if s.last != nil && s.last.Day == day && s.last.Chosen {
				had[i] = s.last.Weight
			}
		}
		before := 0
		for i, keep := range rising(had) {
			w := before + 1
			if keep && had[i] > before {
				w = had[i]
			} else {
				for others[w] {
					w++
				}
			}
			list[i].weight, before = w, w
		}
	}
}

// foreignWeights are the places in a day's folder of notes of no session.
func (im *importer) foreignWeights(day string) map[int]bool {
	folder, _, _ := im.place(day)
	mine := map[*existing]bool{}
	for i := range im.chosen {
		for _, n := range im.chosen[i].notes {
			mine[n] = true
		}
	}
	out := map[int]bool{}
	for i := range im.notes {
		n := &im.notes[i]
		if mine[n] || isIndex(n.Path) || path.Dir(n.Path) != folder {
			continue
		}
		if w, ok := n.weight(); ok {
			out[w] = true
		}
	}
	return out
}

// rising marks the most numbers above 0 that rise from first to last.
func rising(numbers []int) []bool {
	best := make([]int, len(numbers)) // how many rise up to each
	from := make([]int, len(numbers))
	end, most := -1, 0
	for i, n := range numbers {
		if n <= 0 {
			continue
		}
		best[i], from[i] = 1, -1
		for j, m := range numbers[:i] {
			if m > 0 && m < n && best[j] >= best[i] {
				best[i], from[i] = best[j]+1, j
			}
		}
		if best[i] > most {
			end, most = i, best[i]
		}
	}
	out := make([]bool, len(numbers))
	for ; end >= 0; end = from[end] {
		out[end] = true
	}
	return out
}
