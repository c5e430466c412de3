package note

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // on every machine, as in the program

	"lectern/internal/diag"
)

// plainCases are texts in and around the part of YAML that readPlainYAML reads.
func plainCases() []string {
	return []string{
		"title: A talk\n", "title: \"A talk: the sequel\"\n", "title: 'it'\n", "title: ''\n", "title: \"\"\n",
		"weight: 10\n", "weight: 0\n", "weight: 007\n", "weight: -3\n", "weight: 1_000\n", "weight: 0x1f\n", "weight: 1e3\n", "weight: 12345678901234567890\n",
		"draft: true\n", "draft: false\n", "draft: True\n", "draft: yes\n", "draft: ~\n", "draft: null\n", "draft:\n",
		"date: 2025-04-01\n", "date: 2025-04-01T09:30:00Z\n", "date: 2025-4-1\n", "start: 09:30\n",
		"tags:\n- a\n- b c\n", "tags:\n  - a\n  - \"b\"\n", "tags: [a, b]\n", "tags: [\"a\", 'b', c d]\n", "tags: []\n", "tags: [a, [b]]\n",
		"tags:\n- a\n  b\n", "tags:\n-a\n", "tags:\n- a: b\n", "tags:\n- - a\n", "tags:\n  - a\n- b\n", "tags:\n- 1\n- true\n",
		"title: a # comment\n", "title: a#b\n", "title: a: b\n", "title: a:b\n", "title: http://x.org\n", "title: x:\n", "title: :x\n",
		"title: - a\n", "title: -a\n", "title: *a\n", "title: &a b\n", "title: !a b\n", "title: |\n  x\n", "title: >\n  x\n", "title: %a\n", "title: @a\n", "title: `a`\n",
		"title: a\n  b\n", " title: a\n", "title : a\n", "title:a\n", "title:  a  \n", "\ttitle: a\n", "title: a\tb\n", "title:\ta\n",
		"\n\ntitle: a\n\nweight: 1\n", "# comment\ntitle: a\n", "title: ünïcode ☃\n", "title: {a: b}\n", "title: a, b\n", "title: [a\n",
		"title: \"a\\nb\"\n", "title: 'it''s'\n", "title: \"a\n", "title: a\"b\n", "title: 'a' b\n", "title: \"a\" b\n", "title: What's up\n",
		"a-b: c\n", "a_b: c\n", "a.b: c\n", "1a: c\n", "\"a\": c\n", "true: a\n", "y: a\n", "null: a\n", "title: 1.5\n", "title: .5\n", "title: 1.\n", "title: 1 2\n",
		"title: a\n---\n", "...\ntitle: a\n", "title: a\n...\n", "title: ? a\n", "title: a?\n", "title: (a)\n", "title: a; b+c/d_e!\n",
		"title: a\nTitle: b\n", "title: a\ntitle: b\n", "a: b\nc:\n- d\ne: f\n", "a:\n\n- b\n", "a:\n- b\n\n- c\n", "a:\n# x\n- b\n",
		"a: 2025-13-99\n", "a: 1999-12-31 \n", "a: inf\n", "a: .inf\n", "a: nan\n", "a: No\n", "a: Null\n", "a: 0\n", "a: 00\n", "a: 0o7\n", "a: +1\n",
	}
}

// differ reads YAML in both ways.
func differ(t *testing.T, text string) {
	t.Helper()
	plain, ok := readPlainYAML([]byte(text), 2)
	if !ok {
		return
	}
	lib, ferr := readLibraryYAML([]byte(text), 2)
	if ferr != nil {
		if _, twice := (&Note{}).duplicates(plain); twice != nil {
			return // both refuse it in the end
		}
		t.Errorf("%q: the plain reader takes it, the library says %s", text, ferr.message)
		return
	}
	if len(plain) != len(lib) {
		t.Errorf("%q: %d fields and %d", text, len(plain), len(lib))
		return
	}
	for i := range plain {
		if !reflect.DeepEqual(plain[i], lib[i]) {
			t.Errorf("%q:\nplain   %#v\nlibrary %#v", text, plain[i], lib[i])
		}
	}
}

func TestPlainYAMLIsTheLibrarys(t *testing.T) {
	taken := 0
	for _, text := range plainCases() {
		if _, ok := readPlainYAML([]byte(text), 2); ok {
			taken++
		}
		differ(t, text)
	}
	if taken < 30 {
		t.Errorf("the plain reader takes only %d of the cases", taken)
	}
}

