package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lectern/internal/snapshot"
)

// site returns the snapshot of content: paths and what is there.
func site(t testing.TB, content map[string]string) *snapshot.Snapshot {
	t.Helper()
	var files []*snapshot.File
	for p, c := range content {
		body := snapshot.MakeBody([]byte(c))
		files = append(files, &snapshot.File{Path: p, Hash: body.Hash(), Body: body})
	}
	snap, err := snapshot.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(t testing.TB, s *Store, snap *snapshot.Snapshot, commit string) Release {
	t.Helper()
	r, err := s.Put(context.Background(), snap, Meta{Commit: commit})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// contents reads all files of a snapshot.
func contents(t testing.TB, snap *snapshot.Snapshot) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, f := range snap.Files() {
		var b bytes.Buffer
		if _, err := f.WriteTo(&b); err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		m[f.Path] = b.String()
	}
	return m
}

func sameContents(t testing.TB, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
	for p, c := range want {
		if got[p] != c {
			t.Errorf("%s is %.40q, want %.40q", p, got[p], c)
		}
	}
}

// manyFiles is a site of n pages that have much in common.
func manyFiles(n int) map[string]string {
	m := map[string]string{}
	for i := range n {
		m[fmt.Sprintf("day%d/%04d/index.html", i%7, i)] = strings.Repeat("<li>menu</li>", 200) + fmt.Sprint("page ", i)
	}
	return m
}

func noise(n int) string {
	b := make([]byte, n)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return string(b)
}

func size(t testing.TB, dir string) (files int, bytes int64) {
	t.Helper()
	err := filepath.Walk(filepath.Join(dir, storeDir), func(_ string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			files++
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, bytes
}

func TestPutAndOpen(t *testing.T) {
	dir := t.TempDir()
	first := manyFiles(1000)
	first["empty.txt"] = ""
	first["picture.png"] = noise(100_000)
	first["film.mp4"] = noise(maxWhole + 1)
	s := open(t, dir)
	r1 := put(t, s, site(t, first), "c1")
	_, full := size(t, dir)
	second := manyFiles(1000)
	for p, c := range first {
		second[p] = c
	}
	second["day1/0001/index.html"] = "new words"
	delete(second, "day2/0002/index.html")
	second["day2/0002a/index.html"] = "a new page"
	r2 := put(t, s, site(t, second), "c2")
	if r1.Number != 1 || r2.Number != 2 {
		t.Errorf("numbers %d, %d", r1.Number, r2.Number)
	}
	if _, now := size(t, dir); now-full > 40_000 {
		t.Errorf("a release that changes three files takes %d bytes more", now-full)
	}
	if again := put(t, s, site(t, second), "c2"); again.Number != 2 {
		t.Errorf("the same again is release %d", again.Number)
	}
	if other := put(t, s, site(t, second), "c3"); other.Number != 3 || other.Digest != r2.Digest {
		t.Errorf("another commit with the same site is %v", &other)
	}
	check := func(s *Store) {
		for n, want := range map[int]map[string]string{1: first, 2: second, 3: second} {
			snap, r, err := s.Open(context.Background(), n)
			if err != nil {
				t.Fatal(err)
			}
			if snap.Digest() != r.Digest || r.Files != len(want) || r.Size != snap.Size() {
				t.Errorf("release %d: digest, files or size differ: %+v", n, r)
			}
			sameContents(t, contents(t, snap), want)
		}
	}
	check(s)
	if err := s.Activate(2, true, "a test"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if p := s.Problems(); len(p) > 0 {
		t.Errorf("problems: %v", p)
	}
	if c := s.Current(); c.Number != 2 || !c.Pinned || c.By != "a test" || c.Since.IsZero() {
		t.Errorf("current %+v", c)
	}
	check(s)
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	_, err := Open(dir)
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("error %v: want who has the folder", err)
	}
}

func TestTransaction(t *testing.T) {
	s := open(t, t.TempDir())
	old := put(t, s, site(t, map[string]string{"a": "a"}), "")
	tx, err := s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	files := site(t, map[string]string{"a": "a", "b": "bbbb", "big": noise(maxWhole + 9)}).Files()
	if !tx.Has(files[0].Hash) || tx.Has(files[1].Hash) {
		t.Error("Has is wrong")
	}
	if err := tx.Add(files[1].Hash, 4, strings.NewReader("bbbc")); !errors.Is(err, snapshot.ErrChanged) {
		t.Errorf("wrong content gives %v", err)
	}
	if err := tx.Add(files[1].Hash, 4, strings.NewReader("bbbb")); err != nil || !tx.Has(files[1].Hash) {
		t.Errorf("error %v", err)
	}
	if err := tx.Add(files[2].Hash, files[2].Size(), strings.NewReader(noise(maxWhole+9))); err != nil {
		t.Errorf("error %v", err)
	}
	r, err := tx.Commit(context.Background(), files, Meta{Origin: "an image"})
	if err != nil || r.Number != old.Number+1 || r.Origin != "an image" {
		t.Fatalf("%+v, error %v", r, err)
	}
	snap, _, err := s.Open(context.Background(), r.Number)
	if err != nil {
		t.Fatal(err)
	}
	sameContents(t, contents(t, snap), map[string]string{"a": "a", "b": "bbbb", "big": noise(maxWhole + 9)})

	if tx, err = s.Begin(); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Commit(context.Background(), site(t, map[string]string{"c": "cc"}).Files(), Meta{}); err == nil {
		t.Error("a release with content that nobody added was stored")
	}
	if got := len(s.List()); got != 2 {
		t.Errorf("%d releases", got)
	}
}

// Releases that are pruned take their files with them, and a snapshot that is
// in use can be read all the same.
func TestPrune(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	base := manyFiles(300)
	var shown *snapshot.Snapshot
	var shownContent map[string]string
	for i := range 200 {
		content := map[string]string{}
		for p, c := range base {
			content[p] = c
		}
		content["changing"] = fmt.Sprint(i, noise(50_000))
		r := put(t, s, site(t, content), fmt.Sprint("commit", i))
		if i == 3 {
			if err := s.Activate(r.Number, true, "a test"); err != nil {
				t.Fatal(err)
			}
		}
		if i == 10 {
			var err error
			if shown, _, err = s.Open(context.Background(), r.Number); err != nil {
				t.Fatal(err)
			}
			shownContent = content
		}
		if err := s.Prune(5); err != nil {
			t.Fatal(err)
		}
	}
	list := s.List()
	if len(list) != 6 || list[0].Number != 4 || list[5].Number != 200 {
		t.Errorf("%d releases are kept, the first is %d", len(list), list[0].Number)
	}
	files, bytes := size(t, dir)
	if files > 40 || bytes > 3_000_000 {
		t.Errorf("%d files of %d bytes are kept for 6 releases", files, bytes)
	}
	sameContents(t, contents(t, shown), shownContent)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	for _, r := range s.List() {
		snap, _, err := s.Open(context.Background(), r.Number)
		if err != nil {
			t.Fatal(err)
		}
		if got := contents(t, snap)["changing"]; got != fmt.Sprint(r.Number-1, noise(50_000)) {
			t.Errorf("release %d has the content of another: %.20q", r.Number, got)
		}
	}
}

// Whatever byte is damaged, a release is right, or left out and said to be, or
// the file is an error.
func TestDamage(t *testing.T) {
	dir := t.TempDir()
	want := map[int]map[string]string{}
	s := open(t, dir)
	for n := 1; n <= 3; n++ {
		c := manyFiles(40)
		c["n"] = fmt.Sprint("release ", n, strings.Repeat(" words", n*200))
		want[n] = c
		put(t, s, site(t, c), fmt.Sprint(n))
	}
	if err := s.Activate(3, false, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, storeDir, "*", "*"))
	if err != nil || len(files) != 6 {
		t.Fatal(files, err)
	}
	files = append(files, filepath.Join(dir, storeDir, stateName))
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, name := range files {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			data := bytes.Clone(whole)
			switch at := rnd.IntN(len(data)); rnd.IntN(3) {
			case 0:
				data = data[:at]
			case 1:
				data[at] ^= 1 << rnd.IntN(8)
			case 2:
				clear(data[at:])
			}
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
			checkDamaged(t, dir, want, bytes.Equal(data, whole))
			if t.Failed() {
				t.Fatalf("after a change of %s", name)
			}
		}
		if err := os.WriteFile(name, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func checkDamaged(t *testing.T, dir string, want map[int]map[string]string, unchanged bool) {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	said := len(s.Problems()) > 0
	list := s.List()
	for _, r := range list {
		snap, _, err := s.Open(context.Background(), r.Number)
		if errors.Is(err, ErrDamaged) {
			said = true
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range snap.Files() {
			var b bytes.Buffer
			if _, err := f.WriteTo(&b); err != nil {
				said = said || errors.Is(err, ErrDamaged)
				continue
			}
			if b.String() != want[r.Number][f.Path] {
				t.Errorf("release %d shows %s as something else", r.Number, f.Path)
			}
		}
	}
	if said == unchanged {
		t.Errorf("damage %v, said %v", !unchanged, said)
	}
	if c := s.Current(); len(list) > 0 && c.Number != list[len(list)-1].Number {
		t.Errorf("current is %d of %d", c.Number, len(list))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// What was found damaged is stored again with the next release that has it.
func TestMend(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	content := map[string]string{"a": noise(5000), "b": "b"}
	put(t, s, site(t, content), "1")
	f, err := os.OpenFile(filepath.Join(dir, storeDir, packName(1)), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("damage"), 1000); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	snap, _, err := s.Open(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := snap.Lookup("a").WriteTo(io.Discard); !errors.Is(err, ErrDamaged) {
		t.Fatalf("error %v", err)
	}
	r := put(t, s, site(t, content), "2")
	if snap, _, err = s.Open(context.Background(), r.Number); err != nil {
		t.Fatal(err)
	}
	sameContents(t, contents(t, snap), content)
}

func TestFind(t *testing.T) {
	list := []Release{
		{Number: 1, Meta: Meta{Commit: "abcdef01"}},
		{Number: 2, Meta: Meta{Commit: "12345678"}, Digest: snapshot.Digest{0xfe, 0xdc, 0xba}},
		{Number: 12345, Meta: Meta{Commit: "abcd9999"}},
	}
	for text, want := range map[string]int{
		"1": 1, "#2": 2, "latest": 12345, "abcd": 12345, "ABCDEF": 1, "12345": 12345, "123456": 2,
		"sha256:fedcba": 2, "fedcba00": 2, "abc": 0, "": 0, "3": 0, "zzzzzz": 0,
	} {
		r, err := Find(list, text)
		if r.Number != want || (want == 0) != errors.Is(err, ErrUnknown) {
			t.Errorf("%q is %d (%v), want %d", text, r.Number, err, want)
		}
	}
}
