package search_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/internal/search"
)

// prose makes notes whose words are as often, as long and as many as those of
// English: the word of rank r has a share of 1/r, and new ones keep coming.
type prose struct {
	*rand.Rand
	words []string
	sums  []float64 // of the shares up to each word
}

func newProse(vocabulary int) *prose {
	p := &prose{Rand: rand.New(rand.NewPCG(2026, 4))}
	seen := map[string]bool{}
	for len(p.words) < vocabulary {
		var w strings.Builder
		for range 1 + p.IntN(2) + p.IntN(1+min(len(p.words), 2000)/700) {
			w.WriteString([]string{"b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl", "cl", "sch"}[p.IntN(20)])
			w.WriteString([]string{"a", "e", "i", "o", "u", "er", "an", "in", "or", "al", "ent", "ion"}[p.IntN(12)])
		}
		if !seen[w.String()] {
			seen[w.String()] = true
			p.words = append(p.words, w.String())
		}
	}
	sum := 0.0
	for r := range p.words {
		sum += 1 / (float64(r) + 2.7)
		p.sums = append(p.sums, sum)
	}
	return p
}

func (p *prose) word() string {
	i, _ := slices.BinarySearch(p.sums, p.Float64()*p.sums[len(p.sums)-1])
	return p.words[min(i, len(p.words)-1)]
}

func (p *prose) text(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(p.word())
		switch {
		case i%14 == 13:
			b.WriteString(".\n")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// notes makes n notes of about 300 words, more than the average of real ones.
func (p *prose) notes(n int) []search.Document {
	docs := make([]search.Document, n)
	for i := range docs {
		var b strings.Builder
		for part := range 5 {
			if part > 0 {
				fmt.Fprintf(&b, "# %s\n", strings.TrimSpace(p.text(2)))
			}
			b.WriteString(p.text(30 + p.IntN(60)))
		}
		docs[i] = doc(fmt.Sprintf("/day%d/%02d_%s/", i/50, i%50, p.word()), "en", strings.TrimSpace(p.text(6)), b.String())
		docs[i].Key = uint64(i)
		docs[i].Terms = []string{p.word(), p.word()}
		docs[i].People = []string{p.word() + " " + p.word()}
		docs[i].Trail = fmt.Sprintf("Day %d · %s", i/50, docs[i].People[0])
	}
	return docs
}

// queries are one of each kind: common and rare words, several words, a
// beginning, a slip.
func (p *prose) queries() []string {
	return []string{
		p.words[3], p.words[40], p.words[400], p.words[4000], p.words[30] + " " + p.words[300], p.words[90] + " " + p.words[900] + " " + p.words[9000],
		p.words[500][:2], p.words[2000][:3], p.words[3000][:len(p.words[3000])-2] + "x" + p.words[3000][len(p.words[3000])-1:],
	}
}

func zipped(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// codeSize is what search's script and style sheet weigh, compressed and not.
func codeSize(t *testing.T) (gz, raw int) {
	t.Helper()
	for _, name := range []string{"search.js", "search.css"} {
		b, err := os.ReadFile(filepath.Join("..", "page", "assets", name))
		if err != nil {
			t.Fatal(err)
		}
		gz, raw = gz+zipped(t, b), raw+len(b)
	}
	return gz, raw
}

// TestFirstQuery counts the bytes that a first query moves, with the script, the
// style sheet, and the text of the first eight results. Run it with -v for the
// table in docs/benchmarks.md.
func TestFirstQuery(t *testing.T) {
	c := newClient(t)
	codeGz, codeRaw := codeSize(t)
	measure := func(name string, files []search.File, queries []string, limit int) {
		dir := write(t, files)
		gz, total := map[string]int{}, 0
		for _, f := range files {
			data := bytes.Join(f.Parts, nil)
			gz[f.Name] = len(data)
			if strings.HasSuffix(f.Name, ".txt") { // hosts compress these; the others are already
				gz[f.Name] = zipped(t, data)
			}
			total += gz[f.Name]
		}
		var sizes []float64
		worst, worstRaw, worstQuery := 0, 0, ""
		for _, a := range c.ask(t, dir, true, queries...) {
			sum, raw := codeGz, codeRaw
			for f, n := range a.Fetched {
				sum, raw = sum+gz[f], raw+n
			}
			if sum > worst {
				worst, worstRaw, worstQuery = sum, raw, a.Query
			}
			sizes = append(sizes, float64(sum))
		}
		slices.Sort(sizes)
		t.Logf("| %s | %.1f | %.1f | %.1f | %.1f | %d |", name, sizes[len(sizes)/2]/1000, float64(worst)/1000, float64(worstRaw)/1000, float64(total)/1000, len(files))
		if worst > limit {
			t.Errorf("%s: the query %q moves %d bytes, more than %d", name, worstQuery, worst, limit)
		}
	}
	t.Logf("script and style: %.1f kB compressed, %.1f kB not; kB:", float64(codeGz)/1000, float64(codeRaw)/1000)
	t.Log("| notes | median | worst | worst, host compresses nothing | whole index | files |")
	sizes := []struct{ notes, limit int }{{100, 30_000}, {300, 100_000}, {10_000, 300_000}}
	if testing.Short() {
		sizes = sizes[:2]
	}
	for _, s := range sizes {
		p := newProse(int(60 * math.Sqrt(float64(s.notes*330)))) // Heaps' law
		p2 := p.queries
		if len(p.words) < 10_000 {
			p2 = func() []string {
				return []string{
					p.words[3], p.words[40], p.words[400], p.words[30] + " " + p.words[300], p.words[90] + " " + p.words[900] + " " + p.words[3000],
					p.words[500][:2], p.words[2000][:3], p.words[3000][:len(p.words[3000])-2] + "x" + p.words[3000][len(p.words[3000])-1:],
				}
			}
		}
		files, err := (&search.Indexer{}).Index(context.Background(), p.notes(s.notes), nil)
		if err != nil {
			t.Fatal(err)
		}
		measure(fmt.Sprint(s.notes), files, p2(), s.limit)
	}
	if exists(corpus) {
		queries := make([]string, len(qualityQueries))
		for i, q := range qualityQueries {
			queries[i] = q.query
		}
		measure("49, a real conference", indexOf(t, corpus), queries, 30_000)
	}
}
