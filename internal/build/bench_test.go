package build_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"lectern/internal/build"
)

// manyNotes writes n notes in days of 50.
func manyNotes(tb testing.TB, n int) string {
	dir := tb.TempDir()
	put(tb, dir, "hugo.toml", "title = \"T\"\nbaseURL = \"https://x.example.org/\"\n")
	for i := range n {
		if i%50 == 0 {
			put(tb, dir, fmt.Sprintf("content/day%04d/_index.md", i/50), fmt.Sprintf("---\ntitle: Day %d\nweight: %d\n---\n", i/50, i/50+1))
		}
		put(tb, dir, noteName(i), noteText(i, ""))
	}
	return dir
}

func noteName(i int) string { return fmt.Sprintf("content/day%04d/%02d_talk.md", i/50, i%50) }

func noteText(i int, more string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Talk number %d\nweight: %d\ntags: [t%d, conf]\n---\n\n", i, i%50+1, i%20)
	b.WriteString("{{% button href=\"https://youtu.be/x\" icon=\"video\" %}}Watch{{% /button %}}\n\n## Baseline\n\n")
	for k := range 12 {
		fmt.Fprintf(&b, "- Point %d of talk %d: it's \"about\" the [next one](../%02d_talk) and `code`\n", k, i, (i+1)%50)
	}
	b.WriteString("\n## Q&A\n\n> A quote\n\nSome more words to read here. " + more + "\n")
	return b.String()
}

// BenchmarkClean builds 10,000 notes from nothing.
func BenchmarkClean(b *testing.B) {
	dir := manyNotes(b, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		buildOnce(b, build.Options{Dir: dir})
	}
}

// BenchmarkUpdate saves one of 10,000 notes and builds again: its text alone,
// or its title, which others show.
func BenchmarkUpdate(b *testing.B) {
	dir := manyNotes(b, 10_000)
	bd := open(b, build.Options{Dir: dir, Check: true})
	if _, err := bd.Build(context.Background()); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		text func(k int) string
	}{
		{"text", func(k int) string { return noteText(77, fmt.Sprint("Edit ", k)) }},
		{"title", func(k int) string {
			return strings.Replace(noteText(77, ""), "number", fmt.Sprint("no. ", k), 1)
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			k := 0
			for b.Loop() {
				k++
				put(b, dir, noteName(77), c.text(k))
				r, err := bd.Update(context.Background(), []string{filepath.ToSlash(noteName(77))})
				if err != nil || r.Stats.Rendered == 0 {
					b.Fatal(err, r.Stats)
				}
			}
		})
	}
}
