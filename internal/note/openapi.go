package note

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// specs are the shortcodes that show an interface's description.
func specs() []*shortcode {
	return []*shortcode{{
		name: "openapi", aliases: []string{"swagger"}, inner: innerOptional, raw: true, block: true,
		about:  "An OpenAPI (Swagger) description: a link to it, and for one in the project a table of its operations.",
		params: []param{{name: "src", pos: 1, aliases: []string{"url"}}},
		show:   (*render).openapi,
	}}
}

// The limits of a description.
const (
	maxSpec       = 4 << 20
	maxSpecYAML   = 1 << 20
	maxSpecValues = 200_000
	maxOperations = 2000
)

// spec is what is shown of a description.
type spec struct {
	title, version, about string
	servers               []string
	groups                []operations
	// cut is how many operations are not shown.
	cut int
}

// operations are those with one tag.
type operations struct {
	tag  string
	list []operation
}

type operation struct {
	method, path, summary string
	deprecated            bool
}

func (r *render) openapi(c *call) {
	src, given := c.arg("src")
	src.value = strings.TrimSpace(src.value)
	inner := bytes.TrimSpace(r.rawInner(c))
	switch {
	case src.value == "" && len(inner) == 0:
		if !given {
			src.off = c.start
		}
		r.report(diag.Warning, ruleParameter, src.off, "openapi needs the address of a description", c.def.usage())
	case src.value == "":
		if s, ok := readSpec(inner, ""); ok {
			r.spec(s, nil, c.start)
			return
		}
		r.report(diag.Warning, ruleSpec, c.start, "this is no OpenAPI description in JSON or YAML", "")
		r.code("", inner, r.codeOptions())
	case external(src.value):
		r.spec(spec{}, &src, c.start)
	default:
		r.localSpec(src)
	}
}

// localSpec shows a description that is a file of the project.
func (r *render) localSpec(src arg) {
	file, _, _ := strings.Cut(src.value, "?")
	file, _, _ = strings.Cut(file, "#")
	var s spec
	if r.open != nil {
		o := r.n.take(r.open, file, maxSpec)
		ok := false
		switch {
		case errors.Is(o.Err, fs.ErrNotExist): // the link will say so
		case o.Err != nil:
			rule, message, hint := refusal(o.Err, file)
			r.report(diag.Error, rule, src.off, message, hint)
		default:
			if s, ok = readSpec(o.Data, path.Ext(o.Path)); !ok {
				r.report(diag.Warning, ruleSpec, src.off, "\""+file+"\" is no OpenAPI description in JSON or YAML, or too large to be shown", "")
			}
		}
	}
	r.spec(s, &src, src.off)
}

// readSpec reads a description. It is not ok if it is none.
func readSpec(data []byte, ext string) (s spec, ok bool) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	doc := map[string]any{}
	switch {
	case bytes.HasPrefix(data, []byte("{")) && ext != ".yaml" && ext != ".yml":
		if json.Unmarshal(data, &doc) != nil {
			return s, false
		}
	case len(data) > maxSpecYAML:
		return s, false
	default:
		fields, err := readYAMLUpTo(data, 1, maxSpecValues)
		if err != nil {
			return s, false
		}
		for _, f := range fields {
			doc[f.name] = f.value
		}
	}
	_, openapi := doc["openapi"]
	_, swagger := doc["swagger"]
	if !openapi && !swagger {
		return s, false
	}
	info := below(doc, "info")
	s = spec{title: textAt(info, "title"), version: textAt(info, "version"), about: firstParagraph(textAt(info, "description"))}
	s.servers = serversOf(doc)
	s.operations(doc)
	return s, true
}

func textAt(m map[string]any, name string) string { return strings.TrimSpace(paramText(m[name])) }

