package config

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"lectern/internal/diag"
)

// Limits on what a configuration may be. They are far above what anyone
// writes and keep a hostile file from costing more than a second: the YAML
// parser needs time with the square of the length for some.
const (
	maxFileSize = 128 << 10
	maxFiles    = 200
	// maxDepth bounds how deep tables and lists nest, and with it the stack of
	// the parsers, which are recursive.
	maxDepth = 64
	// maxNodes bounds the values of one file, YAML's aliases counted each time
	// they are used.
	maxNodes = 100_000
)

// problem is a file that cannot be used. It becomes a diagnostic of severity Error.
type problem struct {
	at  diag.Position
	msg string
}

func (p *problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.at.File, p.at.Line, p.at.Col, p.msg)
}

// readFile reads the configuration file at name.
func readFile(fsys fs.FS, name string) (*table, error) {
	if info, err := fs.Stat(fsys, name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("read the configuration: %s is not a regular file", name)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return parse(name, data)
}

// parse reads data in the format that name's extension says.
func parse(name string, data []byte) (*table, error) {
	src := &source{file: name, data: data}
	if len(data) > maxFileSize {
		return nil, &problem{diag.Position{File: name}, fmt.Sprintf("the configuration is larger than %d KiB", maxFileSize>>10)}
	}
	if i := invalidUTF8(data); i >= 0 {
		return nil, src.problem(i, "this is not UTF-8: save the file in that encoding")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	src.bom = len(src.data) - len(data)
	src.data = data
	if i := tooDeep(data); i >= 0 {
		return nil, src.problem(i, fmt.Sprintf("nested deeper than %d", maxDepth))
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".toml":
		return parseTOML(src)
	case ".json":
		return parseJSON(src)
	default:
		return parseYAML(src)
	}
}

// source is a file's text, to turn offsets into positions.
type source struct {
	file string
	data []byte
	bom  int // bytes cut off the first line
	// lines are the offsets at which lines begin; made when first asked for.
	lines []int
}

func (s *source) findLines() {
	if s.lines != nil {
		return
	}
	s.lines = []int{0}
	for i, c := range s.data {
		if c == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
}

// at returns the position of the byte at offset.
func (s *source) at(offset int) diag.Position {
	s.findLines()
	offset = min(max(offset, 0), len(s.data))
	lo, hi := 0, len(s.lines)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; s.lines[mid] <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	col := offset - s.lines[lo] + 1
	if lo == 0 {
		col += s.bom
	}
	return diag.Position{File: s.file, Line: lo + 1, Col: col}
}

// atRune returns the position of the rune col (from 1) of a line (from 1).
func (s *source) atRune(line, col int) diag.Position {
	s.findLines()
	if line < 1 || line > len(s.lines) {
		return diag.Position{File: s.file, Line: max(line, 0), Col: max(col, 0)}
	}
	i := s.lines[line-1]
	for ; col > 1 && i < len(s.data) && s.data[i] != '\n'; col-- {
		_, n := utf8.DecodeRune(s.data[i:])
		i += n
	}
	return s.at(i)
}

func (s *source) problem(offset int, msg string) *problem {
	return &problem{s.at(offset), msg}
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// tooDeep returns the offset at which data may nest deeper than maxDepth, or
// -1. It looks at the bytes alone, whatever the format: brackets that are
// open, and the runs of dashes and question marks with which YAML nests
// without them. What stands in strings counts as well; nobody writes that many.
func tooDeep(data []byte) int {
	open, run := 0, 0
	for i, c := range data {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		case '-', '?':
			run++
		case ' ', '\t':
			continue
		}
		if c != '-' && c != '?' {
			run = 0
		}
		if open > maxDepth || run > 4*maxDepth {
			return i
		}
	}
	return -1
}
