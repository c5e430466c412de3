package build_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/gitrepo"
	"lectern/internal/snapshot"
)

// gitProject is a repository that a test writes, with a clock of its own.
type gitProject struct {
	t   *testing.T
	dir string
	at  time.Time
}

func newProject(t *testing.T) *gitProject {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	p := &gitProject{t: t, dir: t.TempDir(), at: time.Date(2025, 4, 1, 9, 0, 0, 0, time.FixedZone("", 2*60*60))}
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(p.dir))
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	p.git("init", "-q", "-b", "main")
	put(t, p.dir, "hugo.toml", "title = \"T\"\nbaseURL = \"https://x.example.org/\"\n")
	return p
}

func (p *gitProject) git(args ...string) {
	p.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = p.dir
	date := p.at.Format(time.RFC3339)
	cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=Ann", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=Ann",
		"GIT_COMMITTER_EMAIL=a@example.org", "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date, "GIT_CONFIG_NOSYSTEM=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		p.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// files are texts by path below content; an empty one removes the file.
type files map[string]string

func (p *gitProject) write(fs files) {
	p.t.Helper()
	for name, text := range fs {
		if name = "content/" + name; text != "" {
			put(p.t, p.dir, name, text)
		} else if err := os.Remove(filepath.Join(p.dir, name)); err != nil {
			p.t.Fatal(err)
		}
	}
}

// commit commits everything, an hour after the commit before.
func (p *gitProject) commit(subject string, fs files) {
	p.t.Helper()
	p.write(fs)
	p.at = p.at.Add(time.Hour)
	p.git("add", "-A")
	p.git("commit", "-q", "--allow-empty", "-m", subject)
}

func (p *gitProject) build() *build.Result {
	p.t.Helper()
	b := open(p.t, build.Options{Dir: p.dir, History: gitrepo.Open(p.dir, ""), Whole: true})
	r, err := b.Build(context.Background())
	if err == nil && r.Pending {
		r, err = b.Finish(context.Background())
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// told is what the feed of changes tells, a line for each: its title, then what
// stands in it without the marks.
func told(t *testing.T, s *snapshot.Snapshot) string {
	t.Helper()
	f := s.Lookup("changes/feed.json")
	if f == nil {
		return "no page of changes"
	}
	return toldBy(t, f)
}

func toldBy(t *testing.T, f *snapshot.File) string {
	t.Helper()
	var feed struct {
		Items []struct {
			Title   string `json:"title"`
			Content string `json:"content_html"`
		}
	}
	if err := json.Unmarshal(f.Body.Bytes(), &feed); err != nil {
		t.Fatal(err)
	}
	tags := regexp.MustCompile(`<[^>]*>`)
	var b strings.Builder
	for _, item := range feed.Items {
		text := strings.ReplaceAll(strings.ReplaceAll(item.Content, "</p>", "; "), "</li><li>", "; ")
		fmt.Fprintf(&b, "%s | %s\n", item.Title, strings.TrimSuffix(tags.ReplaceAllString(text, ""), "; "))
	}
	return b.String()
}

// noteOf is a note with a field of front matter and a text.
func noteOf(title, field, text string) string {
	return "---\ntitle: " + title + "\n" + field + "\n---\n" + text + "\n"
}
