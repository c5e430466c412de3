package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// sample is what one run of a program took.
type sample struct {
	wall, user, sys time.Duration
	// rss is the peak of its resident memory in bytes; 0 where the system does not tell.
	rss int64
}

// program is one of those that are compared.
type program struct {
	name string
	// command returns the program and its arguments for a run.
	command func(run int) []string
	// check, if set, looks at what a run left.
	check func(run int) error
	// selfTimed programs print the seconds that count as their last word: their
	// wall time has more in it than what is compared.
	selfTimed bool
}

// runOnce runs one program once, as a whole process.
//
// Linux counts in a child's peak what its parent had when it started it: so
// this program must stay smaller than those it measures, and makes no site in
// its own memory.
func runOnce(ctx context.Context, p program, n int, dir string) (sample, error) {
	args := p.command(n)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = environment()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, tail(stderr.String(), 2000))
	}
	s := sample{wall: wall, user: cmd.ProcessState.UserTime(), sys: cmd.ProcessState.SystemTime(), rss: peakMemory(cmd.ProcessState)}
	if p.selfTimed {
		words := strings.Fields(stdout.String())
		if len(words) == 0 {
			return s, fmt.Errorf("%s printed no time", p.name)
		}
		seconds, err := strconv.ParseFloat(words[len(words)-1], 64)
		if err != nil {
			return s, fmt.Errorf("%s: %w", p.name, err)
		}
		s.wall = time.Duration(seconds * float64(time.Second))
	}
	if p.check != nil {
		if err := p.check(n); err != nil {
			return s, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return s, nil
}

// environment is this process's without what would change how the programs work.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "HUGO_") && !strings.HasPrefix(v, "LECTERN_") && !strings.HasPrefix(v, "GOGC=") &&
			!strings.HasPrefix(v, "GOMAXPROCS=") && !strings.HasPrefix(v, "GOMEMLIMIT=") && !strings.HasPrefix(v, "GODEBUG=") {
			env = append(env, v)
		}
	}
	return env
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}
