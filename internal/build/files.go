package build

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/picture"
	"lectern/internal/site"
	"lectern/internal/snapshot"
	"lectern/internal/source"
)

// hashed is what is known of a file that is published beside the notes.
type hashed struct {
	file *source.File
	// sum is the hash of what is published of it.
	sum [sha256.Size]byte
	// pic is set for a picture, broken for what should be one.
	pic    *picture.Info
	broken string
	// strip is what is known of a film, or another file with a place in it.
	strip picture.Stripped
}

// publish looks into the files that are published beside the notes, where they
// changed: their hashes, and what pages must know of pictures. A file that
// can't be read is left out, with a finding.
func (b *Builder) publish(ctx context.Context) error {
	files := make([]*snapshot.File, len(b.site.Files))
	known := make([]hashed, len(files))
	findings := make([]*diag.Diagnostic, len(files))
	err := b.each(ctx, len(files), 0, 0, func(i int) error {
		f := b.tree.Lookup(b.site.Files[i].Path)
		if f == nil {
			return fmt.Errorf("put the site together: %s: %w", b.site.Files[i].Path, errVanished)
		}
		k, ok := b.hashes[f.Path]
		if !ok || !k.file.Same(f) {
			if findings[i] = b.look(f, &k); findings[i] != nil {
				return nil
			}
		}
		k.file = f
		known[i] = k
		files[i] = &snapshot.File{Path: b.site.Files[i].OutPath, Hash: k.sum, Source: k.source()}
		return nil
	})
	if err != nil {
		return err
	}
	clear(b.hashes)
	for i, f := range files {
		if f != nil {
			b.hashes[known[i].file.Path] = known[i]
		}
		if findings[i] != nil {
			b.diags = append(b.diags, *findings[i])
		}
	}
	b.published = slices.DeleteFunc(files, func(f *snapshot.File) bool { return f == nil })
	b.renditions.forget(b.hashes)
	b.describe()
	return nil
}

// look reads what is to be known of f into k. What keeps f from being
// published is a finding.
func (b *Builder) look(f *source.File, k *hashed) *diag.Diagnostic {
	*k = hashed{}
	if b.foreignContent(f) {
		return &diag.Diagnostic{
			Position: diag.Position{File: f.Path, Line: 1, Col: 1}, Severity: diag.Error, Rule: "content-format",
			Message: "this is a page in a format other than Markdown, which is not supported, and is left out", Hint: "write it in Markdown; HTML may stand in a .md file",
		}
	}
	n, err := k.read(f)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && n != f.Bytes:
		return &diag.Diagnostic{
			Position: diag.Position{File: f.Path}, Severity: diag.Warning, Rule: "file-changing",
			Message: "this file changed while it was read and is left out of this build", Hint: "build again when it is written",
		}
	case err != nil:
		return &diag.Diagnostic{
			Position: diag.Position{File: f.Path}, Severity: diag.Error, Rule: "file-unreadable",
			Message: "this file can't be read and is left out", Hint: "look at its permissions",
		}
	}
	return nil
}

// read fills k from f's content. It returns f's length as it was read.
func (k *hashed) read(f *source.File) (n int64, err error) {
	if isPicture(f.Path) || mayTell(f.Path) {
		if err := k.inspect(f); err != nil {
			return 0, err
		}
	}
	if k.clean() == nil {
		k.sum, n, err = f.Hash()
		return n, err
	}
	original, err := f.Open()
	if err != nil {
		return 0, err
	}
	r := k.clean().Open(original)
	defer r.Close()
	h := sha256.New()
	switch _, err = io.Copy(h, r); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return -1, nil // it was cut since it was looked at
	case err != nil:
		return 0, err
	}
	h.Sum(k.sum[:0])
	return f.Bytes, nil
}

// inspect looks at the picture in f.
func (k *hashed) inspect(f *source.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if mayTell(f.Path) {
		k.strip, err = picture.Strip(r, f.Bytes)
		return err
	}
	k.pic, err = picture.Inspect(r, f.Bytes)
	if broken, ok := errors.AsType[*picture.BrokenError](err); ok {
		k.broken = broken.Reason
		return nil
	}
	if errors.Is(err, picture.ErrUnknown) {
		k.broken = "its content is no picture"
		k.strip, err = picture.Strip(r, f.Bytes)
	}
	return err
}

// clean are the pieces of the file to publish; nil for all of it.
func (k *hashed) clean() picture.Pieces {
	if k.pic != nil {
		return k.pic.Clean
	}
	return k.strip.Clean
}

// isPicture reports whether a file's name says that it is a picture that is
// looked into.
func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".jfif", ".pjpeg", ".png", ".apng", ".gif", ".webp", ".avif", ".heic", ".heif", ".hif", ".svg":
		return true
	}
	return false
}

// mayTell reports whether a file's name says that it is a film, or a picture
// that no page shows, which may say where it was taken.
func mayTell(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".tif", ".tiff", ".dng":
		return true
	}
	return false
}

