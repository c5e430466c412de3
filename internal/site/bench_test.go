package site_test

import (
	"fmt"
	"testing"
	"time"

	"lectern/internal/note"
	"lectern/internal/site"
)

// BenchmarkBuild makes the model of 10,000 notes in 200 days.
func BenchmarkBuild(b *testing.B) {
	var notes []*note.Note
	for i := range 10_000 {
		notes = append(notes, one(fmt.Sprintf("content/day%04d/%02d_talk-%05d.md", i/50, i%50, i), weight(i%50+1),
			tags("kubecon", fmt.Sprint("t", i%23)), links(note.Anchor, "#own"),
			func(n *note.Note) {
				n.Headings = []note.Heading{{Level: 2, ID: "own"}}
				n.Links = append(n.Links, note.Link{Dest: "https://youtu.be/x", External: true}, note.Link{Dest: fmt.Sprintf("../%02d_talk-%05d", 0, i/50*50)})
			}))
		if i%50 == 0 {
			notes = append(notes, one(fmt.Sprintf("content/day%04d/_index.md", i/50), weight(i/50+1)))
		}
	}
	in := site.Input{Config: hugo(), Notes: notes, Now: time.Unix(0, 0)}
	b.ReportAllocs()
	for b.Loop() {
		if s := site.Build(in); len(s.Pages) < 10_000 {
			b.Fatal(len(s.Pages))
		}
	}
}
