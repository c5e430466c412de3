package move

import (
	"bytes"
	"html"
	"slices"
	"sort"

	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/note"
)

// span is where a destination stands in a file.
type span struct{ start, end int }

// maxTries bounds how often one note is read again to find a link's place.
const maxTries = 400

// rewrite gives the pointers of the note that will be at p the destinations
// wants, and leaves alone those whose place is not found.
func (m *mover) rewrite(p string, wants []string) error {
	data, err := m.bytes(p)
	if err != nil {
		return err
	}
	w := writer{m: m, path: p, data: data, now: pointers(m.notes[p]), wants: wants, taken: map[span]string{}}
	w.guess()
	n, wrong := w.try(w.taken)
	if len(wrong) > 0 {
		n, wrong = w.search()
	}
	for _, i := range wrong {
		at := w.now[i]
		m.left(p, at.line, at.col, "link-missing", "the place where "+at.dest+" is written was not found, so it is as it was", "write "+wants[i]+" there")
	}
	out, err := edit.Apply(data, w.edits(w.taken))
	if err != nil {
		return err
	}
	m.data[p] = out
	m.notes[p] = n
	m.plan.Links += len(w.taken)
	return nil
}

// writer finds the places of one note's links.
type writer struct {
	m     *mover
	path  string
	data  []byte
	now   []pointer
	wants []string
	// taken are the places to be written, with what.
	taken map[span]string
	tries int
}

// guess takes for each link that has to change the first place behind its
// beginning where its destination stands.
func (w *writer) guess() {
	for i, at := range w.now {
		if at.dest == w.wants[i] {
			continue
		}
		for _, s := range occurrences(w.data, offset(w.data, at.line, at.col), at.dest) {
			if w.free(s) {
				w.taken[s] = w.wants[i]
				break
			}
		}
	}
}

func (w *writer) free(s span) bool {
	for t := range w.taken {
		if s.start < t.end && t.start < s.end {
			return false
		}
	}
	return true
}

// search tries all places for each link, one after the other, and keeps those
// that bring a link to where it shall lead and change no other.
func (w *writer) search() (*note.Note, []int) {
	w.taken = map[span]string{}
	n, wrong := w.try(w.taken)
	for k := 0; k < len(wrong); {
		i := wrong[k]
		at := w.now[i]
		from := offset(w.data, at.line, at.col)
		spans := occurrences(w.data, 0, at.dest)
		// Those behind the link's beginning come first: the others are definitions.
		sort.SliceStable(spans, func(a, b int) bool { return spans[a].start >= from && spans[b].start < from })
		better := false
		for _, s := range spans {
			if !w.free(s) || w.tries > maxTries {
				continue
			}
			w.taken[s] = w.wants[i]
			if m, left := w.try(w.taken); len(left) < len(wrong) && subset(left, wrong) {
				n, wrong, better = m, left, true
				break
			}
			delete(w.taken, s)
		}
		if !better {
			k++
		}
	}
	return n, wrong
}

func subset(a, b []int) bool {
	return !slices.ContainsFunc(a, func(i int) bool { return !slices.Contains(b, i) })
}

// try reads the note with the places written, and returns the pointers that are
// not as they shall be; all of them if it is another note then.
func (w *writer) try(places map[span]string) (*note.Note, []int) {
	w.tries++
	out, err := edit.Apply(w.data, w.edits(places))
	if err != nil {
		out = w.data
	}
	n := w.m.Parse(w.path, out, w.m.open)
	now := pointers(n)
	var wrong []int
	for i := range w.now {
		if len(now) != len(w.now) || now[i].dest != w.wants[i] || now[i].rest != w.now[i].rest || now[i].kind != w.now[i].kind {
			wrong = append(wrong, i)
		}
	}
	if len(wrong) == 0 && !bytes.Equal(n.Text, w.m.notes[w.path].Text) && len(n.Text) == 0 {
		wrong = append(wrong, 0)
	}
	return n, wrong
}

func (w *writer) edits(places map[span]string) []diag.Edit {
	var out []diag.Edit
	for s, text := range places {
		out = append(out, diag.Edit{Start: s.start, End: s.end, New: text})
	}
	return out
}

// offset is the place of a line and a column in a file as it is on the disk.
func offset(data []byte, line, col int) int {
	at := 0
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		at = 3
	}
	for i := at; line > 1 && i < len(data); i++ {
		if data[i] == '\n' || data[i] == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			line--
			at = i + 1
		}
	}
	return min(at+max(col, 1)-1, len(data))
}

// occurrences are the places at or behind from where dest is written by itself,
// with Markdown's backslashes and HTML's entities or without.
func occurrences(data []byte, from int, dest string) []span {
	var out []span
	if dest == "" {
		return nil
	}
	for i := from; i < len(data); i++ {
		if n := matchAt(data[i:], dest); n > 0 && (i == 0 || !wordByte(data[i-1])) && (i+n == len(data) || !wordByte(data[i+n])) {
			out = append(out, span{i, i + n})
			i += n - 1
		}
	}
	return out
}

// wordByte is true for what would make a destination a part of another one.
func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || c == '/' || c == '.' || c == '-' || c == '_' || c == '%'
}

// matchAt returns how many bytes of s spell dest; 0 for none.
func matchAt(s []byte, dest string) int {
	i := 0
	for j := 0; j < len(dest); {
		if i >= len(s) {
			return 0
		}
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && s[i+1] == dest[j] && dest[j] != '\\' && s[i+1] < 0x80:
			i += 2
			j++
		case c == dest[j] && c != '&':
			i++
			j++
		case c == '&':
			end := bytes.IndexByte(s[i:min(len(s), i+12)], ';')
			if end > 0 {
				text := html.UnescapeString(string(s[i : i+end+1]))
				if text != string(s[i:i+end+1]) && len(dest)-j >= len(text) && dest[j:j+len(text)] == text {
					i += end + 1
					j += len(text)
					continue
				}
			}
			if c != dest[j] {
				return 0
			}
			i++
			j++
		default:
			return 0
		}
	}
	return i
}
