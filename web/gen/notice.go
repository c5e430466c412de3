package main

import (
	"bytes"
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

// writeNotice lists the packages that are part of the diagram library, which
// sites publish, with their licences.
func writeNotice(root string) error {
	raw, err := os.ReadFile(filepath.Join(root, "web", "package-lock.json"))
	if err != nil {
		return err
	}
	var lock lockFile
	if err := json.Unmarshal(raw, &lock); err != nil {
		return fmt.Errorf("read package-lock.json: %w", err)
	}
	parts := map[string]bool{}
	if err := lock.closure("", "mermaid", parts); err != nil {
		return err
	}
	lines := map[string]bool{}
	for at := range parts {
		p := lock.Packages[at]
		name := at[strings.LastIndex(at, "node_modules/")+len("node_modules/"):]
		if p.License == "" {
			p.License = "see its licence file"
		}
		lines[fmt.Sprintf("%s %s: %s\n", name, p.Version, p.License)] = true
	}
	var out bytes.Buffer
	out.WriteString("Sites with diagrams publish mermaid.min.js, as npm's package mermaid has it. It is made of\n" +
		"these packages; their licences are in the packages (https://www.npmjs.com/package/NAME).\n" +
		"The icons' notice is in internal/icon/NOTICE, that of the library for formulas in internal/mathml/NOTICE.\n\n")
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		out.WriteString(line)
	}
	return writeChanged(filepath.Join(root, "web", "NOTICE"), out.Bytes())
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
