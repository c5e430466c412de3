package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/attest"
	"lectern/internal/cache"
	"lectern/internal/follow"
	"lectern/internal/image"
	"lectern/internal/release"
	"lectern/internal/server"
	"lectern/internal/snapshot"
	"lectern/internal/webhook"
)

// keptImages is how many sites of images are kept: the one that is shown, those
// that requests under way still read, and one to go back to.
const keptImages = 3

// serveImage is `lectern serve oci://…`.
func (a *app) serveImage(cmd *cobra.Command, name string, f serveFlags) (err error) {
	if err := a.checkImageFlags(cmd, f); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	s := &imageServe{app: a, log: slog.New(slog.NewTextHandler(a.Err, nil)), limits: image.Limits{Bytes: int64(f.image.most)}}
	if s.ref, err = image.ParseReference(strings.TrimPrefix(name, ociScheme)); err != nil {
		return err
	}
	s.open = func() (*image.Repository, error) { return a.repository(s.ref.Repository, f.image.insecure) }
	if s.repo, err = s.open(); err != nil {
		return err
	}
	if s.trust, err = a.trust(f.image); err != nil {
		return err
	}
	secret, err := a.secret(f.git.secretFile, "LECTERN_HOOK_SECRET")
	if err != nil {
		return err
	}
	data, err := a.imageData(f, s.ref)
	if err != nil {
		return err
	}
	if s.store, err = release.Open(data); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.store.Close()) }()
	s.cache = cache.Open(filepath.Join(data, "cache"))
	fr, err := a.openFront(ctx, cmd, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fr.Close()) }()
	s.follower = &follow.Follower{Look: s.look, Found: func(string) {}, State: s.state, Every: f.git.poll}
	s.follower.Init()
	opts := server.Options{Drain: f.drain, Compress: true, Probes: true, Reasons: true, Routes: map[string]http.Handler{}}
	if secret != "" {
		h := webhook.NewHandler(webhook.NewReceiver(strings.Split(secret, "\n"), nil), s.hook, s.log)
		h.Result = fr.series.Webhook
		opts.Routes[hooksPath] = h
	}
	s.server = server.New(fr.options(opts))
	s.showLast(ctx)
	fmt.Fprintf(a.Out, "Lectern serves %s at %s\n", s.ref, fr.url(f.bind))
	var following workers
	following.run(func() { s.follower.Run(ctx) })
	err = fr.serve(ctx, s.server, false)
	cancel()
	following.Wait()
	return err
}

// imageServe is one run of `lectern serve oci://…`. After the start its fields
// are used by the follower's goroutine alone.
type imageServe struct {
	*app
	ref      image.Reference
	repo     *image.Repository
	open     func() (*image.Repository, error)
	trust    *attest.Trust // nil if nothing is verified
	store    *release.Store
	cache    *cache.Store
	server   *server.Server
	follower *follow.Follower
	log      *slog.Logger
	limits   image.Limits

	// shown is the digest of the image whose site is shown, update the site.
	shown  string
	update server.Update
	// refused is the digest of an image that can't be shown, whatever the registry
	// does, and why.
	refused string
	reason  error
}

// hook takes a webhook: whatever it says, it is time to look.
func (s *imageServe) hook(webhook.Event) { s.follower.Wake() }

// look is the follower's. After a failure it speaks to the registry anew the next
// time: credentials may have run out, and there may be new ones.
func (s *imageServe) look(ctx context.Context) (string, error) {
	digest, err := s.upToDate(ctx)
	if err != nil {
		if fresh, openErr := s.open(); openErr == nil {
			s.repo = fresh
		}
	}
	return digest, err
}

// upToDate shows the image that the reference names, if that is another one.
func (s *imageServe) upToDate(ctx context.Context) (string, error) {
	start := time.Now()
	digest, err := s.repo.Resolve(ctx, s.ref)
	switch {
	case err != nil:
		return "", err
	case digest == s.shown:
		return digest, nil
	case digest == s.refused:
		return "", s.reason
	}
	if s.trust != nil {
		if err := s.repo.Verify(ctx, digest, *s.trust); err != nil {
			return "", err
		}
		s.cache.Put(s.trustKey(digest), []byte("verified"))
	}
	p, rel, err := s.pull(ctx, digest)
	if err != nil {
		var content *image.ContentError
		var other *image.NotOursError
		if errors.As(err, &content) || errors.As(err, &other) {
			s.refused, s.reason = digest, err
		}
		return "", err
	}
	s.refused, s.reason = "", nil
	if s.store.Current().Pinned {
		s.log.Info("kept, but another release is pinned", "digest", digest, "release", rel.Number)
		s.shown = digest
		return digest, nil
	}
	if err := s.store.Activate(rel.Number, false, "registry"); err != nil {
		return "", err
	}
	if err := s.show(ctx, rel.Number, digest); err != nil {
		return "", err
	}
	s.log.Info("shown", "digest", digest, "revision", p.Revision, "files", len(p.Files),
		"layers", fmt.Sprintf("%d of %d fetched", p.Fetched, p.Layers), "bytes", p.Bytes, "took", time.Since(start).Round(time.Millisecond))
	s.cache.Prune()
	if err := s.store.Prune(keptImages); err != nil {
		s.log.Warn("old websites can't be removed", "error", err)
	}
	return digest, nil
}

