package note

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"lectern/internal/diag"
)

// Opener opens the file of the project that a note names in a shortcode: beside
// the note at from, in the content folder, or from the project's folder. It
// never leaves the project and returns at most limit bytes.
type Opener func(from, name string, limit int64) Opened

// Opened is what an [Opener] found.
type Opened struct {
	// Path is the file's slash path in the project, "" where there is none.
	Path string
	Data []byte
	// Tried are the paths where it was looked for in vain.
	Tried []string
	// Err is nil, [fs.ErrNotExist], [ErrOutside], [ErrTooLarge] or another one.
	Err error
}

// What an [Opener] refuses.
var (
	ErrOutside  = errors.New("the file lies outside of the project")
	ErrTooLarge = errors.New("the file is too large")
)

// Include is a file that a note's text was made of, or for which a place was
// looked at where there is none.
type Include struct {
	// Path is its slash path in the project.
	Path string
	// Name is how a shortcode names it, where there is such a file.
	Name string
	// Hash identifies its content within a process; 0 is for no file.
	Hash uint64
	// Private is true where its front matter says that it is private, or may say so.
	Private bool
}

// The limits of what one note includes.
const (
	maxIncludeDepth = 8
	maxIncludes     = 500
	// maxIncludeSize is that of all files together, so that small notes don't make a huge site.
	maxIncludeSize = 1 << 20
)

// includer puts the text of files into a note.
type includer struct {
	p    *Parser
	n    *Note
	open Opener
	// stack are the files being included, the note first.
	stack []string
	count int
	size  int
}

// take reads a file through the opener and keeps what was read.
func (n *Note) take(open Opener, name string, limit int64) Opened {
	o := open(n.Path, name, limit)
	for _, p := range o.Tried {
		n.keepInclude(Include{Path: p})
	}
	if o.Path != "" {
		n.keepInclude(Include{Path: o.Path, Name: name, Hash: maphash.Bytes(processSeed, o.Data) | 1})
	}
	return o
}

// keepInclude adds a file, each once.
func (n *Note) keepInclude(i Include) {
	if !slices.ContainsFunc(n.Includes, func(j Include) bool { return j.Path == i.Path }) {
		n.Includes = append(n.Includes, i)
	}
}

// include returns the note's text with the text of files in the place of its
// include shortcodes, and where its pieces come from; nil where there is none.
func (p *Parser) include(n *Note, data []byte, body int, open Opener) ([]byte, []source) {
	if open == nil || !mayInclude(data[body:]) {
		return data, nil
	}
	in := includer{p: p, n: n, open: open, stack: []string{n.Path}}
	self := &included{path: n.Path, data: data, at: -1}
	text, pieces := in.expand(self, body)
	if in.count == 0 {
		return data, nil
	}
	out := append(slices.Clip(data[:body]), text...)
	for i := range pieces {
		pieces[i].out += body
	}
	return out, append([]source{{0, 0, self}}, pieces...)
}

// mayInclude is false for texts in which no include can stand.
func mayInclude(text []byte) bool {
	i := bytes.Index(text, []byte("{{"))
	return i >= 0 && (bytes.Contains(text[i:], []byte("nclude")) || bytes.Contains(text[i:], []byte("NCLUDE")))
}

// expand returns the text of f from offset from, with files put in.
func (in *includer) expand(f *included, from int) ([]byte, []source) {
	sub := &render{p: in.p, n: &Note{Path: f.path}, data: f.data}
	sub.scan(from)
	var out []byte
	var pieces []source
	pos := from
	for _, c := range sub.includes() {
		if c.start < pos {
			continue // in the inner text of one that is replaced
		}
		text, inner, ok := in.text(sub, f, &c)
		if !ok {
			continue
		}
		pieces = append(pieces, source{len(out), pos, f})
		out = append(out, f.data[pos:c.start]...)
		margin := continuation(f.data, c.start)
		out, pieces = join(out, pieces, text, inner, margin)
		pos = c.end
	}
	pieces = append(pieces, source{len(out), pos, f})
	return append(out, f.data[pos:]...), pieces
}

// includes are the include shortcodes of a scanned text, in code and in other
// shortcodes too, in order.
func (r *render) includes() []call {
	var out []call
	for i := range r.calls {
		c := &r.calls[i]
		switch {
		case c.comment != "" || c.def == nil:
		case c.def.name == "include":
			out = append(out, *c)
		case c.def.raw && c.innerFrom >= 0 && c.def.name != "comment":
			out = append(out, r.rawIncludes(c)...)
		}
	}
	return out
}

// rawIncludes finds includes in inner text that is taken as it stands.
func (r *render) rawIncludes(c *call) []call {
	var out []call
	for pos := c.innerFrom; pos < c.innerTo; {
		i := bytes.Index(r.data[pos:c.innerTo], []byte("{{"))
		if i < 0 || pos+i+2 >= c.innerTo {
			break
		}
		pos += i
		if k := r.data[pos+2]; k == '<' || k == '%' {
			if t, ok := lexTag(r.data[:c.innerTo], pos); ok {
				if def := r.p.shortcodes.find(t.name); t.comment == "" && !t.closing && def != nil && def.name == "include" {
					out = append(out, call{name: t.name, def: def, args: t.args, start: pos, end: t.end, innerFrom: -1, percent: t.percent, code: true})
				}
				pos = t.end
				continue
			}
		}
		pos += 2
	}
	return out
}

