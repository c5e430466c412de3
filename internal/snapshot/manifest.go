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
	ManifestName = ".lectern-manifest.json"
	lockName     = ".lectern-lock"
	tempPrefix   = ".lectern-tmp-"
	// manifestTemp is what the next manifest is called until it is complete.
	manifestTemp = tempPrefix + "manifest"

	ownPrefix = ".lectern-"
)

// The first line and the beginning of the last of every manifest; the number
// is the format's.
const (
	manifestHeader = `{"lectern-manifest":1,"entries":[`
	manifestEnd    = `["end",`
)

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

func readManifest(root *os.Root) (*Manifest, error) { return readManifestFile(root, ManifestName) }

func readManifestFile(root *os.Root, name string) (*Manifest, error) {
	f, err := root.Open(name)
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
		return nil, fmt.Errorf("%s: %w", name, ErrManifest)
	}
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m, err := parseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; delete the directory and build again", name, err)
	}
	m.modTime = info.ModTime().UnixNano()
	return m, nil
}

// encode writes the manifest as JSON with one entry in each line, so that any
// tool can read it and parseManifest need not know all of JSON. Each entry
// begins with its kind; the last has their number, as proof of the end.
//
//	{"lectern-manifest":1,"entries":[
//	["dir","assets"],                              directory that was there before
//	["tree","day2"],                               new directory being written
//	["file","<sha-256>",<size>,<mtime>,"a.html"],  file as written
//	["flux","<sha-256>",<size>,<mtime>,"b.html"],  file being written or removed
//	["end",4]]}
func (m *Manifest) encode() []byte {
	b := make([]byte, 0, 64+len(m.Files)*160)
	b = append(b, manifestHeader...)
	for _, d := range m.foreignDirs {
		b = append(appendString(append(b, "\n[\"dir\","...), d), "],"...)
	}
	for _, t := range m.trees {
		b = append(appendString(append(b, "\n[\"tree\","...), t), "],"...)
	}
	for i := range m.Files {
		e := &m.Files[i]
		if e.flux {
			b = append(b, "\n[\"flux\",\""...)
		} else {
			b = append(b, "\n[\"file\",\""...)
		}
		b = append(hex.AppendEncode(b, e.Hash[:]), "\","...)
		b = append(strconv.AppendInt(b, e.Size, 10), ',')
		b = append(strconv.AppendInt(b, e.ModTime, 10), ',')
		b = append(appendString(b, e.Path), "],"...)
	}
	b = append(append(b, '\n'), manifestEnd...)
	b = strconv.AppendInt(b, int64(len(m.foreignDirs)+len(m.trees)+len(m.Files)), 10)
	return append(b, "]]}\n"...)
}

// appendString appends s as JSON. Paths are UTF-8 without control characters.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
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
		if count, ok := strings.CutPrefix(line, manifestEnd); ok {
			if count != strconv.Itoa(n)+"]]}" || len(data) > 0 {
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
	kind, rest, _ := strings.Cut(line, `",`)
	rest, ok := strings.CutSuffix(rest, "],")
	if !ok {
		return errors.New("no entry")
	}
	switch kind {
	case `["dir`, `["tree`:
		path, err := parseString(rest)
		if err != nil {
			return err
		}
		if kind == `["dir` {
			m.foreignDirs = append(m.foreignDirs, path)
		} else {
			m.trees = append(m.trees, path)
			m.Complete = false
		}
		return nil
	case `["file`, `["flux`:
		e, err := parseEntry(rest)
		if err != nil {
			return err
		}
		e.flux = kind == `["flux`
		m.Complete = m.Complete && !e.flux
		m.Files = append(m.Files, e)
		return nil
	}
	return errors.New("unknown kind of entry")
}

func parseEntry(s string) (e Entry, err error) {
	hash, s, _ := strings.Cut(s, ",")
	size, s, _ := strings.Cut(s, ",")
	mtime, path, _ := strings.Cut(s, ",")
	if e.Path, err = parseString(path); err != nil {
		return e, err
	}
	if hash, err = parseString(hash); err != nil {
		return e, err
	}
	if n, err := hex.Decode(e.Hash[:], []byte(hash[:min(len(hash), 2*len(e.Hash))])); err != nil || n != len(e.Hash) {
		return e, errors.New("no SHA-256")
	}
	if e.Size, err = strconv.ParseInt(size, 10, 64); err != nil {
		return e, err
	}
	e.ModTime, err = strconv.ParseInt(mtime, 10, 64)
	return e, err
}

// parseString reads what appendString wrote.
func parseString(s string) (string, error) {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return "", errors.New("no string")
	}
	s = s[1 : len(s)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			if i++; i == len(s) || s[i] != '"' && s[i] != '\\' {
				return "", errors.New("no string")
			}
		}
		b = append(b, s[i])
	}
	return string(b), nil
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