func parseFront(t *testing.T, text string, change ...func(*Options)) *Note {
	t.Helper()
	o := hugoOptions()
	for _, c := range change {
		c(&o)
	}
	n := NewParser(&o).Parse("day1/02_x.md", []byte(text))
	checkNote(t, n)
	return n
}

func TestFrontMatterFields(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	want := FrontMatter{
		Title: "A talk", LinkTitle: "Talk", Description: "About it", Weight: 7,
		Date:        time.Date(2025, 4, 1, 0, 0, 0, 0, berlin),
		Lastmod:     time.Date(2025, 4, 2, 10, 0, 0, 0, time.UTC),
		PublishDate: time.Date(2025, 4, 3, 8, 30, 0, 0, berlin), ExpiryDate: time.Date(2026, 1, 1, 0, 0, 0, 0, berlin),
		Draft: true, Hidden: true,
		Taxonomies: map[string][]string{"tags": {"go", "k8s"}, "categories": {"one"}, "tracks": {"a"}},
		Aliases:    []string{"/old/", "older"}, Slug: "slug", URL: "/u/", Type: "t", Layout: "l", Archetype: "chapter",
		MenuPre: "<b>x</b>", MenuPost: "y",
		Event: "KubeCon", Speakers: []string{"Ann", "Bob"}, Authors: []string{"Me"}, Room: "3", Track: "Cloud",
		Start: time.Date(2025, 4, 1, 9, 30, 0, 0, berlin), End: time.Date(2025, 4, 1, 10, 0, 0, 0, berlin),
		Language: "de", Visibility: Unlisted,
		Params: map[string]any{"custom": "x", "list": []any{int64(1), "b", true}, "deep": map[string]any{"a": 1.5}},
	}
	for format, text := range map[string]string{
		"yaml": `---
title: A talk
linkTitle: Talk
DESCRIPTION: About it
weight: 7
date: 2025-04-01
lastmod: 2025-04-02T10:00:00Z
publishDate: 2025-04-03 08:30
expiryDate: 2026-01-01
draft: true
hidden: true
tags: [go, k8s, go, ""]
categories: one
tracks:
  - a
aliases:
- /old/
- older
slug: slug
url: /u/
type: t
layout: l
archetype: chapter
menuPre: <b>x</b>
menuPost: y
event: KubeCon
speakers: [Ann, Bob]
author: Me
room: 3
track: Cloud
start: "09:30"
end: 2025-04-01T10:00
language: de
visibility: unlisted
custom: x
list: [1, b, true]
deep: {a: 1.5}
---
Text
`,
		"toml": `+++
title = "A talk"
linkTitle = 'Talk'
description = "About it"
weight = 7
date = 2025-04-01
lastmod = 2025-04-02T10:00:00Z
publishDate = 2025-04-03T08:30:00
expiryDate = 2026-01-01
draft = true
hidden = true
tags = ["go", "k8s", "go", ""]
categories = "one"
tracks = ["a"]
aliases = ["/old/", "older"]
slug = "slug"
url = "/u/"
type = "t"
layout = "l"
archetype = "chapter"
menuPre = "<b>x</b>"
menuPost = "y"
event = "KubeCon"
speakers = ["Ann", "Bob"]
author = "Me"
room = 3
track = "Cloud"
start = 09:30:00
end = 2025-04-01T10:00:00
language = "de"
visibility = "unlisted"
custom = "x"
list = [1, "b", true]
[deep]
a = 1.5
+++
Text
`,
		"json": `{"title": "A talk", "linkTitle": "Talk", "description": "About it", "weight": 7, "date": "2025-04-01",
 "lastmod": "2025-04-02T10:00:00Z", "publishDate": "2025-04-03 08:30", "expiryDate": "2026-01-01", "draft": true,
 "hidden": true, "tags": ["go", "k8s", "go", ""], "categories": "one", "tracks": ["a"], "aliases": ["/old/", "older"],
 "slug": "slug", "url": "/u/", "type": "t", "layout": "l", "archetype": "chapter", "menuPre": "<b>x</b>", "menuPost": "y",
 "event": "KubeCon", "speakers": ["Ann", "Bob"], "author": "Me", "room": 3, "track": "Cloud", "start": "09:30",
 "end": "2025-04-01T10:00", "language": "de", "visibility": "unlisted", "custom": "x", "list": [1, "b", true], "deep": {"a": 1.5}}
Text
`,
	} {
		n := parseFront(t, text, func(o *Options) {
			o.Location = berlin
			o.Taxonomies = []Taxonomy{{"category", "categories"}, {"tag", "tags"}, {"track", "tracks"}}
		})
		if len(n.Diags) > 0 || !n.Readable {
			t.Errorf("%s: %v", format, n.Diags)
		}
		if got := string(n.Body.HTML); got != "<p>Text</p>\n" {
			t.Errorf("%s: body %q", format, got)
		}
		g, w := reflect.ValueOf(n.Front), reflect.ValueOf(want)
		for i := range g.NumField() {
			gv, wv := g.Field(i).Interface(), w.Field(i).Interface()
			if gt, ok := gv.(time.Time); ok {
				if !gt.Equal(wv.(time.Time)) {
					t.Errorf("%s: %s = %v, want %v", format, g.Type().Field(i).Name, gv, wv)
				}
			} else if !reflect.DeepEqual(gv, wv) {
				t.Errorf("%s: %s = %#v, want %#v", format, g.Type().Field(i).Name, gv, wv)
			}
		}
	}
}

