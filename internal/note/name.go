package note

import (
	"strings"
	"unicode/utf8"
)

// nameTitle makes a title of a file's name, without folder and extension. A
// file that stands for its folder gets the folder's name.
func nameTitle(path string, hugo bool) string {
	dir, base := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, base = path[:i], path[i+1:]
	}
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	switch strings.ToLower(base) {
	case "readme":
		if hugo {
			break
		}
		fallthrough
	case "index", "_index":
		if dir != "" && dir != "content" {
			base = dir[strings.LastIndexByte(dir, '/')+1:]
		}
	}
	return ReadableName(base)
}

// ReadableName makes a title of the name of a file or folder: without its
// number prefix, dashes and underscores as spaces, the first letter upper case
// ("03_service-mesh" → "Service mesh"). A date that the name begins with stays
// as it is.
func ReadableName(base string) string {
	if day := leadingDate(base); day != "" {
		return strings.TrimRight(day+" "+withoutDashes(base[len(day):]), " ")
	}
	name := strings.TrimLeft(base, "0123456789")
	if rest := strings.TrimLeft(name, "-_. "); len(name) < len(base) && len(rest) < len(name) && rest != "" {
		name = rest
	} else {
		name = base
	}
	name = withoutDashes(name)
	if name == "" {
		return base
	}
	first, size := utf8.DecodeRuneInString(name)
	return strings.ToUpper(string(first)) + name[size:]
}

func withoutDashes(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == ' ' }), " ")
}

// leadingDate returns the date like 2025-04-01 that name begins with, or "".
func leadingDate(name string) string {
	const pattern = "0000-00-00"
	if len(name) < len(pattern) {
		return ""
	}
	for i := range len(pattern) {
		if digit := isDigit(name[i], 10); digit != (pattern[i] == '0') || !digit && name[i] != '-' {
			return ""
		}
	}
	if len(name) > len(pattern) && isDigit(name[len(pattern)], 10) {
		return ""
	}
	return name[:len(pattern)]
}
