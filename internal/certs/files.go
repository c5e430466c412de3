package certs

import (
	"context"
	"crypto/tls"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// Files is a certificate in files that somebody else renews.
type Files struct {
	cert, key string
	current   atomic.Pointer[tls.Certificate]
	stamp     [2]stamp
}

// stamp tells whether a file is another one than before.
type stamp struct {
	size int64
	time time.Time
}

// OpenFiles reads a certificate (with those that vouch for it) and its key.
func OpenFiles(cert, key string) (*Files, error) {
	f := &Files{cert: cert, key: key}
	if _, err := f.read(); err != nil {
		return nil, err
	}
	return f, nil
}

// TLS returns what the server needs to speak HTTPS.
func (f *Files) TLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current.Load(), nil },
	}
}

// Watch looks every now and then whether the files have changed, until ctx
// ends. What can't be used is reported, and the certificate of before stays.
func (f *Files) Watch(ctx context.Context, every time.Duration, report func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var last string
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		text := ""
		if _, err := f.read(); err != nil {
			if text = err.Error(); text != last {
				report(err)
			}
		}
		last = text
	}
}

// read takes the files in if they are others than before.
func (f *Files) read() (changed bool, err error) {
	var now [2]stamp
	for i, name := range []string{f.cert, f.key} {
		info, err := os.Stat(name)
		if err != nil {
			return false, fmt.Errorf("read the certificate: %w", err)
		}
		now[i] = stamp{info.Size(), info.ModTime()}
	}
	if now == f.stamp {
		return false, nil
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return false, fmt.Errorf("read the certificate in %s: %w", f.cert, err)
	}
	f.current.Store(&pair)
	f.stamp = now
	return true, nil
}
