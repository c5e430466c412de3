package note

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Part is one note of a session that several people took notes of.
type Part struct {
	Note *Note
	// Name stands above its text: who wrote it.
	Name string
	// Prefix is what Join has put before the ids of its text, Link the index in
	// the joined note's Links at which its own begin.
	Prefix string
	Link   int
}

// Join makes one note of several about one session: the first one's, with the
// texts of all below each other and what each knows of the session. The first
// text keeps its ids; the others' get a prefix. It fills in each part's Prefix
// and Link. The findings stay with the notes that they are about.
func Join(parts []Part) *Note {
	n := *parts[0].Note
	n.Body, n.Headings, n.Links, n.Anchors, n.Icons = Fragment{}, nil, nil, nil, nil
	n.Recommendations, n.Hallway, n.Mentions, n.Text = nil, nil, nil, nil
	n.Calls, n.OwnShortcodes = nil, nil
	n.Words, n.Stub, n.HasMermaid, n.HasCode, n.HasParts, n.HasTabGroups = 0, true, false, false, false, false
	n.HasMath, n.Source = false, nil
	n.Front.Taxonomies = maps.Clone(n.Front.Taxonomies)
	taken := map[string]bool{}
	for _, id := range parts[0].Note.ids() { // the others' get their part's in front
		taken[id] = true
	}
	for i := range parts {
		p := &parts[i]
		p.Link = len(n.Links)
		id := freeID(taken, p.Name, i)
		if i > 0 {
			p.Prefix = id + "-"
		}
		n.addText(p, id)
		n.addFacts(p.Note, i > 0)
	}
	slices.Sort(n.Anchors)
	n.Anchors = slices.Compact(n.Anchors)
	slices.Sort(n.Icons)
	n.Icons = slices.Compact(n.Icons)
	return &n
}

// ids are all places in the text.
func (n *Note) ids() []string {
	out := slices.Clone(n.Anchors)
	for i := range n.Headings {
		out = append(out, n.Headings[i].ID)
	}
	return out
}

// freeID makes the id of a part's heading, which no id that is taken begins with.
func freeID(taken map[string]bool, name string, i int) string {
	slug := strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
	if slug == "" {
		slug = strconv.Itoa(i + 1)
	}
	for id, n := "by-"+slug, 2; ; n++ {
		clash := false
		for other := range taken {
			clash = clash || strings.HasPrefix(other, id)
		}
		if !clash {
			taken[id] = true
			return id
		}
		id = "by-" + slug + "-" + strconv.Itoa(n) + "n"
	}
}

// addText adds a part's text below its heading.
func (n *Note) addText(p *Part, id string) {
	out := n.Body.HTML
	out = append(out, `<section class="by"><h2 id="`...)
	out = appendHTML(out, id)
	out = append(out, `">`...)
	out = appendHTML(out, p.Name)
	out = append(out, "</h2>\n"...)
	below, firstHole := len(n.Headings)+1, len(n.Body.Holes)
	at := len(n.Text)
	n.Text = append(append(n.Text, p.Name...), '\n')
	text := len(n.Text)
	n.Headings = append(n.Headings, Heading{Level: 2, ID: id, Text: p.Name, At: at, End: text})
	n.Text = append(append(n.Text, p.Note.Text...), '\n')
	for _, h := range p.Note.Headings {
		h.Level = min(h.Level+1, 6)
		h.At, h.End = h.At+text, h.End+text
		if h.ID != "" {
			h.ID = p.Prefix + h.ID
		}
		n.Headings = append(n.Headings, h)
	}
	holes, hallway := slices.Clone(p.Note.Body.Holes), slices.Clone(p.Note.Hallway)
	places := make([]*int, 0, len(holes)+2*len(hallway))
	for i := range holes {
		places = append(places, &holes[i].Pos)
		if holes[i].Kind == CallHole {
			holes[i].Link += len(n.Calls)
		} else {
			holes[i].Link += p.Link
		}
	}
	for i := range hallway {
		h := &hallway[i]
		places = append(places, &h.From, &h.To)
		h.FirstHole, h.EndHole = h.FirstHole+firstHole, h.EndHole+firstHole
		h.Heading += below // -1, the whole note, becomes the part's heading
	}
	w := Rewriter{Prefix: p.Prefix, Deeper: true}
	out = append(w.move(out, p.Note.Body.HTML, places), "</section>\n"...)
	n.Body = Fragment{out, append(n.Body.Holes, holes...)}
	n.Hallway = append(n.Hallway, hallway...)
	n.Links = append(n.Links, p.Note.Links...)
	n.Calls = append(n.Calls, p.Note.Calls...)
	n.OwnShortcodes = append(n.OwnShortcodes, p.Note.OwnShortcodes...)
	for _, a := range p.Note.Anchors {
		n.Anchors = append(n.Anchors, p.Prefix+a)
	}
	for _, r := range p.Note.Recommendations {
		r.Link += p.Link
		n.Recommendations = append(n.Recommendations, r)
	}
}

