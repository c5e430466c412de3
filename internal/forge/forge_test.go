package forge

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const commit = "1111111111111111111111111111111111111111"

func TestFind(t *testing.T) {
	for _, c := range []struct{ web, hint, want string }{
		{"https://github.com/talks/notes", "", "github https://api.github.com talks/notes"},
		{"https://github.example.org/talks/notes", "", "github https://github.example.org/api/v3 talks/notes"},
		{"https://codeberg.org/talks/notes", "", "forgejo https://codeberg.org/api/v1 talks/notes"},
		{"https://gitlab.com/a/b/notes", "", "gitlab https://gitlab.com/api/v4 a/b/notes"},
		{"https://git.example.org/talks/notes", "", ""},
		{"https://git.example.org/talks/notes", "forgejo", "forgejo https://git.example.org/api/v1 talks/notes"},
		{"https://example.org/git/talks/notes", "gitea=https://example.org/git/", "gitea https://example.org/git/api/v1 talks/notes"},
		{"", "forgejo=https://git.example.org/talks/notes", "forgejo https://git.example.org/api/v1 talks/notes"},
		{"", "forgejo=https://git.example.org", ""},
		{"", "", ""},
		{"https://git.example.org/talks/notes", "sourcehut", ""},
		{"https://git.example.org/talks/notes", "github=ftp://x/y", ""},
		{"https://git.example.org/talks/notes", "github=https://me:pw@x/y/z", ""},
	} {
		f, err := Find(c.web, c.hint)
		got := ""
		if err == nil {
			got = string(f.Kind) + " " + f.API + " " + f.Repository
		}
		if got != c.want {
			t.Errorf("%s, %s: %q, %v, want %q", c.web, c.hint, got, err, c.want)
		}
	}
}

// TestReport checks what the forges are sent against what their documentation
// asks for.
func TestReport(t *testing.T) {
	for _, c := range []struct {
		kind         Kind
		path         string
		header, auth string
		label, state string
	}{
		{GitHub, "/api/v3/repos/talks/notes/statuses/" + commit, "Authorization", "Bearer s3cret", "context", "failure"},
		{Forgejo, "/api/v1/repos/talks/notes/statuses/" + commit, "Authorization", "token s3cret", "context", "failure"},
		{Gitea, "/api/v1/repos/talks/notes/statuses/" + commit, "Authorization", "token s3cret", "context", "failure"},
		{GitLab, "/api/v4/projects/talks%2Fnotes/statuses/" + commit, "Private-Token", "s3cret", "name", "failed"},
	} {
		var got map[string]string
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if r.Method != "POST" || r.URL.EscapedPath() != c.path || r.URL.RawQuery != "" || r.Header.Get(c.header) != c.auth ||
				r.Header.Get("Content-Type") != "application/json" || json.Unmarshal(body, &got) != nil {
				t.Errorf("%s: %s %s %v %s", c.kind, r.Method, r.URL, r.Header, body)
			}
			w.WriteHeader(http.StatusCreated)
		}))
		f, err := Find("", string(c.kind)+"="+srv.URL+"/talks/notes")
		if err != nil {
			t.Fatal(err)
		}
		err = f.Report(t.Context(), "s3cret", Status{
			Commit: commit, State: Failure, Branch: "main", Description: strings.Repeat("ä\n", 200), URL: "https://notes.example.org/",
		})
		if err != nil {
			t.Errorf("%s: %v", c.kind, err)
		}
		if got[c.label] != "lectern" || got["state"] != c.state || got["target_url"] != "https://notes.example.org/" ||
			len([]rune(got["description"])) > 140 || (c.kind == GitLab) != (got["ref"] == "main") {
			t.Errorf("%s: %v", c.kind, got)
		}
		srv.Close()
	}
}

func TestRefusals(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the token went elsewhere") }))
	defer elsewhere.Close()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Private-Token") {
		case "moved":
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		case "weak":
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"message":"403 Forbidden"}`)
		default:
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, strings.Repeat("<html>", 1<<20))
		}
	}))
	defer srv.Close()
	f, err := Find("", "gitlab="+srv.URL+"/a/b")
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]struct {
		status  int
		lasting bool
	}{"moved": {307, true}, "weak": {403, true}, "late": {502, false}} {
		err := f.Report(t.Context(), token, Status{Commit: commit})
		fe, ok := errors.AsType[*Error](err)
		if !ok || fe.Status != want.status || fe.Lasting() != want.lasting || strings.Contains(err.Error(), token) {
			t.Errorf("%s: %v", token, err)
		}
		if (fe.Hint() != "") != (want.status == 403) {
			t.Errorf("%s: hint %q", token, fe.Hint())
		}
	}
	srv.Close()
	if err := f.Report(t.Context(), "t0ken", Status{Commit: commit}); err == nil || strings.Contains(err.Error(), "t0ken") {
		t.Errorf("no server: %v", err)
	}
}
