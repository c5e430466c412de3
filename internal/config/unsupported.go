package config

import "strings"

// unsupported warns of settings of Hugo's that would change addresses or
// texts and that Lectern does not follow. Saying nothing would leave their
// author to find out from the published site.
func (l *loader) unsupported(root *table) {
	on := func(path, message, hint string) {
		if v := root.get(path); v != nil {
			if b, ok := v.asBool(); !ok || b {
				l.warn(v.at, ruleUnsupported, hint, "%s", message)
			}
		}
	}
	on("markup.highlight.guesssyntax", "highlight.guessSyntax is not supported", "name the language behind the fence")
	on("markup.highlight.anchorlinenos", "highlight.anchorLineNos is not supported", "")
	on("cascade", "cascade is not supported: what it sets does not reach the notes", "write it into the notes' front matter")
	if v := root.get("markup.defaultmarkdownhandler"); v != nil {
		if s, ok := v.asText(); ok && s != "" && s != "goldmark" {
			l.warn(v.at, ruleUnsupported, "", "there is no Markdown handler %q: goldmark is used", clip(s))
		}
	}
	for _, field := range []string{"date", "lastmod", "publishdate", "expirydate"} {
		v := root.get("frontmatter." + field)
		if v == nil {
			continue
		}
		for _, item := range append([]*value{v}, v.list...) {
			if s, ok := item.asText(); ok && strings.EqualFold(s, ":filename") {
				l.warn(item.at, ruleUnsupported, "write dates into the notes' front matter", "dates and slugs from file names are not supported")
			}
		}
	}
	l.mounts(root)
}

// mounts takes content and static folders from Hugo's module.mounts; a mount
// to anywhere below them is not supported.
func (l *loader) mounts(root *table) {
	mounts := root.get("module.mounts")
	if mounts == nil {
		return
	}
	var statics []*value
	for _, m := range mounts.list {
		if m.table == nil {
			continue
		}
		source, target := m.table.get("source"), m.table.get("target")
		if source == nil || target == nil {
			continue
		}
		to, _ := target.asText()
		switch {
		case to == "content":
			root.put("contentDir", source.at, source)
		case to == "static":
			statics = append(statics, source)
		case strings.HasPrefix(to, "content/"), strings.HasPrefix(to, "static/"):
			l.warn(m.at, ruleUnsupported, "move the files to where they are mounted", "a mount to %s is not supported", clip(to))
		}
	}
	if statics != nil {
		root.put("staticDir", mounts.at, &value{at: mounts.at, list: statics, isList: true})
	}
}
