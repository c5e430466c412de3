package page

import (
	"strconv"
	"strings"
)

// words are the theme's own words in one language. To add a language, add a
// value of it to wordsFor.
type words struct {
	// largePicture leads to a picture's large version.
	largePicture string

	skip, home, menu, closeMenu, contents, onThisPage, breadcrumbs, pager         string
	previous, next, edit, feed, tags, shortcuts, notes                            string
	video, slides, code, speakers, authors, room, track, updated, updatedBy       string
	notFound, notFoundText, notFoundHome, redirected                              string
	languages                                                                     string
	scheme, schemeAuto, schemeLight, schemeDark                                   string
	earlier, later, other                                                         string
	diagram, diagramSource, diagramFailed, diagramLarge, diagramClose             string
	newNote, newVideo, noChanges, sinceVisit                                      string
	offlineTitle, offlineText, offlineRead, offlineAbout                          string
	offlineKeep, offlinePictures, offlineKept                                     string
	offlineForget, offlineFailed                                                  string
	recommended, recommendations, stub, stubText, cancelled, backlinks, readThere string
	printDay, printSite                                                           string
	sessions, addCalendar, calendar, timetable, timesIn, now, noRoom              string
	watch, partOf, filter, tag, allTracks, allRooms, allTags                      string

	searchWords
	formatWords

	nNotes, nSessions, nVideos, nSections, nTerms, nMinutes, nHours plural
	allSections, allTerms                                           plural
	nChanged, nAddedWords, nNewPictures, nNewVideos                 plural
	nMore, nSinceVisit                                              plural

	months [12]string
	// dateForm has the day, the month's name and the year as D, M and Y.
	dateForm string
}

// plural is a phrase for one and for any other number; # stands for the number.
type plural struct{ one, other string }

// of returns the phrase for n.
func (p plural) of(n int) string {
	form := p.other
	if n == 1 {
		form = p.one
	}
	return strings.Replace(form, "#", strconv.Itoa(n), 1)
}

// wordsFor returns the words of the BCP 47 code lang, English where Lectern
// does not speak it.
func wordsFor(lang string) *words {
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if primary == "de" {
		return german()
	}
	w := english()
	w.speakDates(primary)
	return w
}

func english() *words {
	return &words{
		largePicture: "Larger picture",

		skip: "Skip to the text", home: "Home", menu: "Menu", closeMenu: "Close menu",
		contents: "Contents", onThisPage: "On this page", breadcrumbs: "Breadcrumbs", pager: "Previous and next",
		previous: "Previous", next: "Next", edit: "Edit this page", feed: "Feed",
		tags: "Tags", shortcuts: "More", notes: "Notes",
		video: "Video", slides: "Slides", code: "Code", speakers: "Speakers", authors: "Notes by", room: "Room",
		track: "Track", updated: "Updated", updatedBy: "by",
		languages:    "Languages",
		notFound:     "Page not found",
		notFoundText: "There is nothing at this address. The page may have moved, or the link to it has a slip.",
		notFoundHome: "Go to the start page", redirected: "This page has moved to",
		scheme: "Colour scheme", schemeAuto: "automatic", schemeLight: "light", schemeDark: "dark",
		earlier: "Earlier notes", later: "Later notes", other: "Other",
		diagram: "Diagram", diagramSource: "Source of the diagram", diagramFailed: "The diagram could not be drawn", diagramLarge: "Enlarge", diagramClose: "Close",
		newNote: "new", newVideo: "video added", noChanges: "Nothing has changed yet.", sinceVisit: "New",
		nChanged: plural{"# note changed", "# notes changed"}, nAddedWords: plural{"+# word", "+# words"},
		nNewPictures: plural{"# new picture", "# new pictures"}, nNewVideos: plural{"# new video", "# new videos"},
		nMore: plural{"and # more", "and # more"}, nSinceVisit: plural{"# change since your last visit", "# changes since your last visit"},
		offlineTitle: "You are offline", offlineText: "This page was not read before and is not kept on this device.",
		offlineRead:  "Read offline",
		offlineAbout: "Pages that you have read stay on this device and open without a network. You can also keep all of them, for the way home.",
		offlineKeep:  "Keep everything", offlinePictures: "Keep everything with pictures", offlineKept: "Everything is kept on this device, and renewed when you are online.",
		offlineForget: "Remove from this device", offlineFailed: "That did not work. Is the network there, and room on the device?",
		recommended: "Recommended", recommendations: "Recommended talks",
		stub: "Notes to come", cancelled: "Cancelled", stubText: "There are no notes here yet.",
		backlinks: "Mentioned in", readThere: "Read it in the note",
		printDay: "All of this on one page", printSite: "Everything on one page",
		sessions: "Sessions", addCalendar: "Add to calendar", calendar: "Add all of these to a calendar",
		timetable: "Timetable", timesIn: "Times in", now: "Now", noRoom: "No room given", filter: "Show only", tag: "Tag", allTracks: "All tracks", allRooms: "All rooms", allTags: "All tags",
		watch: "Play the recording", partOf: "One person’s notes. All notes of this session:",
		nSessions: plural{"# session", "# sessions"},
		nNotes:    plural{"# note", "# notes"}, nVideos: plural{"# video", "# videos"},
		searchWords: englishSearch(),
		formatWords: formatWords{day: "Day", asPrint: "Print", asMarkdown: "Markdown", asSource: "Source"},
		nSections:   plural{"# section", "# sections"}, nTerms: plural{"# term", "# terms"},
		nMinutes: plural{"# min read", "# min read"}, nHours: plural{"# h read", "# h read"},
		allTerms:    plural{"# term", "All # terms"},
		allSections: plural{"# section", "All # sections"},
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
		dateForm: "D M Y",
	}
}

