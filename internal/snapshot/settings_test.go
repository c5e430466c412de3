package snapshot

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeWith writes a site with settings and says what was written.
func writeWith(t *testing.T, content map[string]string, dir string, s *Settings) WriteStats {
	t.Helper()
	stats, err := WriteDir(t.Context(), site(t, content), dir, WriteOptions{Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

func TestWriteDirSettings(t *testing.T) {
	dir := t.TempDir()
	first := &Settings{Policy: "default-src 'self'", FilePolicy: "default-src decks", Authored: []string{"deck.html"}}
	writeWith(t, day, dir, first)
	opened := func() Settings {
		t.Helper()
		d, err := OpenDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if d.Digest() != site(t, day).Digest() {
			t.Error("the settings are a file of the site")
		}
		return d.Settings
	}
	if s := opened(); s.Policy != first.Policy || s.FilePolicy != first.FilePolicy || len(s.Authored) != 1 || s.Parts != 0 {
		t.Errorf("%+v", s)
	}

	// What is the same is not written again; other settings alone are.
	before := modTime(t, dir, SettingsName)
	if stats := writeWith(t, day, dir, first); stats.Written != 0 || modTime(t, dir, SettingsName) != before {
		t.Errorf("%+v", stats)
	}
	if stats := writeWith(t, day, dir, &Settings{Policy: "default-src 'none'"}); stats.Written != 0 {
		t.Errorf("%+v", stats)
	}
	if s := opened(); s.Policy != "default-src 'none'" || s.Authored != nil {
		t.Errorf("%+v", s)
	}

	// Somebody edited them: they are put right.
	put(t, dir, SettingsName, `{"policy":"default-src *; no"}`)
	writeWith(t, day, dir, first)
	if s := opened(); s.Policy != first.Policy {
		t.Errorf("%+v", s)
	}

	// A site without settings leaves none of an older one.
	write(t, site(t, day), dir)
	if _, err := os.Lstat(filepath.Join(dir, SettingsName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	noTemps(t, dir)
}

// noTemps fails if a file is left under a temporary name.
func noTemps(t *testing.T, dir string) {
	t.Helper()
	for name := range tree(t, dir) {
		if strings.Contains(name, tempPrefix) {
			t.Errorf("%s is left", name)
		}
	}
}

// A link in the settings' place is nobody's way out of the directory.
func TestWriteDirSettingsForeign(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "theirs")
	put(t, filepath.Dir(outside), "theirs", "theirs")
	symlink(t, outside, filepath.Join(dir, SettingsName))
	_, err := WriteDir(t.Context(), site(t, day), dir, WriteOptions{Settings: &Settings{Policy: "x"}})
	if !errors.Is(err, ErrRefused) {
		t.Errorf("%v", err)
	}
	if data, err := os.ReadFile(outside); err != nil || string(data) != "theirs" {
		t.Errorf("%q %v", data, err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "index.html")); !errors.Is(err, os.ErrNotExist) {
		t.Error("something was written")
	}
}

// A build that is broken off leaves the settings of the site that stays.
func TestWriteDirSettingsCancelled(t *testing.T) {
	dir := t.TempDir()
	writeWith(t, day, dir, &Settings{Policy: "old"})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := WriteDir(ctx, site(t, with(day, "index.html", "new", "more.html", "more")), dir, WriteOptions{
		Jobs: 1, Settings: &Settings{Policy: "new"}, Progress: func(int, int) { cancel() },
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, SettingsName))
	if err != nil || !strings.Contains(string(data), "old") {
		t.Errorf("%q %v", data, err)
	}
	noTemps(t, dir)
}

func TestParseSettings(t *testing.T) {
	for _, bad := range []string{"", "[]", `{"parts":-1}`, `{"parts":"x"}`, `{"policy":` + strings.Repeat(" ", maxSettings) + `""}`} {
		if s, err := ParseSettings([]byte(bad)); err == nil {
			t.Errorf("%.20q: %+v", bad, s)
		}
	}
}

func TestAuthored(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "x", "x")
	src := onDisk{filepath.Join(dir, "x"), 1}
	s, err := New([]*File{
		{Path: "index.html", Body: MakeBody([]byte("x"))},
		{Path: "a/deck.HTM", Source: src},
		{Path: "made.html", Source: src, Rendered: true},
		{Path: "x.png", Source: src},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Authored(); len(got) != 1 || got[0] != "a/deck.HTM" {
		t.Errorf("%q", got)
	}
}
