package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"
)

// askServe: a running server over all notes. A note is saved as an editor
// does; the time goes until the server-sent event that makes a page reload
// arrives, and until the page with the new text was fetched.
func (b *bench) askServe(ctx context.Context) error {
	n := b.largest()
	site, err := b.site(n, false)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	srv, err := startServer(ctx, b.lectern, nil, site)
	if err != nil {
		return err
	}
	defer srv.stop()
	b.say("serving %d notes at %s after %s", n, srv.url, duration(srv.ready))
	measured, err := b.useServer(ctx, srv, site, n)
	if err != nil {
		return errors.Join(err, srv.failure())
	}
	b.sections = append(b.sections, measured.section(n, srv.ready))
	return nil
}

// served is what was measured of a server.
type served struct {
	events, fetched, said []time.Duration
	idle                  time.Duration // time on processors
	watched               time.Duration
	memory, peak          int64
	knowsProcess          bool
}

func (b *bench) useServer(ctx context.Context, srv *server, site string, n int) (served, error) {
	var m served
	i := n / 2
	page := srv.url + dayName(i) + "/" + noteName(i) + "/"
	events, err := listen(ctx, srv.url, "/"+dayName(i)+"/"+noteName(i)+"/")
	if err != nil {
		return m, err
	}
	name := noteFile(site, i)
	original, err := os.ReadFile(name)
	if err != nil {
		return m, err
	}
	last, err := events.next(ctx)
	if err != nil {
		return m, err
	}
	for edit := range b.edits {
		// People don't save all the time: the last rebuild is over, and its second stage.
		if last, err = events.quiet(ctx, last, 500*time.Millisecond); err != nil {
			return m, err
		}
		words := fmt.Sprintf("edit number %d of the benchmark", edit)
		start := time.Now()
		if err := os.WriteFile(name, fmt.Appendf(nil, "%s\n%s\n", original, words), 0o666); err != nil {
			return m, err
		}
		for digest := last; digest == last; {
			if digest, err = events.next(ctx); err != nil {
				return m, err
			}
			if digest != last {
				m.events = append(m.events, time.Since(start))
				last = digest
				break
			}
		}
		text, err := get(ctx, page)
		if err != nil {
			return m, err
		}
		m.fetched = append(m.fetched, time.Since(start))
		if !strings.Contains(text, words) {
			return m, fmt.Errorf("%s has not the new text after the event", page)
		}
	}
	m.said = srv.rebuilds()
	if err := os.WriteFile(name, original, 0o666); err != nil {
		return m, err
	}
	if _, err := events.next(ctx); err != nil {
		return m, err
	}
	return m, b.watchIdle(ctx, srv, &m)
}

