package image

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/sync/errgroup"

	"lectern/internal/attest"
)

// Pushed is what a push did.
type Pushed struct {
	// Reference names the image by its first tag, Digest by its content.
	Reference string `json:"reference"`
	Digest    string `json:"digest"`
	// Tags are all that name it now; Unchanged says that all of them did before.
	Tags      []string `json:"tags"`
	Unchanged bool     `json:"unchanged"`
	// Layers are the layers in order.
	Layers []LayerReport `json:"layers"`
	// Attached is what was put beside the image.
	Attached []Attached `json:"attached,omitempty"`
	// Bytes is what was sent, without protocol: layers, configurations, manifests.
	Bytes int64 `json:"bytes"`
	// Milliseconds is how long it took, from the first question to the last tag.
	Milliseconds int64 `json:"milliseconds"`
}

// PushOptions say how an image is pushed, and what is put beside it.
type PushOptions struct {
	// Tags are put to the image; there must be one.
	Tags []string
	// Force moves tags that name another image.
	Force bool
	// Signer, if set, signs the image, and what Provenance says of it.
	Signer *attest.Signer
	// SBOM, if set, makes the bill of materials of an image, which is put beside
	// it. With an index it is asked for that, and for each image in it.
	SBOM func(Subject) (Document, error)
	// Provenance, if set, says how the image was made; it needs a Signer.
	Provenance func(Subject) (attest.Statement, error)
}

// attaches reports whether something is put beside the image.
func (o PushOptions) attaches() bool { return o.Signer != nil || o.SBOM != nil }

// TagExistsError says that a tag already names another image.
type TagExistsError struct{ Reference, Digest string }

// Error names the tag and what it names.
func (e *TagExistsError) Error() string {
	return fmt.Sprintf("%s is there already and is another image (%s)", e.Reference, e.Digest)
}

// Hint says what to do about it.
func (e *TagExistsError) Hint() string {
	return "choose another tag, or move this one with --force; no tag was made or moved"
}

// Push brings the image to a repository, then what is attached to it, and then
// puts tags to it, in that order: whatever fails or breaks off before the end
// leaves all tags as they were, and nobody finds an image by its tag whose
// signature is still missing. A tag that names another image gives a
// [TagExistsError] unless it is forced or "latest", which is there to be moved.
func (im *Image) Push(ctx context.Context, r *Repository, opts PushOptions) (*Pushed, error) {
	p := &push{Image: im, repo: r, opts: opts, states: map[*layer]string{}}
	start := time.Now()
	out, err := p.run(ctx)
	if err != nil {
		return nil, r.explain(ctx, err)
	}
	out.Milliseconds = time.Since(start).Milliseconds()
	return out, nil
}

// push is one push under way.
type push struct {
	*Image
	repo *Repository
	opts PushOptions

	mu       sync.Mutex
	states   map[*layer]string
	bytes    int64
	attached []Attached
	placed   bool // the platforms' manifests are there
}

func (p *push) run(ctx context.Context) (*Pushed, error) {
	if p.opts.Provenance != nil && p.opts.Signer == nil {
		return nil, errors.New("provenance that nobody signs is worth nothing")
	}
	refs := make([]name.Tag, len(p.opts.Tags))
	for i, t := range p.opts.Tags {
		var err error
		if refs[i], err = p.repo.tag(t); err != nil {
			return nil, err
		}
	}
	there, err := p.repo.lookUp(ctx, refs)
	if err != nil {
		return nil, err
	}
	p.believe(p.repo.previous(ctx, refs, there, p.opts.Signer))
	if err := p.learn(ctx, false); err != nil {
		return nil, err
	}
	if err := p.describe(); err != nil {
		return nil, err
	}
	top, err := p.top()
	if err != nil {
		return nil, err
	}
	digest := top.descriptor().Digest
	moving, err := toMove(refs, there, digest, p.opts.Force)
	if err != nil {
		return nil, err
	}
	if err := p.send(ctx, top, moving); err != nil {
		return nil, err
	}
	return p.report(refs, digest, len(moving) == 0)
}

// toMove are the tags that do not name digest yet.
func toMove(refs []name.Tag, there map[name.Tag]v1.Hash, digest v1.Hash, force bool) ([]name.Tag, error) {
	var moving []name.Tag
	for _, ref := range refs {
		was, ok := there[ref]
		switch {
		case ok && was == digest:
			continue
		case ok && !force && ref.TagStr() != "latest":
			return nil, &TagExistsError{ref.Name(), was.String()}
		}
		moving = append(moving, ref)
	}
	return moving, nil
}

// believe takes over what earlier images in the repository say of their layers:
// a registry has the layers of the images that it has.
func (p *push) believe(images []remoteImage) {
	byKey := map[string]facts{}
	for _, img := range images {
		if len(img.config.RootFS.DiffIDs) != len(img.manifest.Layers) {
			continue
		}
		for i, of := range labelsOf(&img.manifest) {
			if d := img.manifest.Layers[i]; of.key != "" && d.Size > 0 {
				byKey[of.key+string(d.MediaType)] = facts{img.config.RootFS.DiffIDs[i], d.Digest, d.Size}
			}
		}
	}
	for _, l := range p.layers() {
		if f, ok := byKey[l.key+string(l.pack.media)]; ok {
			l.mu.Lock()
			l.known = &f
			l.mu.Unlock()
			p.states[l] = "there"
		}
	}
}

