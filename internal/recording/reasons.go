package recording

import (
	"fmt"
	"strings"
	"time"
)

// fits says in words what speaks for a pair.
func (m *matcher) fits(v *verdict) []string {
	var out []string
	a := &v.a
	switch {
	case a.total == 0 || a.matched == 0:
	case a.same && a.dropped == 0 && a.typos == 0:
		out = append(out, "same title")
	case a.missing == 0 && a.extra == 0 && a.typos > 0:
		out = append(out, fmt.Sprintf("same title but for %s", count(a.typos, "word's spelling", "words' spelling")))
	case a.missing == 0 && a.extra == 0:
		out = append(out, "whole title")
	default:
		out = append(out, fmt.Sprintf("%.0f %% of the title", 100*min(1, a.matched/(a.matched+a.missing))))
	}
	if a.dropped > 0 && a.matched > 0 && strings.TrimSpace(a.leftText) != "" {
		out = append(out, fmt.Sprintf("without %q", a.leftText))
	}
	r := &m.recordings[v.r]
	for _, f := range [...]struct {
		fit  fits
		text func() string
	}{
		{fitID, func() string { return "the programme's id " + r.ID }},
		{fitLink, func() string { return "a link that the note has" }},
		{fitSpeaker, func() string { return "speaker " + strings.Join(m.sessions[v.s].Speakers, ", ") }},
		{fitTime, func() string { return "same time" }},
		{fitDay, func() string { return "same day" }},
		{fitLength, func() string { return fmt.Sprintf("%s long", length(r.Duration)) }},
		{fitRoom, func() string { return "room " + r.Room }},
		{fitTrack, func() string { return "track " + r.Track }},
		{fitText, func() string { return "the note speaks of it" }},
	} {
		if v.for_&f.fit != 0 && (f.fit != fitDay || v.for_&fitTime == 0) {
			out = append(out, f.text())
		}
	}
	return out
}

// misfits says in words what speaks against a pair.
func (m *matcher) misfits(v *verdict) []string {
	var out []string
	s, r := &m.sessions[v.s], &m.recordings[v.r]
	for _, f := range [...]struct {
		misfit misfits
		text   func() string
	}{
		{misfitPart, func() string {
			if m.st[v.s].part == "" {
				return "the recording is of part " + m.rt[v.r].part
			}
			return "the recording does not say that it is part " + m.st[v.s].part
		}},
		{misfitNumber, func() string { return "a number differs" }},
		{misfitForm, func() string {
			return fmt.Sprintf("one is a %s, the other a %s", m.st[v.s].form, m.rt[v.r].form)
		}},
		{misfitLevel, func() string { return "the recording may be of another talk in a series" }},
		{misfitSpeaker, func() string {
			if len(r.Speakers) > 0 {
				return "other speakers: " + strings.Join(r.Speakers, ", ")
			}
			return "the recording names other speakers"
		}},
		{misfitDay, func() string { return "it took place on " + r.Day.Format(time.DateOnly) }},
		{misfitPublished, func() string { return "it was published on " + r.Published.Format(time.DateOnly) }},
		{misfitLength, func() string {
			return fmt.Sprintf("%s long, the session %s", length(r.Duration), length(s.End.Sub(s.Start)))
		}},
		{misfitRoom, func() string { return "another room: " + r.Room }},
		{misfitTrack, func() string { return "another track: " + r.Track }},
		{misfitEdition, func() string {
			return "it names another year"
		}},
	} {
		if v.against&f.misfit != 0 {
			out = append(out, f.text())
		}
	}
	return out
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// length writes a duration as people say it.
func length(d time.Duration) string {
	if d < time.Hour {
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}
