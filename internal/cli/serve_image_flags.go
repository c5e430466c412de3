package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/attest"
	"lectern/internal/image"
)

// imageServeFlags are the flags of `lectern serve oci://…` alone.
type imageServeFlags struct {
	verifyKey string
	names     []string
	insecure  bool
	most      sizeFlag
}

func (f *imageServeFlags) register(fl *pflag.FlagSet) {
	f.most = 4e9
	fl.StringVar(&f.verifyKey, "verify-key", "", "show only images that are signed with a key in this `file`, such as cosign.pub, or env://NAME; with oci://")
	fl.StringSliceVar(&f.names, "verify-name", nil, "take signatures that name this `repository` as well, which the other one mirrors; \"*\" takes all; with oci://")
	fl.BoolVar(&f.insecure, "insecure", false, "allow plain HTTP, and certificates that nobody vouches for; with oci://")
	fl.Var(&f.most, "max-image", "refuse an image whose files take more `room`; with oci://")
}

var (
	onlyWithImage = []string{"verify-key", "verify-name", "insecure", "max-image"}
	alsoWithImage = []string{"data", "poll", "hook-secret-file", "token-file"}
)

// isImage reports whether what is to be served is an image in a registry.
func isImage(args []string) bool { return len(args) == 1 && strings.HasPrefix(args[0], ociScheme) }

// checkNoImageFlags refuses flags that say nothing without an image.
func (a *app) checkNoImageFlags(cmd *cobra.Command) error {
	for _, name := range onlyWithImage {
		if cmd.Flags().Changed(name) && a.Env(envName(name)) == "" { // the environment is for all commands
			return &usageError{"--" + name + " says how to follow an image in a registry, and there is none", "name one: lectern serve oci://registry.example.org/talks/notes"}
		}
	}
	return nil
}

// checkImageFlags refuses what does not go with an image.
func (a *app) checkImageFlags(cmd *cobra.Command, f serveFlags) error {
	for _, name := range append([]string{"snapshot", "git", "private", "drafts", "open"}, onlyWithGit...) {
		if cmd.Flags().Changed(name) && a.Env(envName(name)) == "" && !slices.Contains(alsoWithImage, name) {
			return &usageError{"--" + name + " is not for an image in a registry, which is shown as it is", "leave it out"}
		}
	}
	switch {
	case f.git.poll < 0:
		return &usageError{fmt.Sprintf("--poll %v: time does not go back", f.git.poll), "0 looks only when a webhook says so"}
	case len(f.image.names) > 0 && f.image.verifyKey == "":
		return &usageError{"--verify-name says which signatures count, and no key is given", "name one with --verify-key"}
	}
	return nil
}

// trust is whose signatures are good enough; nil if none is needed.
func (a *app) trust(f imageServeFlags) (*attest.Trust, error) {
	if f.verifyKey == "" {
		return nil, nil
	}
	data, err := a.key(f.verifyKey, "--verify-key", "cosign.pub")
	if err != nil {
		return nil, err
	}
	keys, err := attest.ParsePublicKeys(data)
	if err != nil {
		return nil, fmt.Errorf("--verify-key %s: %w", f.verifyKey, err)
	}
	return &attest.Trust{Keys: keys, Names: f.names}, nil
}

// imageData is the folder in which sites of images are kept.
func (a *app) imageData(f serveFlags, ref image.Reference) (string, error) {
	if f.git.data != "" {
		return a.path(f.git.data), nil
	}
	if dir := a.Env("STATE_DIRECTORY"); dir != "" {
		dir, _, _ = strings.Cut(dir, ":") // systemd lists all that it made
		return dir, nil
	}
	dir := a.cacheDir(f.cache)
	if dir == "" {
		return "", &hintedError{errors.New("there is no folder for what is fetched"), "name one with --data"}
	}
	sum := sha256.Sum256([]byte(ref.String()))
	return filepath.Join(dir, fmt.Sprintf("serve-%x", sum[:8])), nil
}
