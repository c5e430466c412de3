package note

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"unicode/utf8"

	gmparser "github.com/yuin/goldmark/parser"

	"lectern/internal/diag"
	"lectern/internal/highlight"
	"lectern/internal/mathml"
	"lectern/internal/spelling"
)

// The rules of the findings in one file.
const (
	ruleFront      = "front-matter"
	ruleFrontType  = "front-matter-type"
	ruleFrontLong  = "front-matter-long"
	ruleFrontTwice = "front-matter-duplicate"
	ruleVisibility = "front-matter-visibility"
	ruleCascade    = "front-matter-cascade"
	ruleEncoding   = "encoding"
	ruleBinary     = "binary"
	ruleSize       = "note-size"
	ruleNesting    = "nesting"
	ruleUnclosed   = "shortcode-unclosed"
	ruleUnknown    = "shortcode-unknown"
	ruleParameter  = "shortcode-parameter"
	ruleIcon       = "icon-unknown"
	ruleScript     = "script-refused"
	ruleInclude    = "include-refused"

	ruleSpec           = "openapi"
	ruleIncludeMissing = "include-missing"
	ruleMany           = "more-findings"
	ruleInternal       = "internal"
)

// MaxSize is how many bytes a note may have. The longest talk's notes have some
// tens of thousands; beyond this it is another kind of file.
const MaxSize = 5 << 20

// Parser parses notes with one set of options. It may be used by many goroutines.
type Parser struct {
	opts     Options
	key      uint64
	markdown gmparser.Parser
	// unlinked is for texts without anything that looks like an address: to look
	// for one at each blank is a tenth of the time that a text takes.
	unlinked   gmparser.Parser
	highlight  *highlight.Highlighter
	math       *mathml.Converter
	shortcodes *registry
	fields     map[string]setter
	meanings   *meanings
	// exact renders as CommonMark's examples have it: no title taken, comments
	// kept, plain code. For the test of the specification.
	exact bool

	policy  func() sanitizer
	speller func() spelling.Speller
	renders sync.Pool // of *render
}

// NewParser returns a Parser for opts; nil means the zero Options.
func NewParser(opts *Options) *Parser {
	if opts == nil {
		opts = &Options{}
	}
	return newParser(opts, false)
}

func newParser(opts *Options, exact bool) *Parser {
	p := &Parser{opts: *opts, key: opts.Key(), highlight: highlight.New(), math: mathml.New(), shortcodes: newRegistry(), exact: exact}
	p.markdown = newMarkdown(&p.opts, !exact)
	p.unlinked = p.markdown
	if opts.Linkify {
		plain := p.opts
		plain.Linkify = false
		p.unlinked = newMarkdown(&plain, !exact)
	}
	p.fields = frontFields(p.opts.taxonomies())
	p.meanings = newMeanings(p.opts.Meanings)
	p.policy = sync.OnceValue(newSanitizer)
	p.speller = sync.OnceValue(spelling.Open)
	p.renders.New = func() any { return &render{p: p} }
	return p
}

// Parse parses one file. It is for callers with one file; others make a Parser.
func Parse(path string, data []byte, opts *Options) *Note { return NewParser(opts).Parse(path, data) }

// processSeed makes the keys of one process comparable with each other.
var processSeed = maphash.MakeSeed()

// Parse turns the file at path (slash-separated, from the project's folder)
// with the bytes data into a Note. It never fails: what is wrong with the file
// is in Diags. It keeps no reference to data.
func (p *Parser) Parse(path string, data []byte) *Note { return p.ParseWith(path, data, nil) }

// ParseWith is [Parser.Parse] for a note that may include other files, which
// open opens. The Note depends on what it gives, and says so in Includes.
func (p *Parser) ParseWith(path string, data []byte, open Opener) *Note {
	n := &Note{Path: path, Key: p.noteKey(path, data), Title: nameTitle(path, p.opts.Hugo), TitleSource: TitleFromName}
	defer func() { n.Diags = slices.Clip(n.Diags) }()
	if len(data) > MaxSize {
		n.refuse(data, ruleSize, fmt.Sprintf("the note has %d bytes; at most %d are read", len(data), MaxSize),
			"split it, or move attachments out of it")
		return n
	}
	if bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
		n.refuse(data, ruleBinary, "the file is binary, not Markdown",
			"if it is a text in UTF-16, save it as UTF-8; else rename it or move it out of the notes")
		return n
	}
	data = n.clean(data)
	n.Mentions = mentions(data)
	if p.opts.Marks {
		n.Marks = &Marks{}
	}
	front, body := p.readFront(n, data)
	if !n.Readable {
		n.Marks = nil
		p.salvage(n, data)
		return n
	}
	n.markText(data, body)
	p.markTitles(n, data, body)
	if n.Front.Title != "" {
		n.Title, n.TitleSource = n.Front.Title, TitleFromFront
	}
	p.render(n, data, body, open)
	if p.opts.KeepSource && !bytes.Contains(data[body:], []byte("<!--")) {
		n.Source = bytes.TrimLeft(bytes.Clone(data[body:]), "\n")
	}
	n.includesKey()
	n.FrontKey = maphash.Bytes(processSeed, front)
	n.FactsKey = n.factsKey(front)
	return n
}