func TestFrontMatterFindings(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		want     string // line:col: severity: message, as far as it matters
		readable bool
	}{
		"weight":              {"---\ntitle: x\nweight: first\n---\n", "3:9: warning: front matter field \"weight\" must be a whole number, not \"first\"", true},
		"weight, library":     {"---\ntitle: \"a\\tb\"\nweight: 1.5\n---\n", "3:9: warning: front matter field \"weight\" must be a whole number, not 1.5", true},
		"date":                {"---\ndate: tomorrow\n---\n", "2:7: warning: front matter field \"date\" must be a date, not \"tomorrow\"", true},
		"draft":               {"---\ndraft: maybe\n---\n", "2:8: warning: front matter field \"draft\" must be true or false", true},
		"title":               {"---\ntitle: [a]\n---\n", "2:8: warning: front matter field \"title\" must be a text, not a list", true},
		"tags":                {"---\ntags: {a: b}\n---\n", "2:", true},
		"start without date":  {"---\nstart: \"09:30\"\n---\n", "2:8: warning: front matter field \"start\" is a time of day", true},
		"toml type":           {"+++\ntitle = \"x\"\nweight = \"first\"\n+++\n", "3:10: warning: front matter field \"weight\"", true},
		"json type":           {"{\n \"weight\": \"first\"}\n", "2:12: warning: front matter field \"weight\"", true},
		"visibility":          {"---\nvisibility: secret\n---\n", "2:13: error: front matter field \"visibility\" must be public, unlisted or private, not \"secret\"", false},
		"visibility type":     {"---\nvisibility: [private]\n---\n", "2:13: error: front matter field \"visibility\"", false},
		"visibility empty":    {"---\nvisibility:\n---\n", "2:1: error: front matter field \"visibility\"", false},
		"visibility twice":    {"---\nvisibility: public\nVisibility: private\n---\n", "3:1: error: front matter field \"visibility\" stands twice, first in line 2", false},
		"unterminated":        {"---\ntitle: x\n\nText\n", "1:1: error: the front matter that begins here has no end", false},
		"unterminated toml":   {"+++\ntitle = \"x\"\n", "1:1: error: the front matter that begins here has no end", false},
		"unterminated json":   {"{\"title\": \"x\"\n\nText", "1:1: error: the JSON front matter has no end", false},
		"yaml syntax":         {"---\ntitle: \"x\nweight: 1\n---\n", "error: the front matter is no valid YAML", false},
		"yaml bracket":        {"---\ntitle: x\ntags: [a, b\n---\n", "error: the front matter is no valid YAML", false},
		"yaml tab":            {"---\ntitle: x\nlist:\n\t- a\n---\n", "error: the front matter is no valid YAML", false},
		"yaml list":           {"---\n- a\n- b\n---\n", "2:1: error: the front matter is not a list of fields", false},
		"toml syntax":         {"+++\ntitle = x\n+++\n", "2:9: error: the front matter is no valid TOML", false},
		"json syntax":         {"{\"title\": x}\n", "1:11: error: the front matter is no valid JSON", false},
		"duplicate":           {"---\ntitle: x\ntitle: y\n---\n", "3:1: warning: front matter field \"title\" stands twice, first in line 2", true},
		"duplicate draft":     {"---\ndraft: false\ndraft: true\n---\n", "3:1: error: front matter field \"draft\" stands twice, first in line 2", false},
		"duplicate toml":      {"+++\ntitle = \"x\"\ntitle = \"y\"\n+++\n", "error: the front matter is no valid TOML", false},
		"duplicate json":      {"{\"title\": \"x\", \"title\": \"y\"}\n", "1:16: warning: front matter field \"title\" stands twice", true},
		"alias bomb":          {"---\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e]\n---\n", "error: the front matter holds too many values", false},
		"deep yaml":           {"---\na: " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + "\n---\n", "2:1: error: the front matter is nested too deeply", false},
		"deep yaml list":      {"---\na:\n " + strings.Repeat("- ", 3000) + "x\n---\n", "3:1: error: the front matter is nested too deeply", false},
		"deep toml":           {"+++\na = " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + "\n+++\n", "2:1: error: the front matter is nested too deeply", false},
		"deep json":           {"{\"a\": " + strings.Repeat("[", 3000) + strings.Repeat("]", 3000) + "}\n", "1:1: error: the front matter is nested too deeply", false},
		"large":               {"---\na: " + strings.Repeat("x", maxFront) + "\n---\n", "1:1: error: the front matter has", false},
		"unknown anchor":      {"---\na: *b\n---\n", "error: ", false},
		"column after umlaut": {"---\n\"ä\": {b: c}\nweight: [1]\n---\n", "3:9: warning", true},
	} {
		n := parseFront(t, c.text+"\n")
		if n.Readable != c.readable {
			t.Errorf("%s: readable is %v", name, n.Readable)
		}
		if len(n.Diags) == 0 {
			t.Errorf("%s: no finding", name)
			continue
		}
		d := n.Diags[0]
		if got := fmt.Sprintf("%d:%d: %s: %s", d.Line, d.Col, d.Severity, d.Message); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s\nwant %s", name, got, c.want)
		}
		if !c.readable && (d.Severity != diag.Error || len(n.Body.HTML) > 0) {
			t.Errorf("%s: severity %s, body %q", name, d.Severity, n.Body.HTML)
		}
	}
}

