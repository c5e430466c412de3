package gitrepo

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// entry is a file of a commit.
type entry struct {
	id   string
	link bool
}

// gitFile is what makes the files' folder the working tree of the mirror, for
// who asks git about their history.
const gitFile = ".git"

// maxLink is the longest target of a symbolic link.
const maxLink = 4096

// Checkout makes the files those of commit. It returns the slash paths of all
// that changed, from [Mirror.Project]; nil, whatever that is, where nothing is
// known of the files before. Files that no file system here can hold are left
// out and named.
//
// What was there before is gone as soon as it begins: after an error the files
// are of neither commit, and the next call sees to all of them.
func (m *Mirror) Checkout(ctx context.Context, commit string) (changed []string, leftOut []string, err error) {
	changed, leftOut, err = m.checkout(ctx, commit)
	if err != nil && ctx.Err() == nil && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrNoFolder) && m.mend(ctx) {
		err = ErrDamaged
	}
	return changed, leftOut, err
}

func (m *Mirror) checkout(ctx context.Context, commit string) (changed []string, leftOut []string, err error) {
	want, err := m.listing(ctx, commit)
	if err != nil {
		return nil, nil, err
	}
	known := m.entries
	if known == nil {
		if known, err = m.survey(ctx, want); err != nil {
			return nil, nil, fmt.Errorf("look at the files of the copy: %w", err)
		}
	} else {
		changed = []string{}
	}
	fresh := m.entries == nil
	m.entries = nil // until all is done
	var gone, write []string
	for name := range known {
		if _, ok := want[name]; !ok {
			gone = append(gone, name)
		}
	}
	for name, e := range want {
		if known[name] != e {
			write = append(write, name)
		}
	}
	slices.Sort(gone)
	slices.Sort(write)
	for _, name := range gone {
		if err := m.remove(name); err != nil {
			return nil, nil, fmt.Errorf("check out %s: %w", commit, err)
		}
	}
	if leftOut, err = m.write(ctx, write, want); err != nil {
		return nil, nil, fmt.Errorf("check out %s: %w", commit, err)
	}
	if err := m.setHead(commit); err != nil {
		return nil, nil, fmt.Errorf("check out %s: %w", commit, err)
	}
	m.now, m.entries = commit, want
	if fresh {
		return nil, leftOut, nil
	}
	for _, name := range slices.Concat(gone, write) {
		if m.opts.Path != "" {
			name = strings.TrimPrefix(name, m.opts.Path+"/")
		}
		changed = append(changed, name)
	}
	return changed, leftOut, nil
}

// diffPatience is how long git may compare two commits, which takes milliseconds:
// it keeps all that differs in memory before it says a word, and few objects can
// stand for any number of files. A list of all files it writes as it goes, so that
// it can be bounded.
const diffPatience = 2 * time.Second

// listing returns the files of a commit: from what is checked out and what
// differs, or all of them.
func (m *Mirror) listing(ctx context.Context, commit string) (map[string]entry, error) {
	if m.entries != nil {
		if m.now == commit {
			return m.entries, nil
		}
		args := []string{"diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", m.now, commit, "--"}
		if m.opts.Path != "" {
			args = append(args, ":(top,literal)"+m.opts.Path)
		}
		quick, cancel := context.WithTimeout(ctx, diffPatience)
		out, err := m.ask(quick, args...)
		cancel()
		if err == nil {
			all, err := applyDiff(m.entries, out)
			if err == nil && len(all) == 0 && m.opts.Path != "" {
				err = fmt.Errorf("%w: %s", ErrNoFolder, m.opts.Path)
			}
			return all, err
		} else if ctx.Err() != nil || errors.Is(err, ErrTooLarge) {
			return nil, errors.Join(ctx.Err(), err)
		} // the old commit may be gone, or too much differs: all is listed
	}
	args := []string{"ls-tree", "-r", "-z", "--full-tree", commit, "--"}
	if m.opts.Path != "" {
		args = append(args, m.opts.Path+"/")
	}
	out, err := m.ask(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("list the files of %s: %w", commit, err)
	}
	all := map[string]entry{}
	for rec := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		meta, name, ok := strings.Cut(rec, "\t")
		if f := strings.Fields(meta); ok && len(f) == 3 {
			addEntry(all, name, f[0], f[2])
		}
	}
	if len(all) == 0 && m.opts.Path != "" {
		return nil, fmt.Errorf("%w: %s", ErrNoFolder, m.opts.Path)
	}
	return all, nil
}

// addEntry notes a file, if it is one that may be written: no module of another
// repository, and nothing that would change the mirror.
func addEntry(all map[string]entry, name, mode, id string) {
	delete(all, name)
	if !fs.ValidPath(name) || namesGit(name) || strings.EqualFold(name, temporary) {
		return
	}
	switch mode {
	case "100644", "100755", "100664":
		all[name] = entry{id: id}
	case "120000":
		all[name] = entry{id: id, link: true}
	}
}

// namesGit reports whether a path goes through what tells git of the mirror.
func namesGit(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.EqualFold(part, gitFile) })
}

