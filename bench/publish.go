package main

import "strings"

// slipped is a word of no note.
const slipped = "evrey"

// slip returns a note with a slip in its last sentence.
func slip(text string) string {
	text = strings.TrimRight(text, "\n")
	at := strings.LastIndexByte(text, '\n') + 1
	word := strings.IndexByte(text[at:], ' ')
	return text[:at+word] + " " + slipped + text[at+word:] + "\n"
}
