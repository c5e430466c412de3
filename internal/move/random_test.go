package move_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/site"
)

// kubecon is a real set of notes.
const kubecon = "../../../shared/corpus/kubecon25"

// TestRandomMoves moves notes and sections about and holds the site to what it
// was: every address leads to the same note, every link to the same page or
// file, and there is no new finding.
func TestRandomMoves(t *testing.T) {
	t.Run("made", func(t *testing.T) {
		for seed := range uint64(6) {
			rng := rand.New(rand.NewPCG(seed, 1))
			p := newProject(t, made(rng))
			p.wander(t, rng, 6, fmt.Sprintf("seed %d", seed))
		}
	})
	t.Run("real", func(t *testing.T) {
		if _, err := os.Stat(kubecon); err != nil {
			t.Skip("the real notes are not here:", err)
		}
		files := map[string]string{}
		fsys := os.DirFS(kubecon)
		err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := fs.ReadFile(fsys, name)
			files[name] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p := newProject(t, files)
		p.wander(t, rand.New(rand.NewPCG(7, 7)), 10, "seed 7")
	})
}

// made is a site with links of all forms, in all places.
func made(rng *rand.Rand) map[string]string {
	files := map[string]string{"hugo.toml": hugo, "static/logo.png": "logo"}
	type target struct{ file, key string }
	notes := []target{{"content/_index.md", "/"}}
	dirs := []string{"", "a", "b", "a/deep", "c d", "ü"}
	for _, d := range dirs {
		if d != "" && d != "b" {
			notes = append(notes, target{path.Join("content", d, "_index.md"), "/" + strings.ReplaceAll(d, " ", "-")})
		}
		for i := range 3 {
			name := fmt.Sprintf("%02d_%s%d", i, strings.NewReplacer("/", "", " ", "").Replace(d), i)
			notes = append(notes, target{path.Join("content", d, name+".md"), path.Join("/", strings.ReplaceAll(d, " ", "-"), name)})
		}
		files[path.Join("content", d, "_img/p.png")] = "p " + d
	}
	notes = append(notes, target{"content/a/bundle/index.md", "/a/bundle"})
	files["content/a/bundle/own.png"] = "own"
	for _, n := range notes {
		base := n.key
		var b strings.Builder
		fmt.Fprintf(&b, "---\ntitle: %q\n---\n\n## Part\n\n", path.Base(n.file))
		for i := range 14 {
			to := notes[rng.IntN(len(notes))]
			dest := written(rng, n.file, base, to.file, to.key)
			frag := []string{"", "", "#part"}[rng.IntN(3)]
			switch rng.IntN(7) {
			case 0:
				fmt.Fprintf(&b, "- [x%d](%s%s)\n", i, dest, frag)
			case 1:
				fmt.Fprintf(&b, "- [x%d](%s%s \"%s\") `[x](%s)`\n", i, dest, frag, dest, dest)
			case 2:
				fmt.Fprintf(&b, "- <a title='%s' href=\"%s%s\">x</a>\n", dest, dest, frag)
			case 3:
				fmt.Fprintf(&b, "- [x][r%d] and [y][r%d]\n\n[r%d]: %s%s\n\n", i, i, i, dest, frag)
			case 4:
				fmt.Fprintf(&b, "- {{%% button href=\"%s%s\" %%}}x{{%% /button %%}}\n", dest, frag)
			case 5:
				fmt.Fprintf(&b, "- [x]({{%% relref %q %%}}%s)\n", strings.TrimPrefix(to.file, "content"), frag)
			case 6:
				d := dirs[rng.IntN(len(dirs))]
				img := path.Join("content", d, "_img/p.png")
				fmt.Fprintf(&b, "- ![x](%s) [![y](/logo.png)](%s)\n", written(rng, n.file, base, img, path.Join("/", strings.ReplaceAll(d, " ", "-"), "_img/p.png")), dest)
			}
		}
		files[n.file] = b.String()
	}
	files["content/a/00_a0.md"] = strings.Replace(files["content/a/00_a0.md"], "---\n\n", "visibility: private\n---\n\n", 1)
	files["content/b/01_b1.md"] = strings.Replace(files["content/b/01_b1.md"], "---\n\n", "draft: true\n---\n\n", 1)
	return files
}

// written is a link in one of the forms in which people write them.
func written(rng *rand.Rand, file, base, to, key string) string {
	esc := func(s string) string { return strings.ReplaceAll(s, " ", "%20") }
	rel := func(from, to string) string {
		a, b := strings.Split(strings.Trim(from, "/"), "/"), strings.Split(strings.Trim(to, "/"), "/")
		if a[0] == "" {
			a = nil
		}
		if b[0] == "" {
			b = nil
		}
		for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
			a, b = a[1:], b[1:]
		}
		out := strings.Repeat("../", len(a)) + strings.Join(b, "/")
		if !strings.HasPrefix(out, "../") {
			out = "./" + out
		}
		return out
	}
	isFile := path.Ext(to) == ".png"
	switch rng.IntN(4) {
	case 0:
		if isFile || key == "/" {
			return esc(key)
		}
		return esc(key) + "/"
	case 1:
		return esc(rel(base, key))
	case 2:
		return esc(rel(path.Dir(file), to))
	}
	return esc(strings.TrimPrefix(to, "content"))
}

// state is what must stay the same.
type state struct {
	// addresses are the notes by all addresses that lead to them.
	addresses map[string]string
	// links are where each note's links lead.
	links    map[string][]string
	findings []string
	texts    map[string]string
}

