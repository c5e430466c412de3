package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"lectern/internal/build"
	"lectern/internal/check"
	"lectern/internal/diag"
	"lectern/internal/edit"
)

// maxRounds is how often fixes are looked for again: one may make room for
// another.
const maxRounds = 10

// mended is what was done to the notes.
type mended struct{ findings, files int }

// fix mends what can be mended, and looks again until nothing is left of that.
// What a person does not want stays.
func (a *app) fix(ctx context.Context, b *build.Builder, dir string, f checkFlags, r *build.Checked) (_ *build.Checked, done mended, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, done, fmt.Errorf("open the project: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	files := map[string]bool{}
	var failed []error
	take := check.SureFix
	if f.interactive {
		take = (&asking{app: a, read: r.Read, answers: map[diag.Diagnostic]bool{}, rules: map[string]bool{}}).take
	}
	for range maxRounds {
		changes, n, err := planned(r, take)
		if err != nil {
			return nil, done, err
		}
		var paths []string
		failed = nil
		for i, c := range changes {
			if err := edit.Write(root, []edit.Change{c}); err != nil {
				failed = append(failed, err)
				continue
			}
			done.findings += n[i]
			files[c.Path] = true
			paths = append(paths, c.Path)
		}
		if len(paths) == 0 {
			break
		}
		if r, err = b.Check(ctx, paths); err != nil {
			return nil, done, err
		}
	}
	done.files = len(files)
	if len(failed) > 0 {
		err = mendError(failed)
	}
	return r, done, err
}

func mendError(failed []error) error {
	err := errors.Join(failed...)
	if errors.Is(err, edit.ErrChanged) {
		return &hintedError{err, "look again: lectern check --fix"}
	}
	return err
}

// planned makes the changes of the fixes that take wants, one for each file, and
// says how many findings each mends.
func planned(r *build.Checked, take func(*diag.Diagnostic) bool) (changes []edit.Change, findings []int, err error) {
	for _, m := range check.Mends(r.Diags, take) {
		old, err := r.Read(m.Path)
		if err != nil {
			return nil, nil, err
		}
		text, err := edit.Apply(old, m.Edits)
		if err != nil {
			return nil, nil, fmt.Errorf("change %s: %w", m.Path, err)
		}
		changes = append(changes, edit.Change{Path: m.Path, Old: old, New: text})
		findings = append(findings, m.Findings)
	}
	return changes, findings, nil
}

// diff prints what --fix would do, and how much.
func (a *app) diff(r *build.Checked) error {
	changes, n, err := planned(r, check.SureFix)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprint(a.Out, edit.Diff(changes)); err != nil {
		return fmt.Errorf("print the changes: %w", err)
	}
	total := 0
	for _, k := range n {
		total += k
	}
	fmt.Fprintf(a.Err, "would mend %s in %s; nothing was written\n", plural(total, "finding"), plural(len(changes), "file"))
	return nil
}

// asking asks a person about the fixes that are not sure.
type asking struct {
	*app
	read    func(string) ([]byte, error)
	answers map[diag.Diagnostic]bool
	rules   map[string]bool // wanted, all of them
	quit    bool
}

// take reports whether a fix is wanted. Nobody is asked twice.
func (q *asking) take(d *diag.Diagnostic) bool {
	switch wanted, asked := q.answers[d.Bare()]; {
	case d.Fix.Sure || q.rules[d.Rule]:
		return true
	case asked || q.quit:
		return wanted
	}
	wanted := q.askAbout(d)
	q.answers[d.Bare()] = wanted
	return wanted
}

func (q *asking) askAbout(d *diag.Diagnostic) bool {
	old, err := q.read(d.File)
	if err != nil {
		return false // it is told when it is looked at again
	}
	text, err := edit.Apply(old, d.Fix.Edits)
	if err != nil {
		return false
	}
	q.printDiags([]diag.Diagnostic{*d})
	fmt.Fprint(q.Err, printableLines(edit.Diff([]edit.Change{{Path: d.File, Old: old, New: text}})))
	for {
		answer, err := q.ask(fmt.Sprintf("%s? [y]es, [n]o, [a]ll of %s, [q]uit: ", printable(d.Fix.Title), d.Rule))
		if err != nil {
			q.quit = true
			return false
		}
		switch strings.ToLower(answer) {
		case "y", "yes":
			return true
		case "a", "all":
			q.rules[d.Rule] = true
			return true
		case "n", "no":
			return false
		case "q", "quit", "":
			q.quit = true
			return false
		}
	}
}

// printableLines is printable for a text of several lines.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = printable(strings.ReplaceAll(l, "\t", "    "))
	}
	return strings.Join(lines, "\n")
}
