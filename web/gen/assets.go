package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// asset is one file that the binary embeds.
type asset struct {
	// name is the file's in its folder of assets.
	name string
	data []byte
}

// hashLength is how many hexadecimal digits of its content's SHA-256 stand in
// a published name: 48 bits, so that no two contents of one name ever meet.
const hashLength = 12

func (a asset) hash() string {
	sum := sha256.Sum256(a.data)
	return hex.EncodeToString(sum[:])
}

// published is the name under which a site has the file: "theme.1f0c….css". It
// changes with the content, so browsers may keep the file for ever.
func (a asset) published() string {
	ext := path.Ext(a.name)
	return strings.TrimSuffix(a.name, ext) + "." + a.hash()[:hashLength] + ext
}

// makePage makes what pages load.
func makePage(root string) error {
	var all []asset
	for _, b := range []bundle{
		{source: "web/css/theme.css", name: "theme.css"},
		{source: "internal/highlight/chroma.css", name: "code.css"},
		{source: "web/css/math.css", name: "math.css"},
		{source: "web/src/theme.ts", name: "theme.js"},
		{source: "web/css/timetable.css", name: "timetable.css"},
		{source: "web/src/now.ts", name: "now.js"},
		{source: "web/src/player.ts", name: "player.js"},
		{source: "web/css/filter.css", name: "filter.css"},
		{source: "web/src/filter.ts", name: "filter.js"},
		{source: "web/src/mermaid-loader.ts", name: "mermaid-loader.js"},
		{source: "web/css/shortcodes.css", name: "shortcodes.css"},
		{source: "web/src/shortcodes.ts", name: "shortcodes.js"},
		{source: "web/css/changes.css", name: "changes.css"},
		{source: "web/src/changes.ts", name: "changes.js"},
		{source: "web/src/offline.ts", name: "offline.js"},
		{source: "web/src/sw.ts", name: "sw.js"},
		{source: "web/src/search.ts", name: "search.js"},
		{source: "web/css/search.css", name: "search.css"},
	} {
		a, err := b.build(root)
		if err != nil {
			return err
		}
		all = append(all, a)
	}
	icon, err := os.ReadFile(filepath.Join(root, "web", "src", "icon.svg"))
	if err != nil {
		return err
	}
	all = append(all, asset{"icon.svg", bytes.TrimSpace(icon)})
	big, err := os.ReadFile(filepath.Join(root, "web", "src", "icon.png"))
	if err != nil {
		return err
	}
	all = append(all, asset{"icon.png", big})
	diagrams, err := diagramAssets(root)
	if err != nil {
		return err
	}
	if err := writeAssets(root, "internal/page/assets", append(all, diagrams...)); err != nil {
		return err
	}
	if err := writePackages(root); err != nil {
		return err
	}
	return writeNotice(root)
}

// diagramAssets are the library and the document that it draws in, which names
// both scripts as they are published: all three must lie in one folder.
func diagramAssets(root string) ([]asset, error) {
	library, err := readPackage(root, "mermaid/dist/mermaid.min.js")
	if err != nil {
		return nil, err
	}
	lib := asset{"mermaid.min.js", library}
	script, err := bundle{source: "web/src/mermaid-frame.ts", name: "mermaid-frame.js"}.build(root)
	if err != nil {
		return nil, err
	}
	html, err := os.ReadFile(filepath.Join(root, "web", "src", "mermaid-frame.html"))
	if err != nil {
		return nil, err
	}
	for _, a := range []asset{lib, script} {
		mark := []byte("{{" + a.name + "}}")
		if bytes.Count(html, mark) != 1 {
			return nil, fmt.Errorf("web/src/mermaid-frame.html must name %s once", mark)
		}
		html = bytes.Replace(html, mark, []byte(a.published()), 1)
	}
	return []asset{lib, script, {"mermaid-frame.html", html}}, nil
}

// makeServer makes the client of live reload.
func makeServer(root string) error {
	var all []asset
	for _, b := range []bundle{
		{source: "web/src/live.ts", name: "live.js"},
		{source: "web/css/live.css", name: "live.css"},
	} {
		a, err := b.build(root)
		if err != nil {
			return err
		}
		all = append(all, a)
	}
	return writeAssets(root, "internal/server/assets", all)
}

// manifestName is the list beside the assets, a line for each, in order of
// names: SHA-256, name, published name.
const manifestName = "manifest.txt"

func writeAssets(root, dir string, all []asset) error {
	slices.SortFunc(all, func(a, b asset) int { return strings.Compare(a.name, b.name) })
	var manifest bytes.Buffer
	for _, a := range all {
		fmt.Fprintf(&manifest, "%s %s %s\n", a.hash(), a.name, a.published())
	}
	all = append(all, asset{manifestName, manifest.Bytes()})
	to := filepath.Join(root, filepath.FromSlash(dir))
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	for _, a := range all {
		if err := writeChanged(filepath.Join(to, a.name), a.data); err != nil {
			return err
		}
	}
	return nil
}

// writeChanged leaves a file alone that has this content already, so that
// nothing is compiled again for it.
func writeChanged(name string, data []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	return os.WriteFile(name, data, 0o644)
}
