package page

import (
	"embed"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// assetID names one of the files that pages load.
type assetID int

// The theme's files. What only some pages need is a file of its own.
const (
	themeCSS assetID = iota
	codeCSS
	mathCSS
	themeJS
	iconSVG
	mermaidLoaderJS
	mermaidFrameHTML
	mermaidFrameJS
	mermaidJS
	partsCSS
	tabsJS
	timetableCSS
	nowJS
	changesCSS
	changesJS
	playerJS
	offlineJS
	workerJS
	iconPNG
	filterCSS
	filterJS
	searchJS
	searchCSS
	assetCount
)

// assetName returns the file's name in assets/.
func assetName(id assetID) string {
	return [assetCount]string{
		themeCSS:         "theme.css",
		codeCSS:          "code.css",
		mathCSS:          "math.css",
		themeJS:          "theme.js",
		iconSVG:          "icon.svg",
		mermaidLoaderJS:  "mermaid-loader.js",
		mermaidFrameHTML: "mermaid-frame.html",
		mermaidFrameJS:   "mermaid-frame.js",
		mermaidJS:        "mermaid.min.js",
		partsCSS:         "shortcodes.css",
		tabsJS:           "shortcodes.js",
		timetableCSS:     "timetable.css",
		nowJS:            "now.js",
		changesCSS:       "changes.css",
		changesJS:        "changes.js",
		playerJS:         "player.js",
		offlineJS:        "offline.js",
		workerJS:         "sw.js",
		iconPNG:          "icon.png",
		filterCSS:        "filter.css",
		filterJS:         "filter.js",
		searchJS:         "search.js",
		searchCSS:        "search.css",
	}[id]
}

// assetFolder is where a site has them.
const assetFolder = "lectern/"

// assetFiles and assetManifest are what web/gen made. The manifest has a line
// for each file: SHA-256, name, published name. The library for diagrams has
// megabytes, and is not copied as a file system's files are when they are read.
var (
	//go:embed assets/*.css assets/[^m]*.js assets/mermaid-*.js assets/*.html assets/*.svg assets/*.png
	assetFiles embed.FS
	//go:embed assets/mermaid.min.js
	diagramLibrary []byte
	//go:embed assets/manifest.txt
	assetManifest string
)

// asset is one file: where it is published (with a part of its hash in the
// name, so that it may be cached for ever), the SHA-256 of its content, and
// the content, which is read when a site needs it.
type asset struct {
	path string
	hash snapshot.Digest
	data func() []byte
}

// readManifest returns the table of assets. That each of them is in it and is
// what it says is for a test to see: both are made together, before the build.
func readManifest() *[assetCount]asset {
	var table [assetCount]asset
	for line := range strings.Lines(assetManifest) {
		f := strings.Fields(line)
		if len(f) != 3 {
			continue
		}
		for id := range assetCount {
			name := assetName(id)
			if f[1] != name {
				continue
			}
			a := asset{path: assetFolder + f[2]}
			if sum, err := hex.DecodeString(f[0]); err == nil {
				copy(a.hash[:], sum)
			}
			a.data = sync.OnceValue(func() []byte {
				if id == mermaidJS {
					return diagramLibrary
				}
				b, err := assetFiles.ReadFile("assets/" + name)
				if err != nil { // go:embed found it when this was compiled
					panic("page: " + err.Error())
				}
				return b
			})
			table[id] = a
		}
	}
	return &table
}

// Assets returns the style sheets, scripts and libraries that the site's pages
// load, by their hashed names under lectern/. What no page needs is not there.
func (p *Pass) Assets() []*snapshot.File {
	ids := []assetID{themeCSS, themeJS}
	if p.icon == p.r.assets[iconSVG].path {
		ids = append(ids, iconSVG)
	}
	var code, diagrams, parts, tabs, times, videos, formulas, filters bool
	for _, pg := range p.site.Pages {
		if pg.Note != nil {
			code = code || pg.Note.HasCode
			diagrams = diagrams || pg.Note.HasMermaid
			parts = parts || pg.Note.HasParts
			tabs = tabs || pg.Note.HasTabGroups
			videos = videos || playable(pg.Note)
			formulas = formulas || pg.Note.HasMath
		}
		filters = filters || (&view{r: p.r, pass: p, w: p.r.words, page: pg}).hasFilter()
		times = times || pg.Kind == site.Timetable
	}
	if videos {
		ids = append(ids, playerJS)
	}
	if filters {
		ids = append(ids, filterCSS, filterJS)
	}
	if times {
		ids = append(ids, timetableCSS, nowJS)
	}
	ids = append(ids, p.searchAssets()...)
	if code {
		ids = append(ids, codeCSS)
	}
	if formulas {
		ids = append(ids, mathCSS)
	}
	if diagrams {
		ids = append(ids, mermaidLoaderJS, mermaidFrameHTML, mermaidFrameJS, mermaidJS)
	}
	if parts {
		ids = append(ids, partsCSS)
	}
	if tabs {
		ids = append(ids, tabsJS)
	}
	if p.changesPage() != nil {
		ids = append(ids, changesCSS, changesJS)
	}
	if p.offline() {
		ids = append(ids, offlineJS)
		if p.icon == p.r.assets[iconSVG].path {
			ids = append(ids, iconPNG)
		}
	}
	files := make([]*snapshot.File, len(ids))
	for i, id := range ids {
		a := &p.r.assets[id]
		files[i] = &snapshot.File{Path: a.path, Hash: a.hash, Body: snapshot.MakeBody(a.data())}
	}
	return files
}

// findIcon returns the path of the site's icon: the author's, where Hugo's
// themes and browsers look for one, or else the theme's.
func (p *Pass) findIcon() string {
	for _, name := range [...]string{
		"favicon.svg", "images/favicon.svg", "images/logo.svg", "favicon.png", "images/favicon.png", "favicon.ico", "images/favicon.ico",
	} {
		_, found := slices.BinarySearchFunc(p.site.Files, name, func(f *site.File, name string) int {
			return strings.Compare(f.OutPath, name)
		})
		if found {
			return name
		}
	}
	return p.r.assets[iconSVG].path
}
