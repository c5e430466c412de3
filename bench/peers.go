package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"lectern/internal/snapshot"
)

func staticFile(size int) string { return fmt.Sprintf("page-%d.html", size/1000) }

// staticPage is a page of so many bytes, of sentences as in a note.
func staticPage(size int) []byte {
	r := rand.New(rand.NewPCG(1, uint64(size)))
	const end = "\n</body></html>\n"
	page := []byte("<!doctype html><html lang=en><head><title>Page</title></head><body>\n")
	for len(page) < size {
		sentence := sentences[r.IntN(len(sentences))]
		page = fmt.Appendf(append(page, '\n'), sentence, nouns[r.IntN(len(nouns))], nouns[r.IntN(len(nouns))])
	}
	return append(page[:size-len(end)], end...)
}

// makeStatic writes the pages to site as `lectern build` does, and to compressed
// with each one's gzip beside it.
func makeStatic(site, compressed string) error {
	if err := os.MkdirAll(compressed, 0o777); err != nil {
		return err
	}
	home := snapshot.MakeBody(staticPage(1_000)) // a site has one
	files := []*snapshot.File{{Path: "index.html", Hash: home.Hash(), Body: home, Rendered: true}}
	for _, size := range []int{1_000, 10_000, 100_000} {
		page := staticPage(size)
		body := snapshot.MakeBody(page)
		files = append(files, &snapshot.File{Path: staticFile(size), Hash: body.Hash(), Body: body, Rendered: true})
		name := filepath.Join(compressed, staticFile(size))
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := z.Write(page)
		if err := errors.Join(err, z.Close(), os.WriteFile(name, page, 0o666), os.WriteFile(name+".gz", packed.Bytes(), 0o666)); err != nil {
			return err
		}
	}
	snap, err := snapshot.New(files)
	if err != nil {
		return err
	}
	_, err = snapshot.WriteDir(context.Background(), snap, site, snapshot.WriteOptions{})
	return err
}

// peer is a running server of the pages.
type peer struct {
	name, version string
	url           string
	stop          func()
}

func startLectern(ctx context.Context, name, program, site string) (*peer, error) {
	srv, err := startServer(ctx, program, nil, "--snapshot", site)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &peer{name: name, url: srv.url, stop: srv.stop}, nil
}

func startNginx(ctx context.Context, dir, root string) (*peer, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // who else could not read a temporary folder
	}
	config := fmt.Sprintf(`%s
daemon off;
pid %[2]s/pid;
error_log stderr crit;
worker_processes auto;
events { worker_connections 1024; }
http {
	types { text/html html; }
	charset utf-8;
	access_log off;
	sendfile on;
	tcp_nopush on;
	gzip_static on;
	gzip_vary on;
	open_file_cache max=1000 inactive=60s;
	open_file_cache_valid 60s;
	keepalive_timeout 65s;
	keepalive_requests 100000000;
	client_body_temp_path %[2]s/body;
	proxy_temp_path %[2]s/proxy;
	fastcgi_temp_path %[2]s/fastcgi;
	uwsgi_temp_path %[2]s/uwsgi;
	scgi_temp_path %[2]s/scgi;
	server { listen 127.0.0.1:%[3]d; root %[4]s; }
}
`, user, dir, port, root)
	file := filepath.Join(dir, "nginx.conf")
	if err := errors.Join(os.MkdirAll(dir, 0o777), os.WriteFile(file, []byte(config), 0o666)); err != nil {
		return nil, err
	}
	out, _ := exec.CommandContext(ctx, "nginx", "-v").CombinedOutput() // a page without a version is no worse
	_, version, _ := strings.Cut(strings.TrimSpace(string(out)), "nginx/")
	return startPeer(ctx, peer{name: "nginx", version: version}, port, dir, "nginx", "-p", dir, "-e", "stderr", "-c", file)
}

func startCaddy(ctx context.Context, dir, root string) (*peer, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	config := fmt.Sprintf(`{
	admin off
	auto_https off
}
http://127.0.0.1:%d {
	bind 127.0.0.1
	root * %s
	file_server {
		precompressed gzip
	}
}
`, port, root)
	file := filepath.Join(dir, "Caddyfile")
	if err := errors.Join(os.MkdirAll(dir, 0o777), os.WriteFile(file, []byte(config), 0o666)); err != nil {
		return nil, err
	}
	version, _, _ := strings.Cut(command("caddy", "version"), " ")
	return startPeer(ctx, peer{name: "Caddy", version: version}, port, dir, "caddy", "run", "--adapter", "caddyfile", "--config", file)
}

