// Package image makes a container image of a [snapshot.Snapshot] and brings it
// to a registry, with no daemon, no Dockerfile and no root.
//
// The same site, server and options give the same image, to the byte, wherever
// it is made: entries are sorted, belong to root, have fixed modes and no time
// of their own. The commit's time stands in the image's configuration alone:
// in the layers it would make all of them new with each commit.
//
// An image is made of many small layers, so that one corrected letter moves
// little; see [sortFiles]. Each layer has a key made of all that its bytes
// depend on. Who knows the key's digest from an earlier time, be it from the
// image that the registry has or from a [Memory], need not read, pack or
// compress the layer again. The manifest is the last thing that is pushed, so
// whatever breaks off before leaves the tag as it was.
//
// It is the one package that knows the container libraries.
package image

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"lectern/internal/snapshot"
)

// Site is what goes into an image.
type Site struct {
	Snapshot *snapshot.Snapshot
	// NotePage reports whether the file at path is a note's page. The files
	// beside it and those of the sections above it go into the same layer.
	NotePage func(path string) bool
	// Settings are what the server is to know beside the files.
	Settings snapshot.Settings
}

// Server is the program that shows the site, for one platform.
type Server struct {
	// Platform is as in "linux/arm64" or "linux/arm/v7".
	Platform string
	// Binary is a static ELF program; see [CheckBinary].
	Binary []byte
}

// Options say what an image tells of itself.
type Options struct {
	// Servers are one for each platform. With more than one the image is an
	// index of images that share all layers but the server's.
	Servers []Server
	// ContentOnly makes an image of the site's files alone, at its root: for a
	// volume in Kubernetes, beside a server that is there already. It has no Servers.
	ContentOnly bool
	// Created is the commit's time.
	Created time.Time
	// Title, Version (of the site), Revision (the commit) and Source (the
	// repository's address) become labels and annotations; "" is left out.
	Title, Version, Revision, Source string
	// Compression is that of the layers.
	Compression Compression
	// Jobs is how many layers are worked on at once; 0 is 4.
	Jobs int
	// Memory, if set, keeps what layers' digests are from one run to the next.
	Memory Memory
	// Progress, if set, is told of each layer, by one goroutine at a time.
	Progress func(LayerReport)
}

// Memory keeps small values by key. It may forget them at any time, and is used
// by several goroutines at once.
type Memory interface {
	Get(key string) ([]byte, bool)
	Put(key string, value []byte)
}

// LayerReport says what became of a layer.
type LayerReport struct {
	// Name is what the layer holds, such as "notes 07".
	Name string `json:"name"`
	// Digest and Size are those of the compressed layer.
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
	// State is "pushed", "there" if the registry had it already, or "written".
	State string `json:"state"`
}

// Image is a site's image, for one platform or for several.
type Image struct {
	opts   Options
	shared []*layer // the site's, in order
	images []*platformImage
}

// platformImage is the image for one platform; manifest and config are there
// once all layers are known.
type platformImage struct {
	platform v1.Platform
	layers   []*layer
	config   []byte
	manifest []byte
}

// mount is where a server finds the site.
const mount = "site"

// New plans the image of s. No content of the site is read yet.
func New(s Site, opts Options) (*Image, error) {
	if (len(opts.Servers) == 0) != opts.ContentOnly {
		return nil, errors.New("an image needs a server, unless it is of content only")
	}
	if opts.Jobs <= 0 {
		opts.Jobs = 4
	}
	opts.Created = opts.Created.UTC().Truncate(time.Second)
	opts.Servers = slices.Clone(opts.Servers)
	slices.SortFunc(opts.Servers, func(a, b Server) int { return cmp.Compare(a.Platform, b.Platform) })
	pack, err := newPacker(opts.Compression)
	if err != nil {
		return nil, err
	}
	root := mount
	if opts.ContentOnly {
		root = ""
	}
	shared, err := siteLayers(s, root, pack)
	if err != nil {
		return nil, err
	}
	im := &Image{opts: opts, shared: shared}
	if opts.ContentOnly {
		// Files are of no platform, but who pulls looks for its own.
		for _, arch := range []string{"amd64", "arm64"} {
			im.images = append(im.images, &platformImage{platform: v1.Platform{OS: "linux", Architecture: arch}, layers: shared})
		}
	}
	for i, srv := range opts.Servers {
		if i > 0 && opts.Servers[i-1].Platform == srv.Platform {
			return nil, fmt.Errorf("two servers for %s", srv.Platform)
		}
		p, err := parsePlatform(srv.Platform)
		if err != nil {
			return nil, err
		}
		if err := CheckBinary(srv.Platform, srv.Binary); err != nil {
			return nil, err
		}
		layers := append([]*layer{serverLayer(srv, pack)}, shared...)
		im.images = append(im.images, &platformImage{platform: p, layers: layers})
	}
	return im, nil
}

func parsePlatform(s string) (v1.Platform, error) {
	parts := strings.Split(s, "/")
	if len(parts) < 2 || len(parts) > 3 || parts[0] != "linux" || slices.Contains(parts, "") {
		return v1.Platform{}, fmt.Errorf("%q is not a platform such as linux/arm64", s)
	}
	p := v1.Platform{OS: parts[0], Architecture: parts[1]}
	if len(parts) == 3 {
		p.Variant = parts[2]
	}
	return p, nil
}

// Layers is how many layers there are, those of all platforms counted once.
func (im *Image) Layers() int { return len(im.opts.Servers) + len(im.shared) }

// layers are all layers of all platforms, each once.
func (im *Image) layers() []*layer {
	var out []*layer
	for _, p := range im.images[:len(im.opts.Servers)] {
		out = append(out, p.layers[0]) // the server
	}
	return append(out, im.shared...)
}