func firstParagraph(s string) string {
	s, _, _ = strings.Cut(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n")
	return strings.Join(strings.Fields(s), " ")
}

// serversOf lists where the interface is, as version 3 or 2 has it.
func serversOf(doc map[string]any) []string {
	var out []string
	list, _ := doc["servers"].([]any)
	for _, item := range list {
		if m, ok := item.(map[string]any); ok && textAt(m, "url") != "" && len(out) < 20 {
			out = append(out, textAt(m, "url"))
		}
	}
	base := textAt(doc, "basePath") + textAt(doc, "basepath")
	if host := textAt(doc, "host"); host != "" {
		out = append(out, host+base)
	}
	return out
}

// operations gathers the operations by their first tags, in the tags' order.
func (s *spec) operations(doc map[string]any) {
	methods := []string{"get", "post", "put", "patch", "delete", "head", "options", "trace"}
	paths := below(doc, "paths")
	at := map[string]int{}
	group := func(tag string) int {
		i, ok := at[tag]
		if !ok {
			i = len(s.groups)
			at[tag] = i
			s.groups = append(s.groups, operations{tag: tag})
		}
		return i
	}
	tags, _ := doc["tags"].([]any)
	for _, t := range tags {
		if m, ok := t.(map[string]any); ok && len(s.groups) < maxOperations {
			group(textAt(m, "name"))
		}
	}
	n := 0
	for _, p := range sortedKeys(paths) {
		item, _ := paths[p].(map[string]any)
		for _, method := range methods {
			op, ok := item[method].(map[string]any)
			if !ok {
				continue
			}
			if n++; n > maxOperations {
				s.cut++
				continue
			}
			tag := ""
			if list, _ := op["tags"].([]any); len(list) > 0 {
				tag = strings.TrimSpace(paramText(list[0]))
			}
			summary := textAt(op, "summary")
			if summary == "" {
				summary = firstParagraph(textAt(op, "description"))
			}
			if summary == "" {
				summary = textAt(op, "operationId")
			}
			i := group(tag)
			s.groups[i].list = append(s.groups[i].list, operation{strings.ToUpper(method), p, summary, op["deprecated"] == true})
		}
	}
	s.groups = slices.DeleteFunc(s.groups, func(g operations) bool { return len(g.list) == 0 })
}

// spec writes what is shown of a description, and the link to it. It stands at
// off in the note.
func (r *render) spec(s spec, src *arg, off int) {
	r.n.HasParts = true
	r.quiet++
	r.str(`<div class="api">` + "\n<p>")
	if s.title != "" {
		r.str("<strong>")
		r.literalText(s.title)
		r.str("</strong> ")
		r.literalText(s.version)
		r.str(" ")
		r.say([]byte{' '})
	}
	if src != nil {
		end := r.openLink(destination{url: src.value, kind: Anchor, off: src.off}, "")
		if s.title == "" {
			r.literalText(src.value)
		} else {
			r.literalText(r.p.opts.word("specification"))
		}
		end()
	}
	r.str("</p>\n")
	r.gap()
	if s.about != "" {
		r.str("<p>")
		r.title(arg{value: s.about, off: off})
		r.str("</p>\n")
		r.gap()
	}
	for _, url := range s.servers {
		r.str("<p><code>")
		r.literalText(url)
		r.str("</code></p>\n")
		r.gap()
	}
	for _, g := range s.groups {
		r.operations(g)
	}
	if s.cut > 0 {
		r.str("<p>…</p>\n")
	}
	r.str("</div>\n")
	r.quiet--
}

func (r *render) operations(g operations) {
	label := g.tag
	if label == "" {
		label = r.p.opts.word("operations")
	} else {
		r.str(`<p class="api-tag"><strong>`)
		r.literalText(g.tag)
		r.str("</strong></p>\n")
		r.gap()
	}
	r.str(`<div class="table-wrap" tabindex="0" role="group" aria-label="`)
	r.out = appendHTML(r.out, label)
	r.str(`"><table><thead><tr>`)
	for _, head := range []string{"method", "path", "summary"} {
		r.str("<th>" + r.p.opts.word(head) + "</th>")
	}
	r.str("</tr></thead>\n<tbody>\n")
	for _, op := range g.list {
		r.str(`<tr><td><span class="api-method tint tint-` + methodStyle(op.method) + `">`)
		r.literalText(op.method)
		r.str("</span></td><td><code")
		if op.deprecated {
			r.str(` class="api-old"`)
		}
		r.str(">")
		r.say([]byte{' '})
		r.literalText(op.path)
		r.str("</code></td><td>")
		r.say([]byte{' '})
		r.literalText(op.summary)
		if op.deprecated {
			r.literalText(" (" + r.p.opts.word("deprecated") + ")")
		}
		r.str("</td></tr>\n")
		r.gap()
	}
	r.str("</tbody></table></div>\n")
}

// methodStyle is the style whose colour people know a method by.
func methodStyle(method string) string {
	switch method {
	case "GET":
		return "blue"
	case "POST":
		return "green"
	case "PUT", "PATCH":
		return "orange"
	case "DELETE":
		return "red"
	}
	return "grey"
}
