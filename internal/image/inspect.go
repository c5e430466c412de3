package image

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sync/errgroup"
)

// Inspection says what an image holds.
type Inspection struct {
	Reference string `json:"reference"`
	Digest    string `json:"digest"`
	// Kind is "server" for an image that runs, "content" for one of files alone, and
	// "other" for one that is not Lectern's: then there are no Layers.
	Kind string `json:"kind"`
	// Platforms that it is for, such as linux/amd64.
	Platforms []string  `json:"platforms"`
	Created   time.Time `json:"created,omitzero"`
	// Labels are all that it says of itself.
	Labels map[string]string `json:"labels,omitempty"`
	// Attached is what lies beside it in the registry.
	Attached []Attachment `json:"attached,omitempty"`
	// Layers of all platforms, each once; Size is the sum of theirs, Files that of
	// the site's files.
	Layers []InspectedLayer `json:"layers,omitempty"`
	Size   int64            `json:"size"`
	Files  int              `json:"files"`
	// Difference is what changed since another image, if that was asked for.
	Difference *Difference `json:"difference,omitempty"`
}

// titleLabel is the label with the site's title.
const titleLabel = "org.opencontainers.image.title"

// InspectedLayer is one layer of an image.
type InspectedLayer struct {
	// Name is what it holds, such as "notes 07".
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
	// Files is how many files there are in it.
	Files int `json:"files"`

	descriptor v1.Descriptor
	variant    *variant
	part       *layerPart
}

// Inspect reads what the image holds: of each layer only its beginning, where
// its list of files is.
func (f *Found) Inspect(ctx context.Context) (*Inspection, error) {
	in := &Inspection{Reference: f.Reference, Digest: f.Digest, Kind: "other", Labels: map[string]string{}}
	seen := map[v1.Hash]bool{}
	for i := range f.variants {
		v := &f.variants[i]
		in.describe(v)
		for j, d := range v.manifest.Layers {
			if seen[d.Digest] {
				continue
			}
			seen[d.Digest] = true
			in.Size += d.Size
			in.Layers = append(in.Layers, InspectedLayer{Name: v.layerName(j), Digest: d.Digest.String(), Size: d.Size, descriptor: d, variant: v})
		}
	}
	slices.Sort(in.Platforms)
	in.Platforms = slices.Compact(in.Platforms)
	in.Attached = f.attachments(ctx)
	if in.Kind == "other" {
		in.Layers = nil
		return in, nil
	}
	if err := f.readLists(ctx, in); err != nil {
		return nil, f.at.explain(ctx, err)
	}
	return in, nil
}

// describe takes over what one platform's image says of itself.
func (in *Inspection) describe(v *variant) {
	if v.platform != "" {
		in.Platforms = append(in.Platforms, printable(v.platform))
	}
	if in.Created.IsZero() {
		in.Created = v.config.Created.Time
	}
	for _, from := range []map[string]string{v.manifest.Annotations, v.config.Config.Labels} {
		for name, value := range from {
			if strings.HasPrefix(name, "lectern.") {
				continue // the layers' list, which is told by layer
			}
			in.Labels[printable(name)] = printable(value)
		}
	}
	if v.ours() {
		in.Kind = "content"
		if len(v.config.Config.Entrypoint) > 0 {
			in.Kind = "server"
		}
	}
}

// readLists reads the list of files of each layer.
func (f *Found) readLists(ctx context.Context, in *Inspection) error {
	if most := (Limits{}).withDefaults().Layers; len(in.Layers) > most {
		return badContent("the image has %d layers, more than %d", len(in.Layers), most)
	}
	budget := newBudget(Limits{})
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i := range in.Layers {
		l := &in.Layers[i]
		if isServer(l.Name) {
			l.Files, l.part = 1, &layerPart{}
			continue
		}
		g.Go(func() error {
			r := &layerReader{root: l.variant.root(), budget: budget, first: func(*layerPart) error { return errEnough }}
			body, err := f.blob(gctx, l.descriptor)
			if err != nil {
				return err
			}
			defer body.Close()
			if _, err := r.read(body); err != nil && !errors.Is(err, errEnough) {
				return err
			}
			l.part, l.Files = &r.part, len(r.part.entries)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i := range in.Layers {
		if !isServer(in.Layers[i].Name) {
			in.Files += in.Layers[i].Files
		}
	}
	return nil
}
