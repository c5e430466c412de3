package note

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Player returns the address of the page that plays the video at address in a
// frame, "" for sites whose player is not known. None of them sets cookies
// before the video is played.
func Player(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(u.Host), "www."), "m.") {
	case "youtu.be":
		return youtubePlayer(parts[0], u.Query())
	case "youtube.com", "youtube-nocookie.com":
		switch {
		case parts[0] == "watch":
			return youtubePlayer(u.Query().Get("v"), u.Query())
		case len(parts) == 2 && (parts[0] == "live" || parts[0] == "shorts" || parts[0] == "embed" || parts[0] == "v"):
			return youtubePlayer(parts[1], u.Query())
		}
	case "vimeo.com":
		if _, err := strconv.ParseUint(parts[0], 10, 64); err == nil {
			player := "https://player.vimeo.com/video/" + parts[0] + "?dnt=1"
			if len(parts) == 2 && isEmbedID(parts[1]) { // the key of an unlisted video
				player += "&h=" + parts[1]
			}
			return player
		}
	case "media.ccc.de":
		if len(parts) == 2 && parts[0] == "v" && isEmbedID(parts[1]) {
			return "https://media.ccc.de/v/" + parts[1] + "/oembed"
		}
	}
	return ""
}

func youtubePlayer(id string, query url.Values) string {
	if !isEmbedID(id) {
		return ""
	}
	player := "https://www.youtube-nocookie.com/embed/" + id
	for _, name := range []string{"t", "start"} {
		if s := seconds(query.Get(name)); s > 0 {
			return player + "?start=" + strconv.Itoa(s)
		}
	}
	return player
}

// seconds reads 90, 90s and 1m30s.
func seconds(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if d, err := time.ParseDuration(s); err == nil && d < 24*time.Hour {
		return int(d.Seconds())
	}
	return 0
}

// IsVideoFile reports whether browsers play what is at address by themselves.
func IsVideoFile(address string) bool {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	address = strings.ToLower(address)
	return strings.HasSuffix(address, ".mp4") || strings.HasSuffix(address, ".webm") || strings.HasSuffix(address, ".m4v")
}
