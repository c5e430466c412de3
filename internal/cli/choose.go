package cli

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"lectern/internal/schedule"
)

// chooseSessions returns the ids of the sessions that are to have notes, or nil
// for what was chosen before, or all.
func (a *app) chooseSessions(ctx context.Context, p *project, prog *schedule.Programme, f importFlags) (map[string]bool, error) {
	if len(f.only) > 0 {
		return a.selectSessions(ctx, prog, f)
	}
	if !f.choose && (p.Last != nil || f.dryRun || !a.interactive()) {
		return nil, nil
	}
	text, err := a.editText(ctx, "lectern-sessions-*.txt", choiceText(p, prog))
	if err != nil {
		return nil, err
	}
	chosen, err := readChoice(text, prog)
	if err == nil && len(chosen) == 0 {
		return nil, &hintedError{fmt.Errorf("no session was chosen, nothing was written"), "put an x between the brackets of those that you want"}
	}
	return chosen, err
}

// choiceText lists the sessions for a person to mark in an editor.
func choiceText(p *project, prog *schedule.Programme) []byte {
	var b bytes.Buffer
	b.WriteString("# Which sessions will there be notes of? Put an x between their brackets: [x]\n" +
		"# Save and close to go on. Other lines do not matter; without any x, nothing is done.\n")
	before := map[string]bool{}
	if p.Last != nil {
		for _, s := range p.Last.Chosen() {
			before[s.ID] = true
		}
	}
	day := "none"
	for i, s := range prog.Sessions {
		if s.Day != day {
			day = s.Day
			fmt.Fprintf(&b, "\n# %s\n", dayTitle(s.Day))
		}
		mark := " "
		if before[s.ID] {
			mark = "x"
		}
		fmt.Fprintf(&b, "[%s] %4d  %s  %s%s\n", mark, i+1, clockSpan(&s), s.Title, details(&s))
	}
	return b.Bytes()
}

// details is what helps to decide about a session.
func details(s *schedule.Session) string {
	var names, parts []string
	for _, p := range s.Speakers {
		names = append(names, p.Name)
	}
	for _, part := range []string{strings.Join(names, ", "), s.Room, s.Track} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if s.Cancelled {
		parts = append(parts, "cancelled")
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, " · ") + ")"
}

// readChoice reads the list again, by its numbers.
func readChoice(text []byte, prog *schedule.Programme) (map[string]bool, error) {
	chosen := map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		mark, rest, ok := strings.Cut(line, "]")
		if mark = strings.TrimSpace(strings.TrimPrefix(mark, "[")); !ok || !strings.HasPrefix(line, "[") || mark == "" {
			continue
		}
		fields := strings.Fields(rest)
		if len(fields) == 0 {
			continue
		}
		n, err := strconv.Atoi(fields[0])
		if err != nil || n < 1 || n > len(prog.Sessions) {
			return nil, fmt.Errorf("the line %q has lost its number; nothing was written", line)
		}
		chosen[prog.Sessions[n-1].ID] = true
	}
	return chosen, lines.Err()
}
