package cache

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestKeep(t *testing.T) {
	dir := t.TempDir()
	s := Open(dir)
	k := KeyOf([]byte("a"), []byte("b"))
	if _, ok := s.Get(k); ok {
		t.Fatal("an empty store has an entry")
	}
	data := bytes.Repeat([]byte("data"), 1000)
	if !s.Put(k, data) {
		t.Fatal("nothing is kept")
	}
	if got, ok := Open(dir).Get(k); !ok || !bytes.Equal(got, data) {
		t.Error("what was kept is not what comes back")
	}
	r, err := s.OpenAt(k, 4, 8)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "datadata" {
		t.Errorf("%q, %v", got, err)
	}
	if !s.Put(k, nil) {
		t.Error("nothing can't be kept")
	}
	if got, ok := s.Get(k); !ok || len(got) != 0 {
		t.Errorf("%q, %v", got, ok)
	}
}

func TestKeys(t *testing.T) {
	seen := map[Key]bool{}
	for _, parts := range [][][]byte{{[]byte("ab")}, {[]byte("a"), []byte("b")}, {[]byte("b"), []byte("a")}, {[]byte("ab"), nil}, {}} {
		if k := KeyOf(parts...); seen[k] {
			t.Errorf("%q has the key of others", parts)
		} else {
			seen[k] = true
		}
	}
}

func TestNothingKept(t *testing.T) {
	var none *Store
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Store{"none": none, "off": Open(""), "a file in its place": Open(file)} {
		if s.Put(Key{1}, []byte("x")) {
			t.Errorf("%s: something was kept", name)
		}
		if _, ok := s.Get(Key{1}); ok {
			t.Errorf("%s: something is there", name)
		}
		if _, err := s.OpenAt(Key{1}, 0, 1); err == nil {
			t.Errorf("%s: something opens", name)
		}
		s.Prune()
	}
}

// TestSpoiled: an entry that was changed or cut is none, and goes.
func TestSpoiled(t *testing.T) {
	s := Open(t.TempDir())
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)-1] },
		"empty":   func(b []byte) []byte { return nil },
		"changed": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
		"no head": func(b []byte) []byte { return b[:10] },
	} {
		k := KeyOf([]byte(name))
		s.Put(k, []byte("something"))
		b, err := os.ReadFile(s.path(k))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(s.path(k), spoil(b), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := s.Get(k); ok {
			t.Errorf("%s: it is taken for whole", name)
		}
		if _, err := os.Stat(s.path(k)); err == nil {
			t.Errorf("%s: it stays", name)
		}
	}
}

func TestPrune(t *testing.T) {
	s := Open(t.TempDir())
	now := time.Now()
	age := func(path string, d time.Duration) {
		if err := os.Chtimes(path, now.Add(-d), now.Add(-d)); err != nil {
			t.Fatal(err)
		}
	}
	day := 24 * time.Hour
	for i, d := range []time.Duration{100 * day, 50 * day, 40 * day, 0} {
		k := Key{byte(i)}
		s.Put(k, make([]byte, 1000))
		age(s.path(k), d)
	}
	half := filepath.Join(filepath.Dir(s.path(Key{3})), tempPrefix+"1")
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	age(half, 2*time.Hour)
	s.prune(now, 2500)
	for i, want := range []bool{false, false, true, true} {
		if _, ok := s.Get(Key{byte(i)}); ok != want {
			t.Errorf("entry %d: %v", i, ok)
		}
	}
	if _, err := os.Stat(half); err == nil {
		t.Error("what was left half written stays")
	}
	// Using an entry keeps it, and a folder is looked through once a day.
	if info, err := os.Stat(s.path(Key{2})); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Errorf("its use was not noted: %v", err)
	}
	s.Prune()
	age(s.path(Key{2}), 100*day)
	s.Prune()
	if _, err := os.Stat(s.path(Key{2})); err != nil {
		t.Error("it was looked through twice in a day")
	}
}
