package cli

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/rogpeppe/go-internal/testscript"
)

// acme DOMAIN ARGS... starts a certificate authority and `lectern serve ARGS...`
// with a certificate of that for the domain, both on sockets of this process.
func cmdACME(ts *testscript.TestScript, _ bool, args []string) {
	var files []*os.File
	var ports []int
	for range 2 {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		f, err := ln.(*net.TCPListener).File()
		ts.Check(err)
		ports = append(ports, ln.Addr().(*net.TCPAddr).Port)
		ts.Check(ln.Close())
		files = append(files, f)
	}
	ready, said, err := os.Pipe()
	ts.Check(err)
	files = append(files, said)
	url, root := scriptAuthority(ts, ports[1], ports[0])
	ts.Check(os.WriteFile(ts.MkAbs("authority.pem"), root, 0o600))
	name, err := exec.LookPath("lectern")
	ts.Check(err)
	errs, err := os.Create(ts.MkAbs("err"))
	ts.Check(err)
	defer errs.Close()
	s := ts.Value(serverKey{}).(*scriptServer)
	s.cmd = exec.Command(name, append([]string{"serve", "--tls", args[0], "--tls-ca", url, "--tls-ca-root", "authority.pem"}, args[1:]...)...)
	s.cmd.Dir, s.cmd.Stderr, s.cmd.ExtraFiles = ts.MkAbs("."), errs, files
	s.cmd.Env = []string{"LECTERN_SOCKETS=main http", "LECTERN_READY_FD=5", "STATE_DIRECTORY=" + ts.MkAbs("state"), "HOME=" + ts.Getenv("HOME")}
	ts.Check(s.cmd.Start())
	ts.Defer(func() {
		if s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	for _, f := range files {
		ts.Check(f.Close())
	}
	_, err = io.ReadFull(ready, make([]byte, 1))
	ts.Check(err)
	ts.Check(ready.Close())
	s.url = "https://127.0.0.1:" + strconv.Itoa(ports[0])
}

// scriptAuthority is a whole ACME server that asks at these ports; it returns
// its address and the certificate that vouches for it.
func scriptAuthority(ts *testscript.TestScript, httpPort, tlsPort int) (url string, root []byte) {
	ts.Check(os.Setenv("PEBBLE_VA_NOSLEEP", "1")) // it would wait as long as networks do
	quiet := log.New(io.Discard, "", 0)
	probe, err := net.ListenPacket("udp", "127.0.0.1:0")
	ts.Check(err)
	names := probe.LocalAddr().String()
	ts.Check(probe.Close())
	dns, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{names}, Log: quiet})
	ts.Check(err)
	dns.SetDefaultDNSIPv4("127.0.0.1")
	dns.SetDefaultDNSIPv6("")
	go dns.Run()
	ts.Defer(dns.Shutdown)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "the only one"}})
	front := wfe.New(quiet, store, va.New(quiet, httpPort, tlsPort, true, names, store), issuer, []string{"ca.example"}, true, false, 1, 1)
	srv := httptest.NewTLSServer(front.Handler())
	ts.Defer(srv.Close)
	return srv.URL + wfe.DirectoryPath, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw})
}

// issued waits until the script's server has a certificate of the authority.
func cmdIssued(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	client := http.Client{Timeout: patience, Transport: scriptTransport}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		resp, err := client.Get(s.url + "/")
		if err != nil {
			continue // there is no certificate yet
		}
		ts.Check(resp.Body.Close())
		leaf := resp.TLS.PeerCertificates[0]
		if err := leaf.VerifyHostname(args[0]); err != nil || !strings.Contains(leaf.Issuer.CommonName, "Pebble") {
			ts.Fatalf("the certificate is %v by %v", leaf.Subject, leaf.Issuer)
		}
		return
	}
	ts.Fatalf("there is no certificate:\n%s", ts.ReadFile("err"))
}