// render fills in what comes from the text. Goldmark has been seen to panic on
// hostile text: such a note is left out with a finding, and the others go on.
func (p *Parser) render(n *Note, data []byte, body int, open Opener) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		n.Readable = false
		n.Body, n.Headings, n.Links, n.Icons, n.Resources = Fragment{}, nil, nil, nil, Resources{}
		n.Recommendations, n.Hallway, n.Stub = nil, nil, false
		n.Anchors, n.TitleID, n.Calls = nil, "", nil
		n.Ignores, n.Marks = nil, nil
		n.report(diag.Error, ruleInternal, 0, 0, fmt.Sprintf("the text cannot be read as Markdown: %v", cause),
			"this is a mistake of the program; please report it with the note")
	}()
	r := p.renders.Get().(*render)
	data, sources := p.include(n, data, body, open)
	r.begin(n, data)
	r.sources, r.open = sources, open
	r.note(body)
	r.finish()
	p.renders.Put(r)
}

// refuse reports a file whose text is not read at all. Nobody knows what its
// front matter says, so the worst is assumed.
func (n *Note) refuse(data []byte, rule, message, hint string) {
	n.Suspect = true
	n.Mentions = mentions(bytes.ReplaceAll(data, []byte{0}, nil)) // UTF-16's names, too
	n.report(diag.Error, rule, 0, 0, message, hint)
}

// salvage takes from a note that cannot be published what the site must know
// of it all the same: whether it seems to speak of visibility, and what it
// links to, so that pictures that only it uses stay unpublished.
func (p *Parser) salvage(n *Note, data []byte) {
	front, body := data, 0
	if _, _, to, end, err := splitFront(data); err == nil {
		front, body = data[:to], end
	}
	n.Suspect = n.Suspect || speaksOfPrivacy(front)
	ghost := &Note{Path: n.Path}
	p.render(ghost, data, body, nil)
	n.Links = ghost.Links
}

// speaksOfPrivacy reports whether front matter that can't be read may say that
// something is private.
func speaksOfPrivacy(front []byte) bool {
	low := bytes.ToLower(front[:min(len(front), maxFront)])
	for _, word := range []string{"visib", "privat", "cascade", "\\"} { // a backslash could spell any of them
		if bytes.Contains(low, []byte(word)) {
			return true
		}
	}
	return false
}

func (n *Note) report(sev diag.Severity, rule string, line, col int, message, hint string) {
	n.Diags = append(n.Diags, diag.Diagnostic{
		Position: diag.Position{File: n.Path, Line: line, Col: col},
		Severity: sev, Rule: rule, Message: message, Hint: hint,
	})
}

// clean returns the text with what would break Markdown or the output's format
// replaced: line ends of other systems, control characters, bytes that are no
// UTF-8. Lines and columns stay what they were.
func (n *Note) clean(data []byte) []byte {
	data = withoutMarks(data)
	if !utf8.Valid(data) {
		i := 0
		for i < len(data) {
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			i += size
		}
		line, col := position(data, i)
		n.report(diag.Warning, ruleEncoding, line, col, "the file is not valid UTF-8; the bytes that are not show as \uFFFD",
			"save it as UTF-8")
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	if !slices.ContainsFunc(data, isControl) {
		return data
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.Clone(data)
	for i, c := range data {
		switch {
		case c == '\r':
			data[i] = '\n'
		case isControl(c):
			data[i] = ' '
		}
	}
	return data
}

// withoutMarks takes off the byte order mark that data begins with, and further
// ones before its first word, as some editors leave them.
func withoutMarks(data []byte) []byte {
	mark := []byte("\xef\xbb\xbf")
	data = bytes.TrimPrefix(data, mark)
	lead := len(data) - len(bytes.TrimLeft(data, " \t\r\n"))
	if !bytes.HasPrefix(data[lead:], mark) {
		return data
	}
	lead = len(data) - len(bytes.TrimLeft(data, " \t\r\n\uFEFF"))
	return append(bytes.ReplaceAll(data[:lead], mark, nil), data[lead:]...)
}

// isControl is true for the bytes that clean replaces.
func isControl(c byte) bool { return c < ' ' && c != '\n' && c != '\t' || c == 0x7f }

// position turns an offset into a line and a column, both from 1.
func position(data []byte, off int) (line, col int) {
	off = min(max(off, 0), len(data))
	line = 1 + bytes.Count(data[:off], []byte{'\n'})
	return line, off - bytes.LastIndexByte(data[:off], '\n')
}

func (p *Parser) noteKey(path string, data []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(processSeed)
	var k [16]byte
	binary.LittleEndian.PutUint64(k[:8], p.key)
	binary.LittleEndian.PutUint64(k[8:], uint64(len(path)))
	h.Write(k[:])
	h.WriteString(path)
	h.Write(data)
	return h.Sum64()
}

func (n *Note) factsKey(front []byte) uint64 {
	var h maphash.Hash
	h.SetSeed(processSeed)
	num := func(i int) {
		var k [8]byte
		binary.LittleEndian.PutUint64(k[:], uint64(i))
		h.Write(k[:])
	}
	str := func(s string) {
		num(len(s))
		h.WriteString(s)
	}
	str(n.Path)
	str(string(front))
	str(n.Title)
	num(n.Minutes())
	num(n.Eighths())
	if n.Stub {
		num(1)
	}
	str(n.Summary)
	str(n.Resources.Video)
	str(n.Resources.Slides)
	str(n.Resources.Code)
	return h.Sum64()
}
