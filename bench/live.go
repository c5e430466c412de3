package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// liveSecret is what the webhooks of the measured servers are signed with.
const liveSecret = "of the benchmark"

// liveLimits are the aims from push to page, in milliseconds, by number of notes.
var liveLimits = map[int]float64{1_000: 150, 10_000: 400}

// askLive: `git push` into a repository on this machine, whose post-receive hook
// sends a webhook, until a request for the page is answered with the new text.
func (b *bench) askLive(ctx context.Context) error {
	for _, tool := range []string{"git", "curl", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.note("From push to page is not measured: " + tool + " is not installed.")
			return nil
		}
	}
	s := section{
		title: "From `git push` to the page",
		text: "`lectern serve --git` follows a bare repository on the same disk. One note is changed and pushed twenty times, with a second of rest between. " +
			"\"Page\" is the time from the start of `git push` until a request, sent again and again, is answered with the new text: git's own work, its post-receive hook (a shell with `openssl` and `curl`), the fetch, the build. " +
			"\"Push alone\" is how long the command `git push` runs, with the hook.",
		head: []string{"", "Median", "Least", "Most"},
	}
	for _, n := range b.options.sizes {
		if n < 1000 {
			continue
		}
		pages, pushes, ready, err := b.pushAndSee(ctx, n)
		if err != nil {
			return err
		}
		for _, row := range []struct {
			name   string
			values []time.Duration
		}{{"page", pages}, {"push alone", pushes}, {"from the server's start to the first answer", []time.Duration{ready}}} {
			least, most := spread(row.values)
			s.rows = append(s.rows, []string{thousands(n) + " notes: " + row.name, duration(median(row.values)), duration(least), duration(most)})
		}
		s.aims = append(s.aims, aim{fmt.Sprintf("milliseconds from push to page at %s notes", thousands(n)), float64(median(pages)) / 1e6, liveLimits[n], false})
	}
	if len(s.rows) > 0 {
		b.sections = append(b.sections, s)
	}
	return nil
}

// pushAndSee measures a server with n notes.
func (b *bench) pushAndSee(ctx context.Context, n int) (pages, pushes []time.Duration, ready time.Duration, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	site, err := b.site(n, false)
	if err != nil {
		return nil, nil, 0, err
	}
	work, bare, data := b.output(), b.output()+".git", b.output()
	if err := errors.Join(os.CopyFS(work, os.DirFS(site)), commitAll(ctx, work, "all notes")); err != nil {
		return nil, nil, 0, err
	}
	if err := runGit(ctx, b.work, "clone", "--quiet", "--bare", work, bare); err != nil {
		return nil, nil, 0, err
	}
	srv, err := startServer(ctx, b.lectern, []string{"LECTERN_HOOK_SECRET=" + liveSecret}, "--git", bare, "--data", data, "--poll", "0")
	if err != nil {
		return nil, nil, 0, err
	}
	defer srv.stop()
	hook := filepath.Join(bare, "hooks", "post-receive")
	if err := errors.Join(os.MkdirAll(filepath.Dir(hook), 0o777), os.WriteFile(hook, []byte(postReceive(srv.url)), 0o777)); err != nil {
		return nil, nil, 0, err
	}
	i := n / 2
	page := srv.url + dayName(i) + "/" + noteName(i) + "/"
	name := noteFile(work, i)
	original, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, 0, err
	}
	for push := range 21 {
		words := fmt.Sprintf("push number %d of the benchmark", push)
		if err := os.WriteFile(name, fmt.Appendf(nil, "%s\n%s\n", original, words), 0o666); err != nil {
			return nil, nil, 0, err
		}
		if err := commitAll(ctx, work, words); err != nil {
			return nil, nil, 0, err
		}
		// Pushes don't come all the time: what follows the last one is over.
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil, nil, 0, ctx.Err()
		}
		pushed := make(chan error, 1)
		start := time.Now()
		var took time.Duration
		go func() {
			err := runGit(ctx, work, "push", "--quiet", bare, "HEAD:main")
			took = time.Since(start)
			pushed <- err
		}()
		seen, err := awaitWords(ctx, page, words, start)
		if err := errors.Join(err, <-pushed); err != nil {
			return nil, nil, 0, errors.Join(err, srv.failure())
		}
		if push > 0 { // the first begins while the server still makes what nobody waits for
			pages, pushes = append(pages, seen), append(pushes, took)
		}
	}
	return pages, pushes, srv.ready, nil
}

// awaitWords asks for the page until it has the words.
func awaitWords(ctx context.Context, page, words string, start time.Time) (time.Duration, error) {
	for {
		text, err := get(ctx, page)
		took := time.Since(start)
		switch {
		case err != nil:
			return 0, err
		case strings.Contains(text, words):
			return took, nil
		case took > 30*time.Second:
			return 0, fmt.Errorf("%s has not the new text after 30 s", page)
		}
		time.Sleep(time.Millisecond)
	}
}

// postReceive is the hook that tells the server, as docs/operations.md has it.
func postReceive(url string) string {
	return `#!/bin/sh
now=$(date +%s)
sum=$(printf '%s.' "$now" | openssl dgst -sha256 -hmac '` + liveSecret + `')
curl -fsS -o /dev/null -X POST -H "X-Lectern-Timestamp: $now" -H "X-Lectern-Signature: sha256=${sum##* }" ` + url + `_lectern/hooks
`
}

func commitAll(ctx context.Context, dir, message string) error {
	if _, err := os.Stat(filepath.Join(dir, ".git")); err != nil {
		if err := runGit(ctx, dir, "init", "--quiet", "--initial-branch=main"); err != nil {
			return err
		}
	}
	if err := runGit(ctx, dir, "add", "--all"); err != nil {
		return err
	}
	return runGit(ctx, dir, "-c", "user.name=Bench", "-c", "user.email=bench@example.org", "commit", "--quiet", "-m", message)
}

func runGit(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = dir, environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w: %s", args[0], err, tail(string(out), 500))
	}
	return nil
}
