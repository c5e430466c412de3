package browser

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// album is a project with pictures of each sort.
func album(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 2400, 1600))
	noise := uint32(1)
	for y := range 1600 {
		for x := range 2400 {
			noise = noise*1664525 + 1013904223
			m.SetRGBA(x, y, color.RGBA{byte(x / 10), byte(y / 7), byte(noise >> 24), 255})
		}
	}
	var photo, chart, small bytes.Buffer
	for _, err := range []error{
		jpeg.Encode(&photo, m, nil),
		png.Encode(&chart, m.SubImage(image.Rect(0, 0, 1100, 500))),
		png.Encode(&small, m.SubImage(image.Rect(0, 0, 90, 60))),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// As a phone writes it that is held upright: stored on its side.
	const exif = "\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	portrait := photo.String()[:2] + exif + photo.String()[2:]
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.md": "# Pictures\n\nBefore.\n\n![A photo](photo.jpg)\n\nBetween [![in a link](chart.png)](https://example.org/) and ![tiny](small.png).\n\n" +
			"{{< figure src=\"chart.png\" alt=\"A chart\" caption=\"Its caption\" >}}\n\n<img src=\"photo.jpg\" alt=\"raw\" width=\"300\">\n\n" +
			"![drawn](drawing.svg)\n\n![right](chart.png?width=200px&classes=right,shadow,border)\n\n" + strings.Repeat("More words. ", 200) + "\n\n![last](photo.jpg)\n",
		"photo.jpg": portrait, "chart.png": chart.String(), "small.png": small.String(),
		"drawing.svg":  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="200" height="50" fill="teal"/></svg>`,
		"lectern.yaml": "title: Album\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shifts adds up how much of the page moved since it was opened.
const shifts = `new Promise((done) => {
	let sum = 0
	new PerformanceObserver((l) => { for (const e of l.getEntries()) sum += e.value }).observe({type: "layout-shift", buffered: true})
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)))
})`

// Pictures come later than the text, and nothing moves when they do; a small
// screen gets small ones, upright, in their own proportions.
func TestPictures(t *testing.T) {
	source := axe(t)
	site := build(t, album(t), true)
	base := serve(t, site, "/", func(h http.Header, name string) {
		h.Set("Content-Security-Policy", strict)
		if ext := filepath.Ext(name); ext == ".jpg" || ext == ".png" || ext == ".svg" {
			time.Sleep(150 * time.Millisecond) // so that the text stands before
		}
	})
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			tb := newTab(t, v)
			tb.open(base + "a/")
			for i := range eval[int](tb, `document.images.length`) {
				at := fmt.Sprintf("document.images[%d]", i)
				eval[bool](tb, at+`.scrollIntoView(), true`)
				tb.waitFor(at, at+".complete && "+at+".naturalWidth")
			}
			if moved := eval[float64](tb, shifts); moved != 0 {
				t.Errorf("the page moved by %v while its pictures came", moved)
			}
			tb.checkQuiet(v.String())
			checkNoOverflow(tb, v.String())
			type shown struct {
				Alt, Src                   string
				Width, Height, Ratio, Real float64
			}
			for _, s := range eval[[]shown](tb, `[...document.querySelectorAll(".text img")].map((i) => ({Alt: i.alt, Src: new URL(i.currentSrc).pathname,
				Width: i.clientWidth, Height: i.clientHeight, Ratio: i.clientWidth / i.clientHeight, Real: i.naturalWidth / i.naturalHeight}))`) {
				if r := s.Ratio / s.Real; r < 0.97 || r > 1.03 {
					t.Errorf("%q is shown at %v×%v, out of its proportions", s.Alt, s.Width, s.Height)
				}
				want := map[string]string{"A photo": "480", "in a link": "480", "A chart": "480", "raw": "480", "right": "480", "last": "480"}
				if v.width > 600 {
					want = map[string]string{"A photo": "960", "in a link": "chart.png", "A chart": "chart.png", "raw": "480", "right": "480", "last": "960"}
				}
				if s.Alt == "raw" || s.Alt == "last" { // or a larger one that it has already
					want[s.Alt] = want["A photo"]
				}
				if w := want[s.Alt]; w != "" && !strings.HasPrefix(s.Src, "/lectern/pictures/"+w+"-") && s.Src != "/"+w {
					t.Errorf("for %q (%v wide) the browser took %s, want %s", s.Alt, s.Width, s.Src, w)
				}
			}
			tb.checkAccessible(v.String(), source)
			tb.screenshot("pictures-" + v.String())
		})
	}
}

// A picture opens large by the keyboard, with script and without.
func TestPictureLarge(t *testing.T) {
	site := build(t, album(t), true)
	base := host(t, site, "/", strict)
	for _, off := range []bool{false, true} {
		v := phone
		v.noScript = off
		tb := newTab(t, v)
		tb.open(base + "a/")
		links := eval[[]string](tb, `[...document.querySelectorAll(".pic-large")].map((a) => a.getAttribute("href"))`)
		if got := strings.Join(links, " "); got != "../photo.jpg ../chart.png ../drawing.svg ../chart.png ../photo.jpg" {
			t.Errorf("%s lead to large pictures", got)
		}
		eval[bool](tb, `document.querySelector(".pic-large").focus(), document.activeElement.className === "pic-large"`)
		tb.press(kb.Enter)
		tb.waitFor("the large picture", `location.pathname === "/photo.jpg"`)
		if w := eval[int](tb, `document.images[0].naturalWidth`); w != 1600 {
			t.Errorf("the large picture is %d pixels wide, want that of the upright original", w)
		}
	}
}

// An SVG that is opened by itself runs no script, whatever the author's
// policy: as `lectern serve` sends it.
func TestScriptInDrawing(t *testing.T) {
	drawing := `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" onload="document.documentElement.id = 'ran'">` +
		`<script>document.documentElement.id = "ran"</script><rect width="90" height="90"/></svg>`
	dir := t.TempDir()
	for name, text := range map[string]string{"a.md": "# A\n\n![x](x.svg)\n", "x.svg": drawing} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	live := startServe(t, dir)
	tb := newTab(t, phone)
	tb.open(live + "a/")
	if w := eval[int](tb, `document.querySelector(".text img").naturalWidth`); w != 90 {
		t.Errorf("on its page the drawing is %d pixels wide", w)
	}
	tb.open(live + "x.svg")
	if id := eval[string](tb, `document.documentElement.id`); id != "" {
		t.Error("a script in a drawing ran")
	}
}
