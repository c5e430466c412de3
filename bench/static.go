package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// staticRequest is one kind of request that is sent again and again.
type staticRequest struct {
	file        string
	size        int
	gzip        bool // the client takes gzip
	conditional bool // it has the file already
}

func (r staticRequest) name() string {
	words := []string{fmt.Sprintf("%d kB", r.size/1000)}
	if r.gzip {
		words = append(words, "gzip")
	}
	if r.conditional {
		return strings.Join(append(words, "304"), ", ")
	}
	return strings.Join(append(words, "200"), ", ")
}

func staticRequests() []staticRequest {
	var all []staticRequest
	for _, conditional := range []bool{false, true} {
		for _, gzip := range []bool{false, true} {
			for _, size := range []int{1_000, 10_000, 100_000} {
				all = append(all, staticRequest{staticFile(size), size, gzip, conditional})
			}
		}
	}
	return all
}

// staticClients is how many connections send requests at a time, each one after
// the other.
const staticClients = 32

// askStatic: a finished site, served by Lectern and by the servers that people
// put in front of such sites, each asked for the same files by wrk.
func (b *bench) askStatic(ctx context.Context) error {
	for tool, pkg := range map[string]string{"nginx": "nginx", "caddy": "caddy", "wrk": "wrk"} {
		if _, err := exec.LookPath(tool); err != nil {
			b.note(fmt.Sprintf("Serving beside nginx and Caddy was not measured: %s is not installed (on Debian: `apt-get install %s`).", tool, pkg))
			return nil
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	busy := loadAverage()
	site, compressed := b.output(), b.output()
	if err := makeStatic(site, compressed); err != nil {
		return err
	}
	small := filepath.Join(b.work, "lectern-server.exe")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", small, "lectern/cmd/lectern-server")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build lectern-server: %w\n%s", err, out)
	}
	var peers []*peer
	defer func() {
		for _, p := range peers {
			p.stop()
		}
	}()
	for _, start := range []func() (*peer, error){
		func() (*peer, error) { return startLectern(ctx, "Lectern", b.lectern, site) },
		func() (*peer, error) { return startLectern(ctx, "lectern-server", small, site) },
		func() (*peer, error) { return startNginx(ctx, b.output(), compressed) },
		func() (*peer, error) { return startCaddy(ctx, b.output(), compressed) },
	} {
		p, err := start()
		if err != nil {
			return err
		}
		peers = append(peers, p)
	}
	loads, err := b.loadAll(ctx, peers)
	if err != nil {
		return err
	}
	b.sections = append(b.sections, b.staticSection(peers, loads, busy))
	return nil
}

// loadAll sends every kind of request to every server, in turn, and returns what
// each took: by kind, then by server, then by round.
func (b *bench) loadAll(ctx context.Context, peers []*peer) ([][][]load, error) {
	requests := staticRequests()
	loads := make([][][]load, len(requests))
	for i, r := range requests {
		loads[i] = make([][]load, len(peers))
		headers := make([][]string, len(peers))
		for k, p := range peers {
			var err error
			if headers[k], err = p.agree(ctx, r); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", p.name, r.name(), err)
			}
		}
		for round := range min(b.runs, 3) {
			for k := range peers {
				if round%2 == 1 {
					k = len(peers) - 1 - k
				}
				l, err := runWrk(ctx, peers[k].url+r.file, headers[k], b.load)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", peers[k].name, r.name(), err)
				}
				b.say("%s, round %d: %s %.0f/s, p99 %s", r.name(), round+1, peers[k].name, l.perSecond, duration(l.p99))
				loads[i][k] = append(loads[i][k], l)
			}
		}
	}
	return loads, nil
}

// staticSection is the table. The first server is Lectern, the third nginx.
func (b *bench) staticSection(peers []*peer, loads [][][]load, busy float64) section {
	s := section{
		title: "Serving files, beside nginx and Caddy",
		text: fmt.Sprintf("The same three pages, served at the loopback address by `lectern serve --snapshot`, `lectern-server`, nginx (`sendfile`, `gzip_static`, `open_file_cache`, no access log) and Caddy (`precompressed`), of the versions %s. "+
			"wrk sends requests over %d connections that stay open, for %v to each server in turn, %d rounds; the load and the server share this machine's processors. "+
			"\"gzip\" requests take gzip, and get it, packed beforehand; 304 is the answer to who has the page already. "+
			"Requests in a second, and the time in which half and 99 of 100 were answered; medians of the rounds. Lectern's answers carry a security policy, which the others' do not.",
			peerVersions(peers), staticClients, b.load, min(b.runs, 3)),
		head: []string{"Request"},
	}
	if busy > 0.5 {
		s.text += fmt.Sprintf(" **Measured while other programs were at work (load average %.1f before it began): the numbers count beside each other, not by themselves.**", busy)
	}
	for _, p := range peers {
		s.head = append(s.head, p.name)
	}
	var rates, tails []float64
	for i, r := range staticRequests() {
		row := []string{r.name()}
		for k := range peers {
			row = append(row, fmt.Sprintf("%s/s, %s, %s", thousands(int(medianOf(loads[i][k], load.rate))),
				duration(medianOf(loads[i][k], load.half)), duration(medianOf(loads[i][k], load.tail))))
		}
		s.rows = append(s.rows, row)
		rates = append(rates, medianOf(loads[i][0], load.rate)/medianOf(loads[i][2], load.rate))
		tails = append(tails, float64(medianOf(loads[i][0], load.tail))/float64(medianOf(loads[i][2], load.tail)))
	}
	s.aims = []aim{
		{"Lectern's throughput ÷ nginx's, the least", slices.Min(rates), 1, true},
		{"the same, median of all kinds", median(rates), 0, true},
		{"Lectern's p99 ÷ nginx's, the most", slices.Max(tails), 1, false},
		{"the same, median of all kinds", median(tails), 0, false},
	}
	return s
}

func peerVersions(peers []*peer) string {
	var words []string
	for _, p := range peers {
		if p.version != "" {
			words = append(words, p.name+" "+p.version)
		}
	}
	return strings.Join(words, " and ")
}

// load is what one run of wrk saw.
type load struct {
	perSecond float64
	p50, p99  time.Duration
}

func (l load) rate() float64       { return l.perSecond }
func (l load) half() time.Duration { return l.p50 }
func (l load) tail() time.Duration { return l.p99 }

func medianOf[T interface{ ~int64 | ~float64 }](loads []load, get func(load) T) T {
	values := make([]T, len(loads))
	for i, l := range loads {
		values[i] = get(l)
	}
	return median(values)
}
