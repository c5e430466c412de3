package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminals stay open: who was asked and did not answer reads on until the
// process ends, and must not find another file under the same number.
var terminals []*os.File

// terminalPair is a terminal, and what its person types and sees.
func terminalPair(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	terminals = append(terminals, program)
	return person, program
}

func echoes(t *testing.T, f *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

func awaitSilence(t *testing.T, f *os.File) {
	t.Helper()
	for end := time.Now().Add(patience); echoes(t, f); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the terminal still shows what is typed")
		}
	}
}

// A person is asked for a key's password, and what they type is not shown.
func TestPasswordIsAskedFor(t *testing.T) {
	person, program := terminalPair(t)
	a := newApp(Streams{In: program, Err: program})
	words := make(chan string, 1)
	go func() {
		word, err := a.keyPassword(t.Context(), "cosign.key")
		if err != nil {
			t.Error(err)
		}
		words <- string(word)
	}()
	awaitSilence(t, program)
	if _, err := person.WriteString("correct horse\n"); err != nil {
		t.Fatal(err)
	}
	if word := <-words; word != "correct horse" {
		t.Errorf("%q", word)
	}
	seen := make([]byte, 4096)
	n, err := person.Read(seen)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(seen[:n]); !strings.Contains(text, "Password of cosign.key: ") || strings.Contains(text, "horse") {
		t.Errorf("%q", text)
	}
	if !echoes(t, program) {
		t.Error("the terminal stays silent")
	}
}

// Ctrl-C at the question ends the command and leaves a terminal that can be used.
func TestPasswordCancelled(t *testing.T) {
	_, program := terminalPair(t)
	a := newApp(Streams{In: program, Err: program})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := a.keyPassword(ctx, "cosign.key")
		done <- err
	}()
	awaitSilence(t, program)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if !echoes(t, program) {
		t.Error("the terminal stays silent")
	}
}

// The variable is asked before the person, and a program is never asked.
func TestPasswordFromEnvironment(t *testing.T) {
	_, program := terminalPair(t)
	env := func(name string) string { return map[string]string{"COSIGN_PASSWORD": "correct horse"}[name] }
	for _, s := range []Streams{{In: program, Err: program, Env: env}, {In: strings.NewReader("x\n"), Env: env}} {
		if word, err := newApp(s).keyPassword(t.Context(), "cosign.key"); string(word) != "correct horse" || err != nil {
			t.Errorf("%q %v", word, err)
		}
	}
	if word, err := newApp(Streams{In: strings.NewReader("x\n")}).keyPassword(t.Context(), "cosign.key"); len(word) != 0 || err != nil {
		t.Errorf("%q %v", word, err)
	}
}
