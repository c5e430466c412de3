package note

import "testing"

// Notes without anything of their own to read, and short ones that have some.
func TestStubs(t *testing.T) {
	const video = "{{% button href=\"https://youtu.be/x\" icon=\"video\" %}}Watch talk on YouTube{{% /button %}}\n"
	for text, want := range map[string]bool{
		"":                                true,
		video:                             true,
		video + "<!-- a remark -->\n":     true,
		video + "\n## Baseline\n":         true,
		"## One\n\n### Two\n\n## Three\n": true,
		"TODO\n":                          true,
		"## Notes\n\nTODO: write them\n":  true,
		"- TODO: a\n- TODO: b\n":          true,
		"## TODO\n\n- ask Ann\n- copy\n":  true,
		"TBD\n":                           true,
		"…\n":                             true,
		"---\n\n-\n":                      true,
		video + "\nMy talk, notes will be released soon\n": true,
		"Notes will follow.\n":                             true,
		"Will follow!\n":                                   true,
		"Notes: coming soon\n":                             true,
		"Notes to follow …\n":                              true,
		"Work in progress\n":                               true,
		"*WIP*\n":                                          true,
		"No notes yet.\n":                                  true,
		"Notizen folgen noch.\n":                           true,
		"Folgt noch\n":                                     true,
		"Kommt bald …\n":                                   true,
		"Mein Vortrag. Notizen folgen!\n":                  true,
		"Noch in Arbeit\n":                                 true,
		"Wird nachgereicht\n":                              true,
		"[Slides](https://x.example.net/a.pdf)\n":          true,
		"{{< youtube abcdefghijk >}}\n":                    true,
		"{{% comment %}}\nask Ann\n{{% /comment %}}\n":     true,
		"{{% details title=\"Abstract\" %}}\nAll that the conference says of it, at some length, and more.\n{{% /details %}}\n": true,
		"{{% expand \"Zusammenfassung\" %}}\nWas die Konferenz sagt.\n\n```go\nx\n```\n{{% /expand %}}\n":                       true,
		"{{% details title=\"Abstract\" %}}\nWords.\n{{% /details %}}\n\nOne thing that I noted myself.\n":                      false,
		"{{% notice info %}}\nNotes will follow.\n{{% /notice %}}\n":                                                            true,

		"Short opening keynote thanking volunteers and attendees.\n":                 false,
		"A joint effort of two companies.\n":                                         false,
		"Great talk on etcd. Slides will follow.\n":                                  false,
		"The next version of etcd was said to be released soon, with a new store.\n": false,
		"One word.\n":                                          false,
		"- a\n":                                                false,
		"Soon we will all be replaced.\n":                      false,
		"![plan](plan.svg)\n":                                  false,
		"<img src=\"plan.svg\">\n":                             false,
		"```go\nx\n```\n":                                      false,
		"```mermaid\ngraph LR\n```\n":                          false,
		"| a | b |\n|---|---|\n| 1 | 2 |\n":                    false,
		"{{< figure src=\"a.png\" >}}\n":                       false,
		"{{% resources /%}}\n":                                 false,
		"{{% attachments title=\"Papers\" %}}\n":               false,
		"## Demo\n\nWatch it.\n":                               false,
		"TODO: copy the slides\n\nThey run Flux.\n":            false,
		"[the other note](../b)\n":                             false,
		"- [ ] Go 1.26\n":                                      false,
		"{{% notice info %}}\nAll is well.\n{{% /notice %}}\n": false,
		"42\n":                    false,
		"Later on, they moved.\n": false,
	} {
		o := Options{UnsafeHTML: true, Table: true, TaskList: true, Icon: testIcon}
		n := Parse("content/a.md", []byte("---\ntitle: T\n---\n"+text), &o)
		if n.Stub != want {
			t.Errorf("%q is a stub: %t, want %t", text, n.Stub, want)
		}
		o.HideTodos = true
		if n := Parse("content/a.md", []byte("---\ntitle: T\n---\n"+text), &o); n.Stub != want {
			t.Errorf("with TODOs hidden %q is a stub: %t, want %t", text, n.Stub, want)
		}
	}
}

// Lists show that a note is a stub, so it belongs to the facts.
func TestStubIsAFact(t *testing.T) {
	a := Parse("a.md", []byte("---\ntitle: T\ndescription: D\n---\n## One\n"), nil)
	b := Parse("a.md", []byte("---\ntitle: T\ndescription: D\n---\nOne\n"), nil)
	if !a.Stub || b.Stub || a.FactsKey == b.FactsKey {
		t.Errorf("stub %t and %t, equal facts %t", a.Stub, b.Stub, a.FactsKey == b.FactsKey)
	}
}
