package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience bounds how long a script waits for something that must happen. It
// is no measure of speed: a test that reaches it failed.
const patience = 8 * time.Second

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		// The command as main has it, but for the release, which a script may choose.
		"lectern": func() {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			os.Exit(Run(ctx, os.Args[1:], Streams{
				In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Version: os.Getenv("TEST_VERSION"),
			}))
		},
		// A browser that leaves a note of what it was shown.
		"xdg-open": func() {
			if err := os.WriteFile(os.Getenv("BROWSER_LOG"), []byte(os.Args[1]), 0o666); err != nil {
				panic(err)
			}
		},
	})
}

// sharedDir holds real programmes and notes.
const sharedDir = "../../../shared"

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector sleeps at the end of each process
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("LECTERN_CACHE", filepath.Join(env.WorkDir, ".cache"))
			env.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(env.WorkDir))
			if shared, err := filepath.Abs(sharedDir); err == nil {
				env.Setenv("SHARED", shared)
			}
			env.Setenv("BROWSER_LOG", filepath.Join(env.WorkDir, "browser.log"))
			env.Values[serverKey{}] = &scriptServer{}
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Geteuid() == 0, nil
			case "tinydisk":
				return canMount(t), nil
			case "shared": // real programmes and notes, beside the project
				_, err := os.Stat(sharedDir)
				return err == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"absent":   cmdAbsent,
			"backdate": cmdBackdate,
			"backdated": func(ts *testscript.TestScript, neg bool, args []string) {
				for _, name := range args {
					info, err := os.Stat(ts.MkAbs(name))
					ts.Check(err)
					if info.ModTime().Equal(longAgo) == neg {
						ts.Fatalf("%s was modified at %v", name, info.ModTime())
					}
				}
			},
			"tinydisk":     cmdTinyDisk,
			"code2":        cmdCode2,
			"metrics":      cmdMetrics,
			"hup":          cmdHup,
			"login":        cmdLogin,
			"tlspair":      cmdTLSPair,
			"acme":         cmdACME,
			"issued":       cmdIssued,
			"redirected":   cmdRedirected,
			"same":         cmdSame,
			"bytes":        cmdBytes,
			"repeat":       cmdRepeat,
			"misplace":     cmdMisplace,
			"trusts":       cmdTrusts,
			"registry":     cmdRegistry,
			"certificate":  cmdCertificate,
			"noregistry":   cmdNoRegistry,
			"readers":      cmdReaders,
			"unpack":       cmdUnpack,
			"serverbinary": cmdServerBinary(serverBinary(t)),
			"serve":        cmdServe,
			"stop":         cmdStop,
			"get":          cmdGet,
			"gethost":      cmdGetHost,
			"until":        cmdUntil,
			"occupy":       cmdOccupy,
			"hook":         cmdHook,
			"forge":        cmdForge,
			"githttps":     cmdGitHTTPS,
			"gitssh":       cmdGitSSH,
			"burst":        cmdBurst,
			"builtonce":    cmdBuiltOnce,
		},
	})
}

// code2 COMMAND... runs a command that has to end with exit code 2.
func cmdCode2(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[0], args[1:]...)
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != exitUsage {
		ts.Fatalf("%v: want exit status %d", err, exitUsage)
	}
}

// same DIR... fails unless all folders hold the same files.
func cmdSame(ts *testscript.TestScript, _ bool, args []string) {
	read := func(dir string) map[string]string {
		files := map[string]string{}
		root := ts.MkAbs(dir)
		ts.Check(filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || e.Name()[0] == '.' { // the manifest knows times
				return err
			}
			data, err := os.ReadFile(name)
			files[strings.TrimPrefix(name, root)] = string(data)
			return err
		}))
		return files
	}
	first := read(args[0])
	if len(first) == 0 {
		ts.Fatalf("%s holds no files", args[0])
	}
	for _, dir := range args[1:] {
		other := read(dir)
		for name := range other {
			if _, ok := first[name]; !ok {
				ts.Fatalf("%s is in %s alone", name, dir)
			}
		}
		for name, data := range first {
			if got, ok := other[name]; !ok || got != data {
				ts.Fatalf("%s differs in %s", name, dir)
			}
		}
	}
}

// absent WORD... DIR fails if a word is in the name or the content of any file
// below DIR; case does not count.
func cmdAbsent(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: absent WORD... DIR")
	}
	words, dir := args[:len(args)-1], ts.MkAbs(args[len(args)-1])
	files, hits := 0, []string{}
	ts.Check(filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		for _, w := range words {
			w = strings.ToLower(w)
			if strings.Contains(strings.ToLower(rel), w) || bytes.Contains(bytes.ToLower(data), []byte(w)) {
				hits = append(hits, fmt.Sprintf("%s in %s", w, rel))
			}
		}
		return nil
	}))
	if files == 0 {
		ts.Fatalf("%s holds no files: nothing was looked at", dir)
	}
	if (len(hits) > 0) != neg {
		ts.Fatalf("found %q in %d files", hits, files)
	}
}

// longAgo is a time at which no test writes a file.
var longAgo = time.Unix(1_000_000_000, 0)

// backdate FILE... makes files look old, so that `backdated` tells whether
// anyone wrote them since.
func cmdBackdate(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ts.Check(os.Chtimes(ts.MkAbs(name), longAgo, longAgo))
	}
}

// bytes FILE HEX writes bytes that a script cannot hold.
func cmdBytes(ts *testscript.TestScript, _ bool, args []string) {
	var data []byte
	_, err := fmt.Sscanf(args[1], "%x", &data)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o666))
}

