package note

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// readYAML reads YAML front matter that begins in line first of the file. What
// is plainly simple is read here; the library, which takes a hundred times as
// long, gets the rest.
func readYAML(data []byte, first int) ([]field, *frontError) {
	if fields, ok := readPlainYAML(data, first); ok {
		return fields, nil
	}
	return readLibraryYAML(data, first)
}

func readLibraryYAML(data []byte, first int) ([]field, *frontError) {
	return readYAMLUpTo(data, first, maxFrontValues)
}

// readYAMLUpTo reads YAML of at most so many values.
func readYAMLUpTo(data []byte, first, most int) (fields []field, ferr *frontError) {
	if line, deep := yamlTooDeep(data); deep {
		return nil, &frontError{place{first + line, 1}, "the front matter is nested too deeply", ""}
	}
	y := yamlReader{data: data, first: first, most: most, anchors: map[string]any{}}
	defer func() {
		// The library has been seen to panic on input that is no YAML.
		if p := recover(); p != nil {
			fields, ferr = nil, &frontError{place{first, 1}, "the front matter is no valid YAML", ""}
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()) // duplicate says it better
	if err != nil {
		return nil, y.syntax(err)
	}
	var root ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if root != nil {
			return nil, y.wrong(doc.Body, "the front matter holds two YAML documents")
		}
		root = doc.Body
	}
	if root == nil {
		return nil, nil
	}
	return y.fields(root)
}

// yamlReader turns the library's tree into values, with limits on depth and
// number, so that aliases cannot multiply.
type yamlReader struct {
	data    []byte
	first   int
	anchors map[string]any
	sizes   map[string]int
	values  int
	most    int // values
	failed  *frontError
}

// syntax is the library's error with its place.
func (y *yamlReader) syntax(err error) *frontError {
	e := &frontError{place{y.first, 1}, "the front matter is no valid YAML: " + firstLine(err.Error()), ""}
	var detailed interface {
		GetMessage() string
		GetToken() *token.Token
	}
	if errors.As(err, &detailed) {
		e.message = "the front matter is no valid YAML: " + firstLine(detailed.GetMessage())
		e.place = y.place(detailed.GetToken())
		e.hint = quotesHint(y.line(e.line))
	}
	return e
}

