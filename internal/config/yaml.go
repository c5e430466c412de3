package config

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"lectern/internal/diag"
)

// parseYAML reads one YAML 1.2 document: a mapping, or nothing.
func parseYAML(src *source) (_ *table, err error) {
	file, err := parser.ParseBytes(src.data, 0)
	if err != nil {
		return nil, yamlProblem(src, err)
	}
	r := &yamlReader{src: src, anchors: map[string]*value{}}
	var root *value
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			return nil, &problem{r.at(doc.Body), "a second document: a configuration is one"}
		}
		if root, err = r.value(doc.Body, 0); err != nil {
			return nil, err
		}
	}
	switch {
	case root == nil, root.table == nil && !root.isList && root.scalar == nil:
		return newTable(), nil
	case root.table == nil:
		return nil, &problem{root.at, "the configuration is " + root.form() + ", not a list of keys and values"}
	}
	return root.table, nil
}

func yamlProblem(src *source, err error) error {
	if ye, ok := errors.AsType[yaml.Error](err); ok && ye.GetToken() != nil && ye.GetToken().Position != nil {
		p := ye.GetToken().Position
		return &problem{src.atRune(p.Line, p.Column), ye.GetMessage()}
	}
	msg, _, _ := strings.Cut(err.Error(), "\n")
	return src.problem(0, msg)
}

type yamlReader struct {
	src     *source
	anchors map[string]*value
	nodes   int
}

// at returns where n begins. The parser counts columns in runes.
func (r *yamlReader) at(n ast.Node) diag.Position {
	tok := n.GetToken()
	switch n := n.(type) {
	case *ast.MappingNode:
		// Its token is the first colon; the place is that of the first key.
		if !n.IsFlowStyle && len(n.Values) > 0 {
			tok = n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		tok = n.Key.GetToken()
	}
	if tok == nil || tok.Position == nil {
		return r.src.at(0)
	}
	return r.src.atRune(tok.Position.Line, tok.Position.Column)
}

func (r *yamlReader) value(n ast.Node, depth int) (*value, error) {
	v := &value{at: r.at(n)}
	if r.nodes++; r.nodes > maxNodes {
		return nil, &problem{v.at, fmt.Sprintf("more than %d values", maxNodes)}
	}
	if depth > maxDepth {
		return nil, &problem{v.at, fmt.Sprintf("nested deeper than %d", maxDepth)}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		v.table = newTable()
		return v, r.mapping(v.table, n.Values, depth)
	case *ast.MappingValueNode:
		v.table = newTable()
		return v, r.mapping(v.table, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		v.isList = true
		for _, item := range n.Values {
			iv, err := r.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			v.list = append(v.list, iv)
		}
		return v, nil
	case *ast.AnchorNode:
		inner, err := r.value(n.Value, depth+1)
		if err != nil {
			return nil, err
		}
		r.anchors[nodeName(n.Name)] = inner
		return inner, nil
	case *ast.AliasNode:
		return r.alias(n, v.at)
	case *ast.TagNode:
		return r.tagged(n, v, depth)
	}
	return v, r.scalar(v, n)
}

func (r *yamlReader) scalar(v *value, n ast.Node) error {
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		v.scalar = n.Value
	case *ast.StringNode:
		v.scalar = n.Value
	case *ast.LiteralNode:
		v.scalar = n.Value.Value
	case *ast.FloatNode:
		v.scalar = n.Value
	case *ast.InfinityNode:
		v.scalar = n.Value
	case *ast.NanNode:
		v.scalar = math.NaN()
	case *ast.IntegerNode:
		switch i := n.Value.(type) {
		case int64:
			v.scalar = i
		case uint64:
			if v.scalar = any(float64(i)); i <= math.MaxInt64 {
				v.scalar = int64(i)
			}
		default:
			return &problem{v.at, fmt.Sprintf("the number %s is too large", n.Token.Value)}
		}
	default:
		return &problem{v.at, "a value of a kind that a configuration cannot have"}
	}
	return nil
}

// alias gives the anchor's value again. What it holds counts as if it were
// written out, so that a few lines cannot stand for billions of values.
func (r *yamlReader) alias(n *ast.AliasNode, at diag.Position) (*value, error) {
	v, ok := r.anchors[nodeName(n.Value)]
	if !ok {
		return nil, &problem{at, fmt.Sprintf("no anchor &%s before this", nodeName(n.Value))}
	}
	if r.nodes += v.count(); r.nodes > maxNodes {
		return nil, &problem{at, fmt.Sprintf("more than %d values", maxNodes)}
	}
	return v, nil
}

// tagged reads a value with a tag. Of the tags !!str alone means something
// that the value does not say by itself.
func (r *yamlReader) tagged(n *ast.TagNode, v *value, depth int) (*value, error) {
	if n.Value == nil {
		return v, nil
	}
	if s, ok := n.Value.(ast.ScalarNode); ok && n.Start != nil && n.Start.Value == "!!str" {
		if tok := s.GetToken(); tok != nil {
			v.scalar = tok.Value
			return v, nil
		}
	}
	return r.value(n.Value, depth+1)
}

func (r *yamlReader) mapping(t *table, pairs []*ast.MappingValueNode, depth int) error {
	for _, pair := range pairs {
		if pair.Key.IsMergeKey() {
			if err := r.merge(t, pair.Value, depth); err != nil {
				return err
			}
			continue
		}
		v, err := r.value(pair.Value, depth+1)
		if err != nil {
			return err
		}
		t.put(nodeName(pair.Key), r.at(pair.Key), v)
	}
	return nil
}

// merge puts the entries of << under those that the mapping itself has.
func (r *yamlReader) merge(t *table, n ast.Node, depth int) error {
	v, err := r.value(n, depth+1)
	if err != nil {
		return err
	}
	sources := []*value{v}
	if v.isList {
		sources = v.list
	}
	for _, s := range sources {
		if s.table == nil {
			return &problem{s.at, "<< takes a mapping, not " + s.form()}
		}
		for _, e := range s.table.entries {
			if t.byKey[e.key] == nil {
				t.put(e.name, e.at, e.val)
			}
		}
	}
	return nil
}

// nodeName returns the text of a key, an anchor's or an alias's name.
func nodeName(n ast.Node) string {
	switch n := n.(type) {
	case nil:
		return ""
	case *ast.StringNode:
		return n.Value
	case *ast.MappingKeyNode:
		return nodeName(n.Value)
	default:
		if tok := n.GetToken(); tok != nil {
			return tok.Value
		}
		return ""
	}
}

// count returns how many values v is made of.
func (v *value) count() int {
	n := 1
	if v.table != nil {
		for _, e := range v.table.entries {
			n += e.val.count()
		}
	}
	for _, item := range v.list {
		n += item.count()
	}
	return n
}
