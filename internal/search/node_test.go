package search_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/evanw/esbuild/pkg/api"

	"lectern/internal/search"
)

// driver runs the browser's search without a browser: it reads a job from
// standard input and writes the answer.
const driver = `
import { Search, fold, keysOf, runsOf, partsOf, pairsOf, umlauts, distance } from %q;
import { readFile } from "node:fs/promises";
let input = "";
for await (const part of process.stdin) input += part;
const job = JSON.parse(input);
if (job.texts) {
  const words = (text) => runsOf(text).map((r) => [fold(text.slice(r.from, r.to)), umlauts(fold(text.slice(r.from, r.to))), r.glued,
    partsOf(text.slice(r.from, r.to).toLowerCase()).map((p) => p.unspaced ? pairsOf(fold(p.text)) : fold(p.text))]);
  console.log(JSON.stringify(job.texts.map(words)));
} else if (job.pairs) {
  console.log(JSON.stringify(job.pairs.map(([a, b, open]) => distance(a, b, 2, open === "open"))));
} else {
  let fetched = {};
  const load = async (name) => { const b = await readFile(job.dir + "/" + name); fetched[name] = b.length; return new Uint8Array(b); };
  const answers = [];
  let search;
  for (const q of job.queries) {
    if (!search || job.fresh) { fetched = {}; search = await Search.open(load); }
    const found = await search.find(q);
    const results = await Promise.all(found.hits.slice(0, 8).map((h) => search.show(h, found)));
    answers.push({ query: q, count: found.hits.length, scores: found.hits.slice(0, 10).map((h) => h.score), results, fetched: {...fetched} });
  }
  console.log(JSON.stringify(answers));
}
`

type piece [2]any // a text, and whether it is marked

type result struct {
	URL     string
	Title   []piece
	Trail   []piece
	Heading []piece
	Kind    string
	Terms   []string
	Text    []piece
}

type answer struct {
	Query   string
	Count   int
	Scores  []float64
	Results []result
	// Fetched are the files that were read for it and their sizes.
	Fetched map[string]int
}

func plain(pieces []piece) string {
	var s string
	for _, p := range pieces {
		s += p[0].(string)
	}
	return s
}

// marked returns the texts that are marked.
func marked(pieces []piece) []string {
	var out []string
	for _, p := range pieces {
		if p[1] == true {
			out = append(out, p[0].(string))
		}
	}
	return out
}

// client is the browser's part of search, bundled for Node.
type client struct{ script string }

func newClient(t testing.TB) *client {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		if os.Getenv("LECTERN_REQUIRE_CHROMIUM") == "1" {
			t.Fatal("Node is missing, which runs the browser's part of search in tests")
		}
		t.Skip("Node is missing, so the browser's part of search was not tested")
	}
	core, err := filepath.Abs(filepath.FromSlash("../../web/src/search-core.ts"))
	if err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(filepath.ToSlash(core))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "search.mjs")
	r := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: string(bytes.Replace([]byte(driver), []byte("%q"), quoted, 1)), ResolveDir: filepath.Dir(core)},
		Bundle: true, Format: api.FormatESModule, Platform: api.PlatformNode, Outfile: out, Write: true, LogLevel: api.LogLevelSilent,
	})
	if len(r.Errors) > 0 {
		t.Fatal(r.Errors)
	}
	return &client{out}
}

func (c *client) run(t testing.TB, job, answer any) {
	t.Helper()
	in, err := json.Marshal(job)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", c.script)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, &stderr)
	}
	if err := json.Unmarshal(out, answer); err != nil {
		t.Fatalf("%v in %.500s", err, out)
	}
}

// ask searches the index in dir; with fresh, each query is a first one.
func (c *client) ask(t testing.TB, dir string, fresh bool, queries ...string) []answer {
	t.Helper()
	var answers []answer
	c.run(t, map[string]any{"dir": dir, "queries": queries, "fresh": fresh}, &answers)
	return answers
}

// write puts an index into a folder.
func write(t testing.TB, files []search.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), bytes.Join(f.Parts, nil), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}
