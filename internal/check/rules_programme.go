package check

import "lectern/internal/diag"

// programmeRules are those of commands that change a project: `lectern import`
// above all, which reads a conference's programme. They are no part of a check
// of the notes.
func programmeRules() []Rule {
	rule := func(name string, severity diag.Severity, summary, why string) Rule {
		return Rule{Name: "programme-" + name, Severity: severity, Firm: true, Summary: summary, Why: why + " `lectern import` reports it."}
	}
	return []Rule{
		rule("cancelled", diag.Warning, "a session that has a note is cancelled", "The note stays: what a person wrote is never removed."),
		rule("deleted", diag.Info, "the note of a session was removed", "It is not made again."),
		rule("duplicate", diag.Warning, "two sessions of the programme have one id", "The first one counts."),
		rule("encoding", diag.Warning, "the programme is not valid UTF-8", "What can't be read shows as a question mark in a diamond."),
		rule("gone", diag.Warning, "a session that has a note is no longer in the programme", "The note stays."),
		rule("kept", diag.Info, "the programme and a person changed the same thing", "What the person wrote stays."),
		rule("link", diag.Info, "something in the place of a link is no web address", "It is left out."),
		rule("moved", diag.Warning, "a session that has a note was moved to another day", "The note stays where it is, so that its address does."),
		rule("recurrence", diag.Warning, "a session is repeated by a rule", "Only its first time is taken."),
		rule("room", diag.Warning, "a session is in a room that the programme does not name", "The session has no room then."),
		rule("selection", diag.Warning, "a selection asks for what no session has", "It may be misspelt."),
		rule("speaker", diag.Warning, "a speaker is not known, or has no name", "The session lacks that speaker."),
		rule("syntax", diag.Warning, "a part of the programme can't be read", "It is left out."),
		rule("time", diag.Warning, "a session's time can't be read, or can't be", "The session has no time then."),
		rule("title", diag.Warning, "a session has no title", "It is left out."),
		rule("zone", diag.Warning, "the programme's time zone is not known", "Times are taken as they are written."),
		{
			Name: "conflict", Severity: diag.Warning, Firm: true,
			Summary: "two people changed the same lines of a note",
			Why:     "`lectern save` keeps both versions in the note, between marks, and says where: decide, and save again.",
		},
		{
			Name: "menu-moved", Severity: diag.Warning, Firm: true,
			Summary: "a menu of the configuration names a page that is somewhere else now",
			Why:     "The configuration is left as it is, for it may be written in any way. `lectern mv` reports it and says what to write.",
		},
		{
			Name: "nested-repository", Severity: diag.Warning, Firm: true,
			Summary: "a folder of the project is a git repository of its own",
			Why:     "The project's repository has nothing of what is in it. `lectern save` reports it.",
		},
		{
			Name: "recording-source", Severity: diag.Warning, Firm: true,
			Summary: "a part of a list of recordings can't be used",
			Why:     "Such as a video that is private, or a line without a title. `lectern recordings` reports it and goes on with the others.",
		},
	}
}
