// Command lectern-server shows a site that `lectern build` wrote or an image
// holds, and can do nothing else: it is what images carry instead of the whole
// of lectern. Its one command is that of `lectern serve --snapshot`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"lectern/internal/metrics"
	"lectern/internal/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for an end; a second one gets the system's answer.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// settings are what the command line and the environment say.
type settings struct {
	dir, bind string
	metrics   string
	port      int
	drain     time.Duration
}

// run is the command; it returns the exit code.
func run(ctx context.Context, args []string, env func(string) string, out, errs io.Writer) int {
	s, err := parse(args, env, errs)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(errs, "error:", err)
		fmt.Fprintln(errs, "hint: lectern-server serve --snapshot DIR [--bind ADDRESS] [--port NUMBER] [--drain DURATION]")
		return 2
	}
	if err := s.serve(ctx, out, errs); err != nil {
		fmt.Fprintln(errs, "error:", err)
		return 1
	}
	return 0
}

func parse(args []string, env func(string) string, errs io.Writer) (settings, error) {
	var s settings
	if len(args) == 0 || args[0] != "serve" {
		return s, errors.New("the one command is serve")
	}
	fl := flag.NewFlagSet("lectern-server serve", flag.ContinueOnError)
	fl.SetOutput(errs)
	fl.StringVar(&s.dir, "snapshot", "", "the `folder` with the website")
	fl.StringVar(&s.bind, "bind", "127.0.0.1", "the `address` to listen at")
	fl.IntVar(&s.port, "port", 8080, "the `number` of the port")
	fl.DurationVar(&s.drain, "drain", 0, "how `long` to go on answering after a signal to end")
	fl.StringVar(&s.metrics, "metrics-listen", "", "tell Prometheus at this `address` how the server is doing")
	for name, variable := range map[string]string{"metrics-listen": "LECTERN_METRICS_LISTEN", "snapshot": "LECTERN_SNAPSHOT", "bind": "LECTERN_BIND", "port": "LECTERN_PORT", "drain": "LECTERN_DRAIN"} {
		if v := env(variable); v != "" {
			if err := fl.Set(name, v); err != nil {
				return s, fmt.Errorf("the environment's %s=%q: %w", variable, v, err)
			}
		}
	}
	if err := fl.Parse(args[1:]); err != nil {
		return s, err
	}
	switch {
	case fl.NArg() > 0:
		return s, fmt.Errorf("%q is one argument too many", fl.Arg(0))
	case s.dir == "":
		return s, errors.New("--snapshot is missing")
	}
	return s, nil
}

func (s settings) serve(ctx context.Context, out, errs io.Writer) error {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(s.bind, strconv.Itoa(s.port)))
	if err != nil {
		return err
	}
	opts := server.Options{Drain: s.drain}
	var series *metrics.Metrics
	var beside sync.WaitGroup
	defer beside.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.metrics != "" {
		series = metrics.New()
		opts.Observers = append(opts.Observers, series.Request)
		mln, err := lc.Listen(ctx, "tcp", s.metrics)
		if err != nil {
			return errors.Join(err, ln.Close())
		}
		beside.Go(func() {
			if err := series.Serve(ctx, mln, false); err != nil {
				fmt.Fprintln(errs, "error:", err)
			}
		})
	}
	return server.ServeDir(ctx, ln, s.dir, opts, func(srv *server.Server, n int) {
		if series != nil {
			series.Watch(srv)
		}
		fmt.Fprintf(out, "Lectern serves %d files at http://%s/\n", n, ln.Addr())
	})
}
