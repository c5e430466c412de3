package schedule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

func itoa(n int) string { return strconv.Itoa(n) }

// icalReader makes sessions of a calendar.
type icalReader struct {
	r     *reader
	cal   *calendar
	zones map[string]*icalTimes // by TZID
	tail  string                // of all locations: the city
	maker string                // PRODID, in lower case
}

// icalTimes is what a TZID means; both nil is unknown.
type icalTimes struct {
	zone  *time.Location
	rules []observance
}

// readICalendar reads calendars as sched.com, pretalx, Indico, Zookeepr and
// others write them.
func (r *reader) readICalendar() error {
	cal, err := r.parseCalendar()
	if err != nil {
		return err
	}
	c := &icalReader{r: r, cal: cal, zones: map[string]*icalTimes{}, maker: strings.ToLower(cal.text("PRODID"))}
	c.names()
	c.findZone()
	c.tail = commonTail(cal.events)
	c.zoneHint()
	var split *tailSplitter
	if strings.Contains(c.maker, "sched.com") {
		split = newTailSplitter(cal.events)
	}
	for _, e := range cal.events {
		s := c.session(e)
		if split != nil {
			s.Title, s.Speakers = split.session(s.Title)
		}
		if err := r.add(s, e.offset); err != nil {
			return err
		}
	}
	return nil
}

// names takes the conference's name. sched.com has it in PRODID, and a short
// one where others have the name.
func (c *icalReader) names() {
	p := c.r.p
	p.Title = plain(c.cal.text("X-WR-CALNAME"))
	description := plain(c.cal.text("X-WR-CALDESC"))
	if p.Title == "" {
		p.Title = plain(c.cal.text("NAME"))
	}
	if p.Title == "" && len(description) < 80 {
		p.Title = description
	}
	if id := c.cal.text("PRODID"); strings.Contains(c.maker, "//sched.com ") {
		_, name, _ := strings.Cut(id, "//")
		name, _, _ = strings.Cut(name, "//")
		if name = plain(name[len("Sched.com"):]); name != "" {
			p.Title, p.Acronym = name, p.Title
		}
	}
	if page := c.cal.get("URL"); page.value != "" {
		p.URL = c.r.address(page.value, page.offset)
	}
}

// findZone takes the calendar's zone: the one it names, or that of its events.
func (c *icalReader) findZone() {
	for _, z := range c.cal.zones {
		id := z.text("TZID")
		known := &icalTimes{zone: icalZone(id)}
		if known.zone == nil {
			known.zone = icalZone(z.text("X-LIC-LOCATION"))
		}
		if known.zone == nil {
			known.rules = observances(z)
		}
		c.zones[id] = known
	}
	named := c.cal.get("X-WR-TIMEZONE")
	if named.value != "" {
		c.r.zoneNamed(unescapeText(named.value), named.offset)
		c.r.clock.weak = c.r.clock.named == time.UTC
	}
	if c.r.clock.named != nil && !c.r.clock.weak {
		return
	}
	ids := map[string]int{}
	best := ""
	for _, e := range c.cal.events {
		if id := e.get("DTSTART").param("TZID"); id != "" && icalZone(id) != nil {
			ids[id]++
			if best == "" || ids[id] > ids[best] {
				best = id
			}
		}
	}
	zone := icalZone(best)
	if zone == nil && len(c.cal.zones) == 1 {
		zone = c.zones[c.cal.zones[0].text("TZID")].zone
	}
	if zone != nil {
		c.r.clock.named, c.r.clock.weak = zone, zone == time.UTC
	}
}

func (c *icalReader) session(e component) Session {
	r := c.r
	s := Session{
		Title: plain(e.text("SUMMARY")),
		Room:  c.place(e.text("LOCATION")),
		URL:   r.address(unescapeText(e.get("URL").value), e.get("URL").offset),
	}
	s.ID = oneLine(e.text("UID"))
	if id := e.get("RECURRENCE-ID").value; id != "" && s.ID != "" {
		s.ID += "/" + oneLine(id)
	}
	s.Cancelled = cancelled(e.get("STATUS").value) || strings.EqualFold(c.cal.get("METHOD").value, "CANCEL")
	c.times(&s, e)
	for _, p := range e.props {
		switch p.name {
		case "CATEGORIES":
			for _, tag := range splitList(p.value) {
				if tag = plain(unescapeText(tag)); tag != "" {
					s.Tags = append(s.Tags, tag)
				}
			}
		case "ATTENDEE":
			c.attendee(&s, p)
		case "ATTACH":
			r.link(&s, "", unescapeText(p.value), p.param("FMTTYPE"), true, p.offset)
		}
	}
	if len(s.Tags) == 1 {
		s.Track, s.Tags = s.Tags[0], nil
	}
	description := lines(e.text("DESCRIPTION"))
	if strings.EqualFold(description, "No description") {
		description = ""
	}
	description = c.speakerLine(&s, description)
	if strings.Contains(c.maker, "pretalx") {
		c.pretalxTail(&s)
	}
	s.Description = plainProse(description)
	c.slot(&s)
	return s
}

