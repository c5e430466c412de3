package note

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Look is how a picture is to be shown, as far as the note says.
type Look struct {
	// Width and Height are whole pixels or a percentage of the column ("50%"); ""
	// is the picture's own.
	Width, Height string
	// Large is true where the picture may lead to its large version; InLink where
	// it stands in a link already.
	Large, InLink bool
	// Sources is true where the author gives pictures for other sizes.
	Sources bool
}

// effects are Relearn's ways to show a picture, by their names there, with
// what holds where nobody says otherwise.
type effects struct {
	lazy, lightbox bool
	// more are the others, which are classes, in the order they were named.
	more []effect
}

type effect struct {
	name string
	on   bool
}

func (e *effects) set(name string, on bool) {
	switch name {
	case "lazy":
		e.lazy = on
	case "lightbox":
		e.lightbox = on
	default:
		e.more = slices.DeleteFunc(e.more, func(m effect) bool { return m.name == name })
		e.more = append(e.more, effect{name, on})
	}
}

// knows reports whether name is an effect, so that a query that means something
// else stays one.
func (e *effects) knows(name string) bool {
	switch name {
	case "lazy", "lightbox", "border", "shadow":
		return true
	}
	return slices.ContainsFunc(e.more, func(m effect) bool { return m.name == name })
}

// effects are those of the note: the site's, then the front matter's.
func (r *render) effects() effects {
	e := effects{lazy: true, lightbox: true}
	site, _ := r.p.opts.Params["imageeffects"].(map[string]any)
	for _, m := range []map[string]any{site, r.n.imageEffects()} {
		for _, name := range sortedNames(m) {
			if on, ok := m[name].(bool); ok {
				e.set(strings.ToLower(name), on)
			}
		}
	}
	return e
}

func (n *Note) imageEffects() map[string]any {
	for name, v := range n.Front.Params {
		if strings.EqualFold(name, "imageEffects") {
			m, _ := v.(map[string]any)
			return m
		}
	}
	return nil
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// look reads how a picture is to be shown, and takes what says so out of its
// address: Relearn's `?width=20vw&classes=shadow,left&lightbox=false`.
// It returns the classes and whether the picture is to load when it is seen.
func (r *render) look(d *destination) (look Look, classes []string, lazy bool) {
	e := r.effects()
	path, rest, ok := strings.Cut(d.url, "?")
	if ok && !strings.HasPrefix(d.url, "#") {
		query, fragment, marked := strings.Cut(rest, "#")
		var others []string
		for _, field := range strings.Split(query, "&") {
			name, value, _ := strings.Cut(field, "=")
			if v, err := url.QueryUnescape(value); err == nil {
				value = v
			}
			switch name = strings.ToLower(name); {
			case name == "width":
				look.Width = cssLength(value)
			case name == "height":
				look.Height = cssLength(value)
			case name == "classes":
				classes = append(classes, strings.FieldsFunc(value, func(c rune) bool { return c == ',' || c == ' ' })...)
			case name == "featherlight": // as it was called before Relearn 5
				e.set("lightbox", value != "false")
			case e.knows(name):
				e.set(name, value != "false")
			default:
				others = append(others, field)
			}
		}
		if d.kind == Image && !external(d.url) {
			d.url = path
			if len(others) > 0 {
				d.url += "?" + strings.Join(others, "&")
			}
			if marked {
				d.url += "#" + fragment
			}
		}
	}
	for _, m := range e.more {
		if m.on && !slices.Contains(classes, m.name) {
			classes = append(classes, m.name)
		}
	}
	look.Large, look.InLink = e.lightbox, r.inLink > 0
	r.pictures++
	// What is seen first must not wait until the page is laid out.
	return look, classes, e.lazy && r.pictures > 1
}

// cssLength turns a length of CSS into what an attribute can say: pixels, or
// a percentage; "" for what it can't. A window is taken to be 1280 pixels wide and 800
// high; no picture becomes wider than its column by it.
func cssLength(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	digits := 0
	for digits < len(s) && (s[digits] >= '0' && s[digits] <= '9' || s[digits] == '.') {
		digits++
	}
	n, err := strconv.ParseFloat(s[:digits], 64)
	if err != nil || n <= 0 || n > 1e5 {
		return ""
	}
	unit := 0.
	switch strings.TrimSpace(s[digits:]) {
	case "%":
		return strconv.FormatFloat(min(n, 100), 'f', -1, 64) + "%"
	case "", "px":
		unit = 1
	case "em", "rem":
		unit = 16
	case "ch", "ex":
		unit = 8
	case "vw", "svw", "lvw", "dvw", "vi", "vmax":
		unit = 12.8
	case "vh", "svh", "lvh", "dvh", "vb", "vmin":
		unit = 8
	case "pt":
		unit = 4. / 3
	case "pc":
		unit = 16
	case "in":
		unit = 96
	case "cm":
		unit = 96 / 2.54
	case "mm":
		unit = 96 / 25.4
	default:
		return ""
	}
	return strconv.Itoa(int(math.Max(1, math.Round(n*unit))))
}

// takeAttr takes an attribute out of attrs, which this package wrote, and
// returns its value; ok is false where it is not there.
func takeAttr(attrs, name string) (rest, value string, ok bool) {
	before, after, ok := strings.Cut(attrs, " "+name+`="`)
	if !ok {
		return attrs, "", false
	}
	value, after, _ = strings.Cut(after, `"`)
	return before + after, value, true
}

// pictureAttrs completes the attributes of a picture: those that the author
// wrote win over what look and classes say.
func (r *render) pictureAttrs(attrs string, look *Look, classes []string, lazy bool) string {
	if rest, v, ok := takeAttr(attrs, "width"); ok {
		attrs, look.Width = rest, cssLength(v)
	}
	if rest, v, ok := takeAttr(attrs, "height"); ok {
		attrs, look.Height = rest, cssLength(v)
	}
	look.Sources = strings.Contains(attrs, ` srcset="`)
	if len(classes) > 0 {
		rest, own, ok := takeAttr(attrs, "class")
		all := string(appendHTML(nil, strings.Join(classes, " ")))
		if ok {
			all = own + " " + all
		}
		attrs = rest + ` class="` + all + `"`
	}
	if lazy && !strings.Contains(attrs, ` loading="`) {
		attrs += ` loading="lazy"`
	}
	return attrs
}

// attribute notes what an img tag of the author's says.
func (l *Look) attribute(name, value string) {
	switch name {
	case "width":
		l.Width = cssLength(value)
	case "height":
		l.Height = cssLength(value)
	}
}
