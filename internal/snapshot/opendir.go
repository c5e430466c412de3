package snapshot

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// partPrefix begins the names of manifests that list only a part of a site.
const partPrefix = ".lectern-part-"

// PartName is the name of the manifest of one part of a site, for sites that
// come in parts, such as the layers of an image. Name is a plain word.
func PartName(name string) string { return partPrefix + name + ".json" }

// Encode returns the manifest in the format that [OpenDir] reads.
func (m *Manifest) Encode() []byte { return m.encode() }

// Dir is a site that stands complete in a directory. It is read from there as
// it is asked for.
type Dir struct {
	*Snapshot
	Settings Settings
	root     *os.Root
}

// Close releases the directory; nothing can be read from it after that.
func (d *Dir) Close() error { return d.root.Close() }

// ErrIncomplete says that a directory does not hold a whole site.
var ErrIncomplete = errors.New("no complete site")

// OpenDir opens the site that [WriteDir] wrote to dir, or that an image holds
// there. What is no file of the site is not part of it. A directory without a
// manifest, a build that is not done, and a file that is missing or has another
// size than it was written with give [ErrIncomplete].
func OpenDir(dir string) (*Dir, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the site: %w", err)
	}
	d := &Dir{root: root}
	if err := d.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the site in %s: %w", dir, err), root.Close())
	}
	return d, nil
}

func (d *Dir) read() error {
	if err := d.readSettings(); err != nil {
		return err
	}
	entries, err := d.entries()
	if err != nil {
		return err
	}
	authored := make(map[string]bool, len(d.Settings.Authored))
	for _, p := range d.Settings.Authored {
		authored[p] = true
	}
	files := make([]*File, 0, len(entries))
	for _, e := range entries {
		info, err := d.root.Lstat(e.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%w: %s is missing", ErrIncomplete, e.Path)
		case err != nil:
			return err
		case !info.Mode().IsRegular() || info.Size() != e.Size:
			return fmt.Errorf("%w: %s is not as it was written", ErrIncomplete, e.Path)
		}
		files = append(files, &File{
			Path: e.Path, Hash: e.Hash, Rendered: !authored[e.Path],
			Source: diskFile{d.root, e.Path, e.Size},
		})
	}
	d.Snapshot, err = New(files)
	return err
}

func (d *Dir) readSettings() error {
	f, err := d.root.Open(SettingsName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err != nil {
		return err
	}
	d.Settings, err = ParseSettings(data)
	return err
}

// entries are those of all manifests.
func (d *Dir) entries() ([]Entry, error) {
	names := []string{ManifestName}
	if d.Settings.Parts > 0 {
		list, err := fs.ReadDir(d.root.FS(), ".")
		if err != nil {
			return nil, err
		}
		names = names[:0]
		for _, e := range list {
			if strings.HasPrefix(e.Name(), partPrefix) {
				names = append(names, e.Name())
			}
		}
		if len(names) != d.Settings.Parts {
			return nil, fmt.Errorf("%w: %d of %d parts are there", ErrIncomplete, len(names), d.Settings.Parts)
		}
	}
	var all []Entry
	for _, name := range names {
		m, err := readManifestFile(d.root, name)
		switch {
		case err != nil:
			return nil, err
		case m == nil:
			return nil, fmt.Errorf("%w: it has no %s", ErrIncomplete, name)
		case !m.Complete:
			return nil, fmt.Errorf("%w: a build is writing to it, or was broken off", ErrIncomplete)
		}
		all = append(all, m.Files...)
	}
	return all, nil
}

// diskFile is the content of a file in a site's directory.
type diskFile struct {
	root *os.Root
	path string
	size int64
}

func (f diskFile) Open() (io.ReadSeekCloser, error) { return f.root.Open(f.path) }
func (f diskFile) Size() int64                      { return f.size }
