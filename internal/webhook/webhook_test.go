package webhook

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	secret = "It's a Secret to Everybody"
	older  = "the secret before"
	one    = "1111111111111111111111111111111111111111"
	two    = "2222222222222222222222222222222222222222"
	none   = "0000000000000000000000000000000000000000"
)

var noon = time.Unix(1_800_000_000, 0)

func receiver() *Receiver {
	return NewReceiver([]string{"", secret, older}, func() time.Time { return noon })
}

func header(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func hexMAC(key, text string) string { return hex.EncodeToString(mac([]byte(key), []byte(text))) }

// The example in GitHub's documentation of webhooks.
func TestKnownSignature(t *testing.T) {
	const want = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
	if got := hexMAC(secret, "Hello, World!"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

const (
	pushBody    = `{"ref":"refs/heads/main","before":"` + one + `","after":"` + two + `","repository":{"full_name":"talks/notes"}}`
	requestBody = `{"action":"synchronize","number":7,"pull_request":{"number":7,"head":{"ref":"feature/x","sha":"` + two + `"}},"repository":{"full_name":"talks/notes"}}`
	gitlabPush  = `{"object_kind":"push","ref":"refs/heads/main","before":"` + one + `","after":"` + two + `","project":{"path_with_namespace":"talks/notes"}}`
)

func github(event, body string) http.Header {
	return header("X-GitHub-Event", event, "X-GitHub-Delivery", "d1", "X-Hub-Signature-256", "sha256="+hexMAC(secret, body))
}

func forgejo(event, body string) http.Header {
	return header(
		"X-GitHub-Event", event, "X-Gitea-Event", event, "X-Forgejo-Event", event, "X-Forgejo-Delivery", "d2",
		"X-Forgejo-Signature", hexMAC(secret, body), "X-Gitea-Signature", hexMAC(secret, body), "X-Hub-Signature-256", "sha256="+hexMAC(secret, body),
	)
}

func gitea(event, body string) http.Header {
	return header("X-Gitea-Event", event, "X-Gitea-Delivery", "d3", "X-Gitea-Signature", hexMAC(secret, body))
}

func gitlab(event string) http.Header {
	return header("X-Gitlab-Event", event, "X-Gitlab-Token", secret, "Idempotency-Key", "d4")
}

func signed(key string, at time.Time, id, body string) http.Header {
	stamp := fmt.Sprint(at.Unix())
	sum := mac([]byte(key), []byte(id+"."+stamp+"."+body))
	return header("webhook-id", id, "webhook-timestamp", stamp, "webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(sum))
}

func plain(at time.Time, body string) http.Header {
	stamp := fmt.Sprint(at.Unix())
	return header("X-Lectern-Timestamp", stamp, "X-Lectern-Signature", "sha256="+hexMAC(secret, stamp+"."+body))
}

func with(h http.Header, pairs ...string) http.Header {
	maps.Copy(h, header(pairs...))
	return h
}

func TestForms(t *testing.T) {
	pushed := Event{Kind: Push, Repository: "talks/notes", Ref: "refs/heads/main", Before: one, After: two}
	like := func(ev Event, sender, delivery string) Event {
		ev.Sender, ev.Delivery = sender, delivery
		return ev
	}
	gone := `{"ref":"refs/heads/x","before":"` + one + `","after":"` + none + `","deleted":true,"repository":{"full_name":"a/b"}}`
	form := "payload=" + url.QueryEscape(pushBody)
	for _, c := range []struct {
		name   string
		header http.Header
		body   string
		want   Event
	}{
		{"GitHub's push", github("push", pushBody), pushBody, like(pushed, "github", "d1")},
		{"GitHub's push in a form", with(github("push", form), "Content-Type", "application/x-www-form-urlencoded"), form, like(pushed, "github", "d1")},
		{"GitHub's ping", github("ping", `{"zen":"x"}`), `{"zen":"x"}`, Event{Sender: "github", Kind: Ping, Delivery: "d1"}},
		{"GitHub's star", github("star", `{}`), `{}`, Event{Sender: "github", Delivery: "d1"}},
		{"GitHub's push that deletes", github("push", gone), gone, Event{Sender: "github", Kind: Delete, Delivery: "d1", Repository: "a/b", Ref: "refs/heads/x", Before: one}},
		{
			"GitHub's delete", github("delete", `{"ref":"x","ref_type":"branch"}`), `{"ref":"x","ref_type":"branch"}`,
			Event{Sender: "github", Kind: Delete, Delivery: "d1", Ref: "refs/heads/x"},
		},
		{
			"GitHub's new tag", github("create", `{"ref":"v1","ref_type":"tag"}`), `{"ref":"v1","ref_type":"tag"}`,
			Event{Sender: "github", Kind: Push, Delivery: "d1", Ref: "refs/tags/v1"},
		},
		{
			"GitHub's pull request", github("pull_request", requestBody), requestBody,
			Event{Sender: "github", Kind: Request, Delivery: "d1", Repository: "talks/notes", Ref: "refs/pull/7/head", Branch: "feature/x", After: two},
		},
		{
			"a closed pull request", forgejo("pull_request", strings.Replace(requestBody, "synchronize", "closed", 1)), strings.Replace(requestBody, "synchronize", "closed", 1),
			Event{Sender: "forgejo", Kind: RequestClosed, Delivery: "d2", Repository: "talks/notes", Ref: "refs/pull/7/head", Branch: "feature/x", After: two},
		},
		{"Forgejo's push", forgejo("push", pushBody), pushBody, like(pushed, "forgejo", "d2")},
		{"Gitea's push", gitea("push", pushBody), pushBody, like(pushed, "gitea", "d3")},
		{"GitLab's push", gitlab("Push Hook"), gitlabPush, like(pushed, "gitlab", "d4")},
		{
			"GitLab's deleted branch", gitlab("Push Hook"), strings.Replace(gitlabPush, two, none, 1),
			Event{Sender: "gitlab", Kind: Delete, Repository: "talks/notes", Ref: "refs/heads/main", Before: one, Delivery: "d4"},
		},
		{
			"GitLab's merge request", gitlab("Merge Request Hook"),
			`{"object_kind":"merge_request","project":{"path_with_namespace":"a/b"},"object_attributes":{"iid":3,"action":"update","oldrev":"` + one + `","source_branch":"y","last_commit":{"id":"` + two + `"}}}`,
			Event{Sender: "gitlab", Kind: Request, Repository: "a/b", Ref: "refs/merge-requests/3/head", Branch: "y", Before: one, After: two, Delivery: "d4"},
		},
		{"GitLab's signed push", with(signed(secret, noon, "m1", gitlabPush), "X-Gitlab-Event", "Push Hook"), gitlabPush, like(pushed, "gitlab", "m1")},
		{"Standard Webhooks", signed(older, noon, "m2", `{"ref":"refs/heads/main"}`), `{"ref":"refs/heads/main"}`, Event{Sender: "signed", Kind: Push, Ref: "refs/heads/main", Delivery: "m2"}},
		{"plain", plain(noon, `{"repository":"a/b","ref":"refs/heads/main","after":"`+two+`"}`), `{"repository":"a/b","ref":"refs/heads/main","after":"` + two + `"}`, Event{Sender: "plain", Kind: Push, Repository: "a/b", Ref: "refs/heads/main", After: two}},
		{"plain, without a word", plain(noon.Add(-4*time.Minute), ""), "", Event{Sender: "plain", Kind: Push}},
	} {
		r := receiver()
		got, err := r.Receive(c.header, []byte(c.body))
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v\nwant %+v", c.name, got, err, c.want)
		}
		if _, err := r.Receive(c.header, []byte(c.body)); !errors.Is(err, ErrReplay) {
			t.Errorf("%s, again: %v", c.name, err)
		}
		forged := c.header.Clone()
		for _, name := range []string{"X-Forgejo-Signature", "X-Gitea-Signature", "X-Hub-Signature-256", "Webhook-Signature", "X-Lectern-Signature", "X-Gitlab-Token"} {
			if s := forged.Get(name); s != "" {
				end := "0"
				if strings.HasSuffix(s, "0") {
					end = "1"
				}
				if name == "Webhook-Signature" {
					s, end = s[:len(s)-8], "AAAAAAA="
				}
				forged.Set(name, s[:len(s)-1]+end)
				break // the first decides, whatever the others say
			}
		}
		if got, err := receiver().Receive(forged, []byte(c.body)); !errors.Is(err, ErrForged) || got.Kind != Other || got.Ref != "" {
			t.Errorf("%s, forged: %+v, %v", c.name, got, err)
		}
		if c.header.Get("X-Gitlab-Token") == "" {
			if _, err := receiver().Receive(c.header, []byte(c.body+" ")); !errors.Is(err, ErrForged) {
				t.Errorf("%s with another body: %v", c.name, err)
			}
		}
		if _, err := NewReceiver([]string{""}, nil).Receive(c.header, []byte(c.body)); !errors.Is(err, ErrForged) {
			t.Errorf("%s, where there is no secret: %v", c.name, err)
		}
	}
}

func TestRefused(t *testing.T) {
	whsec := "whsec_" + base64.StdEncoding.EncodeToString([]byte("the key itself"))
	if _, err := NewReceiver([]string{whsec}, func() time.Time { return noon }).Receive(signed("the key itself", noon, "m", ""), nil); err != nil {
		t.Errorf("a key behind whsec_: %v", err)
	}
	for _, c := range []struct {
		name   string
		header http.Header
		body   string
		want   error
	}{
		{"no signature", header("X-GitHub-Event", "push"), pushBody, ErrUnsigned},
		{"an empty token", header("X-Gitlab-Token", ""), gitlabPush, ErrUnsigned},
		{"SHA-1", header("X-Hub-Signature", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d"), pushBody, ErrUnsigned},
		{"too old", plain(noon.Add(-6*time.Minute), ""), "", ErrReplay},
		{"of tomorrow", signed(secret, noon.Add(24*time.Hour), "m", ""), "", ErrReplay},
		{"no JSON", github("push", "pushed!"), "pushed!", ErrMalformed},
		{"no form", with(github("push", "a=%zz"), "Content-Type", "application/x-www-form-urlencoded"), "a=%zz", ErrMalformed},
		{"no object", plain(noon, "[]"), "[]", ErrMalformed},
		{"no digits", header("X-Gitea-Signature", "zz"), "", ErrForged},
	} {
		if got, err := receiver().Receive(c.header, []byte(c.body)); !errors.Is(err, c.want) || got.Kind != Other {
			t.Errorf("%s: %+v, %v, want %v", c.name, got, err, c.want)
		}
	}
	// The name of a delivery that is not signed does not make a new one of it.
	r := receiver()
	if _, err := r.Receive(github("push", pushBody), []byte(pushBody)); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Receive(with(github("push", pushBody), "X-Github-Delivery", "another"), []byte(pushBody)); !errors.Is(err, ErrReplay) {
		t.Errorf("under another name: %v", err)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var s seen
	for i := range 3 * remembered {
		if !s.add(sha256.Sum256(fmt.Append(nil, i))) {
			t.Fatal(i, "is new")
		}
	}
	if len(s.set) != remembered || len(s.ring) != remembered {
		t.Errorf("%d and %d remembered", len(s.set), len(s.ring))
	}
	for i := 3*remembered - 1; i >= 2*remembered; i-- {
		if s.add(sha256.Sum256(fmt.Append(nil, i))) {
			t.Fatal(i, "was forgotten")
		}
	}
}

func TestHandler(t *testing.T) {
	var log bytes.Buffer
	var got []Event
	results := map[string]int{}
	h := NewHandler(receiver(), func(ev Event) { got = append(got, ev) }, slog.New(slog.NewTextHandler(&log, nil)))
	h.Result = func(s string) { results[s]++ }
	post := func(header http.Header, body string) int {
		r := httptest.NewRequest("POST", "/_lectern/hooks", strings.NewReader(body))
		maps.Copy(r.Header, header)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), secret) {
			t.Error("the answer has the secret")
		}
		return w.Code
	}
	for _, c := range []struct {
		header http.Header
		body   string
		want   int
	}{
		{github("push", pushBody), pushBody, 202},
		{github("push", pushBody), pushBody, 401},
		{gitlab("Push Hook"), gitlabPush, 202},
		{gitlab("Push Hook"), gitlabPush, 401},
		{header("X-Gitlab-Token", "guessed"), gitlabPush, 401},
		{nil, "", 401},
		{github("push", "?"), "?", 400},
		{nil, strings.Repeat("x", MaxBody+1), 413},
	} {
		if code := post(c.header, c.body); code != c.want {
			t.Errorf("%v: %d, want %d", c.header, code, c.want)
		}
	}
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); w.Code != 405 {
		t.Errorf("GET: %d", w.Code)
	}
	for range concurrent {
		h.slots <- struct{}{}
	}
	if code := post(gitea("push", pushBody), pushBody); code != 503 {
		t.Errorf("too many at a time: %d", code)
	}
	if len(got) != 2 {
		t.Errorf("%+v", got)
	}
	for result, n := range map[string]int{"accepted": 2, "replayed": 2, "forged": 1, "unsigned": 1, "malformed": 1, "large": 1, "busy": 1} {
		if results[result] != n {
			t.Errorf("%d %s, want %d", results[result], result, n)
		}
	}
	if s := log.String(); strings.Contains(s, secret) || strings.Contains(s, "guessed") || strings.Contains(s, hexMAC(secret, pushBody)) ||
		strings.Count(s, "status=401") != 4 {
		t.Errorf("the log:\n%s", s)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add("push", "application/json", []byte(pushBody))
	f.Add("pull_request", "", []byte(requestBody))
	f.Add("push", "application/x-www-form-urlencoded", []byte("payload="+url.QueryEscape(pushBody)))
	f.Add("Push Hook", "", []byte(gitlabPush))
	f.Fuzz(func(t *testing.T, event, kind string, body []byte) {
		s := string(body)
		for _, h := range []http.Header{github(event, s), forgejo(event, s), gitlab(event), plain(noon, s), signed(secret, noon, event, s)} {
			h.Set("Content-Type", kind)
			ev, err := receiver().Receive(h, body)
			if err != nil && !errors.Is(err, ErrMalformed) {
				t.Errorf("%v: %v", h, err)
			}
			for _, text := range []string{ev.Repository, ev.Ref, ev.Branch, ev.Before, ev.After, ev.Delivery} {
				if len(text) > maxText+100 || strings.ContainsAny(text, "\n\r\x00\x1b") {
					t.Errorf("%q", text)
				}
			}
		}
	})
}
