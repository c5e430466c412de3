package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"lectern/internal/snapshot"
)

func (b *bench) lecternMemory(site string) program {
	return program{name: "Lectern", command: func(int) []string {
		return []string{b.lectern, "build", "--memory", "--quiet", site}
	}}
}

func (b *bench) hugoMemory(site string) program {
	return program{name: "Hugo", command: func(int) []string {
		return []string{b.hugo, "--quiet", "--noBuildLock", "--renderToMemory", "--cacheDir", filepath.Join(b.work, "cache"), "--source", site}
	}}
}

// askMemory: all notes rendered to memory, the full theme against bare Hugo.
func (b *bench) askMemory(ctx context.Context) error {
	n := b.largest()
	for _, code := range []bool{false, true} {
		site, err := b.site(n, code)
		if err != nil {
			return err
		}
		programs := []program{b.lecternMemory(site)}
		if b.hugo != "" {
			programs = append(programs, b.hugoMemory(site))
		}
		title := fmt.Sprintf("%s notes rendered to memory", thousands(n))
		if code {
			title += ", a third of them with code"
		}
		samples, err := b.race(ctx, title, site, programs...)
		if err != nil {
			return err
		}
		s := section{title: title, text: "What `serve` does at its start: Lectern's whole theme (`lectern build --memory`) beside the barest Hugo (`hugo --renderToMemory`)."}
		s.times(programs, samples)
		if b.hugo != "" {
			aims := []aim{
				{"Hugo's wall time ÷ Lectern's", ratio(samples[1], samples[0], wall), 10, true},
				{"Lectern's peak memory ÷ Hugo's", ratio(samples[0], samples[1], rss), 0.25, false},
			}
			if code { // both pay for the same highlighter: there is no aim, but it is said
				aims = withoutLimits(aims)
			}
			s.aims = b.forBig(aims)
		}
		b.sections = append(b.sections, s)
	}
	return nil
}

// forBig returns aims, which hold for 10,000 notes, without their limits if
// fewer were measured.
func (b *bench) forBig(aims []aim) []aim {
	if b.largest() < 10_000 {
		return withoutLimits(aims)
	}
	return aims
}

func withoutLimits(aims []aim) []aim {
	for i := range aims {
		aims[i].limit = 0
	}
	return aims
}

// askDisk: all notes written to a directory, and a program that only writes.
func (b *bench) askDisk(ctx context.Context) error {
	n := b.largest()
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	model := b.output()
	if _, err := runOnce(ctx, program{name: "Lectern", command: func(int) []string {
		return []string{b.lectern, "build", "--quiet", site, "-o", model}
	}}, 0, site); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	writer := func(jobs string) program {
		return program{name: "only write, " + jobs + " at once", selfTimed: true, command: func(int) []string {
			return []string{self, writerCommand, "-jobs", jobs, model, b.output()}
		}}
	}
	programs := []program{
		{name: "Lectern", command: func(int) []string { return []string{b.lectern, "build", "--quiet", site, "-o", b.output()} }},
		writer("1"), writer("8"),
	}
	if b.hugo != "" {
		programs = append(programs, program{name: "Hugo", command: func(int) []string {
			return []string{b.hugo, "--quiet", "--noBuildLock", "--cacheDir", filepath.Join(b.work, "cache"), "--source", site, "--destination", b.output()}
		}})
	}
	title := thousands(n) + " notes written to a new directory"
	samples, err := b.race(ctx, title, site, programs...)
	if err != nil {
		return err
	}
	s := section{title: title, text: "The writers are programs that do nothing but write: they hold the very bytes that Lectern writes in memory and make the same directories and files, one after the other or eight at once; only that is timed, while Lectern's time is the whole process. No output is removed between runs (see the end of this page)."}
	s.times(programs, samples)
	s.aims = []aim{
		{"Lectern's wall time ÷ the plain writer's", ratio(samples[0], samples[1], wall), 1.3, false},
		{"Lectern's wall time ÷ the writer's with eight at once", ratio(samples[0], samples[2], wall), 0, false},
	}
	if b.hugo != "" {
		s.aims = append(s.aims,
			aim{"Hugo's user time ÷ Lectern's", ratio(samples[3], samples[0], user), 10, true},
			aim{"Hugo's wall time ÷ Lectern's", ratio(samples[3], samples[0], wall), 0, true})
	}
	s.aims = b.forBig(s.aims)
	b.sections = append(b.sections, s)
	return b.askAgain(ctx, n)
}

// askAgain: a build after one note was edited, and one after nothing was.
func (b *bench) askAgain(ctx context.Context, n int) error {
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	out := b.output()
	command := func(int) []string { return []string{b.lectern, "build", "--quiet", site, "-o", out} }
	if _, err := runOnce(ctx, program{command: command}, 0, site); err != nil {
		return err
	}
	name := noteFile(site, n/2)
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before := make(map[string]int64)
	var written []int
	programs := []program{
		{name: "one note edited", command: func(round int) []string {
			if before, err = modTimes(out); err == nil {
				err = os.WriteFile(name, fmt.Appendf(nil, "%s\nOne more line (%d).\n", text, round), 0o666)
			}
			return command(round)
		}, check: func(int) error {
			after, err2 := modTimes(out)
			changed := 0
			for p, t := range after {
				if before[p] != t {
					changed++
				}
			}
			written = append(written, changed)
			return errors.Join(err, err2)
		}},
		{name: "nothing changed", command: command},
	}
	title := "The same directory built again"
	samples, err := b.race(ctx, title, site, programs...)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		return err
	}
	s := section{title: title, text: fmt.Sprintf("Whole processes of `lectern build` over the %s notes; every output file is looked at, only what differs is written: %d of %s files after one note was edited.",
		thousands(n), written[len(written)-1], thousands(len(before)))}
	s.times(programs, samples)
	b.sections = append(b.sections, s)
	return nil
}

