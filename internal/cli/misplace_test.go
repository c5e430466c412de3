package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/rogpeppe/go-internal/testscript"

	"lectern/internal/attest"
	"lectern/internal/image"
)

// trusts REPOSITORY TAG KEY makes sure that lectern believes a signature of the
// image, and with ! that it does not.
func cmdTrusts(ts *testscript.TestScript, neg bool, args []string) {
	repo, err := name.NewRepository(args[0])
	ts.Check(err)
	d, err := remote.Head(repo.Tag(args[1]))
	ts.Check(err)
	keys, err := attest.ParsePublicKeys([]byte(ts.ReadFile(args[2])))
	ts.Check(err)
	r, err := image.OpenRepository(args[0], image.RepositoryOptions{})
	ts.Check(err)
	err = r.Verify(context.Background(), d.Digest.String(), attest.Trust{Keys: keys})
	var untrusted *attest.TrustError
	switch {
	case neg && !errors.As(err, &untrusted):
		ts.Fatalf("it is trusted, or something else is wrong: %v", err)
	case !neg:
		ts.Check(err)
	}
}

// misplace [-edit] REPOSITORY FROM TO puts what signs the image FROM beside the
// image TO. With -edit the signed texts are made to speak of TO.
func cmdMisplace(ts *testscript.TestScript, _ bool, args []string) {
	edit := args[0] == "-edit"
	if edit {
		args = args[1:]
	}
	repo, err := name.NewRepository(args[0])
	ts.Check(err)
	var digests [2]string
	for i, tag := range args[1:] {
		d, err := remote.Head(repo.Tag(tag))
		ts.Check(err)
		digests[i] = d.Digest.String()
	}
	for _, suffix := range []string{".sig", ".att"} {
		img, err := remote.Image(repo.Tag(strings.Replace(digests[0], ":", "-", 1) + suffix))
		ts.Check(err)
		if edit {
			img = edited(ts, img, digests[0], digests[1])
		}
		ts.Check(remote.Write(repo.Tag(strings.Replace(digests[1], ":", "-", 1)+suffix), img))
	}
}

// edited is an image of signatures whose texts name another digest.
func edited(ts *testscript.TestScript, img v1.Image, from, to string) v1.Image {
	m, err := img.Manifest()
	ts.Check(err)
	var layers []mutate.Addendum
	for _, d := range m.Layers {
		l, err := img.LayerByDigest(d.Digest)
		ts.Check(err)
		r, err := l.Compressed()
		ts.Check(err)
		var b bytes.Buffer
		_, err = b.ReadFrom(r)
		ts.Check(err)
		layers = append(layers, mutate.Addendum{
			Layer: static.NewLayer(editText(ts, b.Bytes(), from, to), d.MediaType), Annotations: d.Annotations, MediaType: d.MediaType,
		})
	}
	out, err := mutate.Append(mutate.MediaType(empty.Image, types.OCIManifestSchema1), layers...)
	ts.Check(err)
	return out
}

// editText edits a claim, or the statement in an envelope.
func editText(ts *testscript.TestScript, text []byte, from, to string) []byte {
	_, from, _ = strings.Cut(from, ":")
	_, to, _ = strings.Cut(to, ":")
	var envelope map[string]any
	ts.Check(json.Unmarshal(text, &envelope))
	if _, ok := envelope["payload"]; !ok {
		return bytes.ReplaceAll(text, []byte(from), []byte(to))
	}
	var typed struct{ Payload []byte }
	ts.Check(json.Unmarshal(text, &typed))
	envelope["payload"] = bytes.ReplaceAll(typed.Payload, []byte(from), []byte(to))
	out, err := json.Marshal(envelope)
	ts.Check(err)
	return out
}
