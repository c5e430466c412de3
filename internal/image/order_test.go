package image

import (
	"testing"

	"lectern/internal/snapshot"
)

// Who reads a layer has its list of files before the first of them, and so reads
// each layer once.
func TestListComesFirst(t *testing.T) {
	for _, l := range plan(t, files(70), nil).shared {
		list, err := l.entries()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := snapshot.CutPart(list[0].path[len("site/"):]); !ok {
			t.Errorf("%s begins with %s", l.name, list[0].path)
		}
	}
}
