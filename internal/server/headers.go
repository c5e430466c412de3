package server

import (
	"path"
	"strings"
)

// Policy is the Content-Security-Policy that fits the theme: scripts, styles
// and fonts are files of the site itself, nothing is inline but style
// attributes (an author's `<img style="width: 50%">` is inert); pictures,
// recordings and embedded players may come from elsewhere through HTTPS.
const Policy = "default-src 'self'; " +
	"style-src 'self'; style-src-attr 'unsafe-inline'; " +
	"img-src 'self' data: https:; media-src 'self' data: https:; frame-src 'self' https:; " +
	"object-src 'none'; base-uri 'self'; form-action 'self' https:; frame-ancestors 'self'"

// FilePolicy is a policy for documents that the author made by other means and
// put beside the notes, such as a deck of slides: they bring scripts and styles
// of their own, inline too. It is for sites whose authors trust each other.
const FilePolicy = "default-src 'self' data: blob: https: 'unsafe-inline'; " +
	"object-src 'none'; base-uri 'self'; frame-ancestors 'self'"

// framePolicy is that of the document diagrams are drawn in: the library
// writes inline styles, so it may, and nothing else, in a frame of its own.
const framePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: https:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// drawingPolicy is that of an SVG that is opened by itself: what an img tag
// would let it do, so no script of its own and nothing from elsewhere.
const drawingPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"

// statusPolicy is that of the page shown while there is no site.
const statusPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// assetDir is where the theme's own files are.
const assetDir = "lectern/"

// isFrame reports whether the site's file at name is the document that
// diagrams are drawn in.
func isFrame(name string) bool {
	base, ok := strings.CutPrefix(name, assetDir+"mermaid-frame")
	return ok && strings.HasSuffix(base, ".html") && !strings.Contains(base, "/")
}

// The values of Cache-Control: ask each time (with the ETag that is cheap), or
// keep for ever what carries its content's hash in its name.
const (
	cacheAsk     = "no-cache"
	cacheForever = "public, max-age=31536000, immutable"
	cacheNever   = "no-store"

	// The same for a site that is not for everybody.
	cacheAskPrivate     = "private, no-cache"
	cacheForeverPrivate = "private, max-age=31536000, immutable"
)

func (s *Server) cacheControl(name string) string {
	switch c := cacheControl(name); {
	case !s.opts.Private:
		return c
	case c == cacheForever:
		return cacheForeverPrivate
	default:
		return cacheAskPrivate
	}
}

func cacheControl(name string) string {
	if base, ok := strings.CutPrefix(name, assetDir); ok && isHashed(path.Base(base)) {
		return cacheForever
	}
	return cacheAsk
}

// isHashed reports whether base has a hash before its extension, set off by a
// dot or a hyphen: eight or more hexadecimal digits, or esbuild's eight or more
// of base 32, digits among them.
func isHashed(base string) bool {
	stem := strings.TrimSuffix(base, path.Ext(base))
	i := strings.LastIndexAny(stem, ".-")
	if i < 0 || len(stem)-i-1 < 8 {
		return false
	}
	hex, b32, digits := true, true, false
	for _, c := range stem[i+1:] {
		hex = hex && ('0' <= c && c <= '9' || 'a' <= c && c <= 'f')
		b32 = b32 && ('2' <= c && c <= '7' || 'A' <= c && c <= 'Z')
		digits = digits || '0' <= c && c <= '9'
	}
	return digits && (hex || b32)
}

// contentType returns the type for a file's name. The table is Lectern's own:
// the system's would give other answers on other machines.
func contentType(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".xml":
		return "application/xml; charset=utf-8"
	case ".rss":
		return "application/rss+xml; charset=utf-8"
	case ".atom":
		return "application/atom+xml; charset=utf-8"
	case ".xhtml":
		return "application/xhtml+xml; charset=utf-8"
	case ".txt", ".log":
		return "text/plain; charset=utf-8"
	case ".md", ".markdown":
		return "text/markdown; charset=utf-8"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".ics":
		return "text/calendar; charset=utf-8"
	case ".vtt":
		return "text/vtt; charset=utf-8"
	case ".yaml", ".yml":
		return "application/yaml"
	case ".toml":
		return "application/toml"
	}
	return mediaType(strings.ToLower(path.Ext(name)))
}

func mediaType(ext string) string {
	switch ext {
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".apng":
		return "image/apng"
	case ".jpg", ".jpeg", ".jfif":
		return "image/jpeg"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".avif":
		return "image/avif"
	case ".heic":
		return "image/heic"
	case ".jxl":
		return "image/jxl"
	case ".bmp":
		return "image/bmp"
	case ".tif", ".tiff":
		return "image/tiff"
	case ".ico":
		return "image/vnd.microsoft.icon"
	case ".mp4", ".m4v":
		return "video/mp4"
	case ".webm":
		return "video/webm"
	case ".ogv":
		return "video/ogg"
	case ".mov":
		return "video/quicktime"
	case ".mp3":
		return "audio/mpeg"
	case ".m4a":
		return "audio/mp4"
	case ".ogg", ".oga", ".opus":
		return "audio/ogg"
	case ".flac":
		return "audio/flac"
	case ".wav":
		return "audio/wav"
	case ".woff":
		return "font/woff"
	case ".woff2":
		return "font/woff2"
	case ".ttf":
		return "font/ttf"
	case ".otf":
		return "font/otf"
	case ".pdf":
		return "application/pdf"
	case ".zip":
		return "application/zip"
	case ".gz", ".tgz":
		return "application/gzip"
	case ".wasm":
		return "application/wasm"
	case ".epub":
		return "application/epub+zip"
	case ".pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	case ".odp":
		return "application/vnd.oasis.opendocument.presentation"
	}
	return "application/octet-stream"
}
