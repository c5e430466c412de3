package server

import (
	"net/http/httptest"
	"testing"
)

// Every answer of the site says of which release it is.
func TestReleaseHeader(t *testing.T) {
	s := New(Options{})
	ask := func(method, target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		return w
	}
	if got := ask("GET", "/").Header().Values(ReleaseHeader); len(got) != 0 {
		t.Errorf("no site, but release %q", got)
	}
	snap := site(t, pages)
	s.Swap(Update{Snapshot: snap})
	for _, target := range []string{"/", "/nothing/here"} {
		for _, method := range []string{"GET", "HEAD", "POST"} {
			if got := ask(method, target).Header().Get(ReleaseHeader); got != snap.Digest().Short() {
				t.Errorf("%s %s is of release %q", method, target, got)
			}
		}
	}
}
