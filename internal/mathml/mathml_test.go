package mathml

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden compares formulas of all the kinds that people write with what
// they gave before. The pictures that browsers make of them were looked at when
// they changed.
func TestGolden(t *testing.T) {
	formulas, err := os.ReadFile("testdata/formulas.txt")
	if err != nil {
		t.Fatal(err)
	}
	c := New()
	var got strings.Builder
	count := 0
	for line := range strings.Lines(string(formulas)) {
		tex := strings.TrimRight(line, "\r\n")
		html, err := c.Convert(tex, count%3 != 2)
		if err != nil {
			t.Errorf("%s: %v", tex, err)
		}
		wellFormed(t, html)
		fmt.Fprintf(&got, "%s\n%s\n\n", tex, html)
		count++
	}
	if count < 60 {
		t.Errorf("only %d formulas", count)
	}
	if *update {
		if err := os.WriteFile("testdata/formulas.golden", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("testdata/formulas.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != strings.ReplaceAll(string(want), "\r\n", "\n") {
		t.Error("the MathML differs from testdata/formulas.golden; look at it, then run with -update")
	}
}

// wellFormed checks that html is one math element of allowed elements and
// attributes.
func wellFormed(t testing.TB, html string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(html))
	d.Entity = xml.HTMLEntity
	roots, depth := 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, html)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth == 0 {
				if roots++; tok.Name.Local != "math" {
					t.Fatalf("the element is %s: %s", tok.Name.Local, html)
				}
			}
			depth++
			if !isElement(tok.Name.Local) {
				t.Errorf("element %s in %s", tok.Name.Local, html)
			}
			for _, a := range tok.Attr {
				if a.Name.Local != "class" && !isAttribute(a.Name.Local) {
					t.Errorf("attribute %s in %s", a.Name.Local, html)
				}
			}
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 || depth != 0 {
		t.Errorf("%d elements, depth %d at the end: %s", roots, depth, html)
	}
}

func TestErrors(t *testing.T) {
	c := New()
	for _, x := range []struct {
		tex, message string
		offset       int
	}{
		{`\unknown x`, `unsupported function name: \unknown`, 0},
		{`a + \frac{b}{`, "unexpected end of input in a macro argument, expected '}'", 13},
		{`ä + \nope`, `unsupported function name: \nope`, 5},
		{`x_1_2`, "double subscript", 3},
		{`\begin{foo}x\end{foo}`, "no such environment: foo", 6},
		{`\href{javascript:alert(1)}{x}`, `unsupported function name: \href`, 0},
		{`\includegraphics{x.png}`, `function "\includegraphics" is not trusted`, 0},
	} {
		html, err := c.Convert(x.tex, false)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no error but %v, %s", x.tex, err, html)
			continue
		}
		if e.Message != x.message || e.Offset != x.offset {
			t.Errorf("%s: %q at %d, want %q at %d", x.tex, e.Message, e.Offset, x.message, x.offset)
		}
	}
}

