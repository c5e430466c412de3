package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"

	"lectern/internal/note"
)

// people is one way for a note to name people, and the pages made of it.
type people struct {
	// name is that of the folder, and of a taxonomy that makes such pages itself.
	name           string
	title, titleDE string
	names          func(*note.FrontMatter) []string
	slot           func(*Page) *[]*Page
	// fewest is how many people there must be for pages about them to say anything.
	fewest int
}

func allPeople() []people {
	return []people{
		{
			name: "speakers", title: "Speakers", titleDE: "Vortragende", fewest: 1,
			names: func(f *note.FrontMatter) []string { return f.Speakers },
			slot:  func(p *Page) *[]*Page { return &p.Speakers },
		},
		{ // where one person wrote all notes, home says so better
			name: "authors", title: "Authors", titleDE: "Notizen von", fewest: 2,
			names: func(f *note.FrontMatter) []string { return f.Authors },
			slot:  func(p *Page) *[]*Page { return &p.Authors },
		},
	}
}

func (k people) titleIn(language string) string {
	if primary, _, _ := strings.Cut(language, "-"); strings.EqualFold(primary, "de") {
		return k.titleDE
	}
	return k.title
}

// placePeople makes a page for everybody who spoke or wrote, and links their
// names to it. Pages of the author's own win: a taxonomy of that name has its
// terms; in a folder of that name, a page whose title or name is a person's.
func (b *builder) placePeople() {
	for _, kind := range allPeople() {
		var at func(name string) *Page
		i := slices.IndexFunc(b.cfg.Taxonomies, func(t taxonomy) bool { return strings.EqualFold(t.Plural, kind.name) })
		if i >= 0 {
			root := b.folder(b.cfg.Taxonomies[i].Plural)
			at = func(name string) *Page {
				return b.ix.pages[path.Clean("/"+root+"/"+strings.Trim(path.Clean("/"+segment(name, b.cfg)), "/"))]
			}
		} else if all := b.persons(kind); len(all) >= kind.fewest {
			pages := b.placePersons(kind, all)
			at = func(name string) *Page { return pages[personKey(name)] }
		}
		if at != nil {
			b.name(kind, at)
		}
	}
}

// person gathers the sessions of one person, in reading order.
type person struct {
	term
	note.Person
}

// persons finds everybody whom listed notes name, by their keys.
func (b *builder) persons(kind people) map[string]*person {
	all := map[string]*person{}
	b.walk(b.s.Home, func(p *Page) {
		if p.Note == nil || p.Kind != Single {
			return
		}
		names := kind.names(&p.Note.Front)
		for _, name := range names[:min(len(names), maxTerms)] {
			key := personKey(name)
			if key == "" {
				continue
			}
			who := all[key]
			if who == nil {
				who = &person{term: term{spellings: map[string]int{}}}
				all[key] = who
			}
			who.spellings[name]++
			if n := len(who.pages); n == 0 || who.pages[n-1] != p {
				who.pages = append(who.pages, p)
			}
			for _, about := range p.Note.Front.People {
				if about.Name == name {
					who.URL, who.Company = cmp.Or(who.URL, about.URL), cmp.Or(who.Company, about.Company)
				}
			}
		}
	})
	return all
}

// fullName is the most frequent spelling; among equals the one that keeps the
// name's own letters.
func (w *person) fullName() string {
	best := ""
	for _, s := range sortedKeys(w.spellings) {
		if c := cmp.Compare(w.spellings[s], w.spellings[best]); best == "" || c > 0 || c == 0 && len(s) > len(best) {
			best = s
		}
	}
	return best
}

// placePersons makes the page of all people of a kind and one for each.
func (b *builder) placePersons(kind people, all map[string]*person) map[string]*Page {
	base := "/" + b.folder(kind.name)
	root := b.ix.pages[base]
	own := map[string]*Page{}
	if root == nil {
		var ok bool
		if root, ok = b.special(People, b.s.Home, kind.name); !ok {
			return nil
		}
		root.Title = kind.titleIn(b.cfg.Language)
		root.LinkTitle = root.Title
	} else {
		for _, p := range slices.Concat(root.Notes, root.Sections) {
			own[personKey(p.Title)] = p
		}
	}
	pages := make(map[string]*Page, len(all))
	for _, key := range sortedKeys(all) {
		who := all[key]
		p, ok := own[key], true
		if p == nil {
			p = b.ix.pages[base+"/"+key]
		}
		if p == nil {
			if p, ok = b.special(Person, root, key); !ok {
				continue
			}
			p.Title = who.fullName()
			p.LinkTitle, p.Person = p.Title, who.Person
			root.Members = append(root.Members, p)
		} else if p.Hidden || p.unlistedAbove() || p.Kind != Single && p.Kind != Section {
			continue
		}
		p.Members = who.pages
		pages[key] = p
	}
	slices.SortFunc(root.Members, func(p, q *Page) int {
		return cmp.Or(natural(p.LinkTitle, q.LinkTitle), strings.Compare(p.URL, q.URL))
	})
	return pages
}

// name links each page to those of the people whom its note names.
func (b *builder) name(kind people, at func(name string) *Page) {
	for _, p := range b.s.Pages {
		if p.Note == nil {
			continue
		}
		names := kind.names(&p.Note.Front)
		if len(names) == 0 {
			continue
		}
		pages := make([]*Page, len(names))
		for i, name := range names {
			if pages[i] = at(name); pages[i] == p {
				pages[i] = nil
			}
		}
		*kind.slot(p) = pages
	}
}

// personKey makes of a name what its spellings have in common: letters without
// accents and case, hyphens for all between. It is the last part of the address.
func personKey(name string) string {
	name = strings.ToLower(name)
	for i := range len(name) {
		if name[i] >= 0x80 {
			name = removeAccents(strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "æ", "ae", "œ", "oe", "đ", "d", "ð", "d", "þ", "th", "ı", "i").Replace(name))
			break
		}
	}
	b := make([]byte, 0, len(name))
	for _, r := range name {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			b = append(b, string(r)...)
		case r == '\'' || r == '’':
		case len(b) > 0 && b[len(b)-1] != '-':
			b = append(b, '-')
		}
	}
	return strings.TrimRight(string(b), "-")
}