// move appends html to dst and changes each of the places in it to where it is
// in dst.
func (w *Rewriter) move(dst, html []byte, places []*int) []byte {
	slices.SortStableFunc(places, func(a, b *int) int { return *a - *b })
	at := 0
	for _, place := range places {
		dst = w.Append(dst, html[at:*place])
		at, *place = *place, len(dst)
	}
	return w.Append(dst, html[at:])
}

// addFacts adds what a part knows of the session.
func (n *Note) addFacts(p *Note, further bool) {
	n.Icons = append(n.Icons, p.Icons...)
	n.Mentions = append(n.Mentions, p.Mentions...)
	n.Words += p.Words
	n.Stub = n.Stub && p.Stub
	n.HasMermaid, n.HasCode = n.HasMermaid || p.HasMermaid, n.HasCode || p.HasCode
	n.HasParts, n.HasTabGroups = n.HasParts || p.HasParts, n.HasTabGroups || p.HasTabGroups
	n.HasMath = n.HasMath || p.HasMath
	if !further {
		return
	}
	mix := func(a, b uint64) uint64 { return (a^b)*0x9e3779b97f4a7c15 + b>>29 }
	n.Key, n.FactsKey, n.FrontKey = mix(n.Key, p.Key), mix(n.FactsKey, p.FactsKey), mix(n.FrontKey, p.FrontKey)
	first(&n.Summary, p.Summary)
	first(&n.Resources.Video, p.Resources.Video)
	first(&n.Resources.Slides, p.Resources.Slides)
	first(&n.Resources.Code, p.Resources.Code)
	f, g := &n.Front, &p.Front
	first(&f.Description, g.Description)
	first(&f.Room, g.Room)
	first(&f.Track, g.Track)
	first(&f.Start, g.Start)
	first(&f.End, g.End)
	if !g.Date.IsZero() && (f.Date.IsZero() || f.DateFromLastmod && !g.DateFromLastmod) {
		f.Date, f.DateFromLastmod = g.Date, g.DateFromLastmod
	}
	if g.Lastmod.After(f.Lastmod) {
		f.Lastmod = g.Lastmod
	}
	f.Speakers = appendNew(slices.Clip(f.Speakers), g.Speakers)
	f.Authors = appendNew(slices.Clip(f.Authors), g.Authors)
	f.People = slices.Concat(f.People, g.People)
	for name, terms := range g.Taxonomies {
		if f.Taxonomies == nil {
			f.Taxonomies = map[string][]string{}
		}
		f.Taxonomies[name] = appendNew(slices.Clip(f.Taxonomies[name]), terms)
	}
}

// first gives slot a value where it has none.
func first[T comparable](slot *T, value T) {
	var none T
	if *slot == none {
		*slot = value
	}
}
