//go:build unix

package listen

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"lectern/internal/server"
	"lectern/internal/snapshot"
)

const childVariable = "LISTEN_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// child is a server whose one page is the number of its process. It hands over
// when it is told to; a file named in the environment makes the next one fail.
func child() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sockets, err := Inherit()
	if err != nil {
		return err
	}
	if _, err := os.Stat(os.Getenv("LISTEN_TEST_FAIL")); err == nil && sockets.before != nil {
		return errors.New("this one was told to fail")
	}
	ln, err := sockets.Listen(ctx, Main, "127.0.0.1:0")
	if err != nil {
		return err
	}
	pid := []byte(strconv.Itoa(os.Getpid()))
	snap, err := snapshot.New([]*snapshot.File{{Path: "index.html", Hash: sha256.Sum256(pid), Body: snapshot.MakeBody(pid)}})
	if err != nil {
		return err
	}
	s := server.New(server.Options{})
	s.Swap(server.Update{Snapshot: snap})
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	go func() {
		for range again {
			if _, err := sockets.Restart(ctx); err != nil {
				fmt.Println("restart failed")
				continue
			}
			cancel(server.ErrHandedOver)
			return
		}
	}()
	fmt.Println(os.Getpid(), ln.Addr())
	if err := sockets.Ready(); err != nil {
		return err
	}
	return s.Serve(ctx, ln)
}

// fetch asks for the number of the process that answers.
func fetch(client *http.Client, addr string) (int, error) {
	resp, err := client.Get("http://" + addr + "/")
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(text))
}

// A server is replaced many times under load, and no request fails, on new
// connections and on those that stay open.
func TestRestartUnderLoad(t *testing.T) {
	fail := t.TempDir() + "/fail"
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"=1", "LISTEN_TEST_FAIL="+fail)
	out, in, err := os.Pipe() // its children write to it, too
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = in, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	lines := make(chan string, 16)
	go func() {
		defer close(lines)
		var line strings.Builder
		b := make([]byte, 1)
		for {
			if _, err := out.Read(b); err != nil {
				return
			}
			if b[0] == '\n' {
				lines <- line.String()
				line.Reset()
				continue
			}
			line.WriteByte(b[0])
		}
	}()
	next := func() string {
		select {
		case l := <-lines:
			return l
		case <-time.After(time.Minute):
			t.Fatal("nothing happens")
			return ""
		}
	}
	started := func() (pid int, addr string) {
		if _, err := fmt.Sscan(next(), &pid, &addr); err != nil {
			t.Fatal(err)
		}
		return pid, addr
	}
	pid, addr := started()
	defer func() { // whichever is the last
		if err := syscall.Kill(pid, syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}()

	ctx, stop := context.WithCancel(t.Context())
	var load sync.WaitGroup
	var asked atomic.Int64
	for i := range 8 {
		load.Go(func() {
			tr := &http.Transport{DisableKeepAlives: i%2 == 0}
			defer tr.CloseIdleConnections()
			client := &http.Client{Transport: tr}
			for ctx.Err() == nil {
				if _, err := fetch(client, addr); err != nil {
					t.Errorf("a request failed: %v", err)
					return
				}
				asked.Add(1)
			}
		})
	}
	first := cmd
	for range 5 {
		if err := syscall.Kill(pid, syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		old := pid
		if pid, _ = started(); pid == old {
			t.Fatal("the process was not replaced")
		}
		if first != nil {
			if err := first.Wait(); err != nil {
				t.Errorf("the process that was replaced: %v", err)
			}
			first = nil
		}
	}
	// One that does not become ready changes nothing.
	if err := os.WriteFile(fail, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if l := next(); l != "restart failed" {
		t.Errorf("%q", l)
	}
	stop()
	load.Wait()
	if n := asked.Load(); n < 100 {
		t.Errorf("%d requests are no load", n)
	}
	if got, err := fetch(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, addr); err != nil || got != pid {
		t.Errorf("%d answers, want %d: %v", got, pid, err)
	}
}

// A socket of systemd is taken over, whatever it is called, and systemd is told
// when the server answers.
func TestSystemd(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("systemd is for Linux")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	f, err := ln.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	notify, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: t.TempDir() + "/notify", Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer notify.Close()
	// The number of the process has to be in its environment, as systemd puts it there.
	cmd := exec.Command("sh", "-c", `LISTEN_PID=$$ exec "$0"`, os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"=1", "LISTEN_FDS=1", "LISTEN_FDNAMES=lectern.socket", "NOTIFY_SOCKET="+notify.LocalAddr().String())
	cmd.ExtraFiles = []*os.File{f}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 1024)
	if err := notify.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	n, err := notify.Read(b)
	if want := fmt.Sprintf("READY=1\nMAINPID=%d", cmd.Process.Pid); err != nil || string(b[:n]) != want {
		t.Errorf("systemd was told %q, want %q: %v", b[:n], want, err)
	}
	if pid, err := fetch(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, ln.Addr().String()); err != nil || pid != cmd.Process.Pid {
		t.Errorf("%d answers: %v", pid, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
