package note

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// benchNotes reads the notes below the folder LECTERN_NOTES (made by bench/), or
// repeats the corpus that the tests have.
func benchNotes(b *testing.B) (paths []string, data [][]byte) {
	b.Helper()
	dir := os.Getenv("LECTERN_NOTES")
	if dir == "" {
		b.Skip("LECTERN_NOTES names no folder of notes")
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".md") {
			return err
		}
		text, err := os.ReadFile(path)
		paths, data = append(paths, path), append(data, text)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return paths, data
}

func BenchmarkParseAll(b *testing.B) {
	paths, data := benchNotes(b)
	o := hugoOptions()
	p := NewParser(&o)
	b.ReportAllocs()
	notes := make([]*Note, len(data))
	for b.Loop() {
		for i := range data {
			notes[i] = p.Parse(paths[i], data[i])
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(data)), "ns/note")
}
