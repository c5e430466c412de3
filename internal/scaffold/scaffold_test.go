package scaffold_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/scaffold"
	"lectern/internal/schedule"
)

// project is a project in memory that programmes are imported into.
type project struct {
	t     *testing.T
	files map[string]string
	lang  string
}

func (p *project) run(prog *schedule.Programme, opts scaffold.Options) *scaffold.Plan {
	p.t.Helper()
	in := scaffold.Project{Into: "content", Home: "content", Language: func(string) string { return p.lang }}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if strings.HasSuffix(name, ".md") {
			in.Files = append(in.Files, scaffold.File{Path: name, Data: []byte(p.files[name])})
		}
	}
	if data, ok := p.files[scaffold.StorePath]; ok {
		last, err := scaffold.ReadStored([]byte(data))
		if err != nil {
			p.t.Fatal(err)
		}
		in.Last, in.LastData = last, []byte(data)
	}
	plan, err := scaffold.Import(in, prog, opts)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, c := range plan.Changes {
		old, there := p.files[c.Path]
		if there != (c.Old != nil) || old != string(c.Old) {
			p.t.Fatalf("%s: planned for %q, there is %q", c.Path, c.Old, old)
		}
		p.files[c.Path] = string(c.New)
	}
	return plan
}

func zone() *time.Location { return time.FixedZone("UTC+02:00", 7200) }

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 10, 8+day, hour, minute, 0, 0, zone())
}

func programme() *schedule.Programme {
	return &schedule.Programme{
		Title: "GopherCamp", Zone: zone(), Days: []string{"2026-10-09", "2026-10-10"}, Rooms: []string{"Big", "Small"},
		Sessions: []schedule.Session{
			{ID: "a", Title: "Opening", Day: "2026-10-09", Start: at(1, 9, 0), End: at(1, 9, 30), Room: "Big", Speakers: []schedule.Person{{Name: "Ada"}}},
			{ID: "l", Title: "Lunch", Day: "2026-10-09", Start: at(1, 12, 0), Break: true},
			{ID: "b", OtherIDs: []string{"B1"}, Title: "Maps: a talk", Day: "2026-10-09", Start: at(1, 13, 0), End: at(1, 13, 45), Room: "Small", Track: "Runtime", Tags: []string{"maps"}, Abstract: "All about *maps*.", Speakers: []schedule.Person{{Name: "Elif"}, {Name: "Bo"}}},
			{ID: "c", Title: "Closing", Day: "2026-10-10", Start: at(2, 17, 0), Room: "Big"},
		},
	}
}

func TestImport(t *testing.T) {
	p := &project{t, map[string]string{"content/_index.md": "# Notes\n"}, "en"}
	plan := p.run(programme(), scaffold.Options{})
	if plan.Created != 3 || plan.Skipped != 1 || len(plan.Diags) != 0 {
		t.Errorf("%+v", plan)
	}
	want := `---
title: "Maps: a talk"
weight: 2
session: b
speakers:
- Elif
- Bo
room: Small
track: Runtime
start: 2026-10-09T13:00:00+02:00
end: 2026-10-09T13:45:00+02:00
tags:
- maps
- Runtime
---

<!-- {{% button href="todo:" style="warning" icon="video" %}}Watch the recording{{% /button %}} -->
<!-- {{% button href="todo:" style="tip" icon="person-chalkboard" %}}Slides{{% /button %}} -->

{{% details title="Abstract" %}}
All about *maps*.
{{% /details %}}
`
	if got := p.files["content/day1/02_maps-a-talk.md"]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := p.files["content/day2/_index.md"], "---\ntitle: Day 2\nweight: 2\nday: \"2026-10-10\"\n---\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	before := maps.Clone(p.files)
	if again := p.run(programme(), scaffold.Options{}); len(again.Changes) != 0 || again.Same != 3 {
		t.Errorf("a second time: %+v", again)
	}
	if !maps.Equal(before, p.files) {
		t.Error("a second import changed files")
	}
}

