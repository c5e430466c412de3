package image

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/snapshot"
)

// How many layers there are of a kind at most, and for how many files (of the
// notes: pages) there is one more. With the server, the assets, the frame and
// the index they stay below the 127 that container runtimes can stack.
const (
	maxNotes, perNotes       = 64, 16
	maxTexts, perTexts       = 32, 16
	maxWords, perWords       = 16, 4
	maxPictures, perPictures = 8, 64
)

// neighbours is how many pages of one section share a layer for sure.
const neighbours = 64

// searchIndex is the name of the file by which browsers find the others of the
// search. It changes with every word.
const searchIndex = "search-index.bin"

// group is the files of one layer.
type group struct {
	name  string
	files []*snapshot.File // sorted by path
}

// sortFiles says which of the site's files share a layer:
//
//   - assets: the theme's, whose names have their hashes;
//   - pictures: the author's own files, smaller pictures, cards;
//   - texts, words, index: the files that browsers search, of which a corrected
//     letter changes one each, and other lists that change with every page;
//   - notes: the pages of notes and of the sections they lie in, with all that
//     is beside them; pages of one section keep together, for they have the same
//     menu: that compresses well, and changes in all of them at once;
//   - frame: all else, such as the home page, tags, feeds and the sitemap.
//
// Those of which there are many are spread over several layers by a hash of
// their path. The number of layers grows with the site, and one more takes
// files out of one other layer only ([bucket]).
func sortFiles(s Site) []group {
	pages := notePages(s)
	var assets, frame []*snapshot.File
	var pictures, texts, words, notes keyed
	var index []*snapshot.File
	chunk := chunks(pages)
	for _, f := range s.Snapshot.Files() {
		own, theme := strings.CutPrefix(f.Path, "lectern/")
		switch {
		case theme && strings.HasPrefix(own, "search/t"):
			texts.add(unhashed(f.Path), f)
		case theme && strings.HasPrefix(own, "search/"):
			words.add(unhashed(f.Path), f)
		case path.Base(f.Path) == searchIndex && f.Source == nil:
			index = append(index, f)
		case theme && (strings.HasPrefix(own, "cards/") || strings.HasPrefix(own, "pictures/")):
			pictures.add(f.Path, f)
		case theme && hasHash(own):
			assets = append(assets, f)
		case theme:
			index = append(index, f)
		case f.Source != nil && !f.Rendered:
			pictures.add(f.Path, f)
		default:
			if page := pageOf(pages, f.Path); page != "" {
				notes.add(chunk(page), f)
			} else {
				frame = append(frame, f)
			}
		}
	}
	out := []group{{"assets", assets}}
	out = append(out, pictures.spread("pictures", len(pictures.files), maxPictures, perPictures)...)
	out = append(out, texts.spread("texts", len(texts.files), maxTexts, perTexts)...)
	out = append(out, words.spread("words", len(words.files), maxWords, perWords)...)
	out = append(out, group{"index", index}, group{"frame", frame})
	return append(out, notes.spread("notes", len(pages), maxNotes, perNotes)...)
}

// notePages are the addresses, without slash and extension, of the notes'
// pages and of the sections above them.
func notePages(s Site) map[string]bool {
	pages := map[string]bool{}
	for _, f := range s.Snapshot.Files() {
		if !strings.HasSuffix(f.Path, ".html") || !s.NotePage(f.Path) {
			continue
		}
		page := strings.TrimSuffix(f.Path, ".html")
		if path.Base(page) == "index" {
			page = path.Dir(page)
		}
		for ; page != "." && !pages[page]; page = path.Dir(page) {
			pages[page] = true
		}
	}
	return pages
}

// pageOf is the page that a file belongs to: the nearest one at or above it.
// It is "" for what belongs to the whole site.
func pageOf(pages map[string]bool, name string) string {
	dir, base := path.Split(name)
	stem, _, _ := strings.Cut(base, ".")
	for p := dir + stem; p != "." && p != "/" && p != ""; p = path.Dir(p) {
		if pages[p] {
			return p
		}
	}
	return ""
}

// chunks returns the function that says which pages keep together: those of one
// section, as long as they are not too many.
func chunks(pages map[string]bool) func(page string) string {
	count := map[string]int{}
	for p := range pages {
		count[path.Dir(p)]++
	}
	return func(page string) string {
		section := path.Dir(page)
		if count[page] > 0 {
			section = page // a section's own page goes with its notes
			page = path.Join(page, "index")
		}
		if n := (count[section] + neighbours - 1) / neighbours; n > 1 {
			return fmt.Sprintf("%s %d", section, bucket(page, n))
		}
		return section
	}
}

// unhashed is the name of a file of the search without the hash of its content,
// which would move it to another layer with each change.
func unhashed(name string) string {
	dir, base := path.Split(name)
	stem, _, _ := strings.Cut(base, ".")
	return dir + stem
}

// hasHash reports whether a file's name has a hash of its content in it, as in
// theme.f85d79bd2ecb.css.
func hasHash(name string) bool {
	stem := strings.TrimSuffix(name, path.Ext(name))
	hash := stem[strings.LastIndexByte(stem, '.')+1:]
	return len(hash) >= 8 && strings.Trim(hash, "0123456789abcdef") == ""
}

// keyed are files with what decides about their layer.
type keyed struct {
	keys  []string
	files []*snapshot.File
}

func (k *keyed) add(key string, f *snapshot.File) {
	k.keys = append(k.keys, key)
	k.files = append(k.files, f)
}

// spread puts the files into one layer for every per of count, at most most.
func (k *keyed) spread(name string, count, most, per int) []group {
	n := min((count+per-1)/per, most)
	out := make([]group, n)
	for i := range out {
		out[i].name = fmt.Sprintf("%s %02d", name, i)
	}
	for i, f := range k.files {
		b := bucket(k.keys[i], n)
		out[b].files = append(out[b].files, f)
	}
	return slices.DeleteFunc(out, func(g group) bool { return len(g.files) == 0 })
}

// bucket says which of n buckets a key belongs to, by linear hashing (Litwin,
// 1980): the buckets are split one after the other, so that with one more of
// them the keys of a single one move.
func bucket(key string, n int) int {
	sum := sha256.Sum256([]byte(key))
	h := binary.BigEndian.Uint32(sum[:])
	level := uint32(1)
	for level < uint32(n) {
		level *= 2
	}
	if b := h % level; b < uint32(n) {
		return int(b)
	}
	return int(h % (level / 2))
}
