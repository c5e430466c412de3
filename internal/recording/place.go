package recording

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// Style is a button as a project's notes write it, around its address.
type Style struct{ Before, After string }

// DefaultStyle is a button of kind k where no note has one; label is what it says.
func DefaultStyle(k Kind, label string) Style {
	look := map[Kind]string{
		Video:  `style="warning" icon="video"`,
		Slides: `style="tip" icon="person-chalkboard"`,
		Code:   `style="tip" icon="code"`,
	}[k]
	return Style{`{{% button href="`, `" ` + look + ` %}}` + label + `{{% /button %}}`}
}

// StyleOf returns how a note writes buttons of kind k, and whether it has one.
func StyleOf(src []byte, k Kind) (Style, bool) {
	buttons, _, err := note.Buttons(src)
	if err != nil {
		return Style{}, false
	}
	for _, b := range buttons {
		if st, ok := styleOf(src, b); ok && b.Kind == k.String() {
			return st, true
		}
	}
	return Style{}, false
}

// styleOf returns how the button b is written, without what hides it.
func styleOf(src []byte, b note.Button) (Style, bool) {
	if b.HrefEnd <= b.HrefStart || bytes.ContainsAny(src[b.Start:b.End], "\r\n") {
		return Style{}, false
	}
	st := Style{string(src[b.Start:b.HrefStart]), string(src[b.HrefEnd:b.End])}
	for _, mark := range [...]string{"/*", "*/"} { // an address may have them, the rest does not
		st.Before, st.After = strings.ReplaceAll(st.Before, mark, ""), strings.ReplaceAll(st.After, mark, "")
	}
	if !b.Quoted {
		st.Before, st.After = st.Before+`"`, `"`+st.After
	}
	return st, true
}

// write returns the button for a link.
func (st Style) write(link string) string { return st.Before + link + st.After }

// Place returns the edits that give a note's source the button for a link of kind
// k, exactly as it is written; none if the note leads to one of its kind already.
// The button takes the place of one that is commented out or leads nowhere yet,
// in that one's style. Else it goes behind the last of the note's first buttons,
// or under the front matter, in the style st. All other bytes stay.
func Place(src []byte, k Kind, link string, st Style) ([]diag.Edit, error) {
	if !isLink(link) || strings.Contains(link, "{{") || strings.Contains(link, "/*") || strings.Contains(link, "*/") {
		return nil, fmt.Errorf("%q cannot stand in a note", link)
	}
	buttons, body, err := note.Buttons(src)
	if err != nil {
		return nil, fmt.Errorf("the front matter: %w", err)
	}
	kind := k.String()
	shown := func(b note.Button) bool { return b.Kind == kind && !b.Hidden }
	if slices.ContainsFunc(buttons, func(b note.Button) bool { return shown(b) && !b.Placeholder }) {
		return nil, nil
	}
	var edits []diag.Edit
	if i := slices.IndexFunc(buttons, func(b note.Button) bool { return shown(b) && b.HrefEnd > 0 }); i >= 0 {
		edits = []diag.Edit{href(buttons[i], link)}
	} else if i := slices.IndexFunc(buttons, func(b note.Button) bool { return b.Kind == kind && b.Hidden && b.HrefEnd > 0 && len(b.Marks) > 0 }); i >= 0 {
		edits = reveal(buttons[i], link)
	} else if i := slices.IndexFunc(buttons, func(b note.Button) bool { return b.Kind == kind && b.Hidden && b.HrefEnd > 0 && b.Only }); i >= 0 {
		edits = moveOut(src, buttons[i], link)
	} else {
		edits = insert(src, buttons, body, st.write(link))
	}
	return edits, verify(src, edits, kind, link)
}

// href puts a link in the place of a button's.
func href(b note.Button, link string) diag.Edit {
	if !b.Quoted {
		link = `"` + link + `"`
	}
	return diag.Edit{Start: b.HrefStart, End: b.HrefEnd, New: link}
}

// reveal shows a button that is commented out.
func reveal(b note.Button, link string) []diag.Edit {
	edits := []diag.Edit{href(b, link)}
	for _, m := range b.Marks {
		edits = append(edits, diag.Edit{Start: m[0], End: m[1]})
	}
	slices.SortFunc(edits, func(a, b diag.Edit) int { return a.Start - b.Start })
	return edits
}

