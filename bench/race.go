package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// bench is one run of the command.
type bench struct {
	options
	hugoVersion string
	made        map[siteKey]string // sites by folder
	outputs     int

	sections []section
	notes    []string // what a reader has to know about this run
}

type siteKey struct {
	notes int
	code  bool
}

// say tells the person at the terminal what goes on.
func (b *bench) say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// note is for the page.
func (b *bench) note(text string) {
	b.say("%s", text)
	b.notes = append(b.notes, text)
}

// question is one thing to measure.
type question struct {
	name string
	ask  func(*bench, context.Context) error
}

func questions() []question {
	return []question{
		{"memory", (*bench).askMemory},
		{"disk", (*bench).askDisk},
		{"growth", (*bench).askGrowth},
		{"relearn", (*bench).askRelearn},
		{"real", (*bench).askReal},
		{"serve", (*bench).askServe},
		{"live", (*bench).askLive},
		{"import", (*bench).askImport},
		{"check", (*bench).askCheck},
		{"publish", (*bench).askPublish},
		{"static", (*bench).askStatic},
	}
}

func questionNames() []string {
	var names []string
	for _, q := range questions() {
		names = append(names, q.name)
	}
	return names
}

func (b *bench) measure(ctx context.Context) error {
	wanted := b.only
	for _, q := range questions() {
		if wanted != "" && !strings.Contains(","+wanted+",", ","+q.name+",") {
			continue
		}
		if err := q.ask(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return nil
}

// largest is the biggest number of notes asked for.
func (b *bench) largest() int {
	n := 0
	for _, size := range b.options.sizes {
		n = max(n, size)
	}
	return n
}

// site returns the folder of a site, which is made when it is first asked for.
func (b *bench) site(n int, code bool) (string, error) {
	key := siteKey{n, code}
	if dir, ok := b.made[key]; ok {
		return dir, nil
	}
	dir := filepath.Join(b.work, fmt.Sprintf("notes-%d", n))
	if code {
		dir += "-code"
	}
	b.say("writing %d notes", n)
	if err := makeSite(dir, n, code); err != nil {
		return "", err
	}
	b.made[key] = dir
	return dir, nil
}

// output returns the name of a new directory. None is removed before the end:
// ext4 passes over inodes that were freed in the last minute, one by one, so
// that a run after a big removal would measure that.
func (b *bench) output() string {
	b.outputs++
	return filepath.Join(b.work, fmt.Sprintf("out-%03d", b.outputs))
}

// race runs the programs in turn, b.runs times, and returns each one's samples.
// Every second round goes the other way round. One round before is not counted.
func (b *bench) race(ctx context.Context, what, dir string, programs ...program) ([][]sample, error) {
	samples := make([][]sample, len(programs))
	for round := range b.runs + 1 {
		for k := range programs {
			i := k
			if round%2 == 1 {
				i = len(programs) - 1 - k
			}
			s, err := runOnce(ctx, programs[i], round, dir)
			if err != nil {
				return nil, err
			}
			b.say("%s, round %d of %d: %s %s", what, round, b.runs, programs[i].name, duration(s.wall))
			if round > 0 {
				samples[i] = append(samples[i], s)
			}
		}
	}
	return samples, nil
}