// applyDiff returns the files after what git's diff-tree says.
func applyDiff(old map[string]entry, out string) (map[string]entry, error) {
	all := maps.Clone(old)
	tokens := strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	for i := 0; i+1 < len(tokens); i += 2 {
		f := strings.Fields(strings.TrimPrefix(tokens[i], ":"))
		if len(f) != 5 {
			return nil, fmt.Errorf("git gave %q for a change", clip(tokens[i]))
		}
		addEntry(all, tokens[i+1], f[1], f[3])
	}
	return all, nil
}

// survey looks at what an earlier process left: it keeps the files that are
// what they should be, to the byte, and removes everything else.
func (m *Mirror) survey(ctx context.Context, want map[string]entry) (map[string]entry, error) {
	dirs := map[string]bool{".": true}
	for name := range want {
		for d := path.Dir(name); !dirs[d]; d = path.Dir(d) {
			dirs[d] = true
		}
	}
	found := map[string]entry{}
	err := fs.WalkDir(m.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		e, wanted := want[name]
		switch {
		case d.IsDir() && dirs[name]:
			return nil
		case d.IsDir():
			if err := m.root.RemoveAll(name); err != nil {
				return err
			}
			return fs.SkipDir
		case wanted && m.holds(name, d, e):
			found[name] = e
			return nil
		}
		return m.root.RemoveAll(name)
	})
	return found, err
}

// holds reports whether the file at name is e.
func (m *Mirror) holds(name string, d fs.DirEntry, e entry) bool {
	info, err := d.Info()
	if err != nil {
		return false
	}
	h := newHash(len(e.id))
	if e.link {
		target, err := m.root.Readlink(name)
		if err != nil {
			return false
		}
		fmt.Fprintf(h, "blob %d\x00%s", len(target), target)
		return fmt.Sprintf("%x", h.Sum(nil)) == e.id
	}
	if !info.Mode().IsRegular() {
		return false
	}
	f, err := m.root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	h.Write([]byte("blob " + strconv.FormatInt(info.Size(), 10) + "\x00"))
	n, err := io.Copy(h, f)
	return err == nil && n == info.Size() && fmt.Sprintf("%x", h.Sum(nil)) == e.id
}

// newHash is the function by which a repository names its objects.
func newHash(length int) hash.Hash {
	if length == 2*sha256.Size {
		return sha256.New()
	}
	return sha1.New()
}

// remove takes away a file, and the folders that are empty then, but for the
// project's own, which may be held open.
func (m *Mirror) remove(name string) error {
	if err := m.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) && !unwritable(err) {
		return err
	}
	for d := path.Dir(name); d != "." && d != m.opts.Path; d = path.Dir(d) {
		if m.root.Remove(d) != nil {
			return nil // not empty
		}
	}
	return nil
}

// write writes files out of git's objects.
func (m *Mirror) write(ctx context.Context, names []string, want map[string]entry) (leftOut []string, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = want[name].id
	}
	var sum int64
	err = m.objects.each(ctx, ids, func(i int, kind string, size int64, r io.Reader) error {
		name := names[i]
		if kind != "blob" {
			return fmt.Errorf("%s is a %s", name, kind)
		}
		if sum += size; sum > m.opts.MaxBytes {
			return fmt.Errorf("%w: its files have more than %d MB", ErrTooLarge, m.opts.MaxBytes/1e6)
		}
		err := m.writeOne(name, want[name], size, r)
		if unwritable(err) {
			leftOut = append(leftOut, name)
			delete(want, name)
			return nil
		}
		return err
	})
	return leftOut, err
}

// temporary is where a file is written before it gets its name.
const temporary = ".git-new"

func (m *Mirror) writeOne(name string, e entry, size int64, r io.Reader) (err error) {
	if dir := path.Dir(name); dir != "." {
		if err := m.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if e.link {
		target := make([]byte, min(size, maxLink+1))
		if _, err := io.ReadFull(r, target); err != nil {
			return err
		}
		if len(target) > maxLink || namesGit(filepath.ToSlash(string(target))) || strings.ContainsRune(string(target), 0) {
			return fmt.Errorf("%s: %w", name, fs.ErrInvalid)
		}
		if err := m.root.RemoveAll(name); err != nil {
			return err
		}
		return m.root.Symlink(string(target), name)
	}
	f, err := m.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if info, err := m.root.Lstat(name); err == nil && info.IsDir() {
		if err := m.root.RemoveAll(name); err != nil {
			return err
		}
	}
	return m.root.Rename(temporary, name)
}

// setHead says what is checked out, where git and [Repo] look for it.
func (m *Mirror) setHead(commit string) error {
	head := filepath.Join(m.dir, "git", "HEAD")
	if err := os.WriteFile(head+".new", []byte(commit+"\n"), 0o600); err != nil {
		return err
	}
	if err := os.Rename(head+".new", head); err != nil {
		return err
	}
	if info, err := m.root.Lstat(gitFile); err == nil && info.Mode().IsRegular() {
		return nil
	}
	return m.root.WriteFile(gitFile, []byte("gitdir: ../git\n"), 0o600)
}
