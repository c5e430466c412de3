package page

import (
	"cmp"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// What search engines read of a session, in the terms of https://schema.org.
// It is given only where the site's address is known, for all its links must be
// complete.

type ldGraph struct {
	Context string `json:"@context"`
	Graph   []any  `json:"@graph"`
}

type ldEvent struct {
	Type        string    `json:"@type"`
	ID          string    `json:"@id"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	URL         string    `json:"url"`
	Start       string    `json:"startDate"`
	End         string    `json:"endDate,omitempty"`
	Status      string    `json:"eventStatus,omitempty"`
	Language    string    `json:"inLanguage,omitempty"`
	Location    *ldThing  `json:"location,omitempty"`
	Performer   []ldThing `json:"performer,omitempty"`
	Super       ldThing   `json:"superEvent"`
	Recorded    *ldRef    `json:"recordedIn,omitempty"`
}

type ldVideo struct {
	Type        string `json:"@type"`
	ID          string `json:"@id"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Content     string `json:"contentUrl,omitempty"`
	Embed       string `json:"embedUrl,omitempty"`
	URL         string `json:"url,omitempty"`
}

type ldThing struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type ldRef struct {
	ID string `json:"@id"`
}

// hasLinkedData reports whether the page tells machines of a session.
func (v *view) hasLinkedData() bool {
	if v.page == nil || v.page.Kind != site.Single || v.page.Unlisted || !v.r.known {
		return false
	}
	n := v.page.Note
	return !n.Front.Start.IsZero() || n.Resources.Video != ""
}

// linkedData is the element with all of it. json escapes the brackets of tags,
// so that no title can end the element.
func (v *view) linkedData() templ.Component {
	g := ldGraph{Context: "https://schema.org"}
	video := v.ldVideo()
	if !v.page.Note.Front.Start.IsZero() {
		e := v.ldEvent()
		if video != nil {
			e.Recorded = &ldRef{video.ID}
		}
		g.Graph = append(g.Graph, e)
	}
	if video != nil {
		g.Graph = append(g.Graph, video)
	}
	if len(g.Graph) == 0 {
		return templ.NopComponent
	}
	return templ.Raw(`<script type="application/ld+json">` + string(jsonOf(g)) + `</script>`)
}

func (v *view) ldEvent() ldEvent {
	f := &v.page.Note.Front
	url := absolute(v.r.base, v.page.URL)
	e := ldEvent{
		Type: "Event", ID: url + "#session", Name: v.page.Title, Description: v.description, URL: url,
		Start: v.r.moment(f.Start), Language: cmp.Or(f.Language, v.r.lang),
		Super: ldThing{Type: "Event", Name: v.pass.siteTitle(), URL: absolute(v.r.base, v.pass.site.Home.URL)},
	}
	if f.End.After(f.Start) {
		e.End = v.r.moment(f.End)
	}
	if f.Cancelled {
		e.Status = "https://schema.org/EventCancelled"
	}
	if f.Room != "" {
		e.Location = &ldThing{Type: "Place", Name: f.Room}
	}
	for i, name := range f.Speakers {
		p := ldThing{Type: "Person", Name: name}
		if i < len(v.page.Speakers) && v.page.Speakers[i] != nil && v.r.html[v.page.Speakers[i].Kind] {
			p.URL = absolute(v.r.base, v.page.Speakers[i].URL)
		}
		e.Performer = append(e.Performer, p)
	}
	return e
}

func (v *view) ldVideo() *ldVideo {
	address := v.page.Note.Resources.Video
	if address == "" {
		return nil
	}
	file := note.IsVideoFile(address)
	if !isWeb(address) {
		t := resourceTarget(v.page, address)
		if t == nil {
			return nil
		}
		address = absolute(v.r.base, t.URL)
	}
	video := &ldVideo{
		Type: "VideoObject", ID: absolute(v.r.base, v.page.URL) + "#video", Name: v.page.Title, Description: v.description,
	}
	switch player := v.watch().player; {
	case file:
		video.Content = address
	case player != "":
		video.URL, video.Embed = address, player
	default: // perhaps the text has the plate
		video.URL, video.Embed = address, note.Player(address)
	}
	return video
}