// Hostile formulas are refused or done with little: none of these takes the
// clock's time, and none disturbs the next formula.
func TestHostile(t *testing.T) {
	c := New()
	for name, tex := range map[string]string{
		"long":      strings.Repeat("x", MaxLength+1),
		"full":      strings.Repeat("x", MaxLength),
		"scripts":   strings.Repeat("x^", 2000) + "y",
		"braces":    strings.Repeat("{", 2000) + strings.Repeat("}", 2000),
		"roots":     strings.Repeat(`\sqrt`, 800) + "x",
		"fractions": strings.Repeat(`\frac1`, 600) + "x",
		"lefts":     strings.Repeat(`\left(`, 600) + "x" + strings.Repeat(`\right)`, 60),
		"forever":   `\def\a{\a\a}\a`,
		"bomb":      `\def\a{` + strings.Repeat("x", 200) + `}\def\b{` + strings.Repeat(`\a`, 60) + `}` + strings.Repeat(`\b`, 60),
		"cells":     `\begin{matrix}` + strings.Repeat("&", 2000) + `\end{matrix}`,
		"rows":      `\begin{matrix}` + strings.Repeat(`\\`, 2000) + `\end{matrix}`,
		"space":     `\hspace{99999999999em}\rule{1e9em}{1e9em}`,
		"html":      `</math><script>alert(1)</script> \text{</math><img src=x onerror=alert(1)>}`,
		"quote":     `\text{"><script>} \color{"><b>}{x}`,
		"reaction":  `\ce{` + strings.Repeat("A->B", 250) + `}`,
		"reagents":  `\ce{` + strings.Repeat("A->[", 200) + strings.Repeat("]", 200) + `}`,
		"charges":   `\ce{` + strings.Repeat("^{", 90) + strings.Repeat("}", 90) + `}`,
		"within":    strings.Repeat(`\ce{`, 90) + "x" + strings.Repeat("}", 90),
		"bonds":     `\ce{` + strings.Repeat("A#B-C=", 160) + `}`,
		"spaces":    `\ce{` + strings.Repeat(" ", 1000) + `(`,
		"amount":    `\pu{` + strings.Repeat("1", 1000) + `}`,
		"zero":      "a\x00b",
		"bytes":     "\xff\xfe$",
	} {
		html, err := c.Convert(tex, true)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if len(html) > 2*maxOutput {
			t.Errorf("%s: %d bytes", name, len(html))
		}
		if strings.Contains(html, "<script") || strings.Contains(html, "<img") {
			t.Errorf("%s: %s", name, html)
		}
	}
	if _, err := c.Convert("x^2", true); err != nil {
		t.Error(err)
	}
}

// Many goroutines get the same bytes as one.
func TestConcurrent(t *testing.T) {
	c := New()
	want, err := New().Convert(`\frac{a}{b}`, true)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := c.Convert(fmt.Sprintf("x_{%d}", i), false); err != nil {
				t.Error(err)
			}
			if got, err := c.Convert(`\frac{a}{b}`, true); err != nil || got != want {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	wg.Wait()
}

// What a formula defines is forgotten before the next one.
func TestNoMemory(t *testing.T) {
	c := New()
	if _, err := c.Convert(`\gdef\mine{x}\mine`, false); err != nil {
		t.Fatal(err)
	}
	if html, err := c.Convert(`\mine y`, false); err == nil {
		t.Errorf("the macro of another formula is known: %s", html)
	}
}

// A formula means the same whether or not chemistry came before it.
func TestChemistryOrder(t *testing.T) {
	for _, tex := range []string{`a \tripleDash b`, `\ceil`, `x \centerdot y`, `\lceil x \rceil`} {
		c := New()
		before, errBefore := c.Convert(tex, false)
		if _, err := c.Convert(`\ce{H2O}`, false); err != nil {
			t.Fatal(err)
		}
		clear(c.kept)
		after, errAfter := c.Convert(tex, false)
		if before != after || fmt.Sprint(errBefore) != fmt.Sprint(errAfter) {
			t.Errorf("%s: %s (%v) before chemistry, %s (%v) after", tex, before, errBefore, after, errAfter)
		}
	}
}

func FuzzConvert(f *testing.F) {
	formulas, err := os.ReadFile("testdata/formulas.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(formulas)) {
		f.Add(strings.TrimSpace(line), true)
	}
	c := New()
	f.Fuzz(func(t *testing.T, tex string, display bool) {
		html, err := c.Convert(tex, display)
		if err == nil && !strings.ContainsAny(tex, "\ufffe\uffff") { // which XML forbids, and HTML does not
			wellFormed(t, html)
		}
	})
}

func BenchmarkConvert(b *testing.B) {
	c := New()
	for i := 0; b.Loop(); i++ {
		if _, err := c.Convert(fmt.Sprintf(`\sum_{i=1}^{%d} i = \frac{n(n+1)}{2}`, i), true); err != nil {
			b.Fatal(err)
		}
	}
}
