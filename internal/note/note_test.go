package note

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// hugoOptions are Hugo's defaults, with HTML as it is.
func hugoOptions() Options {
	return Options{
		UnsafeHTML: true, DefinitionList: true, Footnote: true, Strikethrough: true, Table: true, TaskList: true,
		Linkify: true, LinkifyProtocol: "https", Typographer: true, AttributeTitle: true, AutoHeadingID: true,
		AutoIDType: "github", WrapStandAloneImage: true, Icon: testIcon,
	}
}

// testIcon knows the icons of these tests.
func testIcon(name string) (string, bool) {
	name = iconWord(name)
	if strings.HasPrefix(name, "no-such") || name == "" {
		return "", false
	}
	return "solid-" + name, true
}

// fill fills a note's holes as a site would that has all pages where links say.
func fill(n *Note) []byte { return fillWith(n, ">") }

func fillWith(n *Note, end string) []byte {
	var out []byte
	pos := 0
	for _, h := range n.Body.Holes {
		out = append(out, n.Body.HTML[pos:h.Pos]...)
		pos = h.Pos
		if h.Kind == CallHole {
			out = fmt.Appendf(out, "<!-- %s -->", describeCall(n.Calls[h.Link]))
			continue
		}
		l := n.Links[h.Link]
		switch h.Kind {
		case LinkOpen:
			out = append(out, `<a href="`...)
			out = appendURL(out, l.Dest)
			out = append(out, `"`+l.Attrs+">"...)
		case LinkClose:
			out = append(out, "</a>"...)
		case ImageTag:
			out = append(out, `<img src="`...)
			out = appendURL(out, l.Dest)
			out = append(out, `"`+l.Attrs...)
			if l.Look.Width != "" {
				out = append(out, ` width="`+l.Look.Width+`"`...)
			}
			if l.Look.Height != "" {
				out = append(out, ` height="`+l.Look.Height+`"`...)
			}
			out = append(out, end...)
		case URLOnly:
			out = appendURL(out, l.Dest)
		}
	}
	return append(out, n.Body.HTML[pos:]...)
}

// describeCall says what a list of pages or files was asked for.
func describeCall(c Call) string {
	v := reflect.ValueOf(c.Files)
	if c.Pages != nil {
		v = reflect.ValueOf(c.Pages)
	}
	out := strings.ToLower(strings.TrimSuffix(v.Elem().Type().Name(), "Call"))
	for i := range v.Elem().NumField() {
		f := v.Elem().Field(i)
		if f.IsZero() {
			continue
		}
		value := f.Interface()
		if f.Kind() == reflect.Pointer {
			value = f.Elem().Interface()
		}
		out += fmt.Sprintf(" %s=%v", v.Elem().Type().Field(i).Name, value)
	}
	return out
}

// checkNote checks what must be true of every Note.
func checkNote(t *testing.T, n *Note) {
	t.Helper()
	if !utf8.Valid(n.Body.HTML) {
		t.Error("the HTML is not UTF-8")
	}
	if bytes.ContainsAny(n.Body.HTML, "\x00\x02\x03") {
		t.Error("the HTML has control characters")
	}
	pos := 0
	open := 0
	for _, h := range n.Body.Holes {
		if h.Pos < pos || h.Pos > len(n.Body.HTML) {
			t.Fatalf("hole at %d behind %d of %d bytes", h.Pos, pos, len(n.Body.HTML))
		}
		pos = h.Pos
		if h.Kind == CallHole {
			if h.Link < 0 || h.Link >= len(n.Calls) {
				t.Fatalf("hole for call %d of %d", h.Link, len(n.Calls))
			}
			continue
		}
		if h.Link < 0 || h.Link >= len(n.Links) {
			t.Fatalf("hole for link %d of %d", h.Link, len(n.Links))
		}
		if n.Links[h.Link].External {
			t.Errorf("a hole for the external link %q", n.Links[h.Link].Dest)
		}
		switch h.Kind {
		case LinkOpen:
			open++
		case LinkClose:
			open--
		}
	}
	if open != 0 {
		t.Errorf("%d more links are opened than closed", open)
	}
	for _, r := range n.Recommendations {
		if r.Link < 0 || r.Link >= len(n.Links) || n.Links[r.Link].External {
			t.Fatalf("link %d of %d is recommended", r.Link, len(n.Links))
		}
	}
	end := 0
	for _, p := range n.Hallway {
		if p.From < end || p.To < p.From || p.To > len(n.Body.HTML) || p.Heading >= len(n.Headings) {
			t.Fatalf("passage %+v behind %d of %d bytes, %d headings", p, end, len(n.Body.HTML), len(n.Headings))
		}
		end = p.To
		for i, h := range n.Body.Holes {
			if inside := i >= p.FirstHole && i < p.EndHole; inside && (h.Pos < p.From || h.Pos > p.To) || !inside && h.Pos > p.From && h.Pos < p.To {
				t.Fatalf("hole %d at %d and passage %+v", i, h.Pos, p)
			}
		}
		if part := n.Body.HTML[p.From:p.To]; p.Heading >= 0 && !p.LinkOnly && !balanced(part) {
			t.Errorf("a passage can't stand alone: %s", part)
		}
	}
	ids := map[string]bool{}
	for _, h := range n.Headings {
		if ids[h.ID] {
			t.Errorf("two headings have the id %q", h.ID)
		}
		ids[h.ID] = h.ID != ""
	}
	for _, d := range n.Diags {
		if d.Rule == ruleInternal {
			t.Errorf("goldmark panicked: %s", d.Message)
		}
		if d.File != n.Path || d.Message == "" || strings.Contains(d.Message+d.Hint, "\n") {
			t.Errorf("a finding without a place or of several lines: %+v", d)
		}
	}
	for _, l := range n.Links {
		if l.Line < 1 || l.Col < 1 {
			t.Errorf("a link without a place: %+v", l)
		}
	}
	for what, list := range map[string][]string{"anchors": n.Anchors, "mentions": n.Mentions, "icons": n.Icons} {
		if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			t.Errorf("the %s are not sorted or not unique: %q", what, list)
		}
	}
	if n.TitleID != "" && !slices.Contains(n.Anchors, n.TitleID) {
		t.Errorf("the title's id %q is no anchor", n.TitleID)
	}
	if n.Words > 0 && n.Minutes() < 1 {
		t.Error("words, but no time to read them")
	}
}
