package image

import (
	"fmt"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// Reference names an image in a registry, by a tag that may move, by its
// digest, or by both: then the digest counts.
type Reference struct {
	// Repository is as in "registry.example.org/talks/notes".
	Repository string
	// Tag and Digest ("sha256:…") are "" where they are not given.
	Tag, Digest string
}

// ParseReference reads REPOSITORY[:TAG][@sha256:…]. Without tag and digest the
// tag is "latest".
func ParseReference(s string) (Reference, error) {
	rest, digest, pinned := strings.Cut(s, "@")
	ref := Reference{Digest: digest}
	if pinned {
		if h, err := v1.NewHash(digest); err != nil || h.Algorithm != "sha256" {
			return ref, &NameError{fmt.Sprintf("%q is no digest", digest), "a digest is sha256: and 64 hexadecimal digits"}
		}
	}
	ref.Repository, ref.Tag = SplitTag(rest)
	if ref.Tag == "" && !pinned {
		ref.Tag = "latest"
	}
	return ref, nil
}

// String is the reference as people write it.
func (r Reference) String() string {
	s := r.Repository
	if r.Tag != "" {
		s += ":" + r.Tag
	}
	if r.Digest != "" {
		s += "@" + r.Digest
	}
	return s
}

// reference is what a registry is asked for.
func (r *Repository) reference(ref Reference) (name.Reference, error) {
	if ref.Digest != "" {
		return r.repo.Digest(ref.Digest), nil
	}
	return r.tag(ref.Tag)
}
