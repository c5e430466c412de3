package scaffold

import (
	"fmt"
	"slices"
	"strings"

	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/schedule"
)

// newNote is a note as the programme alone makes it.
func newNote(s *selected, w words, t *tamer) ([]byte, error) {
	fields := fieldsOf(&s.Session, s.weight)
	fields = slices.DeleteFunc(fields, func(f edit.Field) bool { return f.Value == nil })
	edits, err := edit.SetFields(nil, fields...)
	if err != nil {
		return nil, fmt.Errorf("make a note of %q: %w", s.Title, err)
	}
	front, err := edit.Apply(nil, edits)
	if err != nil {
		return nil, fmt.Errorf("make a note of %q: %w", s.Title, err)
	}
	var b strings.Builder
	b.Write(front)
	for _, block := range blocks(&s.Session, w, t) {
		b.WriteString("\n" + block)
	}
	return []byte(b.String()), nil
}

// fieldsOf is what a session says in front matter, in the order in which it
// stands there; nil for what the session does not say.
func fieldsOf(s *schedule.Session, weight int) []edit.Field {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	list := func(l []string) any {
		if len(l) == 0 {
			return nil
		}
		return l
	}
	var speakers []string
	for _, p := range s.Speakers {
		if !slices.Contains(speakers, p.Name) {
			speakers = append(speakers, p.Name)
		}
	}
	tags := slices.Clone(s.Tags)
	if s.Track != "" && !slices.Contains(tags, s.Track) {
		tags = append(tags, s.Track)
	}
	fields := []edit.Field{
		{Name: "title", Value: titleOf(s)},
		{Name: "weight", Value: weight},
		{Name: "session", Value: s.ID},
		{Name: "speakers", Value: list(speakers)},
		{Name: "room", Value: text(s.Room)},
		{Name: "track", Value: text(s.Track)},
		{Name: "start"},
		{Name: "end"},
		{Name: "tags", Value: list(tags)},
		{Name: "cancelled"},
	}
	if !s.Start.IsZero() {
		fields[6].Value = s.Start
	}
	if !s.End.IsZero() {
		fields[7].Value = s.End
	}
	if s.Cancelled {
		fields[9].Value = true
	}
	for i := range fields {
		for _, before := range fields[:i] {
			fields[i].After = append(fields[i].After, before.Name)
		}
	}
	return fields
}

func titleOf(s *schedule.Session) string {
	if s.Subtitle != "" && !strings.Contains(s.Title, s.Subtitle) {
		return s.Title + ": " + s.Subtitle
	}
	return s.Title
}

// blocks are the parts of a new note's text: the buttons, and what the
// conference says of the session. Each ends with its line.
func blocks(s *schedule.Session, w words, t *tamer) []string {
	out := []string{
		button(s, schedule.KindVideo, `style="warning" icon="video"`, w.video) +
			button(s, schedule.KindSlides, `style="tip" icon="person-chalkboard"`, w.slides),
	}
	if text := t.tame(abstractOf(s)); text != "" {
		out = append(out, fmt.Sprintf("{{%% details title=\"%s\" %%}}\n%s\n{{%% /details %%}}\n", w.abstract, text))
	}
	return out
}

// button is one for what is to be seen of a kind, hidden while there is nothing.
func button(s *schedule.Session, kind schedule.Kind, look, label string) string {
	for _, l := range s.Links {
		if l.Kind == kind && !strings.ContainsAny(l.URL, "\"`\\<>{}\n") {
			return fmt.Sprintf("{{%% button href=\"%s\" %s %%}}%s{{%% /button %%}}\n", l.URL, look, label)
		}
	}
	return fmt.Sprintf("<!-- {{%% button href=\"todo:\" %s %%}}%s{{%% /button %%}} -->\n", look, label)
}

// abstractOf is what the conference says of a session.
func abstractOf(s *schedule.Session) string {
	text := s.Abstract
	switch {
	case text == "":
		text = s.Description
	case s.Description != "" && !strings.Contains(s.Description, text) && !strings.Contains(text, s.Description):
		text += "\n\n" + s.Description
	case len(s.Description) > len(text):
		text = s.Description
	}
	return text
}

// maxAbstract bounds what a programme may put into a note.
const maxAbstract = 32 << 10

// tamer makes a stranger's Markdown fit for a note.
type tamer struct{ parser *note.Parser }

// tame takes from a stranger's Markdown what would act outside of its words:
// shortcodes, HTML, headings, fences, and links that are no links to the web.
func (t *tamer) tame(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if len(text) > maxAbstract {
		text = strings.ToValidUTF8(text[:maxAbstract], "") + " …"
	}
	text = strings.ReplaceAll(text, "{{", `{\{`)
	var b strings.Builder
	blank := 1
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t\r\v\f")
		if line == "" {
			if blank++; blank == 1 {
				b.WriteByte('\n')
			}
			continue
		}
		blank = 0
		b.WriteString(tameLine(line) + "\n")
	}
	out := strings.TrimRight(b.String(), "\n")
	if t.foreignLinks(out) {
		out = strings.NewReplacer("](", `]\(`, "]:", `]\:`).Replace(out)
	}
	return out
}

// tameLine takes a line's meaning as a block, and its tags.
func tameLine(line string) string {
	inner := strings.TrimLeft(line, " \t>")
	lead := line[:len(line)-len(inner)]
	if strings.HasPrefix(inner, "#") || strings.HasPrefix(inner, "```") || strings.HasPrefix(inner, "~~~") || strings.Trim(inner, "-= \t") == "" {
		inner = `\` + inner
	}
	if strings.Trim(lead, " ") == "" && len(lead) > 3 {
		lead = "   " // four would be code
	}
	lead = strings.ReplaceAll(lead, "\t", " ")
	var b strings.Builder
	b.WriteString(lead)
	for i := 0; i < len(inner); i++ {
		if c := inner[i]; c == '<' && i+1 < len(inner) && (isLetter(inner[i+1]) || strings.IndexByte("/!?", inner[i+1]) >= 0) &&
			!strings.HasPrefix(inner[i:], "<http://") && !strings.HasPrefix(inner[i:], "<https://") && (i == 0 || inner[i-1] != '\\') {
			b.WriteByte('\\')
		}
		b.WriteByte(inner[i])
	}
	return b.String()
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// foreignLinks reports whether Markdown has links to anything but the web and
// mail addresses, or pictures, which would be fetched from elsewhere.
func (t *tamer) foreignLinks(text string) bool {
	if !strings.Contains(text, "](") && !strings.Contains(text, "]:") && !strings.Contains(text, "<") {
		return false // nothing could be a link but an address that stands for itself
	}
	n := t.parser.Parse("abstract.md", []byte(text))
	return slices.ContainsFunc(n.Links, func(l note.Link) bool {
		scheme, _, ok := strings.Cut(strings.ToLower(l.Dest), ":")
		return l.Kind != note.Anchor || !ok || scheme != "http" && scheme != "https" && scheme != "mailto"
	})
}
