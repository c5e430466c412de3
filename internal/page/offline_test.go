package page

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"lectern/internal/snapshot"
)

func made(path, text string) *snapshot.File {
	body := snapshot.MakeBody([]byte(text))
	return &snapshot.File{Path: path, Body: body, Hash: body.Hash()}
}

// A reader keeps what a reader sees: no feeds, nothing twice, and pictures apart.
func TestOfflineList(t *testing.T) {
	cfg := testConfig()
	cfg.Offline = true
	p := New(cfg, Options{}).Pass(smallSite(cfg))
	files := []*snapshot.File{
		made("index.html", "home"), made("day1/index.html", "day"), made("day1/a b.png", "picture"), made("index.xml", "feed"),
		made("404.html", "missing"), made("sw.js", "worker"), made("day1/print/index.html", "again"), made("old/opening.html", "moved"),
		made("lectern/theme.abc.css", "style"), made("lectern/icon.abc.svg", "icon"), made("lectern/search/a.bin", "words"), made("search-index.bin", "names"), made("a.txt", "not mine"), made("index.json", "machines"),
		made("lectern/cards/x.png", "card"), made("lectern/pictures/x.jpg", "small"), made("talk.mp4", "video"),
		made("day2/secret/index.html", "unlisted"), made("day2/secret/photo.jpg", "unlisted"),
	}
	f := p.OfflineList(files)
	var list struct{ Files [][4]any }
	if err := json.Unmarshal(f.Body.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list.Files {
		got = append(got, fmt.Sprint(e[0], e[3]))
	}
	want := "0 day1/0 day1/a%20b.png1 lectern/icon.abc.svg0 lectern/pictures/x.jpg1 lectern/search/a.bin0 lectern/theme.abc.css0 search-index.bin0"
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got  %q\nwant %q", g, want)
	}
	if e := list.Files[0]; e[1] != 1.0 || len(e[2].(string)) != 6 {
		t.Errorf("home is %v", e)
	}
	// A name with the content's hash needs no other.
	named := made("", "words")
	named.Path = "lectern/search/w." + hex.EncodeToString(named.Hash[:4]) + ".bin"
	if text := string(p.OfflineList([]*snapshot.File{named}).Body.Bytes()); !strings.Contains(text, `.bin",1,"",0]`) {
		t.Errorf("the list is %s", text)
	}
	for range maxOfflineFiles {
		files = append(files, made("x", ""))
	}
	if p.OfflineList(files) != nil {
		t.Error("a site that no phone can hold is offered to one")
	}
}

// Where nobody shall read offline, what earlier visits kept is taken away.
func TestNotOffline(t *testing.T) {
	cfg := testConfig()
	out := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	if !strings.Contains(out["sw.js"], "unregister()") || !strings.Contains(out["sw.js"], "caches.delete") {
		t.Errorf("the service worker stays: %s", out["sw.js"])
	}
	if out["manifest.webmanifest"] != "" || strings.Contains(out["index.html"], "manifest") || strings.Contains(out["index.html"], "offline") {
		t.Error("the site can be installed")
	}
}

func TestWebManifest(t *testing.T) {
	cfg := testConfig()
	cfg.Offline, cfg.Language = true, "de"
	cfg.Look.Accent = "#ffff00"
	out := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	var m webManifest
	if err := json.Unmarshal([]byte(out["manifest.webmanifest"]), &m); err != nil {
		t.Fatal(err)
	}
	if m.Name != "GopherCamp & Friends" || m.ShortName != "GopherCamp &" || m.Lang != "de" || m.Scope != "./" || len(m.Icons) != 2 {
		t.Errorf("got %+v", m)
	}
	if contrast(parseHex(m.Theme), parseHex("#ffffff")) < 4.5 {
		t.Errorf("white words on %s can't be read", m.Theme)
	}
	if !strings.HasPrefix(out["sw.js"], `self.lectern={"home":"Zur Startseite","lang":"de","offline":"Du bist offline"`) {
		t.Errorf("the service worker does not speak German: %.80s", out["sw.js"])
	}
	if !strings.Contains(out["day1/01_opening/index.html"], `<link rel="manifest" href="../../manifest.webmanifest">`) {
		t.Error("a note does not name the manifest")
	}
}
