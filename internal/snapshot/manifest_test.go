package snapshot

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func someManifest() *Manifest {
	return &Manifest{
		Files: []Entry{
			{Path: `a "quoted" \name.html`, Hash: Digest{1, 2}, Size: 0, ModTime: -1},
			{Path: "day1/x,y],/index.html", Hash: Digest{0xff}, Size: 1 << 40, ModTime: 1<<63 - 1, flux: true},
			{Path: "tags/日本/index.html", Hash: Digest{3}, Size: 7, ModTime: 8},
		},
		foreignDirs: []string{"assets", "assets/a b"},
		trees:       []string{"day1"},
	}
}

func TestManifestRoundTrip(t *testing.T) {
	for _, m := range []*Manifest{someManifest(), {Complete: true, Files: []Entry{}}, {Complete: true, Files: []Entry{{Path: "x"}}}} {
		got, err := parseManifest(m.encode())
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("got %+v, %v\nwant %+v", got, err, m)
		}
		var v struct {
			Version int     `json:"lectern-manifest"`
			Entries [][]any `json:"entries"`
		}
		if err := json.Unmarshal(m.encode(), &v); err != nil || v.Version != 1 || len(v.Entries) != len(m.Files)+len(m.foreignDirs)+len(m.trees)+1 {
			t.Errorf("as JSON: %+v, %v", v, err)
		}
		for i, e := range m.Files {
			if entry := v.Entries[len(m.foreignDirs)+len(m.trees)+i]; entry[4] != e.Path {
				t.Errorf("as JSON: path %q, want %q", entry[4], e.Path)
			}
		}
	}
}

// A manifest that lost any part of its end is not believed.
func TestManifestTruncated(t *testing.T) {
	data := someManifest().encode()
	for n := range len(data) {
		if _, err := parseManifest(data[:n]); !errors.Is(err, ErrManifest) {
			t.Fatalf("the first %d of %d bytes: error %v", n, len(data), err)
		}
	}
}

func TestManifestHostile(t *testing.T) {
	good := string(someManifest().encode())
	for _, change := range [][2]string{
		{"tags/日本", "../tags"},
		{"tags/日本", "/etc"},
		{"tags/日本", "tags/../.."},
		{`"assets"`, `".."`},
		{`"day1"`, `"/"`},
		{"tags/日本/index.html", ManifestName},
		{"tags/日本/index.html", "x/" + lockName},
		{"tags/", "a/"},
		{"0303", "zz"},
		{",7,", ",x,"},
		{"flux", "flex"},
		{`"end",6`, `"end",5`},
		{`"lectern-manifest":1`, `"lectern-manifest":2`},
		{"日", "\xff"},
		{"日", "\\"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if change[0] == "0303" {
			bad = strings.Replace(good, `"03`, `"zz`, 1)
		}
		if bad == good {
			t.Fatalf("%q is not in the manifest", change[0])
		}
		if m, err := parseManifest([]byte(bad)); !errors.Is(err, ErrManifest) {
			t.Errorf("%q for %q: %+v, error %v", change[1], change[0], m, err)
		}
	}
}

func TestReadManifest(t *testing.T) {
	dir := t.TempDir()
	if m, err := ReadManifest(dir); m != nil || err != nil {
		t.Errorf("none there: %v, %v", m, err)
	}
	snap := site(t, day)
	write(t, snap, dir)
	m, err := ReadManifest(dir)
	if err != nil || !m.Complete || len(m.Files) != len(snap.files) {
		t.Fatalf("%+v, %v", m, err)
	}
	for i, f := range snap.files {
		e := m.Files[i]
		if e.Path != f.Path || e.Hash != f.Hash || e.Size != f.Size() || e.ModTime != modTime(t, dir, f.Path).UnixNano() {
			t.Errorf("%+v", e)
		}
	}
	if _, err := ReadManifest(filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
	put(t, dir, ManifestName, "{}")
	if _, err := ReadManifest(dir); !errors.Is(err, ErrManifest) {
		t.Errorf("damaged: %v", err)
	}
	before := tree(t, dir)
	if _, err := WriteDir(t.Context(), site(t, nil), dir, WriteOptions{}); !errors.Is(err, ErrManifest) || !strings.Contains(err.Error(), dir) {
		t.Errorf("damaged: %v", err)
	}
	equalTrees(t, tree(t, dir), before)
}

func FuzzParseManifest(f *testing.F) {
	f.Add(someManifest().encode())
	f.Add([]byte(manifestHeader + "\n" + manifestEnd + "0]]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(data)
		if err != nil {
			return
		}
		for _, e := range m.Files {
			if err := checkPath(e.Path); err != nil {
				t.Error(err)
			}
		}
		again, err := parseManifest(m.encode())
		if err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("%+v became %+v, %v", m, again, err)
		}
	})
}
