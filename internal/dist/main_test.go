package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCommandLine(t *testing.T) {
	for args, want := range map[string]string{
		"-platform plan9/amd64": `not released for "plan9/amd64"`,
		"more":                  "one argument too many",
	} {
		if err := run(t.Context(), strings.Fields(args)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
}

func TestSums(t *testing.T) {
	r := releaser{out: t.TempDir()}
	for name, text := range map[string]string{"b": "", "a": "abc"} {
		if err := os.WriteFile(filepath.Join(r.out, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.sums([]string{"b", "a"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(r.out, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n" +
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
	if string(got) != want {
		t.Errorf("%s", got)
	}
	if err := r.sums([]string{"missing"}); err == nil {
		t.Error("a missing file has a sum")
	}
}

func TestFileName(t *testing.T) {
	for platform, want := range map[string]string{"linux/arm64": "lectern-linux-arm64", "windows/amd64": "lectern-windows-amd64.exe"} {
		if got := fileName("lectern", platform); got != want {
			t.Errorf("%s: %s", platform, got)
		}
	}
}
