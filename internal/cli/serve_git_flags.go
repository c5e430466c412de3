package cli

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/gitrepo"
	"lectern/internal/release"
)

// gitFlags are the flags of `lectern serve --git`.
type gitFlags struct {
	url, branch, path string
	data              string
	baseURL           string
	poll              time.Duration
	user, tokenFile   string
	keyFile, hosts    string
	most              sizeFlag
	secretFile        string
	statusTokenFile   string
	forge             string
	keep              int
	controlTokenFile  string
}

func (f *gitFlags) register(fl *pflag.FlagSet) {
	f.most = 2e9
	fl.StringVar(&f.url, "git", "", "follow the repository at this `address`: https://…, ssh://…, user@host:path, or a path")
	fl.StringVar(&f.branch, "branch", "", "the `name` of the branch to show (default: the one that the repository's HEAD names)")
	fl.StringVar(&f.path, "path", "", "the `folder` of the notes in the repository (default: its root)")
	fl.StringVar(&f.data, "data", "", "keep the copy of the repository, websites and caches in this `folder`, which may be deleted while\nnothing runs (default: systemd's STATE_DIRECTORY, else a folder in the user's cache folder)")
	fl.DurationVar(&f.poll, "poll", 30*time.Second, "how `often` to look for a new commit or image; 0 looks only when a webhook says so")
	fl.StringVar(&f.user, "git-user", "", "the `name` of the token's user, where the forge asks for one")
	fl.StringVar(&f.tokenFile, "git-token-file", "", "read the token for https from this `file` at each look (default: LECTERN_GIT_TOKEN in the environment)")
	fl.StringVar(&f.keyFile, "git-key-file", "", "the private key for ssh is in this `file`")
	fl.StringVar(&f.hosts, "git-known-hosts", "", "the keys of ssh's hosts are in this `file` (default: ssh's own); others are never spoken to")
	fl.Var(&f.most, "max-repo", "refuse a repository that takes more `room`, as fetched or checked out")
	fl.StringVar(&f.secretFile, "hook-secret-file", "", "take webhooks at /_lectern/hooks that were signed with a line of this `file`\n(default: LECTERN_HOOK_SECRET in the environment; without either there is no such address)")
	fl.StringVar(&f.statusTokenFile, "status-token-file", "", "report each commit's build to the forge with the token in this `file`\n(default: LECTERN_STATUS_TOKEN in the environment; without either nothing is reported)")
	fl.StringVar(&f.forge, "forge", "", "what `kind` of forge the repository is on, and where, such as forgejo=https://git.example.org\n(default: told from the repository's address)")
	fl.IntVar(&f.keep, "keep", release.DefaultKeep, "the `number` of websites to keep for lectern rollback; with --git")
	fl.StringVar(&f.controlTokenFile, "token-file", "", "who has the token in this `file` may roll back over HTTP and see all of /_lectern/status\n(default: LECTERN_TOKEN in the environment; without either that is only done through --data)")
	fl.StringVar(&f.baseURL, "base-url", "", "the `address` at which the website will be, for canonical links and feeds; with --git")
}

// onlyWithGit are flags that say nothing without --git.
var onlyWithGit = []string{
	"branch", "path", "data", "poll", "git-user", "git-token-file", "git-key-file", "git-known-hosts", "max-repo",
	"hook-secret-file", "status-token-file", "forge", "base-url", "keep", "token-file",
}

// checkGitFlags refuses what does not go together.
func (a *app) checkGitFlags(cmd *cobra.Command, args []string, f *serveFlags) error {
	if f.git.url == "" {
		for _, name := range slices.Concat(onlyWithGit, previewFlagNames) {
			if cmd.Flags().Changed(name) && a.Env(envName(name)) == "" { // the environment is for all commands
				return &usageError{"--" + name + " says how to follow a repository, and there is none", "name one with --git"}
			}
		}
		return nil
	}
	switch {
	case len(args) > 0:
		return &usageError{fmt.Sprintf("--git follows a repository, and %s would be a folder of notes", args[0]), "leave out one of them; --path names a folder of the repository"}
	case f.snapshot != "":
		return &usageError{"--git and --snapshot exclude each other", "leave out one of them"}
	case f.private || f.open:
		return &usageError{"--git shows a website to its readers, so --private and --open are not for it", "leave them out"}
	case f.git.keep < 1:
		return &usageError{fmt.Sprintf("--keep %d: at least the website that is shown is kept", f.git.keep), "leave it out to keep the last 20"}
	case f.git.poll < 0:
		return &usageError{fmt.Sprintf("--poll %v: time does not go back", f.git.poll), "0 looks only when a webhook says so"}
	}
	return f.previews.check(cmd)
}

