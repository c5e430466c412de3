package note

import "bytes"

// line looks whether the line at pos begins or ends a fenced block of code.
func (s *scanner) line() {
	end := bytes.IndexByte(s.data[s.pos:], '\n')
	if end < 0 {
		end = len(s.data) - s.pos
	}
	line := s.data[s.pos : s.pos+end]
	rest := line[markersWidth(line):]
	if len(rest) < 3 || rest[0] != '`' && rest[0] != '~' {
		return
	}
	n := 1
	for n < len(rest) && rest[n] == rest[0] {
		n++
	}
	switch {
	case s.fence.n > 0:
		if rest[0] == s.fence.char && n >= s.fence.n && len(bytes.TrimSpace(rest[n:])) == 0 {
			s.fence = fence{}
			s.leave(s.region)
			s.region = 0
		}
	case n >= 3 && (rest[0] == '~' || bytes.IndexByte(rest[n:], '`') < 0):
		s.fence = fence{rest[0], n}
		s.regions++
		s.region = s.regions
	default:
		return
	}
	s.pos += end
}

// markersWidth is how many bytes of a line are indentation, quotation marks
// and list markers.
func markersWidth(line []byte) int {
	i := 0
	for i < len(line) {
		switch c := line[i]; {
		case c == ' ' || c == '\t' || c == '>':
			i++
		case (c == '-' || c == '*' || c == '+') && i+1 < len(line) && line[i+1] == ' ':
			i += 2
		case c >= '0' && c <= '9':
			j := i
			for j < len(line) && j-i < 9 && line[j] >= '0' && line[j] <= '9' {
				j++
			}
			if j+1 >= len(line) || line[j] != '.' && line[j] != ')' || line[j+1] != ' ' {
				return i
			}
			i = j + 2
		default:
			return i
		}
	}
	return i
}

// codeSpan handles the run of backticks at pos: with a second run of the same
// length in the paragraph, calls between the two stand in code.
func (s *scanner) codeSpan() {
	n := 1
	for s.pos+n < len(s.data) && s.data[s.pos+n] == '`' {
		n++
	}
	start := s.pos + n
	s.pos = start
	end := s.spanEnd(start, n)
	if end < 0 {
		return
	}
	if !bytes.Contains(s.data[start:end], []byte("{{")) {
		s.pos = end + n
		return
	}
	s.regions++
	s.region = s.regions
	for s.pos < end {
		i := bytes.Index(s.data[s.pos:end], []byte("{{"))
		if i < 0 {
			break
		}
		s.pos += i
		if c := s.byteAt(s.pos + 2); c != '<' && c != '%' {
			s.pos += 2
			continue
		}
		s.tag()
	}
	s.leave(s.region)
	s.region = 0
	s.pos = max(s.pos, end+n)
}

func (s *scanner) byteAt(i int) byte {
	if i < len(s.data) {
		return s.data[i]
	}
	return 0
}

// spanEnd finds the run of n backticks that ends a code span, or -1.
func (s *scanner) spanEnd(start, n int) int {
	if s.paraEnd <= start {
		s.paraEnd = paragraphEnd(s.data, start)
	}
	if n < len(s.noSpan) && s.noSpan[n] >= s.paraEnd || n >= len(s.noSpan) && s.noSpan[0] >= s.paraEnd {
		return -1
	}
	for p := start; p < s.paraEnd; {
		i := bytes.IndexByte(s.data[p:s.paraEnd], '`')
		if i < 0 {
			break
		}
		p += i
		m := 1
		for p+m < s.paraEnd && s.data[p+m] == '`' {
			m++
		}
		if m == n {
			return p
		}
		p += m
	}
	if n < len(s.noSpan) {
		s.noSpan[n] = s.paraEnd
	} else {
		s.noSpan[0] = s.paraEnd
	}
	return -1
}

// paragraphEnd returns the offset of the next empty line behind start.
func paragraphEnd(data []byte, start int) int {
	for p := start; ; {
		i := bytes.IndexByte(data[p:], '\n')
		if i < 0 {
			return len(data)
		}
		p += i + 1
		q := p
		for q < len(data) && (data[q] == ' ' || data[q] == '\t' || data[q] == '>') {
			q++
		}
		if q >= len(data) || data[q] == '\n' {
			return p
		}
	}
}

// comment skips an HTML comment: nothing in it is shown, so nothing in it is
// wrong.
func (s *scanner) comment() {
	if s.commentEnd < s.pos+4 {
		s.commentEnd = len(s.data)
		if i := bytes.Index(s.data[s.pos+4:], []byte("-->")); i >= 0 {
			s.commentEnd = s.pos + 4 + i
		}
	}
	if s.paraEnd <= s.pos {
		s.paraEnd = paragraphEnd(s.data, s.pos)
	}
	block := markersWidth(s.data[s.lineAt:s.pos]) == s.pos-s.lineAt
	if block || s.commentEnd < s.paraEnd {
		s.pos = min(s.commentEnd+3, len(s.data))
		return
	}
	s.pos += 4
}
