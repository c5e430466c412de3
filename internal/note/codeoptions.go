package note

import (
	"math"
	"strconv"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/highlight"
)

// codeOptions are the configured ones.
func (r *render) codeOptions() highlight.Options {
	return highlight.Options{
		LineNumbers:      r.p.opts.HighlightLineNumbers,
		LineNumbersTable: r.p.opts.HighlightLineNumbersInTable,
		TabWidth:         r.p.opts.HighlightTabWidth,
	}
}

// codeOption sets one option of a block of code, by Hugo's name and with a
// value of an attribute list (bytes, number, bool, list) or of a shortcode (text).
// Names that are no options become attributes of the element around the code.
func (r *render) codeOption(o *highlight.Options, name string, value any) {
	str := string(r.withTokenText(nil, []byte(attributeText(value))))
	switch strings.ToLower(name) {
	case "linenos":
		o.LineNumbers = str != "false" && str != ""
		switch str {
		case "table":
			o.LineNumbersTable = true
		case "inline":
			o.LineNumbersTable = false
		}
	case "linenostart":
		o.LineNumberStart, _ = strconv.Atoi(str)
	case "hl_lines":
		o.HighlightLines = lineRanges(value)
	case "anchorlinenos":
		o.AnchorLineNumbers = str == "true"
	case "lineanchors":
		o.LineAnchors = str
	case "linenumbersintable":
		o.LineNumbersTable = str == "true"
	case "tabwidth":
		o.TabWidth, _ = strconv.Atoi(str)
	case "hl_inline":
		o.Inline = str == "true"
	case "style", "noclasses", "guesssyntax", "nohl", "wrapperclass", "codefences":
		// The style sheet decides about colours.
	case "title":
		r.codeTitle = strings.TrimSpace(str)
	case "wrap":
		r.codeFold = isTrue(str)
	case "id", "class", "lang", "dir":
		o.Attrs += " " + strings.ToLower(name) + `="` + string(appendHTML(nil, str)) + `"`
	default:
		if strings.HasPrefix(name, "data-") {
			o.Attrs += " " + name + `="` + string(appendHTML(nil, str)) + `"`
		}
	}
}

// checkHighlight reports values of the shortcode's options that mean nothing.
func (r *render) checkHighlight(c *call) {
	r.choice(c, "linenos", "", "true", "false", "table", "inline")
	for _, name := range []string{"linenostart", "tabwidth"} {
		r.number(c, name, 0, math.MinInt, math.MaxInt)
	}
	a, given := c.arg("hl_lines")
	for part := range strings.FieldsFuncSeq(a.value, isListSeparator) {
		if given && len(lineRanges(part)) == 0 {
			r.report(diag.Warning, ruleParameter, a.off, "parameter \"hl_lines\" can't be \""+a.value+"\"", "write the numbers of lines: 3 5-7")
			return
		}
	}
}

func isListSeparator(r rune) bool {
	return r == ' ' || r == ',' || r == '[' || r == ']' || r == '"'
}

// attributeText is an attribute's value as text; lists are joined with spaces.
func attributeText(v any) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = attributeText(e)
		}
		return strings.Join(parts, " ")
	}
	return ""
}

// maxHighlightRanges is how many ranges of lines one block may set off.
const maxHighlightRanges = 1000

// lineRanges reads hl_lines: numbers and ranges "3-5", as a list or with spaces
// or commas between.
func lineRanges(v any) [][2]int {
	var out [][2]int
	for _, part := range strings.FieldsFunc(attributeText(v), isListSeparator) {
		from, to, isRange := strings.Cut(part, "-")
		a, err := strconv.Atoi(from)
		if err != nil || len(out) >= maxHighlightRanges {
			continue
		}
		b := a
		if isRange {
			if b, err = strconv.Atoi(to); err != nil {
				continue
			}
		}
		out = append(out, [2]int{a, b})
	}
	return out
}
