package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/scaffold"
)

// nowFlags are the flags of `lectern now`.
type nowFlags struct {
	at      string
	onlyOut bool
}

func (a *app) nowCommand() *cobra.Command {
	var f nowFlags
	cmd := &cobra.Command{
		Use:   "now [DIR] [flags]",
		Short: "Open the note of the session that runs now",
		Long: `Open the note of the session that runs now, in $VISUAL or $EDITOR.

What runs is told by the programme of the last import, in the conference's time
zone and without any network. Chosen sessions come before others; where several
run, you are asked. Between two sessions it is the next one, if that begins within
a quarter of an hour. A session without a note gets one.`,
		Example: `  lectern now
  lectern now --print --at 14:30`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.now(cmd.Context(), args, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.at, "at", "", "take this `time` for now: 14:30, or 2026-10-09T14:30, in the conference's zone")
	fl.BoolVar(&f.onlyOut, "print", false, "print the note's path instead of opening it")
	return cmd
}

func (a *app) now(ctx context.Context, args []string, f nowFlags) error {
	p, err := a.openProject(ctx, args, "")
	if err != nil {
		return err
	}
	if p.Last == nil {
		return &hintedError{fmt.Errorf("there is no programme in %s", a.shown(p.dir)), "import one: lectern import https://example.org/schedule.json"}
	}
	at, err := parseClock(f.at, time.Now().In(p.zone()))
	if err != nil {
		return err
	}
	l, err := a.pick(running(p.listed(), at), at, f.onlyOut)
	if err != nil {
		return err
	}
	name, err := a.noteOf(p, l)
	if err != nil {
		return err
	}
	if f.onlyOut {
		_, err := fmt.Fprintln(a.Out, a.shown(p.path(name)))
		return err
	}
	return a.edit(ctx, p.path(name))
}

// parseClock reads a time of the day of now, or a date with one, in now's zone.
func parseClock(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return now, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(now.Location()), nil
	}
	if t, err := time.Parse("15:04", s); err == nil {
		y, m, d := now.Date()
		return time.Date(y, m, d, t.Hour(), t.Minute(), 0, 0, now.Location()), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, now.Location()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &usageError{fmt.Sprintf("--at %q is no time", s), "write 14:30 or 2026-10-09T14:30"}
}

// nextWithin is how early a session counts as running, where none does.
const nextWithin = 15 * time.Minute

// running are the sessions that run at a time, else those that begin soon; the
// chosen ones where there are any.
func running(list []listed, at time.Time) []listed {
	var now, next []listed
	for _, l := range list {
		if l.Start.IsZero() || l.Cancelled || l.AllDay {
			continue
		}
		end := l.End
		if end.IsZero() {
			end = l.Start.Add(time.Hour)
		}
		switch {
		case !at.Before(l.Start) && at.Before(end):
			now = append(now, l)
		case at.Before(l.Start) && l.Start.Sub(at) <= nextWithin:
			next = append(next, l)
		}
	}
	for _, set := range [][]listed{now, next} {
		mine := slices.DeleteFunc(slices.Clone(set), func(l listed) bool { return !l.chosen && len(l.notes) == 0 })
		if len(mine) > 0 {
			return mine
		}
	}
	talk := func(l listed) bool { return l.Break }
	if now = slices.DeleteFunc(now, talk); len(now) > 0 {
		return now
	}
	return slices.DeleteFunc(next, talk)
}

// pick returns the one session, or the one that the person chooses.
func (a *app) pick(list []listed, at time.Time, only bool) (listed, error) {
	when := at.Format("Monday 15:04 MST")
	switch {
	case len(list) == 0:
		return listed{}, &hintedError{fmt.Errorf("no session runs on %s", when), "lectern programme shows when they do; lectern new makes a note of another talk"}
	case len(list) == 1:
		return list[0], nil
	}
	fmt.Fprintf(a.Err, "on %s:\n", when)
	for i, l := range list {
		fmt.Fprintf(a.Err, "%3d  %s %s  %s%s\n", i+1, mark(&l), clockSpan(l.Session), l.Title, details(l.Session))
	}
	if !a.interactive() || only {
		return listed{}, &hintedError{fmt.Errorf("%s run now", plural(len(list), "session")), "choose what you take notes of: lectern import --only …"}
	}
	for {
		line, err := a.ask("which one? ")
		if err != nil {
			return listed{}, err
		}
		if line == "" {
			return listed{}, errors.New("none was chosen")
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(list) {
			return list[n-1], nil
		}
		fmt.Fprintf(a.Err, "a number from 1 to %d, please\n", len(list))
	}
}

// noteOf is the path of a session's note. One that has none is chosen now.
func (a *app) noteOf(p *project, l listed) (string, error) {
	if len(l.notes) > 0 {
		return l.notes[0].path, nil
	}
	prog := p.Last.Programme
	plan, err := scaffold.Import(p.Project, &prog, scaffold.Options{Chosen: map[string]bool{l.ID: true}, Source: p.Last.Source})
	if err != nil {
		return "", err
	}
	if err := p.write(plan.Changes...); err != nil {
		return "", err
	}
	names := plan.Noted[l.ID]
	if len(names) == 0 {
		return "", fmt.Errorf("no note of %q could be made", l.Title)
	}
	return names[0], nil
}
