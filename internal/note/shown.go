package note

import "bytes"

// shown returns of a Markdown text what readers see of it, as far as its lines
// tell without parsing them: no comments and, where the options leave them out,
// no lines that are yet to be done.
func (p *Parser) shown(text []byte) []byte {
	text = withoutComments(text)
	if !p.opts.HideTodos {
		return text
	}
	out := make([]byte, 0, len(text))
	below := 0 // the level of a heading that hides what is below it
	for line := range bytes.Lines(text) {
		content := bytes.TrimLeft(line, " \t>")
		level := len(content) - len(bytes.TrimLeft(content, "#"))
		content = bytes.TrimLeft(content, " \t#*-+_0123456789.)")
		content = trimSigns(bytes.TrimPrefix(content, []byte("[ ] ")))
		todo := isTodo(content)
		switch {
		case level > 0 && below > 0 && level > below:
			continue
		case level > 0:
			below = 0
			if n, _ := todoWord(content); todo && len(bytes.Trim(content[n:], " \t\n#:.!…*_")) == 0 {
				below = level
			}
		case below > 0:
			continue
		}
		if !todo {
			out = append(out, line...)
		}
	}
	return out
}
