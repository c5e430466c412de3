package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/attest"
	"lectern/internal/image"
)

// publishFlags are the flags of `lectern publish`.
type publishFlags struct {
	containerFlags
	tags                    []string
	asJSON, insecure, force bool
	sign                    string
	sbom, provenance        bool
}

func (a *app) publishCommand() *cobra.Command {
	var f publishFlags
	cmd := &cobra.Command{
		Use:   "publish [DIR] REPOSITORY [flags]",
		Short: "Push the website to a registry as a container image",
		Long: `Build the website of the notes in DIR (by default the current folder), make a
container image of it and push that to REPOSITORY. No Docker is needed. Only
what the registry lacks is sent, which for one corrected letter is a few layers
of kilobytes.

--tag may be given several times. It is a tag, or "auto" (branch, commit and
time: main-1a2b3c4-1774515600, which is what it is without the flag), "latest",
"semver" (the release that the commit is tagged as), or a template with
{branch}, {commit}, {short}, {time}, {date} and {version}. A tag that is there
as another image stays as it is, unless --force is given or it is "latest".

--sign signs the image with a private key, such as cosign generate-key-pair makes
(its password is COSIGN_PASSWORD, or asked for), in the form that cosign verify
and Flux know. The tag is set after that, so who finds the image by its tag finds
the signature too. --sbom puts a list of the software in the image beside it,
--provenance what it was made from and by whom, signed with the same key.

Credentials are those of docker login and podman login, with credential helpers,
or LECTERN_REGISTRY_USERNAME and LECTERN_REGISTRY_PASSWORD, or what GitHub's,
GitLab's and Forgejo's jobs have.`,
		Example: `  lectern publish registry.example.org/talks/notes
  lectern publish notes registry.example.org/talks/notes --tag auto --tag latest
  lectern publish registry.example.org/talks/notes --sign cosign.key --sbom --provenance
  lectern publish localhost:5000/notes:v1 --force`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{"lectern publish needs the repository to push to", "for example: lectern publish registry.example.org/talks/notes"}
			}
			return atMost(2, "a folder and a repository")(cmd, args)
		},
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("tag") && len(f.tags) == 0 {
				return &usageError{"--tag is empty", "name a tag, or leave it out for one made of branch, commit and time"}
			}
			return a.publish(cmd.Context(), a.dirArg(args[:len(args)-1]), args[len(args)-1], f)
		},
	}
	fl := cmd.Flags()
	fl.StringSliceVar(&f.tags, "tag", nil, "the image's `tag`, or how to make it; may be given several times")
	fl.BoolVar(&f.asJSON, "json", false, "print reference, digest and layers as JSON")
	fl.BoolVar(&f.insecure, "insecure", false, "allow plain HTTP, and certificates that nobody vouches for")
	fl.BoolVar(&f.force, "force", false, "move tags that are there as another image")
	fl.BoolVar(&f.sbom, "sbom", false, "put a list of the software in the image beside it (CycloneDX)")
	fl.BoolVar(&f.provenance, "provenance", false, "put beside the image how it was made (SLSA provenance), signed with the key of --sign")
	fl.StringVar(&f.sign, "sign", "", "sign the image with the private `key` in this file, or in a variable: env://NAME")
	f.register(fl)
	return cmd
}

func (a *app) publish(ctx context.Context, dir, target string, f publishFlags) (err error) {
	repository, tag := image.SplitTag(target)
	if tag != "" {
		if len(f.tags) > 0 {
			return &usageError{fmt.Sprintf("%s names a tag, and so does --tag", target), "leave out one of them"}
		}
		f.tags = []string{tag}
	}
	// What is wrong with the name is said before the site is built.
	repo, err := image.OpenRepository(repository, image.RepositoryOptions{
		Insecure: f.insecure, Env: a.Env, UserAgent: "lectern/" + a.version().Version,
	})
	if err != nil {
		return err
	}
	if f.provenance && f.sign == "" {
		return &usageError{"--provenance needs a key to sign it with", "add --sign cosign.key; make a pair of keys with: cosign generate-key-pair"}
	}
	push := image.PushOptions{Force: f.force}
	if f.sign != "" {
		if push.Signer, err = a.signer(ctx, f.sign); err != nil {
			return err
		}
	}
	start := time.Now()
	c, err := a.container(ctx, dir, f.containerFlags, "pushing")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	push.Tags, err = tagFacts{commit: c.commit, hasCommit: c.hasCommit, created: c.created, env: a.Env}.tags(f.tags)
	if err != nil {
		return err
	}
	if f.sbom {
		push.SBOM = func(s image.Subject) (image.Document, error) { return a.bill(c, s) }
	}
	if f.provenance {
		push.Provenance = func(s image.Subject) (attest.Statement, error) { return a.provenance(c, f.containerFlags, s) }
	}
	out, err := c.image.Push(ctx, repo, push)
	c.bar.clear()
	if err != nil {
		return err
	}
	a.printServerNotes(c.servers)
	if f.asJSON {
		return a.printJSON(out)
	}
	pushed := 0
	for _, l := range out.Layers {
		if l.State == "pushed" {
			pushed++
		}
	}
	what := fmt.Sprintf("pushed %d of %s, %s", pushed, plural(len(out.Layers), "layer"), size(out.Bytes))
	if out.Unchanged {
		what = "it was there already"
	}
	if _, err := fmt.Fprintf(a.Err, "%s, in %s\n", what, took(time.Since(start))); err != nil {
		return err
	}
	if err := a.printAttached(out.Attached); err != nil {
		return err
	}
	for _, t := range out.Tags {
		if _, err := fmt.Fprintf(a.Out, "%s:%s@%s\n", repo, t, out.Digest); err != nil {
			return err
		}
	}
	return nil
}

// printAttached says of each kind of thing beside the image what became of it.
func (a *app) printAttached(list []image.Attached) error {
	for len(list) > 0 {
		kind, state := list[0].Kind, "there already"
		for ; len(list) > 0 && list[0].Kind == kind; list = list[1:] {
			if list[0].State == "pushed" {
				state = "put beside it"
			}
		}
		if _, err := fmt.Fprintf(a.Err, "%s: %s\n", kind, state); err != nil {
			return err
		}
	}
	return nil
}
