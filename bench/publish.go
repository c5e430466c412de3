package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// nginxAlpine is what is pulled of nginx:alpine, compressed: a figure that its
// publishers give, not one that is measured here. It is that of linux/amd64 of
// 22 September 2026 (nginx 1.31.6) in repos/nginx/remote/alpine.md of
// https://github.com/docker-library/repo-info, commit 073c780.
const nginxAlpine = 26_310_566

// askPublish: how long images take, what they weigh, and what one corrected
// letter pushes to a registry.
func (b *bench) askPublish(ctx context.Context) error {
	server, err := b.serverProgram(ctx)
	if err != nil {
		return err
	}
	if err := b.askImage(ctx, server); err != nil {
		return err
	}
	if err := b.askBigImage(ctx, server); err != nil {
		return err
	}
	return b.askPush(ctx, server)
}

// serverProgram returns the flag that names the server for images.
func (b *bench) serverProgram(ctx context.Context) (string, error) {
	name := filepath.Join(b.work, "lectern-server")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", name, "lectern/cmd/lectern-server")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the server: %w\n%s", err, out)
	}
	return fmt.Sprintf("--server-binary=linux/%s=%s", runtime.GOARCH, name), nil
}

func (b *bench) imageOf(site, server string, more ...string) []string {
	args := []string{b.lectern, "image", site, server, "--cache", filepath.Join(b.work, "lectern-cache"), "-o", filepath.Join(b.work, "image.tar")}
	return append(args, more...)
}

// askImage: the image of a real conference's notes.
func (b *bench) askImage(ctx context.Context, server string) error {
	if _, err := os.Stat(b.kubecon); errors.Is(err, fs.ErrNotExist) {
		b.note("The notes of a real conference are not on this machine (`-kubecon25`), so no image was made of them.")
		return nil
	}
	site, err := filepath.Abs(b.kubecon)
	if err != nil {
		return err
	}
	programs := []program{{name: "image, an archive", command: func(int) []string { return b.imageOf(site, server) }}}
	runs := b.runs
	b.runs = max(runs, 10)
	samples, err := b.race(ctx, "the image of a real conference", b.work, programs...)
	b.runs = runs
	if err != nil {
		return err
	}
	layers, err := b.layerSizes(ctx, site, server)
	if err != nil {
		return err
	}
	s := section{title: "A container image of a real conference: 49 notes, 1.9 MB of pictures", text: fmt.Sprintf("`lectern image -o`, whole processes; smaller pictures, cards and the compressed server come from the cache, as in every run but the first. Compressed, the image has %s for the server and %s for the site. nginx:alpine with the same site would have at least %s: its own %s are the figure that its publishers give for linux/amd64 of 22 September 2026, and were not measured.",
		megabytes(layers["server"]), megabytes(layers["site"]), megabytes(nginxAlpine+layers["site"]), megabytes(nginxAlpine))}
	s.times(programs, samples)
	s.aims = []aim{
		{"milliseconds for the image", float64(median(each(samples[0], wall))) / 1e6, 250, false},
		{"megabytes of the server's layer, compressed", float64(layers["server"]) / 1e6, 8, false},
		{"nginx:alpine with the site ÷ the image", float64(nginxAlpine+layers["site"]) / float64(layers["server"]+layers["site"]), 0, true},
	}
	b.sections = append(b.sections, s)
	return nil
}

// layerSizes are the sizes of the server's layer and of all others.
func (b *bench) layerSizes(ctx context.Context, site, server string) (map[string]int64, error) {
	dir := b.output()
	if _, err := runOnce(ctx, program{command: func(int) []string {
		return []string{b.lectern, "image", site, server, "--cache", filepath.Join(b.work, "lectern-cache"), "--oci-layout", dir}
	}}, 0, b.work); err != nil {
		return nil, err
	}
	type descriptor struct {
		Digest string
		Size   int64
	}
	var index struct{ Manifests []descriptor }
	var manifest struct{ Layers []descriptor }
	if err := readJSON(filepath.Join(dir, "index.json"), &index); err != nil {
		return nil, err
	}
	if len(index.Manifests) != 1 {
		return nil, fmt.Errorf("%s has %d images", dir, len(index.Manifests))
	}
	if err := readJSON(filepath.Join(dir, "blobs", "sha256", strings.TrimPrefix(index.Manifests[0].Digest, "sha256:")), &manifest); err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for i, l := range manifest.Layers {
		if i == 0 { // the server is the first
			sizes["server"] = l.Size
		} else {
			sizes["site"] += l.Size
		}
	}
	return sizes, nil
}

func readJSON(name string, v any) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

// askBigImage: an image of many notes beside their build alone.
func (b *bench) askBigImage(ctx context.Context, server string) error {
	n := b.largest()
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	build := b.lecternMemory(site)
	build.name = "build to memory"
	programs := []program{
		build,
		{name: "image", command: func(int) []string { return b.imageOf(site, server) }},
		{name: "image, Zstandard", command: func(int) []string { return b.imageOf(site, server, "--compression", "zstd") }},
	}
	title := "A container image of " + thousands(n) + " notes"
	samples, err := b.race(ctx, title, b.work, programs...)
	if err != nil {
		return err
	}
	s := section{title: title, text: "Whole processes of `lectern image -o`, which builds, packs, compresses and writes, beside `lectern build --memory`."}
	s.times(programs, samples)
	s.aims = b.forBig([]aim{
		{"image ÷ build", ratio(samples[1], samples[0], wall), 2, false},
		{"image with Zstandard ÷ build", ratio(samples[2], samples[0], wall), 2, false},
	})
	b.sections = append(b.sections, s)
	return nil
}

