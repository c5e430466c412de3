package image

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sync/errgroup"

	"lectern/internal/snapshot"
)

// Contents keeps files by the hash of their content. It may be used by many
// goroutines at once.
type Contents interface {
	// Has reports whether the content with this hash is there.
	Has(h snapshot.Digest) bool
	// Add keeps what r gives, which is of that hash and size, or fails.
	Add(h snapshot.Digest, size int64, r io.Reader) error
}

// PullOptions say how an image is read.
type PullOptions struct {
	Limits Limits
	// Jobs is how many layers are read at once; 0 is 4.
	Jobs int
	// Memory, if set, keeps what layers hold, so that one whose files are all
	// there is not asked for again.
	Memory Memory
	// Platform is preferred, if there are several; all hold the same site.
	Platform string
}

// Pulled is a site that was read from an image.
type Pulled struct {
	// Digest is the image's. Title, Version and Revision are what it says of itself.
	Digest, Title, Version, Revision string
	Created                          time.Time
	// Files are the site's; their content is where it was put.
	Files    []*snapshot.File
	Settings snapshot.Settings
	// Layers is how many hold something of the site, Fetched how many of them were
	// read, and Bytes how many bytes that took.
	Layers, Fetched int
	Bytes           int64
}

// Pull brings the site of the image to a place for contents, and reads of its
// layers only those of which something is not there yet. Whatever the image
// holds, a file is only taken for the site's if it has the size and the hash
// that the image's own list of files says, and the image, all layers and what
// they are listed in have the digests that they are asked for by.
func (f *Found) Pull(ctx context.Context, to Contents, opts PullOptions) (*Pulled, error) {
	v, err := f.choose(opts.Platform)
	if err != nil {
		return nil, err
	}
	p := &pulling{Found: f, variant: v, opts: opts, to: to, budget: newBudget(opts.Limits)}
	if err := p.layers(ctx); err != nil {
		return nil, f.at.explain(ctx, err)
	}
	return p.result()
}

// choose returns the image of the platform, or else one that is as good.
func (f *Found) choose(platform string) (*variant, error) {
	var chosen *variant
	for i := range f.variants {
		v := &f.variants[i]
		if v.ours() && (chosen == nil || v.platform == platform) {
			chosen = v
		}
	}
	if chosen == nil {
		return nil, &NotOursError{f.Reference}
	}
	return chosen, nil
}

// pulling is one Pull under way.
type pulling struct {
	*Found
	variant *variant
	opts    PullOptions
	to      Contents
	budget  *budget

	mu      sync.Mutex
	parts   []*layerPart // by layer; nil for a server's
	fetched int
	bytes   int64
}

// layers reads what is not there.
func (p *pulling) layers(ctx context.Context) error {
	list := p.variant.manifest.Layers
	limits := p.opts.Limits.withDefaults()
	if len(list) > limits.Layers {
		return badContent("the image has %d layers, more than %d", len(list), limits.Layers)
	}
	room := limits.Bytes
	for _, d := range list {
		if d.Size < 0 || d.Size > room {
			return badContent("the image's layers are larger than is taken from any")
		}
		room -= d.Size
	}
	p.parts = make([]*layerPart, len(list))
	jobs := p.opts.Jobs
	if jobs <= 0 {
		jobs = 4
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(jobs)
	for i, d := range list {
		if isServer(p.variant.layerName(i)) || slices.ContainsFunc(list[:i], func(o v1.Descriptor) bool { return o.Digest == d.Digest }) {
			continue
		}
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if p.remembered(i, d) {
				return nil
			}
			return p.fetch(ctx, i, d)
		})
	}
	return g.Wait()
}

// memoryKey names what a layer holds. It depends on nothing but the layer's
// bytes and where in it the site is.
func (p *pulling) memoryKey(d v1.Descriptor) string {
	return "contents 1 " + p.variant.root() + " " + d.Digest.String()
}

