// Package icon holds the drawings of Font Awesome Free and finds them by every
// name that people write: present ones, those of versions 4, 5 and 6, with or
// without the prefixes of its CSS classes.
//
// The drawings stand as sorted lines in one embedded text, icons.txt, made by
// web/gen. A name is found by binary search in that text: nothing is parsed
// or built when the program starts, and a program that shows no icon pays
// nothing. All results are substrings of the text or short strings made for
// the call; the package has no state.
//
// The drawings are licensed under CC BY 4.0: whatever publishes one must also
// publish [Attribution]. See NOTICE in this folder.
package icon

import (
	_ "embed"
	"strings"
)

//go:generate go run lectern/web/gen icon

// Attribution is the comment that the licence of the drawings asks for. It is
// put in each document that shows an icon, once.
const Attribution = "<!--! Icons: Font Awesome Free 7.3.1 by @fontawesome - https://fontawesome.com - CC BY 4.0, https://fontawesome.com/license/free - Copyright 2026 Fonticons, Inc. -->"

// table has one line for each drawing ("solid-video 576 512 M96…", width,
// height and path) and for each name ("video-camera solid-video"), sorted by
// the first word.
//
//go:embed icons.txt
var table string

// find returns what follows key in the table's line of key.
func find(key string) (rest string, ok bool) {
	if key == "" || len(key) > longestName {
		return "", false
	}
	lo, hi := 0, len(table) // line starts; the wanted line starts in [lo, hi)
	for lo < hi {
		mid := (lo + hi) / 2
		start := lo + strings.LastIndexByte(table[lo:mid], '\n') + 1
		end := start + strings.IndexByte(table[start:], '\n')
		k, v, _ := strings.Cut(table[start:end], " ")
		switch c := strings.Compare(k, key); {
		case c == 0:
			return v, true
		case c < 0:
			lo = end + 1
		default:
			hi = start
		}
	}
	return "", false
}

// longestName bounds what is looked for: no name is nearly as long.
const longestName = 100

// Lookup returns the canonical name of the icon that a person means by name:
// a style and Font Awesome's present name, such as "solid-video". It
// understands plain names ("video"), class names ("fa-video"), lists of classes
// with styles and modifiers ("fa-fw fa-solid fa-star", "far fa-bell"), former
// names ("external-link-alt", "file-text-o") and canonical ones. A plain name
// prefers solid, then brands, then regular; a style that the free set
// lacks for an icon gives way to the one it has. Case does not count.
func Lookup(name string) (canonical string, ok bool) {
	if len(name) > 4*longestName {
		return "", false
	}
	style := ""
	words := strings.Fields(strings.ToLower(name))
	for _, word := range words {
		// Alone it is a name: version 4 had an icon called fa.
		if s, isStyle := styleOf(word); isStyle && len(words) > 1 {
			style = s
			continue
		}
		if c, found := lookupWord(strings.TrimPrefix(word, "fa-")); found && canonical == "" {
			canonical = c
		}
	}
	if canonical == "" {
		return "", false
	}
	if style != "" {
		_, base, _ := strings.Cut(canonical, "-")
		if styled := style + "-" + base; isDrawing(styled) {
			canonical = styled
		}
	}
	return canonical, true
}

// lookupWord resolves one name without prefix.
func lookupWord(word string) (canonical string, ok bool) {
	rest, ok := find(word)
	switch {
	case ok && startsWithDigit(rest):
		return word, true
	case ok:
		return rest, true
	}
	// Version 4 had the outlined drawing of x as x-o.
	if base, outlined := strings.CutSuffix(word, "-o"); outlined {
		if c, found := find(base); found {
			_, base, _ = strings.Cut(c, "-")
			if isDrawing("regular-" + base) {
				return "regular-" + base, true
			}
		}
	}
	return "", false
}

func isDrawing(key string) bool {
	rest, ok := find(key)
	return ok && startsWithDigit(rest)
}

// startsWithDigit tells the two kinds of lines apart: a drawing's goes on with
// its width, a name's with a style.
func startsWithDigit(rest string) bool { return rest != "" && rest[0] >= '0' && rest[0] <= '9' }

// styleOf tells whether a class names a style, and which of the free set's
// stands for it: "" leaves the choice to the icon.
func styleOf(class string) (style string, ok bool) {
	switch class {
	case "fas", "fa-solid":
		return "solid", true
	case "fab", "fa-brands":
		return "brands", true
	case "far", "fa-regular":
		return "regular", true
	case "fa", "fal", "fat", "fad", "fass", "fasr", "fasl", "fast", "fa-light", "fa-thin",
		"fa-duotone", "fa-sharp", "fa-classic", "fa-sharp-duotone":
		return "", true
	}
	return "", false
}

// SVG returns the drawing of an icon by its canonical name: the value of the
// svg element's viewBox, and the markup inside the element, which takes the
// colour of the text around it.
func SVG(canonical string) (viewBox, body string, ok bool) {
	rest, ok := find(canonical)
	if !ok || !startsWithDigit(rest) {
		return "", "", false
	}
	width, rest, _ := strings.Cut(rest, " ")
	height, path, _ := strings.Cut(rest, " ")
	return "0 0 " + width + " " + height, `<path fill="currentColor" d="` + path + `"/>`, true
}

// Names returns every plain name, present and former, sorted, each once: the
// candidates for a "did you mean" hint. It reads the whole table, so it is for
// the moment when a name was not found.
func Names() []string {
	var names []string
	for line := range strings.Lines(table) {
		name, rest, _ := strings.Cut(line, " ")
		if !startsWithDigit(rest) {
			names = append(names, name)
		}
	}
	return names
}
