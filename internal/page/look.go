package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/config"
)

// The grounds that the theme's texts stand on, as web/css/base.css has them, and
// how much an accent must stand out from them. 4.5 is what WCAG asks for; the
// tints that marks stand on take a part of it away.
const (
	paperLight, paperDark = "#ffffff", "#14181b"
	accentContrast        = 5.6
)

// ownStyle returns what a site adds to the theme's style sheet.
func ownStyle(look *config.Look) []byte {
	var b bytes.Buffer
	var root []string
	if look.Accent != "" {
		light := "--accent:" + readable(look.Accent, paperLight)
		dark := "--accent:" + readable(look.Accent, paperDark)
		root = append(root, light)
		b.WriteString(`@media (prefers-color-scheme:dark){:root:not([data-theme="light"]){` + dark + `}}` +
			`:root[data-theme="dark"]{` + dark + "}\n")
	}
	if look.TextFont != "" {
		root = append(root, "--sans:"+look.TextFont)
	}
	if look.CodeFont != "" {
		root = append(root, "--mono:"+look.CodeFont)
	}
	own := b.Bytes()
	if len(root) > 0 {
		own = append([]byte(":root{"+strings.Join(root, ";")+"}\n"), own...)
	}
	return append(own, fromRoot(look.CSS)...)
}

// fromRoot makes url(/x) in a style sheet lead to the site's root, wherever the
// site is: the sheet stands one folder below it.
func fromRoot(css string) string {
	for _, quote := range []string{"", `"`, "'"} {
		css = strings.ReplaceAll(css, "url("+quote+"//", "url("+quote+"https://")
		css = strings.ReplaceAll(css, "url("+quote+"/", "url("+quote+"../")
	}
	return css
}

// styled returns the asset with own added to it, under a name of its own.
func (a asset) styled(own []byte) asset {
	if len(own) == 0 {
		return a
	}
	data := append(append(bytes.Clone(a.data()), '\n'), own...)
	a.hash = sha256.Sum256(data)
	a.data = func() []byte { return data }
	a.path = assetFolder + "theme." + hex.EncodeToString(a.hash[:8]) + ".css"
	return a
}

// readable returns color, or the one nearest to it in lightness that stands
// out from ground.
func readable(color, ground string) string {
	c, g := parseHex(color), parseHex(ground)
	toward := rgb{} // black
	if g.luminance() < 0.5 {
		toward = rgb{1, 1, 1}
	}
	for step := 0; step <= 50; step++ {
		if mixed := c.mix(toward, float64(step)/50); contrast(mixed, g) >= accentContrast {
			return mixed.hex()
		}
	}
	return toward.hex()
}

// rgb is a colour of the sRGB space, each part from 0 to 1.
type rgb [3]float64

func parseHex(s string) rgb {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil { // config has checked it
		return rgb{}
	}
	return rgb{float64(n>>16&255) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}
}

func (c rgb) hex() string {
	b := make([]byte, 0, 7)
	b = append(b, '#')
	for _, v := range c {
		b = append(b, hex.EncodeToString([]byte{byte(math.Round(v * 255))})...)
	}
	return string(b)
}

func (c rgb) mix(with rgb, share float64) rgb {
	for i := range c {
		c[i] += (with[i] - c[i]) * share
	}
	return c
}

// luminance is WCAG's relative luminance.
func (c rgb) luminance() float64 {
	for i, v := range c {
		if v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}

// contrast is WCAG's contrast ratio, from 1 to 21.
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// fragment shows HTML of the site's own, with what its placeholders stand for.
func (v *view) fragment(f config.Fragment) templ.Component {
	return slot{v.s, func(s *sheet) {
		for _, part := range f {
			if part.Name == "" {
				s.share([]byte(part.HTML))
			} else {
				s.own = appendEscaped(s.own, v.placeholder(part.Name))
			}
		}
	}}
}

func (v *view) placeholder(name string) string {
	switch name {
	case "site.title":
		return v.pass.siteTitle()
	case "site.url":
		if v.r.known {
			return v.r.base
		}
	case "site.root":
		return v.root
	case "site.language":
		return v.r.lang
	case "page.title":
		return v.title
	case "page.url":
		if v.page != nil {
			return strings.TrimPrefix(v.page.URL, "/")
		}
	case "page.edit":
		if v.page != nil {
			return string(v.editURL())
		}
	}
	return ""
}

// footPart is a piece of the foot's line: a text, or a link.
type footPart struct {
	text string
	url  templ.SafeURL
}

// footLine reads the configured line: [text](address) is a link.
func (v *view) footLine() []footPart {
	var out []footPart
	line := v.r.cfg.Look.Footer
	for line != "" {
		before, rest, ok := strings.Cut(line, "[")
		text, after, ok2 := strings.Cut(rest, "](")
		to, after, ok3 := strings.Cut(after, ")")
		if !ok || !ok2 || !ok3 || strings.ContainsAny(text, "[]") || unsafeScheme(to) {
			return append(out, footPart{text: line})
		}
		if before != "" {
			out = append(out, footPart{text: before})
		}
		if !strings.Contains(to, ":") && !strings.HasPrefix(to, "#") {
			to = "/" + strings.TrimPrefix(to, "/")
		}
		out = append(out, footPart{text, v.rel(to)})
		line = after
	}
	return out
}

// logo is the address of the picture beside the site's title.
func (v *view) logo() templ.SafeURL {
	if v.pass.site.Logo == nil {
		return ""
	}
	return v.rel("/" + escapeURLPath(v.pass.site.Logo.OutPath))
}