// What a person wrote stays, what still is the programme's follows it.
func TestImportAgain(t *testing.T) {
	p := &project{t, map[string]string{}, "de"}
	p.run(programme(), scaffold.Options{})
	const maps2 = "content/day1/02_maps-a-talk.md"
	p.files[maps2] = strings.NewReplacer("- maps\n", "- maps\n- mine\n", "room: Small", "room: Cellar # sic",
		"{{% details", "## My notes\n\nGood: *talk*  \n\n{{% details").Replace(p.files[maps2])
	mine := p.files[maps2]

	next := programme()
	s := &next.Sessions[2]
	s.Start, s.End, s.Room, s.Tags, s.Abstract = at(1, 14, 0), at(1, 14, 45), "Big", []string{"hash"}, "New words."
	s.Links = []schedule.Link{{URL: "https://example.org/s.pdf", Kind: schedule.KindSlides}}
	next.Sessions[0].Cancelled = true
	next.Sessions = slices.Insert(next.Sessions, 2, schedule.Session{ID: "n", Title: "New", Day: "2026-10-09", Start: at(1, 12, 30)})
	next.Sessions = next.Sessions[:4] // the closing is gone
	plan := p.run(next, scaffold.Options{})

	want := strings.NewReplacer("weight: 2", "weight: 3", "13:00", "14:00", "13:45", "14:45",
		"- maps\n- mine\n- Runtime\n", "- mine\n- Runtime\n- hash\n", "All about *maps*.", "New words.",
		`<!-- {{% button href="todo:" style="tip" icon="person-chalkboard" %}}Folien{{% /button %}} -->`,
		`{{% button href="https://example.org/s.pdf" style="tip" icon="person-chalkboard" %}}Folien{{% /button %}}`).Replace(mine)
	if got := p.files[maps2]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := p.files["content/day1/01_opening.md"]; !strings.Contains(got, "cancelled: true\n") {
		t.Errorf("the cancelled session:\n%s", got)
	}
	if _, ok := p.files["content/day1/03_new.md"]; !ok || plan.Created != 1 {
		t.Errorf("%v", slices.Sorted(maps.Keys(p.files)))
	}
	var rules []string
	for _, d := range plan.Diags {
		rules = append(rules, d.File+" "+d.Rule)
	}
	if got, want := fmt.Sprint(rules), "[content/day1/01_opening.md programme-cancelled content/day1/02_maps-a-talk.md programme-kept content/day2/01_closing.md programme-gone]"; got != want {
		t.Errorf("findings %v, want %v", got, want)
	}
	// Said once: the next import with the same programme has nothing to say of what was.
	if again := p.run(next, scaffold.Options{}); len(again.Changes) != 0 {
		t.Errorf("a second time: %+v", again.Changes)
	}
}

func TestImportChosen(t *testing.T) {
	p := &project{t, map[string]string{}, "en"}
	p.run(programme(), scaffold.Options{Chosen: map[string]bool{"b": true}})
	if got := notes(p); got != "content/day1/01_maps-a-talk.md" {
		t.Error(got)
	}
	// Nothing is chosen anew: what is chosen stays so, other sessions stay out.
	p.run(programme(), scaffold.Options{})
	if got := notes(p); got != "content/day1/01_maps-a-talk.md" {
		t.Error(got)
	}
	// One more, before the first: it comes first by its weight.
	p.run(programme(), scaffold.Options{Chosen: map[string]bool{"a": true}})
	if got := notes(p); got != "content/day1/01_maps-a-talk.md content/day1/02_opening.md" {
		t.Error(got)
	}
	if got := p.files["content/day1/01_maps-a-talk.md"]; !strings.Contains(got, "weight: 2\n") {
		t.Error(got)
	}
	// A note that a person removed does not come back by itself, only by name.
	delete(p.files, "content/day1/02_opening.md")
	plan := p.run(programme(), scaffold.Options{})
	if got := notes(p); got != "content/day1/01_maps-a-talk.md" || len(plan.Diags) != 1 {
		t.Error(got, plan.Diags)
	}
	p.run(programme(), scaffold.Options{Chosen: map[string]bool{"a": true}})
	if got := notes(p); !strings.Contains(got, "_opening.md") {
		t.Error(got)
	}
}

func notes(p *project) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, "_index.md") {
			out = append(out, name)
		}
	}
	return strings.Join(out, " ")
}

// Notes that were there before the programme get what they lack, and keep the rest.
func TestImportAdopts(t *testing.T) {
	p := &project{t, map[string]string{
		"content/friday/_index.md": "---\ntitle: Friday\nday: 2026-10-10\n---\n",
		"content/one/7_maps.md":    "+++\ntitle = 'Maps – a Talk'\nroom = 'Cellar'\n+++\nMine\n",
		"content/one/8_bo.md":      "---\nsession: B1\nauthors: Bo\n---\nBo's\n",
		"content/broken.md":        "---\ntitle: [\n---\n",
	}, "en"}
	p.files["content/one/9_opening.md"] = "---\r\ntitle: OPENING!\r\n---\r\nMine\r\n"
	p.run(programme(), scaffold.Options{})
	if got := p.files["content/one/9_opening.md"]; !strings.HasSuffix(got, "\r\n---\r\nMine\r\n") || !strings.Contains(got, "title: OPENING!\r\nweight: 1\r\nsession: a\r\nspeakers:\r\n- Ada\r\nroom: Big\r\n") {
		t.Errorf("%q", got)
	}
	// Two have notes of it: the one that says so is the session's.
	if got := p.files["content/one/8_bo.md"]; !strings.Contains(got, "room: Small\n") || !strings.Contains(got, "authors: Bo\n") {
		t.Errorf("%q", got)
	}
	if got := p.files["content/one/7_maps.md"]; got != "+++\ntitle = 'Maps – a Talk'\nroom = 'Cellar'\n+++\nMine\n" {
		t.Errorf("%q", got)
	}
	if got := notes(p); got != "content/broken.md content/friday/01_closing.md content/one/7_maps.md content/one/8_bo.md content/one/9_opening.md" {
		t.Error(got)
	}
}

