package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/listen"
	"lectern/internal/metrics"
	"lectern/internal/server"
)

// frontFlags are the flags of all ways to show a site to the public.
type frontFlags struct {
	metrics        string
	pprof          bool
	accessLog      string
	sample         float64
	proxies        []string
	maxConnections int
	hsts           bool
	tls            tlsFlags
	auth           authFlags
}

func (f *frontFlags) register(fl *pflag.FlagSet) {
	fl.StringVar(&f.metrics, "metrics-listen", "", "tell Prometheus at this `address`, such as 127.0.0.1:9090, how the server is doing")
	fl.BoolVar(&f.pprof, "pprof", false, "answer with profiles of the running program, too, at the address of --metrics-listen")
	fl.StringVar(&f.accessLog, "access-log", "", "write a line of JSON for each request to this `file`; - is the standard output")
	fl.Float64Var(&f.sample, "access-log-sample", 1, "the `share` of the requests to log, from 0 to 1; the server's own failures are all logged")
	fl.StringSliceVar(&f.proxies, "trusted-proxies", nil, "the `addresses` of proxies whose word on the client's address and scheme counts,\nsuch as 127.0.0.1,10.0.0.0/8")
	fl.IntVar(&f.maxConnections, "max-connections", 0, "the `number` of connections that may be open at a time\n(default: three quarters of what the system allows, at most 16384)")
	fl.BoolVar(&f.hsts, "hsts", false, "tell browsers that came by HTTPS to come that way only, for a year")
	f.tls.register(fl)
	f.auth.register(fl)
}

// frontNames are the flags that mean nothing where a site is shown to its author.
var frontNames = []string{"metrics-listen", "pprof", "access-log", "access-log-sample", "trusted-proxies", "max-connections", "hsts"}

// checkNoFrontFlags refuses flags that the author's own server would not heed.
func (a *app) checkNoFrontFlags(cmd *cobra.Command) error {
	for _, name := range slices.Concat(frontNames, tlsNames, authNames) {
		if cmd.Flags().Changed(name) {
			return &usageError{"--" + name + " is for a website that is shown to the public", "add --snapshot, --git or oci://"}
		}
	}
	return nil
}

// front is what stands between a server and its readers: sockets, log, metrics.
type front struct {
	*app
	flags   frontFlags
	sockets *listen.Sockets
	main    net.Listener
	metrics net.Listener // nil for none
	series  *metrics.Metrics
	trusted []netip.Prefix
	log     *os.File // of the accesses; nil for none, or for the standard output
	access  func(*server.Exchange)
	secure  *secure // nil without TLS
	guard   guard   // nil where everybody may read
	data    string  // the folder of --data
}

const metricsSocket = "metrics"

// openFront opens the sockets, or takes them over. The caller closes the front.
func (a *app) openFront(ctx context.Context, cmd *cobra.Command, f serveFlags) (fr *front, err error) {
	fr = &front{app: a, flags: f.front, data: f.git.data, series: metrics.New()}
	defer func() {
		if err != nil {
			err = errors.Join(err, fr.Close())
		}
	}()
	if fr.trusted, err = prefixes(f.front.proxies); err != nil {
		return fr, err
	}
	if err := fr.openLog(); err != nil {
		return fr, err
	}
	if f.front.pprof && f.front.metrics == "" {
		return fr, &usageError{"--pprof answers at the address of --metrics-listen", "give that, too"}
	}
	if err := f.front.tls.check(); err != nil {
		return fr, err
	}
	if err := fr.openAuth(f.bind); err != nil {
		return fr, err
	}
	if fr.sockets, err = listen.Inherit(); err != nil {
		return fr, err
	}
	given := cmd.Flags().Changed
	if fr.main, err = fr.listenMain(ctx, f.bind, f.port, given("port"), given("bind")); err != nil {
		return fr, err
	}
	fr.sockets.Keep(listen.Main, fr.main)
	if err := fr.openTLS(ctx, fr.main); err != nil {
		return fr, err
	}
	if f.front.metrics != "" {
		if fr.metrics, err = fr.sockets.Listen(ctx, metricsSocket, f.front.metrics); err != nil {
			return fr, &hintedError{fmt.Errorf("listen for --metrics-listen: %w", err), "name an address and a port of this machine, such as 127.0.0.1:9090"}
		}
		fmt.Fprintf(a.Out, "Metrics are at http://%s/metrics\n", fr.metrics.Addr())
	}
	return fr, nil
}

