package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lectern/internal/cache"
	"lectern/internal/diag"
	"lectern/internal/page"
	"lectern/internal/picture"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// renditions makes the smaller versions of the pictures that pages show. They
// are made of a picture's content alone and kept by its hash, in memory for as
// long as the project has the picture, and in the cache for all projects.
type renditions struct {
	store *cache.Store

	mu   sync.Mutex
	sets map[[sha256.Size]byte]*renditionSet
}

// renditionSet is what was made of one picture.
type renditionSet struct {
	smaller []site.Rendition
	files   []*snapshot.File
	// broken says why the picture can't be decoded.
	broken string
}

func newRenditions(store *cache.Store) *renditions {
	return &renditions{store: store, sets: map[[sha256.Size]byte]*renditionSet{}}
}

func (r *renditions) set(k *hashed) *renditionSet {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sets[k.sum]
}

// madeOf is what was made of a picture, where the site is to have it.
func (b *Builder) madeOf(k *hashed) *renditionSet {
	if !b.cfg.SmallerPictures {
		return nil
	}
	return b.renditions.set(k)
}

// forget drops what was made of pictures that the project no longer has.
func (r *renditions) forget(known map[string]hashed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	have := make(map[[sha256.Size]byte]bool, len(r.sets))
	for _, k := range known {
		if k.pic != nil {
			have[k.sum] = true
		}
	}
	maps.DeleteFunc(r.sets, func(sum [sha256.Size]byte, _ *renditionSet) bool { return !have[sum] })
}

