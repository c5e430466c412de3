package recording

import (
	"fmt"
	"strings"
	"time"

	"lectern/internal/diag"
)

// keep adds what nd and all below it list. event is the name of the list.
func (r *reader) keep(nd node, event string, depth int) error {
	if nd.list || nd.events {
		if len(nd.children) == 0 {
			r.find(nd.at, diag.Warning, fmt.Sprintf("the list %q is empty", nd.title), "")
		}
		for _, c := range nd.children {
			if err := r.keep(c, first(nd.title, event), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if nd.null {
		r.find(nd.at, diag.Info, "an entry of the list is empty", "the video was removed, or could not be read when the list was made")
		return nil
	}
	rec, why, hint := nd.recording()
	if why != "" {
		r.find(nd.at, diag.Info, why, hint)
		return nil
	}
	rec.Event, rec.Pos = event, r.pos(nd.at)
	return r.add(rec)
}

// recording makes a Recording of a video or a talk, or says why it cannot.
func (nd *node) recording() (rec Recording, why, hint string) {
	title := strings.TrimSpace(nd.title)
	switch strings.ToLower(title) {
	case "[private video]", "[deleted video]", "private video", "deleted video", "[unavailable]", "[video unavailable]":
		return rec, fmt.Sprintf("%s has the title %q", first(nd.id, "an entry"), title), "make the list again when it is public"
	case "":
		return rec, first(nd.id, "an entry") + " has no title", ""
	}
	switch {
	case nd.availability == "private":
		return rec, fmt.Sprintf("%q is private", title), "make the list again when it is public"
	case nd.live == "is_upcoming":
		return rec, fmt.Sprintf("%q is yet to be broadcast", title), "make the list again afterwards"
	case nd.kind == "playlist" || strings.HasSuffix(nd.extractor, "Tab") || strings.HasSuffix(nd.extractor, "Playlist"):
		return rec, fmt.Sprintf("%q is a playlist without its videos", title), "give yt-dlp the playlist's own address"
	}
	rec = Recording{Title: title, Speakers: nd.persons, Description: nd.description, ID: nd.guid, Video: nd.link(), Slides: nd.pdf}
	if nd.subtitle != "" && !strings.Contains(title, nd.subtitle) {
		rec.Title += ": " + nd.subtitle
	}
	if rec.Video == "" && rec.Slides == "" {
		return rec, fmt.Sprintf("%q has no address", title), ""
	}
	rec.Duration = time.Duration(nd.duration * float64(time.Second))
	if t, err := time.Parse("20060102", nd.uploaded); err == nil {
		rec.Published = t
	} else if nd.timestamp > 0 && nd.timestamp < 1e11 {
		rec.Published = time.Unix(int64(nd.timestamp), 0).UTC()
	} else if t, ok := parseTime(nd.released); ok && nd.frontend != "" {
		rec.Published = t
	}
	if t, ok := parseTime(nd.date); ok {
		rec.Day, rec.Timed = t, len(nd.date) > len(time.DateOnly)
	}
	return rec, "", ""
}

// link returns the address of the page that shows the video.
func (nd *node) link() string {
	for _, l := range [...]string{nd.frontend, nd.webpage, nd.url, nd.original} {
		if isLink(l) && !strings.Contains(l, "api.media.ccc.de/") && !strings.Contains(l, "media.ccc.de/public/") {
			return l
		}
	}
	if nd.slug != "" && nd.guid != "" && isLink("https://media.ccc.de/v/"+nd.slug) {
		return "https://media.ccc.de/v/" + nd.slug
	}
	id := first(nd.id, nd.url)
	if strings.HasPrefix(nd.extractor, "Youtube") && len(id) == 11 && isLink("https://www.youtube.com/watch?v="+id) {
		return "https://www.youtube.com/watch?v=" + id
	}
	return ""
}

// parseTime reads a day, or a day and a time, in the usual ways.
func parseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, l := range [...]string{time.RFC3339, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "02.01.2006", "20060102"} {
		if t, err := time.Parse(l, s); err == nil {
			return t, t.Year() > 1970 && t.Year() < 2200
		}
	}
	return time.Time{}, false
}
