package recording

import (
	"math"
	"slices"
	"strings"
	"time"
)

// verdict is what speaks for and against one pair.
type verdict struct {
	s, r int
	a    alignment
	// raw is the score before it is brought to 0..1: it may pass 1 where more
	// than the title fits.
	raw float64
	// barred pairs are impossible: another year, another part.
	barred  bool
	for_    fits
	against misfits
	// strong: the title alone, or with what else fits, says more than chance could.
	strong bool
}

// fits are what beside the title speaks for a pair.
type fits uint16

const (
	fitID fits = 1 << iota
	fitSpeaker
	fitDay
	fitTime
	fitLength
	fitRoom
	fitTrack
	fitText
	fitLink
)

// misfits are what speaks against a pair: with any of them it is never sure.
type misfits uint16

const (
	misfitYear misfits = 1 << iota
	misfitRegion
	misfitPart
	misfitNumber
	misfitForm
	misfitLevel
	misfitSpeaker
	misfitDay
	misfitPublished
	misfitLength
	misfitRoom
	misfitTrack
	misfitEdition
)

// judge weighs session s against recording r.
func (m *matcher) judge(s, r int) verdict {
	v := verdict{s: s, r: r, a: m.c.align(m.st[s], m.rt[r])}
	m.identity(&v)
	m.editions(&v)
	m.parts(&v)
	m.speakers(&v)
	m.times(&v)
	m.places(&v)
	if v.against&(misfitYear|misfitRegion) != 0 || v.against&misfitPart != 0 && m.st[s].part != "" && m.rt[r].part != "" {
		v.barred = true
		return v
	}
	v.raw = titleScore(&v.a) + v.bonus() - v.malus()
	if v.for_&(fitID|fitLink) != 0 {
		v.raw += 1
	}
	v.strong = m.strength(&v)
	return v
}

// titleScore is 1 for equal titles.
func titleScore(a *alignment) float64 {
	if a.total == 0 || a.matched == 0 {
		return 0
	}
	cover := min(1, a.matched/max(a.matched, a.matched+a.missing))
	precise := a.matched / (a.matched + a.extra)
	return cover*(0.55+0.45*precise) - 0.02*float64(min(a.dropped, 3))
}

func (v *verdict) bonus() float64 {
	var b float64
	for _, f := range [...]struct {
		fit   fits
		worth float64
	}{{fitSpeaker, 0.15}, {fitDay, 0.06}, {fitTime, 0.08}, {fitLength, 0.03}, {fitRoom, 0.04}, {fitTrack, 0.04}, {fitText, 0.05}} {
		if v.for_&f.fit != 0 {
			b += f.worth
		}
	}
	return b
}

func (v *verdict) malus() float64 {
	var b float64
	for _, f := range [...]struct {
		misfit misfits
		worth  float64
	}{
		{misfitPart, 0.2},
		{misfitNumber, 0.2},
		{misfitForm, 0.25},
		{misfitLevel, 0.1},
		{misfitSpeaker, 0.3},
		{misfitDay, 0.35},
		{misfitPublished, 0.35},
		{misfitLength, 0.25},
		{misfitRoom, 0.1},
		{misfitTrack, 0.06},
		{misfitEdition, 0.2},
	} {
		if v.against&f.misfit != 0 {
			b += f.worth
		}
	}
	return b
}

// identity looks for what names the session itself.
func (m *matcher) identity(v *verdict) {
	s, r := &m.sessions[v.s], &m.recordings[v.r]
	if s.ID != "" && s.ID == r.ID && (len(s.ID) >= 12 || v.a.matched*2 >= v.a.total) {
		v.for_ |= fitID
	}
	for _, k := range [...]Kind{Video, Slides, Code} {
		if k != m.kind && k != Code && SameLink(s.Link(k), r.Link(k)) {
			v.for_ |= fitLink
		}
	}
}

// editions compares the years and parts of the world that titles name.
func (m *matcher) editions(v *verdict) {
	s, r := m.st[v.s], m.rt[v.r]
	year := m.years[v.s]
	own, foreign := 0, 0
	for _, y := range r.years {
		if slices.Contains(s.years, y) || y == year {
			own++
		} else {
			foreign++
		}
	}
	switch {
	case foreign == 0:
	case own == 0 && (year != 0 || len(s.years) > 0):
		v.against |= misfitYear
	case own > 0 || m.mixed: // a year that the title speaks of, or another edition's
		v.against |= misfitEdition
	}
	if regions := m.regions[v.s]; len(regions) > 0 && len(r.regions) > 0 &&
		!slices.ContainsFunc(regions, func(p string) bool { return slices.Contains(r.regions, p) }) {
		v.against |= misfitRegion
	}
}

// parts compares what part and what kind of session the titles say they are.
func (m *matcher) parts(v *verdict) {
	s, r := m.st[v.s], m.rt[v.r]
	if s.part != r.part {
		v.against |= misfitPart
	}
	if v.a.lostNumber && v.a.extraNumber || v.a.endNumber && !v.a.lostNumber {
		v.against |= misfitNumber
	}
	if v.a.extraLevel {
		v.against |= misfitLevel
	}
	if s.form == r.form {
		return
	}
	if s.form == formTalk && r.form == formLightning && strings.Contains(strings.ToLower(m.sessions[v.s].Track), "lightning") {
		return
	}
	telling := func(f form) bool { return f == formLightning || f == formPoster || f == formTeaser }
	if telling(s.form) || telling(r.form) || s.form != formTalk && r.form != formTalk {
		v.against |= misfitForm
	}
}

