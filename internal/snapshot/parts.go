package snapshot

import (
	"fmt"
	"strings"
)

// MaxPart is the size from which on a file cannot be the manifest of a part:
// enough for half a million files.
const MaxPart = 64 << 20

// CutPart returns the name of the part whose manifest the file is, as
// [PartName] was given it.
func CutPart(file string) (name string, ok bool) {
	name, ok = strings.CutPrefix(file, partPrefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, ".json")
}

// IsOwn reports whether a file at path is Lectern's own and none of a site's.
func IsOwn(path string) bool {
	return strings.HasPrefix(path, ownPrefix) || strings.Contains(path, "/"+ownPrefix)
}

// ParsePart reads the manifest of one part of a site, as [Manifest.Encode]
// wrote it. Nothing in it is believed that could lead out of the site's folder.
func ParsePart(data []byte) ([]Entry, error) {
	if len(data) > MaxPart {
		return nil, fmt.Errorf("%w: too large", ErrManifest)
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, err
	}
	if !m.Complete || len(m.foreignDirs) > 0 {
		return nil, fmt.Errorf("%w: it is not that of a part", ErrManifest)
	}
	for i := range m.Files {
		if m.Files[i].Size < 0 {
			return nil, fmt.Errorf("%w: %q has a size of %d", ErrManifest, m.Files[i].Path, m.Files[i].Size)
		}
	}
	return m.Files, nil
}
