package snapshot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
)

// plan is what has to be done to an output directory. Making it changes nothing.
type plan struct {
	out    *output
	before *Manifest

	// dirs has every directory that the old and the new files need, by key;
	// order has the same by depth, then path.
	dirs  map[string]*directory
	order []*directory

	files  []*File // the snapshot's
	states []fileState
	// writes are indices into files; those below creates have nothing in their place.
	writes  []int
	creates int
	// stale are entries of before that the snapshot doesn't have. Those below
	// blocking have to go before something else can take their place.
	stale    []Entry
	blocking int
	// replacesDir says that a file takes the place of a directory.
	replacesDir bool
	// racy is the time from which on a file's size and time prove nothing.
	racy int64
	// adopted says that the manifest changes even if no file does.
	adopted  bool
	settings settingsPlan

	conflicts []Conflict
}

// directory is one directory below the output directory.
type directory struct {
	path   string
	parent *directory
	depth  int
	// look: something in it may be written or removed, so that it matters
	// whether it is a symbolic link. The others are taken to exist.
	look bool
	// exists: it is there and really a directory, not a symbolic link to one.
	exists bool
	// wanted: the snapshot has a file below it.
	wanted bool
	// owned: the manifest has a file below it, and it does not say that the
	// directory was there before.
	owned bool
	// top is the highest directory at or above this one that has to be made;
	// stage is where this one is made, as a full path.
	top   *directory
	stage string
}

// fileState is what is known of a snapshot's file in the output directory.
type fileState struct {
	dir *directory
	// settled: size and time are those of the manifest, nothing is to be done.
	settled  bool
	action   action
	conflict string
	entry    Entry
}

type action uint8

const (
	keep    action = iota // it is there, as the manifest says
	adopt                 // it is there, and the manifest has to learn so
	create                // nothing is there
	replace               // something of ours is there
)

// makePlan looks at the directory and compares it with snap and with what the
// manifest says.
func makePlan(ctx context.Context, out *output, snap *Snapshot, before *Manifest, jobs int) (*plan, error) {
	p := &plan{out: out, before: before, files: snap.files, states: make([]fileState, len(snap.files))}
	owned := make(map[string]*Entry, len(before.Files))
	for i := range before.Files {
		owned[out.key(before.Files[i].Path)] = &before.Files[i]
	}
	wanted, err := p.checkFiles()
	if err != nil {
		return nil, err
	}
	for i := range before.Files {
		e := &before.Files[i]
		if _, ok := wanted[out.key(e.Path)]; !ok {
			p.stale = append(p.stale, *e)
		}
	}
	p.collectDirs()
	if err := p.keepUnchanged(ctx, jobs, owned); err != nil {
		return nil, err
	}
	p.chooseDirs()
	if err := p.lookAtDirs(ctx, jobs); err != nil {
		return nil, err
	}
	if err := p.placeDirs(owned); err != nil {
		return nil, err
	}
	if err := p.lookAtFiles(ctx, jobs, owned); err != nil {
		return nil, err
	}
	p.findBlocking()
	p.collect()
	return p, nil
}

// checkFiles refuses paths that can't be written, and two that can't be
// written both. It returns the keys of all files.
func (p *plan) checkFiles() (map[string]struct{}, error) {
	wanted := make(map[string]struct{}, len(p.files))
	for _, f := range p.files {
		if err := checkPath(f.Path); err != nil {
			return nil, err
		}
		key := p.out.key(f.Path)
		if _, twice := wanted[key]; twice {
			return nil, fmt.Errorf("%q and another file differ in upper and lower case alone, which this file system does not tell apart", f.Path)
		}
		wanted[key] = struct{}{}
	}
	for _, f := range p.files {
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			if _, clash := wanted[p.out.key(dir)]; clash {
				return nil, fmt.Errorf("%q is a file and the directory of %q", dir, f.Path)
			}
		}
	}
	return wanted, nil
}

// collectDirs fills dirs and order.
func (p *plan) collectDirs() {
	root := &directory{path: ".", exists: true}
	p.dirs = map[string]*directory{p.out.key("."): root}
	for i, f := range p.files {
		d := p.dirOf(f.Path)
		p.states[i].dir = d
		for ; d != nil && !d.wanted; d = d.parent {
			d.wanted = true
		}
	}
	for i := range p.before.Files {
		for d := p.dirOf(p.before.Files[i].Path); d != nil && !d.owned; d = d.parent {
			d.owned = true
		}
	}
	root.owned = false
	for _, dir := range p.before.foreignDirs {
		if d := p.dirs[p.out.key(dir)]; d != nil {
			d.owned = false
		}
	}
	for _, d := range p.dirs {
		p.order = append(p.order, d)
	}
	slices.SortFunc(p.order, func(a, b *directory) int {
		return cmp.Or(cmp.Compare(a.depth, b.depth), strings.Compare(a.path, b.path))
	})
}

