package note

import "bytes"

// Front reads the front matter of a file alone, which costs a fraction of what
// [Parser.Parse] does. It returns that, the text behind it as written but for
// what readers don't see (comments, hidden TODO lines), and whether it could be
// read for sure, as Note.Readable.
func (p *Parser) Front(path string, data []byte) (front FrontMatter, text []byte, readable bool) {
	if len(data) > MaxSize || bytes.IndexByte(data[:min(len(data), 8000)], 0) >= 0 {
		return FrontMatter{}, nil, false
	}
	n := &Note{Path: path}
	data = n.clean(data)
	_, body := p.readFront(n, data)
	if !n.Readable {
		return FrontMatter{}, nil, false
	}
	return n.Front, p.shown(data[body:]), true
}

// withoutComments returns text without its HTML comments. One without an end
// takes all that follows.
func withoutComments(text []byte) []byte {
	begin, end := []byte("<!--"), []byte("-->")
	at := bytes.Index(text, begin)
	if at < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for at >= 0 {
		out = append(append(out, text[:at]...), ' ')
		text = text[at+len(begin):]
		if at = bytes.Index(text, end); at < 0 {
			return out
		}
		text = text[at+len(end):]
		at = bytes.Index(text, begin)
	}
	return append(out, text...)
}
