package page

import (
	_ "embed"
	"strings"
)

// packageList is what web/gen made of npm's lock file: a line for each package
// that is in what sites publish.
//
//go:embed packages.txt
var packageList string

// Package is an npm package by somebody else that is part of a site.
type Package struct {
	Name, Version string
	// Licence is an SPDX expression; "" if the package does not name it.
	Licence string
	// Path is the file that it is in; "" stands for the pages themselves.
	Path string
}

// Packages returns the packages by others that are part of a site with the
// files that has reports, sorted: those bundled into scripts, and the icons'.
func Packages(has func(path string) bool) []Package {
	table := readManifest()
	var out []Package
	for line := range strings.Lines(packageList) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 4 {
			continue
		}
		p := Package{Name: f[1], Version: f[2], Licence: f[3]}
		for id := range assetCount {
			if assetName(id) == f[0] {
				p.Path = table[id].path
			}
		}
		if p.Path == "" || has(p.Path) {
			out = append(out, p)
		}
	}
	return out
}
