package page

import (
	"fmt"
	"hash/maphash"
	"math/bits"
	"time"

	"lectern/internal/config"
	"lectern/internal/site"
)

// seed makes this process's keys; they mean nothing to another.
var seed = maphash.MakeSeed()

// hash folds what a page reads into 64 bits. Each value is hashed on its own
// and then mixed in, so that neighbouring strings can't flow into each other
// and their order counts.
type hash uint64

func (h *hash) str(s string) { h.num(maphash.String(seed, s)) }

// num mixes by the high and low half of a 128-bit product, as wyhash does.
func (h *hash) num(n uint64) {
	hi, lo := bits.Mul64(uint64(*h)^0xa0761d6478bd642f, n^0xe7037ed1a0b428db)
	*h = hash(bits.RotateLeft64(uint64(*h), 23) ^ hi ^ lo)
}

func (h *hash) flag(b bool) {
	if b {
		h.num(1)
	} else {
		h.num(2)
	}
}

func (h *hash) time(t time.Time) {
	h.num(uint64(t.Unix()))
	_, offset := t.Zone()
	h.num(uint64(offset))
}

// configKey identifies all that a renderer is made of. The configuration is
// hashed whole: it rarely changes, and then all pages may be made again.
// fmt prints maps in order of their keys, so equal configurations give equal keys.
func configKey(cfg *config.Config, assets *[assetCount]asset) uint64 {
	var h hash
	for _, c := range cfg.All() {
		one := *c
		one.Languages = nil // pointers, whose targets are hashed here
		h.str(fmt.Sprintf("%#v", one))
		h.flag(c == cfg)
	}
	for _, a := range assets {
		h.str(a.path)
	}
	return uint64(h)
}

// Key identifies all that Render reads to make o: equal keys (in one process)
// mean equal bytes, so that the file made before can be used again. It is
// far cheaper than Render.
func (p *Pass) Key(o Output) uint64 {
	h := hash(p.key)
	h.num(uint64(o.Form))
	h.str(o.Path)
	h.str(p.siteTitle())
	switch o.Form {
	case HTML:
		p.hashPage(&h, o.Page)
	case RSS, JSONFeed:
		p.hashFeed(&h, o.Page)
	case Sitemap:
		p.hashSitemap(&h)
	case Markdown:
		p.hashMarkdown(&h, o.Page)
	case Source:
		h.flag(p.site.Withholds())
		p.hashMarkdown(&h, o.Page)
	case PrintHTML:
		p.hashPrint(&h, o.Page)
	case LLMs, SessionsJSON:
		p.hashMachine(&h)
	case Calendar:
		p.hashCalendar(&h, o.Page)
	case NotFound:
		h.num(p.menuFor(nil).key)
		p.hashLanguages(&h, nil)
	case Redirect:
		h.str(o.Page.URL)
		hashLink(&h, o.Page.Lead)
		h.str(o.Page.Title)
		h.flag(o.Page.Unlisted)
	}
	return uint64(h)
}

