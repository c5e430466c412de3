package config

import (
	"errors"
	"reflect"
	"testing"
	"testing/fstest"

	"lectern/internal/diag"
)

// FuzzConfig reads any bytes in every format: there is a configuration or an
// error with a place in that file, never both or neither, and twice the same.
func FuzzConfig(f *testing.F) {
	names := []string{"hugo.toml", "hugo.yaml", "hugo.json", "lectern.yaml", "config/_default/menus.en.toml"}
	for i, seed := range []string{
		"title = 'x'\n[[menus.main]]\nname = 'a'\nparams = {a.b = [1, {c = 2}]}\n[markup.goldmark.extensions]\ntypographer = false\n",
		"title: &a x\nparams: {a: *a, <<: {b: 2}}\nlanguages:\n  en: {weight: 1}\n? k\n: |\n  v\n",
		`{"title": "x", "params": {"a": [1, 2.5e3, null, true, {"b": "\u00e4"}]}}`,
		"requires: '>=0.3'\nrepository: {url: https://x.example/y, edit: false}\nbaseURL: http://[::1]/\n",
		"[[main]]\nname = \"a\"\n",
		"a = \"\"\"\nx\"\"\"\n'b=c' = 1\n[a.b]\n[[c]]\n[c.d]\n",
		"- [a, {b: c}]\n--- !!str x\n",
		"defaultContentLanguage = 'de'\ndisableLanguages = ['x']\n[languages.de]\nweight = 1\n[languages.en]\nlanguageDirection = 'up'\nbaseURL = 'y'\n",
	} {
		f.Add(uint8(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		name := names[int(which)%len(names)]
		fsys := fstest.MapFS{name: &fstest.MapFile{Data: data}}
		c, diags, err := Load(fsys, Options{Version: "1.0.0"})
		if (c == nil) == (err == nil) {
			t.Fatalf("configuration %v, error %v", c, err)
		}
		if err != nil {
			ce, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("error without a place: %v", err)
			}
			diags = ce.Diags
			if n, _ := diag.Count(diags); n == 0 {
				t.Fatal("an error without a finding")
			}
		}
		for _, d := range diags {
			if d.File != name || d.Line < 0 || d.Col < 0 || d.Message == "" {
				t.Fatalf("finding without a place: %+v", d)
			}
		}
		again, _, _ := Load(fsys, Options{Version: "1.0.0"})
		if c != nil && !reflect.DeepEqual(c.Menus, again.Menus) {
			t.Fatal("read twice, the configuration is another")
		}
	})
}
