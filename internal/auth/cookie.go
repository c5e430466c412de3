package auth

import (
	"net/http"
	"strings"
	"time"

	"lectern/internal/server"
)

// secure reports whether r came by HTTPS, as far as proxies are trusted.
func secure(r *http.Request) bool {
	if x := server.ExchangeOf(r); x != nil {
		return x.Scheme == "https"
	}
	return r.TLS != nil
}

// base is the site's address as the reader has it, without a slash at the end.
func (o *OIDC) base(r *http.Request) string {
	if o.opts.URL != "" {
		return strings.TrimSuffix(o.opts.URL, "/")
	}
	if secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// target is where to go on after signing in: the address that was asked for,
// unless a browser would take it for another site's.
func target(r *http.Request) string {
	t := r.URL.RequestURI()
	if !strings.HasPrefix(t, "/") || strings.HasPrefix(t, "//") || strings.HasPrefix(t, `/\`) || len(t) > 1024 {
		return "/"
	}
	return t
}

// loginCookie names the cookie of one login, so that several may be under way.
func loginCookie(state string) string { return "login-" + state[:8] }

// cookie is the full name of a cookie. With such a prefix browsers see to it that
// it comes from this host, by HTTPS.
func (o *OIDC) cookie(r *http.Request, name string) string {
	if secure(r) {
		return "__Host-lectern-" + name
	}
	return "lectern-" + name
}

// setCookie sets a cookie, or removes it where d is negative.
func (o *OIDC) setCookie(w http.ResponseWriter, r *http.Request, name, value string, d time.Duration) {
	age := int(d.Seconds())
	if d < 0 {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{
		Name: o.cookie(r, name), Value: value, Path: "/", MaxAge: age,
		Secure: secure(r), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}
