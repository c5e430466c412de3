package recording_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"

	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/recording"
)

const (
	videoLink  = "https://youtu.be/dQw4w9WgXcQ?si=a&t=1"
	slidesLink = "https://static.sched.com/hosted_files/x/a%20b.pdf"
)

func place(t testing.TB, src []byte, k recording.Kind, link string) []byte {
	t.Helper()
	edits, err := recording.Place(src, k, link, recording.DefaultStyle(k, "Watch"))
	if err != nil {
		t.Fatalf("%v in\n%s", err, src[:min(len(src), 700)])
	}
	out, err := edit.Apply(src, edits)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPlace(t *testing.T) {
	const front = "---\ntitle: A\n---\n"
	const button = `{{% button href="` + videoLink + `" style="warning" icon="video" %}}Watch{{% /button %}}`
	for _, c := range []struct{ name, src, want string }{
		{
			"a comment", front + "\n<!-- {{% button href=\"todo:\" style=\"x\" icon=\"video\" %}}See{{% /button %}} -->\n\nText\n",
			front + "\n{{% button href=\"" + videoLink + "\" style=\"x\" icon=\"video\" %}}See{{% /button %}}\n\nText\n",
		},
		{
			"Hugo's comment", front + "{{</* button icon='video' href='#' */>}}See{{</* /button */>}} and more\n",
			front + "{{< button icon='video' href='" + videoLink + "' >}}See{{< /button >}} and more\n",
		},
		{
			"a placeholder that is shown", front + "{{% button href=todo: icon=\"video\" %}}See{{% /button %}}\n",
			front + "{{% button href=\"" + videoLink + "\" icon=\"video\" %}}See{{% /button %}}\n",
		},
		{
			"two in a comment", front + "<!--\n{{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}}\n{{% button href=\"todo:\" icon=\"file-pdf\" %}}Slides{{% /button %}}\n-->\n",
			front + "{{% button href=\"" + videoLink + "\" icon=\"video\" %}}See{{% /button %}}\n<!--\n{{% button href=\"todo:\" icon=\"file-pdf\" %}}Slides{{% /button %}}\n-->\n",
		},
		{"one is there", front + "{{% button href=\"https://youtu.be/x\" %}}See{{% /button %}}\n", front + "{{% button href=\"https://youtu.be/x\" %}}See{{% /button %}}\n"},
		{"under the front matter", front + "\nText\n", front + "\n" + button + "\n\nText\n"},
		{"under the front matter, no blank line", front + "Text\n", front + "\n" + button + "\n\nText\n"},
		{"nothing but front matter", strings.TrimSuffix(front, "\n"), front + "\n" + button + "\n"},
		{"TOML", "+++\ntitle = 'A'\n+++\n\nText", "+++\ntitle = 'A'\n+++\n\n" + button + "\n\nText"},
		{"no front matter", "# A\n", button + "\n\n# A\n"},
		{"an empty file", "", button + "\n"},
		{"a byte order mark", "\ufeff# A\n", "\ufeff" + button + "\n\n# A\n"},
		{
			"behind the other buttons", front + "\n{{% button href=\"https://github.com/a/b\" %}}Code{{% /button %}}\n<!-- {{% button href=\"todo:\" icon=\"file-pdf\" %}}Slides{{% /button %}} -->\n\nText\n",
			front + "\n{{% button href=\"https://github.com/a/b\" %}}Code{{% /button %}}\n<!-- {{% button href=\"todo:\" icon=\"file-pdf\" %}}Slides{{% /button %}} -->\n" + button + "\n\nText\n",
		},
		{
			"Windows", "---\r\ntitle: A\r\n---\r\n\r\n<!-- {{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}} -->\r\nText\r\n",
			"---\r\ntitle: A\r\n---\r\n\r\n{{% button href=\"" + videoLink + "\" icon=\"video\" %}}See{{% /button %}}\r\nText\r\n",
		},
		{"Windows, none there", "---\r\ntitle: A\r\n---\r\n\r\nText\r\n", "---\r\ntitle: A\r\n---\r\n\r\n" + button + "\r\n\r\nText\r\n"},
		{
			"in code it is an example", front + "\n```\n{{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}}\n```\n",
			front + "\n" + button + "\n\n```\n{{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}}\n```\n",
		},
		{
			"a comment with words of its own", front + "\n<!-- where is it? {{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}} -->\n",
			front + "\n<!-- where is it? {{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}} -->\n" + button + "\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := place(t, []byte(c.src), recording.Video, videoLink)
			if string(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if again := place(t, got, recording.Video, videoLink); !bytes.Equal(again, got) {
				t.Errorf("done again, it changes\n%s", again)
			}
		})
	}
}

func TestPlaceRefuses(t *testing.T) {
	for _, link := range []string{"", "todo:", "javascript:alert(1)", `https://a.b/"x`, "https://a.b/ x", "https://a.b/%}}x", "https://a.b/\nx", "https://a.b/{{x"} {
		if edits, err := recording.Place([]byte("Text\n"), recording.Video, link, recording.DefaultStyle(recording.Video, "x")); err == nil {
			t.Errorf("%q: %v", link, edits)
		}
	}
	if _, err := recording.Place([]byte("---\ntitle: [\n---\n"), recording.Video, videoLink, recording.DefaultStyle(recording.Video, "x")); err == nil {
		t.Error("front matter that cannot be read")
	}
}

// In every note of a real set, only the lines of buttons change, and only once;
// what the note says of its resources is what was asked for.
func TestPlaceInCorpus(t *testing.T) {
	tree := os.DirFS("../../../shared/corpus/kubecon25/content")
	if _, err := fs.Stat(tree, "."); err != nil {
		t.Skip("no real notes here:", err)
	}
	p := note.NewParser(&note.Options{})
	notes, placed := 0, 0
	err := fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(name, ".md") {
			return err
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		notes++
		for _, ends := range []string{"\n", "\r\n"} {
			src := bytes.ReplaceAll(src, []byte("\n"), []byte(ends))
			before := p.Parse(name, src).Resources
			out := place(t, place(t, src, recording.Video, videoLink), recording.Slides, slidesLink)
			if again := place(t, place(t, out, recording.Slides, slidesLink), recording.Video, videoLink); !bytes.Equal(again, out) {
				t.Errorf("%s: done again, it changes", name)
			}
			after := p.Parse(name, out).Resources
			if want := or(before.Video, videoLink); after.Video != want {
				t.Errorf("%s: the video is %q, want %q", name, after.Video, want)
			}
			if want := or(before.Slides, slidesLink); after.Slides != want {
				t.Errorf("%s: the slides are %q, want %q", name, after.Slides, want)
			}
			if got, want := rest(out), rest(src); got != want {
				t.Errorf("%s: something else changed:\n%s\nwas\n%s", name, got, want)
			}
			if !bytes.Equal(src, out) {
				placed++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if notes != 49 || placed == 0 {
		t.Errorf("%d notes, %d changed", notes, placed)
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// rest returns the lines of a note without its buttons and the blank lines.
func rest(src []byte) string {
	var out []string
	for _, l := range strings.Split(string(src), "\n") {
		if !strings.Contains(l, "{{% button") && strings.TrimSpace(l) != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func FuzzPlace(f *testing.F) {
	f.Add([]byte("---\ntitle: A\n---\n\n<!-- {{% button href=\"todo:\" icon=\"video\" %}}See{{% /button %}} -->\n"))
	f.Add([]byte("{{</* button href=\"todo:\" icon=\"video\" */>}}See{{</* /button */>}}"))
	f.Add([]byte("\r\n`{{% button href=x %}}`<!-- {{% button icon=video %}}{{% /button %}}{{% button icon=video href=# /%}}-->"))
	f.Fuzz(func(t *testing.T, src []byte) {
		edits, err := recording.Place(src, recording.Video, videoLink, recording.DefaultStyle(recording.Video, "Watch"))
		if err != nil {
			return
		}
		out, err := edit.Apply(src, edits)
		if err != nil {
			t.Fatal(err)
		}
		again, err := recording.Place(out, recording.Video, videoLink, recording.DefaultStyle(recording.Video, "Watch"))
		if err != nil || len(again) > 0 {
			t.Errorf("done again, it changes: %v %v", again, err)
		}
	})
}
