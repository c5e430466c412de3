package snapshot

import (
	"bufio"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// killRounds is enough for kills in every step of a write, at a tenth of a
// second for each.
const killRounds = 60

// A child that writes a site is killed at a random moment, again and again.
// After each kill every file is whole, old or new, and what is not Lectern's
// is untouched; and the next WriteDir, whatever it is given, leaves exactly
// its snapshot.
func TestWriteDirKilled(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("LECTERN_TEST_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("LECTERN_TEST_SEED=%d runs the same sites again", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))

	dir := t.TempDir()
	others := map[string]string{"CNAME": "notes.example.org", "a1 of mine/x": "mine", "zz/y/x": "theirs"}
	for p, c := range others {
		put(t, dir, p, c)
	}
	var longest time.Duration
	for range 2 { // the first has only to add, the second to replace and to remove too
		longest = max(longest, runAndKill(t, dir, rnd.Uint64(), time.Minute))
	}

	var killed, ended, open int
	possible := make(map[string]map[string]bool) // contents by path since the last whole write
	for range killRounds {
		seed := rnd.Uint64()
		addPossible(possible, tree(t, dir))
		addPossible(possible, randomSite(seed))
		delay := time.Duration(rnd.Int64N(int64(longest + longest/4)))
		if took := runAndKill(t, dir, seed, delay); took < delay {
			ended++
			longest = max(longest, took)
		} else {
			killed++
		}
		if m, err := ReadManifest(dir); err != nil {
			t.Fatal(err)
		} else if m != nil && !m.Complete {
			open++
		}
		checkWhole(t, tree(t, dir), possible, others)
		if rnd.IntN(2) == 0 {
			continue // the next is killed in what this one left
		}
		next := randomSite(seed)
		if rnd.IntN(2) == 0 {
			next = randomSite(rnd.Uint64())
		}
		write(t, site(t, next), dir)
		equalTrees(t, tree(t, dir), want(next, others))
		clear(possible)
	}
	t.Logf("%d killed (%d of them in the midst of writing), %d had ended", killed, open, ended)
	if open == 0 {
		t.Error("no kill met a write in progress: the test shows nothing")
	}
}

// runAndKill lets a child write the site of seed into dir, kills it after delay
// and returns how long it ran.
func runAndKill(t *testing.T, dir string, seed uint64, delay time.Duration) time.Duration {
	t.Helper()
	cmd := child(t, "", childSpec{Dir: dir, Seed: seed})
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	timer := time.AfterFunc(delay, func() { _ = cmd.Process.Kill() }) // it may have ended
	err = cmd.Wait()
	took := time.Since(start)
	if timer.Stop() && err != nil {
		t.Fatalf("seed %d: %v", seed, err) // it failed by itself
	}
	return took
}

func addPossible(possible map[string]map[string]bool, content map[string]string) {
	for p, c := range content {
		if possible[p] == nil {
			possible[p] = make(map[string]bool)
		}
		possible[p][c] = true
	}
}

// checkWhole checks that all in got has a content it can have had or was about
// to get, temporary files aside.
func checkWhole(t *testing.T, got map[string]string, possible map[string]map[string]bool, others map[string]string) {
	t.Helper()
	for p, c := range got {
		if c != "dir" && !isTemp(p) && !possible[p][c] {
			t.Errorf("after a kill %s has a content that no site has: %.60q", p, c)
		}
	}
	for p, c := range others {
		if got[p] != c {
			t.Errorf("after a kill %s of someone else is %.60q", p, got[p])
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}
