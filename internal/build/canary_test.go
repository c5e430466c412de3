package build_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
)

// A canary is a word that stands in one place of one kind of note; where it is
// seen says what leaked. canary makes the word for the n-th place of a kind.
func canary(kind, place string) string { return "zq" + kind + place }

// canaryNote is a note with a word of its kind in every place that a site shows
// anything of. front is what makes it of that kind.
func canaryNote(kind, front string) string {
	w := func(place string) string { return canary(kind, place) }
	return "---\n" + front +
		"title: " + w("title") + "\nlinkTitle: " + w("linktitle") + "\ndescription: " + w("description") + "\n" +
		"tags: [" + w("tag") + "]\ncategories: [" + w("category") + "]\naliases: [/" + w("alias") + "/]\n" +
		"speakers:\n  - {name: " + w("speaker") + ", company: " + w("company") + ", url: https://" + w("url") + ".example.org/}\n" +
		"authors: [" + w("author") + "]\nroom: " + w("room") + "\ntrack: " + w("track") + "\nsession: shared\n" +
		"start: 2026-04-01T09:00\nend: 2026-04-01T10:00\nmenuPre: " + w("menupre") + "\nmenuPost: " + w("menupost") + "\n" +
		"images: [_img/" + w("cover") + ".png]\nanything: " + w("param") + "\n" +
		"menu: {shortcuts: {name: " + w("menu") + ", weight: 1}, main: {name: " + w("menu") + "}}\n---\n" +
		"# " + w("heading") + "\n\n" + w("text") + " [" + w("linktext") + "](../open.md) $" + w("math") + "$ <span id=\"" + w("anchor") + "\">" + w("html") + "</span>\n\n" +
		"<!-- " + w("comment") + " -->\n\nTODO " + w("todo") + "\n\n" +
		"## Talk recommendations\n\n- " + w("reason") + ": [open](../open.md)\n\n" +
		"## People met\n\n" + w("met") + "\n\n## Q&A\n\n" + w("question") + "\n\n" +
		"![" + w("alt") + "](_img/" + w("picture") + ".png \"" + w("caption") + "\")\n\n```go\n" + w("code") + "\n```\n\n" +
		"{{% button href=\"https://youtu.be/" + w("video") + "\" icon=\"video\" %}}" + w("button") + "{{% /button %}}\n\n" +
		"{{% notice tip %}}" + w("notice") + "{{% /notice %}}\n\n{{% " + w("unknown") + " %}}\n\n" +
		"[nowhere](" + w("dead") + ".md) ![none](" + w("nopicture") + ".png) {{% badge style=\"" + w("style") + "\" %}}x{{% /badge %}}\n"
}

