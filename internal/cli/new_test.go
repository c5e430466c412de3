package cli

import "testing"

func TestOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"  Lightning\r\ntalks\t2 ": "Lightning talks 2",
		"a\x1b[31mb":               "a [31mb",
		"日本語　の話":                   "日本語 の話",
		"\n":                       "",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
