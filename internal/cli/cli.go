// Package cli is the command line of lectern: commands, flags, what is printed
// and where. It is the one place that wires the other packages together.
//
// Its manners: what was asked for goes to standard output, everything else to
// standard error. A command that fails says `error:` and, where there is
// something to do about it, `hint:`. Colour and the progress bar are for
// terminals alone. The exit code is 0 if the command did what it was asked,
// 1 if it could not, 2 if it did not understand what it was asked.
//
// Every flag can be given by an environment variable (LECTERN_BASE_URL for
// --base-url); a flag on the command line is stronger.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	_ "time/tzdata" // a conference's time zone is known on every machine

	"github.com/spf13/cobra"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/slimserver"
)

// Streams is what a command sees of the process it runs in.
type Streams struct {
	// Out and Err must be safe for use by several goroutines, as files are.
	Out, Err io.Writer
	// In is what a person types, or a program is given; nil is nothing.
	In io.Reader
	// Env looks up an environment variable; nil knows none.
	Env func(name string) string
	// Dir is the folder that relative paths are relative to; "" is the
	// process's working directory.
	Dir string
	// Version is the release that this binary is; "" is a development build.
	Version string
}

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Run runs the command that args (without the program's name) ask for and
// returns the process's exit code. When ctx ends, so does the command.
func Run(ctx context.Context, args []string, streams Streams) int {
	a := newApp(streams)
	root := a.rootCommand()
	root.SetArgs(args)
	return a.exitCode(root.ExecuteContext(ctx))
}

// app is one run of the program.
type app struct {
	Streams
	term    terminal
	carried slimserver.Set // the servers for images that are in this program
}

func newApp(s Streams) *app {
	if s.Out == nil {
		s.Out = io.Discard
	}
	if s.Err == nil {
		s.Err = io.Discard
	}
	if s.Env == nil {
		s.Env = func(string) string { return "" }
	}
	return &app{Streams: s, term: newTerminal(s.Err, s.Env), carried: slimserver.Carried()}
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "lectern",
		Short: "Turn a folder of conference notes into a website",
		Long: `Lectern turns a folder of conference notes, written in Markdown, into a website.

A project of Hugo's shape (content/, hugo.toml) works unchanged, and so does a
plain folder of Markdown files without any configuration.`,
		Example: `  lectern serve            # read the notes in this folder, follow every save
  lectern build -o public  # write the website`,
		Args:          noSuchCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Version:       a.version().String(),
		SilenceErrors: true,
		SilenceUsage:  true,
		// The own command says which shells there are and has an example.
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.flagsFromEnv(cmd) },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		a.checkCommand(),
		a.initCommand(), a.importCommand(), a.newCommand(), a.nowCommand(), a.programmeCommand(), a.mvCommand(), a.saveCommand(), a.recordingsCommand(),
		a.buildCommand(), a.serveCommand(), a.imageCommand(), a.publishCommand(), a.releasesCommand(), a.rollbackCommand(), a.activateCommand(),
		a.versionCommand(), a.completionCommand(),
	)
	root.SetHelpCommand(a.helpCommand())
	root.InitDefaultHelpCmd()
	describeHelp(root)
	root.InitDefaultVersionFlag()
	root.Flags().Lookup("version").Usage = "print the version"
	return root
}

// describeHelp gives cmd and all commands below it the same words on --help.
func describeHelp(cmd *cobra.Command) {
	cmd.DisableFlagsInUseLine = true
	cmd.InitDefaultHelpFlag()
	cmd.Flags().Lookup("help").Usage = "show this help"
	for _, c := range cmd.Commands() {
		describeHelp(c)
	}
}

// path makes a path that was given relative to the folder the command runs in.
func (a *app) path(p string) string {
	if filepath.IsAbs(p) || a.Dir == "" {
		return p
	}
	return filepath.Join(a.Dir, p)
}

// dirArg is the project's folder: the argument, or the folder the command runs in.
func (a *app) dirArg(args []string) string {
	if len(args) == 0 {
		return a.path(".")
	}
	return a.path(args[0])
}

// exitCode prints err as a person needs it and returns the code for it.
func (a *app) exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	if _, ok := errors.AsType[*findingsError](err); ok { // they were printed
		return exitFailed
	}
	a.printError(err)
	if _, ok := errors.AsType[*usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

func (a *app) printError(err error) {
	if ce, ok := errors.AsType[*config.Error](err); ok {
		a.printDiags(ce.Diags)
		n, _ := diag.Count(ce.Diags)
		a.errorLine(fmt.Sprintf("the configuration has %s", plural(n, "error")))
		return
	}
	if errors.Is(err, context.Canceled) {
		err = &hintedError{errors.New("interrupted"), ""}
	}
	a.errorLine(err.Error())
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		fmt.Fprintln(a.Err, a.term.paint(cyan, "hint:"), hinted.Hint())
	}
}

func (a *app) errorLine(msg string) {
	fmt.Fprintln(a.Err, a.term.paint(red, "error:"), msg)
}

// printDiags prints findings to standard error. A terminal that went away is
// no reason to stop the work.
func (a *app) printDiags(ds []diag.Diagnostic) {
	_ = diag.WriteText(a.Err, ds, a.term.color)
}

// usageError is a command line that cannot be understood.
type usageError struct {
	msg, hint string
}

func (e *usageError) Error() string { return e.msg }

// Hint says what to do about it.
func (e *usageError) Hint() string { return e.hint }

// hintedError adds to an error what to do about it.
type hintedError struct {
	err  error
	hint string
}

func (e *hintedError) Error() string { return e.err.Error() }
func (e *hintedError) Unwrap() error { return e.err }

// Hint says what to do about it.
func (e *hintedError) Hint() string { return e.hint }

// plural writes a count with its noun: "1 page", "3 pages".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// shown returns a path as a person would write it: relative where it lies
// below the folder the command runs in.
func (a *app) shown(path string) string {
	base, err := filepath.Abs(a.path("."))
	if err != nil {
		return path
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(base, abs); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// checkFolder makes a clear error of a project that is not there.
func (a *app) checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return &hintedError{fmt.Errorf("there is no folder %s", a.shown(dir)), "name the folder with the notes, or go there"}
	case err != nil:
		return fmt.Errorf("open the project: %w", err)
	case !info.IsDir():
		return &hintedError{fmt.Errorf("%s is a file", a.shown(dir)), "name the folder with the notes"}
	}
	return nil
}

// envName is the environment variable that stands for a flag.
func envName(flag string) string {
	return "LECTERN_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
