package note

import "bytes"

// maxMarkers is how many quotation marks and list markers one line may begin
// with: each opens a level of blocks, and levels cost stack and time.
const maxMarkers = 100

// tooDeep returns the first line (from 0) that nests blocks too deeply.
func tooDeep(text []byte) (line int, found bool) {
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		if end < 0 {
			end = len(text)
		}
		if l := text[:end]; end > maxMarkers && countMarkers(l) > maxMarkers {
			return line, true
		}
		line++
		text = text[min(end+1, len(text)):]
	}
	return 0, false
}

func countMarkers(line []byte) int {
	n := 0
	for i := range markersWidth(line) {
		switch c := line[i]; c {
		case '>', '-', '*', '+', '.', ')':
			n++
		}
	}
	return n
}
