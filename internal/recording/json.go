package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
	"lectern/internal/schedule"
)

// node is an object of yt-dlp's or media.ccc.de's JSON: a video, a talk, or a list
// of them. Fields of unexpected types are empty.
type node struct {
	at                                     int
	kind, id, guid, extractor              string
	title, subtitle, description           string
	url, webpage, original, frontend, slug string
	availability, live                     string
	uploaded, date, released               string
	timestamp, duration                    float64
	persons                                []string
	pdf                                    string
	children                               []node
	list, events, conferences, files       bool
	null                                   bool
}

// json reads what yt-dlp writes about playlists, channels and videos (one
// document, or one on each line), what media.ccc.de's API says of a conference
// or a talk, and programmes.
func (r *reader) json(start int) error {
	dec := json.NewDecoder(bytes.NewReader(r.data))
	for n := 0; ; n++ {
		at := int(dec.InputOffset())
		t, err := dec.Token()
		if errors.Is(err, io.EOF) && n > 0 {
			return nil
		}
		if err != nil {
			return r.badJSON(at, err)
		}
		if t != json.Delim('{') {
			if n == 0 && schedule.Detect(r.data) != schedule.Unknown {
				return r.programme()
			}
			return r.fail(start, "this JSON is no list of recordings", knownSources)
		}
		nd, err := r.object(dec, at, 0)
		if err != nil {
			return r.badJSON(at, err)
		}
		known := nd.list || nd.events || nd.isVideo() || nd.frontend != "" || nd.files
		if n == 0 && !known && schedule.Detect(r.data) != schedule.Unknown {
			return r.programme()
		}
		switch {
		case nd.conferences:
			return r.fail(at, "it lists conferences, not recordings", "take one conference's: https://media.ccc.de/public/conferences/ACRONYM")
		case !known:
			return r.fail(at, "this JSON is no list of recordings", knownSources)
		}
		if err := r.keep(nd, "", 0); err != nil {
			return err
		}
	}
}

const knownSources = "known are yt-dlp -J --flat-playlist, a YouTube feed, media.ccc.de's JSON, frab and pretalx programmes, CSV with the columns title, video and slides, and pages saved from sched.com"

// badJSON says where JSON is broken.
func (r *reader) badJSON(doc int, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	// The decoder's offsets are those of its buffer; a second look finds the place.
	var ignored struct{}
	var syntax *json.SyntaxError
	at := len(r.data)
	if e := json.Unmarshal(r.data[min(doc, len(r.data)):], &ignored); errors.As(e, &syntax) {
		at = doc + int(syntax.Offset) - 1
		if strings.HasPrefix(e.Error(), "unexpected end") {
			return r.fail(len(r.data), "it ends in the middle", "was the download cut off?")
		}
		return r.fail(at, "broken JSON: "+e.Error(), "")
	}
	return r.fail(at, "broken JSON: "+err.Error(), "")
}

// object reads the object whose brace has just been read.
func (r *reader) object(dec *json.Decoder, at, depth int) (node, error) {
	nd := node{at: at}
	if depth > maxDepth {
		return nd, r.fail(at, fmt.Sprintf("lists lie more than %d deep in lists", maxDepth), "")
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nd, err
		}
		key, _ := t.(string)
		switch key {
		case "entries", "events":
			nd.list, nd.events = nd.list || key == "entries", nd.events || key == "events"
			if nd.children, err = r.array(dec, depth); err != nil {
				return nd, err
			}
			continue
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nd, err
		}
		nd.set(key, raw)
	}
	_, err := dec.Token()
	return nd, err
}

// array reads a list of objects.
func (r *reader) array(dec *json.Decoder, depth int) ([]node, error) {
	t, err := dec.Token()
	if err != nil || t == nil {
		return nil, err
	}
	if t != json.Delim('[') {
		if d, ok := t.(json.Delim); ok && d == '{' {
			return nil, r.fail(int(dec.InputOffset())-1, "a list is expected here", "")
		}
		return nil, nil
	}
	var out []node
	for dec.More() {
		at := r.begin(int(dec.InputOffset()))
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch t {
		case json.Delim('{'):
			nd, err := r.object(dec, at, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, nd)
		case json.Delim('['):
			return nil, r.fail(at, "an entry of the list is a list", "")
		default:
			out = append(out, node{at: at, null: true})
		}
		if len(out) > MaxRecordings {
			return nil, r.fail(at, fmt.Sprintf("it lists more than %d recordings", MaxRecordings), "")
		}
	}
	_, err = dec.Token()
	return out, err
}

// begin skips what stands between two values.
func (r *reader) begin(at int) int {
	for at < len(r.data) && strings.IndexByte(" \t\r\n,", r.data[at]) >= 0 {
		at++
	}
	return at
}

func (nd *node) set(key string, raw json.RawMessage) {
	for _, f := range [...]struct {
		key string
		to  *string
	}{
		{"_type", &nd.kind},
		{"id", &nd.id},
		{"guid", &nd.guid},
		{"ie_key", &nd.extractor},
		{"extractor_key", &nd.extractor},
		{"title", &nd.title},
		{"subtitle", &nd.subtitle},
		{"description", &nd.description},
		{"url", &nd.url},
		{"webpage_url", &nd.webpage},
		{"original_url", &nd.original},
		{"frontend_link", &nd.frontend},
		{"slug", &nd.slug},
		{"availability", &nd.availability},
		{"live_status", &nd.live},
		{"upload_date", &nd.uploaded},
		{"date", &nd.date},
		{"release_date", &nd.released},
	} {
		if f.key == key {
			if s := jsonText(raw); s != "" {
				*f.to = s
			}
			return
		}
	}
	switch key {
	case "timestamp":
		nd.timestamp, _ = strconv.ParseFloat(jsonText(raw), 64) // not a number: not known
	case "duration", "length":
		if d, err := strconv.ParseFloat(jsonText(raw), 64); err == nil && d > 0 && d < 1e6 {
			nd.duration = d
		}
	case "persons":
		var names []any
		if json.Unmarshal(raw, &names) == nil {
			for _, n := range names {
				if s, ok := n.(string); ok && len(nd.persons) < 100 {
					nd.persons = append(nd.persons, s)
				}
			}
		}
	case "conferences":
		nd.conferences = true
	case "recordings":
		nd.files = true
		nd.pdf = slidesFile(raw)
	}
}

// slidesFile returns the address of the slides among media.ccc.de's files.
func slidesFile(raw json.RawMessage) string {
	var files []struct {
		Type string `json:"mime_type"`
		URL  string `json:"recording_url"`
	}
	if json.Unmarshal(raw, &files) != nil {
		return ""
	}
	for _, f := range files {
		if f.Type == "application/pdf" && isLink(f.URL) {
			return f.URL
		}
	}
	return ""
}

// jsonText returns a string or a number as text; "" for anything else.
func jsonText(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	switch c := raw[0]; {
	case c == '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	case c == '-' || c >= '0' && c <= '9':
		return string(raw)
	}
	return ""
}

func (nd *node) isVideo() bool {
	return !nd.list && !nd.events && nd.title != "" && (nd.extractor != "" || nd.webpage != "" || nd.kind == "video" || nd.kind == "url")
}

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
