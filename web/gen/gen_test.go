package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPublishedNameFollowsContent(t *testing.T) {
	a, b := asset{"mermaid.min.js", []byte("one")}, asset{"mermaid.min.js", []byte("two")}
	if a.published() == b.published() {
		t.Errorf("two contents have one name: %s", a.published())
	}
	if got, want := a.published(), "mermaid.min.7692c3ad3540.js"; got != want { // sha256 of "one"
		t.Errorf("published name %s, want %s", got, want)
	}
}

// What is checked in belongs together: each manifest lists the files beside it
// with their hashes, and the frame of diagrams names its scripts as published.
func TestCheckedInAssets(t *testing.T) {
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	published := map[string]string{}
	for _, dir := range []string{"internal/page/assets", "internal/server/assets"} {
		dir := filepath.Join(root, filepath.FromSlash(dir))
		manifest := read(t, filepath.Join(dir, manifestName))
		listed := 0
		for line := range strings.Lines(string(manifest)) {
			f := strings.Fields(line)
			if len(f) != 3 {
				t.Fatalf("%s: the line %q has not three words", dir, line)
			}
			a := asset{f[1], read(t, filepath.Join(dir, f[1]))}
			if a.hash() != f[0] || a.published() != f[2] {
				t.Errorf("%s is not what its manifest says: run `go generate ./...`", filepath.Join(dir, f[1]))
			}
			published[f[1]] = f[2]
			listed++
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if listed != len(entries)-1 {
			t.Errorf("%s has %d files beside the manifest, which lists %d", dir, len(entries)-1, listed)
		}
	}
	frame := read(t, filepath.Join(root, "internal", "page", "assets", "mermaid-frame.html"))
	for _, script := range []string{"mermaid.min.js", "mermaid-frame.js"} {
		if !bytes.Contains(frame, []byte(`src="`+published[script]+`"`)) {
			t.Errorf("mermaid-frame.html does not load %s", published[script])
		}
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBundleIsDeterministicAndStandsAlone(t *testing.T) {
	root := t.TempDir()
	write(t, root, "a.ts", `import { b } from "./b"; const unused: number = 1; console.log(b("ä"));`)
	write(t, root, "b.ts", `export function b(text: string): string { return text + "!"; }`)
	write(t, root, "web/tsconfig.json", "{}")
	first, err := bundle{source: "a.ts", name: "a.js"}.build(root)
	if err != nil {
		t.Fatal(err)
	}
	second, err := bundle{source: "a.ts", name: "a.js"}.build(root)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.data, second.data) {
		t.Error("two bundles of one source differ")
	}
	for _, bad := range []string{"import", root, "unused"} {
		if bytes.Contains(first.data, []byte(bad)) {
			t.Errorf("the bundle has %q in it: %s", bad, first.data)
		}
	}
	if !bytes.Contains(first.data, []byte("ä")) {
		t.Errorf("the bundle escapes what needs no escape: %s", first.data)
	}
}

func TestBundleErrorsNamePlace(t *testing.T) {
	root := t.TempDir()
	write(t, root, "web/tsconfig.json", "{}")
	write(t, root, "broken.css", "a { color: red;\n")
	write(t, root, "broken.ts", "let a = ;\n")
	for _, name := range []string{"broken.css", "broken.ts", "absent.ts"} {
		_, err := bundle{source: name, name: "x.js"}.build(root)
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("bundle %s: error %v, want one that names the file", name, err)
		}
	}
}

func TestMissingPackageSaysWhatToRun(t *testing.T) {
	_, err := readPackage(t.TempDir(), "mermaid/dist/mermaid.min.js")
	if err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("error %v, want one that says to run npm ci", err)
	}
}

