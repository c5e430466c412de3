package schedule

import (
	"cmp"
	"strings"

	"lectern/internal/diag"
)

// catalogue is what Sessionize's sessions refer to by id. Ids are compared as
// text, for they are numbers in one place and text in another.
type catalogue struct {
	people     map[string]Person
	rooms      map[string]string
	categories map[string]category // by the id of the item
	asked      map[string]string   // questions, by id
}

// category is an item of a category: what a session is, or is about.
type category struct{ of, name string }

// readSessionize reads the view "All": sessions that refer to speakers, rooms
// and categories by id.
func (r *reader) readSessionize(root value) error {
	c := catalogue{people: map[string]Person{}, rooms: map[string]string{}, categories: map[string]category{}, asked: map[string]string{}}
	for _, room := range root.get("rooms").list() {
		name := plain(room.str("name"))
		c.rooms[room.str("id")] = name
		r.room(name)
	}
	for _, group := range root.get("categories").list() {
		for _, item := range group.get("items", "categoryItems").list() {
			c.categories[item.str("id")] = category{of: plain(group.str("title", "name")), name: plain(item.str("name", "title"))}
		}
	}
	for _, q := range root.get("questions").list() {
		c.asked[q.str("id")] = plain(q.str("question"))
	}
	for _, speaker := range root.get("speakers").list() {
		if p := r.sessionizePerson(speaker, c); p.Name != "" {
			c.people[p.ID] = p
		}
	}
	sessions := root.get("sessions")
	if sessions.kind != '[' {
		return r.fail(root.offset, "the programme has no sessions", "use the view “All” of Sessionize's API, or GridSmart")
	}
	for _, session := range sessions.list() {
		if err := r.addSessionize(session, c, "", ""); err != nil {
			return err
		}
	}
	return nil
}

// readGridSmart reads the view of days with rooms with sessions, and that of
// groups with sessions.
func (r *reader) readGridSmart(root value) error {
	for _, day := range root.list() {
		date := parseDate(day.str("date"))
		if date != "" {
			r.p.Days = append(r.p.Days, date)
		}
		for _, session := range day.get("sessions").list() {
			if err := r.addSessionize(session, catalogue{}, date, ""); err != nil {
				return err
			}
		}
		for _, room := range day.get("rooms").list() {
			name := plain(room.str("name"))
			r.room(name)
			c := catalogue{rooms: map[string]string{room.str("id"): name}}
			for _, session := range room.get("sessions").list() {
				// A plenary session stands in every room's list.
				if _, known := r.ids[session.str("id")]; known && session.yes("isPlenumSession") {
					continue
				}
				if err := r.addSessionize(session, c, date, name); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// addSessionize takes a session; room is where it is unless it says otherwise.
func (r *reader) addSessionize(e value, c catalogue, day, room string) error {
	if e.kind != '{' {
		r.note(e.offset, diag.Warning, ruleSyntax, "here a session is expected", "it is left out")
		return nil
	}
	s := Session{
		ID: oneLine(e.str("id")), Title: plain(e.str("title")), Description: plainProse(e.str("description")),
		Break: e.yes("isServiceSession"), Day: day,
	}
	s.Start = r.instant(e.str("startsAt"), e.get("startsAt").offset)
	s.End = r.instant(e.str("endsAt"), e.get("endsAt").offset)
	s.Cancelled = cancelled(e.str("status"))
	s.Room = plain(e.str("room"))
	if id := e.str("roomId"); s.Room == "" && id != "" {
		name, known := c.rooms[id]
		if !known {
			r.note(e.get("roomId").offset, diag.Warning, ruleRoom, s.label()+" is in a room that the programme does not name: "+quote(excerpt([]byte(id))), "")
		}
		s.Room = name
	}
	s.Room = cmp.Or(s.Room, room)
	r.sessionizeSpeakers(&s, e, c)
	r.sessionizeCategories(&s, e, c)
	r.link(&s, "", e.str("recordingUrl"), string(KindVideo), false, e.get("recordingUrl").offset)
	r.link(&s, "Live", e.str("liveUrl"), "", false, e.get("liveUrl").offset)
	for _, answer := range e.get("questionAnswers").list() {
		question := cmp.Or(plain(answer.str("question")), c.asked[answer.str("questionId")])
		if a := answer.str("answer", "answerValue"); strings.HasPrefix(a, "http") && !strings.ContainsAny(a, " \n") {
			r.link(&s, question, a, "", false, answer.offset)
		}
	}
	return r.add(s, e.offset)
}

func (r *reader) sessionizeSpeakers(s *Session, e value, c catalogue) {
	for _, speaker := range e.get("speakers").list() {
		id := cmp.Or(speaker.str("id"), speaker.text)
		if p, known := c.people[id]; known {
			s.Speakers = append(s.Speakers, p)
			continue
		}
		p := r.sessionizePerson(speaker, c)
		if p.Name == "" {
			r.note(speaker.offset, diag.Warning, ruleSpeaker, s.label()+" has a speaker whom the programme does not name: "+quote(excerpt([]byte(id))), "")
			continue
		}
		s.Speakers = append(s.Speakers, p)
	}
}

func (r *reader) sessionizePerson(e value, c catalogue) Person {
	p := Person{
		ID: oneLine(e.str("id")), Name: plain(e.str("fullName", "name")), Biography: plainProse(e.str("bio")),
		Company: plain(e.str("tagLine")),
	}
	if p.Name == "" {
		p.Name = plain(e.str("firstName") + " " + e.str("lastName"))
	}
	for _, answer := range e.get("questionAnswers").list() {
		question := strings.ToLower(cmp.Or(answer.str("question"), c.asked[answer.str("questionId")]))
		if text := plain(answer.str("answer", "answerValue")); text != "" && (question == "company" || question == "organization" || question == "firma") {
			p.Company = text
		}
	}
	for _, link := range e.get("links").list() {
		if address := link.str("url"); address != "" && p.URL == "" {
			p.URL = r.address(address, link.offset)
		}
	}
	return p
}

// sessionizeCategories files a session under what its categories are called:
// conferences name them as they like.
func (r *reader) sessionizeCategories(s *Session, e value, c catalogue) {
	take := func(of, name string) {
		words := " " + strings.ToLower(strings.Map(wordsOnly, of)) + " "
		has := func(w string) bool { return strings.Contains(words, w) }
		switch {
		case name == "":
		case s.Track == "" && (has("track") || has(" topic ") || has(" topics ") || has(" stream ")):
			s.Track = name
		case s.Type == "" && (has("format") || has(" type ")):
			s.Type = name
		case s.Language == "" && (has("language") || has("sprache")):
			s.Language = name
		default:
			s.Tags = append(s.Tags, name)
		}
	}
	for _, item := range e.get("categoryItems").list() {
		found, known := c.categories[item.scalar()]
		if !known {
			r.note(item.offset, diag.Info, ruleSyntax, s.label()+" is in a category that the programme does not name: "+quote(excerpt([]byte(item.scalar()))), "")
		}
		take(found.of, found.name)
	}
	for _, group := range e.get("categories").list() {
		for _, item := range group.get("categoryItems", "items").list() {
			take(plain(group.str("name", "title")), plain(item.str("name", "title")))
		}
	}
}
