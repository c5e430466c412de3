package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/image"
)

// imageFlags are the flags of `lectern image`.
type imageFlags struct {
	containerFlags
	output, layout, name string
	asJSON               bool
}

func (a *app) imageCommand() *cobra.Command {
	var f imageFlags
	cmd := &cobra.Command{
		Use:   "image [DIR] (-o FILE | --oci-layout FOLDER) [flags]",
		Short: "Make a container image of the website",
		Long: `Make a container image of the website of the notes in DIR (by default the
current folder), with no Docker and no root: an archive that docker load, podman
load and skopeo read, or a folder in the OCI image layout.

The image holds the website and a small server, and nothing else. It listens on
port 8080 as a user without rights, on a file system that may be read-only. The
same commit gives the same image.`,
		Example: `  lectern image -o site.tar && docker load -i site.tar
  lectern image notes --oci-layout image
  lectern image -o site.tar --server-binary linux/arm64=lectern-server-arm64`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.image(cmd.Context(), a.dirArg(args), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.output, "output", "o", "", "write the image to this `file`, as an archive")
	fl.StringVar(&f.layout, "oci-layout", "", "write the image to this `folder`")
	fl.StringVar(&f.name, "name", "", "the `name` that the image is known by when it is loaded: notes:v1")
	fl.BoolVar(&f.asJSON, "json", false, "print digest and size as JSON")
	f.register(fl)
	cmd.AddCommand(a.inspectCommand())
	return cmd
}

// imageResult is what `lectern image --json` prints.
type imageResult struct {
	Path   string `json:"path"`
	Digest string `json:"digest"`
	Layers int    `json:"layers"`
	Size   int64  `json:"size"`
}

func (a *app) image(ctx context.Context, dir string, f imageFlags) (err error) {
	if (f.output == "") == (f.layout == "") {
		return &usageError{"where to write the image is not clear", "give either -o FILE or --oci-layout FOLDER"}
	}
	start := time.Now()
	c, err := a.container(ctx, dir, f.containerFlags, "packing")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	out := imageResult{Path: f.output + f.layout}
	if f.output != "" {
		out.Digest, out.Size, err = a.writeArchive(ctx, c, a.path(f.output), f.name)
	} else {
		sink := &folderSink{dir: a.path(f.layout)}
		out.Digest, err = c.image.WriteLayout(ctx, sink, f.name)
		if out.Size = sink.size; err != nil {
			err = errors.Join(err, sink.undo())
		}
	}
	c.bar.clear()
	if err != nil {
		return fmt.Errorf("write the image: %w", err)
	}
	a.printServerNotes(c.servers)
	out.Layers = c.image.Layers()
	if f.asJSON {
		return a.printJSON(out)
	}
	_, err = fmt.Fprintf(a.Out, "%s: %s, %s, %s in %s\n", out.Path, out.Digest, plural(out.Layers, "layer"), size(out.Size), took(time.Since(start)))
	return err
}

// writeArchive writes the image to a file beside its place, and renames it into
// that when it is whole.
func (a *app) writeArchive(ctx context.Context, c *container, name, reference string) (digest string, n int64, err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	b := bufio.NewWriterSize(f, 1<<20)
	sink := image.NewTarSink(b, c.created)
	digest, err = c.image.WriteLayout(ctx, sink, reference)
	if err == nil {
		err = sink.Close()
	}
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		n, err = f.Seek(0, io.SeekCurrent)
	}
	if err == nil {
		err = f.Chmod(0o644) // CreateTemp lets nobody else read it
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, err
	}
	return digest, n, os.Rename(f.Name(), name)
}

// folderSink writes an image layout to a folder. A blob that is there with the
// right length is left alone: it is named after its content.
type folderSink struct {
	dir  string
	size int64
	made []string // blobs that were not there before
}

// undo takes back what was written for an image that did not come about. What
// names images is written last, so the folder's earlier ones are whole.
func (s *folderSink) undo() error {
	var errs []error
	for _, name := range s.made {
		errs = append(errs, os.Remove(name))
	}
	return errors.Join(errs...)
}

// File writes one file, beside its place first.
func (s *folderSink) File(name string, size int64, write func(io.Writer) error) (err error) {
	s.size += size
	place := filepath.Join(s.dir, filepath.FromSlash(name))
	if info, err := os.Stat(place); err == nil && info.Size() == size && filepath.Dir(name) != "." {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(place), 0o777); err != nil {
		return err
	}
	temp := place + ".part"
	f, err := os.Create(temp)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 256<<10)
	if err = write(b); err == nil {
		err = b.Flush()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(temp, place)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	if filepath.Dir(name) != "." {
		s.made = append(s.made, place)
	}
	return nil
}
