package image

import (
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// What is signed is made here: an image that somebody without the key put into
// the repository, with the keys of our layers and content of his own, is not
// believed. One that was signed with the key is.
func TestSignedBelievesOwnAlone(t *testing.T) {
	r, ref := serve(t, nil)
	signer, _ := newSigner(t)
	push1(t, plan(t, files(40), nil), r, "v1")
	honest := manifestOf(t, ref+":v1")

	foreign := []byte("content of somebody else")
	if err := r.pusher.Upload(t.Context(), r.repo, static.NewLayer(foreign, types.OCILayer)); err != nil {
		t.Fatal(err)
	}
	forged := *honest.DeepCopy()
	for i := range forged.Layers {
		forged.Layers[i].Digest, forged.Layers[i].Size = hashOf(foreign), int64(len(foreign))
	}
	data, err := encode(forged)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.pusher.Put(t.Context(), r.repo.Tag("v1"), manifest{data, types.OCIManifestSchema1}); err != nil {
		t.Fatal(err)
	}

	signed := func(tag string) *Image {
		t.Helper()
		im := plan(t, files(40), nil)
		if _, err := im.Push(t.Context(), r, PushOptions{Tags: []string{tag}, Force: true, Signer: signer}); err != nil {
			t.Fatal(err)
		}
		for i, l := range manifestOf(t, ref+":"+tag).Layers {
			if l.Digest != honest.Layers[i].Digest {
				t.Errorf("%s: the layer %d is %s, want %s", tag, i, l.Digest, honest.Layers[i].Digest)
			}
		}
		return im
	}
	signed("v1")
	for _, l := range signed("v1").layers() {
		if l.made {
			t.Errorf("%s was made again", l.name)
		}
	}
}
