package image

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"lectern/internal/snapshot"
)

// keepInMemory is the size up to which a compressed layer is kept; a larger
// one is compressed again when it is sent.
const keepInMemory = 16 << 20

// layer is one layer of an image: a list of entries, and, once that is known,
// what the compressed archive of them is.
type layer struct {
	name    string
	key     string // of content and packing
	entries func() ([]entry, error)
	pack    *packer
	// lasting says that the layer stays the same for long and is slow to compress:
	// its bytes are worth remembering.
	lasting bool

	mu    sync.Mutex
	known *facts
	data  []byte // compressed; nil if it is not kept
	made  bool   // known from making it, and not from elsewhere
}

// entry is one file in a layer.
type entry struct {
	path  string
	size  int64
	mode  int64
	write func(io.Writer) error
}

// facts are what a layer's bytes are known by.
type facts struct {
	DiffID v1.Hash `json:"diffID"` // of the archive
	Digest v1.Hash `json:"digest"` // of the archive compressed
	Size   int64   `json:"size"`   // compressed
}

// siteLayers plans the layers of a site that lies in the folder root.
func siteLayers(s Site, root string, pack *packer) ([]*layer, error) {
	groups := sortFiles(s)
	settings := s.Settings
	settings.Parts = len(groups)
	settings.Authored = s.Snapshot.Authored()
	text, err := settings.Encode()
	if err != nil {
		return nil, err
	}
	var out []*layer
	for _, g := range groups {
		var extra []byte
		if g.name == "frame" {
			extra = text
		}
		out = append(out, siteLayer(g, root, extra, pack))
	}
	return out, nil
}

// siteLayer plans the layer of one group. It brings along its part of the
// manifest, so that a server knows all hashes without reading all files;
// settings, if any, lie beside it.
func siteLayer(g group, root string, settings []byte, pack *packer) *layer {
	h := newKey(pack, g.name, root)
	_, _ = h.Write(settings) // a hash never fails
	for _, f := range g.files {
		_, _ = io.WriteString(h, "\n"+f.Path+"\n")
		_, _ = h.Write(f.Hash[:])
	}
	return &layer{name: g.name, key: keyOf(h), pack: pack, entries: func() ([]entry, error) {
		var m snapshot.Manifest
		files := make([]entry, 0, len(g.files))
		for _, f := range g.files {
			m.Files = append(m.Files, snapshot.Entry{Path: f.Path, Hash: f.Hash, Size: f.Size()})
			files = append(files, entry{path.Join(root, f.Path), f.Size(), 0o644, func(w io.Writer) error {
				_, err := f.WriteTo(w)
				return err
			}})
		}
		slices.SortFunc(m.Files, func(a, b snapshot.Entry) int { return strings.Compare(a.Path, b.Path) })
		// The list comes first: who reads the layer knows what to expect of the rest.
		list := []entry{plain(path.Join(root, snapshot.PartName(strings.ReplaceAll(g.name, " ", "-"))), m.Encode(), 0o644)}
		if settings != nil {
			list = append(list, plain(path.Join(root, snapshot.SettingsName), settings, 0o644))
		}
		return append(list, files...), nil
	}}
}

// ServerLayerName is what a [LayerReport] calls the layer of the server for a
// platform.
func ServerLayerName(platform string) string { return "server " + platform }

// serverLayer is the layer of the program that shows the site.
func serverLayer(s Server, pack *packer) *layer {
	h := newKey(pack, "server", "")
	_, _ = h.Write(s.Binary)
	return &layer{name: ServerLayerName(s.Platform), key: keyOf(h), pack: pack, lasting: true, entries: func() ([]entry, error) {
		return []entry{plain("lectern", s.Binary, 0o755)}, nil
	}}
}

func newKey(pack *packer, name, prefix string) hash.Hash {
	h := sha256.New()
	_, _ = io.WriteString(h, pack.form+"\n"+name+"\n"+prefix+"\n")
	return h
}

// keyOf is a part of the hash: 96 bits tell layers apart, and a manifest has
// many of them.
func keyOf(h hash.Hash) string { return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12]) }

func plain(name string, data []byte, mode int64) entry {
	return entry{name, int64(len(data)), mode, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}}
}

