package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"lectern/internal/server"
	"lectern/internal/snapshot"
)

// serveSnapshot is `lectern serve --snapshot`.
func (a *app) serveSnapshot(cmd *cobra.Command, args []string, f serveFlags) (err error) {
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
	d, err := snapshot.OpenDir(dir)
	if errors.Is(err, snapshot.ErrIncomplete) {
		return &hintedError{err, "write the website with: lectern build -o " + a.shown(dir)}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	fr, err := a.openFront(cmd.Context(), cmd, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fr.Close()) }()
	opts := server.Options{Drain: f.drain, Compress: true, Probes: true}
	if isLoopback(f.bind) {
		opts.Hosts = server.LoopbackHosts(f.bind)
	}
	srv := server.New(fr.options(opts))
	srv.Swap(server.Update{Snapshot: d.Snapshot, Policy: d.Settings.Policy, FilePolicy: d.Settings.FilePolicy})
	fmt.Fprintf(a.Out, "Lectern serves %s of %s at %s\n", plural(len(d.Files()), "file"), a.shown(dir), fr.url(f.bind))
	return fr.serve(cmd.Context(), srv, true)
}
