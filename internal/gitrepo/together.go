package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Conflict is a file that others and the owner wrote differently.
type Conflict struct {
	// Path is the file, from the repository's root; Line is where both versions
	// stand in it, 0 where Copy is the file beside it that has the owner's.
	Path string
	Line int
	Copy string
}

// together puts the commits of ours that theirs lacks on top of theirs. That is
// done in a working tree beside the owner's, which changes at the end, in one
// step; if that can't be, because a file was changed in the meantime, nothing is.
func (w *Work) together(ctx context.Context, ours, theirs string, ahead int, who string) (conflicts []Conflict, err error) {
	if ahead == 0 {
		_, err := w.local(ctx, "merge", "--ff-only", "--quiet", theirs)
		return nil, w.inTheWay(err)
	}
	dir, err := os.MkdirTemp("", "lectern-save-")
	if err != nil {
		return nil, fmt.Errorf("bring the changes together: %w", err)
	}
	tree := filepath.Join(dir, "tree")
	defer func() {
		_, gone := w.local(ctx, "worktree", "remove", "--force", tree)
		err = errors.Join(err, gone, os.RemoveAll(dir))
	}()
	if _, err := w.local(ctx, "worktree", "add", "--quiet", "--detach", tree, ours); err != nil {
		return nil, err
	}
	m := &merging{w: w, ctx: context.WithoutCancel(ctx), tree: tree, who: who}
	if _, err := m.git("rebase", "--quiet", theirs); err != nil {
		if conflicts, err = m.keepBoth(ours, theirs, err); err != nil {
			return nil, err
		}
	}
	tip, err := m.git("rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	if now := w.commit(ctx, "HEAD"); now != ours {
		return nil, &StateError{"somebody committed here in the meantime", "run the command again"}
	}
	_, err = w.local(ctx, "reset", "--quiet", "--keep", strings.TrimSpace(tip))
	return conflicts, w.inTheWay(err)
}

// inTheWay explains why the working tree could not take what others wrote.
func (w *Work) inTheWay(err error) error {
	if ge, ok := errors.AsType[*gitError](err); ok &&
		(strings.Contains(ge.said, "not uptodate") || strings.Contains(ge.said, "would be overwritten") || strings.Contains(ge.said, "Could not reset")) {
		return &StateError{"others changed a file that is changed but not committed here: " + ge.said, "commit or stash it, then run the command again"}
	}
	return err
}

// merging is work in a tree beside the owner's.
type merging struct {
	w    *Work
	ctx  context.Context
	tree string
	who  string
}

func (m *merging) git(args ...string) (string, error) {
	return m.w.gitIn(m.ctx, m.tree, localTimeout, nil, args...)
}

// keepBoth makes one commit of all that ours has beside theirs. Where the two
// say different things it keeps both.
func (m *merging) keepBoth(ours, theirs string, cause error) ([]Conflict, error) {
	if out, err := m.git("diff", "--name-only", "--diff-filter=U"); err != nil || strings.TrimSpace(out) == "" {
		return nil, cause // another failure, such as a hook's
	}
	subjects, err := m.git("log", "--format=%s", "--reverse", theirs+".."+ours)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"rebase", "--abort"}, {"checkout", "--quiet", "--detach", theirs}} {
		if _, err := m.git(args...); err != nil {
			return nil, err
		}
	}
	if _, err := m.git("merge", "--quiet", "--squash", "--allow-unrelated-histories", ours); err != nil {
		ge, ok := errors.AsType[*gitError](err)
		if !ok || ge.said != "" && !strings.Contains(ge.said, "onflict") {
			return nil, err
		}
	}
	conflicts, err := m.settle()
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(subjects), "\n")
	message := lines[len(lines)-1]
	if len(lines) > 1 {
		message += "\n\n" + strings.Join(lines, "\n")
	}
	if _, err := m.git("add", "--all"); err != nil {
		return nil, err
	}
	_, err = m.git("commit", "--quiet", "--allow-empty", "-m", message)
	return conflicts, err
}

// settle gives every file that is in conflict one content.
func (m *merging) settle() ([]Conflict, error) {
	out, err := m.git("ls-files", "--unmerged", "-z")
	if err != nil {
		return nil, err
	}
	type versions struct{ blobs [4]string } // by stage: base, theirs, ours
	files := map[string]*versions{}
	var order []string
	for entry := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		head, name, ok := strings.Cut(entry, "\t")
		f := strings.Fields(head)
		if !ok || len(f) != 3 {
			continue
		}
		if files[name] == nil {
			files[name] = &versions{}
			order = append(order, name)
		}
		files[name].blobs[f[2][0]-'0'] = f[1]
	}
	var conflicts []Conflict
	for _, name := range order {
		v := files[name].blobs
		found, err := m.settleFile(name, v[1], v[2], v[3])
		if err != nil {
			return nil, fmt.Errorf("keep both versions of %s: %w", name, err)
		}
		conflicts = append(conflicts, found...)
	}
	return conflicts, nil
}