// dirOf returns the directory of a file's path.
func (p *plan) dirOf(file string) *directory {
	dir := path.Dir(file)
	key := p.out.key(dir)
	d := p.dirs[key]
	if d == nil {
		parent := p.dirOf(dir)
		d = &directory{path: dir, parent: parent, depth: parent.depth + 1}
		p.dirs[key] = d
	}
	return d
}

// chooseDirs marks the directories that have to be looked at.
func (p *plan) chooseDirs() {
	mark := func(d *directory) {
		for ; d != nil && !d.look; d = d.parent {
			d.look = true
		}
	}
	for i := range p.states {
		if !p.states[i].settled {
			mark(p.states[i].dir)
		}
	}
	for i := range p.stale {
		mark(p.dirOf(p.stale[i].Path))
	}
	if !p.before.Complete { // leftovers may be anywhere
		for i := range p.before.Files {
			mark(p.dirOf(p.before.Files[i].Path))
		}
	}
}

// lookAtDirs finds out which directories exist, level by level: below one that
// does not there is nothing to ask.
func (p *plan) lookAtDirs(ctx context.Context, jobs int) error {
	for from := 1; from < len(p.order); {
		to := from
		for to < len(p.order) && p.order[to].depth == p.order[from].depth {
			to++
		}
		level := p.order[from:to]
		err := each(ctx, jobs, len(level), 64, func(from, to int) error {
			for _, d := range level[from:to] {
				if !d.look {
					d.exists = true
					continue
				}
				if !d.parent.exists {
					continue
				}
				info, err := p.lstat(d.path)
				if err != nil {
					return err
				}
				d.exists = info != nil && info.IsDir()
			}
			return nil
		})
		if err != nil {
			return err
		}
		from = to
	}
	return nil
}

// lstat returns nil for what is not there.
func (p *plan) lstat(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(p.out.abs(path))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	return info, err
}

// placeDirs says for each directory that has to be made where that happens.
// What stands in its place has to be a stale file of ours.
func (p *plan) placeDirs(owned map[string]*Entry) error {
	for _, d := range p.order[1:] {
		if !d.wanted || d.exists {
			continue
		}
		if !d.parent.exists {
			d.top = d.parent.top
			d.stage = d.parent.stage + string(os.PathSeparator) + path.Base(d.path)
			continue
		}
		d.top = d
		d.stage = p.out.abs(tempName(d.path))
		info, err := p.lstat(d.path)
		if err != nil {
			return err
		}
		if info == nil {
			continue
		}
		if owned[p.out.key(d.path)] == nil || !info.Mode().IsRegular() {
			p.conflicts = append(p.conflicts, Conflict{d.path, "a directory is needed there, it is " + kindOf(info)})
		}
	}
	return nil
}

// tempName is where the file or directory path is written before it is renamed:
// beside its place, under a name made from its own that every system takes.
func tempName(p string) string {
	sum := sha256.Sum256([]byte(p))
	return path.Join(path.Dir(p), fmt.Sprintf("%s%x", tempPrefix, sum[:8]))
}

func kindOf(info fs.FileInfo) string {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return "a file"
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	default:
		return "a special file"
	}
}

// findBlocking moves stale files that are in the way of new ones to the front.
func (p *plan) findBlocking() {
	places := make(map[string]bool) // files that take the place of a directory of ours
	for i := range p.states {
		s := &p.states[i]
		if d := p.dirs[p.out.key(p.files[i].Path)]; d != nil && d.exists && s.action == create {
			places[d.path] = true
			p.replacesDir = true
		}
	}
	blocks := func(e Entry) bool {
		if d := p.dirs[p.out.key(e.Path)]; d != nil && d.wanted {
			return true
		}
		for dir := path.Dir(e.Path); dir != "."; dir = path.Dir(dir) {
			if places[dir] {
				return true
			}
		}
		return false
	}
	slices.SortStableFunc(p.stale, func(a, b Entry) int {
		switch x, y := blocks(a), blocks(b); {
		case x == y:
			return 0
		case x:
			return -1
		default:
			return 1
		}
	})
	for p.blocking < len(p.stale) && blocks(p.stale[p.blocking]) {
		p.blocking++
	}
}

// collect gathers what the looks at single files found.
func (p *plan) collect() {
	var replaces []int
	for i := range p.states {
		s := &p.states[i]
		switch {
		case s.conflict != "":
			p.conflicts = append(p.conflicts, Conflict{p.files[i].Path, s.conflict})
		case s.action == create:
			p.writes = append(p.writes, i)
		case s.action == replace:
			replaces = append(replaces, i)
		case s.action == adopt:
			p.adopted = true
		}
	}
	p.creates = len(p.writes)
	p.writes = append(p.writes, replaces...)
	slices.SortFunc(p.conflicts, func(a, b Conflict) int { return strings.Compare(a.Path, b.Path) })
}

func (p *plan) nothingToDo() bool {
	return len(p.writes) == 0 && len(p.stale) == 0 && !p.adopted && !p.settings.differs && p.before.Complete
}
