package release

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"lectern/internal/snapshot"
)

// screen is what visitors see.
type screen struct {
	mu       sync.Mutex
	snap     *snapshot.Snapshot
	settings snapshot.Settings
}

func (s *screen) show(snap *snapshot.Snapshot, settings snapshot.Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.snap, s.settings = snap, settings
}

func (s *screen) content(t *testing.T) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.snap == nil {
		return ""
	}
	return contents(t, s.snap)["index.html"]
}

type lockedLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// process is a server's part that this package is: from start to end.
type process struct {
	*Live
	screen
	store *Store
	log   lockedLog
}

func start(t *testing.T, dir string) *process {
	t.Helper()
	p := &process{store: open(t, dir)}
	p.Live = NewLive(LiveOptions{Store: p.store, Show: p.screen.show, Keep: 5, Log: slog.New(slog.NewTextHandler(&p.log, nil))})
	t.Cleanup(p.Close)
	return p
}

func (p *process) end(t *testing.T) {
	t.Helper()
	p.Close()
	if err := p.store.Close(); err != nil {
		t.Fatal(err)
	}
}

func (p *process) publish(t *testing.T, word string) {
	t.Helper()
	p.Publish(site(t, map[string]string{"index.html": word}), Meta{Commit: "c-" + word, Subject: "Say " + word, Settings: snapshot.Settings{Policy: "policy of " + word}})
}

func (p *process) want(t *testing.T, word string) {
	t.Helper()
	if got := p.content(t); got != word {
		t.Errorf("visitors see %q, want %q", got, word)
	}
}

func TestLive(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	p := start(t, dir)
	if p.Start(ctx) {
		t.Error("there is nothing to start with")
	}
	if _, err := p.Rollback(ctx, "", "me"); !errors.Is(err, ErrNoOther) {
		t.Errorf("error %v", err)
	}
	for _, word := range []string{"one", "two", "three"} {
		p.publish(t, word)
		p.want(t, word) // at once
	}
	p.end(t)

	p = start(t, dir)
	if !p.Start(ctx) {
		t.Fatal("nothing is shown after a restart")
	}
	p.want(t, "three")
	if p.settings.Policy != "policy of three" {
		t.Errorf("settings %+v", p.settings)
	}
	if r, err := p.Rollback(ctx, "", "me"); err != nil || r.Commit != "c-two" {
		t.Fatalf("%+v, %v", r, err)
	}
	p.want(t, "two")
	if !strings.Contains(p.log.String(), "by=me") || !strings.Contains(p.log.String(), "c-two") {
		t.Errorf("the log does not say who had what: %s", p.log.String())
	}
	p.publish(t, "four") // built, not shown
	p.want(t, "two")
	if r, err := p.Rollback(ctx, "", "me"); err != nil || r.Commit != "c-one" {
		t.Errorf("a second roll back gives %+v, %v", r, err)
	}
	p.want(t, "one")
	if _, err := p.Rollback(ctx, "nonsense", "me"); !errors.Is(err, ErrUnknown) {
		t.Errorf("error %v", err)
	}
	p.end(t)

	p = start(t, dir)
	p.Start(ctx)
	p.want(t, "one") // still pinned
	if s := p.Status(); !s.Shown.Pinned || s.Shown.By != "me" || s.Shown.Number != 1 || len(s.Releases) != 4 || s.Releases[0].Commit != "c-four" {
		t.Errorf("status %+v", s)
	}
	p.publish(t, "five")
	p.want(t, "one")
	if _, err := p.Activate(ctx, "latest", "me"); err != nil {
		t.Fatal(err)
	}
	p.want(t, "five")
	p.publish(t, "six")
	p.want(t, "six")
	if r, err := p.Activate(ctx, "c-four", "me"); err != nil || r.Number != 4 {
		t.Fatal(r, err)
	}
	p.want(t, "four")
	p.publish(t, "seven")
	p.want(t, "four")
	p.end(t)

	p = start(t, dir)
	p.Start(ctx)
	p.want(t, "four")
	if _, err := p.Activate(ctx, "latest", "me"); err != nil {
		t.Fatal(err)
	}
	p.want(t, "seven")
	p.end(t)
	p = start(t, dir)
	p.Start(ctx)
	p.want(t, "seven")
	if s := p.Status(); s.Shown.Pinned {
		t.Error("it is pinned")
	}
}

// What is damaged is not shown for long, and said.
func TestLiveDamaged(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir)
	p.publish(t, "one "+noise(600))
	p.publish(t, "two "+noise(700))
	p.end(t)
	name := filepath.Join(dir, storeDir, packName(2))
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte(noise(700)[:20]))
	if at < 0 {
		t.Fatal("the content is not where it should be")
	}
	data[at] ^= 1
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	p = start(t, dir)
	if !p.Start(context.Background()) {
		t.Fatal("nothing is shown")
	}
	p.checks.Wait()
	p.want(t, "one "+noise(600))
	if !strings.Contains(p.log.String(), "damaged") {
		t.Errorf("nothing is said: %s", p.log.String())
	}
}

func TestFullStatusAndPublic(t *testing.T) {
	const count = 7_700_770_077 // longer than what a time may show by chance
	p := start(t, t.TempDir())
	p.Publish(site(t, map[string]string{"a": "b"}), Meta{
		Commit: "1234567", Subject: "SECRET", Author: "SECRET", Origin: "SECRET", Notes: count, Warnings: count,
		Phases: []Phase{{"SECRET", count}},
	})
	p.Failed(Meta{Commit: "7654321", Subject: "SECRET"}, errors.New("SECRET.md"))
	p.Following("SECRET", errors.New("SECRET"))
	p.Close()
	s := p.Status()
	if len(s.Attempts) != 2 || !s.Attempts[0].Failed || s.Attempts[1].Number != 1 || s.Attempts[1].Subject != "SECRET" {
		t.Errorf("%+v", s)
	}
	data, err := json.Marshal(s.Public())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "SECRET") || strings.Contains(string(data), strconv.Itoa(count)) || !strings.Contains(string(data), s.Shown.Digest.String()) {
		t.Errorf("%s", data)
	}
}
