package search_test

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/search"
)

// The notes of a real conference, where they are.
const corpus = "../../../shared/corpus/kubecon25"

// indexOf builds a project and returns the index of it.
func indexOf(t testing.TB, dir string) []search.File {
	t.Helper()
	b, err := build.Open(build.Options{Dir: dir, Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
		return config.Load(fsys, config.Options{Name: path.Base(dir)})
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := b.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var files []search.File
	for _, f := range r.Snapshot.Files() {
		name, ok := strings.CutPrefix(f.Path, "lectern/search/")
		if f.Path == "search-index.bin" {
			name, ok = search.EntryName, true
		}
		if ok {
			files = append(files, search.File{Name: name, Parts: [][]byte{f.Body.Bytes()}})
		}
	}
	return files
}

// qualityQueries are what people type, with the notes that must be found first: the
// first one of all, or, with several, all among the first three.
var qualityQueries = []struct {
	query string
	want  string
}{
	// By title, whole and in part, in any order.
	{"platform abstractions", "/day0/10_abstractions/"},
	{"abstractions", "/day0/10_abstractions/"},
	{"asset or liability", "/day0/10_abstractions/"},
	{"etcd reliability", "/day3/03_etcd-reliability/"},
	{"service mesh wars", "/day-1/03_service-mesh/"},
	{"service mesh", "/day-1/03_service-mesh/"},
	{"dns", "/day-1/04_dns/"},
	{"debugging dns", "/day-1/04_dns/"},
	{"global load balancing", "/day-1/02_gslb/"},
	{"microsoft", "/day-2/03_microsoft-keynote/"},
	{"far edge", "/day-1/05_far-edge/"},
	{"lego", "/day0/14_lego/"},
	{"lessons learned", "/lessons-learned/"},
	{"product thinking", "/day0/08_product-thinking/"},
	{"internal marketing", "/day0/15_internal-marketing/"},
	{"past present future", "/day0/07_past-present-future/"},
	{"hiring platform engineers", "/day0/06_hire-engineers/"},
	{"bookkeeping", "/day1/05_ressource-submission-bookkeeping/"},
	{"day 2000", "/day1/02_migrations/"},
	{"security baseline", "/day-1/01_security-baseline/"},
	// Two words for one, and one for two.
	{"open feature", "/day3/02_open-feature/"},
	{"openfeature", "/day3/02_open-feature/"},
	{"clusterapi", "/day-2/02_clusterapi/ /day1/02_migrations/"},
	{"cluster api", "/day-2/02_clusterapi/"},
	{"airgapped", "/day-2/08_airgapped-cp/"},
	{"air-gapped", "/day-2/08_airgapped-cp/"},
	{"xpdb", "/day-1/06_scaling-pdbs/"},
	{"tenv", "/day0/11_t-env/"},
	// By what stands in the text alone.
	{"chaosmonkey", "/day1/02_migrations/"},
	{"okteto", "/day0/11_t-env/"},
	{"talos", "/day1/02_migrations/"},
	{"kubevirt", "/day1/04_gpus-go-round/"},
	{"trivy", "/day3/01_day-two/"},
	{"GOGC", "/day1/01_scaling-gpu/"},
	{"stammtisch", "/day2/"},
	{"neonephos", "/day1/"},
	{"intellectual humility", "/day0/06_hire-engineers/"},
	{"golden brick", "/day0/14_lego/"},
	{"rate limiting", "/lessons-learned/"},
	// By tag.
	{"multicluster", "/day-1/06_scaling-pdbs/ /day-2/02_clusterapi/ /day-2/04_multicluster-crd/"},
	{"viktor", "/day0/07_past-present-future/ /day0/09_promotions/"},
	{"nvidia", "/day1/01_scaling-gpu/ /day1/04_gpus-go-round/"},
	{"operator", "/day-1/02_controllers/ /day1/03_operator-mistakes/"},
	{"crossplane", "/day-2/08_airgapped-cp/"},
	// Other forms of words, in the notes or not.
	{"abstracting platforms", "/day0/10_abstractions/"},
	{"promoting changes", "/day0/09_promotions/"},
	{"migrated cluster", "/day-2/02_clusterapi/ /day1/02_migrations/"},
	{"reliably", "/day1/05_ressource-submission-bookkeeping/ /day3/03_etcd-reliability/"},
	{"marketed", "/day0/15_internal-marketing/"},
	{"flagged feature", "/day3/02_open-feature/"},
	// Beginnings.
	{"boo", "/day1/05_ressource-submission-bookkeeping/"},
	{"abstrac", "/day0/10_abstractions/"},
	{"etc", "/day3/03_etcd-reliability/"},
	{"gpu clu", "/day1/01_scaling-gpu/"},
	{"hypo", "/day-2/10_hypothesis/"},
	// Slips.
	{"abstarctions", "/day0/10_abstractions/"},
	{"etdc reliability", "/day3/03_etcd-reliability/"},
	{"microsft", "/day-2/03_microsoft-keynote/"},
	{"authentcity", "/day-2/09_e2e-authenticity/"},
	{"crosplane", "/day-2/08_airgapped-cp/"},
	{"hypothsis", "/day-2/10_hypothesis/"},
	{"bookeeping", "/day1/05_ressource-submission-bookkeeping/"},
	{"feture flags", "/day3/02_open-feature/"},
	{"performance", "/day-2/07_performance/"},
	// Whole questions.
	{"how do I hire engineers for platform engineering", "/day0/06_hire-engineers/"},
	{"what is the story of t-env", "/day0/11_t-env/"},
	{"why is tech broken", "/day-2/05_broken-tech/"},
}

func TestQuality(t *testing.T) {
	if !exists(corpus) {
		t.Skip("the corpus of real notes is not here, so the ranking was not tested on it")
	}
	c := newClient(t)
	queries := make([]string, len(qualityQueries))
	for i, q := range qualityQueries {
		queries[i] = q.query
	}
	wrong := 0
	for i, a := range c.ask(t, write(t, indexOf(t, corpus)), true, queries...) {
		want := strings.Fields(qualityQueries[i].want)
		var got []string
		for _, r := range a.Results {
			page, _, _ := strings.Cut(r.URL, "#")
			got = append(got, page)
		}
		first := got[:min(len(got), len(want))]
		if len(want) > 1 {
			first = got[:min(len(got), 3)]
		}
		for _, w := range want {
			if !slices.Contains(first, w) {
				wrong++
				t.Errorf("%q: %s is not where it should be, in %q %.2f", a.Query, w, got[:min(len(got), 5)], a.Scores[:min(len(got), 5)])
			}
		}
	}
	t.Logf("%d of %d queries are answered as they should be", len(queries)-wrong, len(queries))
}