// text returns what stands for one include. It is not ok where the shortcode
// shall stay as it is: in code, when there is no such file.
func (in *includer) text(sub *render, f *included, c *call) (text []byte, pieces []source, ok bool) {
	in.count++
	name, _ := c.arg("file")
	name.value = strings.TrimSpace(name.value)
	fail := func(rule, message, hint string) ([]byte, []source, bool) {
		line, col := position(f.data, name.off)
		in.n.reportIn(f.path, diag.Error, rule, line, col, message, hint)
		return nil, []source{{0, c.start, f}}, true
	}
	switch {
	case name.value == "":
		name.off = c.start
		return fail(ruleInclude, "include needs the path of a file", c.def.usage())
	case in.count > maxIncludes:
		return fail(ruleInclude, fmt.Sprintf("this note includes more than %d files", maxIncludes), "")
	case len(in.stack) > maxIncludeDepth:
		return fail(ruleInclude, fmt.Sprintf("files include each other more than %d deep", maxIncludeDepth), "")
	}
	o := in.n.take(in.open, name.value, maxIncludeSize)
	switch {
	case errors.Is(o.Err, fs.ErrNotExist) && c.code:
		return nil, nil, false // an example, not a wish
	case o.Err != nil:
		return fail(refusal(o.Err, name.value))
	case slices.Contains(in.stack, o.Path):
		return fail(ruleInclude, "\""+name.value+"\" includes itself", "")
	case bytes.IndexByte(o.Data, 0) >= 0:
		return fail(ruleInclude, "\""+name.value+"\" is no text", "")
	}
	if in.size += len(o.Data); in.size > maxIncludeSize {
		return fail(ruleInclude, fmt.Sprintf("this note includes more than %d MB", maxIncludeSize>>20), "")
	}
	c.check(sub)
	in.n.Diags = append(in.n.Diags, sub.n.Diags...)
	sub.n.Diags = nil

	at := f.at
	if at < 0 {
		at = c.start
	}
	file := &included{path: o.Path, at: at}
	from := in.begin(file, o)
	in.stack = append(in.stack, o.Path)
	text, pieces = in.expand(file, from)
	in.stack = in.stack[:len(in.stack)-1]
	text, pieces = trimText(text, pieces)
	if c.flag("hidefirstheading") || c.has("showfirstheading") && !c.flag("showfirstheading") {
		text, pieces = dropHeading(text, pieces)
	}
	return text, pieces, true
}

// refusal says why a file can't be had.
func refusal(err error, name string) (rule, message, hint string) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ruleIncludeMissing, "no such file \"" + name + "\"",
			"its path counts from the note, from the content folder or from the project's folder"
	case errors.Is(err, ErrOutside):
		return ruleInclude, "\"" + name + "\" leaves the project's folder, which is refused", "put the file into the project"
	case errors.Is(err, ErrTooLarge):
		return ruleInclude, "\"" + name + "\" is too large", ""
	}
	return ruleInclude, "\"" + name + "\" can't be read", "look at its permissions"
}

// begin cleans the file's text, and returns where it begins behind front matter.
// What the front matter says of privacy is kept.
func (in *includer) begin(f *included, o Opened) (from int) {
	ghost := &Note{Path: o.Path}
	f.data = ghost.clean(o.Data)
	switch strings.ToLower(path.Ext(o.Path)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".mkdn":
	default:
		return 0
	}
	_, body := in.p.readFront(ghost, f.data)
	private := ghost.Front.Visibility == Private
	if !ghost.Readable {
		front := f.data[:min(len(f.data), maxFront)]
		body = 0
		if _, _, to, end, err := splitFront(f.data); err == nil {
			front, body = f.data[:to], end
		}
		private = speaksOfPrivacy(front)
	}
	if private {
		for i := range in.n.Includes {
			in.n.Includes[i].Private = in.n.Includes[i].Private || in.n.Includes[i].Path == o.Path
		}
	}
	return body
}

// reportIn adds a finding in one of the files that the note is made of.
func (n *Note) reportIn(file string, sev diag.Severity, rule string, line, col int, message, hint string) {
	n.Diags = append(n.Diags, diag.Diagnostic{
		Position: diag.Position{File: file, Line: line, Col: col},
		Severity: sev, Rule: rule, Message: message, Hint: hint,
	})
}

// includesKey mixes what was included into the note's key.
func (n *Note) includesKey() {
	if len(n.Includes) == 0 {
		return
	}
	var h maphash.Hash
	h.SetSeed(processSeed)
	h.WriteString(strconv.FormatUint(n.Key, 16))
	for _, i := range n.Includes {
		h.WriteString(strconv.Quote(i.Path))
		h.WriteString(strconv.FormatUint(i.Hash, 16))
	}
	n.Key = h.Sum64()
}

// includes are the shortcodes that show what lies in other files.
func includes() []*shortcode {
	return []*shortcode{{
		name: "include", inner: innerOptional, block: true,
		about:  "The text of a file of the project, as if it were written here.",
		params: []param{{name: "file", pos: 1}, {name: "hidefirstheading", pos: 2, flag: true}, {name: "showfirstheading", flag: true}},
		show: func(r *render, c *call) {
			if r.open == nil {
				r.report(diag.Warning, ruleInclude, c.start, "no file can be included here", "")
			}
		},
	}}
}
