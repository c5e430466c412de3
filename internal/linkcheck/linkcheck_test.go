package linkcheck_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/cache"
	"lectern/internal/fetch"
	"lectern/internal/linkcheck"
)

// checker asks quickly, and this machine.
func checker(t *testing.T, change func(*linkcheck.Options)) *linkcheck.Checker {
	t.Helper()
	opts := linkcheck.Options{Fetch: fetch.Options{Local: true, Timeout: time.Minute}, Pause: time.Millisecond, Backoff: time.Millisecond}
	if change != nil {
		change(&opts)
	}
	c := linkcheck.New(opts)
	t.Cleanup(c.Close)
	return c
}

func ask(t *testing.T, c *linkcheck.Checker, addresses ...string) map[string]linkcheck.Answer {
	t.Helper()
	got, err := c.Ask(t.Context(), addresses)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) > len(addresses) {
		t.Errorf("%d answers to %d questions", len(got), len(addresses))
	}
	return got
}

func TestAnswers(t *testing.T) {
	s := newSite(t, false)
	type want struct {
		state  linkcheck.State
		detail string // is found in it
		moved  string
		asked  string // what the server saw, sorted
	}
	cases := map[string]want{
		"/ok/a":            {state: linkcheck.Fine, asked: "1 HEAD /ok/a"},
		"/empty":           {state: linkcheck.Fine, asked: "1 HEAD /empty"},
		"/none":            {linkcheck.Gone, `"404 Not Found"`, "", "1 GET /none, 1 HEAD /none"},
		"/gone":            {linkcheck.Gone, `"410 Gone"`, "", "1 GET /gone, 1 HEAD /gone"},
		"/forbidden":       {linkcheck.Refused, "403", "", "1 GET /forbidden, 1 HEAD /forbidden"},
		"/login":           {linkcheck.Refused, "401", "", "1 GET /login, 1 HEAD /login"},
		"/999":             {linkcheck.Refused, "999", "", "1 GET /999, 1 HEAD /999"},
		"/broken":          {linkcheck.Failing, "500", "", "3 GET /broken, 3 HEAD /broken"},
		"/bettersoon":      {state: linkcheck.Fine, asked: "1 GET /bettersoon, 2 HEAD /bettersoon"},
		"/busy":            {state: linkcheck.Fine, asked: "2 HEAD /busy"},
		"/busydate":        {state: linkcheck.Fine, asked: "1 GET /busydate, 1 HEAD /busydate"},
		"/busylong":        {linkcheck.Refused, "429", "", "1 HEAD /busylong"},
		"/nohead":          {state: linkcheck.Fine, asked: "1 GET /nohead, 1 HEAD /nohead"},
		"/wronghead":       {state: linkcheck.Fine, asked: "1 GET /wronghead, 1 HEAD /wronghead"},
		"/hangup":          {state: linkcheck.Fine, asked: "1 GET /hangup, 1 HEAD /hangup"},
		"/endless":         {state: linkcheck.Fine, asked: "1 GET /endless, 1 HEAD /endless"},
		"/moved":           {linkcheck.Fine, "", "/ok/new", "1 HEAD /moved, 1 HEAD /ok/new"},
		"/moved2":          {linkcheck.Fine, "", "/ok/new", "1 HEAD /moved, 1 HEAD /moved2, 1 HEAD /ok/new"},
		"/for-now":         {state: linkcheck.Fine, asked: "1 HEAD /for-now, 1 HEAD /ok/new"},
		"/for-now-moved":   {state: linkcheck.Fine, asked: "1 HEAD /for-now-moved, 1 HEAD /moved, 1 HEAD /ok/new"},
		"/moved-for-now":   {linkcheck.Fine, "", "/for-now", "1 HEAD /for-now, 1 HEAD /moved-for-now, 1 HEAD /ok/new"},
		"/moved-away":      {linkcheck.Gone, "404", "", "1 GET /none, 1 HEAD /moved-away, 1 HEAD /none"},
		"/circle":          {linkcheck.Dead, "in a circle", "", "1 HEAD /circle, 1 HEAD /circle2"},
		"/file":            {linkcheck.Dead, `"file" is not fetched`, "", "1 HEAD /file"},
		"/cookie":          {state: linkcheck.Fine, asked: "2 HEAD /cookie"},
		"/far/":            {state: linkcheck.Dead, detail: "more than 10 times"},
		"/ok/a?b=c%20d&e=": {state: linkcheck.Fine, asked: "1 HEAD /ok/a"},
	}
	for path, want := range cases {
		t.Run(path, func(t *testing.T) {
			s.mu.Lock()
			clear(s.asked)
			s.mu.Unlock()
			a := ask(t, checker(t, nil), s.URL+path)[s.URL+path]
			moved := strings.TrimPrefix(a.Moved, s.URL)
			if a.State != want.state || !strings.Contains(a.Detail, want.detail) || (a.Detail == "") != (want.detail == "") || moved != want.moved {
				t.Errorf("%+v, want %+v", a, want)
			}
			if got := s.seen(); want.asked != "" && got != want.asked {
				t.Errorf("the server saw %s, want %s", got, want.asked)
			}
		})
	}
}

