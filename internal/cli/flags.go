package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/diag"
)

// flagsFromEnv sets the flags that the command line leaves out from the
// environment.
func (a *app) flagsFromEnv(cmd *cobra.Command) error {
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" || failed != nil {
			return
		}
		name := envName(f.Name)
		v := a.Env(name)
		if v == "" {
			return
		}
		if err := cmd.Flags().Set(f.Name, v); err != nil {
			failed = &usageError{fmt.Sprintf("the environment's %s=%q: %v", name, v, cause(err)), "see: " + cmd.CommandPath() + " --help"}
		}
	})
	return failed
}

// cause returns what is wrong with a flag's value, without the flag's name.
func cause(err error) error {
	if ive, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		err = ive.Unwrap()
	}
	if ne, ok := errors.AsType[*strconv.NumError](err); ok {
		err = ne.Err
	}
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return errors.New("that is not a value it can have")
	case errors.Is(err, strconv.ErrRange):
		return errors.New("that is too large")
	}
	return err
}

// flagError says what is wrong with a flag, with the nearest one there is.
func flagError(cmd *cobra.Command, err error) error {
	see := "see: " + cmd.CommandPath() + " --help"
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := e.GetSpecifiedName()
		if short := e.GetSpecifiedShortnames(); short != "" {
			return &usageError{fmt.Sprintf("unknown flag -%s", name), see}
		}
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := diag.Nearest(name, names); near != "" {
			see = fmt.Sprintf("did you mean --%s?", near)
		}
		return &usageError{fmt.Sprintf("unknown flag --%s", name), see}
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return &usageError{fmt.Sprintf("--%s %q: %v", e.GetFlag().Name, e.GetValue(), cause(e)), see}
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return &usageError{fmt.Sprintf("--%s needs a value", e.GetFlag().Name), see}
	}
	return &usageError{err.Error(), see}
}

// noSuchCommand is the root's check of its arguments: whatever is left there
// is not the name of a command.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	hint := "the commands are " + strings.Join(names, ", ")
	if near := diag.Nearest(args[0], names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return &usageError{fmt.Sprintf("unknown command %q", args[0]), hint}
}

// atMostOneDir is the check of commands that take the project's folder.
func atMostOneDir(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return &usageError{
			fmt.Sprintf("%s takes one folder, not %d", cmd.CommandPath(), len(args)),
			fmt.Sprintf("%q is one too many; a name with spaces needs quotes", args[1]),
		}
	}
	return nil
}

// atMost is the check of commands that take up to n arguments, which are what.
func atMost(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return &usageError{
				fmt.Sprintf("%s takes %s, not %d arguments", cmd.CommandPath(), what, len(args)),
				fmt.Sprintf("%q is one too many; a name with spaces needs quotes", args[n]),
			}
		}
		return nil
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return &usageError{fmt.Sprintf("%s takes no arguments", cmd.CommandPath()), fmt.Sprintf("leave out %q", args[0])}
	}
	return nil
}

// completeDirs lets the shell complete folders.
func completeDirs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// timeFlag is a time on the command line; see [parseTime].
type timeFlag struct{ t time.Time }

func (f *timeFlag) Type() string { return "time" }

func (f *timeFlag) String() string {
	if f.t.IsZero() {
		return ""
	}
	return f.t.Format(time.RFC3339)
}

func (f *timeFlag) Set(s string) (err error) {
	f.t, err = parseTime(s)
	return err
}

// parseTime reads a time as RFC 3339, a day (its beginning in UTC), or seconds since 1970.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	// Years beyond 9999 have no RFC 3339 form.
	const last = 253402300799
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n >= 0 && n <= last {
		return time.Unix(n, 0).UTC(), nil
	}
	return time.Time{}, errors.New("write 2026-03-26, 2026-03-26T09:00:00Z or seconds since 1970")
}
