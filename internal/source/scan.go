package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"lectern/internal/diag"
)

// Scope says which part of the folder belongs to the project.
type Scope struct {
	// Roots are slash paths of the folders to list; "." is the whole folder.
	// One that does not exist is simply empty.
	Roots []string
	// Skip are slash paths of folders that are left out, such as the output's.
	Skip []string
	// Dots are slash paths of folders whose hidden files belong to the project
	// all the same: what a web server wants, such as .well-known, lies in them.
	Dots []string
}

// ignored reports whether the scope leaves out the file or folder at name for
// its name, or for that of a folder on the way to it.
func (c Scope) ignored(name string) bool {
	for _, dir := range c.Dots {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok && !Ignored(dir) {
			for part := range strings.SplitSeq(rest, "/") {
				if part == ".git" || part == ".DS_Store" || part == "node_modules" || strings.HasSuffix(part, "~") {
					return true
				}
			}
			return false
		}
	}
	return Ignored(name)
}

// Limits that no set of notes comes near, and that keep a hostile or mistaken
// folder (a home directory, a file system's root) from being listed for ever.
const (
	maxDepth = 64
	maxFiles = 1_000_000
)

// Marker is the name of the file that marks a folder as Lectern's output; such
// a folder is never read as input.
const Marker = ".lectern-manifest.json"

// Scan lists the files in scope. Hidden files (but for those in Dots),
// editors' backups and node_modules are left out. Links that leave the project or loop, and what is
// neither file nor folder, are reported and left out.
func (d *Dir) Scan(ctx context.Context, scope Scope) (*Tree, error) {
	s := scanner{ctx: ctx, dir: d, scope: scope}
	for _, root := range scope.Roots {
		info, err := d.root.Stat(root)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			if l, lerr := d.root.Lstat(root); lerr == nil && l.Mode()&fs.ModeSymlink != 0 {
				return nil, fmt.Errorf("list %s: it is a link that leads out of the project's folder, which is not followed", root)
			}
			return nil, fmt.Errorf("list %s: %w", root, err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("list %s: not a folder", root)
		}
		if err := s.folder(root, info, nil); err != nil {
			return nil, err
		}
	}
	return s.tree(), nil
}

// Update returns the tree after the files or folders at paths changed, came or
// went: what Scan would list, found by looking at these paths alone.
func (d *Dir) Update(ctx context.Context, scope Scope, old *Tree, paths []string) (*Tree, error) {
	d.Release() // a folder kept open may have been replaced
	s := scanner{ctx: ctx, dir: d, scope: scope, links: old.links}
	gone := func(name string) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") })
	}
	s.files = make([]*File, 0, len(old.files)+len(paths))
	for _, f := range old.files {
		if !gone(f.Path) {
			s.files = append(s.files, f)
		}
	}
	for _, dg := range old.diags {
		if !gone(dg.File) {
			s.diags = append(s.diags, dg)
		}
	}
	for i, p := range paths {
		covered := slices.ContainsFunc(paths[:i], func(q string) bool { return p == q || strings.HasPrefix(p, q+"/") })
		if covered || scope.ignored(p) || !scope.holds(p) {
			continue
		}
		if err := s.look(p); err != nil {
			return nil, err
		}
	}
	return s.tree(), nil
}

// holds reports whether a path lies in one of the roots and in no skipped folder.
func (c Scope) holds(name string) bool {
	in := func(dir string) bool { return dir == "." || name == dir || strings.HasPrefix(name, dir+"/") }
	return slices.ContainsFunc(c.Roots, in) && !slices.ContainsFunc(c.Skip, in)
}

// look lists what is at name now.
func (s *scanner) look(name string) error {
	info, err := s.dir.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || isNotDir(err) {
		return nil
	}
	if err != nil {
		return s.unlisted(name, err)
	}
	var above []fs.FileInfo
	if top, err := s.dir.root.Stat("."); err == nil {
		above = append(above, top)
	}
	for i, c := range name {
		if c == '/' {
			up, err := s.dir.root.Stat(name[:i])
			if err != nil {
				return nil // the folder goes away; its own change tells
			}
			above = append(above, up)
		}
	}
	return s.entry(name, fs.FileInfoToDirEntry(info), above)
}

