package search_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/internal/search"
)

// A new word changes the files that it is in, the text it stands in and the
// entry; all others keep their names.
func TestNewWordMovesLittle(t *testing.T) {
	docs := newProse(4000).notes(300)
	names := func() []string {
		files, err := (&search.Indexer{}).Index(context.Background(), docs, nil)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, f := range files {
			all = append(all, f.Name)
		}
		if !slices.Contains(all, search.EntryName) || len(all) < 100 {
			t.Fatalf("%d files", len(all))
		}
		return all
	}
	before := names()
	total := 0
	words := []string{"mmm", "aaaa", "gremlin", "zzyzx", "flensed", "dorkbot", "lambent", "strudel", "pegs", "cabal", "huxley", "ninepin"}
	for i, word := range words {
		d := &docs[41+i*20]
		was := *d
		more := doc(d.URL, d.Lang, d.Title, strings.TrimSuffix(string(d.Text), "\n")+" "+word)
		d.Text, d.Key = more.Text, uint64(1_000_000+i)
		d.Sections = slices.Clone(d.Sections)
		d.Sections[len(d.Sections)-1].To = len(d.Text)
		changed, kinds := 0, ""
		after := names()
		for _, name := range after {
			if !slices.Contains(before, name) {
				changed++
				kinds += name[:1]
			}
		}
		// One file of words, some where a cut moves, one or two of text. (A word that
		// divides a passage would count all that follow anew.)
		total += changed
		if changed == 0 || changed > 12 {
			t.Errorf("%q changes %d of %d files: %s", word, changed, len(after), kinds)
		} else {
			t.Logf("%q changes %d of %d files: %s", word, changed, len(after), kinds)
		}
		*d = was
	}
	if total > 4*len(words) {
		t.Errorf("%d words change %d files", len(words), total)
	}
}

// Two texts that say the same are one file.
func TestEqualTextsShareFile(t *testing.T) {
	long := doc("/long/", "en", "Long", strings.Repeat("The same line of words, again and again and again.\n", 400))
	files, err := (&search.Indexer{}).Index(context.Background(), []search.Document{long}, nil)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		if seen[f.Name] {
			t.Errorf("%s is there twice", f.Name)
		}
		seen[f.Name] = true
		if tag := fmt.Sprintf("%x", f.Sum[:4]); f.Name != search.EntryName && !strings.Contains(f.Name, tag) {
			t.Errorf("%s has not its hash %s in its name", f.Name, tag)
		}
	}
}
