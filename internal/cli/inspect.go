package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"lectern/internal/image"
)

// inspectFlags are the flags of `lectern image inspect`.
type inspectFlags struct {
	against          string
	asJSON, insecure bool
}

func (a *app) inspectCommand() *cobra.Command {
	var f inspectFlags
	cmd := &cobra.Command{
		Use:   "inspect IMAGE [flags]",
		Short: "Say what is in an image, and what changed since another",
		Long: `Say what an image holds: its digest, what it says of itself, what lies beside it,
and its layers. IMAGE is a reference in a registry, an archive that lectern image
wrote, or a folder in the OCI image layout. Of each layer only the beginning is
read.

With --against it also says what changed since that image: which notes were
added, changed and removed. A note has changed if its text has.

Credentials are those of lectern publish.`,
		Example: `  lectern image inspect registry.example.org/talks/notes:latest
  lectern image inspect registry.example.org/talks/notes:v2 --against registry.example.org/talks/notes:v1
  lectern image inspect site.tar --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{"lectern image inspect needs an image", "for example: lectern image inspect registry.example.org/talks/notes:latest"}
			}
			return atMost(1, "an image")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.inspect(cmd.Context(), args[0], f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.against, "against", "", "an older `image`: say what changed since")
	fl.BoolVar(&f.asJSON, "json", false, "print it as JSON")
	fl.BoolVar(&f.insecure, "insecure", false, "allow plain HTTP, and certificates that nobody vouches for")
	return cmd
}

func (a *app) inspect(ctx context.Context, name string, f inspectFlags) (err error) {
	found, done, err := a.findImage(ctx, name, f.insecure)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	in, err := found.Inspect(ctx)
	if err != nil {
		return fmt.Errorf("inspect %s: %w", name, err)
	}
	if f.against != "" {
		older, doneOlder, err := a.findImage(ctx, f.against, f.insecure)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, doneOlder()) }()
		was, err := older.Inspect(ctx)
		if err != nil {
			return fmt.Errorf("inspect %s: %w", f.against, err)
		}
		for _, i := range []*image.Inspection{in, was} {
			if i.Kind == "other" {
				return &image.NotOursError{Reference: i.Reference}
			}
		}
		if in.Difference, err = found.Compare(ctx, in, older, was); err != nil {
			return fmt.Errorf("compare %s with %s: %w", name, f.against, err)
		}
	}
	if f.asJSON {
		return a.printJSON(in)
	}
	return a.printInspection(in)
}

// findImage looks up an image in a file, a folder or a registry. done is to be
// called when it is not read any more.
func (a *app) findImage(ctx context.Context, name string, insecure bool) (f *image.Found, done func() error, err error) {
	nothing := func() error { return nil }
	path := a.path(name)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		root, err := os.OpenRoot(path)
		if err != nil {
			return nil, nil, fmt.Errorf("open the image: %w", err)
		}
		f, err := image.FindInLayout(ctx, name, root.FS())
		if err != nil {
			return nil, nil, errors.Join(err, root.Close())
		}
		return f, root.Close, nil
	case err == nil:
		file, err := os.Open(path)
		if err != nil {
			return nil, nil, fmt.Errorf("open the image: %w", err)
		}
		f, err := findInArchive(ctx, name, file, info.Size())
		if err != nil {
			return nil, nil, errors.Join(err, file.Close())
		}
		return f, file.Close, nil
	case strings.HasPrefix(name, ".") || strings.HasPrefix(name, "/") || strings.HasSuffix(name, ".tar"):
		return nil, nil, &hintedError{fmt.Errorf("there is no file %s", name), "name an archive, a folder of the OCI layout, or an image in a registry"}
	}
	ref, err := image.ParseReference(strings.TrimPrefix(name, ociScheme))
	if err != nil {
		return nil, nil, err
	}
	repo, err := a.repository(ref.Repository, insecure)
	if err != nil {
		return nil, nil, err
	}
	f, err = repo.Find(ctx, ref)
	return f, nothing, err
}

func findInArchive(ctx context.Context, name string, r io.ReaderAt, size int64) (*image.Found, error) {
	files, err := image.NewArchive(r, size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return image.FindInLayout(ctx, name, files)
}

// repository opens a repository with the credentials that there are.
func (a *app) repository(name string, insecure bool) (*image.Repository, error) {
	return image.OpenRepository(name, image.RepositoryOptions{
		Insecure: insecure, Env: a.Env, UserAgent: "lectern/" + a.version().Version,
	})
}

// printInspection prints what a person wants to know of an image.
func (a *app) printInspection(in *image.Inspection) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	fmt.Fprintf(&b, "%s\n\n", in.Reference)
	fact := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, value)
		}
	}
	label := func(name string) string { return in.Labels["org.opencontainers.image."+name] }
	fact("digest", in.Digest)
	fact("title", label("title"))
	fact("version", label("version"))
	fact("revision", label("revision"))
	fact("source", label("source"))
	if !in.Created.IsZero() {
		fact("created", in.Created.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	fact("platforms", strings.Join(in.Platforms, ", "))
	fact("beside it", attachedText(in.Attached))
	switch in.Kind {
	case "other":
		fact("content", "it was not made by lectern")
		fact("size", size(in.Size))
	case "content":
		fact("content", fmt.Sprintf("%s of a website, no server", plural(in.Files, "file")))
	default:
		fact("content", fmt.Sprintf("a server and %s of a website", plural(in.Files, "file")))
	}
	if len(in.Layers) > 0 {
		fact("size", fmt.Sprintf("%s in %s", size(in.Size), plural(len(in.Layers), "layer")))
	}
	_ = w.Flush() // into memory
	if in.Difference != nil {
		printDifference(&b, in)
	} else if len(in.Layers) > 0 {
		printLayers(&b, in)
	}
	_, err := io.WriteString(a.Out, b.String())
	return err
}

// attachedText counts what lies beside an image.
func attachedText(list []image.Attachment) string {
	var order []string
	count := map[string]int{}
	for _, at := range list {
		if count[at.Kind]++; count[at.Kind] == 1 {
			order = append(order, at.Kind)
		}
	}
	for i, kind := range order {
		if n := count[kind]; n > 1 {
			order[i] = plural(n, kind)
		}
	}
	return strings.Join(order, ", ")
}

func printLayers(b *strings.Builder, in *image.Inspection) {
	b.WriteByte('\n')
	long := len("layer")
	for _, l := range in.Layers {
		long = max(long, len([]rune(l.Name)))
	}
	fmt.Fprintf(b, "%-*s  %8s  %6s  digest\n", long, "layer", "size", "files")
	for _, l := range in.Layers {
		fmt.Fprintf(b, "%-*s  %8s  %6d  %s\n", long, l.Name, size(l.Size), l.Files, l.Digest[:min(len(l.Digest), 19)])
	}
}

// printDifference prints what changed since another image.
func printDifference(b *strings.Builder, in *image.Inspection) {
	d := in.Difference
	fmt.Fprintf(b, "\nsince %s\n", d.Reference)
	if d.Layers == 0 {
		b.WriteString("  nothing changed\n")
		return
	}
	long := 0
	lists := []struct {
		mark  string
		pages []image.Page
	}{{"added", d.Added}, {"changed", d.Changed}, {"removed", d.Removed}}
	for _, l := range lists {
		for _, p := range l.pages {
			long = max(long, min(len([]rune(p.Path)), 60))
		}
	}
	for _, l := range lists {
		for _, p := range l.pages {
			line := fmt.Sprintf("  %-7s  %-*s  %s", l.mark, long, printable(p.Path), printable(p.Title))
			b.WriteString(strings.TrimRight(line, " ") + "\n")
		}
	}
	if len(d.Added)+len(d.Changed)+len(d.Removed) == 0 {
		b.WriteString("  no note has changed\n")
	}
	var others []string
	for _, c := range []struct {
		n    int
		what string
	}{{d.Others.Added, "added"}, {d.Others.Changed, "changed"}, {d.Others.Removed, "removed"}} {
		if c.n > 0 {
			others = append(others, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if len(others) > 0 {
		fmt.Fprintf(b, "  other files: %s\n", strings.Join(others, ", "))
	}
	fmt.Fprintf(b, "  %d of %s new: %s to fetch\n", d.Layers, plural(len(in.Layers), "layer"), size(d.Bytes))
}

// ociScheme is how an image in a registry is told from a folder.
const ociScheme = "oci://"
