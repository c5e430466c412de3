package snapshot

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// keepUnchanged settles the files that have size and time of the manifest: in
// most builds nearly all, for one system call each.
func (p *plan) keepUnchanged(ctx context.Context, jobs int, owned map[string]*Entry) error {
	// A file written in the same tick of the clock as the manifest may have been
	// changed in that tick too, with size and time the same: as in git's index,
	// such files are compared by content. Clocks of some file systems tick
	// every two seconds.
	p.racy = p.before.modTime - int64(20*time.Millisecond)
	if p.before.modTime%int64(time.Second) == 0 {
		p.racy = p.before.modTime - int64(2*time.Second)
	}
	return p.eachFile(ctx, jobs, func(i int) error {
		f, s := p.files[i], &p.states[i]
		e := owned[p.out.key(f.Path)]
		if e == nil || e.flux || e.Hash != f.Hash || e.Path != f.Path || e.ModTime >= p.racy {
			return nil
		}
		info, err := p.lstat(f.Path)
		if err != nil || info == nil {
			return err
		}
		if info.Mode().IsRegular() && info.Size() == e.Size && info.ModTime().UnixNano() == e.ModTime {
			s.settled, s.action, s.entry = true, keep, *e
		}
		return nil
	})
}

// lookAtFiles compares every other file of the snapshot with what is in its place.
func (p *plan) lookAtFiles(ctx context.Context, jobs int, owned map[string]*Entry) error {
	return p.eachFile(ctx, jobs, func(i int) error {
		if p.states[i].settled {
			return nil
		}
		return p.lookAtFile(i, owned[p.out.key(p.files[i].Path)])
	})
}

func (p *plan) eachFile(ctx context.Context, jobs int, fn func(i int) error) error {
	return each(ctx, jobs, len(p.files), 32, func(from, to int) error {
		for i := from; i < to; i++ {
			if err := fn(i); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *plan) lookAtFile(i int, e *Entry) error {
	f, s := p.files[i], &p.states[i]
	s.entry = Entry{Path: f.Path, Hash: f.Hash, Size: f.Size()}
	s.action = create
	if !s.dir.exists {
		return nil
	}
	info, err := p.lstat(f.Path)
	if err != nil || info == nil {
		return err
	}
	if info.IsDir() {
		return p.lookAtDirInPlace(s)
	}
	if !info.Mode().IsRegular() {
		s.conflict = kindOf(info)
		return nil
	}
	s.entry.ModTime = info.ModTime().UnixNano()
	sameSize := info.Size() == s.entry.Size
	same := false
	if sameSize {
		if same, err = p.hasContent(f); err != nil {
			return err
		}
	}
	switch {
	case same && e != nil && *e == s.entry:
		s.action = keep
	case same:
		s.action = adopt
	case e != nil:
		s.action = replace
	default:
		s.conflict = "a file with other content"
	}
	return nil
}

// hasContent says whether the file on disk has f's content.
func (p *plan) hasContent(f *File) (bool, error) {
	r, err := p.out.root.Open(f.Path)
	if err != nil {
		return false, err
	}
	defer r.Close()
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(r, f.Size()+1)); err != nil {
		return false, err
	}
	return Digest(h.Sum(nil)) == f.Hash, nil
}

// lookAtDirInPlace is for a file whose place a directory has: it may go when
// Lectern made it and all in it is stale files of Lectern's.
func (p *plan) lookAtDirInPlace(s *fileState) error {
	d := p.dirs[p.out.key(s.entry.Path)]
	if d == nil || !d.owned {
		s.conflict = "a directory"
		return nil
	}
	ours := make(map[string]bool)
	for i := range p.stale {
		if below(p.stale[i].Path, d.path) {
			ours[p.out.key(p.stale[i].Path)] = true
			if !p.before.Complete {
				ours[p.out.key(tempName(p.stale[i].Path))] = true
			}
		}
	}
	return fs.WalkDir(p.out.root.FS(), d.path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && p.isLeftover(name):
			return fs.SkipDir
		}
		key := p.out.key(name)
		if dir := p.dirs[key]; entry.IsDir() && (dir == nil || !dir.owned) || !entry.IsDir() && !(entry.Type().IsRegular() && ours[key]) {
			s.conflict = fmt.Sprintf("a directory with %q in it", name)
			return fs.SkipAll
		}
		return nil
	})
}

// isLeftover says whether name is a temporary directory of a killed build.
func (p *plan) isLeftover(name string) bool {
	return slices.ContainsFunc(p.before.trees, func(tree string) bool { return tempName(tree) == name })
}

// below says whether the slash path file lies in dir at any depth.
func below(file, dir string) bool {
	return len(file) > len(dir) && file[len(dir)] == '/' && strings.HasPrefix(file, dir)
}
