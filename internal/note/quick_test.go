package note

import (
	"fmt"
	"os"
	"testing"
)

func TestQuick(t *testing.T) {
	f := os.Getenv("NOTE_FILE")
	if f == "" {
		t.Skip()
	}
	data, err := os.ReadFile(f)
	if err != nil {
		t.Fatal(err)
	}
	o := hugoOptions()
	n := NewParser(&o).Parse(f, data)
	fmt.Println(string(fill(n)))
	fmt.Printf("title=%q src=%d readable=%v words=%d summary=%q icons=%v res=%+v\nheadings=%+v\nfront=%+v\n", n.Title, n.TitleSource, n.Readable, n.Words, n.Summary, n.Icons, n.Resources, n.Headings, n.Front)
	for _, l := range n.Links {
		fmt.Printf("link %+v\n", l)
	}
	for _, d := range n.Diags {
		fmt.Println(d)
	}
}
