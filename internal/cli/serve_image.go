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
	s.begin()
	defer s.live.Close()
	wait, err := a.openControl(ctx, s.live, data, f.git, s.log, opts.Routes)
	if err != nil {
		return err
	}
	defer wait()
	defer cancel()
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
	live     *release.Live
	follower *follow.Follower
	log      *slog.Logger
	limits   image.Limits

	// have is the digest of the image that was adopted last.
	have string
	// refused is the digest of an image that can't be shown, whatever the registry
	// does, and why.
	refused string
	reason  error
}

// begin makes what owns the releases, and shows none yet.
func (s *imageServe) begin() {
	s.live = release.NewLive(release.LiveOptions{Store: s.store, Keep: keptImages, Show: showOn(s.server), Allow: s.allow, Log: s.log})
}

// hook takes a webhook: whatever it says, it is time to look.
func (s *imageServe) hook(webhook.Event) { s.follower.Wake() }

// look is the follower's. After a failure it speaks to the registry anew the next
// time: credentials may have run out, and there may be new ones.
func (s *imageServe) look(ctx context.Context) (string, error) {
	digest, err := s.upToDate(ctx)
	if ctx.Err() == nil {
		s.live.Following(s.ref.String(), err)
	}
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
	case digest == s.have:
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
	s.log.Info("fetched", "digest", digest, "revision", p.Revision, "files", len(p.Files),
		"layers", fmt.Sprintf("%d of %d", p.Fetched, p.Layers), "bytes", p.Bytes, "took", time.Since(start).Round(time.Millisecond))
	if err := s.live.Adopt(ctx, rel); err != nil {
		return "", err
	}
	s.have = digest
	s.cache.Prune()
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

// imageOf is the digest of the image that a release came from, if it is of the
// repository, and of the image if that is pinned by its digest.
func (s *imageServe) imageOf(r release.Release) (string, bool) {
	digest, ok := strings.CutPrefix(r.Origin, s.ref.Repository+"@")
	return digest, ok && (s.ref.Digest == "" || s.ref.Digest == digest)
}

// allow says why a release that is kept must not be shown: it is another
// repository's or image's, or was not verified with these keys.
func (s *imageServe) allow(r release.Release) error {
	digest, ok := s.imageOf(r)
	if !ok {
		return fmt.Errorf("it is of %s", r.Origin)
	}
	if s.trust != nil {
		if _, ok := s.cache.Get(s.trustKey(digest)); !ok {
			return fmt.Errorf("the signature of %s was not verified yet with what is trusted now", digest)
		}
	}
	return nil
}

// showLast shows the site that was live when the last process ended, before the
// registry is asked.
func (s *imageServe) showLast(ctx context.Context) {
	if !s.live.Start(ctx) {
		return
	}
	list := s.store.List()
	newest := list[len(list)-1]
	if s.allow(newest) == nil {
		s.have, _ = s.imageOf(newest)
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
		s.server.Recover()
		s.log.Info("all is well again", "image", s.ref.String(), "digest", s.have)
		return
	}
	what := "the image can't be fetched"
	if errors.As(err, &untrusted) {
		what = "the image is not trusted"
	}
	stays := "the website stays as it is"
	if s.server.Snapshot() == nil {
		stays = "there is no website yet"
	}
	s.server.Fail(fmt.Errorf("%s: %w", what, err), nil)
	s.log.Warn(what+"; "+stays, "image", s.ref.String(), "error", err, "hint", hintOf(err))
}
