package check

import "lectern/internal/diag"

// linkRules are those about where links lead.
func linkRules() []Rule {
	return []Rule{
		{
			Name: "external-link", Severity: diag.Error, Mends: Sure,
			Summary: "a link to another site leads nowhere, or has moved (only with `--external`)",
			Why: "`lectern check --external` asks the servers: at most two requests at once to one host, with a pause between them, and it keeps good answers for a week and bad ones for an hour. An address that is gone, or whose host is, is an error; one whose server fails today, a warning; " +
				"one that refuses programs or has moved for good, an info. `--fix` writes a new address that differs in `https`, `www.` or a slash alone, and asks about others. " +
				"Notes that are not published are not asked about: the question would tell the other site of them. `check.external.ignore` in lectern.yaml names addresses to leave out; those of examples (`example.org`) and of your own machine are. What stands behind a `#` is not looked for.",
			Wrong: "[the slides](http://old.example.org/slides)", Right: "[the slides](https://www.example.org/slides/)",
		},
		{
			Name: "link-missing", Severity: diag.Error, Mends: Asks,
			Summary: "a link leads to nothing that is published",
			Why: "Readers who follow it find nothing. A destination is read as the address that a browser would ask for, and then as a file beside the note. " +
				"Where something almost of that name exists, the finding names it.",
			Wrong: "[the talk](../05_mesh)", Right: "[the talk](../05_service-mesh)",
		},
		{
			Name: "link-fragment", Severity: diag.Warning, Mends: Asks,
			Summary: "a link names a heading that its page does not have",
			Why:     "Readers land at the top of the page instead of the passage. Headings get their ids from their words, so they change when the words do.",
			Wrong:   "[the demo](../05_mesh#the-demo)", Right: "[the demo](../05_mesh#demo)",
		},
		{
			Name: "link-relative-depth", Severity: diag.Error, Mends: Sure,
			Summary: "a relative link goes the wrong number of folders up",
			Why: "A note's page is a folder of its own, `/day1/04_x/`, so its neighbour is `../05_y`; a folder's own note, `_index.md`, is at `/day1/`, and the same neighbour is `./05_y`. " +
				"Where the link leads nowhere and one other number of `../` is right, `--fix` writes it. " +
				"In a project of Hugo's shape a milder finding (info) says that a link or a picture is found beside the file alone: Lectern shows it, but from the page's address, where Hugo and browsers look, it leads nowhere.",
			Wrong: "in day1/_index.md: [Mesh](../05_mesh)", Right: "in day1/_index.md: [Mesh](./05_mesh)",
		},
		{
			Name: "link-placeholder", Severity: diag.Warning,
			Summary: "a link leads to a word that stands for an address",
			Why:     "It was written to be filled in later: `todo:`, `TODO`, `url`, `https://…`.",
			Wrong:   "[slides](todo:)", Right: "[slides](https://example.org/slides.pdf)",
		},
		{
			Name: "link-ambiguous", Severity: diag.Error,
			Summary: "a link could mean two different things",
			Why:     "It is the address of one page and the file of another, or several notes have the name that it gives. What was taken may not be what was meant.",
			Wrong:   `{{% ref "intro" %}}`, Right: `{{% ref "day1/intro" %}}`,
		},
		{
			Name: "link-language", Severity: diag.Info,
			Summary: "a link leads to a page in another language",
			Why:     "The page is not there in the note's own language, so readers get the other one.",
		},
		{
			Name: "link-unpublished", Severity: diag.Warning,
			Summary: "a link leads to a draft, or to a note whose time has not come or is over",
			Why:     "Readers see the link's text, but can't follow it until the note is published.",
		},
		{
			Name: "private-leak", Severity: diag.Warning,
			Summary: "a public note links to something private",
			Why: "The link's address is left out of the page, but its text is there: it may say more than readers are to know, and the note's source, where that is public, names the private file. " +
				"A note whose front matter can't be read counts as private, too.",
			Wrong: "I wrote down [what they pay](./salaries)", Right: "I have further notes about this.",
		},
		{
			Name: "url-duplicate", Severity: diag.Error, Firm: true,
			Summary: "two pages or files would have the same address",
			Why:     "Only one can be there; the other one is left out.",
			Wrong:   "url: /talks/ in two notes",
		},
		{
			Name: "alias-duplicate", Severity: diag.Warning,
			Summary: "an alias is the address of something else",
			Why:     "The page or the redirect that is there first stays; the alias is left out.",
		},
		{
			Name: "alias-unportable", Severity: diag.Warning,
			Summary: "an alias can't be a file's name everywhere",
			Why:     "Some system that a site is built or served on can't have the characters in it, so the alias is left out.",
		},
	}
}

// pictureRules are those about pictures.
func pictureRules() []Rule {
	return []Rule{
		{
			Name: "image-missing", Severity: diag.Error, Mends: Asks,
			Summary: "a picture is not there",
			Why:     "Readers see its alternative text and a broken frame. A picture is looked for at its address and beside the note's file.",
			Wrong:   "![the stack](./_img/stak.png)", Right: "![the stack](./_img/stack.png)",
		},
		{
			Name: "image-alt", Severity: diag.Warning,
			Summary: "a picture has no alternative text, or one that is a file's name",
			Why:     "Who can't see the picture, and every search, has the alternative text alone. Say in a few words what the picture shows. In HTML, `alt=\"\"` says that it only decorates.",
			Wrong:   "![](./_img/stack.png)", Right: "![four layers, from hardware to applications](./_img/stack.png)",
		},
		{
			Name: "image-location", Severity: diag.Info,
			Summary: "a photo says where it was taken",
			Why: "Cameras write the place into the file. Lectern leaves it out of what it publishes, but it stays in the file, and in a public repository everybody can read it. " +
				"`exiftool -gps:all= photo.jpg` takes it out.",
		},
		{
			Name: "image-unused", Severity: diag.Info,
			Summary: "no note shows a picture",
			Why:     "In a project of Hugo's shape it is published all the same. Pictures in static folders, and those that themes look for by name (`featured…`, `cover…`), are not looked at.",
		},
		{
			Name: "image-too-large", Severity: diag.Warning,
			Summary: "a picture has very many bytes",
			Why:     "Readers get smaller copies where they can, but who opens the picture loads it whole, and everybody who clones the repository does. `check.imageSize` in lectern.yaml says how large it may be (2MB).",
		},
		{
			Name: "picture-broken", Severity: diag.Warning,
			Summary: "a picture's file is broken",
			Why:     "Browsers show a part of it, or nothing.",
		},
		{
			Name: "picture-bomb", Severity: diag.Warning,
			Summary: "a picture claims more pixels than browsers can show",
			Why:     "It is linked instead of shown.",
		},
		{
			Name: "picture-heic", Severity: diag.Warning,
			Summary: "a picture is in the format of iPhones, which most browsers can't show",
			Why:     "It is linked instead of shown. Export it as JPEG.",
		},
		{
			Name: "logo-missing", Severity: diag.Warning,
			Summary: "the configured logo is not among the site's files",
			Why:     "The site's title stands alone.",
		},
	}
}
