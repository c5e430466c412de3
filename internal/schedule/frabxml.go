package schedule

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"lectern/internal/diag"
)

// element is an element of XML with all that is in it. Only parts of a
// programme become one (an event, the conference), never the whole.
type element struct {
	offset int
	name   string // without its name space
	attrs  []xml.Attr
	text   string // its own, without that of its children
	kids   []element
}

// xmlReader walks through the programme.
type xmlReader struct {
	r    *reader
	d    *xml.Decoder
	left int // how many elements there may still be
}

// readFrabXML reads the XML of frab, pretalx, wafer, pentabarf and FOSDEM's
// dialect of it: schedule, conference, day, room, event.
func (r *reader) readFrabXML() error {
	d := xml.NewDecoder(bytes.NewReader(r.text))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // it is UTF-8 by now
	x := xmlReader{r: r, d: d, left: mostValues}
	depth := 0
	for {
		token, offset, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch {
			case depth == 0 && t.Name.Local == "schedule":
				depth++
			case depth == 1:
				err = x.part(t, offset)
			default:
				err = r.fail(offset, "the XML begins with <"+excerpt([]byte(t.Name.Local))+">, not with <schedule>", "use the conference's export as "+formats)
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
}

// next returns the next token and where it begins. io.EOF is the end of a whole
// document; every other error is the one for the person.
func (x *xmlReader) next() (xml.Token, int, error) {
	offset := int(x.d.InputOffset())
	token, err := x.d.Token()
	if err == io.EOF {
		return nil, 0, io.EOF
	}
	if err != nil {
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF") {
			return nil, 0, x.r.fail(len(x.r.text), "the XML breaks off: the end of the file is missing", "download it again")
		}
		message := err.Error()
		if syntax != nil {
			message = syntax.Msg
		}
		return nil, 0, x.r.fail(int(x.d.InputOffset())-1, "this is not XML from here on: "+excerpt([]byte(message)), "download the programme again, or tell the conference")
	}
	switch t := token.(type) {
	case xml.Directive:
		if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
			return nil, 0, x.r.fail(offset, "the XML declares entities of its own, which no programme needs", "this file may be meant to do harm; download the programme from the conference itself")
		}
	case xml.StartElement:
		if x.left--; x.left < 0 {
			return nil, 0, x.r.fail(offset, "the XML has too many elements", "is it one conference's programme?")
		}
	}
	return token, offset, nil
}

// part reads a child of the root.
func (x *xmlReader) part(start xml.StartElement, offset int) error {
	switch start.Name.Local {
	case "day":
		return x.day(start, offset)
	case "conference":
		conference, err := x.element(start, offset, 0)
		if err == nil {
			x.conference(conference)
		}
		return err
	}
	return x.skip(offset)
}

func (x *xmlReader) conference(c element) {
	r := x.r
	r.p.Title, r.p.Acronym = plain(c.str("title")), oneLine(c.str("acronym"))
	r.p.Start, r.p.End = parseDate(c.str("start")), parseDate(c.str("end"))
	zone := c.get("time_zone_name")
	r.zoneNamed(zone.text, zone.offset)
	r.setBase(cmp.Or(c.str("url"), c.str("base_url")))
	for _, kid := range c.kids {
		if kid.name == "track" {
			if name := plain(cmp.Or(kid.attr("name"), kid.text)); name != "" {
				r.p.Tracks = append(r.p.Tracks, name)
			}
		}
	}
}

func (x *xmlReader) day(start xml.StartElement, offset int) error {
	r := x.r
	day := element{offset: offset, attrs: start.Attr}
	date := parseDate(day.attr("date"))
	if date != "" {
		r.p.Days = append(r.p.Days, date)
	} else {
		r.note(offset, diag.Warning, ruleTime, "a day has no date that can be read", "its sessions have their own")
	}
	change := r.dayChange(day.attr("start"), offset)
	if day.attr("start") == "" {
		change = 6 * 60 // nothing says so, but no conference begins before
	}
	return x.kids(offset, func(start xml.StartElement, offset int) error {
		if start.Name.Local != "room" {
			return x.skip(offset)
		}
		room := plain((element{attrs: start.Attr}).attr("name"))
		r.room(room)
		return x.kids(offset, func(start xml.StartElement, offset int) error {
			if start.Name.Local != "event" {
				return x.skip(offset)
			}
			event, err := x.element(start, offset, 0)
			if err != nil {
				return err
			}
			return r.add(r.xmlEvent(event, date, room, change), offset)
		})
	})
}