// pull brings the site of the image to the store.
func (s *imageServe) pull(ctx context.Context, digest string) (*image.Pulled, release.Release, error) {
	start := time.Now()
	ref := s.ref
	ref.Digest = digest
	found, err := s.repo.Find(ctx, ref)
	if err != nil {
		return nil, release.Release{}, err
	}
	t, err := s.store.Begin()
	if err != nil {
		return nil, release.Release{}, err
	}
	defer t.Abort()
	p, err := found.Pull(ctx, t, image.PullOptions{
		Limits: s.limits, Memory: layerMemory{s.cache}, Platform: "linux/" + runtime.GOARCH,
	})
	if err != nil {
		return nil, release.Release{}, err
	}
	rel, err := t.Commit(ctx, p.Files, release.Meta{
		Commit: p.Revision, Committed: p.Created, Origin: s.origin(digest),
		Settings: snapshot.Settings{Policy: p.Settings.Policy, FilePolicy: p.Settings.FilePolicy},
		Phases:   []release.Phase{{Name: "pull", Took: time.Since(start)}},
	})
	return p, rel, err
}

// origin is what a release says of the image that it came from.
func (s *imageServe) origin(digest string) string { return s.ref.Repository + "@" + digest }

// show shows a release that is kept.
func (s *imageServe) show(ctx context.Context, number int, digest string) error {
	snap, rel, err := s.store.Open(ctx, number)
	if err != nil {
		return err
	}
	s.shown = digest
	s.update = server.Update{Snapshot: snap, Policy: rel.Settings.Policy, FilePolicy: rel.Settings.FilePolicy}
	s.server.Swap(s.update)
	return nil
}

// showLast shows the site that was live when the last process ended, before the
// registry is asked: if it is of this repository, and, where signatures count,
// was verified with these keys.
func (s *imageServe) showLast(ctx context.Context) {
	for _, err := range s.store.Problems() {
		s.log.Warn("kept websites", "error", err)
	}
	live := s.store.Current()
	for _, rel := range s.store.List() {
		digest, ok := strings.CutPrefix(rel.Origin, s.ref.Repository+"@")
		if rel.Number != live.Number || !ok || s.ref.Digest != "" && s.ref.Digest != digest {
			continue
		}
		if s.trust != nil {
			if _, ok := s.cache.Get(s.trustKey(digest)); !ok {
				s.log.Info("the website of before is not shown until its signature is verified", "digest", digest)
				return
			}
		}
		if err := s.show(ctx, rel.Number, digest); err != nil {
			s.log.Warn("the website of before can't be shown", "error", err)
			return
		}
		s.log.Info("shown again", "digest", digest, "revision", rel.Commit, "release", rel.Number)
		return
	}
}

// trustKey names the fact that an image was verified by what is trusted now.
func (s *imageServe) trustKey(digest string) cache.Key {
	parts := [][]byte{[]byte("verified 1"), []byte(s.ref.Repository), []byte(digest)}
	for _, k := range s.trust.Keys {
		parts = append(parts, []byte(k.ID()))
	}
	parts = append(parts, []byte("names"))
	for _, n := range s.trust.Names {
		parts = append(parts, []byte(n))
	}
	return cache.KeyOf(parts...)
}

// state is the follower's: it says once how things are.
func (s *imageServe) state(err error) {
	var untrusted *attest.TrustError
	if err == nil {
		if s.update.Snapshot != nil {
			s.server.Swap(s.update) // which also forgets what failed
		}
		s.log.Info("all is well again", "image", s.ref.String(), "digest", s.shown)
		return
	}
	what := "the image can't be fetched"
	if errors.As(err, &untrusted) {
		what = "the image is not trusted"
	}
	stays := "the website stays as it is"
	if s.update.Snapshot == nil {
		stays = "there is no website yet"
	}
	s.server.Fail(fmt.Errorf("%s: %w", what, err), nil)
	s.log.Warn(what+"; "+stays, "image", s.ref.String(), "error", err, "hint", hintOf(err))
}
