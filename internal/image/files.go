package image

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"path"
	"slices"
	"strings"

	"lectern/internal/snapshot"
)

// Container runtimes can stack 127 layers, Docker 125. The notes get what the
// others leave of maxLayers, which counts one server.
const maxLayers = 124

// How many layers there are of a kind at most, and for how many files there is
// one more. Of a corrected letter two words change at least, so their layers
// are smaller than those of the notes.
const (
	maxWords, perWords       = 24, 2
	maxPictures, perPictures = 8, 64
	maxLists, perLists       = 6, 8
)

// searchIndex is the name of the file by which browsers find the others of the
// search. It changes with every word.
const searchIndex = "search-index.bin"

// group is the files of one layer.
type group struct {
	name  string
	files []*snapshot.File // in the order in which they are packed
}

// sortFiles says which of the site's files share a layer:
//
//   - assets: the theme's, whose names have their hashes;
//   - pictures: the author's own files, smaller pictures, cards;
//   - notes: the pages of notes and of the sections they lie in, with all that
//     is beside them and the text of them that browsers search; see [noteUnits];
//   - words, index: the other files that browsers search, and what they can keep:
//     they change with each word;
//   - frame: the site's own files at its root and what never changes; machines:
//     those for programs, which change with the first words of any note;
//   - lists: tags and all other pages that list notes.
//
// The number of layers grows with the site, and one more takes files out of few
// other layers ([bucket]).
func sortFiles(s Site) []group {
	pages := notePages(s)
	var assets, frame, machines, index []*snapshot.File
	pictures, words, lists := keyed{}, keyed{}, keyed{}
	notes := newUnits(pages)
	for _, f := range s.Snapshot.Files() {
		own, theme := strings.CutPrefix(f.Path, "lectern/")
		switch {
		case f.With != "" && pageOf(pages, f.With) != "":
			notes.add(pageOf(pages, f.With), f)
		case theme && strings.HasPrefix(own, "search/"):
			words.add(cmp.Or(f.With, unhashed(f.Path)), f)
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
			page := pageOf(pages, f.Path)
			switch {
			case page != "":
				notes.add(page, f)
			case strings.Contains(f.Path, "/"):
				lists.add(path.Dir(f.Path), f)
			case path.Ext(f.Path) == ".html":
				frame = append(frame, f)
			default:
				machines = append(machines, f)
			}
		}
	}
	out := []group{{"assets", assets}}
	out = append(out, pictures.spread("pictures", maxPictures, perPictures)...)
	out = append(out, group{"index", index}, group{"frame", frame}, group{"machines", machines})
	out = append(out, lists.spread("lists", maxLists, perLists)...)
	out = append(out, words.spread("words", maxWords, perWords)...)
	out = append(out, notes.spread("notes", maxLayers-1-len(out))...)
	return slices.DeleteFunc(out, func(g group) bool { return len(g.files) == 0 })
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

// keyed are files by what decides about their layer.
type keyed map[string][]*snapshot.File

func (k keyed) add(key string, f *snapshot.File) { k[key] = append(k[key], f) }

// spread puts the files into one layer for every per of them, at most most.
func (k keyed) spread(name string, most, per int) []group {
	total := 0
	var pieces []unit
	for key, files := range k {
		p := unit{key: key, weight: len(files)}
		for _, f := range files {
			p.files = append(p.files, placed{f.Path, f})
		}
		pieces = append(pieces, p)
		total += len(files)
	}
	return fill(name, pieces, min((total+per-1)/per, most))
}

// bucket says which of n buckets a key belongs to, by linear hashing (Litwin,
// 1980): the buckets are split one after the other, so that with one more of
// them the keys of a single one move.
func bucket(key string, n int) int {
	h := hashOfKey(key)
	level := uint32(1)
	for level < uint32(n) {
		level *= 2
	}
	if b := h % level; b < uint32(n) {
		return int(b)
	}
	return int(h % (level / 2))
}

func hashOfKey(key string) uint32 {
	sum := sha256.Sum256([]byte(key))
	return binary.BigEndian.Uint32(sum[:])
}
