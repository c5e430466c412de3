package cli

import (
	"context"
	"time"

	"lectern/internal/cache"
	"lectern/internal/check"
	"lectern/internal/diag"
	"lectern/internal/fetch"
	"lectern/internal/linkcheck"
)

// asker asks servers about addresses on other sites.
type asker func(ctx context.Context, addresses []string) (map[string]check.Answer, error)

// asker returns what asks other sites, nil where that is not wanted, and what
// ends it.
func (a *app) asker(f checkFlags) (ask asker, end func()) {
	if !f.external {
		return nil, func() {}
	}
	bar := a.term.newProgress(time.Now)
	c := linkcheck.New(linkcheck.Options{
		Fetch: fetch.Options{Local: f.local, Timeout: 20 * time.Second, Agent: "lectern/" + a.version().Version + " (link check)"},
		Cache: cache.Open(a.cacheDir(f.cache)), Limit: f.externalLimit, Progress: bar.step("asking other sites"),
	})
	return func(ctx context.Context, addresses []string) (map[string]check.Answer, error) {
		defer bar.clear()
		found, err := c.Ask(ctx, addresses)
		if err != nil {
			return nil, err
		}
		out := make(map[string]check.Answer, len(found))
		for address, answer := range found {
			out[address] = answerOf(answer)
		}
		return out, nil
	}, c.Close
}

// answerOf says how bad an answer is for readers.
func answerOf(a linkcheck.Answer) check.Answer {
	switch a.State {
	case linkcheck.Fine:
		return check.Answer{Moved: a.Moved}
	case linkcheck.Gone, linkcheck.Dead:
		return check.Answer{Problem: a.Detail, Severity: diag.Error}
	case linkcheck.Failing:
		return check.Answer{Problem: a.Detail, Severity: diag.Warning}
	case linkcheck.Refused:
		return check.Answer{Problem: a.Detail + "; it may be there for people", Severity: diag.Info}
	case linkcheck.Local:
		return check.Answer{} // nobody else can follow it, but its author may
	case linkcheck.Offline:
		return check.Answer{Problem: "there seems to be no network (" + a.Detail + ")", Unasked: true}
	}
	return check.Answer{Problem: a.Detail, Unasked: true}
}
