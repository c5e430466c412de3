package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"net/http"
	"path"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// maxDescription is the longest manifest or configuration that is read.
const maxDescription = 8 << 20

// maxImages is how many images of an index are looked at.
const maxImages = 64

// Found is an image that was found somewhere, as far as it describes itself:
// its layers are read when they are asked for.
type Found struct {
	// Reference is where it was found, Digest what its bytes are known by.
	Reference, Digest string

	at       blobs
	variants []variant
	isIndex  bool
}

// variant is the image for one platform.
type variant struct {
	platform string
	digest   v1.Hash
	manifest v1.Manifest
	config   v1.ConfigFile
}

// blobs is a place that has an image's blobs.
type blobs interface {
	// open opens the blob that d describes. What it gives is not verified.
	open(ctx context.Context, d v1.Descriptor) (io.ReadCloser, error)
	// manifest returns the manifest with this digest.
	manifest(ctx context.Context, d v1.Descriptor) ([]byte, error)
	// explain says what an error of the place means.
	explain(ctx context.Context, err error) error
}

// NotOursError says that an image holds no website of Lectern's.
type NotOursError struct{ Reference string }

// Error names the image.
func (e *NotOursError) Error() string { return e.Reference + " holds no website of lectern's" }

// Hint says what to do about it.
func (e *NotOursError) Hint() string { return "make and push one with: lectern publish" }

// Resolve returns the digest that the reference has now. It costs the registry
// one small answer.
func (r *Repository) Resolve(ctx context.Context, ref Reference) (string, error) {
	n, err := r.reference(ref)
	if err != nil {
		return "", err
	}
	if ref.Digest != "" {
		return ref.Digest, nil
	}
	ctx, cancel := soon(ctx)
	defer cancel()
	d, err := r.puller.Head(ctx, n)
	if err == nil {
		return d.Digest.String(), nil
	}
	var refused *transport.Error
	if ctx.Err() != nil || errors.As(err, &refused) && refused.StatusCode != http.StatusMethodNotAllowed || worthRetrying(err) {
		return "", r.explainPull(ctx, ref, err)
	}
	// Some registries don't say enough in the header alone.
	full, err := r.puller.Get(ctx, n)
	if err != nil {
		return "", r.explainPull(ctx, ref, err)
	}
	return full.Digest.String(), nil
}

// Find looks up what the reference names.
func (r *Repository) Find(ctx context.Context, ref Reference) (*Found, error) {
	n, err := r.reference(ref)
	if err != nil {
		return nil, err
	}
	soon, cancel := soon(ctx)
	defer cancel()
	d, err := r.puller.Get(soon, n)
	if err != nil {
		return nil, r.explainPull(soon, ref, err)
	}
	f := &Found{Reference: ref.String(), Digest: d.Digest.String(), at: remoteBlobs{r, ref}}
	return f, f.describe(ctx, d.Manifest)
}

// describe reads what the image, or each of an index, says of itself.
func (f *Found) describe(ctx context.Context, top []byte) error {
	var both struct {
		Manifests []v1.Descriptor `json:"manifests"`
		Layers    json.RawMessage `json:"layers"`
	}
	if err := json.Unmarshal(top, &both); err != nil {
		return badContent("the manifest of %s can't be read: %v", f.Reference, err)
	}
	if both.Layers != nil {
		return f.addVariant(ctx, top, nil)
	}
	f.isIndex = true
	for _, d := range both.Manifests {
		if !d.MediaType.IsImage() || d.Platform != nil && d.Platform.OS == "unknown" {
			continue // an attestation, say
		}
		if len(f.variants) == maxImages {
			return badContent("%s is an index of more than %d images", f.Reference, maxImages)
		}
		data, err := f.at.manifest(ctx, d)
		if err != nil {
			return f.at.explain(ctx, err)
		}
		if err := f.addVariant(ctx, data, d.Platform); err != nil {
			return err
		}
	}
	if len(f.variants) == 0 {
		return &NotOursError{f.Reference}
	}
	return nil
}

func (f *Found) addVariant(ctx context.Context, data []byte, p *v1.Platform) error {
	v := variant{digest: hashOf(data)}
	if err := json.Unmarshal(data, &v.manifest); err != nil {
		return badContent("a manifest of %s can't be read: %v", f.Reference, err)
	}
	config, err := f.small(ctx, v.manifest.Config)
	if err != nil {
		return err
	}
	// What is no image (a signature, say) need not have a configuration.
	if json.Unmarshal(config, &v.config) != nil {
		v.config = v1.ConfigFile{}
	}
	if p == nil {
		p = &v1.Platform{OS: v.config.OS, Architecture: v.config.Architecture, Variant: v.config.Variant}
	}
	v.platform = strings.Trim(path.Join(p.OS, p.Architecture, p.Variant), "/")
	f.variants = append(f.variants, v)
	return nil
}

