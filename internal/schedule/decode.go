package schedule

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"lectern/internal/diag"
)

// decode makes UTF-8 of the bytes: by a byte order mark, by what XML declares,
// by the zero bytes of UTF-16. Text that is none of it, and not UTF-8, is taken
// for Windows-1252, of which Latin-1 is a part, with a finding.
func (r *reader) decode(data []byte) error {
	r.text = data
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		r.text = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return r.convert(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	case len(data) >= 4 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return r.convert(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM))
	case len(data) >= 4 && data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return r.convert(unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM))
	}
	if name := declared(r.text); name != "" {
		enc, known := encodingNamed(name)
		if !known {
			return r.fail(0, "the programme is written in the encoding "+quote(excerpt([]byte(name)))+", which is not read", "save it as UTF-8")
		}
		if enc != nil {
			return r.convert(enc)
		}
	}
	if utf8.Valid(r.text) || foldedUTF8(r.text) {
		return nil
	}
	if bad := invalidAt(r.text); len(r.text)-bad >= utf8.UTFMax || bytes.IndexByte(r.text, 0) >= 0 {
		if bytes.IndexByte(r.text[:min(len(r.text), sniffed)], 0) >= 0 {
			return nil // no text at all: what it is will be said
		}
		r.note(bad, diag.Warning, ruleEncoding, "the programme is not in UTF-8", "it is read as Windows-1252; save it as UTF-8 if letters are wrong")
		return r.convert(charmap.Windows1252)
	}
	r.text = bytes.ToValidUTF8(r.text, nil) // cut off within a letter
	return nil
}

// convert changes the text from an encoding. Lines that were counted before
// stay the same.
func (r *reader) convert(enc encoding.Encoding) error {
	text, err := enc.NewDecoder().Bytes(r.text)
	if err != nil {
		return r.fail(0, "the programme's letters cannot be read: "+err.Error(), "save it as UTF-8")
	}
	r.text, r.lines = text, nil
	return nil
}

func invalidAt(b []byte) int {
	for i := 0; i < len(b); {
		c, n := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

// declared returns the encoding of an XML declaration, in lower case.
func declared(text []byte) string {
	head := bytes.TrimLeft(text[:min(len(text), 256)], " \t\r\n")
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	head, _, _ = bytes.Cut(head, []byte("?>"))
	_, after, found := bytes.Cut(head, []byte("encoding"))
	if !found {
		return ""
	}
	after = bytes.TrimLeft(after, " \t\r\n=")
	if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
		return ""
	}
	name, _, _ := bytes.Cut(after[1:], after[:1])
	return strings.ToLower(string(name))
}

// encodingNamed knows the encodings in which programmes have been seen; nil is
// UTF-8.
func encodingNamed(name string) (enc encoding.Encoding, known bool) {
	switch name {
	case "utf-8", "utf8", "us-ascii", "ascii", "utf-16":
		return nil, true // UTF-16 was found by its zero bytes
	case "iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252":
		return charmap.Windows1252, true
	case "iso-8859-15", "iso8859-15", "latin9":
		return charmap.ISO8859_15, true
	case "iso-8859-2", "latin2":
		return charmap.ISO8859_2, true
	case "windows-1250":
		return charmap.Windows1250, true
	case "windows-1251":
		return charmap.Windows1251, true
	case "koi8-r":
		return charmap.KOI8R, true
	}
	return nil, false
}
