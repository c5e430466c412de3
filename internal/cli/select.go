package cli

import (
	"context"
	"errors"
	"fmt"

	"lectern/internal/schedule"
)

// selectSessions returns the ids of the sessions that --only asks for.
func (a *app) selectSessions(ctx context.Context, prog *schedule.Programme, f importFlags) (map[string]bool, error) {
	var sel schedule.Selection
	for _, arg := range f.only {
		if schedule.IsTerm(arg) {
			if err := sel.AddTerm(arg); err != nil {
				return nil, &usageError{"--only: " + err.Error(), "see: lectern import --help"}
			}
			continue
		}
		name, text, err := a.readSource(ctx, arg, f.local)
		if err != nil {
			return nil, fmt.Errorf("--only: %w", err)
		}
		sel.AddList(name, string(text))
	}
	sessions, diags := sel.Choose(prog)
	a.printDiags(diags)
	if len(sessions) == 0 {
		return nil, &hintedError{errors.New("--only chooses no session; nothing was written"), "without --only, all talks get notes; lectern programme lists those of the last import"}
	}
	chosen := map[string]bool{}
	for _, s := range sessions {
		chosen[s.ID] = true
	}
	return chosen, nil
}
