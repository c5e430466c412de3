package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lectern/internal/config"
	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/scaffold"
	"lectern/internal/source"
)

// project is a project whose notes a command changes.
type project struct {
	scaffold.Project
	dir string
	cfg *config.Config
}

// openProject reads what a command that writes notes has to know. args is the
// project's folder, or nothing for the one around the current folder; into is the
// folder for the days as it was asked for, "" that of the configuration.
func (a *app) openProject(ctx context.Context, args []string, into string) (p *project, err error) {
	dir := a.dirArg(args)
	if len(args) == 0 {
		if dir, err = a.projectDir(); err != nil {
			return nil, err
		}
	}
	if err := a.checkFolder(dir); err != nil {
		return nil, err
	}
	src, err := source.OpenDir(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	cfg, _, err := a.configLoader(dir, "", false)(src.FS())
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	p = &project{dir: dir, cfg: cfg, Project: scaffold.Project{
		Into: cfg.ContentDir, Home: cfg.ContentDir,
		Language: func(file string) string { return cfg.FileLanguage(file).Language },
	}}
	if err := p.readProgramme(src.FS()); err != nil {
		return nil, err
	}
	if into == "" && p.Last != nil {
		into = p.Last.Into
	}
	if into != "" {
		if p.Into = path.Clean(filepath.ToSlash(into)); !fs.ValidPath(p.Into) {
			return nil, &usageError{fmt.Sprintf("--into %q is not in the project", into), "give a folder below the project's, such as content"}
		}
	}
	return p, p.readNotes(ctx, src)
}

// readNotes reads all Markdown files of the project's notes, and those below
// the folder for the days.
func (p *project) readNotes(ctx context.Context, src *source.Dir) error {
	dirs := append(p.cfg.ContentDirs(), p.Into)
	slices.Sort(dirs) // what lies above comes first
	var roots []string
	for _, dir := range dirs {
		if !slices.ContainsFunc(roots, func(up string) bool { return up == "." || up == dir || strings.HasPrefix(dir, up+"/") }) {
			roots = append(roots, dir)
		}
	}
	tree, err := src.Scan(ctx, source.Scope{Roots: roots, Skip: []string{"public"}})
	if err != nil {
		return err
	}
	for _, f := range tree.Files() {
		if ext := strings.ToLower(path.Ext(f.Path)); ext != ".md" && ext != ".markdown" {
			continue
		}
		data, err := f.Read(note.MaxSize)
		if err != nil {
			return fmt.Errorf("read %s: %w", f.Path, err)
		}
		p.Files = append(p.Files, scaffold.File{Path: f.Path, Data: data})
	}
	return nil
}

func (p *project) readProgramme(fsys fs.FS) error {
	data, err := fs.ReadFile(fsys, scaffold.StorePath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the programme of the last import: %w", err)
	}
	last, err := scaffold.ReadStored(data)
	if errors.Is(err, scaffold.ErrConflict) {
		return &hintedError{err, "take one side: git checkout --ours " + scaffold.StorePath + ", and import the programme again"}
	}
	if err != nil {
		return &hintedError{err, "take it back from git, or remove it and import the programme anew"}
	}
	p.Last, p.LastData = last, data
	return nil
}

// write makes the changes in the project's folder.
func (p *project) write(changes ...edit.Change) (err error) {
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	err = edit.Write(root, changes)
	if errors.Is(err, edit.ErrChanged) {
		return &hintedError{err, "run the command again"}
	}
	return err
}

// zone is the conference's: the last programme's, else the configuration's.
func (p *project) zone() *time.Location {
	configured, err := time.LoadLocation(p.cfg.TimeZone)
	known := err == nil && p.cfg.TimeZone != "" // config has checked the name
	switch {
	case p.Last != nil && (p.Last.Programme.Zone != time.UTC || !known):
		return p.Last.Programme.Zone
	case known:
		return configured
	}
	return time.Local
}

// path is where a file of the project is.
func (p *project) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }
