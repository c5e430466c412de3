package listen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// startTimeout bounds how long a new process may take to be ready: it may have to build.
const startTimeout = 5 * time.Minute

// Ready says that the server answers: to systemd, and to the process before.
func (s *Sockets) Ready() error {
	_, err := daemon.SdNotify(false, "READY=1\nMAINPID="+strconv.Itoa(os.Getpid()))
	if s.before != nil {
		_, werr := s.before.Write([]byte{1})
		err = errors.Join(err, werr, s.before.Close())
		s.before = nil
	}
	if err != nil {
		return fmt.Errorf("say that the server is ready: %w", err)
	}
	return nil
}

// Stopping tells systemd that the server is about to end.
func (s *Sockets) Stopping() error {
	_, err := daemon.SdNotify(false, daemon.SdNotifyStopping)
	return err
}

// Watchdog tells systemd that the server lives, as often as systemd wants to
// know, and while alive says so; until ctx ends.
func (s *Sockets) Watchdog(ctx context.Context, alive func() bool) error {
	within, err := daemon.SdWatchdogEnabled(false)
	if err != nil || within == 0 {
		return err
	}
	tick := time.NewTicker(within / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if alive() {
				if _, err := daemon.SdNotify(false, daemon.SdNotifyWatchdog); err != nil {
					return err
				}
			}
		}
	}
}

// Restart starts this program again, as it stands on disk now, with the same
// arguments and the sockets of this process, and returns its number when it is ready. Where it
// does not become ready it is ended, and there is an error: this process goes on.
func (s *Sockets) Restart(ctx context.Context) (pid int, err error) {
	program, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find this program: %w", err)
	}
	files, names, err := s.files()
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	if err != nil {
		return 0, err
	}
	ready, said, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer ready.Close()
	cmd := exec.Command(program, os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.ExtraFiles = append(slices.Clone(files), said)
	cmd.Env = append(withoutSystemd(os.Environ()),
		socketsVariable+"="+strings.Join(names, " "),
		readyVariable+"="+strconv.Itoa(firstFile+len(files)))
	err = cmd.Start()
	said.Close()
	if err != nil {
		return 0, fmt.Errorf("start the new process: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { ready.Close() })
	defer stop()
	if _, err := io.ReadFull(ready, make([]byte, 1)); err != nil {
		killed := cmd.Process.Kill()
		if waited := cmd.Wait(); waited != nil && killed == nil {
			err = waited
		}
		return 0, fmt.Errorf("the new process did not become ready: %w", err)
	}
	pid = cmd.Process.Pid
	return pid, cmd.Process.Release()
}

// files are duplicates of the sockets, in order of their names.
func (s *Sockets) files() (files []*os.File, names []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names = slices.Sorted(maps.Keys(s.open))
	for _, name := range names {
		f, err := s.open[name].File()
		if err != nil {
			return files, names, fmt.Errorf("hand over the socket %q: %w", name, err)
		}
		files = append(files, f)
	}
	return files, names, nil
}

// withoutSystemd leaves out what was meant for the first process only.
func withoutSystemd(env []string) []string {
	return slices.DeleteFunc(env, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return name == "LISTEN_PID" || name == "LISTEN_FDS" || name == "LISTEN_FDNAMES" || name == "WATCHDOG_PID"
	})
}