// moveOut takes a button out of a comment that others stand in as well.
func moveOut(src []byte, b note.Button, link string) []diag.Edit {
	st, ok := styleOf(src, b)
	if !ok {
		return nil
	}
	from, to := b.Start, b.End
	for to < b.Comment[1]-3 && (src[to] == ' ' || src[to] == '\t') {
		to++
	}
	for to < b.Comment[1]-3 && (src[to] == '\n' || src[to] == '\r') {
		to++
		if src[to-1] == '\n' {
			break
		}
	}
	return []diag.Edit{
		{Start: b.Comment[0], End: b.Comment[0], New: st.write(link) + lineEnd(src)},
		{Start: from, End: to},
	}
}

// insert puts a button on a line of its own where buttons stand.
func insert(src []byte, buttons []note.Button, body int, button string) []diag.Edit {
	end := lineEnd(src)
	if at := lastOfFirst(src, buttons, body); at >= 0 {
		if at > 0 && src[at-1] != '\n' && src[at-1] != '\r' { // the file ends here
			return []diag.Edit{{Start: at, End: at, New: end + button}}
		}
		return []diag.Edit{{Start: at, End: at, New: button + end}}
	}
	at, before, after := body, "", end
	if len(bytes.Trim(src[:body], "\ufeff \r\n")) > 0 {
		if src[body-1] != '\n' && src[body-1] != '\r' {
			before = end
		}
		if i := blankLine(src, body); i > body {
			at = i
		} else {
			before += end
		}
	}
	if at < len(src) && len(bytes.TrimSpace(src[at:])) > 0 {
		after += end
	}
	return []diag.Edit{{Start: at, End: at, New: before + button + after}}
}

// blankLine returns the end of the blank line at pos, or pos.
func blankLine(src []byte, pos int) int {
	for i := pos; i < len(src); i++ {
		switch src[i] {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return pos
		}
	}
	return pos
}

// lastOfFirst returns where the line behind the last of the buttons begins that
// open the text, or -1 where it opens with something else.
func lastOfFirst(src []byte, buttons []note.Button, body int) int {
	at, end := body, -1
	for _, b := range buttons {
		from, to := b.Start, b.End
		if b.Comment[1] > 0 {
			from, to = b.Comment[0], b.Comment[1]
		}
		if from < at { // in the comment of the last one
			continue
		}
		if len(bytes.TrimSpace(src[at:from])) > 0 {
			break
		}
		at, end = to, to
	}
	if end < 0 {
		return -1
	}
	i := bytes.IndexAny(src[end:], "\r\n")
	switch {
	case i < 0:
		i = len(src) - end
		return lineOnly(src, end, end+i)
	case len(bytes.TrimSpace(src[end:end+i])) > 0:
		return -1
	}
	if end += i + 1; src[end-1] == '\r' && end < len(src) && src[end] == '\n' {
		end++
	}
	return end
}

// lineOnly returns to if nothing but blanks is between from and to, else -1.
func lineOnly(src []byte, from, to int) int {
	if len(bytes.TrimSpace(src[from:to])) > 0 {
		return -1
	}
	return to
}

// lineEnd returns what ends lines in src.
func lineEnd(src []byte) string {
	if i := bytes.IndexByte(src, '\n'); i > 0 && src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

var errPlace = errors.New("the button cannot be written without harm; write it by hand")

// verify reads the note as it will be: one more button, and the rest as it was.
func verify(src []byte, edits []diag.Edit, kind, link string) error {
	if len(edits) == 0 {
		return errPlace
	}
	out, last := []byte(nil), 0
	for _, e := range edits {
		if e.Start < last {
			return errPlace
		}
		out = append(append(out, src[last:e.Start]...), e.New...)
		last = e.End
	}
	out = append(out, src[last:]...)
	buttons, _, err := note.Buttons(out)
	if err != nil {
		return errPlace
	}
	n := 0
	for _, b := range buttons {
		if b.Kind == kind && !b.Hidden && !b.Placeholder {
			if b.Href != link {
				return errPlace
			}
			n++
		}
	}
	if n != 1 {
		return errPlace
	}
	return nil
}
