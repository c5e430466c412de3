package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

// patience is when a test gives up.
const patience = time.Minute

func listenLocal(t *testing.T) (net.Listener, int) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln, ln.Addr().(*net.TCPAddr).Port
}

// authority starts a whole ACME server that asks at these ports, and returns the
// address of its directory and who vouches for it and for what it issues.
func authority(t *testing.T, httpPort, tlsPort int) (url string, api, issued *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	ln, port := listenLocal(t)
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	dnsAddr := net.JoinHostPort("127.0.0.1", big.NewInt(int64(port)).String())
	quiet := log.New(io.Discard, "", 0)
	names, err := challtestsrv.New(challtestsrv.Config{DNSAddrs: []string{dnsAddr}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	names.SetDefaultDNSIPv4("127.0.0.1")
	names.SetDefaultDNSIPv6("")
	go names.Run()
	t.Cleanup(names.Shutdown)
	store := db.NewMemoryStore()
	issuer := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "the only one"}})
	front := wfe.New(quiet, store, va.New(quiet, httpPort, tlsPort, true, dnsAddr, store), issuer, []string{"ca.example"}, true, false, 1, 1)
	srv := httptest.NewTLSServer(front.Handler())
	t.Cleanup(srv.Close)
	api, issued = x509.NewCertPool(), x509.NewCertPool()
	api.AddCert(srv.Certificate())
	issued.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	return srv.URL + wfe.DirectoryPath, api, issued
}

// A real authority asks, by HTTP or by TLS alone, and issues; another start needs no authority.
func TestIssued(t *testing.T) {
	for _, byHTTP := range []bool{true, false} {
		dir := t.TempDir()
		tlsLn, tlsPort := listenLocal(t)
		httpLn, httpPort := listenLocal(t)
		url, api, issued := authority(t, httpPort, tlsPort)
		opts := Options{Domains: []string{"notes.example.org"}, Email: "noor@example.org", Dir: dir, CA: url, Roots: api, HTTPPort: httpPort, TLSPort: tlsPort, Log: t.Output()}
		if !byHTTP {
			opts.HTTPPort = 0
		}
		certs, err := New(opts)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		plain := &http.Server{Handler: certs.Redirect()}
		go plain.Serve(httpLn)
		secure := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "notes") }), TLSConfig: certs.TLS(), ErrorLog: log.New(io.Discard, "", 0)}
		go secure.ServeTLS(tlsLn, "", "")
		if err := certs.Start(ctx); err != nil {
			t.Fatal(err)
		}
		ask(t, tlsPort, issued)
		cancel()
		certs.Close()
		plain.Close()
		secure.Close()

		// There is nobody any more to ask.
		opts.Roots = x509.NewCertPool()
		again, err := New(opts)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		if err := again.Start(ctx); err != nil {
			t.Fatal(err)
		}
		ln, port := listenLocal(t)
		kept := &http.Server{Handler: http.NotFoundHandler(), TLSConfig: again.TLS(), ErrorLog: log.New(io.Discard, "", 0)}
		go kept.ServeTLS(ln, "", "")
		ask(t, port, issued)
		kept.Close()
		cancel()
		again.Close()
	}
}

// ask asks until there is a certificate that issued vouches for.
func ask(t *testing.T, port int, issued *x509.CertPool) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: issued},
		ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", big.NewInt(int64(port)).String()))
		},
	}}
	defer client.CloseIdleConnections()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		resp, err := client.Get("https://notes.example.org/")
		if err == nil {
			resp.Body.Close()
			if resp.ProtoMajor != 2 {
				t.Errorf("it speaks %s", resp.Proto)
			}
			return
		}
		if time.Now().After(end) {
			t.Fatalf("there is no certificate: %v", err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"", "localhost", "*.example.org", "exa mple.org"} {
		if _, err := New(Options{Domains: []string{name}, Log: io.Discard}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}

func TestRedirect(t *testing.T) {
	for _, tt := range []struct {
		method, host, target string
		port                 int
		code                 int
		want                 string
	}{
		{"GET", "notes.example.org", "/a/?b=c", 443, 308, "https://notes.example.org/a/?b=c"},
		{"HEAD", "Notes.Example.org:80", "/%C3%A9", 443, 308, "https://notes.example.org/%C3%A9"},
		{"GET", "other.example.org", "/", 8443, 308, "https://other.example.org:8443/"},
		{"GET", "evil.example", "/", 443, 308, "https://notes.example.org/"},
		{"GET", "notes.example.org", "//evil.example/", 443, 308, "https://notes.example.org//evil.example/"},
		{"POST", "notes.example.org", "/", 443, 400, ""},
	} {
		r := httptest.NewRequest(tt.method, "http://x"+tt.target, nil)
		r.Host = tt.host
		w := httptest.NewRecorder()
		Redirect([]string{"notes.example.org", "other.example.org"}, tt.port).ServeHTTP(w, r)
		if w.Code != tt.code || w.Header().Get("Location") != tt.want {
			t.Errorf("%s %s %s: %d %s", tt.method, tt.host, tt.target, w.Code, w.Header().Get("Location"))
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "http://x/", nil)
	r.Host = `a"b`
	if Redirect(nil, 443).ServeHTTP(w, r); w.Code != 400 {
		t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
	}
}

func writePair(t *testing.T, dir, name string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}, &x509.Certificate{Subject: pkix.Name{CommonName: name}}, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, b := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(filepath.Join(dir, file), pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Files are read again when they have changed; what makes no sense is reported
// once and changes nothing.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	writePair(t, dir, "first.example.org")
	f, err := OpenFiles(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	name := func() string {
		c, err := f.TLS().GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		return c.Leaf.Subject.CommonName
	}
	reports := make(chan error, 10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); f.Watch(ctx, time.Millisecond, func(err error) { reports <- err }) }()
	defer func() { cancel(); <-done }()
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte("half a ke"), 0o600); err != nil {
		t.Fatal(err)
	}
	select {
	case <-reports:
	case <-time.After(patience):
		t.Fatal("nobody complains")
	}
	if name() != "first.example.org" {
		t.Error("the certificate is gone")
	}
	writePair(t, dir, "second.example.org")
	for end := time.Now().Add(patience); name() != "second.example.org"; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the files are not read again")
		}
	}
	if _, err := OpenFiles(filepath.Join(dir, "none"), filepath.Join(dir, "key.pem")); err == nil {
		t.Error("a certificate of nothing")
	}
}