// times compares days, hours and lengths.
func (m *matcher) times(v *verdict) {
	s, r := &m.sessions[v.s], &m.recordings[v.r]
	day := s.day()
	if !day.IsZero() && !r.Day.IsZero() {
		apart := r.Day.Sub(s.Start).Abs()
		switch {
		case r.Timed && !s.Start.IsZero() && apart <= 5*time.Minute:
			v.for_ |= fitDay | fitTime
		case sameDay(day, r.Day):
			v.for_ |= fitDay
		case r.Timed && !s.Start.IsZero() && apart < 14*time.Hour: // a time without its zone
		default:
			v.against |= misfitDay
		}
	}
	if !day.IsZero() && !r.Published.IsZero() {
		if wait := r.Published.Sub(day); wait < -36*time.Hour || wait > 300*24*time.Hour {
			v.against |= misfitPublished
		}
	} else if y := m.years[v.s]; y != 0 && !r.Published.IsZero() && (r.Published.Year() < y || r.Published.Year() > y+1) {
		v.against |= misfitPublished
	}
	slot := s.End.Sub(s.Start)
	if s.Start.IsZero() || s.End.IsZero() || slot <= 0 || slot > 12*time.Hour || r.Duration <= 0 {
		return
	}
	switch {
	case r.Duration > slot+slot/3+10*time.Minute, r.Duration < slot*3/10:
		v.against |= misfitLength
	case r.Duration > slot*6/10 && r.Duration < slot+slot/8:
		v.for_ |= fitLength
	}
}

func sameDay(a, b time.Time) bool {
	y, m, d := a.Date()
	y2, m2, d2 := b.Date()
	return y == y2 && m == m2 && d == d2
}

// places compares rooms and tracks as far as both are told.
func (m *matcher) places(v *verdict) {
	s, r := &m.sessions[v.s], &m.recordings[v.r]
	if s.Room != "" && r.Room != "" {
		if slices.Equal(split(s.Room), split(r.Room)) {
			v.for_ |= fitRoom
		} else {
			v.against |= misfitRoom
		}
	}
	if s.Track != "" && r.Track != "" {
		if slices.Equal(split(s.Track), split(r.Track)) {
			v.for_ |= fitTrack
		} else {
			v.against |= misfitTrack
		}
	}
}

// strength reports whether the words in common are more than chance could make.
func (m *matcher) strength(v *verdict) bool {
	a, rare := &v.a, m.c.rare
	if v.for_&(fitID|fitLink) != 0 {
		return true
	}
	if a.lostNumber || a.total == 0 {
		return false
	}
	missing := a.missing / a.total
	inPlace := v.for_&fitTime != 0 && v.for_&fitRoom != 0
	confirmed := v.for_&fitSpeaker != 0 || inPlace
	// Two words out of the middle of a title may be those of another talk, which
	// has no recording.
	if a.words <= 2 && a.extra > 0.5*rare && !confirmed && v.for_&fitDay == 0 {
		return m.confirmedByText(v)
	}
	switch {
	case a.lostSegment && !inPlace:
		return false
	case a.same && a.dropped == 0 && (a.substance >= 0.5*rare && (a.exact || a.solid >= 2 || a.substance >= 2*rare) || confirmed || v.for_&fitDay != 0 && a.substance > 0):
		return true
	case a.missing == 0 && a.extra == 0 && a.run && (a.solid >= 2 || a.solid == 1 && a.words >= 3 && a.typos == 0):
		return true
	case missing <= 0.1 && a.extra <= 0.25*a.matched && a.substance >= 1.3*rare && a.solid >= 2 && a.words >= 3:
		return true
	case missing <= 0.2 && a.missing+a.extra <= 0.25*a.total && a.substance >= 3*rare && a.solid >= 2:
		return true
	case inPlace && missing <= 0.35 && a.substance >= rare:
		return true
	case confirmed && a.missing+a.extra <= 0.3*a.total && a.substance >= rare: // the speaker may have another talk
		return true
	case a.run && missing == 0 && a.typos == 0 && a.solid >= 2 && a.substance >= 1.7*rare:
		return true
	}
	return m.confirmedByText(v)
}

// confirmedByText reports whether all words of a session's title are the
// recording's, and the note speaks of what else that one's title says.
func (m *matcher) confirmedByText(v *verdict) bool {
	if v.a.missing > 0 || v.a.substance < 0.8*m.c.rare || !m.told(v) {
		return false
	}
	v.for_ |= fitText
	return true
}

// told reports whether the note's text speaks of what else the recording's title says.
func (m *matcher) told(v *verdict) bool {
	text := m.text(v.s)
	if len(text) == 0 {
		return false
	}
	var all, told float64
	for _, w := range v.a.left {
		if isStop(w.text) || isGeneric(w.text) {
			continue
		}
		all += m.c.weight[w.id]
		if text[w.text] {
			told += m.c.weight[w.id]
		}
	}
	return told >= 1.5*m.c.rare && told >= 0.6*all
}

// score brings raw to 0..1.
func (v *verdict) score() float64 {
	return math.Round(100*max(0, min(1, v.raw))) / 100
}
