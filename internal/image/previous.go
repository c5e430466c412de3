package image

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"lectern/internal/attest"
)

// remoteImage is what is known of an image in the repository.
type remoteImage struct {
	manifest v1.Manifest
	config   v1.ConfigFile
}

// lookUp asks which images the tags name; one that is not there is left out.
func (r *Repository) lookUp(ctx context.Context, refs []name.Tag) (map[name.Tag]v1.Hash, error) {
	there := map[name.Tag]v1.Hash{}
	for _, ref := range refs {
		d, err := r.puller.Head(ctx, ref)
		switch {
		case err == nil:
			there[ref] = d.Digest
		case !isMissing(err):
			return nil, err
		}
	}
	return there, nil
}

// isMissing reports whether err says that there is no such tag, or no such
// repository yet.
func isMissing(err error) bool {
	var te *transport.Error
	return errors.As(err, &te) && te.StatusCode == http.StatusNotFound
}

// previous returns the images from which layers may be taken over: that of the
// first tag that is there, else of the newest tag. To know none is no failure,
// for then all layers are made.
//
// What is signed must not depend on what somebody without the key put there, so
// with a signer only an image that it signed itself is believed.
func (r *Repository) previous(ctx context.Context, refs []name.Tag, there map[name.Tag]v1.Hash, signer *attest.Signer) []remoteImage {
	ref, ok := r.before(ctx, refs, there)
	if !ok {
		return nil
	}
	d, err := r.puller.Get(ctx, ref)
	if err != nil {
		return nil
	}
	if signer != nil && r.Verify(ctx, d.Digest.String(), attest.Trust{Keys: []attest.PublicKey{signer.Public()}}) != nil {
		return nil
	}
	return images(d)
}

// before is the tag of the image to look at, if there is one.
func (r *Repository) before(ctx context.Context, refs []name.Tag, there map[name.Tag]v1.Hash) (name.Tag, bool) {
	for _, ref := range refs {
		if _, ok := there[ref]; ok {
			return ref, true
		}
	}
	tags, err := r.puller.List(ctx, r.repo)
	if err != nil {
		return name.Tag{}, false
	}
	t := newestTag(tags)
	return r.repo.Tag(t), t != ""
}

// newestTag is the tag that ends in the latest time, as "auto" makes them, else
// "latest", else the last one. Tags of signatures and the like name no image.
func newestTag(tags []string) string {
	newest, best := "", int64(-1)
	for _, t := range tags {
		if isBeside(t) {
			continue
		}
		n := int64(0)
		if i := strings.LastIndexByte(t, '-'); i >= 0 {
			n, _ = strconv.ParseInt(t[i+1:], 10, 64) // no number counts as none
		}
		if n == 0 && t == "latest" {
			n = 1
		}
		if n >= best {
			newest, best = t, n
		}
	}
	return newest
}

// images are the images that d describes, each read by its digest.
func images(d *remote.Descriptor) []remoteImage {
	manifests := []v1.Image{}
	if d.MediaType.IsIndex() {
		index, err := d.ImageIndex()
		if err != nil {
			return nil
		}
		list, err := index.IndexManifest()
		if err != nil {
			return nil
		}
		for _, m := range list.Manifests[:min(len(list.Manifests), maxImages)] {
			if img, err := index.Image(m.Digest); err == nil {
				manifests = append(manifests, img)
			}
		}
	} else if img, err := d.Image(); err == nil {
		manifests = append(manifests, img)
	}
	var out []remoteImage
	for _, img := range manifests {
		var ri remoteImage
		m, err := img.RawManifest()
		if err != nil || json.Unmarshal(m, &ri.manifest) != nil {
			continue
		}
		c, err := img.RawConfigFile()
		if err != nil || json.Unmarshal(c, &ri.config) != nil {
			continue
		}
		out = append(out, ri)
	}
	return out
}
