package recording

import (
	"net/url"
	"strings"
)

// SameLink reports whether two addresses lead to the same recording or file:
// YouTube's have many spellings.
func SameLink(a, b string) bool {
	return a != "" && linkKey(a) == linkKey(b)
}

// linkKey returns what all spellings of an address have in common. It is for
// comparing alone.
func linkKey(link string) string {
	link = strings.TrimSpace(link)
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if id := youTubeID(host, u); id != "" {
		return "youtube:" + id
	}
	path := strings.TrimSuffix(u.EscapedPath(), "/")
	if host == "vimeo.com" || host == "player.vimeo.com" {
		return "vimeo:" + path[strings.LastIndexByte(path, '/')+1:]
	}
	if p := u.Port(); p != "" && p != "443" && p != "80" {
		host += ":" + p
	}
	if host == "docs.google.com" { // …/d/ID/edit, …/d/ID/pub
		if _, id, ok := strings.Cut(path, "/d/"); ok && !strings.HasPrefix(id, "e/") {
			id, _, _ = strings.Cut(id, "/")
			return "google:" + id
		}
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return host + path
}

// youTubeID returns the id of the video that u leads to, or "".
func youTubeID(host string, u *url.URL) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch host {
	case "youtu.be":
		return first
	case "youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com":
		switch first {
		case "watch":
			return u.Query().Get("v")
		case "embed", "live", "shorts", "v", "e":
			id, _, _ := strings.Cut(rest, "/")
			return id
		}
	}
	return ""
}