// canaries is a project with a note of each kind that nobody may see, and others
// that name them in every way.
func canaries(t *testing.T) map[string]string {
	const outputs = "['html', 'rss', 'print', 'markdown', 'source']"
	front := map[string]string{
		"private": "visibility: private\n", "draft": "draft: true\n", "future": "publishDate: 2030-01-01\n", "expired": "expiryDate: 2020-01-01\n",
		"unsure": "visibility: [private\n",
	}
	files := map[string]string{
		"hugo.toml": "title = \"T\"\nbaseURL = \"https://x.example.org/\"\n[outputs]\nhome = " + outputs + "\nsection = " + outputs + "\npage = " + outputs +
			"\n[params]\nmath = true\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n[languages.fr]\ndisabled = true\n",
		"lectern.yaml":                    "todos: hide\nmarkdown: on\n",
		"content/_index.md":               "---\ntitle: Home\n---\n{{% children depth=9 showhidden=true description=true %}}\n\n{{% pages pageref=\"/\" levels=9 display=headings %}}\n",
		"content/day1/_index.md":          "---\ntitle: Day 1\n---\n{{% children depth=9 containerstyle=div description=true %}}\n\n{{% attachments /%}}\n",
		"content/day1/session.md":         "---\ntitle: Session\nsession: shared\nauthors: [Ann]\nspeakers: [Bo]\nstart: 2026-04-01T09:00\n---\nfirst part\n",
		"content/day1/session2.md":        "---\ntitle: Session two\nsession: shared\nauthors: [Cy]\n---\nsecond part\n",
		"content/open.de.md":              "---\ntitle: Offen\n---\nWorte\n",
		"content/day1/talk.fr.md":         canaryNote("disabled", ""),
		"content/box/_index.md":           canaryNote("boxindex", "visibility: private\n"),
		"content/box/inner.md":            canaryNote("boxinner", ""),
		"content/box/deep/_index.md":      canaryNote("boxdeepindex", ""),
		"content/box/deep/note.de.md":     canaryNote("boxdeep", ""),
		"content/box/zqboxfile.pdf":       "zqboxbytes",
		"content/parts/includer.md":       canaryNote("includer", "") + "\n{{% include \"day1/zqprivatefile.md\" %}}\n",
		"content/bundle/index.md":         canaryNote("bundle", "visibility: private\n"),
		"content/bundle/zqbundlefile.txt": "zqbundlebytes",
	}
	var links strings.Builder
	for kind, f := range front {
		name := canary(kind, "file")
		files["content/day1/"+name+".md"] = canaryNote(kind, f)
		files["content/day1/"+name+"2.de.md"] = canaryNote(kind, f)
		files["content/day1/_img/"+canary(kind, "picture")+".png"] = drawing(t, 700, 20)
		files["content/day1/_img/"+canary(kind, "cover")+".png"] = drawing(t, 700, 30)
		fmt.Fprintf(&links, "[stays](day1/%s.md) [stays](/day1/%s/) {{%% relref \"%s\" %%}} [r]({{< relref \"%s\" >}})\n\n{{%% pages pageref=\"/day1/%s\" /%%}}\n\n", name, name, name, name, name)
		fmt.Fprintf(&links, "## Talk recommendations\n\n- [stays](day1/%s.md)\n\n", name)
	}
	files["content/open.md"] = "---\ntitle: Open\nzqfield: zqfieldvalue\n---\n<!-- zqopencomment -->\n\nwords\n\nTODO zqopentodo [x](https://zqopentodolink.example.org/)\n\n" +
		"- TODO: zqopentodopoint\n- shown\n\n## TODO\n\n- zqopentodobelow\n\n## End\n\n{{% comment %}}zqopencommentcode{{% /comment %}}\n\n" + links.String()
	files["content/stub.md"] = "---\ntitle: Stub\nstart: 2026-04-01T11:00\n---\nTODO zqopenstub\n\n## People met\n\nTODO zqopenmet\n\n## Talk recommendations\n\n- TODO zqopenreason [o](open.md)\n"
	return files
}