func (s *site) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, what := range slices.Sorted(maps.Keys(s.asked)) {
		out = append(out, fmt.Sprint(s.asked[what], " ", what))
	}
	return strings.Join(out, ", ")
}

func TestNoAnswer(t *testing.T) {
	s, secure := newSite(t, false), newSite(t, true)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + ln.Addr().String() + "/"
	ln.Close()
	for _, c := range []struct {
		address string
		local   bool
		state   linkcheck.State
		detail  string
	}{
		{closed, true, linkcheck.Dead, "no server listens"},
		{secure.URL + "/ok/", true, linkcheck.Dead, "certificate"},
		{s.URL + "/slow", true, linkcheck.Failing, "no answer in time"},
		{s.URL + "/ok/", false, linkcheck.Local, "this machine"},
		{"http://localhost:1/", false, linkcheck.Local, "this machine"},
		{"http://[::1]:1/", false, linkcheck.Local, "this machine"},
		{"http://169.254.169.254/latest", false, linkcheck.Local, "this machine"},
		{"http://", true, linkcheck.Dead, "names no host"},
		{"http://a b/", true, linkcheck.Dead, "no web address"},
		{"ftp://127.0.0.1/", true, linkcheck.Dead, "only http"},
	} {
		k := checker(t, func(o *linkcheck.Options) {
			o.Fetch.Local = c.local
			if strings.HasSuffix(c.address, "/slow") {
				o.Fetch.Timeout = 20 * time.Millisecond
			}
		})
		if a := ask(t, k, c.address)[c.address]; a.State != c.state || !strings.Contains(a.Detail, c.detail) {
			t.Errorf("%s: %+v", c.address, a)
		}
	}
}

// A host is never asked by more than two at once, nor faster than it should,
// and others do not wait for it.
func TestManners(t *testing.T) {
	s, other := newSite(t, false), newSite(t, false)
	var addresses []string
	for i := range 12 {
		addresses = append(addresses, fmt.Sprintf("%s/ok/%d", s.URL, i), fmt.Sprintf("%s/ok/%d", other.URL, i))
	}
	const pause = 15 * time.Millisecond
	start := time.Now()
	for a, answer := range ask(t, checker(t, func(o *linkcheck.Options) { o.Pause = pause }), addresses...) {
		if answer.State != linkcheck.Fine {
			t.Errorf("%s: %+v", a, answer)
		}
	}
	if s.most > 2 || other.most > 2 {
		t.Errorf("%d and %d requests at once", s.most, other.most)
	}
	// Requests set out a pause apart; the two hosts' do so side by side.
	if took := time.Since(start); took < 11*pause {
		t.Errorf("twelve requests to a host took %v", took)
	}
}

// Slow answers show how many are under way at once.
func TestTwoAtOnce(t *testing.T) {
	s := newSite(t, false)
	var addresses []string
	for i := range 6 {
		addresses = append(addresses, fmt.Sprintf("%s/slow?%d", s.URL, i))
	}
	done := make(chan map[string]linkcheck.Answer)
	k := checker(t, nil)
	go func() { done <- ask(t, k, addresses...) }()
	for s.count("HEAD /slow") < 2 {
		time.Sleep(time.Millisecond)
	}
	for range 6 {
		s.release <- struct{}{}
	}
	for a, answer := range <-done {
		if answer.State != linkcheck.Fine {
			t.Errorf("%s: %+v", a, answer)
		}
	}
	if s.most != 2 {
		t.Errorf("%d requests at once, want 2", s.most)
	}
}

