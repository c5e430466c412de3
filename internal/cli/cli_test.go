package cli

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	want := time.Date(2026, 3, 26, 0, 0, 0, 0, time.UTC)
	for _, s := range []string{"2026-03-26", "2026-03-26T00:00:00Z", "2026-03-26T01:00:00+01:00", "1774483200"} {
		if got, err := parseTime(s); err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "yesterday", "2026-3-26", "26.3.2026", "-1", "99999999999999", "2026-02-30"} {
		if got, err := parseTime(s); err == nil {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 38 * time.Millisecond: "38 ms", 999 * time.Millisecond: "999 ms", 2400 * time.Millisecond: "2.4 s", 83 * time.Second: "83 s",
	} {
		if got := took(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestIsLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.8.9.1": true, "::1": true, "[::1]": true, "localhost": true, "LocalHost": true, "::ffff:127.0.0.1": true,
		"0.0.0.0": false, "::": false, "": false, "192.168.1.2": false, "localhost.example.org": false, "127.0.0.1.example.org": false,
	} {
		if isLoopback(host) != want {
			t.Errorf("%q: %v", host, !want)
		}
	}
}

// The bar comes after half a second, is drawn over itself, is never wider than
// the terminal, and leaves an empty line.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	term := terminal{w: &out, progress: true, width: 60}
	p := term.newProgress(func() time.Time { return now })
	step := p.step("building")
	now = now.Add(499 * time.Millisecond)
	step(1, 10)
	p.clear()
	if out.Len() > 0 {
		t.Fatalf("shown too early: %q", out.String())
	}
	for i := range 11 {
		now = now.Add(60 * time.Millisecond)
		step(i, 10)
	}
	p.clear()
	p.clear()
	s := out.String()
	if draws := strings.Count(s, "building ["); draws < 3 || draws > 6 {
		t.Errorf("drawn %d times: %q", draws, s)
	}
	if !strings.HasSuffix(s, "\r\x1b[K") || strings.HasSuffix(s, "\r\x1b[K\r\x1b[K") {
		t.Errorf("not cleared once: %q", s)
	}
	if strings.Contains(s, "\n") {
		t.Errorf("the bar left its line: %q", s)
	}
	for _, frame := range strings.Split(strings.ReplaceAll(s, "\x1b[K", ""), "\r") {
		if len(frame) >= 60 {
			t.Errorf("%d columns: %q", len(frame), frame)
		}
	}
	if (terminal{w: &out}).newProgress(nil).step("x") != nil {
		t.Error("a bar without a terminal")
	}
}

func TestBar(t *testing.T) {
	tests := []struct {
		done, total, width int
		want               string
	}{
		{0, 10, 40, "building [------------------]   0% 0/10"},
		{10, 10, 40, "building [#################] 100% 10/10"},
		{99, 10, 40, "building [#################] 100% 10/10"},
		{5, 10, 20, "building  50% 5/10"},
		{5, 10, 9, "building"},
		{5, 10, 0, "building [####################--------------------]  50% 5/10"},
	}
	for _, tt := range tests {
		if got := bar("building", tt.done, tt.total, tt.width); got != tt.want {
			t.Errorf("%d of %d in %d: %q, want %q", tt.done, tt.total, tt.width, got, tt.want)
		}
	}
}

// A pipe or a file gets neither colour nor a bar, whatever the environment says.
func TestNoTerminal(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if got := newTerminal(w, func(string) string { return "" }); got.color || got.progress {
		t.Errorf("%+v", got)
	}
}

// Every command has a summary, an example and flags that say what they do.
func TestEveryCommandIsDocumented(t *testing.T) {
	root := newApp(Streams{}).rootCommand()
	for _, c := range append(root.Commands(), root) {
		if c.Short == "" || c.Long == "" || c.Example == "" {
			t.Errorf("%s lacks its description or its example", c.CommandPath())
		}
		for _, line := range strings.Split(c.Long, "\n") {
			if len(line) > 82 {
				t.Errorf("%s: a line of %d letters: %q", c.CommandPath(), len(line), line)
			}
		}
	}
}

func TestReference(t *testing.T) {
	var want bytes.Buffer
	if err := WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/reference/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("docs/reference/cli.md is not what the code says: run go generate ./internal/cli")
	}
}

// An ended context ends a build, which is then a failure.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/README.md", []byte("# Notes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errs bytes.Buffer
	code := Run(ctx, []string{"build", dir}, Streams{Err: &errs})
	if code != exitFailed || errs.String() != "error: interrupted\n" {
		t.Errorf("exit %d: %s", code, errs.String())
	}
	if _, err := os.Stat(dir + "/public"); err == nil {
		t.Error("something was written")
	}
}
