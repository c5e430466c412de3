// Command bench measures Lectern against the barest Hugo, against a program
// that does nothing but write files, and against the aims the project has set
// itself, and writes docs/benchmarks.md:
//
//	go run ./bench -hugo "$(go env GOPATH)/bin/hugo"
//	go run ./bench -quick        # a few notes, once: does it run at all?
//
// It makes notes of its own, each body different, and runs whole processes, in
// turn and several times, so that a machine's slow minute hits all of them. A
// number in the page is the median of the runs; a ratio is the median of the
// ratios of neighbouring runs. What a machine lacks is left out, saying so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lectern/internal/gitrepo"
)

// options are the command's flags.
type options struct {
	sizes   []int
	runs    int
	only    string
	hugo    string
	relearn string
	lectern string
	kubecon string
	work    string
	out     string
	date    string
	keep    bool
	idle    time.Duration
	edits   int
	load    time.Duration
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == writerCommand {
		if err := writerMain(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "error:", err)
		}
		stop()
		os.Exit(1)
	}
}

func parseFlags(args []string) (options, error) {
	var o options
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := fs.String("n", "100,1000,10000", "how many `notes` the sites have")
	fs.IntVar(&o.runs, "runs", 5, "how `many` times each program runs")
	fs.StringVar(&o.only, "only", "", "measure only these `questions`: "+strings.Join(questionNames(), ","))
	fs.StringVar(&o.hugo, "hugo", "", "the `program` hugo, version 0.145.0 (default: the one in PATH)")
	fs.StringVar(&o.relearn, "relearn", "", "the `folder` of the theme Relearn for Hugo, to measure it too")
	fs.StringVar(&o.lectern, "lectern", "", "the `program` lectern (default: built from this checkout)")
	fs.StringVar(&o.kubecon, "kubecon25", "../shared/corpus/kubecon25", "the `folder` of the notes of a real conference")
	fs.StringVar(&o.work, "work", "", "an empty `folder` for sites and outputs (default: a temporary one)")
	fs.StringVar(&o.out, "out", "docs/benchmarks.md", "write the page to this `file`; - for standard output")
	fs.StringVar(&o.date, "date", "", "the `day` that the page shows (default: that of the newest commit)")
	fs.BoolVar(&o.keep, "keep", false, "leave sites and outputs where they are")
	fs.DurationVar(&o.idle, "idle", 10*time.Second, "watch an idle server for this `time`")
	fs.IntVar(&o.edits, "edits", 30, "save a note under a running server this `many` times")
	fs.DurationVar(&o.load, "load", 3*time.Second, "send requests to each server for this `time`, in whole seconds")
	quick := fs.Bool("quick", false, "20 and 100 notes, two runs, to standard output: a test of this program")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag", fs.Arg(0))
	}
	if *quick {
		given := make(map[string]bool)
		fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
		o.idle, o.edits, o.load = 2*time.Second, 5, time.Second
		if !given["n"] {
			*sizes = "20,100"
		}
		if !given["runs"] {
			o.runs = 2
		}
		if !given["out"] {
			o.out = "-"
		}
	}
	for _, s := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 1 || n > 1_000_000 {
			return o, fmt.Errorf("-n %s: %q is not a number of notes", *sizes, s)
		}
		o.sizes = append(o.sizes, n)
	}
	if o.runs < 1 {
		return o, fmt.Errorf("-runs %d: at least one", o.runs)
	}
	return o, nil
}

func run(ctx context.Context, args []string) (err error) {
	o, err := parseFlags(args)
	if err != nil {
		return err
	}
	if o.work == "" {
		if o.work, err = os.MkdirTemp("", "lectern-bench-"); err != nil {
			return err
		}
	} else if err := os.MkdirAll(o.work, 0o777); err != nil {
		return err
	} else if entries, err := os.ReadDir(o.work); err != nil || len(entries) > 0 {
		return errors.Join(err, fmt.Errorf("-work %s is not empty", o.work))
	}
	if o.work, err = filepath.Abs(o.work); err != nil {
		return err
	}
	if !o.keep {
		defer func() { err = errors.Join(err, os.RemoveAll(o.work)) }()
	}
	b := &bench{options: o, made: make(map[siteKey]string)}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	return b.writePage(ctx)
}

// prepare finds the programs.
func (b *bench) prepare(ctx context.Context) error {
	var err error
	if b.lectern == "" {
		b.lectern = filepath.Join(b.work, "lectern.exe")
		b.say("building Lectern")
		cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", b.lectern, "lectern/cmd/lectern")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("build Lectern: %w\n%s", err, out)
		}
	} else if b.lectern, err = filepath.Abs(b.lectern); err != nil {
		return err
	}
	if b.hugo == "" {
		if b.hugo, err = exec.LookPath("hugo"); err != nil {
			b.hugo = ""
			b.note("Hugo was not found, so nothing is compared with it. Get it with `go install github.com/gohugoio/hugo@v0.145.0` and name it with `-hugo`.")
		}
	} else if b.hugo, err = filepath.Abs(b.hugo); err != nil {
		return err
	}
	if b.relearn != "" {
		if b.relearn, err = filepath.Abs(b.relearn); err != nil {
			return err
		}
	}
	if b.hugo != "" {
		out, err := exec.CommandContext(ctx, b.hugo, "version").Output()
		if err != nil {
			return fmt.Errorf("%s version: %w", b.hugo, err)
		}
		b.hugoVersion, _, _ = strings.Cut(strings.TrimPrefix(string(out), "hugo "), " ")
		if !strings.HasPrefix(b.hugoVersion, "v0.145.0") {
			b.note(fmt.Sprintf("This is Hugo %s; the aims speak of 0.145.0.", b.hugoVersion))
		}
	}
	if b.date == "" {
		t, ok, err := gitrepo.NewestCommitTime(ctx, ".")
		if err != nil {
			return err
		}
		if ok {
			b.date = t.Format(time.DateOnly)
		}
	}
	return nil
}
