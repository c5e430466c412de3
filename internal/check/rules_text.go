package check

import "lectern/internal/diag"

// textRules are those about a note's words.
func textRules() []Rule {
	return []Rule{
		{
			Name: "stub", Severity: diag.Info,
			Summary: "a note has nothing to read yet",
			Why:     "It has headings, buttons and TODOs alone, or a sentence such as “notes will be released soon”. Lists of the site say so to readers, too.",
			Wrong:   "My talk, notes will be released soon",
		},
		{
			Name: "todo", Severity: diag.Info,
			Summary: "something is yet to be done",
			Why:     "A line, the point of a list or a heading begins with `TODO`, `FIXME` or `TBD`; or an HTML comment does. Nothing in code counts. `todos: hide` in lectern.yaml keeps such lines from readers.",
			Wrong:   "TODO: copy the diagram",
		},
		{
			Name: "heading-skip", Severity: diag.Warning,
			Summary: "a heading is more than one level below the one before",
			Why:     "Screen readers and tables of contents read the levels as a tree. The page's title is level 1, so a text begins with level 2.",
			Wrong:   "## Demo\n\n#### Setup", Right: "## Demo\n\n### Setup",
		},
		{
			Name: "title-missing", Severity: diag.Warning,
			Summary: "a note has no title",
			Why:     "Its file's name is made into one, which readers see in menus, lists and search.",
			Wrong:   "---\nweight: 3\n---\nText", Right: "---\ntitle: The service mesh wars\nweight: 3\n---\nText",
		},
		{
			Name: "title-duplicate", Severity: diag.Info,
			Summary: "two notes have the same title",
			Why:     "Readers can't tell them apart in search, feeds and browser tabs. Notes of one session that several people wrote can name the same `session` and are joined.",
		},
		{
			Name: "spelling", Severity: diag.Info, Mends: Sure,
			Summary: "a word is known to be misspelt",
			Why: "It is on a list of words that people often misspell; there is no dictionary, so names and new words are never found. Code, links, addresses and the names of files, people, rooms, tracks and tags are not looked at, nor is a word with a capital in the middle of a sentence. " +
				"`check.words` in lectern.yaml are words of your own that are right. British and American spelling are both right, unless the site's `language` (`en-GB`, `en-US`) or `check.spelling` says which one is used. Notes in English and German are looked at. " +
				"`--fix` writes the correction where the list knows only one.",
			Wrong: "We need mroe clusters.", Right: "We need more clusters.",
		},
		{
			Name: "ignore-unused", Severity: diag.Info,
			Summary: "a comment silences a finding that is not there",
			Why:     "What it was for is mended, or its rule is misspelt. Left in place it could hide the next mistake.",
			Wrong:   "<!-- lectern-ignore tood -->", Right: "<!-- lectern-ignore todo -->",
		},
		{
			Name: "encoding", Severity: diag.Warning,
			Summary: "a file is not valid UTF-8",
			Why:     "The bytes that are not show as a question mark in a diamond. Save the file as UTF-8.",
		},
		{
			Name: "binary", Severity: diag.Error, Firm: true,
			Summary: "a file with a note's name is not a text",
			Why:     "It is left out. A text in UTF-16 has to be saved as UTF-8.",
		},
		{
			Name: "note-size", Severity: diag.Error, Firm: true,
			Summary: "a note is too large",
			Why:     "It is left out. Split it, or link to the file instead.",
		},
		{
			Name: "nesting", Severity: diag.Error,
			Summary: "shortcodes, lists or quotations are nested too deeply",
			Why:     "What is deeper is shown as it was written: a limit keeps hostile notes from stopping the build.",
		},
		{
			Name: "math", Severity: diag.Warning,
			Summary: "a formula can't be read",
			Why:     "It shows as its source.",
			Wrong:   "$\\frac{1}{$", Right: "$\\frac{1}{2}$",
		},
		{
			Name: "more-findings", Severity: diag.Warning,
			Summary: "a note has more findings than are listed",
			Why:     "They probably have one cause.",
		},
		{
			Name: "internal", Severity: diag.Error, Firm: true,
			Summary: "the program made a mistake with a note",
			Why:     "It could not go on with it. Please report it, with the note.",
		},
		{
			Name: "note-last-good", Severity: diag.Info,
			Summary: "`lectern serve` shows a note's last good version",
			Why:     "What it says now can't be read for sure.",
		},
	}
}

