package server

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"lectern/internal/snapshot"
)

// maxPath bounds an address; no file system has longer paths.
const maxPath = 4096

// sitePath returns the path that u asks for, slash-separated and without the
// leading slash, and false for one that no site has: with empty, "." or ".."
// parts, a backslash, control characters, broken UTF-8 or an encoded slash
// (which would make one address out of two).
func sitePath(u *url.URL) (string, bool) {
	p, ok := strings.CutPrefix(u.Path, "/")
	if !ok || len(p) > maxPath || !utf8.ValidString(p) {
		return "", false
	}
	for _, c := range p {
		if c < ' ' || c == 0x7f || c == '\\' {
			return "", false
		}
	}
	if escaped := strings.ToLower(u.EscapedPath()); strings.Contains(escaped, "%2f") {
		return "", false
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(p, "/"), "/") {
		if part == "." || part == ".." || part == "" && p != "" {
			return "", false
		}
	}
	return p, true
}

// resolve finds the file for name, a path of [sitePath]. Where name is a
// folder's without its slash, there is no file and redirect is the address to
// go to, relative to the one asked for (so that it holds behind a proxy that
// serves the site under a prefix).
func resolve(snap *snapshot.Snapshot, name string) (f *snapshot.File, redirect string) {
	if name == "" || strings.HasSuffix(name, "/") {
		return snap.Lookup(name + "index.html"), ""
	}
	if f := snap.Lookup(name); f != nil {
		return f, ""
	}
	if snap.Lookup(name+"/index.html") == nil {
		return nil, ""
	}
	last := url.URL{Path: path.Base(name)}
	return nil, "./" + strings.TrimPrefix(last.EscapedPath(), "./") + "/"
}

// notFound returns the page to show where there is nothing at name: the nearest
// 404.html above it, for each language has one in its folder; nil for none.
func notFound(snap *snapshot.Snapshot, name string) *snapshot.File {
	for {
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return snap.Lookup("404.html")
		}
		name = name[:i]
		if f := snap.Lookup(name + "/404.html"); f != nil {
			return f
		}
	}
}

// hostAllowed reports whether host, a request's Host header, names one of hosts.
func hostAllowed(hosts []string, host string) bool {
	if len(hosts) == 0 {
		return true
	}
	name := hostname(host)
	for _, h := range hosts {
		if strings.EqualFold(h, name) {
			return true
		}
	}
	return false
}

// hostname returns host without its port, brackets and final dot.
func hostname(host string) string {
	u := url.URL{Host: host}
	return strings.TrimSuffix(u.Hostname(), ".")
}

// LoopbackHosts returns the names that a server on this machine alone answers
// to: localhost, the loopback addresses and bind (a host name or address, or "").
func LoopbackHosts(bind string) []string {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if name := strings.Trim(bind, "[]"); name != "" {
		hosts = append(hosts, name)
	}
	return hosts
}
