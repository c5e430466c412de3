package cli

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// gethost HOST PATH FILE waits until the server answers for another host, and
// saves that, and its header as FILE.header; with `!` the answer is not to be 200.
func cmdGetHost(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for end := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		r, err := http.NewRequest(http.MethodGet, s.url+args[1], nil)
		ts.Check(err)
		r.Host = args[0]
		resp, err := client.Do(r)
		ts.Check(err)
		body, err := io.ReadAll(resp.Body)
		ts.Check(err)
		ts.Check(resp.Body.Close())
		if resp.StatusCode == http.StatusServiceUnavailable && time.Now().Before(end) {
			continue // nothing is known yet
		}
		if (resp.StatusCode != http.StatusOK) != neg {
			ts.Fatalf("GET %s%s: %d\n%s", args[0], args[1], resp.StatusCode, body)
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[2]), body, 0o666))
		var text bytes.Buffer
		ts.Check(resp.Header.Write(&text))
		ts.Check(os.WriteFile(ts.MkAbs(args[2]+".header"), text.Bytes(), 0o666))
		return
	}
}

func TestClosedRequests(t *testing.T) {
	name := filepath.Join(t.TempDir(), "closed")
	log := slog.New(slog.DiscardHandler)
	c := openClosed(name)
	c.set("refs/pull/1/head", true, log)
	c.set("refs/pull/2/head", true, log)
	c.set("refs/pull/1/head", false, log)
	c.set("refs/pull/3/head", false, log)
	for _, c := range []*closedRequests{c, openClosed(name)} {
		if c.has("refs/pull/1/head") || !c.has("refs/pull/2/head") || c.has("refs/pull/3/head") {
			t.Errorf("closed are %v", c.refs)
		}
	}
	if err := os.WriteFile(name, []byte(strings.Repeat("\x00nonsense\n", 9)), 0o600); err != nil {
		t.Fatal(err)
	}
	if c := openClosed(name); len(c.refs) != 0 {
		t.Errorf("nonsense gave %v", c.refs)
	}
}
