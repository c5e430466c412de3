package gitrepo

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ConflictKind says what was done about a conflict.
type ConflictKind uint8

// The kinds of conflicts.
const (
	// BothInFile keeps both versions in the file, from Line on.
	BothInFile ConflictKind = iota
	// OwnBeside keeps the others' version in place and the owner's as Copy.
	OwnBeside
	// Removed is a file that one side removed or renamed and the other changed.
	Removed
	// TakenName is a name that is a file's on one side and a folder's, or
	// another kind of file's, on the other: the file is Copy now.
	TakenName
	// Submodule is a submodule of which the others' commit stays.
	Submodule
)

// Conflict is a file that others and the owner wrote differently.
type Conflict struct {
	Kind ConflictKind
	// Path is the file, from the repository's root.
	Path string
	Line int
	Copy string
}

// version is what a side has of a file: git's mode and object. Its zero value is
// a file that is not there.
type version struct{ mode, object string }

func (v version) there() bool { return v.object != "" }

// plain is true for a file that is neither a link nor a submodule.
func (v version) plain() bool { return strings.HasPrefix(v.mode, "100") }

// stages are the versions of a file in conflict: their common ancestor, theirs
// (what stands there without the owner's commits) and the owner's.
type stages struct{ base, theirs, ours version }

// settle gives every file that is in conflict one content.
func (m *merging) settle() ([]Conflict, error) {
	out, err := m.git("ls-files", "--unmerged", "-z")
	if err != nil {
		return nil, err
	}
	files := map[string]*stages{}
	var order []string
	for entry := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		head, name, ok := strings.Cut(entry, "\t")
		f := strings.Fields(head)
		if !ok || len(f) != 3 {
			continue
		}
		if files[name] == nil {
			files[name] = &stages{}
			order = append(order, name)
		}
		v := version{f[0], f[1]}
		switch f[2] {
		case "1":
			files[name].base = v
		case "2":
			files[name].theirs = v
		case "3":
			files[name].ours = v
		}
	}
	var conflicts []Conflict
	for _, name := range order {
		found, err := m.settleFile(name, *files[name])
		if err != nil {
			return nil, fmt.Errorf("keep both versions of %s: %w", name, err)
		}
		conflicts = append(conflicts, found...)
	}
	return conflicts, nil
}

// settleFile decides what a file is to hold.
func (m *merging) settleFile(name string, v stages) ([]Conflict, error) {
	if real, who, ok := m.invented(name); ok && v.theirs.there() != v.ours.there() {
		kept := v.theirs
		if v.ours.there() {
			kept = v.ours
		}
		beside := m.besides(real, who)
		if err := m.remove(name); err != nil {
			return nil, err
		}
		return []Conflict{{Kind: TakenName, Path: real, Copy: beside}}, m.put(beside, kept)
	}
	switch {
	case !v.theirs.there() && !v.ours.there():
		return nil, m.remove(name) // it went elsewhere on both sides
	case !v.ours.there():
		return []Conflict{{Kind: Removed, Path: name}}, m.put(name, m.unmarked(m.theirs, name, v.theirs))
	case !v.theirs.there():
		return []Conflict{{Kind: Removed, Path: name}}, m.put(name, m.unmarked(m.ours, name, v.ours))
	case !v.theirs.plain() && v.theirs.mode == v.ours.mode && v.theirs.mode == submoduleMode:
		return []Conflict{{Kind: Submodule, Path: name}}, m.put(name, v.theirs)
	}
	if isNote(name) && v.base.plain() && v.theirs.plain() && v.ours.plain() {
		if found, ok, err := m.bothInFile(name, v); ok || err != nil {
			return found, err
		}
	}
	beside := m.besides(name, m.who)
	if err := m.put(name, m.unmarked(m.theirs, name, v.theirs)); err != nil {
		return nil, err
	}
	return []Conflict{{Kind: OwnBeside, Path: name, Copy: beside}}, m.put(beside, m.unmarked(m.ours, name, v.ours))
}

// bothInFile writes a note with both versions of the lines that differ; it is
// not ok where that can't be.
func (m *merging) bothInFile(name string, v stages) (found []Conflict, ok bool, err error) {
	var text [3]string
	for i, side := range []version{v.theirs, v.base, v.ours} {
		if text[i], err = m.git("cat-file", "blob", side.object); err != nil {
			return nil, false, err
		}
	}
	merged, ok, err := m.merge(text)
	if !ok || err != nil {
		return nil, false, err
	}
	joined, lines := joinVersions(merged, m.who)
	for _, line := range lines {
		found = append(found, Conflict{Kind: BothInFile, Path: name, Line: line})
	}
	if err := m.put(name, v.theirs); err != nil { // a plain file, whatever stood there
		return nil, false, err
	}
	tree, err := os.OpenRoot(m.tree)
	if err != nil {
		return nil, false, err
	}
	return found, true, errors.Join(tree.WriteFile(filepath.FromSlash(name), []byte(joined), 0o666), tree.Close())
}

func isNote(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".txt":
		return true
	}
	return false
}

// invented takes apart a name that git made up for a file whose own name is a
// folder's, or that of another kind of file, on the other side.
func (m *merging) invented(name string) (real, who string, ok bool) {
	if real, ok = strings.CutSuffix(name, "~"+m.ours); ok {
		return real, m.who, true
	}
	if real, ok = strings.CutSuffix(name, "~HEAD"); ok {
		return real, "others", true
	}
	return "", "", false
}

const submoduleMode = "160000"

// put makes a version the file's content. git writes it, so that nothing is
// ever written through a link that somebody put there.
func (m *merging) put(name string, v version) error {
	if _, err := m.git("update-index", "--add", "--replace", "--cacheinfo", v.mode, v.object, name); err != nil {
		return err
	}
	if v.mode == submoduleMode {
		return nil
	}
	_, err := m.git("checkout-index", "--force", "--", name)
	return err
}

// remove takes a file out of the tree and out of the index.
func (m *merging) remove(name string) error {
	_, err := m.git("rm", "--force", "--quiet", "--ignore-unmatch", "--", ":(literal)"+name)
	return err
}

// unmarked is the version of a file that a commit has, where git wrote its marks
// into the one that it stages: it does where both sides renamed it.
func (m *merging) unmarked(commit, name string, v version) version {
	if !v.plain() {
		return v
	}
	text, err := m.git("cat-file", "blob", v.object)
	if err != nil || !strings.HasPrefix(text, "<<<<<<<") && !strings.Contains(text, "\n<<<<<<<") {
		return v
	}
	own, err := m.git("rev-parse", "--verify", "--quiet", commit+":"+name)
	if err != nil {
		return v // it has no such file
	}
	return version{v.mode, strings.TrimSpace(own)}
}

// besides is a free name for somebody's version of a file. It begins with a
// dot, so that it is on no site: the others may have made the file private.
func (m *merging) besides(name, who string) string {
	ext := path.Ext(name)
	for i := 1; ; i++ {
		other := path.Join(path.Dir(name), "."+strings.TrimSuffix(path.Base(name), ext)+".conflict-"+who)
		if i > 1 {
			other += fmt.Sprint("-", i)
		}
		if _, err := os.Lstat(filepath.Join(m.tree, filepath.FromSlash(other+ext))); errors.Is(err, os.ErrNotExist) {
			return other + ext
		}
	}
}
