package note

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Expr reads a value of a page and passes it through functions, as in
// "date | year": a field's name, then steps.
type Expr struct {
	// Field is in lower case, "params.x.y" for front matter.
	Field string
	Steps []Step
}

// Step is one function of an expression with its argument, if it has one.
type Step struct {
	Func string
	Text string
	N    int
}

// Order is an expression to order pages by.
type Order struct {
	Expr Expr
	Desc bool
}

// Condition is what pages must meet to be listed: Expr Op Values, where Op is
// one of = != < <= > >= in. Without Op all pages meet it.
type Condition struct {
	Expr   Expr
	Op     string
	Values []string
}

// What expressions may be made of.
func exprFields() []string {
	return []string{"title", "linktitle", "weight", "length", "path", "section", "date", "lastmod", "publishdate", "expirydate"}
}

func exprFuncs() []string {
	return []string{"upper", "lower", "trim", "left", "right", "translate", "year", "month", "day", "weekday", "format", "coalesce", "default"}
}

// exprToken is a word, a quoted text or one of the signs | , = != < <= > >=.
type exprToken struct {
	text   string
	quoted bool
	sign   bool
}

// exprTokens takes s apart; a text without its closing quote is an error.
func exprTokens(s string) ([]exprToken, error) {
	var out []exprToken
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t' || c == '\n':
			i++
		case c == '"' || c == '\'' || c == '`':
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return nil, fmt.Errorf("%q has no closing quote", s[i:])
			}
			out = append(out, exprToken{text: s[i+1 : i+1+end], quoted: true})
			i += end + 2
		case strings.IndexByte("|,=!<>", c) >= 0:
			n := 1
			if i+1 < len(s) && s[i+1] == '=' && c != '|' && c != ',' {
				n = 2
			}
			out = append(out, exprToken{text: s[i : i+n], sign: true})
			i += n
		default:
			end := i
			for end < len(s) && strings.IndexByte(" \t\n\"'`|,=!<>", s[end]) < 0 {
				end++
			}
			out = append(out, exprToken{text: s[i:end]})
			i = end
		}
	}
	return out, nil
}

func (t exprToken) is(sign string) bool { return t.sign && t.text == sign }

// parseExpr reads the expression that tokens begin with; rest is what follows.
func parseExpr(tokens []exprToken) (e Expr, rest []exprToken, err error) {
	if len(tokens) == 0 || tokens[0].sign || tokens[0].quoted {
		return e, nil, fmt.Errorf("an expression begins with a field: %s or params.<name>", strings.Join(exprFields(), ", "))
	}
	e.Field = strings.ToLower(tokens[0].text)
	if !slices.Contains(exprFields(), e.Field) && !strings.HasPrefix(e.Field, "params.") {
		return e, nil, fmt.Errorf("there is no field %q; there are %s and params.<name>", tokens[0].text, strings.Join(exprFields(), ", "))
	}
	for tokens = tokens[1:]; len(tokens) > 0 && tokens[0].is("|"); {
		var s Step
		if s, tokens, err = parseStep(tokens[1:]); err != nil {
			return e, nil, err
		}
		if len(e.Steps) < 20 {
			e.Steps = append(e.Steps, s)
		}
	}
	return e, tokens, nil
}

func parseStep(tokens []exprToken) (s Step, rest []exprToken, err error) {
	if len(tokens) == 0 || tokens[0].sign || tokens[0].quoted {
		return s, nil, fmt.Errorf("a function is missing behind |: one of %s", strings.Join(exprFuncs(), ", "))
	}
	s.Func = strings.ToLower(tokens[0].text)
	if !slices.Contains(exprFuncs(), s.Func) {
		return s, nil, fmt.Errorf("there is no function %q; there are %s", tokens[0].text, strings.Join(exprFuncs(), ", "))
	}
	tokens = tokens[1:]
	hasArg := len(tokens) > 0 && !tokens[0].sign
	switch s.Func {
	case "left", "right":
		if !hasArg {
			return s, nil, fmt.Errorf("%s needs a number", s.Func)
		}
		if s.N, err = strconv.Atoi(tokens[0].text); err != nil || s.N < 0 {
			return s, nil, fmt.Errorf("%s needs a number, not %q", s.Func, tokens[0].text)
		}
		return s, tokens[1:], nil
	case "format", "coalesce", "default":
		if !hasArg || !tokens[0].quoted {
			return s, nil, fmt.Errorf("%s needs a text in quotes", s.Func)
		}
		s.Text = tokens[0].text
		return s, tokens[1:], nil
	case "translate":
		if hasArg && tokens[0].quoted {
			s.Text = tokens[0].text
			return s, tokens[1:], nil
		}
	}
	return s, tokens, nil
}

// parseWholeExpr reads an expression with nothing behind it; blanks are none.
func parseWholeExpr(text string) (*Expr, error) {
	tokens, err := exprTokens(text)
	if err != nil || len(tokens) == 0 {
		return nil, err
	}
	e, rest, err := parseExpr(tokens)
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 0:
		return nil, fmt.Errorf("%q is too much", rest[0].text)
	}
	return &e, nil
}

// parseOrder reads "weight, date desc".
func parseOrder(text string) ([]Order, error) {
	tokens, err := exprTokens(text)
	if err != nil {
		return nil, err
	}
	var out []Order
	for len(tokens) > 0 {
		var o Order
		if o.Expr, tokens, err = parseExpr(tokens); err != nil {
			return nil, err
		}
		if len(tokens) > 0 && !tokens[0].sign && !tokens[0].quoted {
			switch strings.ToLower(tokens[0].text) {
			case "desc":
				o.Desc = true
			case "asc":
			default:
				return nil, fmt.Errorf("%q is neither asc nor desc", tokens[0].text)
			}
			tokens = tokens[1:]
		}
		out = append(out, o)
		if len(tokens) > 0 {
			if !tokens[0].is(",") {
				return nil, fmt.Errorf("%q is too much", tokens[0].text)
			}
			tokens = tokens[1:]
		}
	}
	return out, nil
}

// parseCondition reads "params.kind = talk" or "title in a, b".
func parseCondition(text string) (c Condition, err error) {
	tokens, err := exprTokens(text)
	if err != nil || len(tokens) == 0 {
		return c, err
	}
	e, tokens, err := parseExpr(tokens)
	if err != nil {
		return c, err
	}
	if len(tokens) == 0 {
		return c, fmt.Errorf("there is no comparison: one of =, !=, <, <=, >, >= and in")
	}
	op := strings.ToLower(tokens[0].text)
	switch op {
	case "=", "!=", "<", "<=", ">", ">=":
	case "in":
	default:
		return c, fmt.Errorf("%q is no comparison: they are =, !=, <, <=, >, >= and in", tokens[0].text)
	}
	var values []string
	var words []string
	end := func() { values, words = append(values, strings.Join(words, " ")), nil }
	for _, t := range tokens[1:] {
		if t.is(",") && op == "in" {
			end()
			continue
		}
		words = append(words, t.text)
	}
	end()
	return Condition{Expr: e, Op: op, Values: values}, nil
}
