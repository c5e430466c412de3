package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"lectern/internal/server"
)

// The addresses that asking a provider takes from the site.
const (
	callbackPath = "/_lectern/callback"
	logoutPath   = "/_lectern/logout"
)

// loginFor is how long a person may take at the provider.
const loginFor = 10 * time.Minute

// OIDCOptions configure an [OIDC].
type OIDCOptions struct {
	// Issuer is the provider's address; ClientID and ClientSecret are what it
	// knows this server by. A public client has no secret.
	Issuer, ClientID, ClientSecret string
	// Allow says who may read: "domain:example.org", "email:noor@example.org",
	// "group:staff", or "any" for everybody whom the provider knows.
	Allow []string
	// Key is that of the sessions ([Key]).
	Key []byte
	// Session is how long a person is known before the provider is asked again.
	Session time.Duration
	// URL is the site's address as readers have it, "" for that of each request.
	URL string
	Log *slog.Logger
}

// OIDC guards a site by an identity provider: who comes is sent there, and comes
// back with its word. PKCE, state and nonce bind that word to the browser that was sent;
// what is known of a person is in a cookie that only this server can read.
type OIDC struct {
	opts   OIDCOptions
	rules  rules
	seal   *sealer
	client *http.Client
	now    func() time.Time

	mu       sync.Mutex
	provider *oidc.Provider // nil until it has answered
	failed   error          // why it did not, and until when it is not asked again
	until    time.Time
}

// providerPause is how long a provider that did not answer is left alone: one
// that hangs would else keep all who wait waiting for each other.
const providerPause = 2 * time.Second

// session is what a browser keeps of a person.
type session struct {
	User string    `json:"u"`
	Ends time.Time `json:"e"`
}

// login is what a browser keeps while its person is at the provider.
type login struct {
	State, Nonce, Verifier, Target string
	Ends                           time.Time
}

// NewOIDC returns a guard. The provider need not answer yet.
func NewOIDC(opts OIDCOptions) (*OIDC, error) {
	o := &OIDC{opts: opts, client: &http.Client{Timeout: 10 * time.Second}, now: time.Now}
	u, err := url.Parse(opts.Issuer)
	if err != nil || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return nil, fmt.Errorf("the provider %q has to be reached by HTTPS", opts.Issuer)
	}
	if opts.ClientID == "" {
		return nil, errors.New("the client's id is missing")
	}
	if o.rules, err = parseRules(opts.Allow); err != nil {
		return nil, err
	}
	if o.seal, err = newSealer(opts.Key); err != nil {
		return nil, err
	}
	return o, nil
}

func loopback(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// Watch is for [Passwords]: there is no file to look at.
func (o *OIDC) Watch(context.Context, time.Duration, func(error)) {}

// Around lets through to next whom the provider knows and the rules allow.
func (o *OIDC) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case callbackPath:
			o.callback(w, r)
			return
		case logoutPath:
			o.logout(w, r)
			return
		}
		var s session
		if c, err := r.Cookie(o.cookie(r, "session")); err == nil && o.seal.open("session", c.Value, &s) == nil && o.now().Before(s.Ends) {
			if x := server.ExchangeOf(r); x != nil {
				x.User = s.User
			}
			next.ServeHTTP(w, r)
			return
		}
		o.login(w, r)
	})
}

// login sends a person to the provider. A program, or a part of a page, is told
// that it may not read: it could do nothing with a form.
func (o *OIDC) login(w http.ResponseWriter, r *http.Request) {
	dest := r.Header.Get("Sec-Fetch-Dest")
	if r.Method != http.MethodGet || dest != "" && dest != "document" || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		refuse(w, http.StatusUnauthorized, "You have to sign in to read this.")
		return
	}
	cfg, _, err := o.config(r)
	if err != nil {
		o.opts.Log.Error("the identity provider can't be asked", "error", err)
		w.Header().Set("Retry-After", "10")
		refuse(w, http.StatusServiceUnavailable, "Nobody can sign in at the moment. Try again later.")
		return
	}
	l := login{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Target: target(r), Ends: o.now().Add(loginFor)}
	sealed, err := o.seal.seal("login", l)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "You can't be sent to sign in.")
		return
	}
	o.setCookie(w, r, loginCookie(l.State), sealed, loginFor)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", cfg.AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)))
	w.WriteHeader(http.StatusFound)
}

