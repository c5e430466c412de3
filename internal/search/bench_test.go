package search_test

import (
	"context"
	"testing"

	"lectern/internal/search"
)

// BenchmarkIndex makes the index of 10,000 notes: at first, and after an edit of one.
func BenchmarkIndex(b *testing.B) {
	docs := newProse(100_000).notes(10_000)
	run := func(b *testing.B, x *search.Indexer) {
		b.Helper()
		if _, err := x.Index(context.Background(), docs, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("clean", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			run(b, &search.Indexer{})
		}
	})
	b.Run("edit", func(b *testing.B) {
		x := &search.Indexer{}
		run(b, x)
		b.ReportAllocs()
		for b.Loop() {
			docs[500].Key++
			run(b, x)
		}
	})
}
