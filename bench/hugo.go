package main

// The barest site that Hugo can make of the same notes: one page for each,
// with a menu of its day and nothing else.
const hugoConfig = `baseURL = "https://notes.example.org/"
title = "Field notes"
languageCode = "en"

[markup.goldmark.renderer]
  unsafe = true
[markup.highlight]
  noClasses = false
`

const barePage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body>
{{ with .CurrentSection }}<nav>{{ range .Pages.ByWeight }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>
{{ end }}</nav>{{ end }}
<article><h1>{{ .Title }}</h1>
{{ .Content }}</article>
</body>
</html>
`

const bareButton = `<a class="button" href="{{ .Get "href" }}">{{ .Inner }}</a>`

// hugoLayouts are files below layouts/, which Lectern does not read.
func hugoLayouts() map[string]string {
	return map[string]string{
		"_default/single.html":   barePage,
		"_default/list.html":     barePage,
		"shortcodes/button.html": bareButton,
	}
}
