package snapshot

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestOpenDir(t *testing.T) {
	dir := t.TempDir()
	want := site(t, day)
	write(t, want, dir)
	put(t, dir, "theirs.html", "not of the site")
	d, err := OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Digest() != want.Digest() || d.Size() != want.Size() || d.Lookup("theirs.html") != nil {
		t.Errorf("digest %v, size %d, want %v, %d", d.Digest(), d.Size(), want.Digest(), want.Size())
	}
	for _, f := range d.Files() {
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err != nil || b.String() != day[f.Path] || !f.Rendered {
			t.Errorf("%s: %q, %v", f.Path, b.String(), err)
		}
	}
}

// What an image holds: several manifests that list a part each, and settings.
func TestOpenDirParts(t *testing.T) {
	dir := t.TempDir()
	var parts []Manifest
	for _, c := range []map[string]string{{"index.html": "home"}, {"deck.html": "slides", "x.png": "picture"}} {
		var m Manifest
		for _, f := range site(t, c).Files() {
			put(t, dir, f.Path, c[f.Path])
			m.Files = append(m.Files, Entry{Path: f.Path, Hash: f.Hash, Size: f.Size()})
		}
		parts = append(parts, m)
	}
	settings := Settings{Policy: "default-src 'self'", Authored: []string{"deck.html"}, Parts: 2}
	text, err := settings.Encode()
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, SettingsName, string(text))
	put(t, dir, PartName("frame"), string(parts[0].Encode()))
	if _, err := OpenDir(dir); !errors.Is(err, ErrIncomplete) {
		t.Errorf("with one part of two: %v", err)
	}
	put(t, dir, PartName("notes-00"), string(parts[1].Encode()))
	d, err := OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if len(d.Files()) != 3 || !d.Lookup("index.html").Rendered || d.Lookup("deck.html").Rendered || d.Settings.Policy != settings.Policy {
		t.Errorf("%d files, settings %+v", len(d.Files()), d.Settings)
	}
}

func TestOpenDirRefuses(t *testing.T) {
	tests := map[string]func(dir string) error{
		"no manifest":  func(dir string) error { return os.Remove(filepath.Join(dir, ManifestName)) },
		"file missing": func(dir string) error { return os.Remove(filepath.Join(dir, "index.html")) },
		"file longer": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "index.html"), make([]byte, 9999), 0o666)
		},
		"link in place": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "index.html")), os.Symlink("/etc/passwd", filepath.Join(dir, "index.html")))
		},
		"build under way": func(dir string) error {
			m, err := ReadManifest(dir)
			if err != nil {
				return err
			}
			m.Files[0].flux = true
			return os.WriteFile(filepath.Join(dir, ManifestName), m.Encode(), 0o666)
		},
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, site(t, day), dir)
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := OpenDir(dir); !errors.Is(err, ErrIncomplete) {
				t.Errorf("%v", err)
			}
		})
	}
	if _, err := OpenDir(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a directory that is not there was opened")
	}
	dir := t.TempDir()
	write(t, site(t, day), dir)
	put(t, dir, SettingsName, "{")
	if _, err := OpenDir(dir); err == nil {
		t.Error("broken settings were taken")
	}
}
