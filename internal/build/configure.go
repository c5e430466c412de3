package build

import (
	"fmt"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"lectern/internal/source"
)

// configure reads the configuration, unless only other files changed. A new
// one voids all that was made with the old one.
func (b *Builder) configure(paths []string) error {
	if b.cfg != nil && paths != nil && !slices.ContainsFunc(paths, b.isConfig) {
		return nil
	}
	cfg, diags, err := b.opts.Load(b.dir.FS())
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	b.cfgDiags = diags
	own := b.readLayouts(cfg.Hugo)
	if b.cfg != nil && reflect.DeepEqual(cfg, b.cfg) && own.equal(b.layouts) {
		return nil
	}
	b.cfg, b.layouts = cfg, own
	b.scope = source.Scope{Roots: roots(cfg), Dots: cfg.StaticDirs}
	if rel, ok := inside(b.opts.Dir, b.opts.Output); ok {
		b.scope.Skip = []string{rel}
	}
	if err := b.checkFolders(); err != nil {
		b.cfg = nil
		return err
	}
	b.chronicle = nil
	if b.opts.History != nil && cfg.Changes {
		b.chronicle = newChronicle(b.opts, cfg)
	}
	b.langs = b.newLanguages(cfg)
	b.tree, b.site, b.snap, b.outputs = nil, nil, nil, nil
	b.notes, b.rendered = map[string]*parsed{}, map[string]rendered{}
	return nil
}

// isConfig reports whether a path may be a configuration file, or a folder
// whose coming or going changes the project's shape.
func (b *Builder) isConfig(p string) bool {
	if slices.Contains(b.cfg.ContentDirs(), p) || p == "content" || p == "config" || strings.HasPrefix(p, "config/") {
		return true
	}
	if slices.Contains(b.cfg.Files, p) || p == layoutsDir || strings.HasPrefix(p, layoutsDir+"/") {
		return true
	}
	switch path.Ext(p) {
	case ".toml", ".yaml", ".yml", ".json":
		return !strings.Contains(p, "/")
	}
	return false
}

// inside returns the slash path of target from dir, if it lies below it.
func inside(dir, target string) (string, bool) {
	if target == "" {
		return "", false
	}
	d, err1 := filepath.Abs(dir)
	t, err2 := filepath.Abs(target)
	if err1 != nil || err2 != nil {
		return "", false
	}
	// The folder may be named through a link.
	if real, err := filepath.EvalSymlinks(d); err == nil {
		if t2, err := filepath.EvalSymlinks(t); err == nil {
			d, t = real, t2
		}
	}
	rel, err := filepath.Rel(d, t)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
