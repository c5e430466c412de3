package note

import "testing"

func TestCancelled(t *testing.T) {
	for front, want := range map[string]bool{"": false, "cancelled: true": true, "canceled: true": true, "cancelled: false": false} {
		a, b := Parse("a.md", []byte("---\n"+front+"\n---\nText\n"), &Options{}), Parse("a.md", []byte("---\n---\nText\n"), &Options{})
		if a.Front.Cancelled != want || len(a.Diags) > 0 || want && a.FactsKey == b.FactsKey {
			t.Errorf("%q: %t, %v", front, a.Front.Cancelled, a.Diags)
		}
	}
}
