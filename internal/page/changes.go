package page

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lectern/internal/site"
)

const (
	// shortChanges is how many changes home shows.
	shortChanges = 5
	// changeNotes is how many notes of one change are named.
	changeNotes = 20
)

// changesPage is the page of changes, or nil.
func (p *Pass) changesPage() *site.Page { return p.special(site.Changes, p.site.Home) }

// hashChanges covers what is shown of the newest changes.
func (p *Pass) hashChanges(h *hash, most int) {
	hashLink(h, p.changesPage())
	for i := range p.site.Changes[:min(most, len(p.site.Changes))] {
		ch := &p.site.Changes[i]
		h.str(ch.ID)
		h.time(ch.Time)
		h.str(ch.Author)
		h.str(ch.Subject)
		h.num(uint64(ch.Pictures))
		h.num(uint64(ch.Videos))
		h.num(uint64(len(ch.Notes)))
		for _, n := range ch.Notes {
			h.str(n.Page.Title)
			h.str(n.Page.URL)
			h.flag(n.New)
			h.flag(n.Video)
			h.num(uint64(n.Words))
		}
	}
}

// changeDay is what changed on one day.
type changeDay struct {
	day     time.Time
	changes []*site.Change
}

// changeDays groups the changes by their days, the latest first.
func (v *view) changeDays() []changeDay {
	var out []changeDay
	at := map[string]int{} // authors in two zones may be on two days at a time
	for i := range v.pass.site.Changes {
		ch := &v.pass.site.Changes[i]
		key := ch.Time.Format(time.DateOnly)
		n, ok := at[key]
		if !ok {
			n = len(out)
			at[key] = n
			out = append(out, changeDay{day: ch.Time})
		}
		out[n].changes = append(out[n].changes, ch)
	}
	return out
}

// newestChanges are those that home shows.
func (v *view) newestChanges() []site.Change {
	if v.pass.changesPage() == nil {
		return nil
	}
	return v.pass.site.Changes[:min(shortChanges, len(v.pass.site.Changes))]
}

func machineDay(t time.Time) string { return t.Format(time.DateOnly) }

// headline says in a line what a change is: its subject, or how much it is.
func (w *words) headline(ch *site.Change) string {
	switch {
	case ch.Subject != "":
		return ch.Subject
	case len(ch.Notes) > 0:
		return w.nChanged.of(len(ch.Notes))
	}
	return strings.Join(w.arrivals(ch), ", ")
}

// arrivals are the files that came with a change.
func (w *words) arrivals(ch *site.Change) []string {
	var out []string
	if ch.Pictures > 0 {
		out = append(out, w.nNewPictures.of(ch.Pictures))
	}
	if ch.Videos > 0 {
		out = append(out, w.nNewVideos.of(ch.Videos))
	}
	return out
}

// newsOf says what a change brought to a note.
func (w *words) newsOf(n site.NoteChange) []string {
	var out []string
	if n.New {
		out = append(out, w.newNote)
	}
	if n.Words > 0 {
		out = append(out, w.nAddedWords.of(n.Words))
	}
	if n.Video {
		out = append(out, w.newVideo)
	}
	return out
}

func namedNotes(ch *site.Change) []site.NoteChange {
	return ch.Notes[:min(changeNotes, len(ch.Notes))]
}

func changeID(ch *site.Change) string { return "c-" + ch.ID }

func (v *view) changeLink(ch *site.Change) templ.SafeURL {
	return v.rel(v.pass.changesPage().URL + "#" + changeID(ch))
}

func (v *view) isChanges() bool { return v.page != nil && v.page.Kind == site.Changes }

func (v *view) feedJSON() templ.SafeURL {
	if !v.isChanges() || v.feed == "" {
		return ""
	}
	return v.rel(jsonFeedPath(v.page.URL))
}

// jsonFeedPath returns the path or URL of the JSON feed of the page at the
// path or URL of.
func jsonFeedPath(of string) string { return strings.TrimSuffix(of, "index.html") + "feed.json" }

// feedTitle is that of both feeds of changes.
func (p *Pass) changesTitle(pg *site.Page) string { return pg.Title + " · " + p.siteTitle() }

// feedChanges are the changes that the feeds hold.
func (p *Pass) feedChanges() []site.Change {
	n := len(p.site.Changes)
	if limit := p.r.cfg.RSSLimit; limit > 0 {
		n = min(n, limit)
	}
	return p.site.Changes[:n]
}

