package schedule

import (
	"path"
	"strings"
)

// mostLinks is how many addresses a session may have; more help nobody.
const mostLinks = 100

// link takes one of a session's addresses.
func (r *reader) link(s *Session, title, address, kind string, attached bool, offset int) {
	if len(s.Links) >= mostLinks {
		return
	}
	address = r.address(address, offset)
	if address == "" {
		return
	}
	for _, l := range s.Links {
		if l.URL == address {
			return
		}
	}
	s.Links = append(s.Links, Link{Title: title, URL: address, Kind: linkKind(title, address, kind, attached)})
}

// linkKind tells videos and slides by what the programme calls them, then by
// the file's ending. The address of a video's page (a player, a channel) counts
// only when it is named so: links also lead to other people's videos.
func linkKind(title, address, kind string, attached bool) Kind {
	words := " " + strings.ToLower(kind+" "+strings.Map(wordsOnly, title)) + " "
	has := func(any ...string) bool {
		for _, w := range any {
			if strings.Contains(words, " "+w+" ") {
				return true
			}
		}
		return false
	}
	file, _, _ := strings.Cut(address, "?")
	file, _, _ = strings.Cut(file, "#")
	ending := strings.ToLower(path.Ext(file))
	switch {
	case has("subtitles", "transcript", "feedback", "chat", "thumbnail"):
		return KindOther
	case has("video", "recording", "videos", "recordings", "aufzeichnung"):
		return KindVideo
	case ending == ".mp4" || ending == ".webm" || ending == ".mkv" || ending == ".m4v" || ending == ".mov" || ending == ".ogv":
		return KindVideo
	case has("slides", "slide", "slidedeck", "deck", "folien", "presentation", "präsentation"):
		return KindSlides
	case ending == ".ppt" || ending == ".pptx" || ending == ".odp" || ending == ".key":
		return KindSlides
	case ending == ".pdf" && attached && !has("paper", "handout", "cheat", "cv"):
		return KindSlides
	case attached:
		return KindFile
	}
	return KindOther
}

func wordsOnly(c rune) rune {
	if strings.ContainsRune("()[],.:;/-_–—", c) {
		return ' '
	}
	return c
}