// watchIdle lets the server rest and sees what it uses meanwhile.
func (b *bench) watchIdle(ctx context.Context, srv *server, m *served) error {
	select {
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	before, err := processUse(srv.cmd.Process.Pid)
	if errors.Is(err, errors.ErrUnsupported) {
		b.note("How much an idle server uses is measured on Linux alone.")
		return nil
	}
	if err != nil {
		return err
	}
	select {
	case <-time.After(b.idle):
	case <-ctx.Done():
		return ctx.Err()
	}
	after, err := processUse(srv.cmd.Process.Pid)
	if err != nil {
		return err
	}
	m.knowsProcess = true
	m.idle, m.watched = after.cpu-before.cpu, b.idle
	m.memory, m.peak = after.resident, after.peak
	return nil
}

func (m served) section(n int, ready time.Duration) section {
	s := section{
		title: fmt.Sprintf("`serve` with %s notes", thousands(n)),
		text: fmt.Sprintf("One note is saved %d times. \"Event\" is the time from before the save until a listening page hears that there is a new snapshot, through the file watcher and the whole of the rebuild; \"page\" until it has been fetched too and has the new text. \"Rebuild\" is what the server itself prints, in whole milliseconds.",
			len(m.events)),
		head: []string{"", "Median", "Least", "Most"},
	}
	row := func(name string, values []time.Duration) {
		if len(values) > 0 {
			least, most := spread(values)
			s.rows = append(s.rows, []string{name, duration(median(values)), duration(least), duration(most)})
		}
	}
	row("from the start to the first answer", []time.Duration{ready})
	row("rebuild", m.said)
	row("save to event", m.events)
	row("save to page", m.fetched)
	s.aims = []aim{{"milliseconds from save to event", float64(median(m.events)) / 1e6, 20, false}}
	if m.knowsProcess {
		s.rows = append(s.rows,
			[]string{"resident memory, now and at its peak", bytesText(m.memory), "", bytesText(m.peak)},
			[]string{fmt.Sprintf("processor time in %v of rest", m.watched), duration(m.idle), "", ""})
		s.aims = append(s.aims,
			aim{"megabytes of memory at rest", float64(m.memory) / 1e6, 400, false},
			aim{"percent of a processor at rest", 100 * float64(m.idle) / float64(m.watched), 0.1, false})
	}
	return s
}

// server is a running `lectern serve`.
type server struct {
	cmd   *exec.Cmd
	url   string
	ready time.Duration

	mu     sync.Mutex
	output []string
	stderr bytes.Buffer
	done   chan struct{}
}

func startServer(ctx context.Context, lectern string, env []string, args ...string) (*server, error) {
	s := &server{cmd: exec.CommandContext(ctx, lectern, append([]string{"serve", "--port", "0"}, args...)...), done: make(chan struct{})}
	s.cmd.Env = append(environment(), env...)
	s.cmd.Stderr = &s.stderr
	s.cmd.WaitDelay = 5 * time.Second
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	address := make(chan string, 1)
	go s.read(out, address)
	select {
	case s.url = <-address:
	case <-s.done:
		return nil, errors.Join(errors.New("the server ended"), s.failure())
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for {
		_, err := get(ctx, s.url)
		if err == nil {
			break
		}
		if !strings.Contains(err.Error(), "503") || time.Since(start) > time.Minute { // no site yet
			s.stop()
			return nil, err
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.ready = time.Since(start)
	return s, nil
}

// read collects what the server prints, and finds its address in it.
func (s *server) read(out io.Reader, address chan<- string) {
	defer close(s.done)
	pattern := regexp.MustCompile(`https?://[^ ]+/`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := lines.Text()
		s.mu.Lock()
		s.output = append(s.output, line)
		s.mu.Unlock()
		if url := pattern.FindString(line); url != "" {
			select {
			case address <- url:
			default:
			}
		}
	}
}

// rebuilds returns how long the server says its rebuilds took.
func (s *server) rebuilds() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var times []time.Duration
	pattern := regexp.MustCompile(`^rebuilt .* in (\d+) ms`)
	for _, line := range s.output {
		if m := pattern.FindStringSubmatch(line); m != nil {
			if d, err := time.ParseDuration(m[1] + "ms"); err == nil {
				times = append(times, d)
			}
		}
	}
	return times
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.done
	_ = s.cmd.Wait() // killed: that is the error
}

// failure ends the server and returns what it said about why.
func (s *server) failure() error {
	s.stop()
	if said := strings.TrimSpace(s.stderr.String()); said != "" {
		return errors.New(tail(said, 2000))
	}
	return nil
}

// eventStream is what an open page hears.
type eventStream struct{ digests chan string }

// listen opens the stream that the server's pages listen to.
func listen(ctx context.Context, url, page string) (*eventStream, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"_lectern/events?page="+page, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", req.URL, resp.Status)
	}
	s := &eventStream{make(chan string, 16)}
	go func() {
		defer resp.Body.Close()
		defer close(s.digests)
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			var e struct{ Digest string }
			if ok && json.Unmarshal([]byte(data), &e) == nil && e.Digest != "" {
				s.digests <- e.Digest
			}
		}
	}()
	return s, nil
}

// next waits for the next event and returns the snapshot's digest.
func (s *eventStream) next(ctx context.Context) (string, error) {
	select {
	case d, ok := <-s.digests:
		if !ok {
			return "", errors.New("the stream of events ended")
		}
		return d, nil
	case <-time.After(30 * time.Second):
		return "", errors.New("no event in 30 s")
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// quiet waits until there is no event for some time and returns the digest of the
// last one.
func (s *eventStream) quiet(ctx context.Context, last string, pause time.Duration) (string, error) {
	for {
		select {
		case d, ok := <-s.digests:
			if !ok {
				return "", errors.New("the stream of events ended")
			}
			last = d
		case <-time.After(pause):
			return last, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

func get(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return string(data), err
}