// times reads when an event is.
func (c *icalReader) times(s *Session, e component) {
	r := c.r
	start := e.get("DTSTART")
	if start.value == "" {
		return
	}
	s.Start, s.AllDay = c.instant(start)
	switch end, duration := e.get("DTEND"), e.get("DURATION"); {
	case end.value != "":
		s.End, _ = c.instant(end)
	case duration.value != "" && !s.Start.IsZero():
		d, ok := icalDuration(duration.value)
		if !ok {
			r.note(duration.offset, diag.Warning, ruleTime, "this is no duration: "+quote(excerpt([]byte(duration.value))), "the session is taken without its end")
		}
		s.End = s.Start.Add(d)
	}
	for _, name := range [...]string{"RRULE", "RDATE"} {
		if rule := e.get(name); rule.value != "" {
			r.note(rule.offset, diag.Warning, ruleRecurrence, s.label()+" is repeated by a rule", "only the first time is taken")
			break
		}
	}
}

// instant reads a time as iCalendar writes it: in UTC, in a zone, in the local
// one, or a date alone.
func (c *icalReader) instant(p property) (t time.Time, dateOnly bool) {
	r := c.r
	v := p.value
	bad := func() (time.Time, bool) {
		r.note(p.offset, diag.Warning, ruleTime, "this is no date with a time: "+quote(excerpt([]byte(v))), "")
		return time.Time{}, false
	}
	if len(v) == len("20060102") {
		t, err := time.ParseInLocation("20060102", v, r.zone())
		if err != nil {
			return bad()
		}
		return t, true
	}
	if strings.HasSuffix(v, "Z") {
		t, err := time.Parse("20060102T150405Z", v)
		if err != nil {
			return bad()
		}
		if r.clock.named == nil {
			// That all times are in UTC says nothing of where people are.
			r.clock.named, r.clock.weak = time.UTC, true
		}
		return t, false
	}
	local, err := time.Parse("20060102T150405", v)
	if err != nil {
		return bad()
	}
	zone, known := r.zone(), true
	if id := p.param("TZID"); id != "" {
		if zone, known = c.zoneOf(id, local); !known {
			zone = r.zone()
			c.zones[id] = &icalTimes{zone: zone} // said once
			r.note(p.offset, diag.Warning, ruleZone, "the time zone "+quote(excerpt([]byte(id)))+" is not known", "its times are taken for those of "+r.zone().String()+"; give the zone with --time-zone, such as Europe/Amsterdam")
		}
	} else if !r.clock.floating {
		r.clock.floating, r.clock.floatingAt = true, p.offset
	}
	return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, zone), false
}

func (c *icalReader) zoneOf(id string, local time.Time) (*time.Location, bool) {
	known := c.zones[id]
	if known == nil {
		known = &icalTimes{zone: icalZone(id)}
		if len(c.zones) < 1000 {
			c.zones[id] = known
		}
	}
	if known.zone != nil {
		return known.zone, true
	}
	seconds, ok := offsetAt(known.rules, local)
	if !ok {
		return nil, false
	}
	zone := fixedZone(seconds)
	if c.r.clock.own == nil {
		c.r.clock.own = zone
	}
	return zone, true
}

// icalDuration reads PT1H30M and P1D.
func icalDuration(s string) (time.Duration, bool) {
	s, negative := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(s), "+"), "-")
	s, ok := strings.CutPrefix(s, "P")
	if !ok || len(s) > 20 {
		return 0, false
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	var d time.Duration
	n, digits := 0, 0
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch >= '0' && ch <= '9' && digits < 6:
			n, digits = n*10+int(ch-'0'), digits+1
		case ch == 'T' && digits == 0:
		case units[ch] != 0 && digits > 0:
			d += time.Duration(n) * units[ch]
			n, digits = 0, 0
		default:
			return 0, false
		}
	}
	if negative {
		d = -d
	}
	return d, digits == 0
}

// place is a location without the tail that all have.
func (c *icalReader) place(location string) string {
	room := plain(location)
	if c.tail != "" {
		if short, ok := strings.CutSuffix(room, c.tail); ok && short != "" {
			return short
		}
	}
	return room
}

// commonTail returns what nearly all locations end with, after a comma: the
// city, the country.
func commonTail(events []component) string {
	var all []string
	for _, e := range events {
		if location := plain(e.text("LOCATION")); location != "" {
			all = append(all, location)
		}
	}
	counts := map[string]int{}
	for _, location := range all {
		for i, n := len(location), 0; n < 4; n++ {
			if i = strings.LastIndex(location[:i], ", "); i <= 0 {
				break
			}
			counts[location[i:]]++
		}
	}
	tail, most := "", 0
	for _, t := range sortedTails(counts) {
		n := counts[t]
		switch {
		case n < 3 || n*10 < len(all)*8:
		case tail == "" || strings.HasSuffix(t, tail) && n*20 >= most*19:
			tail, most = t, max(most, n)
		}
	}
	return tail
}

// sortedTails returns the tails, short ones first.
func sortedTails(counts map[string]int) []string {
	var all []string
	for t := range counts {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return all
}

// zoneHint looks whether a city of the locations has a time zone of its name.
func (c *icalReader) zoneHint() {
	for _, part := range strings.Split(c.tail, ", ") {
		city := strings.ReplaceAll(part, " ", "_")
		for _, continent := range [...]string{"Europe", "America", "Asia", "Australia", "Africa", "Pacific"} {
			if city != "" && loadZone(continent+"/"+city) != nil {
				c.r.clock.hint = continent + "/" + city
				return
			}
		}
	}
}
