package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"syscall"
	"time"

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
	scriptTransport.CloseIdleConnections() // the old one waits for them
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

// scriptTransport trusts the certificates of scripts.
var scriptTransport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}

// login NAME PASSWORD says who asks the script's server from now on.
func cmdLogin(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	u, err := url.Parse(s.url)
	ts.Check(err)
	u.User = url.UserPassword(args[0], args[1])
	s.url = u.String()
}

// tlspair CERT KEY writes a new certificate and its key.
func cmdTLSPair(ts *testscript.TestScript, _ bool, args []string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	ts.Check(err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
}

// redirected PATH asks without TLS and has to be sent to the same path with it.
func cmdRedirected(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	m := poll(ts, "out", `^Readers at (\S+) are sent to HTTPS$`)
	client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get("http://" + m[1] + args[0])
	ts.Check(err)
	ts.Check(resp.Body.Close())
	if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusPermanentRedirect || got != s.url+args[0] {
		ts.Fatalf("%d to %q, want %q", resp.StatusCode, got, s.url+args[0])
	}
}
