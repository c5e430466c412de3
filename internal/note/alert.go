package note

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// alert writes a quotation that begins with [!TYPE]: GitHub's alerts and
// Obsidian's callouts.
func (r *render) alert(n *ast.Blockquote, title *alertTitle) {
	if title.style == "todo" && r.p.opts.HideTodos {
		return
	}
	t, known := r.alertTone(title.style)
	b := box{tone: t, icon: r.defaultIcon(t.look.icon), fold: title.fold != 0, open: title.fold == '+'}
	switch {
	case title.HasChildren():
		b.title = func(r *render) { r.children(title) }
	case t.look.title != "":
		b.title = func(r *render) { r.literalText(t.look.title) }
	case !known:
		b.title = func(r *render) { r.literalText(strings.ToUpper(title.style[:1]) + title.style[1:]) }
	}
	if body := title.NextSibling(); body != nil {
		b.body = func(r *render) { r.siblings(body) }
	} else {
		b.fold = false // there is nothing to unfold
	}
	r.box(b)
}

// alertTone is how an alert of the type typ shows: by a style of the site's own
// or the theme's, by Obsidian's types, by a colour. All others, which Obsidian
// allows too, show as notes under their own name.
func (r *render) alertTone(typ string) (t tone, known bool) {
	if t, ok := r.styleNamed(typ); ok {
		return t, true
	}
	if style, icon := calloutLook(typ); style != "" {
		return tone{style: style, look: look{r.p.opts.calloutTitle(typ), icon}}, true
	}
	t = tone{style: "default"}
	wrong := false
	if r.paint(&t, typ, func() { wrong = true }); !wrong {
		return t, true
	}
	t, _ = r.styleNamed("note")
	t.look.title = ""
	return t, false
}

// calloutLook is the style and the icon of Obsidian's types and their aliases,
// as far as they are no styles of the theme.
func calloutLook(typ string) (style, icon string) {
	switch typ {
	case "abstract", "summary", "tldr":
		return "cyan", "clipboard-list"
	case "todo":
		return "blue", "circle-check"
	case "hint":
		return "tip", "lightbulb"
	case "success", "check", "done":
		return "green", "check"
	case "question", "help", "faq":
		return "orange", "circle-question"
	case "attention":
		return "warning", "triangle-exclamation"
	case "failure", "fail", "missing":
		return "red", "xmark"
	case "danger", "error":
		return "red", "bolt"
	case "bug":
		return "red", "bug"
	case "example":
		return "magenta", "list"
	case "quote", "cite":
		return "grey", "quote-left"
	}
	return "", ""
}

// calloutTitle is the title of a callout that has none: its type.
func (o *Options) calloutTitle(typ string) string {
	if o.german() {
		switch typ {
		case "abstract", "summary", "tldr":
			return "Zusammenfassung"
		case "todo":
			return "Zu tun"
		case "hint":
			return "Hinweis"
		case "success":
			return "Erfolg"
		case "check":
			return "Geprüft"
		case "done":
			return "Erledigt"
		case "question":
			return "Frage"
		case "help":
			return "Hilfe"
		case "faq":
			return "Häufige Fragen"
		case "attention":
			return "Achtung"
		case "failure", "fail":
			return "Fehlschlag"
		case "missing":
			return "Fehlt"
		case "danger":
			return "Gefahr"
		case "error", "bug":
			return "Fehler"
		case "example":
			return "Beispiel"
		case "quote", "cite":
			return "Zitat"
		}
	}
	switch typ {
	case "tldr":
		return "TL;DR"
	case "faq":
		return "FAQ"
	}
	return strings.ToUpper(typ[:1]) + typ[1:]
}

// attribution writes who said what is quoted, from the attributes below a
// quotation: {author="…" source="…" href="…"}, as Relearn has them.
func (r *render) attribution(n *ast.Blockquote) {
	author, source := r.quoteAttr(n, "author"), r.quoteAttr(n, "source")
	if author == "" && source == "" {
		return
	}
	r.str(`<footer class="quote-by">`)
	end := func() {}
	if href := r.quoteAttr(n, "href"); href != "" && r.allowed(href) {
		end = r.openLink(destination{url: href, kind: Anchor, off: r.doc.offset(max(n.Pos(), 0))}, "")
	}
	off := r.doc.offset(max(n.Pos(), 0))
	if author != "" {
		r.title(arg{value: author, off: off})
	}
	if author != "" && source != "" {
		r.str(", ")
		r.say([]byte(", "))
	}
	if source != "" {
		r.str("<cite>")
		r.title(arg{value: source, off: off})
		r.str("</cite>")
	}
	end()
	r.str("</footer>\n")
	r.gap()
}

func (r *render) quoteAttr(n *ast.Blockquote, name string) string {
	v, ok := n.AttributeString(name)
	if !ok {
		return ""
	}
	return string(bytes.TrimSpace(r.attrValue(v)))
}
