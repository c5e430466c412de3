package snapshot

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// bigSite has n notes in days of 50, each a page of 14 KB in a directory of its own.
func bigSite(b *testing.B, n int, edited string) *Snapshot {
	b.Helper()
	shared := bytes.Repeat([]byte("frame "), 1000)
	files := make([]*File, n)
	for i := range files {
		body := MakeBody(shared, fmt.Appendf(nil, "<p>%d %s", i, bytes.Repeat([]byte("words "), 1300)))
		if i == n/2 {
			body = MakeBody(shared, []byte(edited))
		}
		files[i] = &File{Path: fmt.Sprintf("day%04d/%02d_talk/index.html", i/50, i%50), Hash: body.Hash(), Body: body}
	}
	s, err := New(files)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// Each round writes to a new directory and nothing is deleted in between: ext4
// searches long for free inodes after many were deleted.
func BenchmarkWriteDirFirst(b *testing.B) {
	snap := bigSite(b, 10_000, "")
	dir, n := b.TempDir(), 0
	for _, jobs := range []int{1, 2, 4, 8, 16} {
		b.Run(fmt.Sprintf("jobs=%d", jobs), func(b *testing.B) {
			for b.Loop() {
				n++
				if _, err := WriteDir(context.Background(), snap, filepath.Join(dir, fmt.Sprint(n)), WriteOptions{Jobs: jobs}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWriteDirOneEdit(b *testing.B) {
	snaps := [2]*Snapshot{bigSite(b, 10_000, "one"), bigSite(b, 10_000, "two")}
	dir := b.TempDir()
	write(b, snaps[0], dir)
	n := 0
	for b.Loop() {
		n++
		if stats := write(b, snaps[n%2], dir); stats.Written != 1 {
			b.Fatalf("%+v", stats)
		}
	}
}

func BenchmarkWriteDirUnchanged(b *testing.B) {
	snap := bigSite(b, 10_000, "")
	dir := b.TempDir()
	write(b, snap, dir)
	for b.Loop() {
		if stats := write(b, snap, dir); stats.Written != 0 {
			b.Fatalf("%+v", stats)
		}
	}
}
