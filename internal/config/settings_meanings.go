package config

import "strings"

// meaningSettings are the keys about what the notes' text means.
func meaningSettings() []setting {
	names := func(path, what string, field func(*Config) *[]string) setting {
		return setting{
			path: path, form: "list of names", def: "the usual names in English and German",
			doc: "Names of headings above " + what + ", instead of the usual ones. Case, punctuation and numbers don't count. " +
				"A name of one word is the whole heading; one of several words may stand anywhere in it. `[]` turns it off.",
			read: func(d *decoder, c *Config, v *value) { d.texts(v, path, field(c)) },
		}
	}
	return []setting{
		names("meanings.recommendations", "links to the talks that you recommend", func(c *Config) *[]string { return &c.Meanings.Recommendations }),
		names("meanings.people", "people met and things learned outside the talks", func(c *Config) *[]string { return &c.Meanings.People }),
		names("meanings.questions", "questions and answers", func(c *Config) *[]string { return &c.Meanings.Questions }),
		{
			path: "todos", form: "show, hide", def: "show",
			doc:  "Whether readers see lines that begin with `TODO`, quietly marked, or not at all.",
			read: readTodos,
		},
	}
}

func readTodos(d *decoder, c *Config, v *value) {
	var s string
	d.text(v, "todos", &s)
	switch strings.ToLower(s) {
	case "hide":
		c.HideTodos = true
	case "show", "":
		c.HideTodos = false
	default:
		d.warn(v.at, ruleValue, "write show or hide", "todos has no value %q: lines that begin with TODO are shown", clip(s))
	}
}
