package image

import (
	"fmt"
	"maps"
	"testing"
)

// placesOf says which layer each file is in.
func placesOf(t *testing.T, content map[string]string) (places map[string]string, load map[string]int) {
	t.Helper()
	places, load = map[string]string{}, map[string]int{}
	for _, g := range sortFiles(site(t, content)) {
		for _, f := range g.files {
			places[f.Path] = g.name
			load[g.name]++
		}
	}
	return places, load
}

// No layer of notes has much more than the others.
func TestLayersAreEven(t *testing.T) {
	for _, n := range []int{1000, 4000, 12_000} {
		_, load := placesOf(t, files(n))
		total, count, most := 0, 0, 0
		for name, k := range load {
			if name[:5] == "notes" {
				total, count, most = total+k, count+1, max(most, k)
			}
		}
		if mean := total / count; most > 2*mean {
			t.Errorf("%d notes: a layer has %d files of notes, the mean of %d is %d", n, most, count, mean)
		}
	}
}

// A note and a section more take few files to other layers.
func TestPiecesStay(t *testing.T) {
	for _, n := range []int{100, 1000, 6000} {
		content := files(n)
		before, _ := placesOf(t, content)
		for what, add := range map[string][]string{"a note": {"day2/zz_talk/index.html", "day2/zz_talk/index.md"}, "a section": {"extra/index.html", "extra/01_talk/index.html"}} {
			more := maps.Clone(content)
			for _, name := range add {
				more[name] = "<p>more"
			}
			after, _ := placesOf(t, more)
			moved := 0
			for name, layer := range before {
				if after[name] != layer {
					moved++
				}
			}
			if 5*moved > len(before) {
				t.Errorf("%d notes and %s: %d of %d files move", n, what, moved, len(before))
			} else {
				t.Logf("%d notes and %s: %d of %d files move", n, what, moved, len(before))
			}
		}
	}
}

// A section that is larger than a layer has its own pages, which change with
// each letter, apart from its notes; a small one stays whole.
func TestSectionsAreDivided(t *testing.T) {
	large, _ := placesOf(t, files(1000))
	apart := 0
	for day := range 50 {
		own := large[fmt.Sprintf("day%d/index.html", day)]
		if own != large[fmt.Sprintf("day%d/print/index.html", day)] {
			t.Errorf("day %d: its own pages are in two layers", day)
		}
		if own != large[fmt.Sprintf("day%d/%02d_talk/index.html", day, day*20)] {
			apart++
		}
	}
	if apart < 25 {
		t.Errorf("%d of 50 sections are apart from their first notes", apart)
	}
	whole, _ := placesOf(t, map[string]string{"day0/index.html": "", "day0/01_talk/index.html": "a", "day0/02_talk/index.html": "b"})
	if a, b := whole["day0/index.html"], whole["day0/02_talk/index.html"]; a == "" || a != b {
		t.Errorf("a small section is in %q and %q", a, b)
	}
}
