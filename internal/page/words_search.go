package page

// searchWords are the words of search.
type searchWords struct {
	search, searchType, searchNone, searchMore, searchKeys, searchPage string
	searchFailed, searchNoScript                                       string
	// markQuestions and markPeople name what stands below headings of these meanings.
	markQuestions, markPeople string
	nResults                  plural
}

func englishSearch() searchWords {
	return searchWords{
		search: "Search", searchType: "Search titles, people, tags and text", searchNone: "Nothing found for “#”.",
		searchMore: "More results", searchKeys: "↑ ↓ choose · Enter opens · Esc closes", searchPage: "As a page",
		searchFailed:   "The search could not be loaded. Is there a connection?",
		searchNoScript: "Searching needs JavaScript, which is off in this browser. Everything can be found from here as well:",
		markQuestions:  "Q&A", markPeople: "People met",
		nResults: plural{"# result", "# results"},
	}
}

func germanSearch() searchWords {
	return searchWords{
		search: "Suche", searchType: "Titel, Personen, Schlagwörter und Text durchsuchen", searchNone: "Nichts gefunden für „#“.",
		searchMore: "Weitere Treffer", searchKeys: "↑ ↓ wählen · Eingabe öffnet · Esc schließt", searchPage: "Als Seite",
		searchFailed:   "Die Suche konnte nicht geladen werden. Besteht eine Verbindung?",
		searchNoScript: "Die Suche braucht JavaScript, das in diesem Browser aus ist. Von hier aus ist auch so alles zu finden:",
		markQuestions:  "Fragen", markPeople: "Begegnungen",
		nResults: plural{"# Treffer", "# Treffer"},
	}
}
