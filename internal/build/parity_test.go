package build_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/snapshot"
)

// shared returns the path of a file or folder of the real data beside the project.
func shared(t testing.TB, name string) string {
	t.Helper()
	p := filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name))
	if _, err := os.Stat(p); err != nil {
		t.Skipf("the real data is not there: %v", err)
	}
	return p
}

// What Hugo makes of a real conference's notes, Lectern makes too: addresses,
// heading ids, the articles' texts, where links and pictures lead.
func TestParityWithHugo(t *testing.T) {
	data, err := os.ReadFile(shared(t, "parity/kubecon25.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]facts
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	r := buildOnce(t, build.Options{Dir: shared(t, "corpus/kubecon25")})
	got := map[string]facts{}
	for _, f := range r.Snapshot.Files() {
		if u, ok := strings.CutSuffix("/"+f.Path, "index.html"); ok {
			got[u] = readFacts(f.Body.Bytes())
		}
	}
	for u := range want {
		if _, ok := got[u]; !ok {
			t.Errorf("%s: no such page", u)
		}
	}
	for u, g := range got {
		w, ok := want[u]
		if !ok {
			if !slices.Contains(beyondHugo(), path.Base(u)) {
				t.Errorf("%s: Hugo has no such page", u)
			}
			continue
		}
		if g.Title != w.Title && !strings.HasPrefix(g.Title, w.Title+" · ") {
			t.Errorf("%s: title %q, want %q", u, g.Title, w.Title)
		}
		if !slices.Equal(g.IDs, w.IDs) {
			t.Errorf("%s: heading ids\n got %q\nwant %q", u, g.IDs, w.IDs)
		}
		if g.Text != w.Text {
			t.Errorf("%s: text differs %s", u, firstDifference(g.Text, w.Text))
		}
		compareLinks(t, u, "link", r.Snapshot, g.Links, w.Links)
		compareLinks(t, u, "picture", r.Snapshot, g.Images, w.Images)
	}
}

// beyondHugo names the pages that Lectern alone makes.
func beyondHugo() []string {
	return []string{"print", "hallway", "changes", "timetable", "sessions", "search", "speakers", "authors"}
}

// compareLinks holds links as equal that lead to the same page; a picture's
// must lead to the file that exists, which Hugo's own does not always.
func compareLinks(t *testing.T, page, what string, s *snapshot.Snapshot, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %ss %q, want %q", page, what, got, want)
		return
	}
	for i := range got {
		g, w := resolve(page, got[i]), resolve(page, want[i])
		if what == "picture" {
			if s.Lookup(g[1:]) == nil {
				t.Errorf("%s: no picture at %s (written %q)", page, g, got[i])
			}
			continue
		}
		if g != w {
			t.Errorf("%s: link %q leads to %s, want %s", page, got[i], g, w)
		}
	}
}

// resolve returns the address that link leads to from page, without a trailing slash.
func resolve(page, link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "" {
		return link
	}
	p := u.Path
	if !strings.HasPrefix(p, "/") {
		p = page + p
	}
	p = path.Clean(p)
	if u.Fragment != "" {
		p += "#" + u.Fragment
	}
	return p
}

func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, i-30):min(len(s), i+60)] }
	return "\n got …" + cut(got) + "…\nwant …" + cut(want) + "…"
}
