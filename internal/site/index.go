package site

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"lectern/internal/config"
)

type taxonomy = config.Taxonomy

// index finds what links may lead to.
type index struct {
	// key is the language's.
	key string
	// pages by address, decoded, without a trailing slash ("/" for home).
	pages map[string]*Page
	// notes by path in the project.
	notes map[string]*Page
	// unkeyed are the notes with their language's key in their name, by their
	// path without it.
	unkeyed map[string]*Page
	// outs says what stands at each path of the output.
	outs map[string]owner
	// dirs are the folders of all outs.
	dirs map[string]bool
	// files by path in the project.
	files map[string]*File
	// byPath are the same files, published or not, in order of their paths.
	byPath   []*File
	withheld withheld
	// sections by folder below the content folder, "" for home.
	sections map[string]*Page

	// What hints and refs look through is made when the first one asks.
	hints [3]*names
	bases map[string][]*Page
	// withheldBases are the names of withheld notes, made when a ref finds nothing.
	withheldBases map[string]reason
	// bare are the last parts of the files' paths.
	bare map[string]bool
}

// owner is what an output path belongs to. A static file over a generated page
// has both.
type owner struct {
	page *Page
	file *File
	// redirect is true where a redirect to page stands.
	redirect bool
}

// reason is why a note is left out of the site.
type reason uint8

const (
	published reason = iota
	draft
	future
	expired
	foreign
	notRendered
	unreadable
	private
)

// String says it for a person.
func (r reason) String() string {
	return [...]string{"published", "a draft", "to be published later", "expired", "in another language", "not to be rendered", "left out", "private"}[r]
}

// withheld is what must leave no trace.
type withheld struct {
	// folders are private sections, below the content folder.
	folders map[string]bool
	// keys are the addresses that withheld notes would have, and "file:" and
	// their paths.
	keys map[string]reason
	// files are the paths of pictures and other files that only withheld notes use.
	// outs are where these would stand.
	files, outs map[string]bool
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// fileNamed reports whether any file of the project has this name.
func (ix *index) fileNamed(name string) bool {
	if ix.bare == nil {
		ix.bare = make(map[string]bool, len(ix.files))
		for p := range ix.files {
			ix.bare[path.Base(p)] = true
		}
	}
	return ix.bare[name]
}

// byBase returns the pages whose file (or folder) is named base, in order.
func (ix *index) byBase(base string) []*Page {
	if ix.bases == nil {
		ix.bases = map[string][]*Page{}
		for _, p := range sortedKeys(ix.notes) {
			name := strings.TrimSuffix(p, ".md")
			if ix.unkeyed != nil {
				name = strings.TrimSuffix(name, "."+ix.key)
			}
			if i := strings.LastIndexByte(name, '/'); i >= 0 {
				name = name[i+1:]
			}
			ix.bases[name] = append(ix.bases[name], ix.notes[p])
		}
	}
	return ix.bases[base]
}

// withheldBase says why the notes whose file is named base are withheld, and
// published where there is none. That many folders have an index says nothing.
func (ix *index) withheldBase(base string) reason {
	if ix.withheldBases == nil {
		ix.withheldBases = map[string]reason{}
		for key, why := range ix.withheld.keys {
			if name, ok := strings.CutPrefix(key, "file:"); ok {
				name = strings.TrimSuffix(path.Base(name), path.Ext(name))
				for _, name := range []string{name, strings.TrimSuffix(name, path.Ext(name))} { // talk.de too
					ix.withheldBases[name] = max(ix.withheldBases[name], why)
				}
			}
		}
		delete(ix.withheldBases, "index")
		delete(ix.withheldBases, "_index")
	}
	return ix.withheldBases[base]
}
