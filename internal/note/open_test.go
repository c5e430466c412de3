package note

import (
	"strings"
	"testing"
)

func TestFrontAlone(t *testing.T) {
	p := NewParser(nil)
	for _, c := range []struct {
		name, text, body string
		readable         bool
		visibility       Visibility
	}{
		{"none", "Text", "Text", true, Public},
		{"private", "---\nvisibility: private\n---\nText\n", "Text\n", true, Private},
		{"toml", "+++\nvisibility = 'unlisted'\n+++\nText", "Text", true, Unlisted},
		{"comments", "a <!-- b --> c <!-- d\n\n-->e <!-- f", "a   c  e  ", true, Public},
		{"broken", "---\nvisibility: [\n---\nText\n", "", false, Public},
		{"unknown", "---\nvisibility: secret\n---\nText\n", "", false, Public},
		{"binary", "\x00", "", false, Public},
		{"too long", strings.Repeat("x", MaxSize+1), "", false, Public},
	} {
		front, body, readable := p.Front("x.md", []byte(c.text))
		if readable != c.readable || front.Visibility != c.visibility || string(body) != c.body {
			t.Errorf("%s: %v, %v, %q", c.name, readable, front.Visibility, body)
		}
		if n := p.Parse("x.md", []byte(c.text)); n.Readable != readable || readable && n.Front.Visibility != front.Visibility {
			t.Errorf("%s: Parse says %v, %v", c.name, n.Readable, n.Front.Visibility)
		}
	}
}