// pushResult is what `lectern publish --json` prints of what is measured.
type pushResult struct {
	Bytes, Milliseconds int64
	Layers              []struct{ State string }
}

// askPush: one letter, pushed to a registry on this machine.
func (b *bench) askPush(ctx context.Context, server string) error {
	registry, err := exec.LookPath("docker-registry")
	if err != nil {
		b.note("There is no `docker-registry` on this machine (Debian has it), so nothing was pushed.")
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	host, err := b.startRegistry(ctx, registry)
	if err != nil {
		return err
	}
	s := section{
		title: "One corrected letter, pushed",
		text:  "Medians of `lectern publish` to Debian's docker-registry on the loopback. Each time another note's last sentence changes by a word that is new to the search. Bytes are those of layers, configuration and manifest; the push goes from the finished site to the new tag.",
		head:  []string{"Site", "Compression", "Layers", "Layers pushed", "Bytes pushed", "Push", "Whole process"},
	}
	for _, n := range b.options.sizes {
		for _, compression := range []string{"gzip", "zstd"} {
			if err := b.pushLetters(ctx, &s, n, compression, host, server); err != nil {
				return err
			}
		}
	}
	b.sections = append(b.sections, s)
	return nil
}

// pushLetters measures one row of the table.
func (b *bench) pushLetters(ctx context.Context, s *section, n int, compression, host, server string) error {
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	var got []pushResult
	var whole []time.Duration
	for round := range b.runs + 1 {
		name := noteFile(site, (n/2+round*n/(b.runs+2))%n)
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if round > 0 { // the first pushes all
			if err := os.WriteFile(name, []byte(slip(string(text))), 0o666); err != nil {
				return err
			}
		}
		start := time.Now()
		r, err := b.publish(ctx, site, fmt.Sprintf("%s/notes-%d-%s:%d", host, n, compression, round), compression, server)
		took := time.Since(start)
		if err := errors.Join(err, os.WriteFile(name, text, 0o666)); err != nil {
			return err
		}
		b.say("%d notes, %s, push %d of %d: %d bytes, %d ms", n, compression, round, b.runs, r.Bytes, r.Milliseconds)
		if round > 0 {
			got, whole = append(got, r), append(whole, took)
		}
	}
	var sent, moved []float64
	var push []time.Duration
	for _, r := range got {
		pushed := 0.0
		for _, l := range r.Layers {
			if l.State == "pushed" {
				pushed++
			}
		}
		sent, moved = append(sent, float64(r.Bytes)), append(moved, pushed)
		push = append(push, time.Duration(r.Milliseconds)*time.Millisecond)
	}
	s.rows = append(s.rows, []string{
		thousands(n) + " notes", compression, fmt.Sprint(len(got[0].Layers)), number(median(moved)), fmt.Sprintf("%.0f kB", median(sent)/1e3), duration(median(push)), duration(median(whole)),
	})
	if limit := map[int]float64{1000: 150, 10_000: 500}[n]; limit > 0 && compression == "gzip" {
		s.aims = append(s.aims, aim{"kilobytes pushed at " + thousands(n) + " notes", median(sent) / 1e3, limit, false})
		if n == 10_000 {
			s.aims = append(s.aims, aim{"milliseconds to push them", float64(median(push)) / 1e6, 500, false})
		}
	}
	return nil
}

// publish pushes a site.
func (b *bench) publish(ctx context.Context, site, ref, compression, server string) (r pushResult, err error) {
	cmd := exec.CommandContext(ctx, b.lectern, "publish", site, ref, "--json", "--compression", compression, server, "--cache", filepath.Join(b.work, "lectern-cache"))
	cmd.Env = environment()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return r, fmt.Errorf("publish %s: %w\n%s", ref, err, tail(stderr.String(), 2000))
	}
	return r, json.Unmarshal(stdout.Bytes(), &r)
}

// startRegistry starts a registry that lasts as long as ctx.
func (b *bench) startRegistry(ctx context.Context, program string) (host string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	host = l.Addr().String()
	if err := l.Close(); err != nil { // the registry listens there instead
		return "", err
	}
	dir := b.output()
	config := fmt.Sprintf("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: %s}\n", dir, host)
	if err := writeText(filepath.Join(dir, "config.yml"), config); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, program, "serve", filepath.Join(dir, "config.yml"))
	cmd.Env = append(environment(), "OTEL_TRACES_EXPORTER=none")
	if err := cmd.Start(); err != nil {
		return "", err
	}
	go func() { _ = cmd.Wait() }() // it is killed with ctx
	for range 100 {
		resp, err := http.Get("http://" + host + "/v2/")
		if err == nil {
			return host, resp.Body.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", errors.New("the registry does not answer")
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// slipped is a word of no note.
const slipped = "evrey"

// slip returns a note with a slip in its last sentence.
func slip(text string) string {
	text = strings.TrimRight(text, "\n")
	at := strings.LastIndexByte(text, '\n') + 1
	word := strings.IndexByte(text[at:], ' ')
	return text[:at+word] + " " + slipped + text[at+word:] + "\n"
}