func TestCache(t *testing.T) {
	s := newSite(t, false)
	dir, now := t.TempDir(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	good, bad, moved := s.URL+"/ok/", s.URL+"/none", s.URL+"/moved"
	round := func(want string) {
		t.Helper()
		s.mu.Lock()
		clear(s.asked)
		s.mu.Unlock()
		k := checker(t, func(o *linkcheck.Options) {
			o.Cache, o.Now = cache.Open(dir), func() time.Time { return now }
		})
		for range 2 { // what is known to a checker is known, cache or not
			got := ask(t, k, good, bad, moved, good)
			if got[good].State != linkcheck.Fine || got[bad].State != linkcheck.Gone || got[moved].Moved != s.URL+"/ok/new" || len(got) != 3 {
				t.Errorf("%+v", got)
			}
		}
		if seen := s.seen(); seen != want {
			t.Errorf("the server saw %q, want %q", seen, want)
		}
	}
	all := "1 GET /none, 1 HEAD /moved, 1 HEAD /none, 1 HEAD /ok/, 1 HEAD /ok/new"
	round(all)
	now = now.Add(59 * time.Minute)
	round("")
	now = now.Add(2 * time.Minute)
	round("1 GET /none, 1 HEAD /none")
	now = now.Add(8 * 24 * time.Hour)
	round(all)
	now = now.Add(-30 * 24 * time.Hour) // a clock that was wrong
	round(all)
}

// What is down is not asked again and again, and nothing is kept of it that
// says nothing of the address.
func TestDownAndOffline(t *testing.T) {
	s := newSite(t, true) // nobody trusts it
	var addresses []string
	for i := range 20 {
		addresses = append(addresses, fmt.Sprintf("%s/ok/%d", s.URL, i))
	}
	for a, answer := range ask(t, checker(t, nil), addresses...) {
		if answer.State != linkcheck.Dead {
			t.Errorf("%s: %+v", a, answer)
		}
	}
	if n := s.seen(); n != "" {
		t.Errorf("it was asked: %s", n)
	}

	nowhere := []string{"http://a.invalid/", "http://b.invalid/1", "http://b.invalid/2", "http://c.invalid/", "http://d.invalid/"}
	k := checker(t, func(o *linkcheck.Options) { o.Cache = cache.Open(t.TempDir()) })
	for a, answer := range ask(t, k, nowhere...) {
		if answer.State != linkcheck.Offline || answer.Detail == "" {
			t.Errorf("%s: %+v", a, answer)
		}
	}
	// One server that answers, and the others are at fault.
	fine := newSite(t, false)
	for a, answer := range ask(t, checker(t, nil), append(nowhere, fine.URL+"/ok/")...) {
		if (answer.State == linkcheck.Fine) != strings.HasPrefix(a, fine.URL) || answer.State == linkcheck.Offline {
			t.Errorf("%s: %+v", a, answer)
		}
	}
}

func TestLimitAndCancel(t *testing.T) {
	s := newSite(t, false)
	addresses := []string{s.URL + "/slow", s.URL + "/slow?2", s.URL + "/slow?3"}
	limited := checker(t, func(o *linkcheck.Options) { o.Limit = 50 * time.Millisecond })
	for a, answer := range ask(t, limited, addresses...) {
		if answer.State != linkcheck.Unasked || !strings.Contains(answer.Detail, "no time left") {
			t.Errorf("%s: %+v", a, answer)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.count("HEAD /slow") < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if got, err := checker(t, nil).Ask(ctx, addresses); err == nil || got != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestProgress(t *testing.T) {
	s := newSite(t, false)
	var steps []string
	k := checker(t, func(o *linkcheck.Options) {
		o.Progress = func(done, total int) { steps = append(steps, fmt.Sprint(done, "/", total)) }
	})
	ask(t, k, s.URL+"/ok/1", s.URL+"/ok/2", s.URL+"/ok/2")
	if got := strings.Join(steps, " "); got != "1/2 2/2" {
		t.Error(got)
	}
}
