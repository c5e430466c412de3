package check

import "lectern/internal/diag"

// frontRules are those about front matter.
func frontRules() []Rule {
	return []Rule{
		{
			Name: "front-matter", Severity: diag.Error, Firm: true,
			Summary: "front matter can't be read",
			Why:     "The note is left out until it can be, for it might say that it is private. A colon in a title is the usual cause: put the title in quotes.",
			Wrong:   "title: Go: the talk", Right: `title: "Go: the talk"`,
		},
		{
			Name: "front-matter-type", Severity: diag.Warning,
			Summary: "a field of front matter has a value of the wrong kind",
			Why:     "The field is left out, or read in the way that publishes less.",
			Wrong:   "weight: two", Right: "weight: 2",
		},
		{
			Name: "front-matter-long", Severity: diag.Warning,
			Summary: "a field of front matter is very long",
			Why:     "Other pages show it as well, so only its beginning counts.",
		},
		{
			Name: "front-matter-duplicate", Severity: diag.Warning,
			Summary: "a field of front matter stands twice",
			Why:     "The last one counts.",
		},
		{
			Name: "front-matter-visibility", Severity: diag.Error, Firm: true,
			Summary: "it is not clear who may see a note",
			Why:     "`visibility` is public, unlisted or private. Until it is clear, the note is left out.",
			Wrong:   "visibilty: private", Right: "visibility: private",
		},
		{
			Name: "front-matter-cascade", Severity: diag.Error, Firm: true,
			Summary: "a section wants to pass fields on to its notes",
			Why:     "Hugo's `cascade` is not supported. Where it could be meant to keep notes back, the folder is left out.",
		},
		{
			Name: "parameter", Severity: diag.Warning,
			Summary: "a parameter of the theme's has a value that can't be used",
			Why:     "It is left out.",
		},
	}
}

// siteRules are those about the site as a whole, and its history.
func siteRules() []Rule {
	return []Rule{
		{
			Name: "no-notes", Severity: diag.Error, Firm: true,
			Summary: "there is no note",
			Why:     "The folder that should hold them has none: it may be the wrong folder.",
		},
		{
			Name: "unpublished", Severity: diag.Info,
			Summary: "notes are not published now",
			Why:     "Drafts, notes whose date has not come, and those that have expired. `--drafts` shows drafts.",
		},
		{
			Name: "index-duplicate", Severity: diag.Warning,
			Summary: "two files stand for the same folder",
			Why:     "Such as `_index.md` and `index.md`. Only one can be its page.",
		},
		{
			Name: "history-none", Severity: diag.Info,
			Summary: "there is no git history to tell of",
			Why:     "So there is no page of changes.",
		},
		{
			Name: "history-unreadable", Severity: diag.Warning,
			Summary: "the git history can't be read",
			Why:     "So there is no page of changes. `changes: false` in lectern.yaml does without.",
		},
		{
			Name: "history-shallow", Severity: diag.Info,
			Summary: "the repository is a shallow clone",
			Why:     "It does not have all of its history, so there is no page of changes. CI systems have a setting for a full clone (`fetch-depth: 0`).",
		},
		{
			Name: "history-long", Severity: diag.Info,
			Summary: "the history is very long",
			Why:     "Only its newest part is looked at.",
		},
	}
}

// fileRules are those about files, whatever is in them.
func fileRules() []Rule {
	return []Rule{
		{
			Name: "content-format", Severity: diag.Error, Firm: true,
			Summary: "a page is in a format other than Markdown",
			Why:     "It is left out, because its front matter could say that it is private.",
		},
		{
			Name: "file-unreadable", Severity: diag.Error, Firm: true,
			Summary: "a file can't be read",
			Why:     "It is left out. Look at its permissions.",
		},
		{
			Name: "file-changing", Severity: diag.Warning, Firm: true,
			Summary: "a file changed while it was read",
			Why:     "It is left out of this build.",
		},
		{
			Name: "file-name", Severity: diag.Error, Firm: true,
			Summary: "a file's name can't be published",
			Why:     "It has a line break in it.",
		},
		{
			Name: "file-special", Severity: diag.Warning, Firm: true,
			Summary: "something is neither a file nor a folder",
			Why:     "Such as a socket or a device. It is left out.",
		},
		{
			Name: "film-track", Severity: diag.Warning,
			Summary: "a film has a track of its camera's data",
			Why:     "Drones and action cameras write where they were into a track of its own. It is published with the film, for to take it out the film has to be written anew.",
		},
		{
			Name: "folder-depth", Severity: diag.Error, Firm: true,
			Summary: "folders are nested too deeply",
			Why:     "What is deeper is left out.",
		},
		{
			Name: "symlink-loop", Severity: diag.Error, Firm: true,
			Summary: "a link leads back to a folder that it lies in",
			Why:     "It is not followed.",
		},
		{
			Name: "symlink-refused", Severity: diag.Error, Firm: true,
			Summary: "a link leads out of the project's folder",
			Why:     "It is not followed, so that nothing else of the machine is published. Put a copy of the file there.",
		},
	}
}

// configRules are those about configuration.
func configRules() []Rule {
	return []Rule{
		{
			Name: "config-syntax", Severity: diag.Error, Firm: true,
			Summary: "a configuration file can't be read",
			Why:     "Nothing is built, because guessing could publish what should not be.",
		},
		{
			Name: "config-type", Severity: diag.Error, Firm: true,
			Summary: "a setting has a value of the wrong kind",
			Why:     "Nothing is built.",
			Wrong:   "enableEmoji: perhaps", Right: "enableEmoji: true",
		},
		{
			Name: "config-value", Severity: diag.Error, Firm: true,
			Summary: "a setting can't have this value",
			Why:     "The [configuration](config.md) says which it can have.",
		},
		{
			Name: "config-unknown-key", Severity: diag.Warning, Firm: true,
			Summary: "there is no such setting",
			Why:     "It has no effect. The finding names the nearest one that there is.",
		},
		{
			Name: "config-unsupported", Severity: diag.Warning, Firm: true,
			Summary: "a setting of Hugo's has no effect here",
			Why:     "With Hugo it would change addresses or texts.",
		},
		{
			Name: "config-requires", Severity: diag.Error, Firm: true,
			Summary: "the project asks for another version of Lectern",
			Why:     "`requires` in the configuration says which.",
		},
	}
}