// isNotDir reports an error that says a part of the path is a file by now.
func isNotDir(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

func (s *scanner) tree() *Tree {
	slices.SortFunc(s.files, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
	// One root may lie in another.
	s.files = slices.CompactFunc(s.files, func(a, b *File) bool { return a.Path == b.Path })
	return &Tree{files: s.files, diags: diag.Sort(s.diags), links: s.links}
}

type scanner struct {
	ctx   context.Context
	dir   *Dir
	scope Scope
	files []*File
	diags []diag.Diagnostic
	links bool
}

// folder lists one folder; above are the folders on the way to it, to notice loops.
func (s *scanner) folder(name string, info fs.FileInfo, above []fs.FileInfo) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if slices.Contains(s.scope.Skip, name) {
		return nil
	}
	if len(above) >= maxDepth {
		s.report(name, diag.Error, "folder-depth", fmt.Sprintf("folders are nested deeper than %d", maxDepth), "move the notes up")
		return nil
	}
	if slices.ContainsFunc(above, func(a fs.FileInfo) bool { return os.SameFile(a, info) }) {
		s.report(name, diag.Error, "symlink-loop", "this link leads back to a folder it lies in", "remove the link")
		return nil
	}
	f, err := s.dir.root.Open(name)
	if err != nil {
		return s.unlisted(name, err)
	}
	entries, err := f.ReadDir(-1)
	f.Close()
	if err != nil {
		return s.unlisted(name, err)
	}
	if name != "." && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == Marker }) {
		return nil
	}
	above = append(above[:len(above):len(above)], info)
	for _, e := range entries {
		full := path.Join(name, e.Name())
		if s.scope.ignored(full) {
			continue
		}
		if err := s.entry(full, e, above); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) entry(name string, e fs.DirEntry, above []fs.FileInfo) error {
	info, err := e.Info()
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		s.links = true
		if info, err = s.dir.root.Stat(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.report(name, diag.Error, "symlink-refused", "this link leads out of the project's folder or to itself", "put a copy of the file there")
			return nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // gone since it was listed, or a link to nothing
	case err != nil:
		return s.unlisted(name, err)
	case info.IsDir():
		return s.folder(name, info, above)
	case !info.Mode().IsRegular():
		s.report(name, diag.Warning, "file-special", "this is neither a file nor a folder", "")
		return nil
	case strings.ContainsAny(name, "\n\r\x00"):
		s.report(name, diag.Error, "file-name", "a file name with a line break can't be published", "rename the file")
		return nil
	}
	if len(s.files) >= maxFiles {
		return fmt.Errorf("list the project's folder: more than %d files: is this a folder of notes?", maxFiles)
	}
	s.files = append(s.files, &File{Path: name, Bytes: info.Size(), ModTime: info.ModTime(), info: info, dir: s.dir})
	return nil
}

// unlisted turns a folder that cannot be read into a finding, so that one of
// them does not hold up all others; only the project's own folder must be readable.
func (s *scanner) unlisted(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) && name != "." {
		return nil
	}
	if name == "." {
		return fmt.Errorf("list the project's folder: %w", err)
	}
	reason := err
	var pe *fs.PathError
	if errors.As(err, &pe) {
		reason = pe.Err
	}
	s.report(name, diag.Error, "file-unreadable", "can't be read: "+reason.Error(), "look at its permissions")
	return nil
}

func (s *scanner) report(name string, sev diag.Severity, rule, msg, hint string) {
	s.diags = append(s.diags, diag.Diagnostic{
		Position: diag.Position{File: name}, Severity: sev, Rule: rule, Message: msg, Hint: hint,
	})
}

// ignored reports whether a file or folder of this name is never part of a project.
func ignored(name string) bool {
	return name[0] == '.' || name[0] == '#' || strings.HasSuffix(name, "~") || name == "node_modules"
}

// Ignored reports whether any part of the slash path is one that Scan leaves
// out for its name.
func Ignored(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part != "" && part != "." && ignored(part) {
			return true
		}
	}
	return false
}
