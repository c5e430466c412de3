package gitrepo

import "testing"

func TestWebAddress(t *testing.T) {
	for remote, want := range map[string]string{
		"git@forge.example.org:talks/notes.git":             "https://forge.example.org/talks/notes",
		"ssh://git@forge.example.org:2222/talks/notes.git":  "https://forge.example.org/talks/notes",
		"https://noor:secret@forge.example.org/talks/notes": "https://forge.example.org/talks/notes",
		"https://forge.example.org:8443/talks/notes.git/":   "https://forge.example.org:8443/talks/notes",
		"/home/noor/notes.git":                              "",
		"../notes":                                          "",
		"C:\\notes":                                         "",
		"file:///home/noor/notes":                           "",
		"":                                                  "",
	} {
		if got := webAddress(remote); got != want {
			t.Errorf("%s: %q, want %q", remote, got, want)
		}
	}
}

func TestDiffers(t *testing.T) {
	for status, want := range map[string]bool{
		"": false, "?? site.tar\x00": false, "?? public/index.html\x00": false,
		"?? day1/new.md\x00": true, " M day1/talk.md\x00": true, "D  gone.png\x00": true,
		"?? a.png\x00 M b.md\x00": true,
	} {
		if got := differs(status); got != want {
			t.Errorf("%q: %v", status, got)
		}
	}
}