// Nothing that a programme says acts outside of the box it is shown in.
func TestImportTames(t *testing.T) {
	prog := programme()
	s := &prog.Sessions[2]
	s.Title = "---\ntitle: \"x\" {{< x >}} <script>"
	s.Room = "a\"\nvisibility: private"
	s.Abstract = "{{% /details %}}\n{{< script >}}\n# Heading\nText\n===\n```\n<script>alert(1)</script>\n<!-- \n    code\n[x](javascript:alert(1)) ![p](http://example.org/p.png)\n\n[r]: data:text/html,x"
	s.Links = []schedule.Link{{URL: "https://example.org/\" onclick=\"x", Kind: schedule.KindVideo}}
	p := &project{t, map[string]string{}, "en"}
	plan := p.run(prog, scaffold.Options{})
	name := plan.Noted["b"][0]
	n := note.Parse(name, []byte(p.files[name]), &note.Options{UnsafeHTML: true})
	if !n.Readable || n.Front.Visibility != note.Public || n.Front.Room != s.Room || n.Front.Title != s.Title {
		t.Errorf("%+v", n.Front)
	}
	html := string(n.Body.HTML)
	for _, bad := range []string{"<script", "<h1", "<h2", "<pre", `href="`, "<img", "onclick"} {
		if strings.Contains(html, bad) {
			t.Errorf("%s in\n%s\nmade of\n%s", bad, html, p.files[name])
		}
	}
	if len(n.Diags) > 0 || len(n.Headings) > 0 || len(n.Links) > 0 {
		t.Errorf("%v %v %v", n.Diags, n.Headings, n.Links)
	}
	for _, text := range []string{"{{% /details %}}", "{{< script >}}", "# Heading", "alert(1)"} {
		if !strings.Contains(string(n.Text), text) {
			t.Errorf("%q is not in the text %q", text, n.Text)
		}
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Don’t panic: Go & C++!":    "dont-panic-go-cpp",
		"Über Größe, naïve façade":  "ueber-groesse-naive-facade",
		"../../etc/passwd":          "etc-passwd",
		"日本語 のトーク":                  "日本語-のトーク",
		"हिन्दी":                    "हिन्दी",
		"  ":                        "",
		"🎉🎉":                        "",
		"CON":                       "con",
		strings.Repeat("x", 300):    strings.Repeat("x", 60),
		strings.Repeat("日", 300):    strings.Repeat("日", 20),
		strings.Repeat("word ", 40): strings.TrimSuffix(strings.Repeat("word-", 12), "-"),
		"a\x00b\\c|d?e*f":           "a-b-c-d-e-f",
	} {
		if got := scaffold.Slug(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestStoredIsStable(t *testing.T) {
	p := &project{t, map[string]string{}, "en"}
	prog := programme()
	prog.Zone = time.UTC
	plan := p.run(prog, scaffold.Options{Source: "https://example.org/schedule.json"})
	i := slices.IndexFunc(plan.Changes, func(c edit.Change) bool { return c.Path == scaffold.StorePath })
	last, err := scaffold.ReadStored(plan.Changes[i].New)
	if err != nil || last.Source != "https://example.org/schedule.json" || len(last.Chosen()) != 3 {
		t.Fatalf("%+v, %v", last, err)
	}
	if got := last.Programme.Sessions[0].Start; !got.Equal(at(1, 9, 0)) {
		t.Error(got)
	}
	for _, bad := range []string{"", "{", `{"version": 9}`, `{"version": 1, "sessions": [{"id": "a", "title": "x", "start": "noon"}]}`, `{"version": 1, "sessions": [{}]}`} {
		if _, err := scaffold.ReadStored([]byte(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
	if !bytes.HasSuffix(plan.Changes[i].New, []byte("}\n")) {
		t.Error("the file has no last line's end")
	}
}
