package auth

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"lectern/internal/server"
)

// quiet drops what a provider or a guard logs.
var quiet = slog.New(slog.DiscardHandler)

// signIn is a site behind a real identity provider.
type signIn struct {
	t        *testing.T
	site     *httptest.Server
	provider *httptest.Server
	guard    *OIDC
	users    []string // of the exchanges
}

func newSignIn(t *testing.T, allow ...string) *signIn {
	t.Helper()
	s := &signIn{t: t}
	s.provider = httptest.NewUnstartedServer(nil)
	s.site = httptest.NewUnstartedServer(nil)
	issuer := "http://" + s.provider.Listener.Addr().String() + "/"
	client := storage.WebClient("web", "secret", "http://"+s.site.Listener.Addr().String()+callbackPath)
	before := slog.Default() // the provider's example sets another
	t.Cleanup(func() { slog.SetDefault(before) })
	s.provider.Config.Handler = exampleop.SetupServer(issuer, storage.NewStorageWithClients(storage.NewUserStore(issuer), map[string]*storage.Client{"web": client}), quiet, false)
	s.provider.Start()
	t.Cleanup(s.provider.Close)
	key, err := Key(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.guard, err = NewOIDC(OIDCOptions{Issuer: issuer, ClientID: "web", ClientSecret: "secret", Allow: allow, Key: key, Session: time.Hour, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "notes at "+r.RequestURI) })
	s.site.Config.Handler = server.New(server.Options{
		Around:    func(http.Handler) http.Handler { return s.guard.Around(inner) },
		Observers: []func(*server.Exchange){func(x *server.Exchange) { s.users = append(s.users, x.User) }},
	})
	s.site.Start()
	t.Cleanup(s.site.Close)
	return s
}

// browser keeps cookies and asks for documents.
func (s *signIn) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: time.Minute}
}