// TestDoubtWithholds: a mistake in what keeps a note back must not publish it.
func TestDoubtWithholds(t *testing.T) {
	for _, text := range []string{"draft: maybe", "publishDate: soon", "expiryDate: [1]", "draft: 5", "published: false"} {
		if n := parseFront(t, "---\n"+text+"\n---\n"); !n.Front.Draft {
			t.Errorf("%s: the note is no draft", text)
		}
	}
	if n := parseFront(t, "---\npublished: true\n---\n"); n.Front.Draft || len(n.Diags) > 0 {
		t.Errorf("published: true: draft %v, %v", n.Front.Draft, n.Diags)
	}
	if n := parseFront(t, "---\nhidden: perhaps\n---\n"); !n.Front.Hidden {
		t.Error("hidden: perhaps does not hide")
	}
}

func TestNoFrontMatter(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "",
		"Text\n---\n":                            "<h2 id=\"text\">Text</h2>\n",
		"\n***\n\nText\n":                        "<hr>\n<p>Text</p>\n",
		"Text\n\n---\n\nMore\n\n---\n":           "<p>Text</p>\n<hr>\n<p>More</p>\n<hr>\n",
		"---\n---\nText":                         "<p>Text</p>\n",
		"---\n\n---\nText":                       "<p>Text</p>\n",
		"--- \ntitle: a\n--- \nText":             "<p>Text</p>\n",
		"----\nText":                             "<hr>\n<p>Text</p>\n",
		"{{% badge %}}a{{% /badge %}}":           "<p><span class=\"badge badge-default\"><span class=\"badge-value\">a</span></span></p>\n",
		"{ not JSON }":                           "<p>{ not JSON }</p>\n",
		"\ufeff---\ntitle: a\n---\nText":         "<p>Text</p>\n",
		"---\r\ntitle: a\r\n---\r\nText\r\nmore": "<p>Text\nmore</p>\n",
		"{}\nText":                               "<p>Text</p>\n",
		"+++\n+++\nText":                         "<p>Text</p>\n",
	} {
		n := parseFront(t, text)
		if got := string(n.Body.HTML); got != want || !n.Readable {
			t.Errorf("%q: %q, want %q (%v)", text, got, want, n.Diags)
		}
	}
}