// Close releases what openFront opened.
func (f *front) Close() error {
	var errs []error
	open := []net.Listener{f.main, f.metrics}
	if f.secure != nil {
		open = append(open, f.secure.plain)
		if f.secure.issued != nil {
			f.secure.issued.Close()
		}
	}
	for _, ln := range open {
		if ln != nil {
			if err := ln.Close(); !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
		}
	}
	if f.log != nil {
		errs = append(errs, f.log.Close())
	}
	return errors.Join(errs...)
}

func (f *front) openLog() error {
	if f.flags.sample < 0 || f.flags.sample > 1 {
		return &usageError{fmt.Sprintf("--access-log-sample %v is no share", f.flags.sample), "0.01 is a hundredth, 1 is all"}
	}
	out := f.Out
	switch f.flags.accessLog {
	case "":
		return nil
	case "-":
	default:
		file, err := os.OpenFile(f.path(f.flags.accessLog), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
		if err != nil {
			return fmt.Errorf("open the access log: %w", err)
		}
		f.log, out = file, file
	}
	f.access = server.AccessLog(slog.New(slog.NewJSONHandler(out, nil)), f.flags.sample)
	return nil
}

// options adds to opts what the flags say.
func (f *front) options(opts server.Options) server.Options {
	opts.TrustedProxies, opts.HSTS = f.trusted, f.flags.hsts
	if f.secure != nil {
		opts.TLS = f.secure.config
		opts.HSTS = opts.HSTS || f.secure.issued != nil
	}
	if f.guard != nil {
		opts.Around, opts.Private = f.guard.Around, true
	}
	if len(f.trusted) > 0 || f.secure != nil {
		opts.Hosts = nil // readers use whatever name there is
	}
	opts.MaxConnections = f.flags.maxConnections
	if opts.MaxConnections <= 0 {
		opts.MaxConnections = usualConnections()
	}
	if f.access != nil {
		opts.Observers = append(opts.Observers, f.access)
	}
	if f.metrics != nil {
		opts.Observers = append(opts.Observers, f.series.Request)
	}
	return opts
}

// usualConnections is how many connections there may be without a flag: each
// takes a file descriptor, and files are to be read, too.
func usualConnections() int {
	const most = 16384
	if n := maxFiles(); n > 0 {
		return int(max(16, min(n*3/4, most)))
	}
	return most
}

// serve answers readers until ctx ends. It may be told to hand over to a new
// process (SIGHUP) where replaceable.
func (f *front) serve(ctx context.Context, srv *server.Server, replaceable bool) (err error) {
	ctx, stop := context.WithCancelCause(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop(nil)
	f.series.Watch(srv)
	failed := func(err error) {
		if err != nil {
			f.printError(err)
		}
	}
	if f.metrics != nil {
		beside.Go(func() { failed(f.series.Serve(ctx, f.metrics, f.flags.pprof)) })
	}
	beside.Go(func() {
		// A server lives while its locks can be had; that it has no site yet is no reason to kill it.
		failed(f.sockets.Watchdog(ctx, func() bool { return srv.Connections() >= 0 }))
	})
	if replaceable {
		beside.Go(func() { f.replace(ctx, stop) })
	}
	if err := f.serveTLS(ctx, beside.Go); err != nil {
		return err
	}
	if f.guard != nil {
		beside.Go(func() { f.guard.Watch(ctx, 5*time.Second, f.printError) })
	}
	failed(f.sockets.Ready())
	context.AfterFunc(ctx, func() { failed(f.sockets.Stopping()) })
	return srv.Serve(ctx, f.main)
}

// replace starts the program anew whenever it is asked to, until that succeeds.
func (f *front) replace(ctx context.Context, stop context.CancelCauseFunc) {
	asked, forget := restartSignal()
	defer forget()
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
		}
		pid, err := f.sockets.Restart(ctx)
		if err != nil {
			f.printError(&hintedError{err, "this process goes on"})
			continue
		}
		fmt.Fprintf(f.Err, "process %d has taken over\n", pid)
		stop(server.ErrHandedOver)
		return
	}
}

// prefixes reads the addresses and networks of a flag.
func prefixes(list []string) (out []netip.Prefix, err error) {
	for _, s := range list {
		s = strings.TrimSpace(s)
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, aerr := netip.ParseAddr(s)
			if aerr != nil {
				return nil, &usageError{fmt.Sprintf("--trusted-proxies: %q is no address", s), "give addresses or networks: 127.0.0.1,10.0.0.0/8"}
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return slices.Compact(out), nil
}
