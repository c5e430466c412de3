// Command dist makes what people download: lectern for each platform, with
// the servers for images in it, and their checksums.
//
//	go run ./internal/dist            # into dist
//	go run ./internal/dist -o OUT -platform linux/amd64
//
// It needs Go alone, and git for the version. The same commit and the same
// version of Go give the same bytes, in whatever folder and on whatever machine.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"lectern/internal/slimserver"
)

// platforms are those that lectern is released for. Images are made on all of
// them, for the platforms of [slimserver.Platforms].
var platforms = [...]string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64"}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	fl := flag.NewFlagSet("dist", flag.ContinueOnError)
	r := releaser{}
	fl.StringVar(&r.out, "o", "dist", "the `folder` to write to; files in it are overwritten")
	fl.StringVar(&r.version, "version", "", "the `release` that lectern is to call itself (default: the commit's tag, such as v1.2.0)")
	only := fl.String("platform", strings.Join(platforms[:], ","), "the `platforms` to build lectern for")
	if err := fl.Parse(args); err != nil {
		return err
	}
	if fl.NArg() > 0 {
		return fmt.Errorf("%q is one argument too many", fl.Arg(0))
	}
	for p := range strings.SplitSeq(*only, ",") {
		if !slices.Contains(platforms[:], p) {
			return fmt.Errorf("lectern is not released for %q, but for %s", p, strings.Join(platforms[:], ", "))
		}
		r.platforms = append(r.platforms, p)
	}
	root, err := output(ctx, nil, "", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	r.root = root
	if r.version == "" {
		r.version = tagged(ctx, root)
	}
	r.out, err = filepath.Abs(r.out)
	if err != nil {
		return err
	}
	return r.make(ctx)
}

// releaser makes one release.
type releaser struct {
	root, out, version string
	platforms          []string
}

func (r releaser) make(ctx context.Context) error {
	carried := filepath.Join(r.root, "internal", "slimserver", "files")
	for _, dir := range []string{r.out, carried} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
	}
	var made []string
	for _, p := range slimserver.Platforms() {
		name := fileName("lectern-server", p)
		// Nothing of the commit is in it: as long as the server is the same, so
		// are its bytes, and the layer in images.
		if err := r.build(ctx, p, name, "./cmd/lectern-server", "-buildvcs=false", "-ldflags=-s -w -buildid="); err != nil {
			return err
		}
		if err := pack(filepath.Join(r.out, name), filepath.Join(carried, slimserver.FileName(p))); err != nil {
			return err
		}
		made = append(made, name)
	}
	for _, p := range r.platforms {
		name := fileName("lectern", p)
		link := "-ldflags=-s -w -buildid="
		if r.version != "" {
			link += " -X main.version=" + r.version
		}
		if err := r.build(ctx, p, name, "./cmd/lectern", "-tags=release", link); err != nil {
			return err
		}
		made = append(made, name)
	}
	return r.sums(made)
}

// build runs the Go tool for a platform, with nothing of this machine's
// settings that would show in the program.
func (r releaser) build(ctx context.Context, platform, name, pkg string, flags ...string) error {
	fmt.Fprintln(os.Stderr, name)
	goos, arch, _ := strings.Cut(platform, "/")
	env := []string{"GOOS=" + goos, "GOARCH=" + arch, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOAMD64=v1", "GOARM64=v8.0", "GOFIPS140=off"}
	args := append([]string{"build", "-trimpath", "-o", filepath.Join(r.out, name)}, flags...)
	_, err := output(ctx, env, r.root, "go", append(args, pkg)...)
	return err
}

// fileName is a program's name among those of all platforms.
func fileName(program, platform string) string {
	name := program + "-" + strings.ReplaceAll(platform, "/", "-")
	if strings.HasPrefix(platform, "windows/") {
		name += ".exe"
	}
	return name
}

// tagged is the release that the commit is tagged as, without its v; "" is no
// release. The Go tool then notes a version of its own.
func tagged(ctx context.Context, root string) string {
	tag, err := output(ctx, nil, root, "git", "describe", "--tags", "--exact-match", "--match", "v[0-9]*")
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(tag, "v")
}

// pack compresses a server to where lectern's build embeds it from.
func pack(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := slimserver.Pack(&b, data); err != nil {
		return err
	}
	return os.WriteFile(to, b.Bytes(), 0o666)
}

// sums writes SHA256SUMS, as sha256sum --check reads it.
func (r releaser) sums(names []string) (err error) {
	slices.Sort(names)
	var b bytes.Buffer
	for _, name := range names {
		sum, err := sumOf(filepath.Join(r.out, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sum, name)
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), b.Bytes(), 0o666)
}

func sumOf(name string) (sum []byte, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// output runs a program and returns what it printed.
func output(ctx context.Context, env []string, dir, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, errs.Bytes())
	}
	return strings.TrimSpace(out.String()), nil
}
