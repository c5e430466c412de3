// Command gen makes the files that Lectern embeds from the sources in web/ and
// the npm packages that web/package.json pins. `go generate` runs it:
//
//	go run lectern/web/gen [icon|math|page|server|templates ...]
//
// Without a name it makes all of them:
//
//   - icon: Font Awesome's drawings, one line each → internal/icon/icons.txt
//   - math: the library that turns TeX into MathML → internal/mathml
//   - page: the theme, the style of code, the diagram library → internal/page/assets,
//     and which packages that is made of → internal/page/packages.txt
//   - server: the live-reload overlay → internal/server/assets
//   - templates: what templ compiled in internal/page, made quicker
//
// Its results are checked in, so that building Lectern needs Go alone, and the
// same sources give the same bytes on every machine. Every folder of assets has
// a manifest.txt with each file's SHA-256 and published name, so that nothing
// has to be hashed when Lectern starts.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// target is one thing that gen makes, below the repository's root.
type target struct {
	name string
	make func(root string) error
}

func targets() []target {
	return []target{
		{"icon", makeIcons},
		{"math", makeMath},
		{"page", makePage},
		{"server", makeServer},
		{"templates", makeTemplates},
	}
}

func run(names []string) error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	all := targets()
	for _, n := range names {
		if !slices.ContainsFunc(all, func(t target) bool { return t.name == n }) {
			return fmt.Errorf("no target %q: there are icon, math, page, server and templates", n)
		}
	}
	for _, t := range all {
		if len(names) > 0 && !slices.Contains(names, t.name) {
			continue
		}
		if err := t.make(root); err != nil {
			return fmt.Errorf("make %s: %w", t.name, err)
		}
	}
	return nil
}

// findRoot returns the folder of go.mod, above the working folder: go generate
// runs in the folder of the file that asks for it.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working folder: run this inside Lectern's repository")
		}
		dir = up
	}
}

// readPackage reads a file of an npm package.
func readPackage(root, name string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(root, "web", "node_modules", filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the npm package's file %s is missing: run `npm ci` in web/", name)
	}
	return b, err
}
