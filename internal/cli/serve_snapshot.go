package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"lectern/internal/server"
	"lectern/internal/snapshot"
)

// serveSnapshot is `lectern serve --snapshot`.
func (a *app) serveSnapshot(cmd *cobra.Command, args []string, f serveFlags) error {
	switch {
	case len(args) > 0:
		return &usageError{fmt.Sprintf("--snapshot shows a website, and %s would be a folder of notes", args[0]), "leave out one of them"}
	case f.private || f.drafts || f.open:
		return &usageError{"--snapshot shows a website as it is, so there is nothing that --private, --drafts and --open could do", "leave them out"}
	}
	dir := a.path(f.snapshot)
	if err := a.checkFolder(dir); err != nil {
		return err
	}
	ln, err := listen(cmd.Context(), f.bind, f.port, cmd.Flags().Changed("port"))
	if err != nil {
		return err
	}
	opts := server.Options{Drain: f.drain}
	if isLoopback(f.bind) {
		opts.Hosts = server.LoopbackHosts(f.bind)
	}
	url := address(ln, f.bind)
	err = server.ServeDir(cmd.Context(), ln, dir, opts, func(files int) {
		fmt.Fprintf(a.Out, "Lectern serves %s of %s at %s\n", plural(files, "file"), a.shown(dir), url)
	})
	if errors.Is(err, snapshot.ErrIncomplete) {
		return &hintedError{err, "write the website with: lectern build -o " + a.shown(dir)}
	}
	return err
}
