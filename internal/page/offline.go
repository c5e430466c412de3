package page

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"lectern/internal/snapshot"
)

// The files by which a site can be installed and read without a network. The
// service worker must lie at the root of what it serves, under a name that
// stays the same.
const (
	workerPath   = "sw.js"
	manifestPath = "manifest.webmanifest"
	// offlinePath lists what a reader can keep; web/src/sw.ts knows it.
	offlinePath = assetFolder + "offline.json"
)

// What a reader can keep: a site with more files is too much for a phone, and
// a bigger file is a recording or a disk image.
const (
	maxOfflineFiles = 5000
	maxOfflineFile  = 25 << 20
)

// offline reports whether the site can be read without a network.
func (p *Pass) offline() bool { return p.r.cfg.Offline && !p.site.Secondary }

// writeWorker renders the service worker: what it says, and its code. A site
// that is not for reading offline has one that takes an older one away.
func (p *Pass) writeWorker(s *sheet) {
	if !p.r.cfg.Offline {
		s.own = append(s.own, workerGone...)
		return
	}
	w := p.r.words
	words := map[string]string{"lang": p.r.lang, "offline": w.offlineTitle, "offlineText": w.offlineText, "home": w.notFoundHome}
	s.own = append(s.own, "self.lectern="...)
	s.own = append(s.own, jsonOf(words)...)
	s.own = append(s.own, ";\n"...)
	s.share(p.r.assets[workerJS].data())
}

// workerGone replaces a service worker that is no longer wanted.
const workerGone = `self.addEventListener("install",()=>self.skipWaiting());` +
	`self.addEventListener("activate",e=>e.waitUntil(caches.delete("lectern "+self.registration.scope).then(()=>self.registration.unregister())));` + "\n"

// webManifest is a web app manifest, as https://www.w3.org/TR/appmanifest/ has it.
type webManifest struct {
	Name        string         `json:"name"`
	ShortName   string         `json:"short_name"`
	Description string         `json:"description,omitempty"`
	Lang        string         `json:"lang"`
	Dir         string         `json:"dir,omitempty"`
	ID          string         `json:"id"`
	StartURL    string         `json:"start_url"`
	Scope       string         `json:"scope"`
	Display     string         `json:"display"`
	Background  string         `json:"background_color"`
	Theme       string         `json:"theme_color"`
	Icons       []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Type    string `json:"type"`
	Sizes   string `json:"sizes"`
	Purpose string `json:"purpose,omitempty"`
}

func (p *Pass) writeManifest(s *sheet) {
	title := p.siteTitle()
	m := webManifest{
		Name: title, ShortName: shortName(title), Description: plain(p.r.cfg.Description), Lang: p.r.lang, Dir: p.r.dir,
		ID: "./", StartURL: "./", Scope: "./", Display: "standalone", Background: paperLight, Theme: readable(cmp.Or(p.r.cfg.Look.Accent, themeAccent), paperLight),
	}
	if p.icon == p.r.assets[iconSVG].path {
		m.Icons = []manifestIcon{
			{Src: p.icon, Type: "image/svg+xml", Sizes: "any"},
			{Src: p.r.assets[iconPNG].path, Type: "image/png", Sizes: "512x512", Purpose: "any maskable"},
		}
	} else {
		m.Icons = []manifestIcon{{Src: p.icon, Type: imageType(p.icon), Sizes: "any"}}
	}
	s.own = append(append(s.own, jsonOf(m)...), '\n')
}

// themeAccent is the theme's own, as web/css/base.css has it.
const themeAccent = "#0b676b"

func imageType(name string) string {
	switch path.Ext(name) {
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	return "image/x-icon"
}

// shortName is what fits below an icon: whole words of at most twelve letters.
func shortName(title string) string {
	const longest = 12
	if len([]rune(title)) <= longest {
		return title
	}
	short := ""
	for word := range strings.FieldsSeq(title) {
		if next := strings.TrimSpace(short + " " + word); len([]rune(next)) <= longest {
			short = next
		} else {
			break
		}
	}
	if short == "" {
		short = string([]rune(title)[:longest])
	}
	return short
}

// jsonOf writes a value that can be written: texts and what is made of them.
func jsonOf(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("page: " + err.Error()) // all such values are this package's own
	}
	return b
}

// OfflineList returns the file that says what of a site a reader may keep on
// the device, of all the site's files; nil where the site is not for that or
// too large for it. What only machines read is not in it, and neither are pages
// that say once more what others say.
func (p *Pass) OfflineList(files []*snapshot.File) *snapshot.File {
	if !p.offline() || len(files) > maxOfflineFiles {
		return nil
	}
	type entry [4]any // address, kilobytes, hash, 1 for a picture: web/src/sw.ts
	skip := map[string]bool{"404.html": true, workerPath: true, "robots.txt": true}
	for _, s := range p.site.All() {
		for _, r := range s.Redirects {
			skip[r.OutPath] = true
		}
	}
	quiet := p.unlistedFolders(skip)
	list := make([]entry, 0, len(files))
	for _, f := range files {
		size := f.Size()
		if skip[f.Path] || size > maxOfflineFile || strings.HasPrefix(f.Path, assetFolder+"cards/") || within(quiet, f.Path) {
			continue
		}
		picture, keep := offlineKind(f.Path)
		if !keep {
			continue
		}
		address := f.Path
		if address == "index.html" || strings.HasSuffix(address, "/index.html") {
			address = strings.TrimSuffix(address, "index.html")
		}
		list = append(list, entry{escapeURLPath(address), (size + 999) / 1000, offlineHash(f), picture})
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a[0].(string), b[0].(string)) })
	body := snapshot.MakeBody(append(jsonOf(map[string]any{"version": 1, "files": list}), '\n'))
	return &snapshot.File{Path: offlinePath, Body: body, Hash: body.Hash()}
}

// offlineHash is by what a reader's device sees that a file has changed; "" for
// one whose name says so already. The list changes with every letter of the
// site, and hashes are what can't be compressed of it: 36 bits suffice.
func offlineHash(f *snapshot.File) string {
	if strings.HasPrefix(f.Path, assetFolder) && strings.Contains(path.Base(f.Path), hex.EncodeToString(f.Hash[:4])) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(f.Hash[:6])[:6]
}

// unlistedFolders adds the files of unlisted pages to skip and returns the
// folders of those that have one: no list may name what lies there.
func (p *Pass) unlistedFolders(skip map[string]bool) map[string]bool {
	folders := map[string]bool{}
	for _, s := range p.site.All() {
		for _, pg := range s.Pages {
			if !pg.Unlisted {
				continue
			}
			skip[pg.OutPath] = true
			if dir, ok := strings.CutSuffix(pg.OutPath, "/index.html"); ok && !pg.Kind.Special() {
				folders[dir] = true
			}
		}
	}
	return folders
}

// within reports whether name lies in one of folders or below it.
func within(folders map[string]bool, name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if folders[dir] {
			return true
		}
	}
	return false
}

// offlineKind says whether a reader keeps a file, and whether it is a picture.
func offlineKind(name string) (picture int, keep bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".css", ".js", ".woff2", ".woff", ".ttf", ".webmanifest":
		return 0, true
	case ".json":
		return 0, strings.HasPrefix(name, assetFolder) // not what machines read
	case ".bin", ".txt":
		return 0, strings.HasPrefix(name, assetFolder+"search/") || path.Base(name) == searchEntry
	case ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico":
		if strings.HasPrefix(name, assetFolder) && !strings.Contains(name[len(assetFolder):], "/") {
			return 0, true // the theme's own
		}
		return 1, true
	}
	return 0, false
}
