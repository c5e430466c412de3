package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// readers are clients that read a site all the time, whatever is published.
type readers struct {
	cancel   context.CancelFunc
	done     sync.WaitGroup
	editions []map[string][]byte // by path

	mu     sync.Mutex
	wrong  []string
	answer int
	newest map[int]int // answers by edition
}

// readers DIR... reads all pages of the script's server until `readers stop`.
// Every answer has to be that of a site in one of the folders, and after one of
// a later folder none may come of an earlier one. At the end all folders have to
// have been seen.
func cmdReaders(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	if neg || len(args) == 0 {
		ts.Fatalf("usage: readers DIR... | readers stop")
	}
	if args[0] == "stop" {
		r := s.readers
		r.cancel()
		r.done.Wait()
		s.readers = nil
		if len(r.wrong) > 0 || len(r.newest) != len(r.editions) {
			ts.Fatalf("%d answers, of editions %v of %d: %q", r.answer, r.newest, len(r.editions), r.wrong)
		}
		ts.Logf("%d answers, of editions %v", r.answer, r.newest)
		return
	}
	r := &readers{newest: map[int]int{}}
	for _, dir := range args {
		r.editions = append(r.editions, pagesIn(ts, ts.MkAbs(dir)))
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	s.readers = r
	ts.Defer(func() {
		cancel()
		r.done.Wait()
	})
	for range 4 {
		r.done.Go(func() { r.read(ctx, s.url) })
	}
}

func pagesIn(ts *testscript.TestScript, dir string) map[string][]byte {
	pages := map[string][]byte{}
	ts.Check(filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".html") {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		pages[filepath.ToSlash(rel)], err = os.ReadFile(name)
		return err
	}))
	if len(pages) == 0 {
		ts.Fatalf("no pages in %s", dir)
	}
	return pages
}

// read is one reader: it asks for one page after the other, on one connection.
func (r *readers) read(ctx context.Context, url string) {
	client := http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	at := 0
	for ctx.Err() == nil {
		for page := range r.editions[0] {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/"+strings.TrimSuffix(page, "index.html"), nil)
			if err != nil {
				r.note(at, err.Error())
				return
			}
			resp, err := client.Do(req)
			var body []byte
			if err == nil {
				body, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				r.note(at, err.Error())
			case resp.StatusCode != http.StatusOK:
				r.note(at, fmt.Sprintf("%s: status %d", page, resp.StatusCode))
			default:
				at = r.judge(at, page, body)
			}
		}
	}
}

// judge finds the edition that an answer belongs to, from at on.
func (r *readers) judge(at int, page string, body []byte) int {
	for i := at; i < len(r.editions); i++ {
		if bytes.Equal(r.editions[i][page], body) {
			r.note(i, "")
			return i
		}
	}
	r.note(at, fmt.Sprintf("%s: of no edition from %d on: %.60q", page, at, body))
	return at
}

func (r *readers) note(edition int, wrong string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer++
	r.newest[edition]++
	if wrong != "" && len(r.wrong) < 10 {
		r.wrong = append(r.wrong, wrong)
	}
}
