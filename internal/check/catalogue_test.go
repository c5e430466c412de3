package check_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lectern/internal/check"
	"lectern/internal/diag"
)

// reported finds all names of rules that the code of the module reports: a
// field Rule of a literal, a constant rule…, a variable rule, and what follows
// a severity or the word report among arguments.
func reported(t *testing.T) map[string][]string {
	t.Helper()
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	found := map[string][]string{}
	fset := token.NewFileSet()
	add := func(e ast.Expr) {
		lit, ok := e.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return
		}
		s, err := strconv.Unquote(lit.Value)
		if err == nil && name.MatchString(s) {
			found[s] = append(found[s], fset.Position(lit.Pos()).String())
		}
	}
	isRule := func(e ast.Expr) bool {
		switch x := e.(type) {
		case *ast.Ident:
			return strings.HasPrefix(x.Name, "rule")
		case *ast.SelectorExpr:
			return x.Sel.Name == "Rule"
		}
		return false
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "check/rules_") {
			return err
		}
		f, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Rule" {
					add(n.Value)
				}
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if strings.HasPrefix(id.Name, "rule") && i < len(n.Values) {
						add(n.Values[i])
					}
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if isRule(l) && len(n.Rhs) == len(n.Lhs) {
						add(n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				after := false
				fun := ""
				switch f := n.Fun.(type) {
				case *ast.SelectorExpr:
					fun = f.Sel.Name
				case *ast.Ident:
					fun = f.Name
				}
				for i, a := range n.Args {
					if after || (fun == "report" || fun == "reportFile") && i == 1 && strings.Contains(path, "check") || fun == "refuse" && i == 0 {
						add(a)
					}
					sel, ok := a.(*ast.SelectorExpr)
					after = ok && (sel.Sel.Name == "Error" || sel.Sel.Name == "Warning" || sel.Sel.Name == "Info")
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestEveryReportedRuleIsInTheCatalogue(t *testing.T) {
	found := reported(t)
	if len(found) < 70 {
		t.Fatalf("only %d names of rules found in the code: the search has gone blind", len(found))
	}
	for name, places := range found {
		if _, ok := check.Lookup(name); !ok {
			t.Errorf("%s is reported at %s, and not in the catalogue", name, places[0])
		}
	}
	for _, r := range check.Rules() {
		if len(found[r.Name]) == 0 && !elsewhere(r.Name) {
			t.Errorf("%s is in the catalogue, and nothing reports it", r.Name)
		}
	}
}

// elsewhere are the rules whose names the search can't see.
func elsewhere(name string) bool { return name == "video-missing" || name == "slides-missing" }

func TestCatalogue(t *testing.T) {
	last := ""
	for _, r := range check.Rules() {
		if r.Name <= last {
			t.Errorf("%s stands twice, or not in order", r.Name)
		}
		last = r.Name
		switch {
		case r.Summary == "" || r.Why == "":
			t.Errorf("%s is not explained", r.Name)
		case strings.HasSuffix(r.Summary, ".") || !strings.HasSuffix(r.Why, "."):
			t.Errorf("%s: a summary is no sentence, the explanation is: %q, %q", r.Name, r.Summary, r.Why)
		case r.Right != "" && r.Wrong == "":
			t.Errorf("%s: an example of what is right needs one of what is wrong", r.Name)
		}
	}
	// The issue that asked for them names these.
	for _, name := range strings.Fields(`link-missing link-fragment link-relative-depth link-placeholder path-style image-missing
		image-location image-unused image-too-large image-alt tag-placeholder tag-nearly-same stub weight-duplicate title-missing
		title-duplicate video-missing slides-missing button-placeholder todo heading-skip shortcode-unknown shortcode-parameter
		shortcode-deprecated html-comment-shortcode date-future front-matter url-duplicate spelling private-leak external-link`) {
		if _, ok := check.Lookup(name); !ok {
			t.Errorf("there is no rule %s", name)
		}
	}
}

func TestExplanations(t *testing.T) {
	for _, r := range check.Rules() {
		var b strings.Builder
		if err := r.WriteExplanation(&b); err != nil {
			t.Fatal(err)
		}
		words, _, _ := strings.Cut(b.String(), "\nWrong:")
		if strings.Contains(words, "](") || strings.Contains(words, "`") || !strings.HasPrefix(b.String(), r.Name+" ("+r.Severity.String()+")") {
			t.Errorf("%s", b.String())
		}
		if r.Firm == strings.Contains(b.String(), "lectern-ignore") {
			t.Errorf("%s: how to silence it must stand there if it can be: %s", r.Name, b.String())
		}
	}
	if r, ok := check.Lookup("no-such-rule"); ok || r.Severity != diag.Warning {
		t.Error("an unknown rule must be none")
	}
}
