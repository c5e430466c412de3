package note

import (
	"bytes"
	"strings"
)

// dated says what a shortcode, or with param one of its parameters, is called
// today; "" for a name that is today's. Old and new mean the same to Lectern.
func dated(name, param string) string {
	switch param {
	case "":
		switch name {
		case "swagger":
			return "openapi"
		case "tweet", "twitter", "tweet_simple", "twitter_simple", "x_simple":
			return "x"
		case "vimeo_simple":
			return "vimeo"
		case "instagram_simple":
			return "instagram"
		case "attachments":
			return "resources"
		}
	case "name":
		if name == "tab" {
			return "title"
		}
	case "open":
		if name == "expand" {
			return "expanded"
		}
	case "icon-position":
		if name == "button" {
			return "iconposition"
		}
	}
	return ""
}

// same reports whether an old name and today's mean the same to the programs
// that know both: those that know the new one give it the same meaning.
func same(name string) bool {
	switch name {
	case "swagger", "tab", "expand":
		return true
	}
	return false
}

// markDated notes the names in a call that are called otherwise today.
func (c *call) markDated(r *render) {
	if r.n.Marks == nil || c.code {
		return
	}
	name := strings.ToLower(c.name)
	if today := dated(name, ""); today != "" {
		r.n.Marks.Dated = r.markName(r.n.Marks.Dated, DatedMark{What: "shortcode", New: today, Same: same(name)}, c.name, c.names(r.data))
	}
	for _, a := range c.args {
		if a.name == "" {
			continue
		}
		if today := dated(name, a.name); today != "" {
			before := r.data[c.start:a.off]
			before = bytes.TrimRight(before[:max(bytes.LastIndexByte(before, '='), 0)], " \t\n")
			m := DatedMark{What: "parameter", New: today, Same: same(name)}
			r.n.Marks.Dated = r.markName(r.n.Marks.Dated, m, a.name, []int{c.start + len(before) - len(a.name)})
		}
	}
}

// markUnknown notes that an unknown call was probably meant to be another one.
func (c *call) markUnknown(r *render, near string) {
	if r.n.Marks == nil {
		return
	}
	before := len(r.n.Marks.Unknown)
	r.n.Marks.Unknown = r.markName(r.n.Marks.Unknown, DatedMark{What: "shortcode", New: near}, c.name, c.names(r.data))
	if at, ok := r.place(c.start); ok && len(r.n.Marks.Unknown) > before {
		r.n.Marks.Unknown[before].Place = at
	}
}

// names are the places of the call's name.
func (c *call) names(data []byte) []int {
	at := []int{skipMarks(data, c.start)}
	if c.innerFrom >= 0 {
		at = append(at, skipMarks(data, c.innerTo))
	}
	return at
}

// markName adds m with the places where the name old stands, unless it does not.
func (r *render) markName(marks []DatedMark, m DatedMark, old string, offs []int) []DatedMark {
	for _, off := range offs {
		at, ok := r.place(off)
		if !ok || off < 0 || off+len(old) > len(r.data) || !strings.EqualFold(string(r.data[off:off+len(old)]), old) {
			return marks
		}
		m.Ends = append(m.Ends, at)
		m.Old = string(r.data[off : off+len(old)])
	}
	if m.Place = m.Ends[0]; len(marks) >= maxMarks {
		return marks
	}
	return append(marks, m)
}

// skipMarks returns where the name begins in the tag at off.
func skipMarks(data []byte, off int) int {
	off += 3
	for off < len(data) && (data[off] == ' ' || data[off] == '\t' || data[off] == '\n' || data[off] == '/') {
		off++
	}
	return off
}
