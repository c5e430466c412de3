package check

import (
	"fmt"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/site"
)

// kinds are what a session has beside its notes, and the rule for want of each.
func kinds() []struct{ kind, rule, what string } {
	return []struct{ kind, rule, what string }{
		{"video", "video-missing", "recording"},
		{"slides", "slides-missing", "slides"},
	}
}

func resource(n *note.Note, kind string) string {
	if kind == "video" {
		return n.Resources.Video
	}
	return n.Resources.Slides
}

// recordings looks for talks without a recording or slides, where most of the
// same folder have some. A placeholder that was commented out has a finding of
// its own.
func (c *checker) recordings() {
	talks := c.talks()
	for _, k := range kinds() {
		has, all := map[*site.Page]int{}, map[*site.Page]int{}
		for _, s := range talks {
			all[s.page.Parent]++
			if resource(s.note, k.kind) != "" || commentedButton(s.note, k.kind) != nil {
				has[s.page.Parent]++
			}
		}
		for _, s := range talks {
			if 2*has[s.page.Parent] < all[s.page.Parent] || resource(s.note, k.kind) != "" || commentedButton(s.note, k.kind) != nil || hasPlaceholderButton(s) {
				continue
			}
			c.report(s, k.rule, s.note.Marks.Text, fmt.Sprintf("this note has no link to the %s, as most of its folder have", k.what), "")
		}
	}
}

// talks are the notes of one session each. Where notes of a folder say when or
// with whom their session is, those that say nothing of it are of none; and of
// several notes of one session, one with the recording is enough.
func (c *checker) talks() []*subject {
	told := map[*site.Page]bool{}
	var out []*subject
	for _, s := range c.inOrder() {
		if s.isTalk() && s.page.Lead == nil && len(s.page.Parts) == 0 {
			out = append(out, s)
			told[s.page.Parent] = told[s.page.Parent] || tellsOfSession(s.note)
		}
	}
	return slices.DeleteFunc(out, func(s *subject) bool { return told[s.page.Parent] && !tellsOfSession(s.note) })
}

func tellsOfSession(n *note.Note) bool {
	f := &n.Front
	return !f.Start.IsZero() || len(f.Speakers) > 0 || f.Room != ""
}

// hasPlaceholderButton reports whether a published button leads to a placeholder.
func hasPlaceholderButton(s *subject) bool {
	for i := range s.links {
		if k := &s.links[i]; isButton(k) && placeholder(k) {
			return true
		}
	}
	return false
}

// commentedButton returns the first button of a kind that stands in a comment.
func commentedButton(n *note.Note, kind string) *note.CommentedCall {
	for i := range n.Marks.Comments {
		for j := range n.Marks.Comments[i].Calls {
			if call := &n.Marks.Comments[i].Calls[j]; isPlaceholderCall(call) && call.Kind == kind {
				return call
			}
		}
	}
	return nil
}

// isPlaceholderCall reports whether a commented-out shortcode is a button that
// waits for its address.
func isPlaceholderCall(c *note.CommentedCall) bool {
	return !c.Escaped && strings.EqualFold(c.Name, "button")
}

// exampleLeast is how many notes have to hold a target in comments before it
// counts as the example that people copy.
const exampleLeast = 2

// buttons looks for placeholders of recordings and slides: those commented out,
// and those that were published with the example's target.
func (c *checker) buttons() {
	examples := map[string]int{}
	for _, s := range c.inOrder() {
		seen := map[string]bool{}
		for i := range s.note.Marks.Comments {
			for _, call := range s.note.Marks.Comments[i].Calls {
				if isPlaceholderCall(&call) && call.Href != "" && !seen[call.Href] {
					seen[call.Href] = true
					examples[call.Href]++
				}
			}
		}
	}
	for _, s := range c.inOrder() {
		for i := range s.note.Marks.Comments {
			for _, call := range s.note.Marks.Comments[i].Calls {
				if isPlaceholderCall(&call) {
					c.commentedOut(s, &call, examples)
				}
			}
		}
		for i := range s.links {
			k := &s.links[i]
			if !k.External || examples[k.Dest] < exampleLeast {
				continue
			}
			d := c.report(s, "button-placeholder", placeOf(k),
				fmt.Sprintf("this leads to the example's address, which %d notes have in a comment", examples[k.Dest]), "write the session's own, or comment it out")
			d.Severity = diag.Warning
		}
	}
}

func (c *checker) commentedOut(s *subject, call *note.CommentedCall, examples map[string]int) {
	what := "button"
	switch call.Kind {
	case "video":
		what = "button for the recording"
	case "slides":
		what = "button for the slides"
	case "code":
		what = "button for the code"
	}
	msg := "this " + what + " is commented out"
	if examples[call.Href] >= exampleLeast {
		msg += " and has the example's address"
	}
	c.report(s, "button-placeholder", call.Place, msg, "")
}
