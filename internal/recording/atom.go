package recording

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"lectern/internal/diag"
)

// feedLength is how many entries YouTube's feeds have at most.
const feedLength = 15

// atom reads a YouTube feed, of a playlist or of a channel.
func (r *reader) atom() error {
	dec := xml.NewDecoder(bytes.NewReader(r.data))
	event, entries := "", 0
	for depth := 0; ; {
		at := int(dec.InputOffset())
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r.badXML(dec, err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch {
			case depth == 1 && e.Name.Local == "title":
				if err := dec.DecodeElement(&event, &e); err != nil {
					return r.badXML(dec, err)
				}
			case depth == 1 && e.Name.Local == "entry":
				entries++
				if err := r.entry(dec, &e, at, event); err != nil {
					return err
				}
			case depth == 1:
				if err := dec.Skip(); err != nil {
					return r.badXML(dec, err)
				}
			default:
				depth++
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			if bytes.Contains(e, []byte("ENTITY")) {
				return r.fail(at, "it defines entities, which feeds do not", "")
			}
		}
	}
	switch {
	case entries == 0:
		r.find(-1, diag.Warning, "the feed has no entries", "")
	case entries == feedLength:
		r.find(-1, diag.Info, fmt.Sprintf("YouTube's feeds hold %d entries: the list may have more", feedLength), "yt-dlp -J --flat-playlist lists them all")
	}
	return nil
}

// entry reads one entry of a feed.
func (r *reader) entry(dec *xml.Decoder, e *xml.StartElement, at int, event string) error {
	var x struct {
		Title     string `xml:"title"`
		VideoID   string `xml:"videoId"`
		Published string `xml:"published"`
		Links     []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
		Description string `xml:"group>description"`
	}
	if err := dec.DecodeElement(&x, e); err != nil {
		return r.badXML(dec, err)
	}
	rec := Recording{Title: clip(x.Title, maxTitle), Description: x.Description, Event: event, Pos: r.pos(at)}
	for _, l := range x.Links {
		if (l.Rel == "" || l.Rel == "alternate") && isLink(l.Href) {
			rec.Video = first(rec.Video, l.Href)
		}
	}
	if rec.Video == "" && len(x.VideoID) == 11 && isLink("https://www.youtube.com/watch?v="+x.VideoID) {
		rec.Video = "https://www.youtube.com/watch?v=" + x.VideoID
	}
	if rec.Title == "" || rec.Video == "" {
		r.find(at, diag.Info, "an entry of the feed has no title or no link", "")
		return nil
	}
	if t, ok := parseTime(x.Published); ok {
		rec.Published = t
	}
	return r.add(rec)
}

// badXML says where XML is broken.
func (r *reader) badXML(dec *xml.Decoder, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	at := int(dec.InputOffset())
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) && syntax.Msg == "unexpected EOF" || errors.Is(err, io.ErrUnexpectedEOF) {
		return r.fail(len(r.data), "it ends in the middle", "was the download cut off?")
	}
	if syntax != nil {
		return r.fail(at, "broken XML: "+syntax.Msg, "")
	}
	return r.fail(at, "broken XML: "+err.Error(), "")
}