// source is what is published of the file.
func (k *hashed) source() snapshot.Source {
	if k.clean() == nil {
		return k.file
	}
	return cleanFile{k.file, k.clean()}
}

// cleanFile is a picture or a film without what its maker's device wrote into it.
type cleanFile struct {
	file   *source.File
	pieces picture.Pieces
}

// Open opens the picture as it is published.
func (c cleanFile) Open() (io.ReadSeekCloser, error) {
	r, err := c.file.Open()
	if err != nil {
		return nil, err
	}
	return c.pieces.Open(r), nil
}

// Size is its length as it is published.
func (c cleanFile) Size() int64 { return c.pieces.Size() }

// describe tells the model what pages must know of pictures. Where that
// changed, which it reports, any page may show it.
func (b *Builder) describe() (changed bool) {
	for _, f := range b.site.Files {
		k, ok := b.hashes[f.Path]
		if !ok {
			continue
		}
		if pic := b.picture(&k); !f.Picture.Equal(pic) {
			f.Picture, b.touched, changed = pic, nil, true
		}
	}
	return changed
}

// picture is what pages must know of k, or nil.
func (b *Builder) picture(k *hashed) *site.Picture {
	if k.pic == nil || k.broken != "" {
		return nil
	}
	pic := &site.Picture{
		Width: k.pic.Width, Height: k.pic.Height, Script: k.pic.Script,
		Linked: k.pic.Refused() || k.pic.Format == picture.HEIC,
	}
	if s := b.madeOf(k); s != nil {
		pic.Smaller = s.smaller
	}
	return pic
}

// pictureDiags are the findings about pictures: those that pages show and
// can't, and what was taken out of them.
func (b *Builder) pictureDiags() []diag.Diagnostic {
	var out []diag.Diagnostic
	uses := b.site.Uses()
	var located, tracks []string
	for _, f := range b.site.Files {
		k, ok := b.hashes[f.Path]
		if !ok {
			continue
		}
		if k.pic != nil && k.pic.Location || k.strip.Location {
			located = append(located, f.Path)
		}
		if k.strip.Track {
			tracks = append(tracks, f.Path)
		}
		use, used := uses[f]
		if !used {
			continue
		}
		if d := b.pictureFinding(f, &k); d != nil {
			l := &use.Page.Note.Links[use.Link]
			d.Position = diag.Position{File: use.Page.Note.Path, Line: l.Line, Col: l.Col}
			out = append(out, *d)
		}
	}
	for _, name := range tracks {
		out = append(out, diag.Diagnostic{
			Position: diag.Position{File: name}, Severity: diag.Warning, Rule: "film-track",
			Message: "this film has a track of its camera's data, which may say where it was taken; it is published with it",
			Hint:    "take it out: ffmpeg -i in.mp4 -map 0:v -map 0:a? -map_metadata -1 -c copy out.mp4",
		})
	}
	slices.Sort(located)
	if b.opts.Check {
		for _, name := range located {
			out = append(out, diag.Diagnostic{
				Position: diag.Position{File: name}, Severity: diag.Info, Rule: "image-location",
				Message: "this file says where it was taken; what is published of it does not, but who has the file knows", Hint: "exiftool -gps:all= takes it out",
			})
		}
	} else if n := len(located); n > 0 {
		msg := "this file says where it was taken; what is published of it does not"
		if n > 1 {
			msg = fmt.Sprintf("%d files, of which this is the first, say where they were taken; what is published of them does not", n)
		}
		out = append(out, diag.Diagnostic{Position: diag.Position{File: located[0]}, Severity: diag.Info, Rule: "image-location", Message: msg})
	}
	return out
}

// pictureFinding says what is wrong with the picture f, which a page shows.
func (b *Builder) pictureFinding(f *site.File, k *hashed) *diag.Diagnostic {
	d := &diag.Diagnostic{Severity: diag.Warning}
	name, fault := path.Base(f.Path), k.broken
	if s := b.madeOf(k); s != nil && s.broken != "" {
		fault = s.broken
	}
	switch {
	case fault != "":
		d.Rule, d.Message, d.Hint = "picture-broken", fmt.Sprintf("the picture %q is broken: %s", name, fault), "export it once more"
	case k.pic == nil:
		return nil
	case k.pic.Refused():
		d.Rule = "picture-bomb"
		d.Message = fmt.Sprintf("the picture %q claims %d×%d pixels, more than browsers can show; it is linked instead", name, k.pic.Width, k.pic.Height)
		d.Hint = fmt.Sprintf("make it smaller: at most %d million pixels are shown", picture.MaxPixels/1_000_000)
	case k.pic.Format == picture.HEIC:
		d.Rule = "picture-heic"
		d.Message = fmt.Sprintf("most browsers can't show %q, which is a HEIC picture; it is linked instead", name)
		d.Hint = "export it as JPEG (on a Mac: sips -s format jpeg photo.heic --out photo.jpg; iPhones take JPEGs with Settings → Camera → Formats → Most Compatible)"
	default:
		return nil
	}
	return d
}
