package main

import (
	"context"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/schedule"
)

func TestNotes(t *testing.T) {
	const n = 400
	bodies := make(map[string]int)
	code, size := 0, 0
	for i := range n {
		text := noteText(i, n, true)
		if text != noteText(i, n, true) {
			t.Fatalf("note %d is not the same twice", i)
		}
		_, body, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
		if other, twice := bodies[body]; twice {
			t.Errorf("notes %d and %d have the same body", i, other)
		}
		bodies[body] = i
		if strings.Contains(text, "```") {
			code++
		}
		if strings.Contains(text, "%!") || strings.Contains(text, "%s") {
			t.Errorf("note %d has an open place: %s", i, text)
		}
		plain := noteText(i, n, false)
		if strings.Contains(plain, "```") {
			t.Errorf("note %d has code without -code", i)
		}
		size += len(plain)
	}
	if share := float64(code) / n; math.Abs(share-1.0/3) > 0.01 {
		t.Errorf("%.2f of the notes have code, want a third", share)
	}
	if mean := size / n; mean < 1500 || mean > 3000 {
		t.Errorf("a note has %d bytes, want about two kilobytes", mean)
	}
}

// The programme is one: all of its sessions can be read, and have times and words.
func TestProgramme(t *testing.T) {
	p, diags, err := schedule.Read("programme.xml", []byte(programmeText(events)), schedule.Options{})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	if len(p.Sessions) != events {
		t.Errorf("%d sessions, want %d", len(p.Sessions), events)
	}
	for _, s := range p.Sessions {
		if s.Start.IsZero() || s.End.IsZero() || len(s.Abstract) < 300 || len(s.Speakers) != 1 {
			t.Fatalf("%+v", s)
		}
	}
}

// The notes have no problem in Lectern's eyes: links lead somewhere.
func TestSiteIsSound(t *testing.T) {
	dir := t.TempDir()
	const n = 120
	if err := makeSite(dir, n, true); err != nil {
		t.Fatal(err)
	}
	b := openSite(t, dir)
	r, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r.Stats.Notes < n {
		t.Errorf("%d notes, want %d", r.Stats.Notes, n)
	}
	for _, d := range r.Diags {
		if d.Rule == "layouts-ignored" { // those that Hugo races with
			continue
		}
		t.Errorf("%s:%d: %s: %s", d.File, d.Line, d.Severity, d.Message)
	}
	if r.Snapshot.Lookup(dayName(n-1)+"/"+noteName(n-1)+"/index.html") == nil {
		t.Errorf("the page of note %d is not where Hugo has it", n-1)
	}
}

func openSite(t testing.TB, dir string) *build.Builder {
	t.Helper()
	b, err := build.Open(build.Options{Dir: dir, KeepLast: true, Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
		return config.Load(fsys, config.Options{Name: "notes"})
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestWriter(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	if err := makeSite(from, 60, false); err != nil {
		t.Fatal(err)
	}
	for _, jobs := range []string{"1", "8"} {
		if err := writerMain([]string{"-jobs", jobs, from, to + jobs}); err != nil {
			t.Fatal(err)
		}
		files := 0
		err := fs.WalkDir(os.DirFS(from), ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			files++
			want, err := os.ReadFile(filepath.Join(from, name))
			if err != nil {
				return err
			}
			if got, err := os.ReadFile(filepath.Join(to+jobs, name)); err != nil || string(got) != string(want) {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil || files < 60 {
			t.Errorf("%d files, error %v", files, err)
		}
	}
	if err := writerMain([]string{from, to + "1"}); err == nil {
		t.Error("the writer wrote over what was there")
	}
}

func TestStats(t *testing.T) {
	if got := median([]float64{3, 1, 2}); got != 2 {
		t.Errorf("median of three: %v", got)
	}
	if got := median([]time.Duration{4, 1, 2, 8}); got != 3 {
		t.Errorf("median of four: %v", got)
	}
	a := []sample{{wall: 10}, {wall: 100}, {wall: 30}}
	b := []sample{{wall: 1}, {wall: 50}, {wall: 10}}
	if got := ratio(a, b, wall); got != 3 { // of 10, 2 and 3: neighbours, not medians
		t.Errorf("ratio: %v", got)
	}
	if got := ratio(a, make([]sample, 3), wall); got != 0 {
		t.Errorf("ratio to nothing: %v", got)
	}
}

func TestAims(t *testing.T) {
	tests := []struct {
		aim  aim
		want string
	}{
		{aim{"a", 12.34, 10, true}, "- a: **12.3** (aim: at least 10, met)\n"},
		{aim{"b", 9.99, 10, true}, "- b: **9.99** (aim: at least 10, missed)\n"},
		{aim{"c", 0.21, 0.25, false}, "- c: **0.21** (aim: at most 0.25, met)\n"},
		{aim{"d", 1.4, 1.3, false}, "- d: **1.40** (aim: at most 1.30, missed)\n"},
		{aim{"e", 250, 0, false}, "- e: **250**\n"},
	}
	for _, test := range tests {
		var b strings.Builder
		section{title: "x", aims: []aim{test.aim}}.markdown(&b)
		if got := b.String(); got != "## x\n\n"+test.want+"\n" {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestPageKeepsWhatPeopleWrote(t *testing.T) {
	b := &bench{options: options{runs: 3}}
	text, err := handWritten("")
	if err != nil {
		t.Fatal(err)
	}
	first := b.page(text)
	edited := strings.Replace(first, "Nothing yet.", "It was the *garbage collector*.", 1)
	text, err = handWritten(edited)
	if err != nil {
		t.Fatal(err)
	}
	if again := b.page(text); again != edited {
		t.Errorf("got %s\nwant %s", again, edited)
	}
	if _, err := handWritten("# Benchmarks\n\nAll gone.\n"); err == nil {
		t.Error("a page without the markers would be overwritten")
	}
}

func TestFormats(t *testing.T) {
	for d, want := range map[time.Duration]string{
		22400 * time.Millisecond: "22.4 s", 1430 * time.Millisecond: "1.43 s", 210 * time.Millisecond: "210 ms",
		38200 * time.Microsecond: "38.2 ms", 150 * time.Microsecond: "150 µs", 0: "0 µs",
	} {
		if got := duration(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int]string{7: "7", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

// BenchmarkUpdate is one edit of one note among many, in the process: what
// `serve` does between the file watcher and the event.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			if err := makeSite(dir, n, false); err != nil {
				b.Fatal(err)
			}
			builder := openSite(b, dir)
			if _, err := builder.Build(context.Background()); err != nil {
				b.Fatal(err)
			}
			name := noteFile(dir, n/2)
			changed := []string{"content/" + dayName(n/2) + "/" + noteName(n/2) + ".md"}
			edit := 0
			for b.Loop() {
				edit++
				b.StopTimer()
				if err := os.WriteFile(name, fmt.Appendf(nil, "%s\nEdit %d.\n", noteText(n/2, n, false), edit), 0o666); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				r, err := builder.Update(context.Background(), changed)
				if err != nil {
					b.Fatal(err)
				}
				if r.Stats.Parsed != 1 {
					b.Fatalf("%+v, want one note parsed", r.Stats)
				}
			}
		})
	}
}
