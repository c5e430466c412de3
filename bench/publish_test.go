package main

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"lectern/internal/build"
	"lectern/internal/image"
)

// One corrected letter of a thousand notes pushes at most 150 kB in a few
// layers, wherever the note is and whether or not the word is a new one. The
// first words of a note stand in more places: in feeds and lists for programs.
func TestOneLetterPushesLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("a site of a thousand notes")
	}
	const n = 1000
	dir := t.TempDir()
	if err := makeSite(dir, n, false); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(srv.Close)
	repo, err := image.OpenRepository(strings.TrimPrefix(srv.URL, "http://")+"/talks/notes", image.RepositoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b := openSite(t, dir)
	first := pushSite(t, b, repo, "first")
	if len(first.Layers) < 60 || len(first.Layers) >= 127 {
		t.Errorf("%d layers", len(first.Layers))
	}
	for _, i := range []int{100, 333, 507, 800} {
		name := noteFile(dir, i)
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for what, wrong := range map[string]string{"a slip": slip(string(text)), "another known word": strings.Replace(slip(string(text)), slipped, "the", 1)} {
			if err := os.WriteFile(name, []byte(wrong), 0o666); err != nil {
				t.Fatal(err)
			}
			out := pushSite(t, b, repo, "second")
			if pushed := pushedLayers(out); out.Unchanged || out.Bytes > 150_000 || len(pushed) > 6 {
				t.Errorf("note %d, %s: %d bytes pushed, layers %q", i, what, out.Bytes, pushed)
			} else {
				t.Logf("note %d, %s: %d bytes pushed, layers %q", i, what, out.Bytes, pushed)
			}
			// So that nothing of it is there the next time.
			if err := os.WriteFile(name, text, 0o666); err != nil {
				t.Fatal(err)
			}
			pushSite(t, b, repo, "second")
		}
	}
}

func pushSite(t *testing.T, b *build.Builder, repo *image.Repository, tag string) *image.Pushed {
	t.Helper()
	ctx := context.Background()
	r, err := b.Build(ctx)
	if err == nil && r.Pending {
		r, err = b.Finish(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	sources := r.Sources()
	im, err := image.New(image.Site{Snapshot: r.Snapshot, NotePage: func(path string) bool { _, ok := sources[path]; return ok }},
		image.Options{Servers: []image.Server{{Platform: "linux/amd64", Binary: smallProgram(t)}}, Created: time.Unix(1774515600, 0)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := im.Push(ctx, repo, image.PushOptions{Tags: []string{tag}, Force: true})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// smallProgram is an ELF file of a header alone, in the place of a server: that
// is pushed once for each version, not for a letter.
func smallProgram(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	h := elf.Header64{Type: uint16(elf.ET_EXEC), Machine: uint16(elf.EM_X86_64), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1, Shentsize: 64}
	copy(h.Ident[:], "\x7fELF\x02\x01\x01")
	for _, v := range []any{h, elf.Prog64{Type: uint32(elf.PT_LOAD)}} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func pushedLayers(p *image.Pushed) []string {
	var names []string
	for _, l := range p.Layers {
		if l.State == "pushed" {
			names = append(names, l.Name)
		}
	}
	return names
}
