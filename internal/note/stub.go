package note

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a note says by itself is its words without headings, the labels of
// buttons, what is yet to be done, and the conference's abstract. These are asides: they are counted when
// they end, and are no part of the summary.

func (r *render) beginAside() (start int) {
	r.quiet++
	r.asides++
	return len(r.plain)
}

func (r *render) endAside(start int) {
	r.quiet--
	if r.asides--; r.asides == 0 {
		r.aside += countWords(r.plain[start:])
	}
}

// isAbstract is true for the title of a box with the conference's own words
// about a session, which are not its note's.
func isAbstract(title string) bool {
	switch strings.ToLower(title) {
	case "abstract", "zusammenfassung":
		return true
	}
	return false
}

// shows counts what a reader sees that is no text: a picture, a table, code.
func (r *render) shows() {
	if r.asides == 0 && !r.alt {
		r.things++
	}
}

// maxPromise is how many words a note has at most that only promises more.
const maxPromise = 20

// stub reports whether the note has nothing of its own to read yet.
func (r *render) stub(words int) bool {
	own := words - r.aside
	if r.things > 0 || own > maxPromise {
		return false
	}
	return own <= 0 || promises(r.summary)
}

// promises reports whether text only says that there will be more: one sentence
// that does, and beside it hardly a word.
func promises(text []byte) bool {
	var space [256]byte
	promised, other := false, 0
	for len(text) > 0 {
		end := bytes.IndexAny(text, ".!?:;…\n")
		sentence := text
		if end >= 0 {
			_, size := utf8.DecodeRune(text[end:])
			sentence, text = text[:end], text[end+size:]
		} else {
			text = nil
		}
		folded := foldHeading(space[:0], string(sentence))
		if bytes.Count(folded, []byte{' '}) < 8 && isPromise(folded) {
			promised = true
		} else {
			other += countLetters(sentence)
		}
	}
	// "My talk." may stand beside it; without any letter, nothing is said at all.
	return other == 0 || promised && other <= 12
}

func countLetters(text []byte) int {
	n := 0
	for _, c := range string(text) {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			n++
		}
	}
	return n
}

// isPromise reports whether a folded sentence says that something is to come. A
// promise ends a sentence, or is all of it.
func isPromise(sentence []byte) bool {
	for _, p := range [...]string{
		"will follow", "to follow", "follow soon", "following soon", "will follow soon", "will follow later", "will come", "come soon",
		"coming soon", "to come", "still to come", "will be released soon", "will be released later", "will be released", "released soon",
		"will be added", "will be added soon", "will be added later", "to be added", "to be done", "to be written", "not written yet",
		"will be uploaded", "will be published", "will be published soon", "work in progress", "in progress", "wip", "tbd", "tba", "todo",
		"later", "soon", "no notes", "no notes yet", "notes missing", "placeholder", "nothing here yet", "nothing yet", "empty for now",
		"folgt", "folgen", "folgt noch", "folgen noch", "folgt bald", "folgen bald", "folgt später", "folgen später", "folgt in kürze", "folgen in kürze",
		"kommt", "kommt noch", "kommen noch", "kommt bald", "kommen bald", "kommt später", "kommen später", "in arbeit", "noch in arbeit",
		"demnächst", "noch keine notizen", "keine notizen", "noch nichts", "noch leer", "platzhalter", "wird nachgereicht", "werden nachgereicht",
		"wird ergänzt", "werden ergänzt", "wird noch ergänzt", "werden noch ergänzt", "später", "bald",
	} {
		rest, ok := bytes.CutSuffix(sentence, []byte(p))
		if ok && (len(rest) == 0 || rest[len(rest)-1] == ' ' && !loose(p)) {
			return true
		}
	}
	return false
}

// loose is true for words that promise something only when they are all that is said.
func loose(p string) bool {
	switch p {
	case "later", "soon", "später", "bald", "to come", "will come", "kommt", "in progress", "todo", "placeholder", "platzhalter":
		return true
	}
	return false
}