// settleFile writes what a file is to hold. theirs is what stands there without
// the owner's commits.
func (m *merging) settleFile(name, base, theirs, ours string) ([]Conflict, error) {
	switch {
	case theirs == "" && ours == "":
		err := os.Remove(m.file(name)) // it went elsewhere on both sides
		if errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		return nil, err
	case ours == "":
		return []Conflict{{Path: name}}, m.write(name, theirs)
	case theirs == "":
		return []Conflict{{Path: name}}, m.write(name, ours)
	}
	var text [3]string
	for i, blob := range []string{theirs, base, ours} {
		if blob == "" {
			continue
		}
		out, err := m.git("cat-file", "blob", blob)
		if err != nil {
			return nil, err
		}
		text[i] = out
	}
	if isNote(name) && base != "" {
		merged, ok, err := m.merge(text)
		if err != nil {
			return nil, err
		}
		if ok {
			joined, lines := joinVersions(merged, m.who)
			var found []Conflict
			for _, line := range lines {
				found = append(found, Conflict{Path: name, Line: line})
			}
			return found, os.WriteFile(m.file(name), []byte(joined), 0o666)
		}
	}
	beside := m.besides(name)
	if err := m.write(name, theirs); err != nil {
		return nil, err
	}
	return []Conflict{{Path: name, Copy: beside}}, m.write(beside, ours)
}

func isNote(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".txt":
		return true
	}
	return false
}

func (m *merging) file(name string) string { return filepath.Join(m.tree, filepath.FromSlash(name)) }

// write puts a version of a file in its place, as git would.
func (m *merging) write(name, blob string) error {
	out, err := m.git("cat-file", "blob", blob)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(m.file(name)), 0o777); err != nil {
		return err
	}
	return os.WriteFile(m.file(name), []byte(out), 0o666)
}

// besides is a free name for the owner's version of a file. It begins with a
// dot, so that it is on no site: the others may have made the file private.
func (m *merging) besides(name string) string {
	ext := path.Ext(name)
	for i := 1; ; i++ {
		other := path.Join(path.Dir(name), "."+strings.TrimSuffix(path.Base(name), ext)+".conflict-"+m.who)
		if i > 1 {
			other += fmt.Sprint("-", i)
		}
		if _, err := os.Lstat(m.file(other + ext)); errors.Is(err, os.ErrNotExist) {
			return other + ext
		}
	}
}

// marks are longer than any that stand in notes.
const marks = 31

// merge merges the three versions (theirs, base, ours) line by line. It is not
// ok where they differ in the front matter, which can't say two things.
func (m *merging) merge(text [3]string) (merged string, ok bool, err error) {
	dir := filepath.Dir(m.tree)
	var names []string
	for i, t := range text {
		name := filepath.Join(dir, fmt.Sprint("version", i))
		if err := os.WriteFile(name, []byte(t), 0o600); err != nil {
			return "", false, err
		}
		names = append(names, name)
	}
	out, _, err := m.w.once(m.ctx, m.tree, nil, append([]string{"merge-file", "-p", fmt.Sprint("--marker-size=", marks), "-L", "theirs", "-L", "base", "-L", "ours"}, names...)...)
	if err != nil && out == "" {
		return "", false, nil // no text
	}
	return out, !inFront(out), nil
}

// inFront is true where a mark stands in the front matter, or before it ends.
func inFront(text string) bool {
	first, rest, _ := strings.Cut(text, "\n")
	fence := strings.TrimRight(first, " \r")
	if isMark(first, '<') {
		return true
	}
	if fence != "---" && fence != "+++" {
		return fence == "{" && strings.Contains(text, strings.Repeat("<", marks))
	}
	for line := range strings.SplitSeq(rest, "\n") {
		if strings.TrimRight(line, " \r") == fence {
			return false
		}
		if isMark(line, '<') {
			return true
		}
	}
	return true
}

func isMark(line string, c byte) bool {
	return strings.HasPrefix(line, strings.Repeat(string(c), marks)) && (len(line) == marks || line[marks] == ' ' || line[marks] == '\r')
}

// joinVersions makes remarks of git's marks, which no page shows, so that both
// versions can be read in the note and on its page. It returns the lines.
func joinVersions(merged, who string) (string, []int) {
	var b strings.Builder
	var lines []int
	n := 1
	for line := range strings.SplitAfterSeq(merged, "\n") {
		end := line[len(strings.TrimRight(line, "\r\n")):]
		switch {
		case isMark(strings.TrimRight(line, "\r\n"), '<'):
			lines = append(lines, n)
			line = "<!-- conflict: this is the version of others -->" + end
		case isMark(strings.TrimRight(line, "\r\n"), '='):
			line = "<!-- conflict: and this is the version of " + who + " -->" + end
		case isMark(strings.TrimRight(line, "\r\n"), '>'):
			line = "<!-- conflict: both agree again from here -->" + end
		}
		b.WriteString(line)
		n += strings.Count(line, "\n")
	}
	return b.String(), lines
}

// Who is the owner's name as it can stand in a file's name.
func (w *Work) Who(ctx context.Context) string {
	name := w.config(ctx, "user.name")
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > 40 {
			break
		}
	}
	if who := strings.Trim(b.String(), "-"); who != "" {
		return who
	}
	return "mine"
}
