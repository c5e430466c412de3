package schedule

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"lectern/internal/diag"
)

// Format is a way to write a programme. Its text is its name for people.
type Format string

// The formats that are read.
const (
	FrabJSON   Format = "pretalx/frab JSON"
	FrabXML    Format = "frab XML"
	Sessionize Format = "Sessionize JSON"
	GridSmart  Format = "GridSmart JSON"
	ICalendar  Format = "iCalendar"
	Indico     Format = "Indico JSON"
	// Unknown is none of them.
	Unknown Format = ""
)

const formats = "pretalx/frab JSON, frab XML, Sessionize JSON (All or GridSmart), iCalendar or Indico JSON"

// sniffed is how much of the beginning decides between formats whose first
// bytes are alike.
const sniffed = 64 << 10

// Detect says what the bytes are; it does not say that they are well formed.
func Detect(data []byte) Format {
	r := newReader("", Options{}.withDefaults())
	if r.decode(data) != nil {
		return Unknown
	}
	return detect(r.text)
}

func detect(text []byte) Format {
	text = bytes.TrimLeft(text, " \t\r\n")
	head := text[:min(len(text), sniffed)]
	switch {
	case len(head) == 0:
		return Unknown
	case hasFold(head, "BEGIN:VCALENDAR"):
		return ICalendar
	case head[0] == '<':
		if root := rootElement(head); root == "schedule" {
			return FrabXML
		}
	case head[0] == '{' || head[0] == '[':
		return detectJSON(text)
	}
	return Unknown
}

// detectJSON goes by the keys of the outermost objects, in whatever order they
// stand.
func detectJSON(text []byte) Format {
	keys := outerKeys(text)
	if text[0] == '[' {
		if keys["rooms"] || keys["sessions"] || keys["groupId"] {
			return GridSmart
		}
		return Unknown
	}
	switch {
	case keys["schedule"] || keys["conference"] && keys["version"]:
		return FrabJSON
	case keys["sessions"]:
		return Sessionize
	case keys["results"] && !keys["next"]:
		return Indico
	case keys["speakers"] && (keys["rooms"] || keys["categories"] || keys["questions"]):
		return Sessionize
	}
	return Unknown
}

// outerKeys returns the keys of the outermost object, or of the objects in the
// outermost list. It only finds strings before a colon, and does not mind what
// is wrong otherwise.
func outerKeys(text []byte) map[string]bool {
	keys := map[string]bool{}
	want, depth := 1, 0
	if text[0] == '[' {
		want = 2
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			end := stringEnd(text, i)
			if end < 0 {
				return keys
			}
			if depth == want && end-i < 40 && len(keys) < 100 {
				after := bytes.TrimLeft(text[end:min(len(text), end+100)], " \t\r\n")
				if len(after) > 0 && after[0] == ':' {
					keys[string(text[i+1:end-1])] = true
				}
			}
			i = end - 1
		}
	}
	return keys
}

// stringEnd returns the offset after the JSON string that begins at i, or -1.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// rootElement returns the name of the first element, in lower case, without a
// name space.
func rootElement(head []byte) string {
	for {
		i := bytes.IndexByte(head, '<')
		if i < 0 || i+1 >= len(head) {
			return ""
		}
		head = head[i+1:]
		switch {
		case bytes.HasPrefix(head, []byte("!--")):
			_, after, found := bytes.Cut(head, []byte("-->"))
			if !found {
				return ""
			}
			head = after
		case head[0] == '?':
		case hasFold(head, "!doctype html"):
			return "html"
		case hasFold(head, "!doctype"):
			// An internal subset has elements' declarations inside.
			if subset, _, found := bytes.Cut(head, []byte{'>'}); found && bytes.IndexByte(subset, '[') >= 0 {
				_, after, closed := bytes.Cut(head, []byte("]"))
				if !closed {
					return ""
				}
				head = after
			}
		default:
			end := bytes.IndexAny(head, " \t\r\n/>")
			if end < 0 {
				end = len(head)
			}
			name := strings.ToLower(string(head[:end]))
			return name[strings.LastIndexByte(name, ':')+1:]
		}
	}
}

// foreign says what the text looks like, when it is no programme.
func (r *reader) foreign() error {
	head := bytes.TrimLeft(r.text[:min(len(r.text), sniffed)], " \t\r\n")
	fail := func(message, hint string) error {
		return &Error{Position: diag.Position{File: r.name, Line: 1, Col: 1}, Message: message, Hint: hint}
	}
	known := "use the conference's export as " + formats
	switch {
	case len(bytes.TrimSpace(r.text)) == 0:
		return fail("the programme is empty", "download it again")
	case hasFold(head, "PK\x03\x04") || hasFold(head, "\x1f\x8b"):
		return fail("this is an archive, not a programme", "unpack it first")
	case hasFold(head, "%PDF"):
		return fail("this is a PDF, not a programme that a program can read", known)
	case head[0] == '<':
		return r.foreignMarkup(head, fail, known)
	case head[0] == '{' || head[0] == '[':
		keys := outerKeys(head)
		if keys["entries"] && keys["_type"] {
			return fail("this is a list of videos as yt-dlp writes it, not a programme", "lectern recordings reads it")
		}
		if keys["error"] || keys["detail"] || keys["message"] {
			return fail("this is JSON, but an error message rather than a programme: "+quote(excerpt(head)), "open the address in a browser: it may need a login, or be another one")
		}
		return fail("this is JSON, but of no programme that is known: "+keyList(keys), known)
	}
	return fail("this is no programme: it begins with "+quote(excerpt(head)), known)
}

func (r *reader) foreignMarkup(head []byte, fail func(message, hint string) error, known string) error {
	switch root := rootElement(head); root {
	case "html", "head", "body", "div":
		title := ""
		if i := indexFold(head, "<title"); i >= 0 {
			if _, after, found := bytes.Cut(head[i:], []byte{'>'}); found {
				text, _, _ := bytes.Cut(after, []byte{'<'})
				title = oneLine(string(text))
			}
		}
		message := "this is a web page, not a programme"
		if title != "" {
			message += ": its title is " + quote(title)
		}
		return fail(message, "look on the conference's site for the address of the export ("+formats+")")
	case "feed", "rss":
		return fail("this is a feed, not a programme", known)
	case "":
		return fail("this looks like XML, but has no element", known)
	default:
		return fail("this is XML, but not a programme of frab: it begins with <"+excerpt([]byte(root))+">, not with <schedule>", known)
	}
}

func keyList(keys map[string]bool) string {
	if len(keys) == 0 {
		return "it has no fields"
	}
	names := sortedKeys(keys)
	more := ""
	if len(names) > 6 {
		names, more = names[:6], " …"
	}
	return "its fields are " + oneLine(strings.Join(names, ", ")) + more
}

// excerpt returns the beginning of b in one line, for a message.
func excerpt(b []byte) string {
	const most = 60
	if len(b) > 4*most {
		b = b[:4*most]
	}
	s := oneLine(string(bytes.ToValidUTF8(b, []byte("\uFFFD"))))
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

func quote(s string) string { return "“" + s + "”" }

func hasFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && strings.EqualFold(string(b[:len(prefix)]), prefix)
}

func indexFold(b []byte, s string) int {
	return bytes.Index(bytes.ToLower(b), []byte(s))
}
