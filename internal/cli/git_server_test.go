package cli

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
)

// githttps NAME DIR TOKEN serves the repositories in DIR as forges do, with git's
// own program, to who has the token. It sets NAME to the address and
// GIT_SSL_CAINFO to the file of its certificate. What the file DIR.mode says is
// the matter with it: "gone", "cut" in the middle of an answer, "hang" there, or
// "spoil" a byte.
func cmdGitHTTPS(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[1])
	out, err := exec.Command("git", "--exec-path").Output()
	ts.Check(err)
	backend := &cgi.Handler{
		Path:   filepath.Join(strings.TrimSpace(string(out)), "git-http-backend"),
		Env:    []string{"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1"},
		Logger: nil, Stderr: io.Discard,
		InheritEnv: []string{"PATH"},
	}
	if _, err := os.Stat(backend.Path); err != nil {
		ts.Fatalf("git has no http-backend here: %v", err)
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mode, _ := os.ReadFile(dir + ".mode") // none is well
		faulty := &faultyAnswer{ResponseWriter: w, mode: strings.TrimSpace(string(mode)), done: r.Context().Done()}
		_, password, _ := r.BasicAuth()
		switch {
		case faulty.mode == "gone":
			http.Error(w, "maintenance", http.StatusServiceUnavailable)
		case password != args[2]:
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			http.Error(w, "who is there?", http.StatusUnauthorized)
		case faulty.mode != "" && strings.HasSuffix(r.URL.Path, "/git-upload-pack"):
			backend.ServeHTTP(faulty, r)
		default:
			backend.ServeHTTP(w, r)
		}
	}))
	srv.Config.ErrorLog = nil
	srv.StartTLS()
	ts.Defer(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	cert := ts.MkAbs("ca.pem")
	ts.Check(os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o666))
	ts.Setenv("GIT_SSL_CAINFO", cert)
	ts.Setenv(args[0], srv.URL)
}

// faultyAnswer goes wrong where the pack has begun.
type faultyAnswer struct {
	http.ResponseWriter
	mode string
	done <-chan struct{}
	pack bool
}

func (f *faultyAnswer) Write(p []byte) (int, error) {
	i := bytes.Index(p, []byte("PACK"))
	if i < 0 || f.pack {
		return f.ResponseWriter.Write(p)
	}
	f.pack = true
	if f.mode == "spoil" && len(p) > i+30 {
		p = bytes.Clone(p)
		p[i+25] ^= 0x55
		return f.ResponseWriter.Write(p)
	}
	_, _ = f.ResponseWriter.Write(p[:i+8])
	_ = http.NewResponseController(f.ResponseWriter).Flush() // it is broken off anyway
	if f.mode == "hang" {
		<-f.done
	}
	panic(http.ErrAbortHandler)
}

// gitssh NAME DIR serves the repositories in DIR by ssh to who has the key in the
// file NAME.key. It writes its own to NAME.hosts, and sets NAME to the address.
func cmdGitSSH(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[1])
	public, private, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKey(private, "")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".key"), pem.EncodeToMemory(block), 0o600))
	client, err := ssh.NewPublicKey(public)
	ts.Check(err)
	_, hostKey, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	host, err := ssh.NewSignerFromKey(hostKey)
	ts.Check(err)
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if !bytes.Equal(key.Marshal(), client.Marshal()) {
			return nil, errors.New("another key")
		}
		return nil, nil
	}}
	config.AddHostKey(host)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go serveSSH(c, config, dir)
		}
	}()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	ts.Check(err)
	line := fmt.Sprintf("[127.0.0.1]:%s %s", port, ssh.MarshalAuthorizedKey(host.PublicKey()))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".hosts"), []byte(line), 0o666))
	ts.Setenv(args[0], "ssh://git@127.0.0.1:"+port)
}

// serveSSH lets one connection run git-upload-pack in dir and nothing else.
func serveSSH(c net.Conn, config *ssh.ServerConfig, dir string) {
	defer c.Close()
	_, channels, requests, err := ssh.NewServerConn(c, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for open := range channels {
		if open.ChannelType() != "session" {
			_ = open.Reject(ssh.UnknownChannelType, "sessions only")
			continue
		}
		channel, requests, err := open.Accept()
		if err != nil {
			return
		}
		go func() {
			defer channel.Close()
			for r := range requests {
				if r.Type != "exec" {
					_ = r.Reply(r.Type == "env", nil)
					continue
				}
				var line struct{ Command string }
				_ = ssh.Unmarshal(r.Payload, &line) // what can't be read is no command
				name, ok := strings.CutPrefix(line.Command, "git-upload-pack '/")
				_ = r.Reply(ok, nil)
				if !ok {
					return
				}
				cmd := exec.Command("git", "upload-pack", filepath.Join(dir, strings.TrimSuffix(name, "'")))
				cmd.Stdin, cmd.Stdout, cmd.Stderr = channel, channel, channel.Stderr()
				status := struct{ Status uint32 }{}
				if cmd.Run() != nil {
					status.Status = 1
				}
				_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(status))
				return
			}
		}()
	}
}
