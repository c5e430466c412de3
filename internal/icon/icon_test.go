package icon

import (
	"encoding/xml"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	tests := []struct{ name, want string }{
		{"video", "solid-video"},
		{"fa-video", "solid-video"},
		{"Video", "solid-video"},
		{"fas fa-video", "solid-video"},
		{"fa fa-video", "solid-video"},
		{"person-chalkboard", "solid-person-chalkboard"},
		{"code", "solid-code"},
		{"github", "brands-github"},
		{"fab fa-github", "brands-github"},
		{"fa-brands fa-github", "brands-github"},
		{"fa-fw fa-solid fa-star", "solid-star"},
		{"fa-star fa-regular fa-fw", "regular-star"},
		{"fa-spin fa-2x fa-gear", "solid-gear"},
		{"star", "solid-star"},
		{"far fa-bell", "regular-bell"},
		{"font-awesome", "solid-font-awesome"},
		{"fa-brands fa-font-awesome", "brands-font-awesome"},
		// A style that the free set lacks for this icon gives way.
		{"far fa-video", "solid-video"},
		{"fas fa-github", "brands-github"},
		{"fal fa-video", "solid-video"},
		{"fa-sharp fa-light fa-video", "solid-video"},
		// Versions 5 and 4.
		{"external-link-alt", "solid-up-right-from-square"},
		{"exclamation-triangle", "solid-triangle-exclamation"},
		{"video-camera", "solid-video"},
		{"file-text-o", "regular-file-lines"},
		{"fa fa-file-text-o", "regular-file-lines"},
		{"star-o", "regular-star"},
		{"bell-slash-o", "regular-bell-slash"},
		{"file-movie-o", "regular-file-video"},
		{"youtube-play", "brands-youtube"},
		// Canonical names stand for themselves.
		{"solid-video", "solid-video"},
		{"regular-bell", "regular-bell"},
		{"  video\t", "solid-video"},
	}
	for _, tt := range tests {
		got, ok := Lookup(tt.name)
		if got != tt.want || !ok {
			t.Errorf("Lookup(%q) = %q, %v; want %q", tt.name, got, ok, tt.want)
		}
	}
}

func TestLookupUnknown(t *testing.T) {
	for _, name := range []string{
		"", " ", "fa-", "fas", "no-such-icon", "vide", "videoo", "solid-", "-", "a-o", "no-such-o",
		"\x00", "\xff", "576", "~", strings.Repeat("x", 1<<20), "fa-spin",
		"fas far",
	} {
		if got, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) = %q, want none", name, got)
		}
	}
	for _, canonical := range []string{"", "video", "solid-nosuch", "star-o"} {
		if _, _, ok := SVG(canonical); ok {
			t.Errorf("SVG(%q) gives a drawing, want none", canonical)
		}
	}
}

// Every line of the table is found by its key, so the search and the order of
// the file agree.
func TestEveryNameHasADrawing(t *testing.T) {
	names := Names()
	if len(names) < 2500 {
		t.Fatalf("%d names, want the whole set with its former names", len(names))
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Error("Names is not sorted or has repetitions")
	}
	for _, n := range names {
		canonical, ok := Lookup(n)
		if !ok {
			t.Errorf("Lookup(%q) finds nothing", n)
			continue
		}
		if again, _ := Lookup(canonical); again != canonical {
			t.Errorf("Lookup(%q) = %q, want itself", canonical, again)
		}
		if _, _, ok := SVG(canonical); !ok {
			t.Errorf("%q stands for %q, which has no drawing", n, canonical)
		}
	}
}

// The drawings go into pages as they are, so each must be paths alone.
func TestDrawingsAreOnlyPaths(t *testing.T) {
	viewBox := regexp.MustCompile(`^0 0 [1-9][0-9]* [1-9][0-9]*$`)
	count := 0
	for line := range strings.Lines(table) {
		key, rest, _ := strings.Cut(line, " ")
		if !startsWithDigit(rest) {
			continue
		}
		count++
		box, body, ok := SVG(key)
		if !ok || !viewBox.MatchString(box) {
			t.Fatalf("SVG(%q) = viewBox %q, %v", key, box, ok)
		}
		checkOnlyPaths(t, key, body)
	}
	if count < 2000 {
		t.Errorf("%d drawings, want the whole set", count)
	}
}

func checkOnlyPaths(t *testing.T, key, body string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(body))
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "path" {
			t.Errorf("%s has a <%s>", key, start.Name.Local)
		}
		for _, a := range start.Attr {
			if a.Name.Local != "d" && a.Name.Local != "fill" {
				t.Errorf("%s has the attribute %s", key, a.Name.Local)
			}
		}
	}
}

func TestAttributionNamesVersionAndLicence(t *testing.T) {
	notice, err := os.ReadFile("NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`Font Awesome Free ([0-9.]+)`)
	inNotice, inComment := version.FindSubmatch(notice), version.FindStringSubmatch(Attribution)
	if inNotice == nil || inComment == nil || string(inNotice[1]) != inComment[1] {
		t.Errorf("NOTICE and Attribution name different versions: %s, %s", inNotice, inComment)
	}
	pinned, err := os.ReadFile("../../web/package.json")
	if err != nil {
		t.Fatal(err)
	}
	if want := `"@fortawesome/fontawesome-free": "` + inComment[1] + `"`; !strings.Contains(string(pinned), want) {
		t.Errorf("web/package.json does not pin the version that Attribution names: want %s", want)
	}
	if !strings.Contains(Attribution, "CC BY 4.0") {
		t.Error("Attribution does not name the licence")
	}
}

func FuzzLookup(f *testing.F) {
	for _, s := range []string{"video", "fa-fw fas fa-star", "star-o", "solid-video", "fa-", "\xff", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		canonical, ok := Lookup(name)
		if !ok {
			return
		}
		if _, _, drawn := SVG(canonical); !drawn {
			t.Errorf("Lookup(%q) = %q, which has no drawing", name, canonical)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	for b.Loop() {
		if _, ok := Lookup("fas fa-person-chalkboard"); !ok {
			b.Fatal("not found")
		}
	}
}
