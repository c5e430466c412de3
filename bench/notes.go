package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// perDay is how many notes a day has: a site grows by days, as sites do.
const perDay = 50

// makeSite writes a site of n notes to dir, in Hugo's shape, with code blocks
// in every third note if code is set. Equal arguments give equal bytes.
func makeSite(dir string, n int, code bool) error {
	if err := writeText(filepath.Join(dir, "hugo.toml"), hugoConfig); err != nil {
		return err
	}
	for name, text := range hugoLayouts() {
		if err := writeText(filepath.Join(dir, "layouts", filepath.FromSlash(name)), text); err != nil {
			return err
		}
	}
	home := "---\ntitle: Field notes\n---\n\nNotes from an invented conference, day by day.\n\n- [The first day](./day0000/)\n"
	if err := writeText(filepath.Join(dir, "content", "_index.md"), home); err != nil {
		return err
	}
	for i := range n {
		if i%perDay == 0 {
			if err := writeText(filepath.Join(dir, "content", dayName(i), "_index.md"), dayText(i, n)); err != nil {
				return err
			}
		}
		if err := writeText(noteFile(dir, i), noteText(i, n, code)); err != nil {
			return err
		}
	}
	return nil
}

func writeText(name, text string) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o666)
}

func dayName(i int) string { return fmt.Sprintf("day%04d", i/perDay) }

// noteName is a note's file without its ending; its page is at this name.
func noteName(i int) string { return fmt.Sprintf("%02d_talk-%05d", i%perDay+1, i) }

func noteFile(dir string, i int) string {
	return filepath.Join(dir, "content", dayName(i), noteName(i)+".md")
}

func dayText(i, n int) string {
	w := newWriter(uint64(i) + 1<<40)
	w.f("---\ntitle: Day %d\nweight: %d\n---\n\n", i/perDay, i/perDay+1)
	w.f("%s\n\n## Worth a look\n\n", w.sentence())
	for k := i; k < min(n, i+3); k++ {
		w.f("- %s: [the notes](./%s)\n", w.pick(headings), noteName(k))
	}
	return w.String()
}

// noteText is one note of about two kilobytes, as people write them between
// two talks: a button, headings, lists, a table now and then, a link to the
// talk before.
func noteText(i, n int, code bool) string {
	w := newWriter(uint64(i))
	w.f("---\ntitle: \"%s %s %s (%d)\"\nweight: %d\ntags:\n", w.pick(titleA), w.pick(titleB), w.pick(titleC), i, i%perDay+1)
	// Many tags have few notes and none has all, however big the site is.
	w.f("  - %s\n  - topic-%d\n", w.pick(tagWords[:1+i%len(tagWords)])+fmt.Sprintf("-%d", i/1000), w.IntN(1+n/25))
	w.f("---\n\n{{%% button href=\"https://video.example.org/watch?v=%08x\" style=\"warning\" icon=\"video\" %%}}Watch the talk{{%% /button %%}}\n\n", w.Uint32())
	w.f("%s %s\n\n", w.sentence(), w.sentence())
	for part := range 3 + w.IntN(3) {
		w.f("## %s\n\n%s %s\n\n", w.pick(headings), w.sentence(), w.sentence())
		for item := range 3 + w.IntN(4) {
			w.f("- %s\n", w.item())
			if item == 1 && part%2 == 0 {
				w.f("  - %s\n  - %s\n", w.item(), w.item())
			}
		}
		w.f("\n")
	}
	if i%5 == 0 {
		w.f("| What | Before | After |\n|---|---:|---:|\n| %s | %d | %d |\n| %s | %d | %d |\n\n",
			w.pick(nouns), w.IntN(900), w.IntN(90), w.pick(nouns), w.IntN(900), w.IntN(90))
	}
	if i%7 == 0 {
		w.f("> %s\n\n", w.sentence())
	}
	if i%perDay > 0 && i%4 == 0 {
		w.f("See also [the talk before](../%s) and <https://slides.example.org/%d>.\n\n", noteName(i-1), i)
	}
	if code && i%3 == 0 {
		w.f(codeBlocks[i/3%len(codeBlocks)], i)
	}
	w.f("%s (%d)\n", w.sentence(), i)
	return w.String()
}

// textWriter makes text from a seed.
type textWriter struct {
	strings.Builder
	*rand.Rand
}

func newWriter(seed uint64) *textWriter { return &textWriter{Rand: rand.New(rand.NewPCG(seed, 2026))} }

func (w *textWriter) f(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *textWriter) pick(list []string) string { return list[w.IntN(len(list))] }

func (w *textWriter) sentence() string { return w.fill(w.pick(sentences)) }

func (w *textWriter) item() string { return w.fill(w.pick(items)) }

func (w *textWriter) fill(pattern string) string {
	for strings.Contains(pattern, "%s") {
		pattern = strings.Replace(pattern, "%s", w.pick(nouns), 1)
	}
	return pattern
}

// codeBlocks are in the languages that such notes have most; %[1]d makes each different.
var codeBlocks = []string{
	"```go\n// retry%[1]d calls fn until it works or ctx ends.\nfunc retry%[1]d(ctx context.Context, fn func() error) error {\n\tfor wait := time.Millisecond; ; wait *= 2 {\n\t\terr := fn()\n\t\tif err == nil {\n\t\t\treturn nil\n\t\t}\n\t\tselect {\n\t\tcase <-ctx.Done():\n\t\t\treturn fmt.Errorf(\"attempt %[1]d: %%w\", err)\n\t\tcase <-time.After(wait):\n\t\t}\n\t}\n}\n```\n\n",
	"```yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: talk-%[1]d\n  labels: {app: talk, part: \"%[1]d\"}\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n        - name: web\n          image: registry.example.org/talk:%[1]d # pinned\n          ports: [{containerPort: 8080}]\n```\n\n",
	"```bash\nset -euo pipefail\nfor node in $(kubectl get nodes -o name | head -n %[1]d); do\n  echo \"drain ${node}\" >> \"/tmp/drain-%[1]d.log\"\n  kubectl drain \"$node\" --ignore-daemonsets || exit 1\ndone\n```\n\n```\nno language: %[1]d lines\n```\n\n",
	"```json\n{\"talk\": %[1]d, \"room\": \"B\", \"tags\": [\"cost\", \"edge\"], \"recorded\": true, \"slides\": null}\n```\n\n```python\ndef median(values):\n    \"\"\"Middle of %[1]d or so values.\"\"\"\n    ordered = sorted(values)\n    return ordered[len(ordered) // 2] if ordered else None\n```\n\n",
}
