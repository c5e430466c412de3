package snapshot

import (
	"errors"
	"testing"
)

func TestParsePart(t *testing.T) {
	m := &Manifest{Files: []Entry{{Path: "a.html", Size: 3}, {Path: "b/c.html", Size: 0}}}
	got, err := ParsePart(m.Encode())
	if err != nil || len(got) != 2 || got[0].Path != "a.html" || got[0].Size != 3 {
		t.Errorf("%+v %v", got, err)
	}
	for name, bad := range map[string]*Manifest{
		"unfinished": {Files: []Entry{{Path: "a", flux: true}}},
		"of a build": {Files: []Entry{{Path: "a/b"}}, foreignDirs: []string{"a"}},
		"negative":   {Files: []Entry{{Path: "a", Size: -1}}},
		"leads out":  {Files: []Entry{{Path: "../a"}}},
		"twice":      {Files: []Entry{{Path: "a"}, {Path: "a"}}},
	} {
		if got, err := ParsePart(bad.Encode()); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestPartNames(t *testing.T) {
	if name, ok := CutPart(PartName("notes-00")); !ok || name != "notes-00" {
		t.Errorf("%q %v", name, ok)
	}
	for _, other := range []string{"index.html", ManifestName, SettingsName, "day1/" + PartName("x")} {
		if name, ok := CutPart(other); ok {
			t.Errorf("%s: %q", other, name)
		}
	}
	if !IsOwn(SettingsName) || !IsOwn("a/.lectern-x") || IsOwn("a.lectern-x") {
		t.Error("IsOwn")
	}
}
