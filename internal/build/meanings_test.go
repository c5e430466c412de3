package build_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
)

// What a person finds in the real notes of a conference when reading them.
func TestMeaningsOfRealNotes(t *testing.T) {
	dir := shared(t, "corpus/kubecon25")
	r := buildOnce(t, build.Options{Dir: dir})
	page := func(name string) string {
		f := r.Snapshot.Lookup(path.Join(name, "index.html"))
		if f == nil {
			t.Fatalf("no page %s", name)
		}
		return string(f.Body.Bytes())
	}

	t.Run("recommendations", func(t *testing.T) {
		_, list, _ := strings.Cut(page("."), "<h2>Recommended talks</h2>")
		list, _, _ = strings.Cut(list, "</section>")
		var got []string
		for _, m := range regexp.MustCompile(`(?s)<li><a class="row-title" href="\./([^"]*)/">[^<]*</a>\s*(?:<p>([^<]*)</p>)?`).FindAllStringSubmatch(list, -1) {
			got = append(got, m[1]+": "+m[2])
		}
		want := []string{
			"day-2/05_broken-tech: How to hire, manage and develop engineers",
			"day-2/06_geo-distributed-clusters: What if my homelab is an african island",
			"day-2/08_airgapped-cp: Bootstrap and CI/CD with crossplane",
			"day-2/04_multicluster-crd: Handling large number of clusters",
			"day-2/02_clusterapi: Handling large scale migrations",
			"day-1/02_gslb: My Talk",
			"day-1/03_service-mesh: Service Mesh Intro + Comparison",
			"day-1/06_scaling-pdbs: How to handle evection and statefulness across clusters",
			"day-1/02_controllers: Intro to operators",
			"day0/06_hire-engineers: How to design a good hireing process",
			"day0/07_past-present-future: Evolution of Platforms and Platform Engineering",
			"day0/08_product-thinking: How to design a good product",
			"day0/09_promotions: Staging with gitops",
			"day0/10_abstractions: How to handle abstractions and new requriements",
			"day0/14_lego: Very nice slides",
			"day1/01_scaling-gpu: Not that much about gpus with good control plane scaling advice",
			"day1/02_migrations: Migrate a cluster to ClusterAPI without downtime",
			"day1/03_operator-mistakes: Some basic operator tips with good Q&amp;A questions",
			"day3/02_open-feature: Intro to feature flags and related tips",
		}
		if !slices.Equal(got, want) {
			t.Errorf("recommended are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})

	// Day -1 and Day 3 have the heading, and nothing or a TODO below it.
	t.Run("hallway", func(t *testing.T) {
		var got []string
		for _, m := range regexp.MustCompile(`(?s)id="n-([^"]*)">.*?<div class="text">(.*?)</div>`).FindAllStringSubmatch(page("hallway"), -1) {
			got = append(got, fmt.Sprintf("%s: %d", m[1], strings.Count(m[2], "<li>")))
		}
		if want := []string{"day-2: 1", "day0: 3", "day1: 10", "day2: 11"}; !slices.Equal(got, want) {
			t.Errorf("points by day are %q, want %q", got, want)
		}
	})

	t.Run("stubs", func(t *testing.T) {
		var got []string
		for _, day := range []string{"day-2", "day-1", "day0", "day1", "day2", "day3"} {
			for _, row := range strings.Split(page(day), `<li class="row`)[1:] {
				if row, _, _ = strings.Cut(row, "</li>"); strings.Contains(row, `class="stub"`) {
					_, rest, _ := strings.Cut(row, `href="../`)
					url, _, _ := strings.Cut(rest, `/"`)
					got = append(got, url)
				}
			}
		}
		want := []string{
			"day-2/04_multicluster-crd", "day-2/05_broken-tech", "day-2/06_geo-distributed-clusters", "day-2/09_e2e-authenticity", "day-2/10_hypothesis",
			"day-1/01_security-baseline", "day-1/02_gslb", "day-1/02_controllers", "day-1/03_service-mesh", "day-1/04_dns", "day-1/05_far-edge",
		}
		if !slices.Equal(got, want) {
			t.Errorf("stubs are %q, want %q", got, want)
		}
	})

	t.Run("todos", func(t *testing.T) {
		count := 0
		for _, f := range r.Snapshot.Files() {
			if strings.HasSuffix(f.Path, "/index.html") && !strings.Contains(f.Path, "print/") {
				count += strings.Count(string(f.Body.Bytes()), `class="todo"`)
			}
		}
		if want := 17; count != want {
			t.Errorf("%d lines are yet to be done, want %d", count, want)
		}
	})
}

// Hidden TODOs leave no trace in any file of a site.
func TestHiddenTodos(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "lectern.yaml", "todos: hide\n")
	put(t, dir, "content/_index.md", "# Conf\n\nTODO: home, xyzzy\n")
	put(t, dir, "content/day1/_index.md", "# Day\n\n## People met\n\n- TODO: xyzzy\n- Ann\n")
	put(t, dir, "content/day1/a.md", "# A\n\nTODO: xyzzy\n\nText.\n\n## TODO: xyzzy\n")
	put(t, dir, "content/day1/b.md", "# B\n\nTODO: xyzzy\n")
	r := buildOnce(t, build.Options{Dir: dir})
	for _, f := range r.Snapshot.Files() {
		if body := string(f.Body.Bytes()); strings.Contains(body, "xyzzy") || strings.HasSuffix(f.Path, ".html") && strings.Contains(body, "TODO") {
			t.Errorf("%s has what is to be hidden", f.Path)
		}
	}
	if b := r.Snapshot.Lookup("day1/b/index.html"); b == nil || !strings.Contains(string(b.Body.Bytes()), "stub-text") {
		t.Error("a note of nothing but TODOs is no stub")
	}
}

// What private and unlisted notes recommend, mention and met stays theirs.
func TestMeaningsStayPrivate(t *testing.T) {
	dir := t.TempDir()
	secret := "# Secret talk xyzzy\n\n[A](../a)\n\n## Talk recommendations\n\n- Reason xyzzy: [A](../a)\n\n## People met\n\n- xyzzy\n"
	put(t, dir, "content/_index.md", "# Conf\n\n## Talk recommendations\n\n- First: [Own words](day1/private)\n- [B](day1/b)\n")
	put(t, dir, "content/day1/a.md", "# A\n")
	put(t, dir, "content/day1/b.md", "# B\n\n[Own words](../private)\n")
	put(t, dir, "content/day1/private.md", "---\nvisibility: private\n---\n"+secret)
	put(t, dir, "content/day1/draft.md", "---\ndraft: true\n---\n"+secret)
	put(t, dir, "content/day2/_index.md", "---\nvisibility: private\n---\n")
	put(t, dir, "content/day2/c.md", secret)
	r := buildOnce(t, build.Options{Dir: dir})
	for _, f := range r.Snapshot.Files() {
		if body := string(f.Body.Bytes()); strings.Contains(body, "xyzzy") || strings.Contains(body, "day1/private") {
			t.Errorf("%s tells of what is private", f.Path)
		}
	}
	if r.Snapshot.Lookup("hallway/index.html") != nil {
		t.Error("there is a page of what private notes met")
	}
	if home := string(r.Snapshot.Lookup("index.html").Body.Bytes()); strings.Contains(home, "First</p>") || !strings.Contains(home, "Recommended talks") {
		t.Error("home recommends something private, or nothing")
	}
	if a := string(r.Snapshot.Lookup("day1/a/index.html").Body.Bytes()); strings.Contains(a, "Mentioned in") || strings.Contains(a, "star") {
		t.Error("a private note's links show")
	}
}
