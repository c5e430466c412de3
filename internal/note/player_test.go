package note

import "testing"

func TestPlayer(t *testing.T) {
	for address, want := range map[string]string{
		"https://youtu.be/RBMRU8rtxfI":                           "https://www.youtube-nocookie.com/embed/RBMRU8rtxfI",
		"https://youtu.be/RBMRU8rtxfI?t=90":                      "https://www.youtube-nocookie.com/embed/RBMRU8rtxfI?start=90",
		"https://www.youtube.com/watch?v=jywpFlOH3z0&t=1m30s":    "https://www.youtube-nocookie.com/embed/jywpFlOH3z0?start=90",
		"http://m.youtube.com/watch?list=x&v=jywpFlOH3z0":        "https://www.youtube-nocookie.com/embed/jywpFlOH3z0",
		"https://www.youtube.com/live/jywpFlOH3z0?feature=share": "https://www.youtube-nocookie.com/embed/jywpFlOH3z0",
		"https://www.youtube.com/playlist?list=PLx":              "",
		"https://www.youtube.com/watch?v=../../evil":             "",
		"https://youtu.be/a%22onload=":                           "",
		"https://youtu.be/":                                      "",
		"https://vimeo.com/76979871":                             "https://player.vimeo.com/video/76979871?dnt=1",
		"https://vimeo.com/76979871/abc123":                      "https://player.vimeo.com/video/76979871?dnt=1&h=abc123",
		"https://vimeo.com/channels/staffpicks":                  "",
		"https://media.ccc.de/v/38c3-opening":                    "https://media.ccc.de/v/38c3-opening/oembed",
		"https://media.ccc.de/c/38c3":                            "",
		"https://youtube.com.evil.example/watch?v=jywpFlOH3z0":   "",
		"javascript:alert(1)//youtu.be/RBMRU8rtxfI":              "",
		"talk.mp4":                          "",
		"https://video.example.org/1":       "",
		"https://user@youtu.be/RBMRU8rtxfI": "https://www.youtube-nocookie.com/embed/RBMRU8rtxfI",
		"https://www.youtube.com/watch?v=jywpFlOH3z0&start=12#end": "https://www.youtube-nocookie.com/embed/jywpFlOH3z0?start=12",
		"::": "",
	} {
		if got := Player(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	for address, want := range map[string]bool{
		"talk.mp4": true, "https://x.example.org/A.WEBM?dl=1#t=5": true, "talk.mp4.html": false, "mp4": false, "talk.mov": false,
	} {
		if IsVideoFile(address) != want {
			t.Errorf("%s: %t", address, !want)
		}
	}
}