// remembered reports whether it is known what the layer holds and all of it is
// there.
func (p *pulling) remembered(i int, d v1.Descriptor) bool {
	if p.opts.Memory == nil {
		return false
	}
	data, ok := p.opts.Memory.Get(p.memoryKey(d))
	if !ok {
		return false
	}
	part := &layerPart{}
	if json.Unmarshal(data, part) != nil || part.parse() != nil {
		return false // whatever it is, it is not ours
	}
	for _, e := range part.entries {
		if !p.to.Has(e.Hash) {
			return false
		}
	}
	p.parts[i] = part
	return true
}

// fetch reads one layer, a second time if some of its files came before what
// lists them.
func (p *pulling) fetch(ctx context.Context, i int, d v1.Descriptor) error {
	r := &layerReader{root: p.variant.root(), budget: p.budget, file: func(e snapshot.Entry, content io.Reader) error {
		if p.to.Has(e.Hash) {
			return nil
		}
		return p.to.Add(e.Hash, e.Size, content)
	}}
	for pass := 0; ; pass++ {
		missed, err := p.read(ctx, r, d)
		if err != nil {
			return err
		}
		if !missed {
			break
		}
		if pass > 0 {
			return errors.New("a layer is another one when it is read again")
		}
	}
	p.parts[i] = &r.part
	if p.opts.Memory != nil {
		if data, err := json.Marshal(&r.part); err == nil {
			p.opts.Memory.Put(p.memoryKey(d), data)
		}
	}
	return nil
}

func (p *pulling) read(ctx context.Context, r *layerReader, d v1.Descriptor) (missed bool, err error) {
	body, err := p.blob(ctx, d)
	if err != nil {
		return false, err
	}
	defer body.Close()
	missed, err = r.read(body)
	if err == nil {
		p.mu.Lock()
		p.fetched++
		p.bytes += d.Size
		p.mu.Unlock()
	}
	return missed, err
}

// result puts together what the layers hold.
func (p *pulling) result() (*Pulled, error) {
	out := &Pulled{
		Digest: p.Digest, Title: p.variant.label("title"), Version: p.variant.label("version"), Revision: p.variant.label("revision"),
		Created: p.variant.config.Created.Time, Fetched: p.fetched, Bytes: p.bytes,
	}
	var settings []byte
	parts := 0
	for _, part := range p.parts {
		if part == nil || len(part.Parts) == 0 {
			continue
		}
		out.Layers++
		parts += len(part.Parts)
		if part.Settings != nil {
			if settings != nil {
				return nil, badContent("two layers hold the site's settings")
			}
			settings = part.Settings
		}
	}
	if settings == nil {
		return nil, badContent("no layer holds the site's settings")
	}
	var err error
	if out.Settings, err = snapshot.ParseSettings(settings); err != nil {
		return nil, badContent("the site's settings can't be read: %v", err)
	}
	if parts != out.Settings.Parts {
		return nil, badContent("%d of the site's %d parts are there", parts, out.Settings.Parts)
	}
	out.Files, err = p.files(out.Settings)
	return out, err
}

// files lists the site's files, and makes sure that they are no more than may be.
func (p *pulling) files(settings snapshot.Settings) ([]*snapshot.File, error) {
	authored := make(map[string]bool, len(settings.Authored))
	for _, path := range settings.Authored {
		authored[path] = true
	}
	limits := p.opts.Limits.withDefaults()
	var files []*snapshot.File
	var size int64
	for _, part := range p.parts {
		if part == nil {
			continue
		}
		for _, e := range part.entries {
			size += e.Size
			if len(files) == limits.Files || size > limits.Bytes || size < 0 {
				return nil, badContent("the image holds more than is taken from any")
			}
			files = append(files, &snapshot.File{Path: e.Path, Hash: e.Hash, Rendered: !authored[e.Path], Source: kept(e.Size)})
		}
	}
	slices.SortFunc(files, func(a, b *snapshot.File) int { return strings.Compare(a.Path, b.Path) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, badContent("the file %q is there twice", files[i].Path)
		}
	}
	return files, nil
}

// kept is a content that is elsewhere; only its size is asked for.
type kept int64

// Open is for whom has the content.
func (k kept) Open() (io.ReadSeekCloser, error) {
	return nil, errors.New("its content is where it was pulled to")
}

// Size is the content's length in bytes.
func (k kept) Size() int64 { return int64(k) }