// kids calls f with each child of the element that has just begun; f has to
// read it to its end.
func (x *xmlReader) kids(offset int, f func(xml.StartElement, int) error) error {
	for {
		token, at, err := x.next()
		if err != nil {
			return x.unfinished(err, offset)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := f(t, at); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

func (x *xmlReader) unfinished(err error, offset int) error {
	if err == io.EOF {
		return x.r.fail(offset, "this element never ends", "download the programme again")
	}
	return err
}

func (x *xmlReader) skip(offset int) error {
	for depth := 1; depth > 0; {
		token, _, err := x.next()
		if err != nil {
			return x.unfinished(err, offset)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// element reads all of an element.
func (x *xmlReader) element(start xml.StartElement, offset, depth int) (element, error) {
	e := element{offset: offset, name: start.Name.Local, attrs: start.Attr}
	if depth > deepest {
		return e, x.r.fail(offset, "the XML is nested too deep", "no programme is; download it again")
	}
	var text []byte
	for {
		token, at, err := x.next()
		if err != nil {
			return e, x.unfinished(err, offset)
		}
		switch t := token.(type) {
		case xml.CharData:
			if e.text == "" && len(text) == 0 {
				e.text = string(t) // most often there is no more
			} else {
				text = append(text, t...)
			}
		case xml.StartElement:
			kid, err := x.element(t, at, depth+1)
			if err != nil {
				return e, err
			}
			e.kids = append(e.kids, kid)
		case xml.EndElement:
			if len(text) > 0 {
				e.text += string(text)
			}
			e.text = strings.TrimSpace(e.text)
			return e, nil
		}
	}
}

func (e element) get(name string) element {
	for _, kid := range e.kids {
		if kid.name == name {
			return kid
		}
	}
	return element{offset: e.offset}
}

func (e element) str(name string) string { return e.get(name).text }

func (e element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// xmlEvent reads an event. FOSDEM's have no guid and no date: the day's date
// and the time of day make the start, the id is all there is.
func (r *reader) xmlEvent(e element, day, room string, change int) Session {
	s := Session{
		Title: plain(e.str("title")), Subtitle: plain(e.str("subtitle")),
		Abstract: prose(rich(e.get("abstract"))), Description: prose(rich(e.get("description"))),
		Room: plain(cmp.Or(e.str("room"), room)), Track: plain(e.str("track")), Type: plain(e.str("type")),
		Language: oneLine(e.str("language")), Day: day,
	}
	page := e.get("url")
	s.URL = r.address(page.text, page.offset)
	s.ID, s.OtherIDs = chooseID(e.attr("guid"), e.attr("code"), e.attr("id"), e.str("slug"))
	s.Cancelled = cancelled(cmp.Or(e.str("status"), e.attr("status")))
	recording := e.get("recording")
	s.DoNotRecord = strings.EqualFold(recording.str("optout"), "true")
	start := e.get("start")
	s.Start = r.frabStart(e.str("date"), start.text, day, change, start.offset)
	if end := e.get("end"); len(end.text) > len("10:30:00") {
		s.End = r.instant(end.text, end.offset)
	}
	if s.End.IsZero() {
		duration := e.get("duration")
		s.End = r.lasting(s.Start, duration.text, duration.offset)
	}
	if s.End.IsZero() {
		s.End = r.until(s.Start, e.str("end"))
	}
	for _, p := range e.get("persons").kids {
		name := plain(p.text)
		if name == "" {
			r.note(p.offset, diag.Info, ruleSpeaker, "a speaker of "+s.label()+" has no name", "")
			continue
		}
		s.Speakers = append(s.Speakers, Person{ID: oneLine(cmp.Or(p.attr("guid"), cmp.Or(p.attr("code"), p.attr("id")))), Name: name})
	}
	for _, list := range [...]string{"links", "attachments"} {
		for _, l := range e.get(list).kids {
			r.link(&s, plain(l.text), cmp.Or(l.attr("href"), l.attr("url")), l.attr("type")+" "+l.attr("service"), list == "attachments", l.offset)
		}
	}
	for _, video := range [...]element{recording.get("url"), recording.get("link"), e.get("video_download_url")} {
		r.link(&s, "", video.text, string(KindVideo), false, video.offset)
	}
	return s
}

// rich is an element's text. Where someone forgot to escape HTML, its elements
// are children: they become HTML again.
func rich(e element) string {
	if len(e.kids) == 0 {
		return e.text
	}
	var b strings.Builder
	b.WriteString("<p>" + e.text + "</p>")
	for _, kid := range e.kids {
		b.WriteString("<" + kid.name + ">" + rich(kid) + "</" + kid.name + ">")
	}
	return b.String()
}
