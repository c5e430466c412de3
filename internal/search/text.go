package search

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// There are about as many files of text as notes, up to textsWish; then notes
// share them. A note's text is not divided into files smaller than leastText.
const (
	textsWish = 2000
	leastText = 1500
)

// piece is the part of a document that one file of text has.
type piece struct {
	doc      int
	from, to int // passages
}

// cutTexts divides the passages of all documents into files, in their order.
// With each section of the site it begins anew, unless the file is small: so
// one more word moves no cuts but its section's.
func cutTexts(docs []Document, all []*analysis) [][]piece {
	total := 0
	for i := range docs {
		total += len(docs[i].Text)
	}
	wish := stepped(total / textsWish)
	var files [][]piece
	var open []piece
	size := 0
	cut := func() {
		files = append(files, open)
		open, size = nil, 0
	}
	for i, a := range all {
		if size > 0 && size >= wish/8 && folderOf(docs[i].URL) != folderOf(docs[i-1].URL) {
			cut()
		}
		from := 0
		for k, p := range a.passages {
			size += p.to - p.from
			if k+1 < len(a.passages) && size >= max(wish, leastText) {
				open = append(open, piece{i, from, k + 1})
				cut()
				from = k + 1
			}
		}
		open = append(open, piece{i, from, len(a.passages)})
		if size >= wish || wish < leastText && size >= wish/2 { // so few notes share any
			cut()
		}
	}
	if len(open) > 0 {
		cut()
	}
	return files
}

// folderOf is where a document lies: "/day1/" for "/day1/02_x/".
func folderOf(url string) string {
	return url[:strings.LastIndexByte(strings.TrimSuffix(url, "/"), '/')+1]
}

// textFile writes one file of text: a line of JSON that says for each piece
// address, title, trail, terms, and for each of its passages the heading's fragment,
// the heading, its kind and the length of the text in bytes; then the texts.
func textFile(prefix string, pieces []piece, docs []Document, all []*analysis) File {
	line := make([]byte, 0, 512)
	parts := make([][]byte, 1, 8)
	for i, p := range pieces {
		d := &docs[p.doc]
		line = append(line, opening(i)...)
		for k, s := range [...]string{d.URL, d.Title, d.Trail} {
			line = appendJSON(append(line, opening(k)...), s)
		}
		line = append(line, ',')
		for k, s := range d.Terms {
			line = appendJSON(append(line, opening(k)...), s)
		}
		line = append(line, closing(len(d.Terms))...)
		line = append(line, ',')
		list := all[p.doc].passages[p.from:p.to]
		for k, q := range list {
			var s Section
			if q.section >= 0 {
				s = d.Sections[q.section]
			}
			line = append(line, opening(k)...)
			for m, s := range [...]string{s.ID, s.Heading, s.Kind} {
				line = appendJSON(append(line, opening(m)...), s)
			}
			line = append(strconv.AppendInt(append(line, ','), int64(q.to-q.from), 10), ']')
			parts = append(parts, d.Text[q.from:q.to])
		}
		line = append(append(line, closing(len(list))...), ']')
	}
	parts[0] = append(append(line, closing(len(pieces))...), '\n')
	f := finish(prefix+"t.", ".txt", parts...)
	f.URL = docs[mostOf(pieces, all)].URL
	return f
}

// mostOf is the document that has the most of a file's text.
func mostOf(pieces []piece, all []*analysis) int {
	doc, most := 0, -1
	for _, p := range pieces {
		n := 0
		for _, q := range all[p.doc].passages[p.from:p.to] {
			n += q.to - q.from
		}
		if n > most {
			doc, most = p.doc, n
		}
	}
	return doc
}

// opening is what stands before an array's element i, closing what stands behind
// the last of n.
func opening(i int) string {
	if i == 0 {
		return "["
	}
	return ","
}

func closing(n int) string {
	if n == 0 {
		return "[]"
	}
	return "]"
}

// appendJSON appends a text. Most need no escapes.
func appendJSON(dst []byte, s string) []byte {
	plain := true
	for i := range len(s) {
		c := s[i]
		plain = plain && c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\'
	}
	if plain {
		return append(append(append(dst, '"'), s...), '"')
	}
	var escaped bytes.Buffer
	e := json.NewEncoder(&escaped)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("search: " + err.Error()) // texts can always be written
	}
	return append(dst, bytes.TrimSuffix(escaped.Bytes(), []byte{'\n'})...)
}