// writeTar writes the layer's archive: of root's, with no times.
func (l *layer) writeTar(w io.Writer) error {
	list, err := l.entries()
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	made := map[string]bool{".": true}
	for _, e := range list {
		if err := writeFolders(t, made, path.Dir(e.path)); err != nil {
			return err
		}
		if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: e.path, Size: e.size, Mode: e.mode, ModTime: time.Unix(0, 0)}); err != nil {
			return err
		}
		if err := e.write(t); err != nil {
			return err
		}
	}
	return t.Close()
}

// writeFolders writes the entries of dir and of the folders above it that are
// not made yet.
func writeFolders(t *tar.Writer, made map[string]bool, dir string) error {
	if made[dir] {
		return nil
	}
	if err := writeFolders(t, made, path.Dir(dir)); err != nil {
		return err
	}
	made[dir] = true
	return t.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: 0o755, ModTime: time.Unix(0, 0)})
}

// compress writes the layer compressed to w and returns the archive's hash.
func (l *layer) compress(w io.Writer) (diff v1.Hash, err error) {
	h := sha256.New()
	err = l.pack.compress(w, func(z io.Writer) error { return l.writeTar(io.MultiWriter(z, h)) })
	if err != nil {
		return diff, fmt.Errorf("pack %s: %w", l.name, err)
	}
	return v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(h.Sum(nil))}, nil
}

// learn makes the layer's facts, unless they are known.
func (l *layer) learn() (facts, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known != nil {
		return *l.known, nil
	}
	h := sha256.New()
	kept := &bounded{most: keepInMemory}
	diff, err := l.compress(io.MultiWriter(h, kept))
	if err != nil {
		return facts{}, err
	}
	l.made = true
	l.known = &facts{diff, v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(h.Sum(nil))}, kept.size}
	if kept.size <= keepInMemory {
		l.data = kept.data
	}
	return *l.known, nil
}

// drop forgets the bytes, which are not needed any more.
func (l *layer) drop() {
	l.mu.Lock()
	l.data = nil
	l.mu.Unlock()
}

// bounded keeps what is written to it up to a size, and counts it all.
type bounded struct {
	data []byte
	size int64
	most int64
}

func (b *bounded) Write(p []byte) (int, error) {
	b.size += int64(len(p))
	if b.size <= b.most {
		b.data = append(b.data, p...)
	} else {
		b.data = nil
	}
	return len(p), nil
}

// What follows makes a layer a [v1.Layer].

// Digest returns the hash of the compressed layer.
func (l *layer) Digest() (v1.Hash, error) {
	f, err := l.learn()
	return f.Digest, err
}

// DiffID returns the hash of the archive.
func (l *layer) DiffID() (v1.Hash, error) {
	f, err := l.learn()
	return f.DiffID, err
}

// Size returns the compressed size.
func (l *layer) Size() (int64, error) {
	f, err := l.learn()
	return f.Size, err
}

// MediaType returns that of a compressed layer.
func (l *layer) MediaType() (types.MediaType, error) { return l.pack.media, nil }

// Compressed returns the compressed layer, made again if it was not kept.
func (l *layer) Compressed() (io.ReadCloser, error) {
	if _, err := l.learn(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	data := l.data
	l.mu.Unlock()
	if data != nil {
		return io.NopCloser(bytes.NewReader(data)), nil
	}
	r, w := io.Pipe()
	go func() {
		_, err := l.compress(w)
		w.CloseWithError(err)
	}()
	return r, nil
}

// Uncompressed returns the archive.
func (l *layer) Uncompressed() (io.ReadCloser, error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(l.writeTar(w)) }()
	return r, nil
}

// remembered is what a [Memory] said of a layer.
func remembered(m Memory, key string) *facts {
	if m == nil {
		return nil
	}
	data, ok := m.Get(key)
	if !ok {
		return nil
	}
	var f facts
	if json.Unmarshal(data, &f) != nil || f.Digest.Hex == "" || f.DiffID.Hex == "" || f.Size <= 0 {
		return nil // whatever it is, it is not ours
	}
	return &f
}

// rememberedBytes is what a [Memory] has of a layer's bytes too.
func rememberedBytes(m Memory, key string) (*facts, []byte) {
	f := remembered(m, key)
	if f == nil {
		return nil, nil
	}
	data, ok := m.Get(bytesKey(key))
	if !ok || int64(len(data)) != f.Size || hashOf(data) != f.Digest {
		return nil, nil
	}
	return f, data
}

func bytesKey(key string) string { return key + " bytes" }

func remember(m Memory, key string, f facts) {
	if m == nil {
		return
	}
	if data, err := json.Marshal(f); err == nil {
		m.Put(key, data)
	}
}
