package search

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// The size that the files of words have before they are deflated. A small site
// has small ones, so that a query of two words does not fetch all of them; the
// files of a big one are larger, but there are never very many.
const (
	leastShard = 4 << 10
	mostShard  = 24 << 10
	shardsWish = 100
)

// cut divides the words into files.
func (x *index) cut() []span {
	sizes := make([]int, len(x.rows))
	total := 0
	for i := range x.rows {
		r := &x.rows[i]
		sizes[i] = 6 + len(r.word)/2
		for _, l := range r.lists {
			sizes[i] += (l.to - l.from) * 4 / 3
		}
		total += sizes[i]
	}
	wish := min(max(total/shardsWish, leastShard), mostShard)
	var shards []span
	from, size := 0, 0
	for i, n := range sizes {
		if i > from && size+n > wish {
			shards = append(shards, span{from, i})
			from, size = i, 0
		}
		size += n
	}
	if len(x.rows) > from {
		shards = append(shards, span{from, len(x.rows)})
	}
	return shards
}

// file writes one file of words:
//
//	rows
//	for each: bytes shared with the word before, further bytes, those bytes,
//	  2 × number of stems + 1 if the word is common,
//	  for each stem: bytes of the word to cut off, bytes to add, those bytes,
//	  length of its postings in bytes
//	for each: its postings
//
// All numbers are unsigned varints. A posting is the passage's distance to the
// one before (the first's to -1), doubled, plus one if the word stands once in
// the passage's text and nowhere else; else a byte follows: 16 × fields + times.
func (e *encoder) file(x *index, prefix string, n int, s span) File {
	rows := x.rows[s.from:s.to]
	head := binary.AppendUvarint(e.head[:0], uint64(len(rows)))
	body := e.body[:0]
	before := ""
	for i := range rows {
		r := &rows[i]
		same := commonPrefix(before, r.word)
		head = binary.AppendUvarint(head, uint64(same))
		head = appendText(head, r.word[same:])
		flags := uint64(len(r.stems)) << 1
		if r.common {
			flags |= 1
		}
		head = binary.AppendUvarint(head, flags)
		for _, stem := range r.stems {
			same := commonPrefix(stem, r.word)
			head = binary.AppendUvarint(head, uint64(len(r.word)-same))
			head = appendText(head, stem[same:])
		}
		start := len(body)
		body = appendPostings(body, x.list(r))
		head = binary.AppendUvarint(head, uint64(len(body)-start))
		before = r.word
	}
	e.head, e.body = head, body
	return finish(fmt.Sprintf("%sw%d.", prefix, n), ".bin", e.deflate(head, body))
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendPostings(dst []byte, list []located) []byte {
	before := -1
	for _, p := range list {
		d := uint64(int(p.passage)-before) << 1
		before = int(p.passage)
		if p.fields == 0 && p.times == 1 {
			dst = binary.AppendUvarint(dst, d|1)
			continue
		}
		dst = append(binary.AppendUvarint(dst, d), p.fields<<4|p.times)
	}
	return dst
}

func commonPrefix(s, t string) int {
	n := 0
	for n < len(s) && n < len(t) && s[n] == t[n] {
		n++
	}
	return n
}

// encoder writes one file after another and keeps its memory.
type encoder struct {
	head, body []byte
	out        bytes.Buffer
	w          *flate.Writer
}

// deflate compresses the parts together. Postings have hardly anything that
// repeats: codes for bytes alone give nearly all that the best level does, at a
// tenth of its time.
func (e *encoder) deflate(parts ...[]byte) []byte {
	e.out.Reset()
	if e.w == nil {
		w, err := flate.NewWriter(&e.out, flate.HuffmanOnly)
		if err != nil {
			panic("search: " + err.Error()) // there is this level
		}
		e.w = w
	} else {
		e.w.Reset(&e.out)
	}
	for _, p := range parts {
		_, _ = e.w.Write(p) // memory takes it all
	}
	_ = e.w.Close()
	return bytes.Clone(e.out.Bytes())
}

// hashLength is how many bytes of its hash a file has in its name.
const hashLength = 4

// finish names a file by its content, so that it may be cached for ever.
func finish(before, after string, parts ...[]byte) File {
	h := sha256.New()
	for _, p := range parts {
		_, _ = h.Write(p) // a hash never fails
	}
	f := File{Parts: parts}
	h.Sum(f.Sum[:0])
	f.Name = before + hex.EncodeToString(f.Sum[:hashLength]) + after
	return f
}