// pages are the notes' pages that a build publishes, redirects included.
func (p *project) pages() map[string]bool {
	p.t.Helper()
	r, err := p.open(false).Build(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	m, err := p.open(false).Model(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	out := map[string]bool{}
	redirects := map[string]bool{}
	for _, r := range m.Site.Redirects {
		redirects[r.OutPath] = true
	}
	for _, f := range r.Snapshot.Files() {
		if redirects[f.Path] || r.SourceOf(f.Path) != "" {
			out[f.Path] = true
		}
	}
	return out
}

func (p *project) state() state {
	p.t.Helper()
	s := state{addresses: map[string]string{}, links: map[string][]string{}, texts: map[string]string{}}
	m, err := p.open(true).Model(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, page := range m.Site.Pages {
		if page.Note != nil {
			s.addresses[page.OutPath] = page.Note.Path
		}
	}
	for _, r := range m.Site.Redirects {
		s.addresses[r.OutPath] = r.To.Note.Path
	}
	for _, n := range m.Input.Notes {
		s.texts[n.Path] = string(n.Text)
		page := m.Site.Page(n.Path)
		if page == nil {
			continue
		}
		for i := range n.Links {
			t, to, _ := m.Site.Resolve(page, n, &n.Links[i])
			suffix := ""
			if j := strings.IndexByte(t.URL, '#'); j >= 0 {
				suffix = t.URL[j:]
			}
			what := fmt.Sprint(t.Kind, suffix)
			switch {
			case to != nil && to.Note != nil:
				what += " " + to.Note.Path
			case t.Kind == site.TargetFile && t.File != nil:
				what += " " + t.File.Path
			}
			s.links[n.Path] = append(s.links[n.Path], what)
		}
	}
	readers, err := p.open(false).Model(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range readers.Diags {
		if d.Severity < diag.Info {
			s.findings = append(s.findings, d.File+"\t"+d.Rule)
		}
	}
	return s
}

// wander makes random moves.
func (p *project) wander(t *testing.T, rng *rand.Rand, moves int, seed string) {
	t.Helper()
	before, first := p.state(), p.pages()
	defer func() {
		last := p.pages()
		for name := range first {
			if !last[name] {
				t.Errorf("%s: nothing is at %s any more", seed, name)
			}
		}
	}()
	for i := range moves {
		from, to := p.anyMove(rng)
		what := fmt.Sprintf("%s, move %d: %s to %s", seed, i, from, to)
		plan, root, err := p.plan(from, to)
		if err != nil {
			t.Logf("%s: %v", what, err)
			continue
		}
		if len(plan.Left) > 0 {
			t.Errorf("%s: left %v", what, plan.Left)
		}
		if err := edit.Write(root, plan.Changes); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		renamed := map[string]string{}
		for _, c := range plan.Changes {
			if c.From != "" {
				renamed[c.From] = c.Path
			}
		}
		after := p.state()
		p.compare(what, before.rename(renamed), after)
		if t.Failed() {
			return
		}
		before = after
	}
}

func (s state) rename(to map[string]string) state {
	at := func(p string) string {
		if q, ok := to[p]; ok {
			return q
		}
		return p
	}
	out := state{addresses: map[string]string{}, links: map[string][]string{}, texts: map[string]string{}}
	for a, p := range s.addresses {
		out.addresses[a] = at(p)
	}
	for p, ls := range s.links {
		for _, l := range ls {
			head, file, _ := strings.Cut(l, " content/")
			if file != "" {
				l = head + " " + at("content/"+file)
			}
			out.links[at(p)] = append(out.links[at(p)], l)
		}
	}
	for p, text := range s.texts {
		out.texts[at(p)] = text
	}
	for _, f := range s.findings {
		file, rule, _ := strings.Cut(f, "\t")
		out.findings = append(out.findings, at(file)+"\t"+rule)
	}
	return out
}

func (p *project) compare(what string, want, got state) {
	p.t.Helper()
	for a, note := range want.addresses {
		if got.addresses[a] != note {
			p.t.Errorf("%s: %s led to %s, now to %q", what, a, note, got.addresses[a])
		}
	}
	for note, links := range want.links {
		if !slices.Equal(got.links[note], links) {
			for i, l := range links {
				if i >= len(got.links[note]) || got.links[note][i] != l {
					p.t.Errorf("%s: link %d of %s led to %s, now to %s\n%s", what, i, note, l, got.links[note][i], p.files()[note])
				}
			}
		}
	}
	for note, text := range want.texts {
		if got.texts[note] != text {
			p.t.Errorf("%s: the text of %s changed:\n%s\n%s", what, note, text, got.texts[note])
		}
	}
	for _, f := range got.findings {
		i := slices.Index(want.findings, f)
		if i < 0 {
			p.t.Errorf("%s: a new finding: %s", what, f)
			continue
		}
		want.findings = slices.Delete(want.findings, i, i+1)
	}
}

// anyMove picks a note or a section and another place.
func (p *project) anyMove(rng *rand.Rand) (from, to string) {
	var notes, dirs []string
	for name := range p.files() {
		if path.Ext(name) == ".md" && strings.HasPrefix(name, "content/") {
			if base := path.Base(name); base != "_index.md" && base != "index.md" {
				notes = append(notes, name)
			}
			if dir := path.Dir(name); dir != "content" {
				dirs = append(dirs, dir)
			}
		}
	}
	slices.Sort(notes)
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	dir := append(dirs, "content")[rng.IntN(len(dirs)+1)]
	name := fmt.Sprintf("%s/%02d_%s", dir, rng.IntN(100), []string{"new", "a b", "ö", "X_y"}[rng.IntN(4)])
	if rng.IntN(3) > 0 {
		return notes[rng.IntN(len(notes))], name + ".md"
	}
	return dirs[rng.IntN(len(dirs))], name
}
