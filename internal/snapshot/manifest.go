package snapshot

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The names in an output directory that are Lectern's own. All are portable
// and none can be a file of a site.
const (
	// ManifestName is the file that says which files are Lectern's.
	ManifestName = ".lectern-manifest"
	lockName     = ".lectern-lock"
	tempPrefix   = ".lectern-tmp-"
	// manifestTemp is what the next manifest is called until it is complete.
	manifestTemp = tempPrefix + "manifest"

	ownPrefix = ".lectern-"
)

// manifestHeader opens every manifest; the number is the format's.
const manifestHeader = "lectern-manifest 1"

// maxManifest is the size from which on a file cannot be a manifest: enough
// for a million files.
const maxManifest = 256 << 20

// ErrManifest says that a directory's manifest cannot be read.
var ErrManifest = errors.New("damaged manifest")

// Manifest lists what in a directory is Lectern's.
type Manifest struct {
	// Complete is false while a build is writing, or after it was killed. Then
	// Files has the old and the new files.
	Complete bool
	// Files in order of their paths.
	Files []Entry

	// foreignDirs are directories that hold files of ours but were there before:
	// they stay when they become empty. In order.
	foreignDirs []string
	// trees are new directories that an unfinished build writes under a
	// temporary name. In order.
	trees []string
	// modTime is the manifest's own, in nanoseconds since 1970.
	modTime int64
}

// Entry is one file of Lectern's as it was written.
type Entry struct {
	Path string
	Hash Digest
	Size int64
	// ModTime is in nanoseconds since 1970.
	ModTime int64

	// flux says that the content is not known for sure: a build was about to
	// write or to remove the file.
	flux bool
}

// ReadManifest returns what dir's manifest says, nil if it has none. One that
// cannot be understood gives [ErrManifest].
func ReadManifest(dir string) (*Manifest, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("read manifest of %s: %w", dir, err)
	}
	defer root.Close()
	m, err := readManifest(root)
	if err != nil {
		return nil, fmt.Errorf("read manifest of %s: %w", dir, err)
	}
	return m, nil
}

func readManifest(root *os.Root) (*Manifest, error) {
	f, err := root.Open(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxManifest {
		return nil, fmt.Errorf("%s: %w", ManifestName, ErrManifest)
	}
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; delete the directory and build again", ManifestName, err)
	}
	m.modTime = info.ModTime().UnixNano()
	return m, nil
}

// encode writes the manifest as lines: the header; one for each thing, which
// begins with what it is; and the number of lines as proof of the end.
//
//	lectern-manifest 1
//	d assets                                 directory that was there before
//	t day2                                   new directory being written
//	= <sha-256> <size> <mtime> index.html    file as written
//	~ <sha-256> <size> <mtime> old.html      file being written or removed
//	end 4
func (m *Manifest) encode() []byte {
	b := make([]byte, 0, 64+len(m.Files)*160)
	b = append(b, manifestHeader...)
	for _, d := range m.foreignDirs {
		b = append(append(b, "\nd "...), d...)
	}
	for _, t := range m.trees {
		b = append(append(b, "\nt "...), t...)
	}
	for i := range m.Files {
		e := &m.Files[i]
		if e.flux {
			b = append(b, "\n~ "...)
		} else {
			b = append(b, "\n= "...)
		}
		b = append(hex.AppendEncode(b, e.Hash[:]), ' ')
		b = append(strconv.AppendInt(b, e.Size, 10), ' ')
		b = append(strconv.AppendInt(b, e.ModTime, 10), ' ')
		b = append(b, e.Path...)
	}
	b = append(b, "\nend "...)
	b = strconv.AppendInt(b, int64(len(m.foreignDirs)+len(m.trees)+len(m.Files)), 10)
	return append(b, '\n')
}

