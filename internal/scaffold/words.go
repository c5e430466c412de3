package scaffold

import "strings"

// words are what a new note says before anyone wrote in it.
type words struct {
	day, unscheduled, abstract, video, slides string
}

// words are those of a file's language.
func (im *importer) words(file string) words {
	if im.project.Language == nil {
		return wordsOf("")
	}
	return wordsOf(im.project.Language(file))
}

func wordsOf(language string) words {
	if lang, _, _ := strings.Cut(strings.ToLower(language), "-"); lang == "de" {
		return words{"Tag", "Ohne Termin", "Zusammenfassung", "Aufzeichnung ansehen", "Folien"}
	}
	return words{"Day", "Unscheduled", "Abstract", "Watch the recording", "Slides"}
}