// Nothing of a note that is not published is in any byte of the output, the
// search index inflated, nor in a file's name; nor are remarks and, where the
// site hides them, TODO lines. What is private or unreadable is in no finding.
func TestCanaries(t *testing.T) {
	files := canaries(t)
	dir := project(t, files)
	r := buildOnce(t, build.Options{Dir: dir, Output: t.TempDir()})
	all := strings.ToLower(string(everything(t, r.Snapshot)) + indexText(t, r, ""))
	for _, leak := range leaks(all, "zq") {
		t.Errorf("%q is in the output: %s", leak, where(t, r, leak))
	}
	for _, kind := range []string{"private", "boxindex", "boxinner", "boxdeep", "bundle", "boxfile"} {
		for _, leak := range leaks(strings.ToLower(fmt.Sprint(r.Diags)), "zq"+kind) {
			t.Errorf("%q is in a finding: %v", leak, r.Diags)
		}
	}
	for _, stays := range []string{"first part", "second part", ">stays", "worte", "shown"} {
		if !strings.Contains(all, stays) {
			t.Errorf("%q is not in the output", stays)
		}
	}

	// The same words are seen where their notes are published: each place that is
	// looked at would show them.
	files = map[string]string{"hugo.toml": files["hugo.toml"], "content/open.md": "---\ntitle: Open\n---\n", "content/day1/note.md": canaryNote("open", "")}
	for _, f := range []string{"picture", "cover"} {
		files["content/day1/_img/zqopen"+f+".png"] = drawing(t, 9, 9)
	}
	r = buildOnce(t, build.Options{Dir: project(t, files)})
	all = string(everything(t, r.Snapshot)) + indexText(t, r, "")
	var missing []string
	for _, rest := range strings.Split(files["content/day1/note.md"], "zqopen")[1:] {
		place, _, _ := strings.Cut(rest, strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz"))
		if !strings.Contains(all, "zqopen"+place) {
			missing = append(missing, place)
		}
	}
	slices.Sort(missing)
	if got := strings.Join(slices.Compact(missing), " "); got != "comment param style unknown" {
		t.Errorf("places that show nothing of a published note: %s", got)
	}
}

// What is unlisted is in the files of its own page alone, and what is hidden in
// no menu and no list.
func TestCanariesOfUnlisted(t *testing.T) {
	files := canaries(t)
	files["content/day1/unlisted.md"] = canaryNote("unlisted", "visibility: unlisted\n")
	files["content/day1/unlisted.de.md"] = canaryNote("unlisted", "visibility: unlisted\n")
	files["content/never.md"] = canaryNote("never", "build: {list: never}\n")
	files["content/quiet/_index.md"] = canaryNote("quietindex", "visibility: unlisted\n")
	files["content/quiet/inner.md"] = canaryNote("quietinner", "")
	files["content/quiet/deep/inner.md"] = canaryNote("quietdeep", "")
	r := buildOnce(t, build.Options{Dir: project(t, files)})
	if text := strings.ToLower(indexText(t, r, "")); len(leaks(text, "zq")) > 0 {
		t.Errorf("the search index says %q", leaks(text, "zq"))
	}
	for path, word := range map[string]string{"day1/unlisted/index.html": "zqunlistedtext", "quiet/inner/index.html": "zqquietinnertext", "never/index.html": "zqnevertext"} {
		if text, ok := textOf(r.Snapshot, path); !ok || !strings.Contains(text, word) {
			t.Errorf("%s is there: %v, without %s", path, ok, word)
		}
	}
	own := []string{"day1/unlisted/", "de/day1/unlisted/", "never/", "quiet/", "zq"} // an alias is an address
	for _, f := range r.Snapshot.Files() {
		if slices.ContainsFunc(own, func(dir string) bool { return strings.HasPrefix(f.Path, dir) }) {
			continue
		}
		for _, leak := range leaks(strings.ToLower(f.Path+"\n"+string(f.Body.Bytes())), "zq") {
			t.Errorf("%s has %q", f.Path, leak)
		}
	}
}

// The same in all orders of events: a note that was open and is withheld leaves
// nothing behind in a builder that knew it.
func TestCanariesAfterEdits(t *testing.T) {
	files := canaries(t)
	open := map[string]string{}
	for name, text := range files {
		for _, withheld := range []string{"visibility: private\n", "draft: true\n", "publishDate: 2030-01-01\n", "expiryDate: 2020-01-01\n", "visibility: [private\n"} {
			text = strings.Replace(text, withheld, "", 1)
		}
		open[name] = text
	}
	dir := project(t, open)
	b := open1(t, dir)
	ctx := context.Background()
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if text != open[name] {
			put(t, dir, name, text)
			if _, err := b.Update(ctx, []string{name}); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := b.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range leaks(strings.ToLower(string(everything(t, r.Snapshot))+indexText(t, r, "")), "zq") {
		t.Errorf("%q is in the output: %s", leak, where(t, r, leak))
	}
}

func open1(t *testing.T, dir string) *build.Builder {
	return open(t, build.Options{Dir: dir, Now: func(context.Context) (time.Time, error) { return time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), nil }})
}

// leaks lists the words in text that begin with prefix, each once.
func leaks(text, prefix string) []string {
	var out []string
	for {
		i := strings.Index(text, prefix)
		if i < 0 {
			slices.Sort(out)
			return slices.Compact(out)
		}
		text = text[i:]
		n := len(text) - len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz"))
		out = append(out, text[:n])
		text = text[n:]
	}
}

// where names the files that have the word, with what stands around it.
func where(t *testing.T, r *build.Result, word string) string {
	var out []string
	for _, f := range r.Snapshot.Files() {
		text := strings.ToLower(f.Path + "\n" + string(f.Body.Bytes()))
		if i := strings.Index(text, word); i >= 0 && f.Source == nil {
			out = append(out, fmt.Sprintf("%s …%s…", f.Path, text[max(0, i-60):min(len(text), i+len(word)+30)]))
		}
	}
	return strings.Join(out[:min(len(out), 5)], "\n\t")
}
