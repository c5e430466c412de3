package build_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/snapshot"
)

// Whatever one note asks for, the site can be written: no address that front
// matter gives may hold up all others.
func TestNoAddressStopsTheBuild(t *testing.T) {
	nasty := []string{
		"../x", "a/../b", "a//b", "..", ".", "/", "//", "/404.html", "/sitemap.xml", "/robots.txt", "/index.xml", "/index.html",
		"/v1.2", "/v1.2/x/", "index.html", "/tags/", "/tags/go/index.xml", "/tags/go/index.xml/deep/", "/lectern", "/lectern/x/",
		"/.lectern-manifest.json", "/a/.lectern-x/", strings.Repeat("y", 300), strings.Repeat("z/", 700), "/ünï cödé/", "/q?x", "/a:b",
		"/c\\u0001d", "/%2e%2e/x", "-", "CON", "a\\\\b", "/sitemap.xml/x/", "/day1/", "/day1", "go", "lectern",
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 2))
	pick := func() string { return nasty[rnd.IntN(len(nasty))] }
	for range 40 {
		files := map[string]string{
			"hugo.toml": "title = \"T\"\n", "content/day1/_index.md": "d\n", "content/good.md": "good\n",
			"static/lectern": "x", "static/good": "x", "static/day1/good": "x", "static/tags": "x",
		}
		for i := range 12 {
			files[fmt.Sprintf("content/day1/n%d.md", i)] = fmt.Sprintf("---\n%s: \"%s\"\naliases: [\"%s\", \"%s\"]\ntags: [\"%s\", \"%s\"]\n---\nx\n",
				[]string{"url", "slug", "title"}[rnd.IntN(3)], pick(), pick(), pick(), pick(), pick())
		}
		r := buildOnce(t, build.Options{Dir: project(t, files)})
		if r.Snapshot.Lookup("good/index.html") == nil {
			t.Fatal("another note's page is gone")
		}
		if _, err := snapshot.WriteDir(context.Background(), r.Snapshot, filepath.Join(t.TempDir(), "out"), snapshot.WriteOptions{}); err != nil {
			t.Fatalf("%v\n%q", err, files)
		}
	}
}