func TestIconsRefuseWhatIsNotAPath(t *testing.T) {
	for _, path := range []string{`M0 0"/><script>`, "", "M0 0<", "url(#x)"} {
		f := family{SVGs: map[string]map[string]drawing{"classic": {"solid": {ViewBox: [4]int{0, 0, 10, 10}, Path: path}}}}
		if err := (iconTable{}).addFamily("x", f); err == nil {
			t.Errorf("the path %q was taken", path)
		}
	}
}

func TestIconShims(t *testing.T) {
	draw := drawing{ViewBox: [4]int{0, 0, 10, 10}, Path: "M0 0"}
	table := iconTable{}
	star := family{SVGs: map[string]map[string]drawing{"classic": {"solid": draw, "regular": draw}}}
	star.Aliases.Names = []string{"asterism"}
	if err := table.addFamily("star", star); err != nil {
		t.Fatal(err)
	}
	table.addShim("star-o", shim{Name: "asterism", Prefix: "far"})
	table.addShim("star", shim{Name: "asterism", Prefix: "far"})
	table.addShim("gone", shim{Name: "nowhere"})
	for name, want := range map[string]string{"star": "solid-star", "asterism": "solid-star", "star-o": "regular-star", "gone": ""} {
		if table[name] != want {
			t.Errorf("%s stands for %q, want %q", name, table[name], want)
		}
	}
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	to := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNoticeFollowsNodesRule(t *testing.T) {
	root := t.TempDir()
	write(t, root, "web/package-lock.json", `{"packages": {
		"": {"devDependencies": {"mermaid": "1", "typescript": "1"}},
		"node_modules/mermaid": {"version": "1.0.0", "license": "MIT", "dependencies": {"a": "1", "@x/b": "1"}},
		"node_modules/a": {"version": "1.0.0", "license": "ISC", "dependencies": {"@x/b": "2"}},
		"node_modules/a/node_modules/@x/b": {"version": "2.0.0", "license": "EPL-2.0", "dependencies": {"a": "1"}},
		"node_modules/@x/b": {"version": "1.0.0", "license": "BSD-3-Clause"},
		"node_modules/typescript": {"version": "1.0.0", "license": "Apache-2.0"}}}`)
	if err := writeNotice(root); err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(read(t, filepath.Join(root, "web", "NOTICE"))), "\n\n")
	want := "@x/b 1.0.0: BSD-3-Clause\n@x/b 2.0.0: EPL-2.0\na 1.0.0: ISC\nmermaid 1.0.0: MIT\n"
	if list != want {
		t.Errorf("the notice lists\n%s\nwant\n%s", list, want)
	}

	write(t, root, "web/package-lock.json", `{"packages": {"node_modules/mermaid": {"version": "1", "dependencies": {"gone": "1"}}}}`)
	if err := writeNotice(root); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("error %v, want one that names the missing package", err)
	}
}

func TestPackagesNameTheirFile(t *testing.T) {
	root := t.TempDir()
	write(t, root, "internal/page/page.go", "")
	write(t, root, "web/package-lock.json", `{"packages": {
		"node_modules/@fortawesome/fontawesome-free": {"version": "7.0.0", "license": "(CC-BY-4.0 AND OFL-1.1 AND MIT)"},
		"node_modules/mermaid": {"version": "1.0.0", "license": "MIT", "dependencies": {"@x/b": "1"}},
		"node_modules/@x/b": {"version": "1.0.0"}}}`)
	if err := writePackages(root); err != nil {
		t.Fatal(err)
	}
	want := "*\t@fortawesome/fontawesome-free\t7.0.0\tCC-BY-4.0\nmermaid.min.js\t@x/b\t1.0.0\t\nmermaid.min.js\tmermaid\t1.0.0\tMIT\n"
	if got := string(read(t, filepath.Join(root, "internal", "page", "packages.txt"))); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	write(t, root, "web/package-lock.json", `{"packages": {"node_modules/mermaid": {"version": "1"}}}`)
	if err := writePackages(root); err == nil || !strings.Contains(err.Error(), "fontawesome") {
		t.Errorf("error %v, want one that names the missing package", err)
	}
}
