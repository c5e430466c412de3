package source_test

import (
	"context"
	"testing"

	"lectern/internal/source"
)

// What a web server wants lies in hidden files of the static folder.
func TestDots(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"content/.x.md", "static/.well-known/a.txt", "static/.nojekyll", "static/.git/config", "static/.DS_Store", "static/a~"} {
		write(t, dir, name, name)
	}
	d := open(t, dir)
	scope := source.Scope{Roots: []string{"content", "static"}, Dots: []string{"static"}}
	tree := scan(t, d, scope)
	if got, want := list(tree), "static/.nojekyll static/.well-known/a.txt"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	write(t, dir, "static/.well-known/b.txt", "b")
	tree, err := d.Update(context.Background(), scope, tree, []string{"static/.well-known/b.txt", "content/.x.md"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := list(tree), "static/.nojekyll static/.well-known/a.txt static/.well-known/b.txt"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
