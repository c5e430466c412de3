package picture_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lectern/internal/picture"
)

// TestWebPColours: a smaller picture made of a WebP has the colours of one made
// of the same picture as PNG. The pictures are those of the decoder's own tests.
func TestWebPColours(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/image").Output()
	if err != nil {
		t.Skip("there is no go command: ", err)
	}
	at := func(name string) [][3]int {
		data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata", name))
		if err != nil {
			t.Skip("the decoder's pictures are not here: ", err)
		}
		info := inspect(t, data)
		out, err := picture.Render(bytes.NewReader(data), info, []int{60})
		if err != nil {
			t.Fatal(err)
		}
		m := decoded(t, out[0])
		var colours [][3]int
		for y := 5; y < 40; y += 10 {
			for x := 5; x < 60; x += 10 {
				r, g, b, _ := m.At(x, y).RGBA()
				colours = append(colours, [3]int{int(r >> 8), int(g >> 8), int(b >> 8)})
			}
		}
		return colours
	}
	want := at("blue-purple-pink-large.png")
	for _, name := range []string{"blue-purple-pink-large.lossless.webp", "blue-purple-pink-large.normal-filter.lossy.webp"} {
		sum := 0
		for i, c := range at(name) {
			for k := range c {
				sum += max(c[k]-want[i][k], want[i][k]-c[k])
			}
		}
		if mean := float64(sum) / float64(3*len(want)); mean > 8 {
			t.Errorf("%s: its colours are off by %.1f on average", name, mean)
		} else {
			t.Logf("%s: %.1f", name, mean)
		}
	}
}
