package recording

import "slices"

// form is the kind of session that a title says it is. Its zero value says nothing.
type form uint8

const (
	formTalk form = iota
	formLightning
	formPoster
	formWorkshop
	formPanel
	formKeynote
	formTeaser
)

func (f form) String() string {
	return [...]string{"talk", "lightning talk", "poster", "workshop", "panel", "keynote", "teaser"}[f]
}

// label reports whether words only say what kind of session it is, and which.
func label(ws []string) (form, bool) {
	f := formTalk
	if len(ws) == 0 || len(ws) > 5 {
		return f, false
	}
	for _, w := range ws {
		g := formTalk
		switch labelWord(w, len(ws)) {
		case "lightning", "blitz", "ignite":
			g = formLightning
		case "poster", "posters":
			g = formPoster
		case "workshop", "tutorial", "contribfest", "lab", "training":
			g = formWorkshop
		case "panel":
			g = formPanel
		case "keynote", "keynotes":
			g = formKeynote
		case "teaser", "trailer", "preview":
			g = formTeaser
		case "sponsored", "sponsor", "talk", "talks", "session", "discussion", "breakout", "invited", "fireside", "chat", "vortrag", "project",
			"demo", "ama", "bof", "extended", "short", "live", "cancelled", "canceled", "recorded", "virtual", "hands", "on", "opening", "closing",
			"diamond", "platinum", "gold", "silver", "version", "en", "de", "deutsch", "english", "official", "video", "recording", "hd", "4k":
		default:
			return formTalk, false
		}
		if f == formTalk || f == formKeynote || f == formPanel {
			if g != formTalk {
				f = g
			}
		}
	}
	// "Opening" or "Project Demo" alone is a title.
	return f, f != formTalk || len(ws) == 1 && slices.Contains([]string{"sponsored", "sponsor", "talk", "vortrag", "invited", "demo", "bof", "ama", "en", "de", "cancelled", "canceled", "live", "video", "recording", "hd", "4k"}, ws[0]) ||
		len(ws) == 2 && (ws[1] == "talk" || ws[1] == "session" || ws[1] == "demo" || ws[1] == "chat" || ws[1] == "version") && ws[0] != "opening" && ws[0] != "closing"
}

// labelWord returns the word for a kind of session that w is, perhaps misspelled;
// of a word alone
// only a keynote is believed, which makes no difference.
func labelWord(w string, of int) string {
	if of == 1 || len(w) < 3 {
		if len(w) >= 6 && w[0] == 'k' && distance(w, "keynote", 1) <= 1 {
			return "keynote"
		}
		return w
	}
	if w[0] == 't' && len(w) <= 5 && distance(w, "talk", 1) <= 1 {
		return "talk"
	}
	for _, l := range [...]string{"lightning", "sponsored", "keynote", "session", "poster", "project", "workshop", "tutorial", "discussion"} {
		if len(w) >= 5 && distance(w, l, 2) <= 1+len(l)/9 {
			return l
		}
	}
	return w
}
