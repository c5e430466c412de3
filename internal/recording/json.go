package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

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