// modTimes returns the modification time of every file of the site in dir.
func modTimes(dir string) (map[string]int64, error) {
	m, err := snapshot.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	times := make(map[string]int64, len(m.Files))
	for _, e := range m.Files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(e.Path)))
		if err != nil {
			return nil, err
		}
		times[e.Path] = info.ModTime().UnixNano()
	}
	return times, nil
}

// askGrowth: does a note cost the same in a small site and in a big one?
func (b *bench) askGrowth(ctx context.Context) error {
	if len(b.options.sizes) < 2 {
		b.note("With one size (`-n`) there is no growth to show.")
		return nil
	}
	var programs []program
	for _, n := range b.options.sizes {
		site, err := b.site(n, false)
		if err != nil {
			return err
		}
		p := b.lecternMemory(site)
		p.name = thousands(n) + " notes"
		programs = append(programs, p)
	}
	samples, err := b.race(ctx, "time per note", b.work, programs...)
	if err != nil {
		return err
	}
	s := section{title: "Time for each note as a site grows", text: "Whole processes of `lectern build --memory`, so a small site's share of the start-up is in it. User time counts both cores' work."}
	s.head = []string{"Site", "Wall", "Wall for each note", "User for each note", "Peak memory"}
	least, most := time.Duration(0), time.Duration(0)
	for i, n := range b.options.sizes {
		w := median(each(samples[i], wall))
		per := w / time.Duration(n)
		s.rows = append(s.rows, []string{programs[i].name, duration(w), duration(per), duration(median(each(samples[i], user)) / time.Duration(n)), bytesText(median(each(samples[i], rss)))})
		if least == 0 || per < least {
			least = per
		}
		most = max(most, per)
	}
	s.aims = b.forBig([]aim{{"most time for a note ÷ least", float64(most) / float64(least), 1.5, false}})
	b.sections = append(b.sections, s)
	return nil
}

// askRelearn: Hugo with the theme that such notes are mostly shown with.
func (b *bench) askRelearn(ctx context.Context) error {
	const n = 1000
	if b.hugo == "" || b.relearn == "" {
		b.note("Hugo with the theme Relearn was not measured here: name Hugo with `-hugo` and the theme's folder with `-relearn`.")
		return nil
	}
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	// The same notes, without the bare layouts, which would win over the theme's.
	themed := filepath.Join(b.work, "relearn-site")
	if err := os.CopyFS(filepath.Join(themed, "content"), os.DirFS(filepath.Join(site, "content"))); err != nil {
		return err
	}
	if err := writeText(filepath.Join(themed, "hugo.toml"), fmt.Sprintf("theme = %q\nthemesDir = %q\n%s", filepath.Base(b.relearn), filepath.Dir(b.relearn), hugoConfig)); err != nil {
		return err
	}
	programs := []program{b.lecternMemory(site), b.hugoMemory(themed)}
	programs[1].name = "Hugo with Relearn"
	title := thousands(n) + " notes to memory, beside Hugo with Relearn"
	samples, err := b.race(ctx, title, b.work, programs...)
	if err != nil {
		return err
	}
	s := section{title: title}
	s.times(programs, samples)
	s.aims = []aim{{"Hugo's wall time ÷ Lectern's", ratio(samples[1], samples[0], wall), 250, true}}
	b.sections = append(b.sections, s)
	return nil
}

// askReal: a real conference's notes, from the start of the process to its end.
func (b *bench) askReal(ctx context.Context) error {
	if _, err := os.Stat(b.kubecon); errors.Is(err, fs.ErrNotExist) {
		b.note("The notes of a real conference are not on this machine (`-kubecon25`), so they were not measured.")
		return nil
	}
	site, err := filepath.Abs(b.kubecon)
	if err != nil {
		return err
	}
	again := b.output()
	programs := []program{
		b.lecternMemory(site),
		{name: "Lectern, to a new directory", command: func(int) []string { return []string{b.lectern, "build", "--quiet", site, "-o", b.output()} }},
		{name: "Lectern, the same again", command: func(int) []string { return []string{b.lectern, "build", "--quiet", site, "-o", again} }},
	}
	programs[0].name = "Lectern, to memory"
	runs := b.runs
	b.runs = max(runs, 10) // they are short
	samples, err := b.race(ctx, "a real conference", b.work, programs...)
	b.runs = runs
	if err != nil {
		return err
	}
	s := section{title: "A real conference: 49 notes, 1.9 MB of pictures", text: "Whole processes, start-up and end included."}
	s.times(programs, samples)
	for i, p := range programs {
		limit := 60.0
		if i == 2 {
			limit = 0
		}
		s.aims = append(s.aims, aim{"milliseconds, " + p.name, float64(median(each(samples[i], wall))) / 1e6, limit, false})
	}
	b.sections = append(b.sections, s)
	return nil
}
