package note

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// fill puts the fields into the typed front matter, the rest into Params.
func (p *Parser) fill(n *Note, fields []field) {
	d := decoder{p: p, n: n, f: &n.Front}
	for i := range fields {
		f := &fields[i]
		if f.value == nil {
			if f.name == "visibility" {
				d.visibility(f)
			} else {
				d.unknown(f)
			}
			continue
		}
		if set, ok := p.fields[f.name]; ok {
			set(&d, f)
			continue
		}
		d.unknown(f)
		if n.Front.Params == nil {
			n.Front.Params = map[string]any{}
		}
		n.Front.Params[f.name] = f.value
	}
	if params, ok := n.Front.Params["params"].(map[string]any); ok {
		d.params(params, fields)
	}
	d.finish()
}

// params reads the fields below params, where Hugo wants those that it does not
// define itself. What stands at the top wins.
func (d *decoder) params(params map[string]any, fields []field) {
	aliases := fieldAliases()
	official := func(name string) string {
		if other, ok := aliases[name]; ok {
			return other
		}
		return name
	}
	var below place
	given := make(map[string]bool, len(fields))
	for i := range fields {
		given[official(fields[i].name)] = true
		if fields[i].name == "params" {
			below = fields[i].key
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		f := field{strings.ToLower(name), params[name], below, below}
		set, known := d.p.fields[f.name]
		switch {
		case !known:
			d.unknown(&f)
		case !d.p.isOwn(official(f.name)) || given[official(f.name)]:
		case f.name == "visibility":
			d.visibility(&f)
		case f.value != nil:
			set(d, &f)
		}
	}
}

// isOwn is true for the known fields that Hugo has no meaning for at the top:
// those of Lectern and of themes, and taxonomies.
func (p *Parser) isOwn(name string) bool {
	switch name {
	case "visibility", "event", "speakers", "authors", "room", "track", "session", "start", "end", "language",
		"hidden", "archetype", "menupre", "menupost":
		return true
	}
	return slices.ContainsFunc(p.opts.taxonomies(), func(t Taxonomy) bool { return strings.EqualFold(t.Plural, name) })
}

// unknown looks at a field that has no meaning here. One that may have been
// meant to keep the note back does so.
func (d *decoder) unknown(f *field) {
	switch {
	case f.name == "cascade":
		d.cascade(f)
	case isDoubtful(f.name, f.value):
		d.n.Readable, d.n.Suspect = false, true
		d.n.report(diag.Error, ruleVisibility, f.key.line, f.key.col,
			fmt.Sprintf("front matter field %q is unknown, and it may be meant to keep the note private", f.name),
			"the field is \"visibility\", and it says public, unlisted or private; the note is left out until this is clear")
	}
}

// isDoubtful is true for an unknown field that is probably visibility: by a
// name much like it, or by what it says.
func isDoubtful(name string, value any) bool {
	if name == "visibility" {
		return false
	}
	if s, ok := value.(string); ok {
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "private", "unlisted":
			return true
		}
	}
	return diag.Nearest(name, []string{"visibility"}) != ""
}

// cascade refuses what a section's index has its folder inherit. Where that
// would keep notes back, the index is not readable: its folder is left out.
func (d *decoder) cascade(f *field) {
	if !withholds(f.value) {
		d.n.report(diag.Warning, ruleCascade, f.key.line, f.key.col, "cascade is not supported",
			"write its fields into the notes that they are for")
		return
	}
	d.n.Readable, d.n.Suspect = false, true
	d.n.report(diag.Error, ruleCascade, f.key.line, f.key.col,
		"cascade is not supported, and it may be meant to keep the notes of this folder back",
		"write its fields into the notes that they are for, or visibility: private here for all of the folder; until then the folder is left out")
}

// withholds is true for a cascade, or a list of them, that says who may see a
// note or when.
func withholds(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, withholds)
	case map[string]any:
		for name, value := range v {
			name = strings.ToLower(name)
			if keepsBack(name) || isDoubtful(name, value) || name == "params" && withholds(value) {
				return true
			}
		}
	}
	return false
}

// keepsBack is true for the fields that say who may see a note, or when.
func keepsBack(name string) bool {
	switch name {
	case "visibility", "draft", "hidden", "date", "publishdate", "pubdate", "published", "expirydate", "unpublishdate",
		"build", "_build", "headless":
		return true
	}
	return false
}

// duplicates finds names that stand twice, whatever their case. The last one
// counts, as in Hugo, but where the two could say different things about who may
// see the note.
func (n *Note) duplicates(fields []field) ([]field, *frontError) {
	seen := make(map[string]int, len(fields))
	twice := false
	for i := range fields {
		f := &fields[i]
		first, ok := seen[f.name]
		seen[f.name] = i
		if !ok {
			continue
		}
		twice = true
		message := fmt.Sprintf("front matter field %q stands twice, first in line %d", f.name, fields[first].key.line)
		if keepsBack(f.name) || f.name == "params" || f.name == "cascade" ||
			isDoubtful(f.name, f.value) || isDoubtful(f.name, fields[first].value) {
			return nil, &frontError{f.key, message, "keep one of them"}
		}
		n.report(diag.Warning, ruleFrontTwice, f.key.line, f.key.col, message, "keep one of them; the last one counts")
	}
	if !twice {
		return fields, nil
	}
	kept := fields[:0]
	for i := range fields {
		if seen[fields[i].name] == i {
			kept = append(kept, fields[i])
		}
	}
	return kept, nil
}
