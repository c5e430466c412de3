package config

import (
	"reflect"
	"testing"
)

func TestMath(t *testing.T) {
	for _, x := range []struct {
		name, hugo, own string
		math            string
		inline, display [][2]string
		diags           int
	}{
		{name: "nothing", math: "auto"},
		{name: "own", own: "math: true\n", math: "true"},
		{name: "own off", hugo: "[params]\nmath = true\n", own: "math: false\n", math: "false"},
		{name: "own auto", hugo: "[params]\nmath = true\n", own: "math: auto\n", math: "auto"},
		{name: "relearn", hugo: "[params]\nmath = true\n", math: "true"},
		{name: "relearn's default", hugo: "[params]\nmath = false\n", math: "auto"},
		{name: "relearn, forced", hugo: "[params.math]\nforce = true\n", math: "true"},
		{
			name: "passthrough", math: "auto",
			hugo: "[markup.goldmark.extensions.passthrough]\nenable = true\n[markup.goldmark.extensions.passthrough.delimiters]\n" +
				"inline = [['$','$']]\nblock = [['$$','$$'],['\\[','\\]']]\n",
			inline: [][2]string{{"$", "$"}}, display: [][2]string{{"$$", "$$"}, {`\[`, `\]`}},
		},
		{
			name: "passthrough off", math: "auto",
			hugo: "[markup.goldmark.extensions.passthrough]\nenable = false\n[markup.goldmark.extensions.passthrough.delimiters]\ninline = [['$','$']]\n",
		},
		{
			name: "half a pair", math: "auto", diags: 1,
			hugo: "[markup.goldmark.extensions.passthrough]\nenable = true\n[markup.goldmark.extensions.passthrough.delimiters]\ninline = [['$']]\n",
		},
	} {
		c, diags := load(t, files("hugo.toml", x.hugo, "lectern.yaml", x.own))
		if len(diags) != x.diags {
			t.Errorf("%s: findings %v", x.name, diags)
		}
		if m := c.Markup; m.Math != x.math || !reflect.DeepEqual(m.MathInline, x.inline) || !reflect.DeepEqual(m.MathDisplay, x.display) {
			t.Errorf("%s: %s %q %q", x.name, m.Math, m.MathInline, m.MathDisplay)
		}
	}
}
