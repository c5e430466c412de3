package page

import (
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// watch is the plate that plays a session's recording.
type watch struct {
	url templ.SafeURL
	// player is what a script puts in the plate's place: the address of a page
	// for a frame, or "file" for what browsers play by themselves.
	player string
	// site is where the recording is, empty for the notes' own.
	site string
}

// watch returns the plate of the page's note. It has no address where there is
// no recording, or none that could be played here (the note's own link says all
// then), or where the text has a plate for it already.
func (v *view) watch() watch {
	if !v.watched {
		v.watched, v.plate = true, v.makeWatch(v.page.Note)
	}
	return v.plate
}

func (v *view) makeWatch(n *note.Note) watch {
	if n.Resources.Video == "" {
		return watch{}
	}
	video := n.Resources.Video
	w := watch{player: note.Player(video)}
	if w.player == "" && note.IsVideoFile(video) {
		w.player = "file"
	}
	if w.player == "" || hasPlate(n) {
		return watch{}
	}
	w.url = v.resourceURL(v.page, video)
	if isWeb(video) {
		w.site = videoSite(video)
	}
	return w
}

// videoSite is the name of the site that has the video.
func videoSite(address string) string {
	host, _, _ := strings.Cut(webName(address), "/")
	switch strings.TrimPrefix(host, "m.") {
	case "youtu.be", "youtube.com", "youtube-nocookie.com":
		return "YouTube"
	case "vimeo.com":
		return "Vimeo"
	}
	return host
}

// hasPlate reports whether a shortcode shows the session's recording as a plate.
func hasPlate(n *note.Note) bool {
	for i := range n.Links {
		if n.Links[i].Dest == n.Resources.Video && strings.Contains(n.Links[i].Attrs, `class="plate `) {
			return true
		}
	}
	return false
}

// hasPlayer reports whether the page has a plate that a script may make a
// player of.
func (v *view) hasPlayer() bool {
	if v.page == nil || v.page.Kind != site.Single {
		return false
	}
	n := v.page.Note
	return n.Resources.Video != "" && (n.HasParts || v.watch().url != "")
}

// playable reports whether the note's page may have such a plate.
func playable(n *note.Note) bool {
	if n == nil || n.Resources.Video == "" {
		return false
	}
	return n.HasParts || note.Player(n.Resources.Video) != "" || note.IsVideoFile(n.Resources.Video)
}

func isWeb(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// resourceURL is where a resource of pg's note leads from the view's page: an
// address on the web as it is, any other as the note's own link to it was
// resolved; empty where it leads nowhere.
func (v *view) resourceURL(pg *site.Page, address string) templ.SafeURL {
	if isWeb(address) {
		return templ.SafeURL(address)
	}
	if t := resourceTarget(pg, address); t != nil {
		return templ.SafeURL(rel(v.root, t.URL))
	}
	return ""
}

// resourceTarget is where pg's note's link to address leads, if it leads to
// something that is published.
func resourceTarget(pg *site.Page, address string) *site.Target {
	for i := range pg.Note.Links {
		if i < len(pg.Links) && pg.Note.Links[i].Dest == address {
			if t := &pg.Links[i]; t.Kind == site.TargetPage || t.Kind == site.TargetFile {
				return t
			}
		}
	}
	return nil
}

// hashResources covers where the resources of pg's note lead that are not on
// the web; FactsKey has the rest.
func hashResources(h *hash, pg *site.Page) {
	r := &pg.Note.Resources
	for _, address := range [...]string{r.Video, r.Slides, r.Code} {
		if address == "" || isWeb(address) {
			continue
		}
		if t := resourceTarget(pg, address); t != nil {
			h.str(t.URL)
		} else {
			h.num(0)
		}
	}
}
