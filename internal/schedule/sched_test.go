package schedule_test

import (
	"regexp"
	"strings"
	"testing"

	"lectern/internal/schedule"
)

// schedCalendar makes a calendar as sched.com writes it, with a text that has
// enough ordinary words to tell names from them.
func schedCalendar(titles ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\nPRODID:-//Sched.com Test//EN\nX-WR-TIMEZONE:UTC\nBEGIN:VEVENT\nUID:words\nSUMMARY:Words\nDESCRIPTION:deep dive gateway running state pictures specialist red hat defense unicorns liquid ")
	for i := range 26 * 26 * 2 {
		b.WriteString(" w" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)))
	}
	b.WriteString("\nEND:VEVENT\n")
	for i, title := range titles {
		b.WriteString("BEGIN:VEVENT\nUID:" + string(rune('a'+i)) + "\nSUMMARY:" + strings.ReplaceAll(strings.ReplaceAll(title, ";", `\;`), ",", `\,`) + "\nEND:VEVENT\n")
	}
	b.WriteString("END:VCALENDAR\n")
	return []byte(b.String())
}

// TestSchedSpeakers: every way in which sched.com's titles end with speakers,
// and ends that look like it and are none.
func TestSchedSpeakers(t *testing.T) {
	for _, tt := range []struct{ title, short, people string }{
		{"Talk - Ada Moser, Acme", "Talk", "Ada Moser (Acme)"},
		{"Talk- Ada Moser, Acme", "Talk", "Ada Moser (Acme)"},
		{"Is it? -Ada Moser, Acme", "Is it?", "Ada Moser (Acme)"},
		{"Talk – Ada Moser, Acme", "Talk", "Ada Moser (Acme)"},
		{"A - B - Ada Moser, Acme, Inc.", "A - B", "Ada Moser (Acme, Inc.)"},
		{"Keynote: It - Ada Moser, Head of Things, Acme & Bo Lindqvist, CEO, Other", "Keynote: It", "Ada Moser (Head of Things, Acme) Bo Lindqvist (CEO, Other)"},
		{"Talk - Ada Moser & Bo Lindqvist, Acme", "Talk", "Ada Moser (Acme) Bo Lindqvist (Acme)"},
		{"Talk - Ada Moser and Bo Lindqvist, Acme", "Talk", "Ada Moser (Acme) Bo Lindqvist (Acme)"},
		{"Talk - Ada Moser, Acme and Bo Lindqvist, Other", "Talk", "Ada Moser (Acme) Bo Lindqvist (Other)"},
		{"Talk - Ada Moser, Bo Lindqvist & Cy van der Haar, Acme", "Talk", "Ada Moser (Acme) Bo Lindqvist (Acme) Cy van der Haar (Acme)"},
		{"Talk - Ada Moser, Red Hat & Bo Lindqvist, Defense Unicorns", "Talk", "Ada Moser (Red Hat) Bo Lindqvist (Defense Unicorns)"},
		{"Talk - Ada Moser, Acme; Bo Lindqvist & Cy Haar, Other; Di O’Neill, Third", "Talk", "Ada Moser (Acme) Bo Lindqvist (Other) Cy Haar (Other) Di O’Neill (Third)"},
		{"Talk - Ada Moser, Bo Lindqvist & Cy Haar, Acme & Di Xu, Other", "Talk", "Ada Moser (Acme) Bo Lindqvist (Acme) Cy Haar (Acme) Di Xu (Other)"},
		{"Talk - Ada Moser, Moser & Sons", "Talk", "Ada Moser (Moser & Sons)"},
		{"Talk - Ada Moser, Community Manager & Core Maintainer, Acme", "Talk", "Ada Moser (Community Manager & Core Maintainer, Acme)"},
		{"Talk - Ada Moser, Engineer - Gateway Specialist, Acme", "Talk", "Ada Moser (Engineer - Gateway Specialist, Acme)"},
		{"Talk - JR Valdez, IBM & José Ñandú-Ruiz, K.K. Example Co., Ltd.", "Talk", "JR Valdez (IBM) José Ñandú-Ruiz (K.K. Example Co., Ltd.)"},
		{"Talk - Ada Moser", "Talk", "Ada Moser ()"},

		{"Gateway - Deep Dive", "", ""},
		{"Gateway - Deep Dive, Part 2", "", ""},
		{"Gateway - Running, State and Pictures", "", ""},
		{"Day Hosted by Acme - Full-Day Event | PASS REQUIRED", "", ""},
		{"3-2-1 Certify! - Everything, but Not Now", "", ""},
		{"Well-known - things", "", ""},
		{"Acme - ", "", ""},
		{"- Ada Moser, Acme", "", ""},
	} {
		t.Run(tt.title, func(t *testing.T) {
			p, _ := read(t, "p", schedCalendar(tt.title))
			s := find(p, "a")
			var people []string
			for _, who := range s.Speakers {
				people = append(people, who.Name+" ("+who.Company+")")
			}
			if tt.short == "" {
				tt.short = strings.TrimSpace(tt.title)
			}
			if got := strings.Join(people, " "); s.Title != tt.short || got != tt.people {
				t.Errorf("got  %q by %q\nwant %q by %q", s.Title, got, tt.short, tt.people)
			}
		})
	}
}

func find(p *schedule.Programme, id string) schedule.Session {
	for _, s := range p.Sessions {
		if s.ID == id {
			return s
		}
	}
	return schedule.Session{}
}

// TestSchedReal looks at all speakers of a real calendar: how many there are,
// and that none has what no name has.
func TestSchedReal(t *testing.T) {
	p, _ := read(t, "sched_kccnceu2026.ics", realFile(t, "sched_kccnceu2026.ics"))
	odd := regexp.MustCompile(`[0-9&|:;,@/]| and | - |^(and|Maintainer|Lead)\b|\b(Inc|Ltd|GmbH|Specialist|Engineer)\b`)
	with, people, alone := 0, 0, 0
	for _, s := range p.Sessions {
		if len(s.Speakers) > 0 {
			with++
		}
		for _, who := range s.Speakers {
			people++
			if odd.MatchString(who.Name) {
				t.Errorf("%q: the speaker %q", s.Title, who.Name)
			}
			if strings.HasPrefix(who.Company, "and ") || strings.HasPrefix(who.Company, "&") {
				t.Errorf("%q: the company %q", s.Title, who.Company)
			}
			if who.Company == "" {
				alone++
			}
		}
	}
	if with != 438 || people != 817 || alone != 4 {
		t.Errorf("%d sessions with speakers, %d speakers, %d without a company", with, people, alone)
	}
}
