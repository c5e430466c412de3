// Package webhook verifies and decodes what forges send when something was
// pushed: GitHub, Forgejo, Gitea, GitLab, and anything else that can compute an
// HMAC.
//
// A webhook only ever says "look now". Nothing of it but names is used: what is
// built is fetched from the repository that the server was started with. So the
// worst that a stolen secret can do is to make the server look.
//
// Nothing of a body is decoded before its sender has proven to know the secret:
//
//   - X-Forgejo-Signature or X-Gitea-Signature: the HMAC-SHA256 of the body, in
//     hexadecimal digits;
//   - X-Hub-Signature-256 (GitHub): the same behind "sha256=";
//   - webhook-signature (GitLab's signing token, and whoever else follows
//     https://www.standardwebhooks.com): "v1," and the HMAC-SHA256 of
//     ID.TIMESTAMP.BODY in base64, with webhook-id and webhook-timestamp;
//   - X-Gitlab-Token: the secret itself;
//   - X-Lectern-Signature: the HMAC-SHA256 of TIMESTAMP.BODY in hexadecimal
//     digits behind "sha256=", with X-Lectern-Timestamp in Unix seconds;
//   - Authorization: the secret itself, alone, behind Bearer, or as the password
//     of Basic, for registries. It is the one form that may come again.
//
// The first of these that a request has decides: a wrong one is not made up for
// by another. Comparisons take the same time wherever two values differ. What
// was taken once is not taken again ([ErrReplay]); how much is remembered is
// bounded, and what does not verify is not remembered, so that no stranger can
// make the memory forget.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxBody is the longest body that is read. A push of thousands of commits may
// be longer; then the server finds it when it looks by itself.
const MaxBody = 5 << 20

// Kind is what has happened.
type Kind int

// The kinds of events.
const (
	// Other is something that needs no look: a comment, a star.
	Other Kind = iota
	// Ping is the forge's trial of a new webhook.
	Ping
	// Push says that a branch or tag has another commit, or is new.
	Push
	// Delete says that a branch or tag is gone.
	Delete
	// Request says that a pull or merge request was opened or has new commits.
	Request
	// RequestClosed says that a pull or merge request was closed or merged.
	RequestClosed
)

func (k Kind) String() string {
	return [...]string{"other", "ping", "push", "delete", "request", "request closed"}[k]
}

// Event is what a webhook says, as far as anybody here wants to know. All its
// texts come from outside; none is longer than [maxText].
type Event struct {
	// Sender is the form of the webhook: github, forgejo, gitea, gitlab, signed,
	// plain or token.
	Sender string
	Kind   Kind
	// Repository is the name with its owner's, such as talks/notes.
	Repository string
	// Ref is a full name: refs/heads/main, or refs/pull/7/head and
	// refs/merge-requests/7/head for a request. It is "" where the sender says
	// nothing of it.
	Ref string
	// Branch is the one that a request wants to bring in.
	Branch string
	// Before and After are commits; "" where there is none.
	Before, After string
	// Delivery is the sender's name for this delivery.
	Delivery string
}

// The ways in which a webhook is refused.
var (
	// ErrUnsigned is a request without any of the headers that prove something.
	ErrUnsigned = errors.New("no signature")
	// ErrForged is a signature or token that is not the secret's.
	ErrForged = errors.New("wrong signature")
	// ErrReplay is a webhook that was taken before, or that is too old or from the
	// future.
	ErrReplay = errors.New("taken before, or not of now")
	// ErrMalformed is a body that its sender signed but that makes no sense.
	ErrMalformed = errors.New("the body makes no sense")
)

// tolerance is how far a sender's clock may differ where it signs the time.
const tolerance = 5 * time.Minute

// Receiver takes webhooks that were sent with one of its secrets. It may be used
// by several goroutines.
type Receiver struct {
	secrets [][]byte
	now     func() time.Time
	seen    seen
}

// NewReceiver returns a receiver for the secrets, of which empty ones are left
// out: a new and an old one while they are being changed. Without any nothing
// is taken. now is the clock; nil is the system's.
func NewReceiver(secrets []string, now func() time.Time) *Receiver {
	r := &Receiver{now: now}
	if r.now == nil {
		r.now = time.Now
	}
	for _, s := range secrets {
		if s != "" {
			r.secrets = append(r.secrets, []byte(s))
		}
	}
	return r
}

