package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"lectern/internal/scaffold"
)

func (a *app) newCommand() *cobra.Command {
	var day, into string
	var open bool
	cmd := &cobra.Command{
		Use:   "new TITLE [DIR] [flags]",
		Short: "Make an empty note of a talk that is in no programme",
		Long: `Make a note with a title, behind the other notes of a day, and print its path.

Without --day it is today's, as far as the notes or the programme say which that
is, else the last day's.`,
		Example: `  lectern new "Lightning talks"
  lectern new "Opening" --day day1 --edit`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{"lectern new needs a title", `for example: lectern new "Lightning talks"`}
			}
			return atMost(2, "a title and a folder")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.newNote(cmd.Context(), args[1:], args[0], day, into, open)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&day, "day", "", "the `day`: its folder, number or date")
	fl.StringVar(&into, "into", "", "the `folder` of the project that the days lie in (default: where the notes are)")
	fl.BoolVarP(&open, "edit", "e", false, "open the note in your editor")
	return cmd
}

func (a *app) newNote(ctx context.Context, args []string, title, day, into string, open bool) error {
	p, err := a.openProject(ctx, args, into)
	if err != nil {
		return err
	}
	change, err := scaffold.New(p.Project, oneLine(title), day, time.Now().In(p.zone()).Format(time.DateOnly))
	if none, ok := errors.AsType[*scaffold.NoDayError](err); ok {
		hint := "make its folder, or leave --day out"
		if len(none.Days) > 0 {
			hint = "the days are " + strings.Join(none.Days, ", ")
		}
		return &usageError{"--day: " + err.Error(), hint}
	}
	if err != nil {
		return err
	}
	if err := p.write(change); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(a.Out, a.shown(p.path(change.Path))); err != nil {
		return fmt.Errorf("print the path: %w", err)
	}
	if open {
		return a.edit(ctx, p.path(change.Path))
	}
	return nil
}

// oneLine is a text as it can stand in one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
}
