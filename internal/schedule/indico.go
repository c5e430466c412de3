package schedule

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

// readIndico reads Indico's exports: /export/event/N.json with the details
// contributions or sessions, whose results are a list of events, and
// /export/timetable/N.json, whose results are entries by event and by day.
func (r *reader) readIndico(root value) error {
	results := root.get("results")
	r.setBase(root.str("url"))
	r.p.URL = ""
	switch results.kind {
	case '[':
		for _, event := range results.kids {
			if err := r.indicoEvent(event); err != nil {
				return err
			}
		}
	case '{':
		for _, days := range results.kids {
			for _, day := range days.list() {
				if err := r.indicoEntries(day, Session{}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *reader) indicoEvent(event value) error {
	if r.p.Title == "" {
		r.p.Title = plain(event.str("title"))
		r.p.URL = r.address(event.str("url"), event.get("url").offset)
		r.p.Start, r.p.End = parseDate(event.get("startDate").str("date")), parseDate(event.get("endDate").str("date"))
	}
	if r.clock.named == nil {
		zone := event.get("timezone")
		r.zoneNamed(zone.str2(event.get("startDate").str("tz")), zone.offset)
	}
	before := len(r.p.Sessions)
	for _, c := range event.get("contributions").list() {
		if err := r.addIndico(c, Session{}); err != nil {
			return err
		}
	}
	for _, slot := range event.get("sessions").list() {
		around := Session{Track: plain(slot.str("title")), Room: r.indicoRoom(slot)}
		contributions := slot.get("contributions").list()
		for _, c := range contributions {
			if err := r.addIndico(c, around); err != nil {
				return err
			}
		}
		if len(contributions) == 0 {
			if err := r.addIndico(slot, Session{}); err != nil {
				return err
			}
		}
	}
	if len(r.p.Sessions) == before && event.get("contributions").kind == 0 && event.get("sessions").kind == 0 {
		r.note(event.offset, diag.Warning, ruleSyntax, "the export of "+quote(excerpt([]byte(r.p.Title)))+" holds no contributions", "ask for them: add ?detail=sessions to the address")
	}
	return nil
}

// str2 is the value's own text, or else another.
func (v value) str2(other string) string { return cmp.Or(strings.TrimSpace(v.text), other) }

// indicoEntries reads a day of the timetable, or the entries within a session.
func (r *reader) indicoEntries(entries value, around Session) error {
	for _, e := range entries.list() {
		if e.kind != '{' {
			r.note(e.offset, diag.Warning, ruleSyntax, "here an entry of the timetable is expected", "it is left out")
			continue
		}
		if r.clock.named == nil {
			r.zoneNamed(e.get("startDate").str("tz"), e.get("startDate").offset)
		}
		inner := e.get("entries")
		if len(inner.list()) == 0 {
			if err := r.addIndico(e, around); err != nil {
				return err
			}
			continue
		}
		within := Session{Track: plain(cmp.Or(e.str("title"), e.str("slotTitle"))), Room: r.indicoRoom(e)}
		if err := r.indicoEntries(inner, within); err != nil {
			return err
		}
	}
	return nil
}

// addIndico takes a contribution, or a session or break without any; around is
// what it has from the session that it is in.
func (r *reader) addIndico(e value, around Session) error {
	if e.kind != '{' {
		r.note(e.offset, diag.Warning, ruleSyntax, "here a contribution is expected", "it is left out")
		return nil
	}
	entry := e.str("entryType", "_type")
	s := Session{
		Title: plain(e.str("title")), Description: plainProse(e.str("description")),
		Room: cmp.Or(r.indicoRoom(e), around.Room), Type: plain(e.str("type")),
		Track: plain(cmp.Or(e.str("track"), cmp.Or(e.str("session"), around.Track))),
		URL:   r.address(e.str("url"), e.get("url").offset),
		Break: strings.HasPrefix(entry, "Break"),
	}
	if slot := plain(e.str("slotTitle")); slot != "" && slot != s.Title {
		s.Subtitle = slot
	}
	s.ID, s.OtherIDs = chooseID(e.str("db_id", "contributionId"), e.str("friendly_id", "friendlyId"), e.str("code"), e.str("id"), e.str("uniqueId"))
	if s.ID != "" && (strings.HasPrefix(entry, "Session") || s.Break) {
		s.ID = cmp.Or(e.str("uniqueId"), strings.ToLower(entry[:1])+strings.TrimLeft(cmp.Or(e.str("id"), s.ID), "sb"))
		s.OtherIDs = nil // the numbers of sessions are no names: contributions have the same
	}
	s.Start, s.End = r.indicoTime(e.get("startDate")), r.indicoTime(e.get("endDate"))
	if d := e.get("duration"); s.End.IsZero() && !s.Start.IsZero() && d.kind == 'n' {
		if n, err := strconv.ParseFloat(d.text, 64); err == nil && n > 0 && n < 60*24*7 {
			s.End = s.Start.Add(time.Duration(n) * time.Minute)
		} else {
			r.note(d.offset, diag.Warning, ruleTime, "this is no duration in minutes: "+quote(excerpt([]byte(d.text))), "the session is taken without its end")
		}
	}
	r.indicoPeople(&s, e)
	for _, tag := range e.get("keywords").list() {
		if t := plain(tag.scalar()); t != "" {
			s.Tags = append(s.Tags, t)
		}
	}
	r.indicoFiles(&s, e)
	return r.add(s, e.offset)
}

// indicoTime reads {date, time, tz}.
func (r *reader) indicoTime(v value) time.Time {
	date, clock := v.str("date"), v.str("time")
	if date == "" || clock == "" {
		return time.Time{}
	}
	zone := r.zone()
	if own := loadZone(v.str("tz")); own != nil {
		zone = own
	} else if !r.clock.floating {
		r.clock.floating, r.clock.floatingAt = true, v.offset
	}
	clock, _, _ = strings.Cut(clock, ".")
	t, _, ok := parseInstant(date+"T"+clock, zone)
	if !ok {
		r.note(v.offset, diag.Warning, ruleTime, "this is no date with a time: "+quote(excerpt([]byte(date+" "+clock))), "")
	}
	return t
}

func (r *reader) indicoRoom(e value) string { return plain(e.str("roomFullname", "room")) }

// mostPeople is how many may speak in one session.
const mostPeople = 200

// indicoPeople takes who speaks; who else wrote the paper does not count, unless
// nobody is said to speak.
func (r *reader) indicoPeople(s *Session, e value) {
	people := e.get("speakers", "presenters").list()
	if len(people) == 0 {
		people = e.get("primaryauthors").list()
	}
	if len(people) == 0 && len(e.get("contributions").list()) == 0 {
		people = e.get("conveners", "sessionConveners").list()
	}
	for _, p := range people {
		name := plain(p.str("first_name", "firstName") + " " + p.str("last_name", "familyName"))
		if name == "" {
			name = plain(p.str("fullName", "name"))
		}
		if name == "" {
			r.note(p.offset, diag.Info, ruleSpeaker, "a speaker of "+s.label()+" has no name", "")
			continue
		}
		if len(s.Speakers) < mostPeople && !hasPerson(s.Speakers, name) {
			s.Speakers = append(s.Speakers, Person{ID: oneLine(p.str("person_id", "id")), Name: name, Company: plain(p.str("affiliation"))})
		}
	}
}

// indicoFiles takes the files and links that lie in folders.
func (r *reader) indicoFiles(s *Session, e value) {
	folders := e.get("folders").list()
	attachments := e.get("attachments")
	folders = append(folders, attachments.get("folders").list()...)
	lists := [][]value{attachments.get("files").list()}
	for _, f := range folders {
		lists = append(lists, f.get("attachments").list())
	}
	for _, list := range lists {
		for _, a := range list {
			r.link(s, plain(a.str("title", "filename")), a.str("link_url", "download_url", "url"), a.str("type"), true, a.offset)
		}
	}
}