// callback takes back who was at the provider.
func (o *OIDC) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l, err := o.pending(r, q.Get("state"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "This is no answer to anything asked here, or it took too long. Open the page again.")
		return
	}
	o.setCookie(w, r, loginCookie(l.State), "", -1)
	if q.Get("error") != "" {
		refuse(w, http.StatusForbidden, "The identity provider did not let you in.")
		return
	}
	who, err := o.exchange(r, l, q.Get("code"))
	if err != nil {
		o.opts.Log.Warn("somebody could not sign in", "error", err)
		refuse(w, http.StatusBadGateway, "The identity provider's answer can't be used. Open the page again.")
		return
	}
	if !o.rules.allow(who) {
		o.opts.Log.Info("somebody signed in who may not read", "subject", who.Subject)
		refuse(w, http.StatusForbidden, "You are signed in, but this website is not for you. Its owner can change that.")
		return
	}
	name := who.Email
	if name == "" {
		name = who.Name
	}
	if name == "" {
		name = who.Subject
	}
	sealed, err := o.seal.seal("session", session{User: name, Ends: o.now().Add(o.opts.Session)})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "You can't be signed in.")
		return
	}
	o.setCookie(w, r, "session", sealed, o.opts.Session)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", l.Target)
	w.WriteHeader(http.StatusFound)
}

// pending is the login that state belongs to, if this browser began it.
func (o *OIDC) pending(r *http.Request, state string) (l login, err error) {
	if len(state) < 8 || len(state) > 64 {
		return l, errors.New("no state")
	}
	c, err := r.Cookie(o.cookie(r, loginCookie(state)))
	if err != nil {
		return l, err
	}
	if err := o.seal.open("login", c.Value, &l); err != nil {
		return l, err
	}
	if subtle.ConstantTimeCompare([]byte(l.State), []byte(state)) != 1 || !o.now().Before(l.Ends) {
		return l, errors.New("another state")
	}
	return l, nil
}

// exchange asks the provider what the code stands for, and checks its word.
func (o *OIDC) exchange(r *http.Request, l login, code string) (*claims, error) {
	cfg, provider, err := o.config(r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(r.Context(), o.client), 15*time.Second)
	defer cancel()
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(l.Verifier))
	if err != nil {
		return nil, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the provider sent no id token")
	}
	id, err := provider.Verifier(&oidc.Config{ClientID: o.opts.ClientID, Now: o.now}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(l.Nonce)) != 1 {
		return nil, errors.New("the id token is for another login")
	}
	var who claims
	if err := id.Claims(&who); err != nil {
		return nil, err
	}
	if o.rules.allow(&who) && who.Email != "" || provider.UserInfoEndpoint() == "" {
		return &who, nil
	}
	// Some providers say there what they leave out of the token.
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, err
	}
	if info.Subject != id.Subject {
		return nil, errors.New("the provider speaks of two persons")
	}
	more := who
	if err := info.Claims(&more); err != nil {
		return nil, err
	}
	return &more, nil
}

// config asks the provider, once, where its addresses are.
func (o *OIDC) config(r *http.Request) (*oauth2.Config, *oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		if o.now().Before(o.until) {
			return nil, nil, o.failed
		}
		// The provider goes on fetching keys with this context.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(r.Context()), o.client), o.opts.Issuer)
		if err != nil {
			o.failed, o.until = err, o.now().Add(providerPause)
			return nil, nil, err
		}
		o.provider = p
	}
	return &oauth2.Config{
		ClientID: o.opts.ClientID, ClientSecret: o.opts.ClientSecret, Endpoint: o.provider.Endpoint(),
		RedirectURL: o.base(r) + callbackPath, Scopes: o.scopes(),
	}, o.provider, nil
}

func (o *OIDC) scopes() []string {
	s := []string{oidc.ScopeOpenID, "email", "profile"}
	if len(o.rules.group) > 0 {
		s = append(s, "groups")
	}
	return s
}

// logout forgets the person here; the provider still knows him. Other sites can't
// send anybody here.
func (o *OIDC) logout(w http.ResponseWriter, r *http.Request) {
	if s := r.Header.Get("Sec-Fetch-Site"); s != "" && s != "same-origin" && s != "none" {
		refuse(w, http.StatusForbidden, "Only this website can sign you out of it.")
		return
	}
	o.setCookie(w, r, "session", "", -1)
	refuse(w, http.StatusOK, "You are signed out here.")
}
