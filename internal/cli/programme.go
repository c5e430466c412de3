package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/note"
	"lectern/internal/schedule"
)

// programmeFlags are the flags of `lectern programme`.
type programmeFlags struct {
	day            string
	chosen, asJSON bool
}

func (a *app) programmeCommand() *cobra.Command {
	var f programmeFlags
	cmd := &cobra.Command{
		Use:   "programme [DIR] [flags]",
		Short: "Show the timetable, what is chosen and what has notes",
		Long: `Show the programme of the last import as a timetable, without any network.

  ●  there are notes of it
  ○  it is chosen, and nothing is written yet
     it is not chosen

Times are the conference's.`,
		Example: `  lectern programme --day 1
  lectern programme --chosen
  lectern programme --json | jq '.[] | select(.notes | not) | .title'`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.programme(cmd.Context(), args, f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.day, "day", "", "show this `day` alone: its number or its date")
	fl.BoolVar(&f.chosen, "chosen", false, "show chosen sessions alone")
	fl.BoolVar(&f.asJSON, "json", false, "print the sessions as JSON")
	return cmd
}

// listed is a session of the timetable.
type listed struct {
	*schedule.Session
	chosen bool
	notes  []noted
}

// noted is a note of a session.
type noted struct {
	path string
	stub bool
}

// written is true where somebody wrote something of their own.
func (l *listed) written() bool {
	return slices.ContainsFunc(l.notes, func(n noted) bool { return !n.stub })
}

func (a *app) programme(ctx context.Context, args []string, f programmeFlags) error {
	p, err := a.openProject(ctx, args, "")
	if err != nil {
		return err
	}
	if p.Last == nil {
		return &hintedError{fmt.Errorf("there is no programme in %s", a.shown(p.dir)), "import one: lectern import https://example.org/schedule.json"}
	}
	day, err := wantedDay(f.day, p.Last.Programme.Days)
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(p.listed(), func(l listed) bool {
		return day != "" && l.Day != day || f.chosen && !l.chosen
	})
	if f.asJSON {
		return a.programmeJSON(list)
	}
	var b strings.Builder
	last := "none"
	for _, l := range list {
		if l.Day != last {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			last = l.Day
			b.WriteString(a.term.paint(cyan, dayTitle(l.Day)) + "\n")
		}
		b.WriteString(mark(&l) + " " + clockSpan(l.Session) + "  " + l.Title + details(l.Session) + "\n")
	}
	if len(list) == 0 {
		b.WriteString("no session is to be shown\n")
	}
	if _, err := fmt.Fprint(a.Out, b.String()); err != nil {
		return fmt.Errorf("print the programme: %w", err)
	}
	return nil
}

func mark(l *listed) string {
	switch {
	case l.written():
		return "●"
	case l.chosen || len(l.notes) > 0:
		return "○"
	}
	return " "
}

// wantedDay finds a conference day by its number or its date.
func wantedDay(s string, days []string) (string, error) {
	if s == "" || slices.Contains(days, s) {
		return s, nil
	}
	var n int
	if _, err := fmt.Sscanf(s, "%d", &n); err == nil && n >= 1 && n <= len(days) && fmt.Sprint(n) == s {
		return days[n-1], nil
	}
	return "", &usageError{fmt.Sprintf("--day %q: the programme has no such day", s), "the days are " + strings.Join(days, ", ") + ", or 1, 2 and so on"}
}

// listed are the sessions of the last import, with what there is of them.
func (p *project) listed() []listed {
	notes := p.notesBySession()
	chosen := map[string]bool{}
	for _, s := range p.Last.Chosen() {
		chosen[s.ID] = true
	}
	var out []listed
	for i := range p.Last.Programme.Sessions {
		s := &p.Last.Programme.Sessions[i]
		l := listed{Session: s, chosen: chosen[s.ID]}
		for _, id := range append([]string{s.ID}, s.OtherIDs...) {
			l.notes = append(l.notes, notes[id]...)
		}
		out = append(out, l)
	}
	return out
}

// notesBySession are the project's notes by the session that their front matter
// names.
func (p *project) notesBySession() map[string][]noted {
	out := map[string][]noted{}
	parser := note.NewParser(&note.Options{Language: p.cfg.Language})
	for _, f := range p.Files {
		front, _, ok := parser.Front(f.Path, f.Data)
		if ok && front.Session != "" {
			n := parser.Parse(f.Path, f.Data)
			out[front.Session] = append(out[front.Session], noted{f.Path, n.Stub})
		}
	}
	return out
}

func (a *app) programmeJSON(list []listed) error {
	type item struct {
		ID        string   `json:"id"`
		Title     string   `json:"title"`
		Speakers  []string `json:"speakers"`
		Room      string   `json:"room,omitempty"`
		Track     string   `json:"track,omitempty"`
		Day       string   `json:"day,omitempty"`
		Start     string   `json:"start,omitempty"`
		End       string   `json:"end,omitempty"`
		URL       string   `json:"url,omitempty"`
		Cancelled bool     `json:"cancelled"`
		Chosen    bool     `json:"chosen"`
		Notes     bool     `json:"notes"`
		Files     []string `json:"files"`
	}
	items := []item{}
	for _, l := range list {
		it := item{
			ID: l.ID, Title: l.Title, Speakers: []string{}, Room: l.Room, Track: l.Track, Day: l.Day, URL: l.URL,
			Cancelled: l.Cancelled, Chosen: l.chosen, Notes: l.written(), Files: []string{},
			Start: rfc3339(l.Start), End: rfc3339(l.End),
		}
		for _, s := range l.Speakers {
			it.Speakers = append(it.Speakers, s.Name)
		}
		for _, n := range l.notes {
			it.Files = append(it.Files, n.path)
		}
		items = append(items, it)
	}
	enc := json.NewEncoder(a.Out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(items); err != nil {
		return fmt.Errorf("print the programme: %w", err)
	}
	return nil
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// dayTitle writes a conference day for a person.
func dayTitle(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "Without a time"
	}
	return t.Format("Monday, 2 January 2006")
}

// clockSpan is when a session is, in eleven columns.
func clockSpan(s *schedule.Session) string {
	switch {
	case s.Start.IsZero():
		return "           "
	case s.End.IsZero():
		return s.Start.Format("15:04") + "      "
	}
	return s.Start.Format("15:04") + "–" + s.End.Format("15:04")
}

// within returns the slash path of a file from dir, if it lies below it.
func within(dir, file string) (string, bool) {
	d, err1 := filepath.Abs(dir)
	f, err2 := filepath.Abs(file)
	if err1 != nil || err2 != nil {
		return "", false
	}
	rel, err := filepath.Rel(d, f)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
