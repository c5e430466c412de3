package config

// languageSettings are the keys about the languages of a site. They are read
// before all others (see variants), for they decide what holds for which
// language.
func languageSettings() []setting {
	keys := []setting{
		{path: "defaultContentLanguage", form: "key of a language", def: "en", doc: "The language of the files whose name and folder say none."},
		{path: "defaultContentLanguageInSubdir", form: "true or false", def: "false", doc: "Publish the default language in a folder of its own as well (`/en/`), as the others are. The site's root then leads there."},
		{path: "disableDefaultLanguageRedirect", form: "true or false", def: "false", doc: "Leave out the page that leads from `/en/` to the root, or from the root to `/en/`."},
		{path: "disableLanguages", form: "list of keys", def: "[]", doc: "Languages that are not published. Their files are none of the site's."},
		{
			path: "languages.<key>", form: "table", def: "none",
			doc: "One language of the site, by its key (`de`): files are in it whose names end with it (`talk.de.md`), or that lie in its `contentDir`. The table may hold any key of this page that is about the site; what it says holds for this language, and its `params` are added to the site's. `baseURL` is the same for all.",
		},
		{path: "languages.<key>.weight", form: "number", def: "none", doc: "The language's place among the others; without one it comes last."},
		{path: "languages.<key>.disabled", form: "true or false", def: "false", doc: "Do not publish the language."},
		{path: "languages.<key>.languageName", form: "text", def: "made of the code", doc: "What its readers call it (`Deutsch`). `label` means the same."},
		{path: "languages.<key>.languageCode", form: "text", def: "made of the key", doc: "The language as BCP 47 writes it (`de-CH`). `locale` means the same."},
		{path: "languages.<key>.languageDirection", form: "ltr or rtl", def: "made of the code", doc: "The direction of its script. `direction` means the same."},
		{path: "languages.<key>.contentDir", form: "folder", def: "made of `contentDir`", doc: "The folder with its notes, where they have one of their own."},
	}
	for i := range keys {
		keys[i].early = true
	}
	return keys
}
