package config

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

const referenceFile = "../../docs/reference/config.md"

// The reference that is checked in is the one that the code gives.
func TestReference(t *testing.T) {
	var want bytes.Buffer
	if err := WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(referenceFile)
	if err != nil {
		t.Fatal(err)
	}
	got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what the code says: run go generate ./internal/cli", referenceFile)
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