// writeChangesRSS renders the changes as RSS 2.0.
func (p *Pass) writeChangesRSS(s *sheet, pg *site.Page) {
	b := append(s.own, xmlHeader+`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>`...)
	b = appendElement(b, "title", p.changesTitle(pg))
	b = appendElement(b, "link", absolute(p.r.base, pg.URL))
	b = appendElement(b, "description", p.changesTitle(pg))
	b = appendElement(b, "generator", "Lectern")
	b = appendElement(b, "language", p.r.lang)
	changes := p.feedChanges()
	if len(changes) > 0 {
		b = appendElement(b, "lastBuildDate", changes[0].Time.Format(time.RFC1123Z))
	}
	b = append(b, `<atom:link href="`...)
	b = appendXML(b, absolute(p.r.base, feedPath(pg.URL)))
	b = append(b, `" rel="self" type="application/rss+xml"/>`...)
	for i := range changes {
		ch := &changes[i]
		b = append(b, "\n<item>"...)
		b = appendElement(b, "title", p.r.words.headline(ch))
		link := absolute(p.r.base, pg.URL) + "#" + changeID(ch)
		b = appendElement(b, "link", link)
		b = appendElement(b, "pubDate", ch.Time.Format(time.RFC1123Z))
		b = p.appendGUID(b, link)
		b = appendElement(b, "dc:creator", ch.Author)
		b = appendElement(b, "description", p.changeHTML(ch))
		b = append(b, "</item>"...)
	}
	s.own = append(b, "</channel></rss>\n"...)
}

// changeHTML is what a feed's reader shows of a change.
func (p *Pass) changeHTML(ch *site.Change) string {
	w := p.r.words
	var b []byte
	if files := w.arrivals(ch); len(files) > 0 {
		b = append(appendEscaped(append(b, "<p>"...), strings.Join(files, ", ")), "</p>"...)
	}
	if len(ch.Notes) == 0 {
		return string(b)
	}
	b = append(b, "<ul>"...)
	for _, n := range namedNotes(ch) {
		b = appendEscaped(append(b, `<li><a href="`...), absolute(p.r.base, n.Page.URL))
		b = append(appendEscaped(append(b, `">`...), n.Page.Title), "</a>"...)
		if news := w.newsOf(n); len(news) > 0 {
			b = appendEscaped(append(b, ": "...), strings.Join(news, ", "))
		}
		b = append(b, "</li>"...)
	}
	if more := len(ch.Notes) - changeNotes; more > 0 {
		b = append(appendEscaped(append(b, "<li>"...), w.nMore.of(more)), "</li>"...)
	}
	return string(append(b, "</ul>"...))
}

// jsonFeed is a feed as of https://www.jsonfeed.org/version/1.1/.
type jsonFeed struct {
	Version  string         `json:"version"`
	Title    string         `json:"title"`
	HomePage string         `json:"home_page_url,omitempty"`
	Feed     string         `json:"feed_url,omitempty"`
	Language string         `json:"language"`
	Items    []jsonFeedItem `json:"items"`
}

type jsonFeedItem struct {
	ID        string           `json:"id"`
	URL       string           `json:"url"`
	Title     string           `json:"title"`
	Content   string           `json:"content_html"`
	Published string           `json:"date_published"`
	Authors   []jsonFeedAuthor `json:"authors,omitempty"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

// writeChangesJSON renders the changes as a JSON Feed.
func (p *Pass) writeChangesJSON(s *sheet, pg *site.Page) {
	feed := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: p.changesTitle(pg), Language: p.r.lang,
		HomePage: absolute(p.r.base, pg.URL), Feed: absolute(p.r.base, jsonFeedPath(pg.URL)), Items: []jsonFeedItem{},
	}
	changes := p.feedChanges()
	for i := range changes {
		ch := &changes[i]
		item := jsonFeedItem{
			ID: ch.ID, URL: feed.HomePage + "#" + changeID(ch), Title: p.r.words.headline(ch),
			Content: p.changeHTML(ch), Published: ch.Time.Format(time.RFC3339),
		}
		if item.Content == "" {
			item.Content = "<p>" + string(appendEscaped(nil, item.Title)) + "</p>"
		}
		if ch.Author != "" {
			item.Authors = []jsonFeedAuthor{{ch.Author}}
		}
		feed.Items = append(feed.Items, item)
	}
	text, err := json.MarshalIndent(feed, "", " ")
	if err != nil { // texts and nothing else
		panic("page: a JSON feed failed: " + strconv.Quote(err.Error()))
	}
	s.own = append(append(s.own, text...), '\n')
}
