package release

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"lectern/internal/snapshot"
)

// childEnv holds a [childSpec] for a test binary that is run to be killed.
const childEnv = "LECTERN_RELEASE_CHILD"

type childSpec struct {
	Dir  string
	Seed uint64
}

func TestMain(m *testing.M) {
	spec := os.Getenv(childEnv)
	if spec == "" {
		os.Exit(m.Run())
	}
	if err := runChild(spec); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runChild puts, activates and prunes until it is killed. It says what was done.
func runChild(text string) error {
	var spec childSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return err
	}
	s, err := Open(spec.Dir)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	rnd := rand.New(rand.NewPCG(spec.Seed, 0))
	for {
		seed := rnd.Uint64()
		snap, err := snapshot.New(randomFiles(seed))
		if err != nil {
			return err
		}
		r, err := s.Put(context.Background(), snap, Meta{Commit: strconv.FormatUint(seed, 10)})
		if err != nil {
			return err
		}
		fmt.Println("put", r.Number)
		if err := s.Activate(r.Number, false, "child"); err != nil {
			return err
		}
		fmt.Println("live", r.Number)
		if err := s.Prune(4); err != nil {
			return err
		}
	}
}

// randomFiles is the site of a seed: sites share most of their files.
func randomFiles(seed uint64) []*snapshot.File {
	rnd := rand.New(rand.NewPCG(seed, 1))
	var files []*snapshot.File
	for i := range 300 {
		body := snapshot.MakeBody([]byte(strings.Repeat(fmt.Sprint("page ", i, " version ", rnd.IntN(3), "\n"), 40)))
		if i%50 == 0 {
			body = snapshot.MakeBody([]byte(fmt.Sprint(seed)), []byte(noise(20_000)))
		}
		files = append(files, &snapshot.File{Path: fmt.Sprintf("p/%03d", i), Hash: body.Hash(), Body: body})
	}
	return files
}

// A process is killed at random moments of putting, activating and pruning. What
// it had said to be done is done, and every release is whole.
func TestKilled(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("LECTERN_TEST_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("LECTERN_TEST_SEED=%d runs the same sites again", seed)
	rounds := 20
	if s := os.Getenv("LECTERN_TEST_KILLS"); s != "" {
		var err error
		if rounds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	rnd := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	put, live := 0, 0
	for range rounds {
		p, l := runAndKill(t, dir, rnd.Uint64(), time.Duration(rnd.Int64N(int64(150*time.Millisecond))))
		put, live = max(put, p), max(live, l)
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if p := s.Problems(); len(p) > 0 {
			t.Fatalf("after a kill: %v", p)
		}
		list := s.List()
		if put > 0 && (len(list) == 0 || list[len(list)-1].Number < put || s.Current().Number < live) {
			t.Fatalf("release %d was put and %d live; there are %d releases and %d is live", put, live, len(list), s.Current().Number)
		}
		for _, r := range list {
			snap, _, err := s.Open(context.Background(), r.Number)
			if err != nil {
				t.Fatal(err)
			}
			of, err := strconv.ParseUint(r.Commit, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			want, err := snapshot.New(randomFiles(of))
			if err != nil {
				t.Fatal(err)
			}
			if snap.Digest() != want.Digest() {
				t.Fatalf("release %d is not what was put", r.Number)
			}
			sameContents(t, contents(t, snap), contents(t, want))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if put < rounds/4 || live == 0 {
		t.Errorf("only %d releases were put and %d live: the test shows little", put, live)
	}
	t.Logf("%d kills, %d releases", rounds, put)
}

// runAndKill kills a child after delay and returns what it said to have done.
func runAndKill(t *testing.T, dir string, seed uint64, delay time.Duration) (put, live int) {
	t.Helper()
	spec, err := json.Marshal(childSpec{dir, seed})
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+string(spec))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the child did not begin")
	}
	timer := time.AfterFunc(delay, func() { _ = cmd.Process.Kill() }) // it may have ended
	for lines.Scan() {
		what, n, _ := strings.Cut(lines.Text(), " ")
		number, err := strconv.Atoi(n)
		if err != nil {
			continue // cut off by the kill
		}
		if what == "put" {
			put = number
		} else {
			live = number
		}
	}
	if err := cmd.Wait(); timer.Stop() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return put, live
}

func FuzzRecord(f *testing.F) {
	for _, v := range []any{&stored{Release: Release{Number: 1, Files: 2, Meta: Meta{Commit: "c"}}, Pieces: []snapshot.Digest{{1}}}, &state{Live: 3}} {
		data, err := encodeRecord(releaseKind, v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add(appendEntry(nil, &entry{path: "a/b", size: 7}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := decodeRelease(data); err == nil && r.Number < 1 {
			t.Error("a release without a number")
		}
		entries, err := decodePiece(nil, data)
		if err != nil {
			return
		}
		for i := range entries {
			if err := checkPath(entries[i].path); err != nil || entries[i].size < 0 {
				t.Errorf("%+v: %v", entries[i], err)
			}
		}
	})
}
