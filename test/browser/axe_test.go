package browser

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const axeFile = "../../web/node_modules/axe-core/axe.min.js"

// axe returns the source of the checker of accessibility.
func axe(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.FromSlash(axeFile))
	if errors.Is(err, fs.ErrNotExist) {
		missing(t, "axe-core", "run `npm ci` in web/")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

type violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// checkAccessible fails the test for everything that axe finds on the page.
func (tb *tab) checkAccessible(where, source string) {
	tb.t.Helper()
	eval[bool](tb, source+"; true")
	for _, v := range eval[[]violation](tb, `axe.run(document, {iframes: false, resultTypes: ["violations"]}).then((r) =>
		r.violations.map((v) => ({id: v.id, help: v.help,
			nodes: v.nodes.map((n) => n.html.slice(0, 160) + "  " + (n.failureSummary ?? "").replace(/\s+/g, " ").slice(0, 240))})))`) {
		tb.t.Errorf("%s: axe: %s (%s)\n\t%s", where, v.Help, v.ID, strings.Join(v.Nodes, "\n\t"))
	}
}
