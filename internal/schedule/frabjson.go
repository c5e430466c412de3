package schedule

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lectern/internal/diag"
)

// readJSON reads the formats that are JSON.
func (r *reader) readJSON(format Format) error {
	root, err := r.parseJSON()
	if err != nil {
		return err
	}
	switch format {
	case Sessionize:
		return r.readSessionize(root)
	case GridSmart:
		return r.readGridSmart(root)
	case Indico:
		return r.readIndico(root)
	default:
		return r.readFrabJSON(root)
	}
}

// readFrabJSON reads what pretalx, frab and others write after the schema of
// c3voc: schedule.conference.days[].rooms{}[].
func (r *reader) readFrabJSON(root value) error {
	schedule := root.get("schedule")
	if schedule.kind != '{' {
		schedule = root
	}
	conference := schedule.get("conference")
	if conference.kind != '{' {
		return r.fail(schedule.offset, "the programme has no conference", "pretalx and frab have it under schedule.conference")
	}
	r.p.Title, r.p.Acronym = plain(conference.str("title")), oneLine(conference.str("acronym"))
	r.p.Start, r.p.End = parseDate(conference.str("start")), parseDate(conference.str("end"))
	r.zoneNamed(conference.str("time_zone_name"), conference.get("time_zone_name").offset)
	r.setBase(cmp.Or(conference.str("url"), cmp.Or(schedule.str("base_url"), conference.str("base_url"))))
	for _, room := range conference.get("rooms").list() {
		r.room(plain(cmp.Or(room.str("name"), room.scalar())))
	}
	for _, track := range conference.get("tracks").list() {
		if name := plain(cmp.Or(track.str("name"), track.scalar())); name != "" {
			r.p.Tracks = append(r.p.Tracks, name)
		}
	}
	days := conference.get("days")
	if days.kind != '[' && days.kind != '{' {
		return r.fail(conference.offset, "the conference has no days", "is the programme published already?")
	}
	for _, day := range days.list() {
		if err := r.frabDay(day); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) frabDay(day value) error {
	date := parseDate(day.str("date"))
	if date != "" {
		r.p.Days = append(r.p.Days, date)
	} else {
		r.note(day.offset, diag.Warning, ruleTime, "a day has no date that can be read", "its sessions have their own")
	}
	change := r.dayChange(day.str("day_start"), day.offset)
	rooms := day.get("rooms")
	for i, events := range rooms.list() {
		name := ""
		if rooms.kind == '{' {
			name = plain(rooms.keys[i])
		} else {
			name, events = plain(events.str("name")), events.get("events", "sessions")
		}
		r.room(name)
		for _, event := range events.list() {
			if event.kind != '{' {
				r.note(event.offset, diag.Warning, ruleSyntax, "here an event is expected", "it is left out")
				continue
			}
			if err := r.add(r.frabEvent(event, date, name, change), event.offset); err != nil {
				return err
			}
		}
	}
	return nil
}

// dayChange returns the minutes after midnight at which a conference day
// begins: what starts earlier belongs to the day before.
func (r *reader) dayChange(start string, offset int) int {
	if start == "" {
		return 0
	}
	if m, ok := minutes(start); ok {
		return m
	}
	t, _, ok := parseInstant(start, r.zone())
	if !ok {
		r.note(offset, diag.Warning, ruleTime, "this is no beginning of a day: "+quote(excerpt([]byte(start))), "")
		return 0
	}
	if t.Location() == time.UTC {
		t = t.In(r.zone())
	}
	return t.Hour()*60 + t.Minute()
}

func (r *reader) frabEvent(e value, day, room string, change int) Session {
	s := Session{
		Title: plain(e.str("title")), Subtitle: plain(e.str("subtitle")),
		Abstract: prose(e.str("abstract")), Description: prose(e.str("description")),
		Room: plain(cmp.Or(e.str("room"), room)), Track: plain(e.str("track")), Type: plain(e.str("type")),
		Language: oneLine(e.str("language")), Day: day,
		DoNotRecord: e.yes("do_not_record"),
		URL:         r.address(e.str("url"), e.get("url").offset),
	}
	s.ID, s.OtherIDs = chooseID(e.str("guid"), e.str("code"), e.str("id"), e.str("slug"))
	s.Cancelled = cancelled(e.str("status", "state"))
	start := e.get("start")
	s.Start = r.frabStart(e.str("date"), e.str("start"), day, change, start.offset)
	if end := e.get("end"); end.kind == '"' && len(end.text) > 8 {
		s.End = r.instant(end.text, end.offset)
	}
	if s.End.IsZero() {
		s.End = r.lasting(s.Start, e.str("duration"), e.get("duration").offset)
	}
	if s.End.IsZero() {
		s.End = r.until(s.Start, e.str("end"))
	}
	for _, person := range e.get("persons").list() {
		r.frabPerson(&s, person)
	}
	for _, tag := range e.get("tags", "keywords").list() {
		if t := plain(cmp.Or(tag.scalar(), tag.str("tag", "name"))); t != "" {
			s.Tags = append(s.Tags, t)
		}
	}
	r.frabLinks(&s, e)
	return s
}

// frabStart reads an event's start from its date, or from the day's date and
// the time of day that the pages show.
func (r *reader) frabStart(date, start, day string, change, offset int) time.Time {
	m, ok := minutes(start)
	if len(start) > 8 && date == "" {
		date = start // some write the whole time there
	}
	if len(date) > len(time.DateOnly) {
		t := r.instant(date, offset)
		if ok {
			r.shown(t, m)
		}
		return t
	}
	if date = cmp.Or(parseDate(date), day); date == "" {
		return time.Time{}
	}
	if !ok || m >= 24*60 {
		if start != "" {
			r.note(offset, diag.Warning, ruleTime, "this is no time of day: "+quote(excerpt([]byte(start))), "the session is taken without a time")
		}
		return time.Time{}
	}
	t := r.instant(date+"T00:00:00", offset)
	next := t.Day()
	if m < change && date == day {
		next++ // after midnight, on the conference day before
	}
	return time.Date(t.Year(), t.Month(), next, m/60, m%60, 0, 0, t.Location())
}

func (r *reader) frabPerson(s *Session, person value) {
	name := plain(cmp.Or(person.str("public_name", "full_public_name", "name", "title"), person.scalar()))
	if name == "" {
		r.note(person.offset, diag.Info, ruleSpeaker, "a speaker of "+s.label()+" has no name", "")
		return
	}
	s.Speakers = append(s.Speakers, Person{
		ID: oneLine(person.str("guid", "code", "id")), Name: name, Company: plain(person.str("company", "organization")),
		Biography: prose(person.str("biography", "description", "abstract")),
		URL:       r.address(person.str("url"), person.offset),
	})
}

func (r *reader) frabLinks(s *Session, e value) {
	for _, key := range [...]string{"links", "attachments"} {
		for _, link := range e.get(key).list() {
			address := link.str("url", "href")
			if address == "" && link.kind == '"' {
				address = link.text
			}
			r.link(s, plain(link.str("title", "name", "description")), address, link.str("type", "service"), key == "attachments", link.offset)
		}
	}
	for _, key := range [...]string{"video_download_url", "recording_url"} {
		if address := e.str(key); address != "" {
			r.link(s, "", address, string(KindVideo), false, e.get(key).offset)
		}
	}
}

// chooseID returns the first name that is there, and the others.
func chooseID(names ...string) (id string, others []string) {
	for _, name := range names {
		name = oneLine(name)
		switch {
		case name == "" || name == id || slices.Contains(others, name):
		case id == "":
			id = name
		default:
			others = append(others, name)
		}
	}
	return id, others
}

// cancelled reads a state as programs write it.
func cancelled(state string) bool {
	switch strings.ToLower(strings.TrimSpace(state)) {
	case "cancelled", "canceled", "withdrawn", "rejected", "declined":
		return true
	}
	return false
}
