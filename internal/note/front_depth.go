package note

// yamlTooDeep looks for the ways to nest deeply in little text, before the
// library recurses into them.
func yamlTooDeep(data []byte) (line int, deep bool) {
	depth := 0
	marks := 0
	head := true
	for i, c := range data {
		switch c {
		case '\n':
			line++
			head, marks = true, 0
			continue
		case '[', '{':
			depth++
		case ']', '}':
			depth = max(depth-1, 0)
		}
		if head {
			next := byte('\n')
			if i+1 < len(data) {
				next = data[i+1]
			}
			switch {
			case (c == '-' || c == '?' || c == ':') && (next == ' ' || next == '\n' || next == '\t'):
				marks++
			case c == '&' || c == '!' || c == '*':
				marks++
				head = marks <= 2*maxFrontDepth
			case c == ' ':
				if i+1 < len(data) && i >= 1 {
					continue
				}
			default:
				head = marks > 0 && c != '"' && c != '\''
			}
		}
		if depth > maxFrontDepth || marks > maxFrontDepth {
			return line, true
		}
	}
	return 0, false
}