// Receive verifies a webhook and says what it tells. With an error of this
// package, the event has a sender and a delivery at most.
func (r *Receiver) Receive(h http.Header, body []byte) (Event, error) {
	p := r.proof(h)
	ev := Event{Sender: p.sender, Delivery: text(p.delivery)}
	if p.sender == "" {
		return ev, ErrUnsigned
	}
	genuine := false
	for _, s := range r.secrets {
		if p.check(s, body) { // all are tried: how long it takes tells nothing
			genuine = true
		}
	}
	if !genuine {
		return ev, ErrForged
	}
	if p.timed && !r.timely(p.time) {
		return ev, ErrReplay
	}
	if !p.again && !r.seen.add(p.once(body)) {
		return ev, ErrReplay
	}
	if err := decode(&ev, h, body); err != nil {
		return Event{Sender: ev.Sender, Delivery: ev.Delivery}, err
	}
	return ev, nil
}

func (r *Receiver) timely(unix string) bool {
	n, err := strconv.ParseInt(unix, 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		return false
	}
	d := r.now().Sub(time.Unix(n, 0))
	return d <= tolerance && d >= -tolerance
}

// proof is how a request proves where it comes from.
type proof struct {
	sender, delivery string
	check            func(secret, body []byte) bool
	// timed says that the sender signed the time.
	timed bool
	time  string
	// again says that the same may come again.
	again bool
	// name, unless "", names the delivery where the proof does not depend on it.
	name string
}

// proof finds the first header that proves something.
func (r *Receiver) proof(h http.Header) proof {
	for _, forge := range []string{"Forgejo", "Gitea"} {
		if s := h.Get("X-" + forge + "-Signature"); s != "" {
			return proof{
				sender: strings.ToLower(forge), delivery: h.Get("X-" + forge + "-Delivery"),
				check: func(secret, body []byte) bool { return hexEqual(s, mac(secret, body)) },
			}
		}
	}
	if s := h.Get("X-Hub-Signature-256"); s != "" {
		return proof{
			sender: "github", delivery: h.Get("X-GitHub-Delivery"),
			check: func(secret, body []byte) bool { return prefixedEqual(s, mac(secret, body)) },
		}
	}
	if s := h.Get("Webhook-Signature"); s != "" {
		return standard(h, s)
	}
	if s := h.Get("X-Gitlab-Token"); s != "" {
		p := proof{sender: "gitlab", delivery: gitlabDelivery(h)}
		p.name = p.delivery
		p.check = func(secret, _ []byte) bool {
			a, b := sha256.Sum256([]byte(s)), sha256.Sum256(secret) // of one length
			return hmac.Equal(a[:], b[:])
		}
		return p
	}
	if s := h.Get("X-Lectern-Signature"); s != "" {
		at := h.Get("X-Lectern-Timestamp")
		return proof{
			sender: "plain", delivery: h.Get("X-Lectern-Delivery"), timed: true, time: at,
			check: func(secret, body []byte) bool {
				return prefixedEqual(s, mac(secret, []byte(at+"."), body))
			},
		}
	}
	return token(&http.Request{Header: h})
}

// standard is the proof of those who follow Standard Webhooks.
func standard(h http.Header, signatures string) proof {
	id, at := h.Get("Webhook-Id"), h.Get("Webhook-Timestamp")
	sender := "signed"
	if h.Get("X-Gitlab-Event") != "" {
		sender = "gitlab"
	}
	return proof{
		sender: sender, delivery: id, timed: true, time: at, name: id,
		check: func(secret, body []byte) bool {
			want := mac(standardKey(secret), []byte(id+"."+at+"."), body)
			genuine := false
			for s := range strings.FieldsSeq(signatures) {
				got, ok := strings.CutPrefix(s, "v1,")
				sum, err := base64.StdEncoding.DecodeString(got)
				if ok && err == nil && hmac.Equal(sum, want) {
					genuine = true
				}
			}
			return genuine
		},
	}
}

// standardKey is the key that a secret stands for: behind whsec_ it is base64.
func standardKey(secret []byte) []byte {
	if rest, ok := strings.CutPrefix(string(secret), "whsec_"); ok {
		if key, err := base64.StdEncoding.DecodeString(rest); err == nil {
			return key
		}
	}
	return secret
}

// gitlabDelivery is what stays the same when GitLab tries a delivery again.
func gitlabDelivery(h http.Header) string {
	for _, name := range []string{"Idempotency-Key", "X-Gitlab-Event-UUID"} {
		if s := h.Get(name); s != "" {
			return s
		}
	}
	return ""
}

// once is what tells one delivery from all others. Names of deliveries are not
// signed by most, so there it is what is signed that may not come twice.
func (p *proof) once(body []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write([]byte(p.sender + "\x00" + p.name + "\x00" + p.time + "\x00"))
	if p.name == "" {
		h.Write(body)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func mac(secret []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, secret)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func hexEqual(s string, want []byte) bool {
	got, err := hex.DecodeString(s)
	return err == nil && hmac.Equal(got, want)
}

func prefixedEqual(s string, want []byte) bool {
	rest, ok := strings.CutPrefix(s, "sha256=")
	return ok && hexEqual(rest, want)
}
