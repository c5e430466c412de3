package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// interactive is true where a person can be asked: both what is read and what
// is said are a terminal's.
func (a *app) interactive() bool {
	return isTerminal(a.In) && isTerminal(a.Err)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// edit opens files in the person's editor and waits until it is closed.
func (a *app) edit(ctx context.Context, files ...string) error {
	editor := a.Env("VISUAL")
	if editor == "" {
		editor = a.Env("EDITOR")
	}
	if editor == "" {
		editor = "vi"
		if runtime.GOOS == "windows" {
			editor = "notepad"
		}
		if _, err := exec.LookPath(editor); err != nil {
			return &hintedError{errors.New("no editor is set"), "set EDITOR, for example: export EDITOR=nano"}
		}
	}
	// The variable may have arguments, and quotes around them, as git reads it.
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", editor + ` "$@"`, editor}, files...)...)
	if runtime.GOOS == "windows" {
		words := strings.Fields(editor)
		cmd = exec.CommandContext(ctx, words[0], append(words[1:], files...)...)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = a.In, a.Out, a.Err
	if err := cmd.Run(); err != nil {
		return &hintedError{fmt.Errorf("the editor %q: %w", editor, err), "set EDITOR to another one"}
	}
	return nil
}

// editText lets a person edit a text and returns what it is then.
func (a *app) editText(ctx context.Context, pattern string, text []byte) (out []byte, err error) {
	f, err := os.CreateTemp("", pattern)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if err := a.edit(ctx, f.Name()); err != nil {
		return nil, err
	}
	return os.ReadFile(f.Name())
}

// ask prints a question and returns the line that is typed.
func (a *app) ask(question string) (string, error) {
	fmt.Fprint(a.Err, question)
	var line []byte
	var one [1]byte
	for len(line) < 1000 {
		n, err := a.In.Read(one[:]) // a byte at a time: what follows is the editor's
		if n > 0 && one[0] == '\n' {
			break
		}
		line = append(line, one[:n]...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	return strings.TrimSpace(string(line)), nil
}
