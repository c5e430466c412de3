package image

import (
	"context"
	"fmt"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// TagTakenError says that somebody else pushed another image under the tag at
// the same time, and that it is theirs now.
type TagTakenError struct{ Reference, Digest string }

// Error names the tag and what it names.
func (e *TagTakenError) Error() string {
	return fmt.Sprintf("somebody else moved %s at the same time: it is another image now (%s)", e.Reference, e.Digest)
}

// Hint says what to do about it.
func (e *TagTakenError) Hint() string {
	return "this image is there as well, under its digest; choose another tag, or move this one with --force"
}

// Registries know no way to put a tag only if it is not there, so two who push
// one tag at once can't be kept apart for sure. But layers take long and tags
// do not: asking again between them leaves little room for it, and asking after
// them tells who came too early.

// stillFree asks once more for tags that were not there when the push began.
func (p *push) stillFree(ctx context.Context, tags []name.Tag, digest v1.Hash) error {
	t, other, err := p.taken(ctx, tags, digest)
	if err == nil && other != "" {
		return &TagExistsError{t.Name(), other}
	}
	return err
}

// settled makes sure that tags which this push has put are still its own.
func (p *push) settled(ctx context.Context, tags []name.Tag, digest v1.Hash) error {
	t, other, err := p.taken(ctx, tags, digest)
	if err == nil && other != "" {
		return &TagTakenError{t.Name(), other}
	}
	return err
}

// taken is the first of the tags that names another image, if it may not: with
// --force, and for "latest", whoever comes last is right.
func (p *push) taken(ctx context.Context, tags []name.Tag, digest v1.Hash) (tag name.Tag, other string, err error) {
	var own []name.Tag
	for _, t := range tags {
		if !p.opts.Force && t.TagStr() != "latest" {
			own = append(own, t)
		}
	}
	there, err := p.repo.lookUp(ctx, own)
	if err != nil {
		return tag, "", err
	}
	for _, t := range own {
		if d, ok := there[t]; ok && d != digest {
			return t, d.String(), nil
		}
	}
	return tag, "", nil
}
