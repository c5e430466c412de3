package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

const fontAwesome = "@fortawesome/fontawesome-free/"

// family is an entry of Font Awesome's metadata/icon-families.json: an icon
// under its present name, with its former names and its drawings.
type family struct {
	Aliases struct {
		Names []string `json:"names"`
	} `json:"aliases"`
	SVGs map[string]map[string]drawing `json:"svgs"`
}

type drawing struct {
	ViewBox [4]int `json:"viewBox"`
	Path    string `json:"path"`
}

// shim is an entry of metadata/shims.yml: what a name of version 4 is called now.
type shim struct {
	Name   string `yaml:"name"`
	Prefix string `yaml:"prefix"`
}

// styles in the order in which a plain name prefers them.
var styles = [...]string{"solid", "brands", "regular"}

// makeIcons writes the table that internal/icon searches: sorted lines, either
//
//	KEY WIDTH HEIGHT PATH   (KEY is a style and a name: solid-video)
//	NAME KEY                (what a plain or former name stands for)
func makeIcons(root string) error {
	raw, err := readPackage(root, fontAwesome+"metadata/icon-families.json")
	if err != nil {
		return err
	}
	families := map[string]family{}
	if err := json.Unmarshal(raw, &families); err != nil {
		return fmt.Errorf("read icon-families.json: %w", err)
	}
	if raw, err = readPackage(root, fontAwesome+"metadata/shims.yml"); err != nil {
		return err
	}
	shims := map[string]shim{}
	if err := yaml.Unmarshal(raw, &shims); err != nil {
		return fmt.Errorf("read shims.yml: %w", err)
	}
	table := iconTable{}
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if err := table.addFamily(name, families[name]); err != nil {
			return fmt.Errorf("icon %s: %w", name, err)
		}
	}
	for _, old := range slices.Sorted(maps.Keys(shims)) {
		table.addShim(old, shims[old])
	}
	var out bytes.Buffer
	for _, key := range slices.Sorted(maps.Keys(table)) {
		out.WriteString(key + " " + table[key] + "\n")
	}
	return os.WriteFile(filepath.Join(root, "internal", "icon", "icons.txt"), out.Bytes(), 0o644)
}

// iconTable maps the first word of each line to the rest of it.
type iconTable map[string]string

// pathData is what an SVG path's d attribute is made of. It can't end the
// attribute, so what internal/icon makes of it is a path and nothing else.
var (
	pathData = regexp.MustCompile(`^[MmZzLlHhVvCcSsQqTtAa0-9eE .,+-]+$`)
	iconName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

func (t iconTable) addFamily(name string, f family) error {
	preferred := ""
	for _, style := range styles {
		d, ok := f.SVGs["classic"][style]
		if !ok {
			continue
		}
		if d.ViewBox[0] != 0 || d.ViewBox[1] != 0 || !pathData.MatchString(d.Path) {
			return fmt.Errorf("the %s drawing is not one path from 0,0", style)
		}
		key := style + "-" + name
		t[key] = strconv.Itoa(d.ViewBox[2]) + " " + strconv.Itoa(d.ViewBox[3]) + " " + d.Path
		if preferred == "" {
			preferred = key
		}
	}
	if preferred == "" {
		return nil // not part of the free set
	}
	for _, n := range append([]string{name}, f.Aliases.Names...) {
		if !iconName.MatchString(n) {
			return fmt.Errorf("the name %q is not one word", n)
		}
		if old, ok := t[n]; ok {
			return fmt.Errorf("the name %q stands for %s too", n, old)
		}
		t[n] = preferred
	}
	return nil
}

// addShim adds a name of version 4 that no later version uses otherwise.
func (t iconTable) addShim(old string, s shim) {
	if _, taken := t[old]; taken {
		return
	}
	name := s.Name
	if name == "" {
		name = old
	}
	key, known := t[name]
	if !known {
		return // it left the free set
	}
	style := map[string]string{"": "solid", "fas": "solid", "far": "regular", "fab": "brands"}[s.Prefix]
	_, base, _ := strings.Cut(key, "-") // name may itself be a former one
	if _, ok := t[style+"-"+base]; ok {
		key = style + "-" + base
	}
	t[old] = key
}
