package search

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/bits"
)

// The size that the files of words have before they are deflated. A small site
// has small ones, so that a query of two words does not fetch all of them; the
// files of a big one are larger, but there are never very many.
const (
	leastShard = 4 << 10
	mostShard  = 24 << 10
	shardsWish = 100
)

// cut divides the words into files of about the same size. Of the words at which
// a file may end, that with the least hash begins the next one: so a word more or
// less moves the cuts beside it at most, and soon they are the old ones again.
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
	wish := stepped(min(max(total/shardsWish, leastShard), mostShard))
	least, most := wish/2, wish
	var shards []span
	for from := 0; from < len(sizes); {
		to, best := len(sizes), uint32(math.MaxUint32)
		size := sizes[from]
		for i := from + 1; i < len(sizes); i++ {
			if size+sizes[i] > most || size >= least {
				if h := hashOf(x.rows[i].word); to == len(sizes) || h < best {
					to, best = i, h
				}
			}
			if size += sizes[i]; size > most {
				break
			}
			if i == len(sizes)-1 {
				to = len(sizes) // what is left fits
			}
		}
		shards = append(shards, span{from, to})
		from = to
	}
	return shards
}

// stepped rounds down to three binary digits: what depends on a site's size is
// not to change with each word.
func stepped(n int) int {
	if shift := bits.Len(uint(n)) - 3; shift > 0 {
		return n >> shift << shift
	}
	return n
}

// hashOf is FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) with the end of
// MurmurHash3, without which words that begin alike have hashes in an order.
func hashOf(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
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
func (e *encoder) file(x *index, prefix string, s span) File {
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
	f := finish(prefix+"w.", ".bin", e.deflate(head, body))
	f.FirstWord = rows[0].word
	return f
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

// finish makes a file whose name gets its hash between before and after.
func finish(before, after string, parts ...[]byte) File {
	h := sha256.New()
	for _, p := range parts {
		_, _ = h.Write(p) // a hash never fails
	}
	f := File{Parts: parts, before: before, after: after}
	h.Sum(f.Sum[:0])
	return f
}

// tagFiles names files by their content, so that they may be cached for ever,
// and returns what of the names tells them apart. That is the beginning of their
// hashes; of two that begin alike, the later one gets the next number that is free.
func tagFiles(files []File) [][hashLength]byte {
	tags := make([][hashLength]byte, len(files))
	taken := make(map[uint32]*File, len(files))
	for i := range files {
		f := &files[i]
		n := binary.BigEndian.Uint32(f.Sum[:])
		for taken[n] != nil && taken[n].Sum != f.Sum {
			n++
		}
		taken[n] = f
		binary.BigEndian.PutUint32(tags[i][:], n)
		f.Name = f.before + hex.EncodeToString(tags[i][:]) + f.after
	}
	return tags
}
