package recording

import "strings"

// speakers compares the names of a session's speakers with those of a
// recording's, or with what stands in its title and description.
func (m *matcher) speakers(v *verdict) {
	s, r := &m.sessions[v.s], &m.recordings[v.r]
	if v.a.strangers {
		v.against |= misfitSpeaker
	}
	if len(s.Speakers) == 0 {
		return
	}
	if len(r.Speakers) > 0 {
		for _, a := range m.names(s.Speakers) {
			for _, b := range m.names(r.Speakers) {
				if sameName(a, b) {
					v.for_ |= fitSpeaker
					return
				}
			}
		}
	} else {
		words := m.spoken(v.r)
		for _, a := range m.names(s.Speakers) {
			if within(a, words) {
				v.for_ |= fitSpeaker
				return
			}
		}
	}
	// Somebody else's name stands there.
	if len(r.Speakers) > 0 || v.a.named != "" || m.c.named && m.stranger(v) {
		v.against |= misfitSpeaker
	}
}

// stranger is true where the recording's title ends with what may be a name,
// among recordings whose titles mostly do, and the session's has nothing of it.
func (m *matcher) stranger(v *verdict) bool {
	t := m.rt[v.r]
	last := len(t.segs) - 1
	if last < 1 || !t.segs[last].maybeWho {
		return false
	}
	left := 0
	for _, w := range v.a.left {
		if w.seg == last {
			left++
		}
	}
	return left >= 2
}

// names splits names into words, leaving out what is no name.
func (m *matcher) names(list []string) [][]string {
	out := make([][]string, 0, len(list))
	for _, n := range list {
		n, _, _ = strings.Cut(n, ",")
		if ws := split(n); len(ws) > 0 {
			out = append(out, ws)
		}
	}
	return out
}

// sameName reports whether two names may be one person's: first and last name in
// any order, initials, a name between, a letter wrong.
func sameName(a, b []string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 1 {
		return len(b) == 1 && nearName(a[0], b[0]) && len(a[0]) > 1
	}
	whole, initials := 0, 0
	used := make([]bool, len(b))
	for _, x := range a {
		for j, y := range b {
			if used[j] {
				continue
			}
			if nearName(x, y) {
				used[j] = true
				whole++
				break
			}
			if (len(x) == 1 || len(y) == 1) && x[0] == y[0] {
				used[j] = true
				initials++
				break
			}
		}
	}
	return whole >= 2 || whole == 1 && initials >= 1
}

func nearName(x, y string) bool {
	return x == y || len(x) >= 5 && len(y) >= 5 && distance(x, y, 1) <= 1
}

// within reports whether a name of two words or more stands in a text: its first
// and its last word near each other.
func within(name []string, text []string) bool {
	if len(name) < 2 {
		return false
	}
	first, last := name[0], name[len(name)-1]
	for i, w := range text {
		if !nearName(w, last) {
			continue
		}
		for j := max(0, i-3); j < min(len(text), i+2); j++ {
			if j != i && (nearName(text[j], first) || len(text[j]) == 1 && text[j][0] == first[0] && j < i || len(first) == 1 && len(text[j]) > 1 && text[j][0] == first[0] && j == i-1) {
				return true
			}
		}
	}
	return false
}
