package cli

import (
	"context"
	"fmt"
	"time"

	"lectern/internal/gitrepo"
)

// buildClock returns the function that says which time a build is for. It is
// an explicit input, so that the same notes give the same site on another day:
// --now, else SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch),
// else the time of the newest commit. Notes that are in no repository have
// only the clock.
func (a *app) buildClock(dir string, flag time.Time) (func(context.Context) (time.Time, error), error) {
	if !flag.IsZero() {
		return fixed(flag), nil
	}
	if s := a.Env("SOURCE_DATE_EPOCH"); s != "" {
		t, err := parseTime(s)
		if err != nil {
			return nil, &usageError{fmt.Sprintf("the environment's SOURCE_DATE_EPOCH=%q: %v", s, err), "unset it, or use --now"}
		}
		return fixed(t), nil
	}
	return func(ctx context.Context) (time.Time, error) {
		t, ok, err := gitrepo.NewestCommitTime(ctx, dir)
		switch {
		case ctx.Err() != nil:
			return time.Time{}, ctx.Err()
		case err != nil:
			return time.Time{}, &hintedError{err, "give the time yourself: --now 2026-03-26"}
		case !ok:
			return time.Now(), nil
		}
		return t, nil
	}, nil
}

func fixed(t time.Time) func(context.Context) (time.Time, error) {
	return func(context.Context) (time.Time, error) { return t, nil }
}
