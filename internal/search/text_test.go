package search

import (
	"encoding/json"
	"testing"
)

// Whatever the notes say, a file of text begins with a line of JSON that says the same.
func TestTextFileSpeaksJSON(t *testing.T) {
	odd := "plain \"quoted\" \\ <b>&amp; \n\t\x01 ä \u2028 😀"
	d := Document{URL: "/a/", Title: odd, Trail: "", Text: []byte("one two"), Sections: []Section{
		{To: 3}, {ID: odd, Heading: odd, Kind: "Q&A", From: 3, To: 7},
	}}
	with := d
	with.Terms = []string{"x", odd}
	docs := []Document{d, with}
	all := []*analysis{{passages: passages(&docs[0])}, {passages: passages(&docs[1])}}
	f := textFile("", []piece{{0, 0, 2}, {1, 1, 2}}, docs, all)
	var got [][5]any
	if err := json.Unmarshal(f.Parts[0], &got); err != nil {
		t.Fatalf("%v in %s", err, f.Parts[0])
	}
	line, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal([][5]any{
		{"/a/", odd, "", []string{}, [][4]any{{"", "", "", 3}, {odd, odd, "Q&A", 4}}},
		{"/a/", odd, "", []string{"x", odd}, [][4]any{{odd, odd, "Q&A", 4}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if string(line) != string(want) {
		t.Errorf("got  %s\nwant %s", line, want)
	}
}
