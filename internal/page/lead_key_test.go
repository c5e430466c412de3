package page

import "testing"

// A redirect to a part of a joined session names the session's page: when that
// moves, the redirect is another.
func TestRedirectFollowsItsSession(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	to := s.Redirects[0].To
	to.Lead, to.Unlisted = s.Home.Sections[0].Notes[1], true
	o := Output{Path: s.Redirects[0].OutPath, Form: Redirect, Page: to}
	r := New(cfg, Options{})
	before, was := r.Pass(s).Key(o), string(r.Pass(s).Render(o).Bytes())
	lead := *to.Lead
	lead.URL = "/moved/"
	to.Lead = &lead
	if now := string(r.Pass(s).Render(o).Bytes()); now == was || r.Pass(s).Key(o) == before {
		t.Errorf("the session moved, and the redirect is %q still, or its key", now)
	}
}
