package config

import "testing"

func TestEditLink(t *testing.T) {
	const note = "content/day 1/02_x#y.md"
	tests := []struct {
		name   string
		fsys   []string
		note   string
		want   string
		unsaid bool
	}{
		{"none", []string{"hugo.toml", ""}, note, "", false},
		{"Relearn's, with the place", []string{"hugo.toml", "[params]\neditURL = 'https://g.example/edit/main/content/${FilePath}?x'"}, note, "https://g.example/edit/main/content/day%201/02_x%23y.md?x", false},
		{"Relearn's, without", []string{"hugo.toml", "[params]\neditURL = 'https://g.example/edit/'"}, note, "https://g.example/edit/day%201/02_x%23y.md", false},
		{"GitHub", []string{"hugo.toml", "", "lectern.yaml", "repository: {url: 'https://github.com/a/b.git/', branch: next}"}, note, "https://github.com/a/b/edit/next/content/day%201/02_x%23y.md", false},
		{"in a folder of the repository", []string{"hugo.toml", "", "lectern.yaml", "repository: {url: 'https://github.com/a/b', dir: sites/notes/}"}, note, "https://github.com/a/b/edit/main/sites/notes/content/day%201/02_x%23y.md", false},
		{"GitLab, plain folder", []string{"lectern.yaml", "repository: {url: 'https://gitlab.example/a/b'}"}, "a.md", "https://gitlab.example/a/b/-/edit/main/a.md", false},
		{"Codeberg", []string{"lectern.yaml", "repository: {url: 'https://codeberg.org/a/b'}"}, "a.md", "https://codeberg.org/a/b/_edit/main/a.md", false},
		{"Bitbucket", []string{"lectern.yaml", "repository: {url: 'https://bitbucket.org/a/b'}"}, "a.md", "https://bitbucket.org/a/b/src/main/a.md?mode=edit", false},
		{"its own form", []string{"lectern.yaml", "repository: {url: 'https://github.com/a/b', edit: 'https://e.example/${FilePath}'}"}, "a.md", "https://e.example/a.md", false},
		{"not wanted", []string{"lectern.yaml", "repository: {url: 'https://github.com/a/b', edit: false}\nparams: {editURL: 'https://e.example/'}"}, "a.md", "", false},
		{"no web address", []string{"lectern.yaml", "repository: {edit: 'javascript:alert(1)//${FilePath}'}"}, "a.md", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, diags := load(t, files(tt.fsys...))
			if got := c.EditLink(tt.note, nil); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if (len(diags) > 0) != tt.unsaid {
				t.Error(diags)
			}
		})
	}
}
