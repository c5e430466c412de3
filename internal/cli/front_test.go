package cli

import (
	"net/http"
	"os"
	"strconv"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// metrics PATH FILE saves what the script's server answers at the address of its metrics.
func cmdMetrics(ts *testscript.TestScript, neg bool, args []string) {
	m := poll(ts, "out", `^Metrics are at (http://\S+)/metrics$`)
	status, _, body := fetchPage(ts, m[1]+args[0])
	if (status != http.StatusOK) != neg {
		ts.Fatalf("%s%s: %d", m[1], args[0], status)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o666))
}

// hup tells the script's server to hand over to a new process, and waits until
// the old one has ended.
func cmdHup(ts *testscript.TestScript, _ bool, _ []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	http.DefaultClient.CloseIdleConnections() // the old one waits for them
	ts.Check(s.cmd.Process.Signal(syscall.SIGHUP))
	m := poll(ts, "err", `^process (\d+) has taken over$`)
	pid, err := strconv.Atoi(m[1])
	ts.Check(err)
	next, err := os.FindProcess(pid)
	ts.Check(err)
	ts.Defer(func() { _ = next.Kill() })
	if err := s.cmd.Wait(); err != nil {
		ts.Fatalf("the process that was replaced ended with %v:\n%s", err, ts.ReadFile("err"))
	}
	s.cmd = nil
}