// repeat FILE COUNT TEXT appends TEXT, with \n for new lines, COUNT times.
func cmdRepeat(ts *testscript.TestScript, _ bool, args []string) {
	var n int
	_, err := fmt.Sscan(args[1], &n)
	ts.Check(err)
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	ts.Check(err)
	_, err = io.WriteString(f, strings.Repeat(strings.ReplaceAll(args[2], `\n`, "\n"), n))
	ts.Check(errors.Join(err, f.Close()))
}

// tinydisk DIR SIZE mounts a file system of that size until the script ends.
func cmdTinyDisk(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.Mkdir(dir, 0o777))
	ts.Check(mount(dir, args[1]))
	ts.Defer(func() { _ = unmount(dir) })
}

func mount(dir, size string) error {
	return exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).Run()
}

func unmount(dir string) error { return exec.Command("umount", dir).Run() }

// canMount reports whether a file system can be mounted here: by root, and not
// in every container.
func canMount(t *testing.T) bool {
	if runtime.GOOS != "linux" {
		return false
	}
	dir, err := os.MkdirTemp(t.TempDir(), "mount")
	return err == nil && mount(dir, "64k") == nil && unmount(dir) == nil
}

type serverKey struct{}

// scriptServer is the `lectern serve` of a script.
type scriptServer struct {
	cmd *exec.Cmd
	url string
	// endRegistry ends the registry that was started last, readers are those of `readers`.
	endRegistry func()
	readers     *readers
}

// serve ARGS... starts `lectern serve`, its output in the files out and err,
// and waits until it says where it serves.
func cmdServe(ts *testscript.TestScript, _ bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	out, err := os.Create(ts.MkAbs("out"))
	ts.Check(err)
	defer out.Close()
	errs, err := os.Create(ts.MkAbs("err"))
	ts.Check(err)
	defer errs.Close()
	name, err := exec.LookPath("lectern") // testscript put it there
	ts.Check(err)
	s.cmd = exec.Command(name, append([]string{"serve"}, args...)...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = ts.MkAbs("."), out, errs
	for _, k := range []string{
		"PATH", "HOME", "NO_COLOR", "BROWSER_LOG", "TMPDIR", "LECTERN_DRAFTS", "LECTERN_PORT", "LECTERN_CACHE", "GIT_CEILING_DIRECTORIES",
		"GIT_CONFIG_GLOBAL", "GIT_SSL_CAINFO", "LECTERN_HOOK_SECRET", "LECTERN_GIT_TOKEN", "LECTERN_STATUS_TOKEN",
	} {
		s.cmd.Env = append(s.cmd.Env, k+"="+ts.Getenv(k))
	}
	ts.Check(s.cmd.Start())
	ts.Defer(func() {
		if s.cmd != nil {
			_ = s.cmd.Process.Kill()
			_ = s.cmd.Wait()
		}
	})
	m := poll(ts, "out", `(?m)^Lectern serves .* at (https?://\S+/)$`)
	s.url = strings.TrimSuffix(m[1], "/")
	ts.Setenv("URL", s.url)
}

// stop interrupts the server, as Ctrl-C does, and expects a clean end.
func cmdStop(ts *testscript.TestScript, _ bool, _ []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	ts.Check(s.cmd.Process.Signal(os.Interrupt))
	err := s.cmd.Wait()
	s.cmd = nil
	if err != nil {
		ts.Fatalf("lectern serve ended with %v:\n%s", err, ts.ReadFile("err"))
	}
}

// get PATH FILE saves what the server answers, and its header as FILE.header;
// with `!` the answer must not be 200.
func cmdGet(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*scriptServer)
	status, header, body := fetchPage(ts, s.url+args[0])
	if (status != http.StatusOK) != neg {
		ts.Fatalf("GET %s: %d", args[0], status)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o666))
	var text bytes.Buffer
	ts.Check(header.Write(&text))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]+".header"), text.Bytes(), 0o666))
}

func fetchPage(ts *testscript.TestScript, url string) (int, http.Header, []byte) {
	client := http.Client{Timeout: patience, Transport: scriptTransport}
	resp, err := client.Get(url)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	return resp.StatusCode, resp.Header, body
}

// until FILE REGEXP waits until the file matches; FILE may be an address of
// the server, which begins with a slash.
func cmdUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("unsupported: ! until")
	}
	poll(ts, args[0], args[1])
}

func poll(ts *testscript.TestScript, file, pattern string) []string {
	re := regexp.MustCompile("(?m)" + pattern)
	s := ts.Value(serverKey{}).(*scriptServer)
	var text string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if strings.HasPrefix(file, "/") {
			_, _, body := fetchPage(ts, s.url+file)
			text = string(body)
		} else if data, err := os.ReadFile(ts.MkAbs(file)); err == nil {
			text = string(data)
		}
		if m := re.FindStringSubmatch(text); m != nil {
			return m
		}
	}
	ts.Fatalf("%s never matched %q:\n%s\n%s", file, pattern, text, ts.ReadFile("err"))
	return nil
}

// occupy NAME takes a port until the script ends and puts it into the
// environment. With a port it takes that one, unless it is taken already.
func cmdOccupy(ts *testscript.TestScript, _ bool, args []string) {
	port := "0"
	if len(args) > 1 {
		port = args[1]
	}
	ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		if port == "0" {
			ts.Check(err)
		}
		ts.Setenv(args[0], port)
		return
	}
	ts.Defer(func() { ln.Close() })
	_, port, err = net.SplitHostPort(ln.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
}
