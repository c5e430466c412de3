package config

// Search says what readers can search.
type Search struct {
	// Off leaves search out, NoPage its page at /search/ alone.
	Off, NoPage bool
	// NoHidden leaves hidden notes out of what is found.
	NoHidden bool
}

// searchSettings are the keys about search: Relearn's parameters, and Lectern's
// own for the same.
func searchSettings() []setting {
	return []setting{
		boolSetting("params.disableSearch", "Relearn's way to leave search out.", func(c *Config) *bool { return &c.Search.Off }),
		{
			path: "params.disableSearchIndex", form: "true or false", def: "false", doc: "The same as `params.disableSearch`: without an index nothing is found.",
			read: func(d *decoder, c *Config, v *value) {
				var off bool
				d.boolean(v, "params.disableSearchIndex", &off)
				c.Search.Off = c.Search.Off || off
			},
		},
		boolSetting("params.disableSearchPage", "Leave out the page `/search/`.", func(c *Config) *bool { return &c.Search.NoPage }),
		boolSetting("params.disableSearchHiddenPages", "Leave hidden notes out of what is found.", func(c *Config) *bool { return &c.Search.NoHidden }),
	}
}

// ownSearchSettings are those that have their place in lectern.yaml.
func ownSearchSettings() []setting {
	not := func(path, doc string, field func(*Config) *bool) setting {
		return setting{
			path: path, form: "true or false", def: "true", doc: doc,
			read: func(d *decoder, c *Config, v *value) {
				on := !*field(c)
				d.boolean(v, path, &on)
				*field(c) = !on
			},
		}
	}
	return []setting{
		not("search.enabled", "Readers can search the notes.", func(c *Config) *bool { return &c.Search.Off }),
		not("search.hidden", "Hidden notes are found too, though no list names them.", func(c *Config) *bool { return &c.Search.NoHidden }),
	}
}
