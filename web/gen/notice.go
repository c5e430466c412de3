package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// lockFile is the part of npm's package-lock.json that says what is installed
// where: "node_modules/cytoscape-fcose/node_modules/layout-base".
type lockFile struct {
	Packages map[string]lockPackage `json:"packages"`
}

type lockPackage struct {
	Version      string            `json:"version"`
	License      string            `json:"license"`
	Dependencies map[string]string `json:"dependencies"`
}

// part is an npm package that is in a file which sites publish.
type part struct{ name, version, licence string }

// writeNotice lists the packages that are part of the diagram library, which
// sites publish, with their licences.
func writeNotice(root string) error {
	parts, err := diagramParts(root)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("Sites with diagrams publish mermaid.min.js, as npm's package mermaid has it. It is made of\n" +
		"these packages; their licences are in the packages (https://www.npmjs.com/package/NAME).\n" +
		"The icons' notice is in internal/icon/NOTICE, that of the library for formulas in internal/mathml/NOTICE.\n\n")
	for _, p := range parts {
		fmt.Fprintf(&out, "%s %s: %s\n", p.name, p.version, cmp.Or(p.licence, "see its licence file"))
	}
	return writeChanged(filepath.Join(root, "web", "NOTICE"), out.Bytes())
}

// iconPackage is where the drawings in pages are from. Its other parts (fonts,
// style sheets) have licences of their own, and are not published.
const iconPackage, iconLicence = "@fortawesome/fontawesome-free", "CC-BY-4.0"

// writePackages tells the program which packages are in the files that it
// publishes, for its bills of materials: a line for each with the file's name in
// assets ("*" for what any page may show), name, version and licence, if it is known.
func writePackages(root string) error {
	lock, err := readLock(root)
	if err != nil {
		return err
	}
	parts, err := diagramParts(root)
	if err != nil {
		return err
	}
	icons, ok := lock.Packages["node_modules/"+iconPackage]
	if !ok {
		return fmt.Errorf("package-lock.json has no %s", iconPackage)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "*\t%s\t%s\t%s\n", iconPackage, icons.Version, iconLicence)
	for _, p := range parts {
		fmt.Fprintf(&out, "mermaid.min.js\t%s\t%s\t%s\n", p.name, p.version, p.licence)
	}
	return writeChanged(filepath.Join(root, "internal", "page", "packages.txt"), out.Bytes())
}

func readLock(root string) (*lockFile, error) {
	raw, err := os.ReadFile(filepath.Join(root, "web", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock lockFile
	if err := json.Unmarshal(raw, &lock); err != nil {
		return nil, fmt.Errorf("read package-lock.json: %w", err)
	}
	return &lock, nil
}

// diagramParts are the packages in the diagram library, sorted.
func diagramParts(root string) ([]part, error) {
	lock, err := readLock(root)
	if err != nil {
		return nil, err
	}
	places := map[string]bool{}
	if err := lock.closure("", "mermaid", places); err != nil {
		return nil, err
	}
	parts := map[part]bool{}
	for at := range places {
		p := lock.Packages[at]
		parts[part{at[strings.LastIndex(at, "node_modules/")+len("node_modules/"):], p.Version, p.License}] = true
	}
	return slices.SortedFunc(maps.Keys(parts), func(a, b part) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.version, b.version))
	}), nil
}

// closure adds to found where name and all that it depends on are installed,
// seen from the package at from, by Node's rule: the nearest node_modules.
func (l *lockFile) closure(from, name string, found map[string]bool) error {
	at, ok := l.find(from, name)
	if !ok {
		return fmt.Errorf("package-lock.json has no %s, which %q needs", name, from)
	}
	if found[at] {
		return nil
	}
	found[at] = true
	for _, dep := range slices.Sorted(maps.Keys(l.Packages[at].Dependencies)) {
		if err := l.closure(at, dep, found); err != nil {
			return err
		}
	}
	return nil
}

func (l *lockFile) find(from, name string) (at string, ok bool) {
	for {
		at = strings.TrimPrefix(from+"/node_modules/"+name, "/")
		if _, ok = l.Packages[at]; ok {
			return at, true
		}
		if from == "" {
			return "", false
		}
		from = strings.TrimSuffix(from[:max(0, strings.LastIndex(from, "node_modules/"))], "/")
	}
}
