package note

import "strings"

// add looks whether a button or a link of its own leads to the recording, the
// slides or the code of a session, by icon, label or address, in this order.
// The first of each kind counts. It reports whether it does.
func (s *Resources) add(url, label, icon string) bool {
	if isPlaceholder(url) {
		return false
	}
	var slot *string
	switch resourceKind(url, label, icon) {
	case "video":
		slot = &s.Video
	case "slides":
		slot = &s.Slides
	case "code":
		slot = &s.Code
	default:
		return false
	}
	if *slot == "" {
		*slot = url
	}
	return true
}

// isPlaceholder is true for addresses that stand for one yet to come.
func isPlaceholder(url string) bool {
	url = strings.ToLower(strings.TrimSpace(url))
	if url == "" || strings.HasPrefix(url, "#") {
		return true
	}
	_, rest, found := strings.Cut(url, "://")
	if !found {
		switch strings.Trim(url, "./<>") {
		case "", "todo", "tbd", "tba", "link", "url", "xxx":
			return true
		}
		return scheme(url) != "" && scheme(url) != "http" && scheme(url) != "https"
	}
	host, path, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(host, "www.")
	switch host {
	case "", "example.com", "example.org", "example.net", "todo", "tbd", "localhost":
		return true
	case "youtube.com", "youtu.be", "vimeo.com":
		return path == "" || path == "watch" || path == "watch?v=" || strings.HasSuffix(path, "…")
	}
	return strings.HasSuffix(host, ".example") || strings.HasSuffix(host, ".example.com") ||
		strings.HasSuffix(host, ".invalid")
}

func resourceKind(url, label, icon string) string {
	icon = iconWord(icon)
	switch icon {
	case "video", "video-camera", "youtube", "youtube-play", "youtube-square", "film", "play", "circle-play", "play-circle",
		"vimeo", "vimeo-v", "clapperboard", "tv", "photo-film", "file-video":
		return "video"
	case "person-chalkboard", "chalkboard", "chalkboard-user", "chalkboard-teacher", "file-pdf", "file-powerpoint",
		"display", "desktop", "presentation", "slideshare", "images", "tv-alt", "file-presentation":
		return "slides"
	case "code", "github", "github-alt", "gitlab", "git", "git-alt", "code-branch", "code-fork", "file-code", "terminal":
		return "code"
	}
	lower := strings.ToLower(url)
	host, path := "", lower
	if _, rest, ok := strings.Cut(lower, "//"); ok {
		host, path, _ = strings.Cut(rest, "/")
		host = strings.TrimPrefix(host, "www.")
	}
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	switch {
	case host == "youtube.com" || host == "m.youtube.com" || host == "youtu.be" || host == "youtube-nocookie.com",
		host == "vimeo.com" || host == "player.vimeo.com" || host == "media.ccc.de" || host == "streaming.media.ccc.de",
		strings.HasSuffix(path, ".mp4") || strings.HasSuffix(path, ".webm"):
		return "video"
	case strings.HasSuffix(path, ".pdf") || strings.HasSuffix(path, ".pptx") || strings.HasSuffix(path, ".ppt") ||
		strings.HasSuffix(path, ".odp") || strings.HasSuffix(path, ".key"),
		strings.HasSuffix(host, "slideshare.net") || host == "speakerdeck.com" || host == "slides.com",
		host == "docs.google.com" && strings.HasPrefix(path, "presentation"):
		return "slides"
	case host == "github.com" || host == "gitlab.com" || host == "codeberg.org" || host == "bitbucket.org" || host == "git.sr.ht":
		return "code"
	}
	return labelKind(label)
}

// labelKind reads a kind out of the words on a button.
func labelKind(label string) string {
	for _, w := range strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return r == ' ' || r == '\n' || r == ',' || r == ':' || r == '(' || r == ')' || r == '-' || r == '.'
	}) {
		switch w {
		case "video", "recording", "watch", "aufzeichnung", "youtube":
			return "video"
		case "slides", "slide", "folien", "presentation", "deck", "slidedeck":
			return "slides"
		case "code", "repository", "repo", "github", "source", "sources":
			return "code"
		}
	}
	return ""
}

// iconWord returns the name of an icon without Font Awesome's classes for
// family, size and the like.
func iconWord(icon string) string {
	name := ""
	for _, w := range strings.Fields(strings.ToLower(icon)) {
		switch w {
		case "fa", "fas", "far", "fab", "fal", "fad", "fa-solid", "fa-regular", "fa-brands", "fa-fw", "fa-lg", "fa-2x":
			continue
		}
		if name == "" {
			name = strings.TrimPrefix(w, "fa-")
		}
	}
	return name
}