// content uploads layers and configurations that the registry lacks.
func (p *push) content(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(p.Image.opts.Jobs)
	for _, l := range p.layers() {
		g.Go(func() error {
			if !p.isThere(l) {
				if err := p.upload(ctx, l); err != nil {
					return err
				}
			}
			return p.tell(l)
		})
	}
	for _, img := range p.images {
		g.Go(func() error {
			p.count(int64(len(img.config)))
			return p.repo.pusher.Upload(ctx, p.repo.repo, static.NewLayer(img.config, types.OCIConfigJSON))
		})
	}
	return g.Wait()
}

func (p *push) isThere(l *layer) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.states[l] == "there"
}

// upload sends one layer, unless the registry has it.
func (p *push) upload(ctx context.Context, l *layer) error {
	sent := &sentLayer{layer: l}
	if err := p.repo.pusher.Upload(ctx, p.repo.repo, sent); err != nil {
		return fmt.Errorf("push the layer %q: %w", l.name, err)
	}
	f, err := l.learn()
	if err != nil {
		return err
	}
	l.drop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.states[l] = "there"
	if sent.opened.Load() {
		p.states[l] = "pushed"
		p.bytes += f.Size
	}
	return nil
}

func (p *push) count(n int64) {
	p.mu.Lock()
	p.bytes += n
	p.mu.Unlock()
}

// tell reports a layer that is done.
func (p *push) tell(l *layer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Image.opts.Progress == nil {
		return nil
	}
	r, err := p.layerReport(l)
	if err == nil {
		p.Image.opts.Progress(r)
	}
	return err
}

func (p *push) layerReport(l *layer) (LayerReport, error) {
	f, err := l.learn()
	return LayerReport{Name: l.name, Digest: f.Digest.String(), Size: f.Size, State: p.states[l]}, err
}

// send brings what the registry lacks. What is attached to an image names its
// digest, so the image is there under that first, and gets its tags at last.
func (p *push) send(ctx context.Context, top manifest, moving []name.Tag) error {
	attaching := p.opts.attaches()
	if len(moving) > 0 {
		if err := p.content(ctx); err != nil {
			return err
		}
		if attaching {
			if err := p.manifests(ctx, top, p.repo.repo.Digest(top.descriptor().Digest.String())); err != nil {
				return err
			}
		}
	}
	if attaching {
		if err := p.attach(ctx, top); err != nil {
			return err
		}
	}
	digest := top.descriptor().Digest
	if err := p.stillFree(ctx, moving, digest); err != nil {
		return err
	}
	for _, t := range moving {
		if err := p.manifests(ctx, top, t); err != nil {
			return err
		}
	}
	return p.settled(ctx, moving, digest)
}

// manifests puts those of the platforms' images, and then the one above them
// under ref.
func (p *push) manifests(ctx context.Context, top manifest, ref name.Reference) error {
	err := p.putAll(ctx, top, ref)
	var te *transport.Error
	if !errors.As(err, &te) || !lacksBlob(te) {
		return err
	}
	// An image that is there lacked layers it has to have: somebody cleaned up
	// too well. So every layer is asked for.
	p.placed = false
	p.mu.Lock()
	clear(p.states)
	p.mu.Unlock()
	if err := p.content(ctx); err != nil {
		return err
	}
	return p.putAll(ctx, top, ref)
}

func (p *push) putAll(ctx context.Context, top manifest, ref name.Reference) error {
	if len(p.images) > 1 && !p.placed {
		for _, img := range p.images {
			m := manifest{img.manifest, types.OCIManifestSchema1}
			if err := p.put(ctx, p.repo.repo.Digest(m.descriptor().Digest.String()), m); err != nil {
				return err
			}
		}
		p.placed = true
	}
	return p.put(ctx, ref, top)
}

func (p *push) put(ctx context.Context, ref name.Reference, m manifest) error {
	if err := p.repo.pusher.Put(ctx, ref, m); err != nil {
		return fmt.Errorf("push the manifest %s: %w", ref.Identifier(), err)
	}
	p.count(int64(len(m.data)))
	return nil
}

// lacksBlob reports whether a registry refused a manifest because it lacks
// what that speaks of.
func lacksBlob(te *transport.Error) bool {
	for _, d := range te.Errors {
		if d.Code == transport.ManifestBlobUnknownErrorCode || d.Code == transport.BlobUnknownErrorCode {
			return true
		}
	}
	return false
}

func (p *push) report(refs []name.Tag, digest v1.Hash, unchanged bool) (*Pushed, error) {
	out := &Pushed{Reference: refs[0].Name(), Digest: digest.String(), Unchanged: unchanged, Attached: p.attached, Bytes: p.bytes}
	for _, ref := range refs {
		out.Tags = append(out.Tags, ref.TagStr())
	}
	for _, l := range p.layers() {
		if unchanged {
			p.states[l] = "there"
		}
		r, err := p.layerReport(l)
		if err != nil {
			return nil, err
		}
		out.Layers = append(out.Layers, r)
	}
	return out, nil
}

var _ remote.Taggable = manifest{}