func (s *signIn) open(b *http.Client, address string) (int, string, http.Header) {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,*/*")
	return s.do(b, r)
}

func (s *signIn) do(b *http.Client, r *http.Request) (int, string, http.Header) {
	s.t.Helper()
	resp, err := b.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// fill fills in the provider's form.
func (s *signIn) fill(b *http.Client, form string) (int, string, http.Header) {
	s.t.Helper()
	id := regexp.MustCompile(`name="id" value="([^"]*)"`).FindStringSubmatch(form)
	if id == nil {
		s.t.Fatalf("no form: %s", form)
	}
	host := s.provider.Listener.Addr().String()
	values := url.Values{"id": {id[1]}, "username": {"test-user@127.0.0.1"}, "password": {"verysecure"}}
	r, err := http.NewRequest(http.MethodPost, "http://"+host+"/login/username", strings.NewReader(values.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.do(b, r)
}

// The whole way: to the provider and back to the page that was asked for.
func TestSignIn(t *testing.T) {
	for _, tt := range []struct {
		allow string
		code  int
	}{
		{"email:Test-User@zitadel.ch", 200},
		{"domain:zitadel.ch", 200},
		{"any", 200},
		{"domain:example.org", 403},
		{"email:test-user2@zitadel.ch", 403},
		{"domain:itadel.ch", 403},
	} {
		s := newSignIn(t, tt.allow)
		b := s.browser()
		_, form, _ := s.open(b, s.site.URL+"/talk/?a=b")
		code, body, _ := s.fill(b, form)
		if code != tt.code || (code == 200) != (body == "notes at /talk/?a=b") {
			t.Errorf("%s: %d %q", tt.allow, code, body)
		}
		if tt.code != 200 {
			continue
		}
		if code, body, _ := s.open(b, s.site.URL+"/other/"); code != 200 || body != "notes at /other/" {
			t.Errorf("%s: the next page: %d %q", tt.allow, code, body)
		}
		if u := s.users[len(s.users)-1]; u != "test-user@zitadel.ch" {
			t.Errorf("%s: the user is %q", tt.allow, u)
		}
	}
}

func TestSessions(t *testing.T) {
	s := newSignIn(t, "any")
	b := s.browser()
	_, form, _ := s.open(b, s.site.URL+"/")
	if code, _, _ := s.fill(b, form); code != 200 {
		t.Fatalf("%d", code)
	}
	site, err := url.Parse(s.site.URL)
	if err != nil {
		t.Fatal(err)
	}
	var kept *http.Cookie
	for _, c := range b.Jar.Cookies(site) {
		switch {
		case c.Name == "lectern-session":
			kept = c
		case strings.HasPrefix(c.Name, "lectern-login"):
			t.Errorf("%s is left over", c.Name)
		}
	}
	if kept == nil || strings.Contains(kept.Value, "zitadel") {
		t.Fatalf("the session is %v", kept)
	}
	ask := func(value string, header ...string) int {
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(&http.Cookie{Name: "lectern-session", Value: value})
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		s.site.Config.Handler.ServeHTTP(w, r)
		return w.Code
	}
	if code := ask(kept.Value); code != 200 {
		t.Errorf("the session is worth %d", code)
	}
	forged := []byte(kept.Value)
	forged[len(forged)/2] ^= 1
	other, err := s.guard.seal.seal("login", session{User: "noor", Ends: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"changed": string(forged), "cut": kept.Value[:20], "of another purpose": other, "none": ""} {
		if code := ask(value); code != http.StatusUnauthorized {
			t.Errorf("a session that is %s is worth %d", name, code)
		}
	}
	// Parts of pages and programs are not sent anywhere.
	for _, header := range [][]string{{"Accept", "text/html", "Sec-Fetch-Dest", "image"}, {"Accept", "application/json"}} {
		if code := ask("", header...); code != http.StatusUnauthorized {
			t.Errorf("%v: %d", header, code)
		}
	}
	s.guard.now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	if code := ask(kept.Value); code != http.StatusUnauthorized {
		t.Errorf("an old session is worth %d", code)
	}
	s.guard.now = time.Now

	// Another site can't sign anybody out; the reader can.
	r, err := http.NewRequest(http.MethodGet, s.site.URL+logoutPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if code, _, _ := s.do(b, r); code != http.StatusForbidden {
		t.Errorf("another site signed out: %d", code)
	}
	if code, _, _ := s.open(b, s.site.URL+logoutPath); code != 200 {
		t.Errorf("%d", code)
	}
	if len(b.Jar.Cookies(site)) != 0 {
		t.Error("the session is still there")
	}
}

// What comes back has to belong to what this browser was sent away with.
func TestForgedCallback(t *testing.T) {
	s := newSignIn(t, "any")
	stop := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	victim, attacker := s.browser(), s.browser()
	victim.CheckRedirect = stop
	_, form, _ := s.open(attacker, s.site.URL+"/")
	attacker.CheckRedirect = stop
	// The attacker signs in, but has the victim come back.
	_, _, h := s.fill(attacker, form)
	for range 5 {
		next, err := url.Parse(h.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		if !next.IsAbs() {
			next.Scheme, next.Host = "http", s.provider.Listener.Addr().String()
		}
		if next.Path == callbackPath {
			if code, _, h := s.open(victim, next.String()); code != http.StatusBadRequest || h.Get("Set-Cookie") != "" {
				t.Errorf("the victim is signed in as the attacker: %d %v", code, h)
			}
			q := next.Query()
			q.Set("code", "another")
			next.RawQuery = q.Encode()
			if code, _, _ := s.open(attacker, next.String()); code != http.StatusBadGateway {
				t.Errorf("a code that the provider does not know: %d", code)
			}
			return
		}
		_, _, h = s.open(attacker, next.String())
	}
	t.Fatal("the provider sent nobody back")
}

func TestTargets(t *testing.T) {
	for target_, want := range map[string]string{
		"/talk/?a=b": "/talk/?a=b", "//evil.example/": "/", `/\evil.example/`: "/", "/" + strings.Repeat("a", 2000): "/",
	} {
		if got := target(&http.Request{URL: &url.URL{Opaque: target_}}); got != want {
			t.Errorf("%.30s goes on at %s", target_, got)
		}
	}
}

func TestProviderGone(t *testing.T) {
	s := newSignIn(t, "any")
	s.provider.Close()
	if code, _, h := s.open(s.browser(), s.site.URL+"/"); code != http.StatusServiceUnavailable || h.Get("Retry-After") == "" {
		t.Errorf("%d %v", code, h)
	}
}

// Who waits for a provider that does not answer does not wait for all others who do.
func TestProviderLeftAlone(t *testing.T) {
	asked := 0
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer provider.Close()
	o, err := NewOIDC(OIDCOptions{Issuer: provider.URL, ClientID: "web", Allow: []string{"any"}, Key: bytes.Repeat([]byte{1}, keySize), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	o.now = func() time.Time { return now }
	for i, want := range []int{1, 1, 2, 2} {
		if i == 2 {
			now = now.Add(providerPause)
		}
		if _, _, err := o.config(httptest.NewRequest("GET", "/", nil)); err == nil || asked != want {
			t.Errorf("%d: asked %d times, %v", i, asked, err)
		}
	}
}

func TestOIDCOptions(t *testing.T) {
	key := bytes.Repeat([]byte{1}, keySize)
	for name, o := range map[string]OIDCOptions{
		"no provider":           {ClientID: "web", Allow: []string{"any"}, Key: key},
		"without HTTPS":         {Issuer: "http://login.example.org", ClientID: "web", Allow: []string{"any"}, Key: key},
		"no client":             {Issuer: "https://login.example.org", Allow: []string{"any"}, Key: key},
		"nobody":                {Issuer: "https://login.example.org", ClientID: "web", Key: key},
		"a rule without a kind": {Issuer: "https://login.example.org", ClientID: "web", Allow: []string{"example.org"}, Key: key},
		"an empty rule":         {Issuer: "https://login.example.org", ClientID: "web", Allow: []string{"group:"}, Key: key},
		"a short key":           {Issuer: "https://login.example.org", ClientID: "web", Allow: []string{"any"}, Key: key[:10]},
	} {
		if _, err := NewOIDC(o); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestRules(t *testing.T) {
	r, err := parseRules([]string{"domain:example.org", "email:bo@other.org", "group:staff"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		claims claims
		want   bool
	}{
		{claims{Email: "noor@Example.org", EmailVerified: true}, true},
		{claims{Email: "noor@example.org"}, false}, // anybody can say so
		{claims{Email: "noor@sub.example.org", EmailVerified: true}, false},
		{claims{Email: "a@example.org@evil.example", EmailVerified: true}, false},
		{claims{Email: "bo@other.org", EmailVerified: true}, true},
		{claims{Email: "ob@other.org", EmailVerified: true}, false},
		{claims{Groups: []string{"guests", "staff"}}, true},
		{claims{Groups: []string{"Staff"}}, false},
		{claims{}, false},
	} {
		if got := r.allow(&tt.claims); got != tt.want {
			t.Errorf("%+v: %v", tt.claims, got)
		}
	}
}

// The key stays the same from start to start.
func TestKey(t *testing.T) {
	dir := t.TempDir() + "/state"
	a, err := Key(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Key(dir)
	if err != nil || !bytes.Equal(a, b) || len(a) != keySize {
		t.Errorf("%x and %x, %v", a, b, err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	if info, err := files[0].Info(); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the key: %v, %v", info.Mode(), err)
	}
	// What a start that was broken off left is in nobody's way.
	if err := os.Remove(dir + "/session.key"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/session-1.new", a[:5], 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Key(dir); err != nil || len(c) != keySize {
		t.Errorf("%x, %v", c, err)
	}
}