// sessionRules are those about what a conference's sessions have.
func sessionRules() []Rule {
	return []Rule{
		{
			Name: "video-missing", Severity: diag.Info,
			Summary: "a session has no link to its recording",
			Why: "Most of its folder have one. `lectern recordings` finds and fills them in. Where there will never be one, say so: `<!-- lectern-ignore-file video-missing -->`. " +
				"A button that is commented out is reported by button-placeholder instead.",
		},
		{
			Name: "slides-missing", Severity: diag.Info,
			Summary: "a session has no link to its slides",
			Why:     "Most of its folder have one. Where there will never be one, say so: `<!-- lectern-ignore-file slides-missing -->`. A button that is commented out is reported by button-placeholder instead.",
		},
		{
			Name: "button-placeholder", Severity: diag.Info,
			Summary: "a button waits for its address",
			Why:     "It is commented out until the recording or the slides are there; or, which is worse and a warning, it was published with a placeholder, or with the example's address that several notes have in such a comment.",
			Wrong:   `<!-- {{% button href="https://youtu.be/example" icon="video" %}}Watch{{% /button %}} -->`,
			Right:   `{{% button href="https://youtu.be/JAy6Ra0ulSw" icon="video" %}}Watch{{% /button %}}`,
		},
		{
			Name: "weight-duplicate", Severity: diag.Warning,
			Summary: "two notes of a folder have the same weight",
			Why:     "Weights put the sessions of a day in order. Where two are the same, the titles decide, which is seldom the order of the day.",
			Wrong:   "weight: 2 in 02_controllers.md and in 02_gslb.md",
		},
		{
			Name: "path-style", Severity: diag.Info,
			Summary: "a note's file is named otherwise than the others",
			Why: "Most notes are in a folder for their day and begin with the session's number: `day1/03_service-mesh.md`. Without configuration the rule speaks only where at least five notes, and four of five, keep to that. " +
				"`check.pathStyle` in lectern.yaml is a regular expression that all have to match.",
			Wrong: "day1/Service Mesh.md", Right: "day1/03_service-mesh.md",
		},
		{
			Name: "tag-placeholder", Severity: diag.Warning,
			Summary: "a tag stands for one that nobody thought of yet",
			Why:     "The site gets a page for it, which readers see.",
			Wrong:   "tags: [<tag>]", Right: "tags: [platform]",
		},
		{
			Name: "tag-nearly-same", Severity: diag.Info, Mends: Asks,
			Summary: "two tags differ in case, in a hyphen or in the plural's s",
			Why:     "They are probably meant to be one, and readers of one miss the notes of the other.",
			Wrong:   "tags: [Multi-Cluster]", Right: "tags: [multicluster]",
		},
		{
			Name: "date-future", Severity: diag.Warning,
			Summary: "a note is not published because its date has not come",
			Why:     "As with Hugo, `date` or `publishDate` in the future keeps a note back. A mistake in the year does so, too.",
			Wrong:   "date: 2062-03-26", Right: "date: 2026-03-26",
		},
		{
			Name: "session-many", Severity: diag.Warning,
			Summary: "very many notes are of one session",
			Why:     "Only the first ones are joined: the name of the session is probably used for several.",
		},
		{
			Name: "terms-many", Severity: diag.Warning,
			Summary: "a note has very many tags",
			Why:     "Only the first ones count.",
		},
		{
			Name: "resources-none", Severity: diag.Warning,
			Summary: "a list of files is empty",
			Why:     "No file lies where it looks, or none has a name that it asks for.",
		},
	}
}