func german() *words {
	return &words{
		largePicture: "Größeres Bild",

		skip: "Zum Text springen", home: "Start", menu: "Menü", closeMenu: "Menü schließen",
		contents: "Inhalt", onThisPage: "Auf dieser Seite", breadcrumbs: "Brotkrumen", pager: "Zurück und weiter",
		previous: "Zurück", next: "Weiter", edit: "Diese Seite bearbeiten", feed: "Feed",
		tags: "Schlagwörter", shortcuts: "Mehr", notes: "Notizen",
		video: "Video", slides: "Folien", code: "Code", speakers: "Vortragende", authors: "Notizen von", room: "Raum",
		track: "Track", updated: "Aktualisiert", updatedBy: "von",
		languages:    "Sprachen",
		notFound:     "Seite nicht gefunden",
		notFoundText: "Unter dieser Adresse gibt es nichts. Vielleicht ist die Seite umgezogen, oder der Link hat einen Fehler.",
		notFoundHome: "Zur Startseite", redirected: "Diese Seite ist umgezogen:",
		scheme: "Farbschema", schemeAuto: "automatisch", schemeLight: "hell", schemeDark: "dunkel",
		earlier: "Frühere Notizen", later: "Spätere Notizen", other: "Andere",
		diagram: "Diagramm", diagramSource: "Quelltext des Diagramms", diagramFailed: "Das Diagramm konnte nicht gezeichnet werden", diagramLarge: "Vergrößern", diagramClose: "Schließen",
		newNote: "neu", newVideo: "Video dazu", noChanges: "Noch hat sich nichts geändert.", sinceVisit: "Neu",
		nChanged: plural{"# Notiz geändert", "# Notizen geändert"}, nAddedWords: plural{"+# Wort", "+# Wörter"},
		nNewPictures: plural{"# neues Bild", "# neue Bilder"}, nNewVideos: plural{"# neues Video", "# neue Videos"},
		nMore: plural{"und # weitere", "und # weitere"}, nSinceVisit: plural{"# Änderung seit deinem letzten Besuch", "# Änderungen seit deinem letzten Besuch"},
		offlineTitle: "Du bist offline", offlineText: "Diese Seite wurde noch nicht gelesen und liegt nicht auf diesem Gerät.",
		offlineRead:  "Offline lesen",
		offlineAbout: "Gelesene Seiten bleiben auf diesem Gerät und öffnen sich ohne Netz. Du kannst auch alle behalten, für den Heimweg.",
		offlineKeep:  "Alles behalten", offlinePictures: "Alles mit Bildern behalten", offlineKept: "Alles liegt auf diesem Gerät und wird erneuert, wenn du online bist.",
		offlineForget: "Vom Gerät entfernen", offlineFailed: "Das hat nicht geklappt. Ist das Netz da, und Platz auf dem Gerät?",
		recommended: "Empfohlen", recommendations: "Empfohlene Vorträge",
		stub: "Notizen folgen", cancelled: "Abgesagt", stubText: "Hier gibt es noch keine Notizen.",
		backlinks: "Erwähnt in", readThere: "In der Notiz lesen",
		printDay: "All das auf einer Seite", printSite: "Alles auf einer Seite",
		sessions: "Vorträge", addCalendar: "In den Kalender", calendar: "Alle in den Kalender",
		timetable: "Zeitplan", timesIn: "Zeiten in", now: "Jetzt", noRoom: "Ohne Raum", filter: "Nur zeigen", tag: "Schlagwort", allTracks: "Alle Tracks", allRooms: "Alle Räume", allTags: "Alle Schlagwörter",
		watch: "Aufzeichnung abspielen", partOf: "Notizen einer Person. Alle Notizen dazu:",
		nSessions: plural{"# Vortrag", "# Vorträge"},
		nNotes:    plural{"# Notiz", "# Notizen"}, nVideos: plural{"# Video", "# Videos"},
		searchWords: germanSearch(),
		formatWords: formatWords{day: "Tag", asPrint: "Drucken", asMarkdown: "Markdown", asSource: "Quelltext"},
		nSections:   plural{"# Bereich", "# Bereiche"}, nTerms: plural{"# Begriff", "# Begriffe"},
		nMinutes: plural{"# Min. Lesezeit", "# Min. Lesezeit"}, nHours: plural{"# Std. Lesezeit", "# Std. Lesezeit"},
		allTerms:    plural{"# Begriff", "Alle # Begriffe"},
		allSections: plural{"# Bereich", "Alle # Bereiche"},
		months: [12]string{
			"Januar", "Februar", "März", "April", "Mai", "Juni",
			"Juli", "August", "September", "Oktober", "November", "Dezember",
		},
		dateForm: "D. M Y",
	}
}