// hashPage covers what writeHTML reads of pg.
func (p *Pass) hashPage(h *hash, pg *site.Page) {
	h.num(uint64(pg.Kind))
	h.str(pg.URL)
	h.str(pg.Title)
	h.flag(pg.Hidden)
	h.flag(pg.Unlisted)
	h.time(pg.Changed)
	if pg.Note != nil {
		h.num(pg.Note.Key)
	} else {
		h.num(0)
	}
	for i := range pg.Links {
		h.num(uint64(pg.Links[i].Kind))
		h.str(pg.Links[i].URL)
		hashPicture(h, &pg.Links[i])
	}
	p.hashLists(h, pg)
	p.hashLanguages(h, pg)
	for up := pg.Parent; up != nil; up = up.Parent {
		hashLink(h, up)
	}
	h.num(p.menuFor(pg).key)
	hashTerms(h, pg)
	hashPeople(h, pg)
	hashLead(h, pg)
	hashRelated(h, pg)
	h.str(p.preview(pg).url)
	hashLink(h, pg.Prev)
	hashLink(h, pg.Next)
	hashLink(h, p.special(site.Print, pg))
	hashLink(h, p.special(site.Timetable, pg))
	switch pg.Kind {
	case site.Home:
		h.num(p.digests()[pg].deep)
		p.hashClouds(h)
		p.hashChanges(h, shortChanges)
		p.hashRecommendations(h)
	case site.Section:
		h.num(p.digests()[pg].deep)
		hashPeopleList(h, pg)
		hashMembers(h, pg)
	case site.Taxonomy:
		p.hashCloud(h, pg.Members)
	case site.Term:
		h.num(p.digests()[pg].rows)
		for _, m := range pg.Members {
			hashLink(h, m.Parent)
		}
	case site.Single:
		hashMembers(h, pg)
	default:
		p.hashSpecial(h, pg)
	}
}

// hashClouds covers what home shows of terms.
func (p *Pass) hashClouds(h *hash) {
	for _, tax := range p.site.Taxonomies {
		hashLink(h, tax)
		h.num(uint64(len(tax.Members)))
		p.hashCloud(h, p.cloud(tax))
	}
}

func (p *Pass) hashCloud(h *hash, terms []*site.Page) {
	for _, t := range terms {
		hashLink(h, t)
		h.num(uint64(p.digests()[t].size))
	}
}

// digest is the share that the list of a section's notes, or of a term's, has
// in the keys of all that show it or count it: its own page, its feed, the
// pages above.
type digest struct {
	// rows covers the notes, deep also all sections below.
	rows, deep uint64
	// size is the number of notes that lists show.
	size int
}

// digestAll makes the digests of home, sections, terms.
func (p *Pass) digestAll() map[*site.Page]digest {
	all := make(map[*site.Page]digest, p.site.Sections+64)
	for _, pg := range p.site.Pages {
		switch pg.Kind {
		case site.Home, site.Section:
			digestSection(pg, all)
		case site.Term:
			d := digest{rows: hashRows(pg.Members)}
			for _, m := range pg.Members {
				if listed(m) {
					d.size++
				}
			}
			all[pg] = d
		}
	}
	return all
}

func digestSection(sec *site.Page, all map[*site.Page]digest) digest {
	if d, ok := all[sec]; ok {
		return d
	}
	d := digest{rows: hashRows(sec.Notes), size: len(sec.Notes)}
	h := hash(d.rows)
	for _, sub := range sec.Sections {
		hashRow(&h, sub)
		hashLink(&h, sub)
		h.num(digestSection(sub, all).deep)
	}
	d.deep = uint64(h)
	all[sec] = d
	return d
}

func hashRows(pages []*site.Page) uint64 {
	h := hash(len(pages))
	for _, pg := range pages {
		hashRow(&h, pg)
	}
	return uint64(h)
}

// hashLink covers a mere link to pg, which may be nil.
func hashLink(h *hash, pg *site.Page) {
	if pg == nil {
		h.num(0)
		return
	}
	h.str(pg.LinkTitle)
	h.str(pg.URL)
}

// hashTerms covers the chips of a page's terms.
func hashTerms(h *hash, pg *site.Page) {
	h.num(uint64(len(pg.Terms)))
	for _, t := range pg.Terms {
		hashLink(h, t)
	}
}

// hashRow covers a page's row in a list and its item in a feed.
func hashRow(h *hash, pg *site.Page) {
	h.str(pg.URL)
	h.str(pg.Title)
	h.flag(pg.Hidden)
	h.flag(pg.Unlisted)
	h.flag(pg.Recommended != nil)
	if pg.Note != nil {
		h.num(pg.Note.FactsKey)
		hashResources(h, pg)
	}
	hashTerms(h, pg)
	hashPeople(h, pg)
}
