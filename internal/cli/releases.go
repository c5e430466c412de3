package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"lectern/internal/control"
	"lectern/internal/release"
	"lectern/internal/snapshot"
)

// releaseFlags say which server's releases are meant.
type releaseFlags struct {
	data, server, tokenFile string
	asJSON                  bool
}

func (f *releaseFlags) register(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.data, "data", "", "the server's data `folder`; without a server the folder itself is changed\n(default: systemd's STATE_DIRECTORY)")
	fl.StringVar(&f.server, "server", "", "the server at this `address`, such as https://notes.example.org, instead of a folder")
	fl.StringVar(&f.tokenFile, "token-file", "", "the server's token is in this `file`; with --server (default: LECTERN_TOKEN in the environment)")
	fl.BoolVar(&f.asJSON, "json", false, "print JSON")
}

func (a *app) releasesCommand() *cobra.Command {
	var f releaseFlags
	cmd := &cobra.Command{
		Use:   "releases [flags]",
		Short: "List the websites that a server keeps, and which one is live",
		Long: `List the websites that lectern serve --git keeps, the newest first: each with
its number, digest and commit, and which one is live.`,
		Example: `  lectern releases --data /var/lib/lectern
  lectern releases --server https://notes.example.org --token-file token`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withReleases(cmd.Context(), f, func(s releaseSite) error {
				status, err := s.Status(cmd.Context())
				if err != nil {
					return err
				}
				if f.asJSON {
					return a.printJSON(status)
				}
				return a.printReleases(status)
			})
		},
	}
	f.register(cmd)
	return cmd
}

func (a *app) rollbackCommand() *cobra.Command {
	var f releaseFlags
	cmd := &cobra.Command{
		Use:   "rollback [RELEASE] [flags]",
		Short: "Show an earlier website again, at once",
		Long: `Show another website that the server keeps: RELEASE is its number, or the
beginning of its commit or digest; without it the one before what is live.

It is pinned: what is pushed is built and kept, and not shown until
lectern activate latest.`,
		Example: `  lectern rollback --data /var/lib/lectern
  lectern rollback 12 --data /var/lib/lectern
  lectern rollback 3fa94c1 --server https://notes.example.org`,
		Args: atMost(1, "one release"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.changeRelease(cmd.Context(), f, strings.Join(args, ""), releaseSite.Rollback)
		},
	}
	f.register(cmd)
	return cmd
}

func (a *app) activateCommand() *cobra.Command {
	var f releaseFlags
	cmd := &cobra.Command{
		Use:   "activate RELEASE [flags]",
		Short: "Show a website that the server keeps, or follow the newest again",
		Long: `Show a website that the server keeps and pin it: RELEASE is its number, or the
beginning of its commit or digest.

With "latest" the newest one is shown, and whatever is built after it.`,
		Example: `  lectern activate latest --data /var/lib/lectern
  lectern activate 12 --server https://notes.example.org --token-file token`,
		Args: atMost(1, "one release"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{"activate needs to know which release", "a number, a commit, or latest; lectern releases lists them"}
			}
			return a.changeRelease(cmd.Context(), f, args[0], releaseSite.Activate)
		},
	}
	f.register(cmd)
	return cmd
}

// releaseSite is a server's releases, or those in a folder that no server uses.
type releaseSite interface {
	Status(ctx context.Context) (release.Status, error)
	Rollback(ctx context.Context, to, by string) (control.Changed, error)
	Activate(ctx context.Context, to, by string) (control.Changed, error)
}

func (a *app) changeRelease(ctx context.Context, f releaseFlags, to string, change func(releaseSite, context.Context, string, string) (control.Changed, error)) error {
	return a.withReleases(ctx, f, func(s releaseSite) error {
		c, err := change(s, ctx, to, whoami())
		if err != nil {
			return &hintedError{err, "lectern releases lists what there is"}
		}
		if f.asJSON {
			return a.printJSON(c)
		}
		fmt.Fprintf(a.Out, "release %d (%s) is live%s\n", c.Release.Number, c.Release.Digest.Short(), commitOf(c.Release.Meta))
		if c.Pinned {
			fmt.Fprintln(a.Out, "it is pinned; to follow what is built again: lectern activate latest")
		}
		return nil
	})
}

// whoami is the person's name on this machine, for the server's log.
func whoami() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// withReleases calls do with the releases that f means.
func (a *app) withReleases(ctx context.Context, f releaseFlags, do func(releaseSite) error) (err error) {
	if f.server != "" {
		token, err := a.secret(f.tokenFile, "LECTERN_TOKEN")
		if err != nil {
			return err
		}
		if token == "" {
			return &usageError{"--server needs the server's token", "give it with --token-file, or as LECTERN_TOKEN in the environment"}
		}
		c, err := control.NewClient(f.server, token)
		if err != nil {
			return err
		}
		return do(c)
	}
	dir, _, _ := strings.Cut(a.Env("STATE_DIRECTORY"), ":")
	if dir = cmp.Or(f.data, dir); dir == "" {
		return &usageError{"whose releases?", "name the server's folder with --data, or its address with --server"}
	}
	dir = a.path(dir)
	c, err := control.DialSocket(ctx, dir)
	if err == nil {
		return do(c)
	}
	if _, statErr := os.Stat(filepath.Join(dir, "releases")); errors.Is(statErr, fs.ErrNotExist) {
		return &hintedError{fmt.Errorf("%s holds no releases", a.shown(dir)), "name the folder that lectern serve was given with --data"}
	}
	store, openErr := release.Open(dir)
	if errors.Is(openErr, release.ErrBusy) {
		return errors.Join(openErr, err)
	}
	if openErr != nil {
		return openErr
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	live := release.NewLive(release.LiveOptions{Store: store, Show: func(*snapshot.Snapshot, snapshot.Settings) {}})
	defer live.Close()
	live.Start(ctx)
	return do(storedSite{live})
}

// storedSite are the releases of a folder that no server uses.
type storedSite struct{ live *release.Live }

func (s storedSite) Status(context.Context) (release.Status, error) { return s.live.Status(), nil }

func (s storedSite) Rollback(ctx context.Context, to, by string) (control.Changed, error) {
	return s.changed(s.live.Rollback(ctx, to, by))
}

func (s storedSite) Activate(ctx context.Context, to, by string) (control.Changed, error) {
	return s.changed(s.live.Activate(ctx, to, by))
}

func (s storedSite) changed(r release.Release, err error) (control.Changed, error) {
	return control.Changed{Release: r, Pinned: s.live.Pinned()}, err
}

// commitOf is the commit as a person reads it, behind a comma.
func commitOf(m release.Meta) string {
	if m.Commit == "" {
		return ""
	}
	return printable(", commit " + m.Commit[:min(len(m.Commit), 10)] + " " + m.Subject)
}

func (a *app) printReleases(s release.Status) error {
	if len(s.Releases) == 0 {
		fmt.Fprintln(a.Out, "there are no releases yet")
		return nil
	}
	w := tabwriter.NewWriter(a.Out, 0, 8, 2, ' ', 0)
	for _, r := range slices.Clone(s.Releases) {
		mark := ""
		if s.Shown != nil && s.Shown.Number == r.Number {
			if mark = "live"; s.Shown.Pinned {
				mark = "pinned"
			}
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\n", r.Number, mark, r.Digest.Short(),
			r.Commit[:min(len(r.Commit), 10)], r.Stored.Local().Format("2006-01-02 15:04"), printable(r.Subject))
	}
	return w.Flush()
}