// small reads a small blob whole.
func (f *Found) small(ctx context.Context, d v1.Descriptor) ([]byte, error) {
	if d.Size > maxDescription {
		return nil, badContent("%s says that its configuration has %d bytes", f.Reference, d.Size)
	}
	r, err := f.blob(ctx, d)
	if err != nil {
		return nil, f.at.explain(ctx, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, f.at.explain(ctx, err)
	}
	return data, nil
}

// blob opens a blob: whoever reads it to the end has the bytes that d names.
func (f *Found) blob(ctx context.Context, d v1.Descriptor) (io.ReadCloser, error) {
	if d.Digest.Algorithm != "sha256" || d.Size < 0 {
		return nil, badContent("%s names a blob %q of %d bytes", f.Reference, printable(d.Digest.String()), d.Size)
	}
	r, err := openPaced(ctx, patience, func(ctx context.Context) (io.ReadCloser, error) { return f.at.open(ctx, d) })
	if err != nil {
		return nil, err
	}
	return &verified{ReadCloser: r, want: d, hash: sha256.New()}, nil
}

// verified fails at the end of a blob that is not the one.
type verified struct {
	io.ReadCloser
	want v1.Descriptor
	hash hash.Hash
	n    int64
}

func (v *verified) Read(p []byte) (int, error) {
	n, err := v.ReadCloser.Read(p)
	v.n += int64(n)
	_, _ = v.hash.Write(p[:n]) // a hash never fails
	switch {
	case v.n > v.want.Size:
		return 0, v.lie()
	case !errors.Is(err, io.EOF):
		return n, err
	case v.n < v.want.Size:
		return n, io.ErrUnexpectedEOF
	case hex.EncodeToString(v.hash.Sum(nil)) != v.want.Digest.Hex:
		return 0, v.lie()
	}
	return n, err
}

func (v *verified) lie() error {
	return &lieError{v.want.Digest.String()}
}

// lieError says that a place gave other bytes than were asked for.
type lieError struct{ digest string }

func (e *lieError) Error() string { return "it sends other bytes than those of " + e.digest }

// Hint says what to do about it.
func (e *lieError) Hint() string {
	return "its storage is damaged, or somebody on the way changes what is sent; nothing of it is used"
}

// ours reports whether the image was made by Lectern: its layers are named, or,
// where a tool dropped that, its server is started as ours is.
func (v *variant) ours() bool {
	for i := range v.manifest.Layers {
		if v.layerName(i) != "" {
			return true
		}
	}
	e := v.config.Config.Entrypoint
	return len(e) > 2 && e[0] == "/lectern" && e[2] == "--snapshot"
}

// layerName is what layer i holds, such as "notes 07"; "" if nobody says.
func (v *variant) layerName(i int) string {
	if all := labelsOf(&v.manifest); all != nil {
		return printable(all[i].name)
	}
	return ""
}

// isServer reports whether a layer of that name holds a server, and nothing of
// the site.
func isServer(layerName string) bool { return strings.HasPrefix(layerName, "server ") }

// root is the folder of the image in which the site lies.
func (v *variant) root() string {
	e := v.config.Config.Entrypoint
	for i := range e {
		if e[i] == "--snapshot" && i+1 < len(e) {
			return strings.Trim(path.Clean("/"+e[i+1]), "/")
		}
	}
	return ""
}

// label is what the image says of itself under that name of the OCI image spec.
func (v *variant) label(name string) string {
	name = "org.opencontainers.image." + name
	if s := v.config.Config.Labels[name]; s != "" {
		return printable(s)
	}
	return printable(v.manifest.Annotations[name])
}

// remoteBlobs are those of a repository.
type remoteBlobs struct {
	repo *Repository
	ref  Reference
}

func (b remoteBlobs) open(ctx context.Context, d v1.Descriptor) (io.ReadCloser, error) {
	l, err := b.repo.puller.Layer(ctx, b.repo.repo.Digest(d.Digest.String()))
	if err != nil {
		return nil, err
	}
	return l.Compressed()
}

func (b remoteBlobs) manifest(ctx context.Context, d v1.Descriptor) ([]byte, error) {
	ctx, cancel := soon(ctx)
	defer cancel()
	m, err := b.repo.puller.Get(ctx, b.repo.repo.Digest(d.Digest.String()))
	if err != nil {
		if slow, ok := context.Cause(ctx).(*slowError); ok {
			return nil, slow
		}
		return nil, err
	}
	return m.Manifest, nil
}

func (b remoteBlobs) explain(ctx context.Context, err error) error {
	return b.repo.explainPull(ctx, b.ref, err)
}

// explainPull makes a [RegistryError] of what went wrong while an image was
// looked up or read.
func (r *Repository) explainPull(ctx context.Context, ref Reference, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
		if _, slow := err.(*slowError); !slow {
			return err
		}
	}
	var own interface{ Hint() string }
	if errors.As(err, &own) {
		var lie *lieError
		var slow *slowError
		if errors.As(err, &lie) || errors.As(err, &slow) {
			return &RegistryError{Repository: r.repo.Name(), What: err.Error(), Err: err, hint: own.Hint()}
		}
		return err
	}
	what, hint := r.reason(err)
	if te, ok := errors.AsType[*transport.Error](err); ok {
		switch {
		case te.StatusCode == http.StatusNotFound && ref.Tag != "" && ref.Digest == "":
			what, hint = "there is no image "+ref.Tag+", or you may not see it", "look at the name and the tag, or log in (docker login "+r.repo.RegistryStr()+")"
		case te.StatusCode == http.StatusNotFound:
			what, hint = "there is no image "+ref.Digest+", or you may not see it", "look at the name and the digest, or log in (docker login "+r.repo.RegistryStr()+")"
		case te.StatusCode == http.StatusForbidden:
			what, hint = "you may not read there", "ask for the right to pull from it"
		}
	}
	hint = strings.TrimPrefix(hint, "nothing was tagged; ")
	return &RegistryError{Repository: r.repo.Name(), What: what, Err: err, hint: hint}
}
