package build_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/cache"
)

// finishing times the second stage alone, with an empty cache and with one that
// has everything.
func finishing(b *testing.B, dir string) {
	ctx := context.Background()
	for _, warm := range []bool{false, true} {
		b.Run(map[bool]string{false: "cold", true: "warm"}[warm], func(b *testing.B) {
			store := cache.Open(b.TempDir())
			if warm {
				buildOnce(b, build.Options{Dir: dir, Cache: store})
			}
			var r *build.Result
			for b.Loop() {
				b.StopTimer()
				if !warm {
					store = cache.Open(b.TempDir())
				}
				bl := open(b, build.Options{Dir: dir, Cache: store})
				if _, err := bl.Build(ctx); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				var err error
				if r, err = bl.Finish(ctx); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(renditionsOf(r))), "pictures")
			b.ReportMetric(float64(len(cardsOf(r))), "cards")
		})
	}
}

// BenchmarkFinishPictures makes the smaller pictures of a real set of notes.
func BenchmarkFinishPictures(b *testing.B) {
	const corpus = "../../../shared/corpus/kubecon25"
	if _, err := os.Stat(corpus); err != nil {
		b.Skip("the corpus is not here: ", err)
	}
	dir := b.TempDir()
	if err := os.CopyFS(dir, os.DirFS(corpus)); err != nil {
		b.Fatal(err)
	}
	put(b, dir, "lectern.yaml", "cards: off\n")
	finishing(b, dir)
}

// BenchmarkFinishPhotos makes the smaller versions of twenty phone photos of
// twelve megapixels.
func BenchmarkFinishPhotos(b *testing.B) {
	files := map[string]string{}
	var note strings.Builder
	for i := range 20 {
		name := fmt.Sprintf("p%02d.jpg", i)
		files[name] = photo(b, 4032, 3024-i)
		fmt.Fprintf(&note, "![](%s)\n", name)
	}
	files["a.md"] = "# A\n\n" + note.String()
	finishing(b, project(b, files))
}

// BenchmarkFinishCards draws the cards of 500 notes.
func BenchmarkFinishCards(b *testing.B) {
	files := map[string]string{"lectern.yaml": "title: Camp\nbaseURL: https://e.org/\n"}
	for i := range 500 {
		files[fmt.Sprintf("day%d/n%03d.md", i%5, i)] = fmt.Sprintf("---\ntitle: What we learned from running session number %d\nspeakers: [Ada Lovelace]\n---\nText.\n", i)
	}
	finishing(b, project(b, files))
}
