// Package search makes the index that readers search in their browsers, with
// no server behind it: documents in, files out.
//
// The index is cut into files, so that a query fetches little of it, however
// big the site is:
//
//   - index.bin: how many notes and passages there are, how long they are, and
//     the names of all other files;
//   - w.*.bin: the words, in order, each with its stems and the passages it
//     stands in. A query fetches those that its words may be in;
//   - t.*.txt: titles, addresses, headings and text. Only those of the results
//     on the screen are fetched, to show the words in their sentence.
//
// A passage is a piece of the text below one heading, at most a few kilobytes.
// Ranking counts by note, links and snippets go to the best passage.
//
// Words are folded (é is e, ß is ss) and stemmed here; the browser has no
// stemmer, it finds each word's stem beside it. How words are cut out of a text
// and folded is written twice, here and in web/src/search-words.ts: a test runs
// both on the same texts. The .bin files are deflated here rather than by the
// host, because hosts compress only types that they know.
//
// Equal documents give equal files, whatever was indexed before. An edit changes
// few files: names have hashes and no numbers, and where files are cut is decided
// by the words and the sections there, not by what stands before.
package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Document is one page that can be found.
type Document struct {
	// Key identifies all that follows: equal keys (in one process), equal documents.
	Key uint64
	// URL begins at the site's root, with a slash.
	URL string
	// Title is plain; Trail says where the page belongs ("Day 1").
	Title, Trail string
	// Lang is a BCP 47 code. German, English and French words are stemmed.
	Lang string
	// People are speakers and authors, Terms tags and the like.
	People, Terms []string
	// About is text that is found but not shown (a description).
	About string
	// Text is plain, a line for each block. The files share it: nothing may
	// write to it.
	Text []byte
	// Sections are the parts of Text, in its order.
	Sections []Section
}

// Section is the text below one heading; a first one without a heading may
// stand before all others.
type Section struct {
	// ID is the heading's fragment.
	ID, Heading string
	// Kind is a short label to show with the result ("Q&A"), empty for most.
	Kind string
	// From and To are where its text, without the heading, is in Document.Text.
	From, To int
}

// File is one file of the index.
type File struct {
	// Name is its name in the index's folder.
	Name  string
	Parts [][]byte
	// What the file is of, and stays the same when an edit changes the content and
	// with that the name: URL is that of the document that has most of a file
	// of text, FirstWord the first one in a file of words.
	URL, FirstWord string
	// Sum is the SHA-256 of the parts together.
	Sum [sha256.Size]byte

	before, after string // of the name: see tagFiles
}

// EntryName is the one file whose name does not change with its content; it is
// the last of an index's files, and may stand elsewhere than the others.
const EntryName = "index.bin"

// Indexer makes indexes and keeps what it found out about each document, so
// that the next index costs little. It has one owner, and uses Jobs goroutines.
type Indexer struct {
	// Jobs is how many goroutines work; 0 is one for each processor.
	Jobs int
	// Prefix begins the names of all files but the entry, so that several indexes
	// can share a folder.
	Prefix string

	words    *vocabulary
	analysed map[string]*analysis // by URL
}

// Index returns the files that make docs searchable, in the order of results
// that are otherwise equal. words are the interface's own, for the browser.
func (x *Indexer) Index(ctx context.Context, docs []Document, words map[string]string) ([]File, error) {
	if x.words == nil || x.words.stale(len(x.analysed)) {
		x.words, x.analysed = newVocabulary(), nil
	}
	all := make([]*analysis, len(docs))
	var analysers sync.Pool
	analysers.New = func() any { return newAnalyser(x.words) }
	err := x.each(ctx, len(docs), func(i int) {
		d := &docs[i]
		if old := x.analysed[d.URL]; old != nil && old.key == d.Key {
			all[i] = old
			return
		}
		a := analysers.Get().(*analyser)
		all[i] = a.analyse(d)
		analysers.Put(a)
	})
	if err != nil {
		return nil, err
	}
	x.analysed = make(map[string]*analysis, len(docs))
	for i := range docs {
		x.analysed[docs[i].URL] = all[i]
	}
	// The postings are put together in one goroutine, while the others write the texts.
	var merged *index
	var shards []span
	chunks := cutTexts(docs, all)
	texts := make([]File, len(chunks))
	err = x.each(ctx, len(chunks)+1, func(i int) {
		if i == 0 {
			merged = merge(all, x.speaks(docs), x.words)
			shards = merged.cut()
		} else {
			texts[i-1] = textFile(x.Prefix, chunks[i-1], docs, all)
		}
	})
	if err != nil {
		return nil, err
	}
	files := make([]File, len(shards), len(shards)+len(chunks)+1)
	var encoders sync.Pool
	encoders.New = func() any { return new(encoder) }
	err = x.each(ctx, len(shards), func(i int) {
		e := encoders.Get().(*encoder)
		files[i] = e.file(merged, x.Prefix, shards[i])
		encoders.Put(e)
	})
	if err != nil {
		return nil, err
	}
	files = append(files, texts...)
	tags := tagFiles(files)
	entry, err := merged.entry(x.Prefix, all, shards, chunks, tags, words)
	if err != nil {
		return nil, err
	}
	// Where a text says the same for pages, there are equal files.
	seen := make(map[string]bool, len(files))
	files = slices.DeleteFunc(files, func(f File) bool {
		twice := seen[f.Name]
		seen[f.Name] = true
		return twice
	})
	return append(files, entry), nil
}

// speaks returns the languages of docs, each once, in order of their codes.
func (x *Indexer) speaks(docs []Document) []*language {
	var all []*language
	seen := map[string]bool{}
	for i := range docs {
		if code := docs[i].Lang; !seen[code] {
			seen[code] = true
			if l := x.words.language(code); !slices.ContainsFunc(all, func(o *language) bool { return o.code == l.code }) {
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, func(a, b *language) int { return cmp.Compare(a.code, b.code) })
	return all
}

// each calls f for 0 to n-1 on several goroutines, in batches that begin in order.
func (x *Indexer) each(ctx context.Context, n int, f func(i int)) error {
	jobs := x.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	const batch = 8
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			end := int(next.Add(batch))
			if end-batch >= n {
				return
			}
			for i := end - batch; i < min(end, n); i++ {
				f(i)
			}
		}
	}
	var wg sync.WaitGroup
	for range min(jobs, n/batch+1) {
		wg.Go(work)
	}
	wg.Wait()
	return ctx.Err()
}