// shortcodeRules are those about shortcodes.
func shortcodeRules() []Rule {
	return []Rule{
		{
			Name: "shortcode-unknown", Severity: diag.Warning, Mends: Asks,
			Summary: "there is no shortcode of this name",
			Why:     "What it encloses is shown without it. The [shortcodes](shortcodes.md) that there are can't be extended by templates: one finding says which of a project's own are not run.",
			Wrong:   `{{% buton href="…" %}}Slides{{% /buton %}}`, Right: `{{% button href="…" %}}Slides{{% /button %}}`,
		},
		{
			Name: "shortcode-parameter", Severity: diag.Warning,
			Summary: "a shortcode has no such parameter, or it can't have this value",
			Why:     "The parameter is left out. The finding names those that there are.",
			Wrong:   `{{% button link="…" %}}Slides{{% /button %}}`, Right: `{{% button href="…" %}}Slides{{% /button %}}`,
		},
		{
			Name: "shortcode-unclosed", Severity: diag.Warning,
			Summary: "a shortcode has no end, or an end has no beginning",
			Why:     "What was meant to be in it is shown as text.",
			Wrong:   "{{% notice tip %}}\nText", Right: "{{% notice tip %}}\nText\n{{% /notice %}}",
		},
		{
			Name: "shortcode-deprecated", Severity: diag.Info, Mends: Sure,
			Summary: "a shortcode or a parameter has another name today",
			Why: "Lectern goes on knowing the old one; Hugo and Relearn take such names away after some time. `--fix` writes the new name where it means exactly the same; " +
				"for `tweet` and other embeds, which look different under their new name in Hugo, it asks.",
			Wrong: `{{% tab name="Go" %}}…{{% /tab %}}`, Right: `{{% tab title="Go" %}}…{{% /tab %}}`,
		},
		{
			Name: "html-comment-shortcode", Severity: diag.Info,
			Summary: "a shortcode was commented out the HTML way",
			Why: "Lectern publishes no comments. But Hugo runs shortcodes wherever they stand, so that mistakes in them stop its build and their output is in the page's source. " +
				"Buttons are reported by button-placeholder instead.",
			Wrong: "<!-- {{% notice tip %}}…{{% /notice %}} -->", Right: "{{%/* notice tip */%}}",
		},
		{
			Name: "icon-unknown", Severity: diag.Warning,
			Summary: "there is no icon of this name",
			Why:     "It is left out. The names are those of Font Awesome's free icons.",
		},
		{
			Name: "script-refused", Severity: diag.Warning,
			Summary: "a button would run a script",
			Why:     "The site's Content-Security-Policy forbids it, so it does nothing.",
		},
		{
			Name: "include-missing", Severity: diag.Error,
			Summary: "a file to include is not there",
			Why:     "Its text is missing from the page.",
		},
		{
			Name: "include-refused", Severity: diag.Error,
			Summary: "a file can't be included",
			Why:     "It lies outside of the project, includes itself, or is too large.",
		},
		{
			Name: "include-unlisted", Severity: diag.Info,
			Summary: "a listed note has the text of an unlisted one in it",
			Why:     "Whoever finds the note finds the text, too.",
		},
		{
			Name: "include-private", Severity: diag.Error, Firm: true,
			Summary: "a note is left out because it includes something private",
			Why:     "What is included is published with the note.",
		},
		{
			Name: "openapi", Severity: diag.Warning,
			Summary: "a description of an API can't be shown",
			Why:     "It is linked instead.",
		},
		{
			Name: "layouts-ignored", Severity: diag.Warning,
			Summary: "a project's own templates are not run",
			Why:     "Lectern has its own theme. The finding names the shortcodes that notes use and that would be made of templates.",
		},
	}
}