// remote is the repository that the flags name.
func (a *app) remote(f gitFlags) (gitrepo.Remote, error) {
	r := gitrepo.Remote{URL: f.url, User: f.user}
	for _, key := range []struct {
		from string
		to   *string
	}{{f.keyFile, &r.KeyFile}, {f.hosts, &r.KnownHosts}} {
		if key.from == "" {
			continue
		}
		name, err := filepath.Abs(a.path(key.from))
		if err == nil {
			_, err = os.Stat(name)
		}
		if err != nil {
			return r, err
		}
		*key.to = name
	}
	switch {
	case f.tokenFile != "":
		name := a.path(f.tokenFile)
		r.Token = func() (string, error) { return readSecret(name) }
		if _, err := r.Token(); err != nil {
			return r, err
		}
	case a.Env("LECTERN_GIT_TOKEN") != "":
		r.Token = func() (string, error) { return a.Env("LECTERN_GIT_TOKEN"), nil }
	}
	if info, err := os.Stat(a.path(f.url)); err == nil && info.IsDir() {
		r.URL, err = filepath.Abs(a.path(f.url))
		return r, err
	}
	return r, nil
}

// maxSecret is longer than any secret.
const maxSecret = 64 << 10

// readSecret reads a file that holds a secret, without the end of its line.
func readSecret(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if info.Size() > maxSecret {
		return "", fmt.Errorf("%s is too long for a secret", name)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	text := strings.TrimSpace(string(data))
	if text == "" {
		return "", fmt.Errorf("%s is empty", name)
	}
	return text, nil
}

// secret is what the file says, else the environment, else nothing.
func (a *app) secret(file, env string) (string, error) {
	if file == "" {
		return a.Env(env), nil
	}
	return readSecret(a.path(file))
}

// gitData is the folder that holds what a followed repository needs.
func (a *app) gitData(f gitFlags, remote gitrepo.Remote) (string, error) {
	if f.data != "" {
		return a.path(f.data), nil
	}
	if dir := a.Env("STATE_DIRECTORY"); dir != "" {
		dir, _, _ = strings.Cut(dir, ":") // systemd lists all that it made
		return dir, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", &hintedError{errors.New("there is no folder for the copy of the repository"), "name one with --data"}
	}
	sum := sha256.Sum256([]byte(remote.URL + "\x00" + f.branch + "\x00" + f.path))
	return filepath.Join(dir, "lectern", fmt.Sprintf("serve-%x", sum[:8])), nil
}

// projectName is what a site without a title is called.
func projectName(f gitFlags) string {
	name := cmp.Or(strings.Trim(f.path, "/"), strings.TrimSuffix(strings.TrimRight(filepath.ToSlash(f.url), "/"), ".git"))
	return name[strings.LastIndexAny(name, "/:")+1:]
}

// sizeFlag is a number of bytes, as 500MB or 2GB.
type sizeFlag int64

// Type names the value in the help.
func (*sizeFlag) Type() string { return "size" }

// String is the value as a person writes it.
func (s *sizeFlag) String() string {
	for _, u := range sizeUnits {
		if n := int64(*s); n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

// Set reads a value.
func (s *sizeFlag) Set(text string) error {
	factor := int64(1)
	digits := text
	for _, u := range sizeUnits {
		if d, ok := strings.CutSuffix(strings.ToUpper(text), strings.ToUpper(u.name)); ok {
			digits, factor = d, u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
	if err != nil || n <= 0 || n > 1e18/factor {
		return errors.New("want a size such as 500MB or 2GB")
	}
	*s = sizeFlag(n * factor)
	return nil
}

var sizeUnits = []struct {
	name  string
	bytes int64
}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}}
