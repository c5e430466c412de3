package auth

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/bcrypt"

	"lectern/internal/server"
)

func hashOf(t *testing.T, password string) string {
	t.Helper()
	h, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(h)
}

func passwordFile(t *testing.T, lines ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "users.htpasswd")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// guarded is a server whose every page is behind p.
func guarded(p *Passwords, seen *[]server.Exchange) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") })
	return server.New(server.Options{
		Probes: true,
		Around: func(http.Handler) http.Handler { return p.Around(inner) },
		Observers: []func(*server.Exchange){func(x *server.Exchange) {
			*seen = append(*seen, *x)
		}},
	})
}

func TestPasswords(t *testing.T) {
	p, err := OpenPasswords(passwordFile(t, "# people", "noor:"+hashOf(t, "right"), "", "bo:"+hashOf(t, "p:w")))
	if err != nil {
		t.Fatal(err)
	}
	var seen []server.Exchange
	h := guarded(p, &seen)
	ask := func(from, name, password string) int {
		r := httptest.NewRequest("GET", "/page/", nil)
		r.RemoteAddr = from
		if name != "-" {
			r.SetBasicAuth(name, password)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if (w.Body.String() == "secret") != (w.Code == 200) {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
		if w.Code == 401 && !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") || w.Code != 200 && w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", name, w.Header())
		}
		return w.Code
	}
	const home, away = "192.0.2.1:1", "192.0.2.2:1"
	for _, tt := range []struct {
		name, password string
		code           int
	}{
		{"noor", "right", 200},
		{"noor", "right", 200}, // remembered
		{"bo", "p:w", 200},
		{"-", "", 401},
		{"noor", "", 401},
		{"noor", "wrong", 401},
		{"noor", "right ", 401},
		{"Noor", "right", 401},
		{"", "right", 401},
		{"nobody", "right", 401},
		{"noor", strings.Repeat("x", 100), 401},
	} {
		if code := ask(home, tt.name, tt.password); code != tt.code {
			t.Errorf("%q %q: %d, want %d", tt.name, tt.password, code, tt.code)
		}
	}
	if seen[0].User != "noor" || seen[3].User != "" {
		t.Errorf("users %q and %q", seen[0].User, seen[3].User)
	}
	r := httptest.NewRequest("GET", "/livez", nil)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("a probe got %d", w.Code)
	}

	// Who guesses is held up, alone.
	now := time.Now()
	p.now = func() time.Time { return now }
	for range mostFailures {
		ask(home, "noor", "guess")
	}
	if code := ask(home, "bo", "another"); code != 429 {
		t.Errorf("a guess too many: %d", code)
	}
	if code := ask(home, "noor", "right"); code != 200 {
		t.Errorf("somebody known behind the same address: %d", code)
	}
	if code := ask(away, "bo", "guess"); code != 401 {
		t.Errorf("another address: %d", code)
	}
	now = now.Add(failureWindow)
	if code := ask(home, "noor", "guess"); code != 401 {
		t.Errorf("after a while: %d", code)
	}
}

// Many guesses at once are bounded as those one after another are.
func TestGuessesAtOnce(t *testing.T) {
	name := passwordFile(t, "noor:"+hashOf(t, "right"))
	synctest.Test(t, func(t *testing.T) {
		p, err := OpenPasswords(name)
		if err != nil {
			t.Fatal(err)
		}
		p.slots = make(chan struct{}, 1)
		p.slots <- struct{}{}
		var mu sync.Mutex
		count := map[verdict]int{}
		for i := range 50 {
			go func() {
				v := p.check(t.Context(), nil, "noor", fmt.Sprint("guess", i), true)
				mu.Lock()
				defer mu.Unlock()
				count[v]++
			}()
		}
		synctest.Wait() // all of them wait for their turn
		<-p.slots
		synctest.Wait()
		if count[denied] != mostFailures || count[tooMany] != 50-mostFailures {
			t.Errorf("%d were compared, %d were not", count[denied], count[tooMany])
		}
	})
}

func TestPasswordFiles(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"noor:$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00", "MD5"},
		{"noor:{SHA}fEqNCco3Yq9h5ZUglD3CZJT4lBs=", "SHA-1"},
		{"noor:$6$salt$abc", "SHA-512 crypt"},
		{"noor:secret", "plain text"},
		{"noor", "not NAME:HASH"},
		{":" + hashOf(t, "x"), "not NAME:HASH"},
		{"", "nobody"},
		{"noor:" + hashOf(t, "x") + "\nnoor:" + hashOf(t, "y"), "twice"},
		{"noor:" + strings.Replace(hashOf(t, "x"), "$04$", "$31$", 1), "cost"},
	} {
		if _, err := OpenPasswords(passwordFile(t, tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", tt.text, err)
		}
	}
	if _, err := OpenPasswords("nowhere"); err == nil {
		t.Error("a file that is not there")
	}
}

// A file that has changed is read again, and who is no longer in it is out at once.
func TestPasswordsWatched(t *testing.T) {
	name := passwordFile(t, "noor:"+hashOf(t, "right"))
	p, err := OpenPasswords(name)
	if err != nil {
		t.Fatal(err)
	}
	if v := p.check(t.Context(), nil, "noor", "right", true); v != allowed {
		t.Fatalf("%v", v)
	}
	ctx, cancel := context.WithCancel(t.Context())
	reports, done := make(chan error, 10), make(chan struct{})
	go func() { defer close(done); p.Watch(ctx, time.Millisecond, func(err error) { reports <- err }) }()
	defer func() { cancel(); <-done }()
	if err := os.WriteFile(name, []byte("noor:plain\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case <-reports:
	case <-time.After(time.Minute):
		t.Fatal("nobody complains")
	}
	if v := p.check(t.Context(), nil, "noor", "right", true); v != allowed {
		t.Error("a broken file locks people out")
	}
	if err := os.WriteFile(name, []byte("bo:"+hashOf(t, "other")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); p.check(t.Context(), nil, "noor", "right", true) == allowed; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("who is gone is still let in")
		}
	}
}
