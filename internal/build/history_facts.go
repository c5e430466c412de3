package build

import (
	"bytes"
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"unicode"

	"lectern/internal/gitrepo"
	"lectern/internal/history"
	"lectern/internal/note"
)

// learnAtOnce is how many edits' contents are in memory together.
const learnAtOnce = 500

// learnFacts puts the facts of edits into facts.
func learnFacts(ctx context.Context, repo *gitrepo.Repo, p *note.Parser, facts map[history.Edit]history.Facts, edits []history.Edit) error {
	for some := range slices.Chunk(edits, learnAtOnce) {
		var ids []history.ID
		texts := map[history.ID]*version{}
		for _, e := range some {
			for _, id := range []history.ID{e.Old, e.New} {
				if id != "" && texts[id] == nil {
					texts[id] = &version{}
					ids = append(ids, id)
				}
			}
		}
		err := repo.Blobs(ctx, ids, note.MaxSize, func(id history.ID, data []byte) { texts[id].read(p, data) })
		if err != nil {
			return fmt.Errorf("read older versions of notes: %w", err)
		}
		for _, e := range some {
			facts[e] = compare(p, texts[e.Old], texts[e.New])
		}
	}
	return nil
}

// version is a note as it was at some time.
type version struct {
	data, text  []byte
	open, hides bool
	video       *bool // once somebody has asked
}

// read takes the version's content. What can't be had counts as not public.
func (v *version) read(p *note.Parser, data []byte) {
	front, text, readable := p.Front("note.md", data)
	readable = readable && data != nil
	v.open = readable && front.Visibility == note.Public && !front.Draft
	v.hides = !readable || front.Visibility != note.Public
	v.data, v.text = data, text
}

// compare says what an edit changed. Either version may be nil.
func compare(p *note.Parser, before, after *version) history.Facts {
	var f history.Facts
	if before != nil {
		f.OldOpen, f.OldHides = before.open, before.hides
	}
	if after == nil {
		return f
	}
	f.NewOpen, f.NewHides = after.open, after.hides
	if !after.open {
		return f
	}
	if !f.OldOpen {
		before = &version{} // what nobody could read had no words
	}
	f.Words = addedWords(before.text, after.text)
	f.Video = mentionsNewVideo(before.data, after.data) && after.hasVideo(p) && !before.hasVideo(p)
	return f
}

// addedWords counts the words of after that before does not have, each as
// often as it stands there: so a word that was moved is not added, and one that
// replaces another is.
func addedWords(before, after []byte) int {
	seed := maphash.MakeSeed()
	had := map[uint64]int{}
	eachWord(before, func(w []byte) { had[maphash.Bytes(seed, w)]++ })
	added := 0
	eachWord(after, func(w []byte) {
		if h := maphash.Bytes(seed, w); had[h] > 0 {
			had[h]--
		} else {
			added++
		}
	})
	return added
}

// eachWord calls f for what a reader would call a word in a Markdown text:
// what is between blanks, without the marks around it, and no address,
// shortcode or tag.
func eachWord(text []byte, f func([]byte)) {
	for w := range bytes.FieldsSeq(withoutMarkup(text)) {
		w = bytes.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if len(w) > 0 && !bytes.Contains(w, []byte("://")) {
			f(w)
		}
	}
}

// withoutMarkup returns text with blanks in the place of shortcodes and tags.
func withoutMarkup(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		i := bytes.IndexAny(text, "{<")
		if i < 0 {
			break
		}
		out = append(out, text[:i]...)
		text = text[i:]
		end := "}}"
		switch {
		case text[0] == '<' && len(text) > 1 && (text[1] == '/' || unicode.IsLetter(rune(text[1]))):
			end = ">"
		case text[0] == '<' || !bytes.HasPrefix(text, []byte("{{")):
			end = ""
		}
		n := -1
		if end != "" {
			n = bytes.Index(text[:min(len(text), maxMarkup)], []byte(end))
		}
		if n < 0 { // a mark of its own
			out = append(out, text[0])
			text = text[1:]
			continue
		}
		out = append(out, ' ')
		text = text[n+len(end):]
	}
	return append(out, text...)
}

// maxMarkup is how long a shortcode or tag may be; it keeps a text of nothing
// but beginnings from being searched to its end from each.
const maxMarkup = 1000

// mentionsNewVideo reports whether after has a line that may bring a video and
// that before does not have. It is there to spare most notes the parser.
func mentionsNewVideo(before, after []byte) bool {
	for line := range bytes.Lines(after) {
		low := bytes.ToLower(line)
		if (bytes.Contains(low, []byte("video")) || bytes.Contains(low, []byte("youtu")) || bytes.Contains(low, []byte("vimeo"))) &&
			!bytes.Contains(before, bytes.TrimSpace(line)) {
			return true
		}
	}
	return false
}

func (v *version) hasVideo(p *note.Parser) bool {
	if v.video == nil {
		has := v.open && p.Parse("note.md", v.data).Resources.Video != ""
		v.video = &has
	}
	return *v.video
}
