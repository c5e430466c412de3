package preview

import (
	"bytes"
	"fmt"
	"strings"
)

// words are what people read, in one language.
type words struct {
	lang                                        string
	preview, branch, pull, merge                string
	differs, same, live, thisLive               string
	added, changed, removed                     string // marks
	onePage, pages                              string
	updating, outdated                          string
	title, intro, nothing, files, more, moreOf  string
	openPage, commit, found, elsewhere, cleaned string
	building, buildingText                      string
	failed, failedText                          string
	reasons                                     [3]string // by Reason
	gone, goneText, none, noneText              string
	missing, missingText, home                  string
	unknown, unknownText, inserted, deleted     string
	leftOut, back                               string
}

var english = words{
	lang: "en", preview: "Preview", branch: "branch", pull: "pull request", merge: "merge request",
	differs: "What differs from the live website", same: "Says the same as the live website", live: "Live website", thisLive: "This page, live",
	added: "new", changed: "changed", removed: "removed", onePage: "page", pages: "pages",
	updating: "A newer commit is being built; this is the one before.", outdated: "The newest commit can’t be built; this is an older one.",
	title: "What differs", intro: "What this preview says otherwise than the live website, as readers see it.",
	nothing: "Every page says the same as on the live website.", files: "Other files", more: "There is more than is shown here.", moreOf: "and %d more",
	openPage: "open", commit: "commit", found: "What the build found", elsewhere: "and %d more in files that are not published",
	cleaned:  "This preview shares its address with the live website, so HTML as authors wrote it, and their scripts, are left out.",
	building: "This preview is being built", buildingText: "It will be here in a moment; this page follows by itself.",
	failed: "This preview can’t be built", failedText: "The log of the server says why.",
	reasons: [3]string{"Its configuration can’t be read.", "It has no notes where the live website has them.", "It is larger than the server has room for."},
	gone:    "This preview is gone", goneText: "Its branch, %s, is no longer there.", none: "There is no such preview", noneText: "Previews are of branches that exist, under names such as feature-x for feature/x.",
	missing: "This preview has no such page", missingText: "It may be on the live website, or in another branch.", home: "Start of the preview",
	unknown: "Not known yet", unknownText: "The repository has not been asked yet what branches it has; this page follows by itself.",
	inserted: "added:", deleted: "removed:", leftOut: "lines that are the same", back: "Back to the preview",
}

var german = words{
	lang: "de", preview: "Vorschau", branch: "Branch", pull: "Pull-Request", merge: "Merge-Request",
	differs: "Was von der Live-Website abweicht", same: "Sagt dasselbe wie die Live-Website", live: "Live-Website", thisLive: "Diese Seite live",
	added: "neu", changed: "geändert", removed: "entfernt", onePage: "Seite", pages: "Seiten",
	updating: "Ein neuerer Commit wird gerade gebaut; dies ist der vorige.", outdated: "Der neueste Commit lässt sich nicht bauen; dies ist ein älterer.",
	title: "Was abweicht", intro: "Was diese Vorschau anders sagt als die Live-Website, so wie es Leser sehen.",
	nothing: "Jede Seite sagt dasselbe wie auf der Live-Website.", files: "Andere Dateien", more: "Es gibt mehr, als hier gezeigt wird.", moreOf: "und %d weitere",
	openPage: "öffnen", commit: "Commit", found: "Was beim Bauen auffiel", elsewhere: "und %d weitere in Dateien, die nicht veröffentlicht sind",
	cleaned:  "Diese Vorschau teilt ihre Adresse mit der Live-Website; HTML, wie Autoren es schrieben, und ihre Skripte fehlen deshalb.",
	building: "Diese Vorschau wird gebaut", buildingText: "Sie ist gleich da; diese Seite lädt sich von selbst neu.",
	failed: "Diese Vorschau lässt sich nicht bauen", failedText: "Das Protokoll des Servers sagt, warum.",
	reasons: [3]string{"Ihre Konfiguration ist nicht lesbar.", "Sie hat dort keine Notizen, wo die Live-Website sie hat.", "Sie ist größer, als der Server Platz hat."},
	gone:    "Diese Vorschau gibt es nicht mehr", goneText: "Ihr Branch, %s, ist nicht mehr da.", none: "Eine solche Vorschau gibt es nicht", noneText: "Vorschauen gibt es von Branches, die da sind, unter Namen wie feature-x für feature/x.",
	missing: "Diese Vorschau hat keine solche Seite", missingText: "Vielleicht steht sie auf der Live-Website oder in einem anderen Branch.", home: "Anfang der Vorschau",
	unknown: "Noch nicht bekannt", unknownText: "Das Repository wurde noch nicht nach seinen Branches gefragt; diese Seite lädt sich von selbst neu.",
	inserted: "hinzugefügt:", deleted: "entfernt:", leftOut: "gleiche Zeilen", back: "Zurück zur Vorschau",
}

// wordsFor are those for a language, such as de-CH.
func wordsFor(lang string) *words {
	if lang, _, _ = strings.Cut(strings.ToLower(lang), "-"); lang == german.lang {
		return &german
	}
	return &english
}

// language is what a document says that it is in.
func language(doc []byte) string {
	head := doc[:min(len(doc), 512)]
	tag, _, _ := bytes.Cut(after(head, "<html"), []byte(">"))
	return attribute(tag, "lang")
}

// ref is how a person calls it.
func (w *words) ref(r Ref) (kind, name string) {
	if b, ok := r.Branch(); ok {
		return w.branch, b
	}
	if n, merge, ok := r.Request(); ok && merge {
		return w.merge, "!" + n
	} else if ok {
		return w.pull, "#" + n
	}
	return "", r.Name
}

// counts says how many pages differ.
func (w *words) counts(d *Difference) string {
	var parts []string
	for _, c := range []struct {
		n    int
		what string
	}{{d.Added, w.added}, {d.Changed, w.changed}, {d.Removed, w.removed}} {
		if c.n == 0 {
			continue
		}
		noun := ""
		if len(parts) == 0 {
			if noun = w.pages + " "; c.n == 1 {
				noun = w.onePage + " "
			}
		}
		parts = append(parts, fmt.Sprintf("%d %s%s", c.n, noun, c.what))
	}
	return strings.Join(parts, ", ")
}
