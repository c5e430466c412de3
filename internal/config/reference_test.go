package config

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

// The references that are checked in are those that the code gives.
func TestReference(t *testing.T) {
	for file, write := range map[string]func(io.Writer) error{
		"../../docs/reference/config.md":  WriteReference,
		"../../docs/reference/relearn.md": WriteRelearn,
	} {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what the code says: run go generate ./internal/cli", file)
		}
	}
}

// Each parameter stands once for each place, and says what becomes of it.
func TestRelearnKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range relearnKeys() {
		if !k.page && !k.site || (k.does == "") == (k.why == "") {
			t.Errorf("%s: nowhere, or nothing is said about it", k.name)
		}
		for place, there := range map[string]bool{"page": k.page, "site": k.site} {
			id := place + strings.ToLower(k.name)
			if there && seen[id] {
				t.Errorf("%s stands twice for the %s", k.name, place)
			}
			seen[id] = seen[id] || there
		}
	}
}

func TestSettings(t *testing.T) {
	seen := map[string]bool{}
	read := map[string]bool{}
	for _, s := range settings() {
		if seen[strings.ToLower(s.path)] {
			t.Errorf("%s stands twice", s.path)
		}
		seen[strings.ToLower(s.path)] = true
		if s.read != nil {
			read[s.path] = true
		}
		if s.form == "" || s.doc != "" && s.def == "" {
			t.Errorf("%s lacks its form or its default", s.path)
		}
	}
	for _, s := range settings() {
		if s.read != nil || s.early {
			continue
		}
		// An entry of a table is documented by itself and read with the table.
		table, _, ok := strings.Cut(s.path, ".<")
		if !ok || !read[table] {
			t.Errorf("%s is documented and not read", s.path)
		}
	}
}
