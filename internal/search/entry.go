package search

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/bits"
)

// format is the version of the files' shape; a browser with a page from before
// an update does not read what it does not know.
const format = 2

// entry writes the file that a browser reads first, deflated:
//
//	length of the JSON, the JSON
//	for each file of words: 4 bytes of its hash
//	number of files of text; for each: number of passages, 4 bytes of its hash
//	for each document: number of passages, a byte for the length of the text
//	  and one for that of the title, in words (see short)
func (x *index) entry(prefix string, all []*analysis, shards []span, chunks [][]piece, tags [][hashLength]byte, words map[string]string) (File, error) {
	head := struct {
		Format int `json:"v"`
		Docs   int `json:"docs"`
		// Prefix begins the names of the other files.
		Prefix string `json:"prefix"`
		// From are the words that the files of words begin with, as short as tells them apart.
		From []string `json:"from"`
		// Endings are those of the languages: see language.
		Endings []string          `json:"endings"`
		Words   map[string]string `json:"words"`
	}{Format: format, Docs: len(all), Prefix: prefix, From: make([]string, len(shards)), Words: words, Endings: []string{}}
	for i, s := range shards {
		if i > 0 {
			head.From[i] = apart(x.rows[s.from-1].word, x.rows[s.from].word)
		}
	}
	for _, l := range x.speaks {
		if l.endings != "" {
			head.Endings = append(head.Endings, l.endings)
		}
	}
	text, err := json.Marshal(head)
	if err != nil {
		return File{}, fmt.Errorf("write the search index: %w", err)
	}
	out := appendText(nil, string(text))
	for i := range shards {
		out = append(out, tags[i][:]...)
	}
	out = binary.AppendUvarint(out, uint64(len(chunks)))
	for i, pieces := range chunks {
		passages := 0
		for _, p := range pieces {
			passages += p.to - p.from
		}
		out = binary.AppendUvarint(out, uint64(passages))
		out = append(out, tags[len(shards)+i][:]...)
	}
	for _, a := range all {
		out = binary.AppendUvarint(out, uint64(len(a.passages)))
		out = append(out, short(a.words), short(a.title))
	}
	out = new(encoder).deflate(out)
	return File{Name: EntryName, Parts: [][]byte{out}, Sum: sha256.Sum256(out)}, nil
}

// apart returns the shortest beginning of word that is behind before.
func apart(before, word string) string {
	n := commonPrefix(before, word)
	for i := range word {
		if i > n {
			return word[:i]
		}
	}
	return word
}

// short packs a number into a byte, with three binary digits behind the first.
func short(n int) byte {
	if n < 8 {
		return byte(max(n, 0))
	}
	e := bits.Len(uint(n)) - 4
	return byte(min(e+1, 31)<<3 | n>>e&7)
}
