package cli

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// hook FORM SECRET STATUS [BODY] sends a webhook to the script's server, which
// has to answer with the status. FORM is github, forgejo, gitlab, plain or token.
func cmdHook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: hook FORM SECRET STATUS [BODY]")
	}
	s := ts.Value(serverKey{}).(*scriptServer)
	body := fmt.Sprintf(`{"ref":"refs/heads/main","object_kind":"push","now":%d}`, time.Now().UnixNano())
	if len(args) > 3 {
		body = args[3]
	}
	r, err := http.NewRequest(http.MethodPost, s.url+"/"+hooksPath, strings.NewReader(body))
	ts.Check(err)
	sum := func(text string) string {
		h := hmac.New(sha256.New, []byte(args[1]))
		h.Write([]byte(text))
		return hex.EncodeToString(h.Sum(nil))
	}
	switch args[0] {
	case "github":
		r.Header.Set("X-GitHub-Event", "push")
		r.Header.Set("X-Hub-Signature-256", "sha256="+sum(body))
	case "github-request":
		r.Header.Set("X-GitHub-Event", "pull_request")
		r.Header.Set("X-Hub-Signature-256", "sha256="+sum(body))
	case "forgejo":
		r.Header.Set("X-Forgejo-Event", "push")
		r.Header.Set("X-Forgejo-Signature", sum(body))
	case "gitlab":
		r.Header.Set("X-Gitlab-Event", "Push Hook")
		r.Header.Set("X-Gitlab-Token", args[1])
	case "plain":
		now := strconv.FormatInt(time.Now().Unix(), 10)
		r.Header.Set("X-Lectern-Timestamp", now)
		r.Header.Set("X-Lectern-Signature", "sha256="+sum(now+"."+body))
	case "token": // of registries
		r.Header.Set("Authorization", "Bearer "+args[1])
	default:
		ts.Fatalf("no form of webhooks is called %s", args[0])
	}
	client := http.Client{Timeout: patience}
	resp, err := client.Do(r)
	ts.Check(err)
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(resp.Body.Close())
	if strconv.Itoa(resp.StatusCode) != args[2] {
		ts.Fatalf("the webhook got %d, want %s: %s", resp.StatusCode, args[2], answer)
	}
}

// forge NAME FILE starts a forge that writes each status it is sent to FILE, a
// line each, and puts its address into the environment.
func cmdForge(ts *testscript.TestScript, _ bool, args []string) {
	f, err := os.OpenFile(ts.MkAbs(args[1]), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	ts.Check(err)
	var mu sync.Mutex
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(f, "%s %s auth=%q %s\n", r.Method, r.URL.Path, r.Header.Get("Authorization"), body)
		w.WriteHeader(http.StatusCreated)
	}))
	ts.Defer(func() {
		srv.Close()
		_ = f.Close()
	})
	ts.Setenv(args[0], srv.URL)
}

// burst DIR BRANCH COUNT pushes so many commits, one after the other, each with
// its number in talk.md.
func cmdBurst(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	for i := 1; i <= n; i++ {
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[0]), "talk.md"), fmt.Appendf(nil, "# A talk\nBurst %d.\n", i), 0o666))
		ts.Check(ts.Exec("git", "-C", args[0], "commit", "-q", "-a", "-m", fmt.Sprint("burst ", i)))
		ts.Check(ts.Exec("git", "-C", args[0], "push", "-q", "origin", args[1]))
	}
}

// builtonce LOG DIR fails unless, of the commits of a burst in DIR, only the
// newest was shown.
func cmdBuiltOnce(ts *testscript.TestScript, _ bool, args []string) {
	log := ts.ReadFile(args[0])
	out, err := exec.Command("git", "-C", ts.MkAbs(args[1]), "log", "--format=%H %s").Output()
	ts.Check(err)
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		commit, subject, _ := strings.Cut(line, " ")
		if strings.HasPrefix(subject, "burst ") && strings.Contains(log, "msg=shown commit="+commit) != (i == 0) {
			ts.Fatalf("%s (%s) was shown: %v", commit, subject, i != 0)
		}
	}
}