// wanted are the pictures that pages show and that are worth making smaller,
// each content once, in order of their paths.
func (b *Builder) wantedRenditions() []hashed {
	if !b.cfg.SmallerPictures {
		return nil
	}
	var out []hashed
	seen := map[[sha256.Size]byte]bool{}
	for f := range b.site.Uses() {
		if k, ok := b.hashes[f.Path]; ok && k.pic != nil && len(k.pic.Widths()) > 0 {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(x, y hashed) int { return strings.Compare(x.file.Path, y.file.Path) })
	return slices.DeleteFunc(out, func(k hashed) bool {
		twice := seen[k.sum]
		seen[k.sum] = true
		return twice
	})
}

func (r *renditions) ready(b *Builder, _ *language) ([]*snapshot.File, bool) {
	var files []*snapshot.File
	all := true
	for _, k := range b.wantedRenditions() {
		s := r.set(&k)
		if s == nil {
			all = false
			continue
		}
		files = append(files, s.files...)
	}
	return files, all
}

// decodeMemory is how many bytes pictures being decoded may take together. A
// larger one is decoded alone.
const decodeMemory = 512 << 20

func (r *renditions) finish(ctx context.Context, b *Builder, _ *language) (bool, error) {
	todo := slices.DeleteFunc(b.wantedRenditions(), func(k hashed) bool { return r.set(&k) != nil })
	room := newBudget(decodeMemory)
	err := b.eachAlone(ctx, len(todo), func(i int) error {
		k := &todo[i]
		s, err := r.make(k, room)
		if err != nil {
			return fmt.Errorf("make the picture %s smaller: %w", k.file.Path, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sets[k.sum] = s
		return nil
	})
	r.store.Prune()
	// What was made before an error is shown with the next build.
	return b.describe(), err
}

// diagnostics are told with those of the pictures themselves.
func (r *renditions) diagnostics() []diag.Diagnostic { return nil }

func (r *renditions) key(k *hashed) cache.Key {
	return cache.KeyOf([]byte("renditions of a picture, version "+strconv.Itoa(picture.Version)), k.sum[:])
}

// make takes what is made of a picture from the cache, or makes it. A file
// that can no longer be read has none: the next build sees that it changed.
func (r *renditions) make(k *hashed, room *budget) (*renditionSet, error) {
	key := r.key(k)
	if data, ok := r.store.Get(key); ok {
		if s, err := r.unpack(k, data, true); err == nil {
			return s, nil
		} // written by another version: as good as none
	}
	room.take(k.pic.Memory())
	defer room.give(k.pic.Memory())
	data, err := render(k)
	if err != nil {
		return nil, err
	}
	if data == nil {
		return &renditionSet{}, nil
	}
	return r.unpack(k, data, r.store.Put(key, data))
}

// packed is the head of what the cache keeps of a picture; the renditions'
// bytes follow, one after the other.
type packed struct {
	Broken string `json:",omitempty"`
	Made   []packedRendition
}

type packedRendition struct {
	Width  int
	Format picture.Format
	Bytes  int64
}

// render makes a picture's renditions, as the cache keeps them; nil where the
// file is no longer what it was.
func render(k *hashed) ([]byte, error) {
	f, err := k.source().Open()
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	h := sha256.New()
	made, err := picture.Render(io.TeeReader(f, h), k.pic, k.pic.Widths())
	var head packed
	if broken, ok := errors.AsType[*picture.BrokenError](err); ok {
		head.Broken = broken.Reason
	} else if err != nil {
		return nil, err
	}
	// What is kept under a content's hash must have been made of that content.
	if _, err := io.Copy(h, f); err != nil || [sha256.Size]byte(h.Sum(nil)) != k.sum {
		return nil, nil
	}
	var body []byte
	for _, m := range made {
		if m.Data != nil {
			head.Made = append(head.Made, packedRendition{m.Width, m.Format, int64(len(m.Data))})
			body = append(body, m.Data...)
		}
	}
	text, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	out := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	return append(append(out, text...), body...), nil
}

// unpack reads what render made. Where the cache keeps it, the bytes stay there.
func (r *renditions) unpack(k *hashed, data []byte, kept bool) (*renditionSet, error) {
	var head packed
	at, err := unpackHead(data, &head)
	if err != nil {
		return nil, err
	}
	s := &renditionSet{broken: head.Broken}
	for _, m := range head.Made {
		if m.Bytes <= 0 || m.Bytes > int64(len(data))-at {
			return nil, errSpoiled
		}
		b := data[at : at+m.Bytes]
		f := &snapshot.File{Hash: sha256.Sum256(b)}
		if kept {
			f.Source = keptRendition{r, *k, at, m.Bytes}
		} else {
			f.Body = snapshot.MakeBody(bytes.Clone(b))
		}
		f.Path = page.RenditionPath(m.Width, f.Hash, extension(m.Format))
		s.files = append(s.files, f)
		s.smaller = append(s.smaller, site.Rendition{Width: m.Width, OutPath: f.Path})
		at += m.Bytes
	}
	return s, nil
}

func unpackHead(data []byte, head *packed) (body int64, err error) {
	if len(data) < 4 {
		return 0, errSpoiled
	}
	end := 4 + int64(binary.BigEndian.Uint32(data))
	if end > int64(len(data)) {
		return 0, errSpoiled
	}
	return end, json.Unmarshal(data[4:end], head)
}

var errSpoiled = errors.New("an entry of the cache can't be read")

func extension(f picture.Format) string {
	if f == picture.JPEG {
		return ".jpg"
	}
	return ".png"
}

// keptRendition is a rendition whose bytes are in the cache. Where they are gone
// from there, it is made once more.
type keptRendition struct {
	r       *renditions
	k       hashed
	at, len int64
}

// Size returns the length in bytes.
func (s keptRendition) Size() int64 { return s.len }

// Open opens the rendition.
func (s keptRendition) Open() (io.ReadSeekCloser, error) {
	key := s.r.key(&s.k)
	if f, err := s.r.store.OpenAt(key, s.at, s.len); err == nil {
		return f, nil
	}
	data, err := render(&s.k)
	if err != nil {
		return nil, err
	}
	if s.at+s.len > int64(len(data)) {
		return nil, fmt.Errorf("%s: %w", s.k.file.Path, errVanished)
	}
	s.r.store.Put(key, data)
	return readSeekNoCloser{bytes.NewReader(data[s.at : s.at+s.len])}, nil
}

type readSeekNoCloser struct{ *bytes.Reader }

// Close does nothing.
func (readSeekNoCloser) Close() error { return nil }

// budget lets work begin while there is room for it.
type budget struct {
	mu         sync.Mutex
	freed      sync.Cond
	free, most int64
}

func newBudget(most int64) *budget {
	b := &budget{free: most, most: most}
	b.freed.L = &b.mu
	return b
}

// take waits for n; for more than there ever is, until all else is done.
func (b *budget) take(n int64) {
	n = min(n, b.most)
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.free < n {
		b.freed.Wait()
	}
	b.free -= n
}

func (b *budget) give(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free += min(n, b.most)
	b.freed.Broadcast()
}
