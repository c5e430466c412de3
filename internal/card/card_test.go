package card

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
)

// show writes the cards of the tests into a folder, to be looked at.
var show = flag.String("show", "", "write cards to this folder")

func artist(t testing.TB) *Artist {
	t.Helper()
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestDraw(t *testing.T) {
	a := artist(t)
	for name, text := range map[string]Text{
		"short":   {Site: "GopherCamp 2026", Title: "Boring on purpose", Line: "Day 1 · 14 May 2026 · Ada Lovelace", Accent: "#a33c00"},
		"long":    {Site: "KubeCon EU 2025", Title: "From Chaos to Control: How We Moved Eleven Thousand Workloads Between Clouds Without Anybody Noticing, and What We Would Never Do Again", Line: "Day 2 · " + strings.Repeat("A Speaker With A Name, ", 9)},
		"endless": {Title: strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitän", 9) + " " + strings.Repeat("and more ", 60)},
		"hostile": {Site: strings.Repeat("i", 200_000), Title: strings.Repeat("L", 200_000), Line: strings.Repeat("Somebody, ", 50_000)},
		"greek":   {Site: "Ελλάδα", Title: "Ταχύς αλώπηξ · Быстрая лисица", Line: "Ďábelské ódy"},
		"emoji":   {Site: "🎉", Title: "🚀 Launch — day one 🎉", Line: "🎉"},
	} {
		b, err := a.Draw(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if r := m.Bounds(); r.Dx() != Width || r.Dy() != Height {
			t.Errorf("%s: %v", name, r)
		}
		if len(b) > 30_000 {
			t.Errorf("%s: %d bytes", name, len(b))
		}
		again, err := artist(t).Draw(text)
		if err != nil || !bytes.Equal(b, again) {
			t.Errorf("%s: drawn again it is another picture: %v", name, err)
		}
		if *show != "" {
			if err := os.WriteFile(filepath.Join(*show, name+".png"), b, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestReadable(t *testing.T) {
	a := artist(t)
	for s, want := range map[string]string{
		"Plain":            "Plain",
		" two\n\twords ":   "two words",
		"🚀 Launch":         "Launch",
		"soft\u00adhyphen": "softhyphen",
		"Žluťoučký kůň":    "Žluťoučký kůň",
		"日本語":              "",
		"Go 日本":            "",
		"שלום":             "",
		"🎉":                "",
		"":                 "",
	} {
		got, ok := a.Readable(s)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", s, got, ok)
		}
	}
	if _, err := a.Draw(Text{Title: "日本語"}); err == nil {
		t.Error("a card of empty boxes was drawn")
	}
	if _, err := a.Draw(Text{Title: "x", Accent: "red"}); err == nil {
		t.Error("red is no #rrggbb")
	}
}

func TestHash(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range []Text{{}, {Site: "a"}, {Title: "a"}, {Line: "a"}, {Accent: "a"}, {Site: "a", Title: "b"}, {Site: "ab"}} {
		if seen[x.Hash()] {
			t.Errorf("%+v has the hash of another", x)
		}
		seen[x.Hash()] = true
	}
}

// TestFits: nothing is drawn wider than there is room.
func TestFits(t *testing.T) {
	a := artist(t)
	fc, err := face(a.bold, 60)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"a b", strings.Repeat("word ", 40), strings.Repeat("x", 300), strings.Repeat("x", 300) + " y " + strings.Repeat("z", 200)} {
		lines, whole := wrap(fc, s)
		if len(lines) > titleLines {
			t.Errorf("%q takes %d lines", s, len(lines))
		}
		for _, l := range lines {
			if w := font.MeasureString(fc, l); w > room() {
				t.Errorf("%q is %v wide", l, w)
			}
		}
		if joined := strings.Join(lines, " "); whole != (joined == strings.TrimSpace(s)) {
			t.Errorf("%q became %q, whole=%v", s, joined, whole)
		}
	}
}

func FuzzDraw(f *testing.F) {
	f.Add("Site", "Title", "Line")
	f.Add("日本", "a\u0301 x\xff", "…")
	a := artist(f)
	f.Fuzz(func(t *testing.T, site, title, line string) {
		_, readable := a.Readable(title)
		if b, err := a.Draw(Text{Site: site, Title: title, Line: line}); (err == nil) != readable || err == nil && len(b) == 0 {
			t.Errorf("%q: %v", title, err)
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	a := artist(b)
	for b.Loop() {
		if _, err := a.Draw(Text{Site: "GopherCamp 2026", Title: "Boring on purpose: what we left out", Line: "Day 1 · Ada Lovelace"}); err != nil {
			b.Fatal(err)
		}
	}
}
