// Package starter has the files that a new project begins with: a configuration,
// a first day with a note that shows how notes are written, and what a forge's CI
// needs to check and publish them.
//
// It writes nothing itself and asks nobody: the same options give the same files.
package starter

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed files
var files embed.FS

// Options say what the project is called and where it is built.
type Options struct {
	// Title is the site's; Language is a BCP 47 code, of which "de" has texts of its
	// own, and all others English ones.
	Title, Language string
	// CI is one of [Forges], or "" for none.
	CI string
	// Branch is the one that the site is published from, "main" by default.
	Branch string
	// Source is the git repository that CI builds Lectern from, and Version a tag
	// or branch of it; an empty Source is left to a variable of the forge.
	Source, Version string
}

// File is one file of a new project.
type File struct {
	// Path is a slash path from the project's folder.
	Path string
	Data []byte
}

// goVersion is the oldest Go that builds Lectern.
const goVersion = "1.26"

// Forges are the names that Options.CI can have.
func Forges() []string { return []string{"github", "gitlab", "forgejo", "gitea"} }

// Files returns the files of a new project, without those for CI.
func Files(o Options) ([]File, error) {
	lang, first, day := "en", "A first note", "content/day1/"
	if strings.EqualFold(o.Language, "de") || strings.HasPrefix(strings.ToLower(o.Language), "de-") {
		lang, first = "de", "Eine erste Notiz"
	}
	r := strings.NewReplacer("{{title}}", quote(o.Title), "{{language}}", quote(o.Language), "{{note}}", first)
	var out []File
	for _, f := range []struct{ name, path string }{
		{"lectern.yaml", "lectern.yaml"},
		{"gitignore", ".gitignore"},
		{lang + "/home.md", "content/_index.md"},
		{lang + "/day.md", day + "_index.md"},
		{lang + "/note.md", day + "01_first-note.md"},
	} {
		data, err := files.ReadFile("files/" + f.name)
		if err != nil {
			return nil, fmt.Errorf("a new project's %s: %w", f.path, err)
		}
		out = append(out, File{f.path, []byte(r.Replace(string(data)))})
	}
	return out, nil
}

// Workflow returns the file that has a forge check and publish the notes.
func Workflow(o Options) (File, error) {
	w := map[string]struct{ name, path, source, version, actions, artifact, runner string }{
		"github":  {"github.yaml", ".github/workflows/notes.yaml", "${{ vars.LECTERN_SOURCE }}", "${{ vars.LECTERN_VERSION }}", "", "", ""},
		"gitlab":  {"gitlab.yaml", ".gitlab-ci.yml", "", "", "", "", ""},
		"forgejo": {"forgejo.yaml", ".forgejo/workflows/notes.yaml", "${{ vars.LECTERN_SOURCE }}", "${{ vars.LECTERN_VERSION }}", "https://code.forgejo.org/actions/", "https://code.forgejo.org/forgejo/upload-artifact@v4", "docker"},
		"gitea":   {"forgejo.yaml", ".gitea/workflows/notes.yaml", "${{ vars.LECTERN_SOURCE }}", "${{ vars.LECTERN_VERSION }}", "actions/", "actions/upload-artifact@v3", "ubuntu-latest"},
	}[o.CI]
	if w.name == "" {
		return File{}, fmt.Errorf("there is no CI named %q", o.CI)
	}
	data, err := files.ReadFile("files/ci/" + w.name)
	if err != nil {
		return File{}, fmt.Errorf("the workflow for %s: %w", o.CI, err)
	}
	text := string(data)
	source, version := w.source, w.version
	if o.Source != "" {
		source, version = quote(o.Source), quote(o.Version)
	} else if o.CI == "gitlab" {
		// A variable of the project has GitLab's own precedence over the file's, so
		// the file sets none.
		text = strings.Replace(text, "  LECTERN_SOURCE: {{source}}\n  LECTERN_VERSION: {{version}}\n", "  # are the variables LECTERN_SOURCE and LECTERN_VERSION of the project's settings.\n", 1)
	}
	branch := o.Branch
	if branch == "" {
		branch = "main"
	}
	r := strings.NewReplacer(
		"[{{branch}}]", "["+quote(branch)+"]", "refs/heads/{{branch}}", "refs/heads/"+strings.ReplaceAll(branch, "'", "''"), "{{branch}}", branch,
		"{{source}}", source, "{{version}}", version, "{{go}}", goVersion,
		"{{actions}}", w.actions, "{{artifact}}", w.artifact, "{{runner}}", w.runner,
	)
	return File{w.path, []byte(r.Replace(text))}, nil
}

// quote writes a text as a YAML string, in double quotes where it needs any.
func quote(s string) string {
	plain := s != ""
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xA0 && r < 0xFF00 && r != 0x2028 && r != 0x2029 && r != 0xFEFF
		if !letter && (i == 0 || !(r >= '0' && r <= '9' || r == ' ' || r == '-' || r == '_')) {
			plain = false
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
		plain = false
	}
	if plain && strings.TrimSpace(s) == s {
		return s
	}
	return strconv.Quote(strings.ToValidUTF8(s, "\uFFFD"))
}
