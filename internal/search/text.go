package search

import (
	"bytes"
	"encoding/json"
	"fmt"
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
func cutTexts(docs []Document, all []*analysis) [][]piece {
	total := 0
	for i := range docs {
		total += len(docs[i].Text)
	}
	wish := total / textsWish
	var files [][]piece
	var open []piece
	size := 0
	cut := func() {
		files = append(files, open)
		open, size = nil, 0
	}
	for i, a := range all {
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
		if size >= wish {
			cut()
		}
	}
	if len(open) > 0 {
		cut()
	}
	return files
}

// textFile writes one file of text: a line of JSON that says for each piece
// address, title, trail, terms, and for each of its passages the heading's fragment,
// the heading, its kind and the length of the text in bytes; then the texts.
func textFile(prefix string, n int, pieces []piece, docs []Document, all []*analysis) File {
	head := make([][5]any, len(pieces))
	parts := make([][]byte, 1, 8)
	for i, p := range pieces {
		d := &docs[p.doc]
		terms := d.Terms
		if terms == nil {
			terms = []string{}
		}
		list := make([][4]any, 0, p.to-p.from)
		for _, q := range all[p.doc].passages[p.from:p.to] {
			var s Section
			if q.section >= 0 {
				s = d.Sections[q.section]
			}
			list = append(list, [4]any{s.ID, s.Heading, s.Kind, q.to - q.from})
			parts = append(parts, d.Text[q.from:q.to])
		}
		head[i] = [5]any{d.URL, d.Title, d.Trail, terms, list}
	}
	var line bytes.Buffer
	e := json.NewEncoder(&line)
	e.SetEscapeHTML(false)
	if err := e.Encode(head); err != nil {
		panic("search: " + err.Error()) // texts and numbers can always be written
	}
	parts[0] = line.Bytes()
	return finish(fmt.Sprintf("%st%d.", prefix, n), ".txt", parts...)
}
