package main

import (
	"context"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// events is how many the programme has: those of a big conference of volunteers.
const events = 1351

// askImport: a large programme becomes notes, in an empty folder and again.
func (b *bench) askImport(ctx context.Context) error {
	file := filepath.Join(b.work, "programme.xml")
	text := programmeText(events)
	if err := writeText(file, text); err != nil {
		return err
	}
	folder := func() (string, error) {
		dir := b.output()
		return dir, os.MkdirAll(dir, 0o777)
	}
	again, err := folder()
	if err != nil {
		return err
	}
	if _, err := runOnce(ctx, program{command: func(int) []string { return []string{b.lectern, "import", "--quiet", file, again} }}, 0, b.work); err != nil {
		return err
	}
	var empty []string
	for range b.runs + 1 {
		dir, err := folder()
		if err != nil {
			return err
		}
		empty = append(empty, dir)
	}
	programs := []program{
		{name: "into an empty folder", command: func(run int) []string { return []string{b.lectern, "import", "--quiet", file, empty[run]} }},
		{name: "again, nothing changed", command: func(int) []string { return []string{b.lectern, "import", "--quiet", file, again} }},
	}
	title := fmt.Sprintf("A programme of %s sessions becomes notes", thousands(events))
	samples, err := b.race(ctx, title, b.work, programs...)
	if err != nil {
		return err
	}
	s := section{
		title: title,
		text:  fmt.Sprintf("Whole processes of `lectern import` of frab XML of %.1f MB: read, and a note for each session written.", float64(len(text))/1e6),
	}
	s.times(programs, samples)
	s.aims = []aim{
		{"milliseconds, into an empty folder", float64(median(each(samples[0], wall))) / 1e6, 300, false},
		{"milliseconds, again", float64(median(each(samples[1], wall))) / 1e6, 0, false},
	}
	b.sections = append(b.sections, s)
	return nil
}

// programmeText is a programme of n sessions in frab's XML: ten days, rooms
// side by side, abstracts of some length.
func programmeText(n int) string {
	const days, rooms = 10, 12
	w := newWriter(1 << 50)
	w.f("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schedule>\n<version>1</version>\n<conference><title>Field Days</title><acronym>fd</acronym>" +
		"<start>2026-05-01</start><end>2026-05-10</end><days>10</days><time_zone_name>Europe/Berlin</time_zone_name></conference>\n")
	i := 0
	for day := range days {
		date := time.Date(2026, 5, 1+day, 9, 0, 0, 0, time.FixedZone("", 7200))
		w.f("<day index=\"%d\" date=\"%s\">\n", day+1, date.Format(time.DateOnly))
		for room := range rooms {
			w.f("<room name=\"Hall %d\">\n", room+1)
			share := n*(day*rooms+room+1)/(days*rooms) - n*(day*rooms+room)/(days*rooms)
			for k := range share {
				w.event(i, room, date.Add(time.Duration(k)*50*time.Minute))
				i++
			}
			w.f("</room>\n")
		}
		w.f("</day>\n")
	}
	w.f("</schedule>\n")
	return w.String()
}

func (w *textWriter) event(i, room int, start time.Time) {
	title := strings.TrimSuffix(w.sentence(), ".")
	w.f("<event guid=\"00000000-0000-4000-8000-%012d\" id=\"%d\">\n", i, i+1)
	w.f("<date>%s</date><start>%s</start><duration>00:45</duration><room>Hall %d</room>\n", start.Format(time.RFC3339), start.Format("15:04"), room+1)
	w.f("<slug>fd-%d</slug><url>https://conference.example.org/talks/%d</url><title>%s</title><subtitle></subtitle>", i+1, i+1, html.EscapeString(title))
	w.f("<track>%s</track><type>lecture</type><language>en</language>\n<abstract>", html.EscapeString(w.pick(nouns)))
	for range 4 {
		for range 3 {
			w.f("%s ", html.EscapeString(w.sentence()))
		}
		w.f("\n\n")
	}
	w.f("</abstract>\n<description></description>\n<persons><person id=\"%d\">Speaker %d of %s</person></persons>\n<links></links><attachments></attachments>\n</event>\n",
		i+1, i+1, html.EscapeString(w.pick(nouns)))
}

// askCheck: all rules over all notes, beside building them.
func (b *bench) askCheck(ctx context.Context) error {
	n := b.largest()
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	check := program{name: "check", command: func(int) []string {
		return []string{b.lectern, "check", "--format", "json", "--fail-on", "error", site}
	}}
	build := b.lecternMemory(site)
	build.name = "build, to memory"
	title := thousands(n) + " notes checked"
	samples, err := b.race(ctx, title, b.work, check, build)
	if err != nil {
		return err
	}
	s := section{title: title, text: "Whole processes of `lectern check`, which applies every rule to every note, beside `lectern build --memory`."}
	s.times([]program{check, build}, samples)
	s.aims = b.forBig([]aim{{"wall time of a check ÷ a build's", ratio(samples[0], samples[1], wall), 2, false}})
	b.sections = append(b.sections, s)
	return nil
}
