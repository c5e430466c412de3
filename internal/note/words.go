package note

import "strings"

// word returns one of the words that shortcodes bring by themselves, in the
// site's language.
func (o *Options) word(name string) string {
	if o.german() {
		return germanWord(name)
	}
	switch name {
	case "expand":
		return "Expand me…"
	case "deprecated":
		return "deprecated"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// german is true where the site's language is German.
func (o *Options) german() bool {
	lang := strings.ToLower(o.Language)
	return lang == "de" || strings.HasPrefix(lang, "de-")
}

func germanWord(name string) string {
	switch name {
	case "note":
		return "Anmerkung"
	case "tip":
		return "Tipp"
	case "warning":
		return "Warnung"
	case "caution":
		return "Vorsicht"
	case "important":
		return "Wichtig"
	case "expand":
		return "Aufklappen …"
	case "resources":
		return "Dateien"
	case "attachments":
		return "Anhänge"
	case "table":
		return "Tabelle"
	case "method":
		return "Methode"
	case "operations":
		return "Operationen"
	case "path":
		return "Pfad"
	case "summary":
		return "Beschreibung"
	case "specification":
		return "Spezifikation"
	case "deprecated":
		return "veraltet"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