// freePort is a port that was free just now.
func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return ln.Addr().(*net.TCPAddr).Port, ln.Close()
}

// startPeer starts a server whose files are all in dir, and waits until it answers.
func startPeer(ctx context.Context, p peer, port int, dir string, args ...string) (*peer, error) {
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(environment(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // nginx ends its workers itself
	cmd.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // interrupted: that is the error
		close(ended)
	}()
	p.url = fmt.Sprintf("http://127.0.0.1:%d/", port)
	p.stop = func() { cancel(); <-ended }
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if _, err := get(ctx, p.url+staticFile(1_000)); err == nil {
			return &p, nil
		} else if time.Since(start) > 10*time.Second {
			p.stop()
			return nil, fmt.Errorf("%s does not answer: %w: %s", p.name, err, tail(said.String(), 2000))
		}
	}
}

// agree returns the headers that make a request what it is, after seeing that the
// server answers it as it should: nobody gains by sending less.
func (p *peer) agree(ctx context.Context, r staticRequest) ([]string, error) {
	var headers []string
	if r.gzip {
		headers = append(headers, "Accept-Encoding: gzip")
	}
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		resp, body, err := p.ask(ctx, r, headers)
		if err != nil {
			return nil, err
		}
		packed := resp.Header.Get("Content-Encoding") == "gzip"
		if packed != r.gzip && time.Since(start) < 10*time.Second {
			continue // Lectern packs after it has begun to serve
		}
		if resp.StatusCode != http.StatusOK || packed != r.gzip || !bytes.Equal(body, staticPage(r.size)) {
			return nil, fmt.Errorf("%s, encoding %q, %d bytes that may be others", resp.Status, resp.Header.Get("Content-Encoding"), len(body))
		}
		if !r.conditional {
			return headers, nil
		}
		headers = append(headers, "If-None-Match: "+resp.Header.Get("ETag"))
		if resp, _, err = p.ask(ctx, r, headers); err == nil && resp.StatusCode != http.StatusNotModified {
			err = fmt.Errorf("%s for what is not modified", resp.Status)
		}
		return headers, err
	}
}

// ask sends one request and unpacks the answer.
func (p *peer) ask(ctx context.Context, r staticRequest, headers []string) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+r.file, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	client := http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.Header.Get("Content-Encoding") == "gzip" && len(body) > 0 {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
			body, err = io.ReadAll(z)
		}
	}
	return resp, body, err
}

// runWrk sends one kind of request for so long.
func runWrk(ctx context.Context, url string, headers []string, long time.Duration) (load, error) {
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		return load{}, fmt.Errorf("%s is not on this machine", url)
	}
	seconds := max(1, int(long.Seconds()))
	args := []string{"-t", "1", "-c", strconv.Itoa(staticClients), "-d", strconv.Itoa(seconds), "--timeout", "10", "--latency"}
	for _, h := range headers {
		args = append(args, "-H", h)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(seconds)*time.Second+30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "wrk", append(args, url)...).CombinedOutput()
	if err != nil {
		return load{}, fmt.Errorf("wrk: %w: %s", err, tail(string(out), 500))
	}
	return parseWrk(string(out))
}

// parseWrk reads what wrk prints. A run with failures counts for nothing.
func parseWrk(out string) (load, error) {
	var l load
	var err error
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		switch {
		case strings.Contains(line, "Non-2xx") || strings.Contains(line, "Socket errors"):
			return l, fmt.Errorf("wrk: %s", strings.TrimSpace(line))
		case len(f) == 2 && f[0] == "50%":
			l.p50, err = time.ParseDuration(f[1])
		case len(f) == 2 && f[0] == "99%":
			l.p99, err = time.ParseDuration(f[1])
		case len(f) == 2 && f[0] == "Requests/sec:":
			l.perSecond, err = strconv.ParseFloat(f[1], 64)
		}
		if err != nil {
			return l, fmt.Errorf("wrk: %q: %w", line, err)
		}
	}
	if l.p50 == 0 || l.p99 == 0 || l.perSecond == 0 {
		return l, fmt.Errorf("wrk printed no latencies: %s", tail(out, 500))
	}
	return l, nil
}

// loadAverage is how many programs want to run, over the last minute; 0 where
// that is not known.
func loadAverage() float64 {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(data), " ")
	x, _ := strconv.ParseFloat(first, 64) // 0 where it is none
	return x
}