// quotesHint helps with what goes wrong most: "title: Go: the talk", where the
// second colon makes a table of the text.
func quotesHint(line []byte) string {
	name, value, _ := bytes.Cut(line, []byte(": "))
	if value = bytes.TrimSpace(value); len(value) == 0 || strings.IndexByte("\"'[{|>", value[0]) >= 0 ||
		!bytes.Contains(value, []byte(": ")) && !bytes.HasSuffix(value, []byte{':'}) {
		return ""
	}
	return "put the value in quotes: " + strings.Trim(string(name), " -") + `: "…"`
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// place turns a token's position, which counts characters, into the file's.
func (y *yamlReader) place(t *token.Token) place {
	if t == nil || t.Position == nil || t.Position.Line < 1 {
		return place{y.first, 1}
	}
	line, col := t.Position.Line, max(t.Position.Column, 1)
	rest := y.data
	for i := 1; i < line; i++ {
		j := bytes.IndexByte(rest, '\n')
		if j < 0 {
			return place{y.first + line - 1, 1}
		}
		rest = rest[j+1:]
	}
	b := 0
	for i := 1; i < col && b < len(rest) && rest[b] != '\n'; i++ {
		_, size := utf8.DecodeRune(rest[b:])
		b += size
	}
	return place{y.first + line - 1, b + 1}
}

func (y *yamlReader) wrong(n ast.Node, message string) *frontError {
	return &frontError{y.place(n.GetToken()), message, ""}
}

func (y *yamlReader) fail(n ast.Node, message string) any {
	if y.failed == nil {
		y.failed = y.wrong(n, message)
	}
	return nil
}

// pairs returns the entries of a mapping, or false for another node.
func pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

func (y *yamlReader) fields(root ast.Node) ([]field, *frontError) {
	if a, ok := root.(*ast.AnchorNode); ok {
		root = a.Value
	}
	entries, ok := pairs(root)
	if !ok {
		if _, null := root.(*ast.NullNode); null {
			return nil, nil
		}
		return nil, y.wrong(root, "the front matter is not a list of fields, like \"title: A talk\"")
	}
	fields := make([]field, 0, len(entries))
	for _, e := range entries {
		key, ok := y.key(e.Key)
		if !ok {
			return nil, y.wrong(e.Key, "a field's name must be a text")
		}
		if e.Key.IsMergeKey() {
			m, ok := y.value(e.Value, 1).(map[string]any)
			if !ok {
				return nil, y.wrong(e.Value, "<< needs a table of fields")
			}
			for _, name := range sortedKeys(m) {
				fields = append(fields, field{strings.ToLower(name), m[name], y.place(e.Key.GetToken()), y.place(e.Value.GetToken())})
			}
			continue
		}
		v := y.value(e.Value, 1)
		if y.failed != nil {
			return nil, y.failed
		}
		fields = append(fields, field{strings.ToLower(key), v, y.place(e.Key.GetToken()), y.valuePlace(e)})
	}
	return fields, nil
}

// valuePlace is where a value begins; an empty one is where its key is. The
// library's columns count blanks behind a value as before it, so that the line
// itself is asked.
func (y *yamlReader) valuePlace(e *ast.MappingValueNode) place {
	key := y.place(e.Key.GetToken())
	switch v := e.Value.(type) {
	case *ast.MappingNode:
		if len(v.Values) > 0 && !v.IsFlowStyle {
			return y.place(v.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return y.place(v.Key.GetToken())
	case *ast.NullNode:
		return key
	}
	line := y.line(key.line)
	rest := line[min(key.col-1, len(line)):]
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		return y.place(e.Value.GetToken())
	}
	colon := bytes.IndexByte(rest, ':')
	if colon < 0 {
		return y.place(e.Value.GetToken())
	}
	value := bytes.TrimLeft(rest[colon+1:], " \t")
	if len(value) == 0 || value[0] == '#' || value[0] == '&' || value[0] == '!' {
		return y.place(e.Value.GetToken())
	}
	return place{key.line, len(line) - len(value) + 1}
}

// line returns a line of the file.
func (y *yamlReader) line(n int) []byte {
	rest := y.data
	for range n - y.first {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return nil
		}
		rest = rest[i+1:]
	}
	if i := bytes.IndexByte(rest, '\n'); i >= 0 {
		return rest[:i]
	}
	return rest
}

func (y *yamlReader) key(n ast.MapKeyNode) (string, bool) {
	switch k := n.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.MergeKeyNode:
		return "<<", true
	case *ast.MappingKeyNode: // ? key
		if inner, ok := k.Value.(ast.MapKeyNode); ok {
			return y.key(inner)
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// value turns a node into a value.
func (y *yamlReader) value(n ast.Node, depth int) any {
	if y.failed != nil {
		return nil
	}
	if y.values++; y.values > y.most || depth > maxFrontDepth {
		return y.fail(n, "the front matter holds too many values")
	}
	switch n := n.(type) {
	case nil:
		return nil
	case *ast.NullNode:
		return nil
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.IntegerNode:
		return yamlInteger(n)
	case *ast.FloatNode:
		return n.Value
	case *ast.InfinityNode:
		return n.Value
	case *ast.NanNode:
		return math.NaN()
	case *ast.SequenceNode:
		list := make([]any, 0, len(n.Values))
		for _, v := range n.Values {
			list = append(list, y.value(v, depth+1))
		}
		return list
	case *ast.MappingNode, *ast.MappingValueNode:
		return y.table(n, depth)
	case *ast.AnchorNode:
		before := y.values
		v := y.value(n.Value, depth)
		name := n.Name.GetToken().Value
		y.anchors[name] = v
		if y.sizes == nil {
			y.sizes = map[string]int{}
		}
		y.sizes[name] = y.values - before
		return v
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		v, ok := y.anchors[name]
		if !ok {
			return y.fail(n, fmt.Sprintf("there is no anchor %q", name))
		}
		y.values += y.sizes[name]
		return v
	case *ast.TagNode:
		return y.tagged(n, depth)
	case *ast.CommentGroupNode:
		return nil
	}
	return y.fail(n, "this cannot be read in front matter")
}

func (y *yamlReader) table(n ast.Node, depth int) any {
	entries, _ := pairs(n)
	m := make(map[string]any, len(entries))
	for _, e := range entries {
		key, ok := y.key(e.Key)
		if !ok {
			return y.fail(e.Key, "a field's name must be a text")
		}
		v := y.value(e.Value, depth+1)
		if e.Key.IsMergeKey() {
			if merged, ok := v.(map[string]any); ok {
				for k, v := range merged {
					if _, exists := m[k]; !exists {
						m[k] = v
					}
				}
			}
			continue
		}
		if _, twice := m[key]; twice {
			return y.fail(e.Key, fmt.Sprintf("%q stands twice", key))
		}
		m[key] = v
	}
	return m
}

// tagged honours !!str; other tags leave the value as it is.
func (y *yamlReader) tagged(n *ast.TagNode, depth int) any {
	if n.Start != nil && n.Start.Value == "!!str" {
		if s, ok := n.Value.(ast.ScalarNode); ok {
			return s.GetToken().Value
		}
	}
	return y.value(n.Value, depth+1)
}

func yamlInteger(n *ast.IntegerNode) any {
	switch v := n.Value.(type) {
	case int64:
		return v
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v)
		}
	}
	return n.Token.Value
}