// parseManifest reads what encode wrote. Nothing in it is believed that could
// lead out of the directory.
func parseManifest(data []byte) (*Manifest, error) {
	data, ok := bytes.CutPrefix(data, []byte(manifestHeader+"\n"))
	if !ok {
		return nil, fmt.Errorf("%w: unknown format", ErrManifest)
	}
	m := &Manifest{Complete: true, Files: make([]Entry, 0, bytes.Count(data, []byte("\n")))}
	for n := 0; ; n++ {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			return nil, fmt.Errorf("%w: it has no end", ErrManifest)
		}
		line := string(data[:end])
		data = data[end+1:]
		if count, ok := strings.CutPrefix(line, "end "); ok {
			if count != strconv.Itoa(n) || len(data) > 0 {
				return nil, fmt.Errorf("%w: wrong end", ErrManifest)
			}
			return m, m.check()
		}
		if err := m.parseLine(line); err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrManifest, n+2, err)
		}
	}
}

func (m *Manifest) parseLine(line string) error {
	kind, rest, _ := strings.Cut(line, " ")
	switch kind {
	case "d":
		m.foreignDirs = append(m.foreignDirs, rest)
		return nil
	case "t":
		m.trees = append(m.trees, rest)
		m.Complete = false
		return nil
	case "=", "~":
		e, err := parseEntry(rest)
		if err != nil {
			return err
		}
		e.flux = kind == "~"
		m.Complete = m.Complete && !e.flux
		m.Files = append(m.Files, e)
		return nil
	}
	return fmt.Errorf("unknown kind %q", kind)
}

func parseEntry(s string) (e Entry, err error) {
	hash, s, _ := strings.Cut(s, " ")
	size, s, _ := strings.Cut(s, " ")
	mtime, path, _ := strings.Cut(s, " ")
	e.Path = path
	if len(hash) != 2*len(e.Hash) {
		return e, errors.New("no SHA-256")
	}
	if _, err := hex.Decode(e.Hash[:], []byte(hash)); err != nil {
		return e, err
	}
	if e.Size, err = strconv.ParseInt(size, 10, 64); err != nil {
		return e, err
	}
	e.ModTime, err = strconv.ParseInt(mtime, 10, 64)
	return e, err
}

// check refuses paths that this package would not have written.
func (m *Manifest) check() error {
	for _, list := range [][]string{m.foreignDirs, m.trees} {
		for i, p := range list {
			if err := checkPath(p); err != nil {
				return fmt.Errorf("%w: %w", ErrManifest, err)
			}
			if i > 0 && list[i-1] >= p {
				return fmt.Errorf("%w: %q is out of order", ErrManifest, p)
			}
		}
	}
	for i := range m.Files {
		if err := checkPath(m.Files[i].Path); err != nil {
			return fmt.Errorf("%w: %w", ErrManifest, err)
		}
		if i > 0 && m.Files[i-1].Path >= m.Files[i].Path {
			return fmt.Errorf("%w: %q is out of order", ErrManifest, m.Files[i].Path)
		}
	}
	return nil
}

// checkPath says why path can't be one of a site's files in a directory: not
// clean, leading out, one of Lectern's own names, with control characters, or
// (on Windows) a reserved name.
func checkPath(path string) error {
	if path == "." || !fs.ValidPath(path) {
		return fmt.Errorf("%q is not a clean relative path", path)
	}
	if strings.HasPrefix(path, ownPrefix) || strings.Contains(path, "/"+ownPrefix) {
		return fmt.Errorf("%q: names that begin with %q are Lectern's own", path, ownPrefix)
	}
	if strings.ContainsFunc(path, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%q has control characters", path)
	}
	if _, err := filepath.Localize(path); err != nil {
		return fmt.Errorf("%q cannot be a file name on this system", path)
	}
	return nil
}

// writeManifest puts m in place by a rename.
func writeManifest(root *os.Root, m *Manifest) error {
	slices.Sort(m.foreignDirs)
	slices.Sort(m.trees)
	if err := replaceFile(root, manifestTemp, ManifestName, m.encode()); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}
