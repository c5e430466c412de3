package highlight

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast checks every colour of the style sheet against what it stands on.
func TestContrast(t *testing.T) {
	light, rest, ok := strings.Cut(CSS(), "@media (prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("the style sheet has no dark scheme")
	}
	for scheme, c := range map[string]struct{ css, background, mark string }{
		"light": {light, "#f6f8fa", "#fff5b1"},
		"dark":  {rest, "#161b22", "#3b2e00"},
	} {
		if !strings.Contains(c.css, "background-color:"+c.background) {
			t.Errorf("%s: no background %s", scheme, c.background)
		}
		n := 0
		for _, rule := range regexp.MustCompile(`\{([^{}]*)\}`).FindAllStringSubmatch(c.css, -1) {
			color := regexp.MustCompile(`(?:^|;)color:(#[0-9a-f]{6})`).FindStringSubmatch(rule[1])
			if color == nil {
				continue
			}
			n++
			on := []string{c.background, c.mark}
			if own := regexp.MustCompile(`background-color:(#[0-9a-f]{6})`).FindStringSubmatch(rule[1]); own != nil {
				on = own[1:]
			}
			for _, bg := range on {
				if got := contrast(color[1], bg); got < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, color[1], bg, got)
				}
			}
		}
		if n < 5 {
			t.Errorf("%s: only %d colours", scheme, n)
		}
	}
}

// contrast is WCAG's contrast ratio of two colours #rrggbb.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(c string) float64 {
	weights := []float64{0.2126, 0.7152, 0.0722}
	sum := 0.0
	for i, w := range weights {
		v, err := strconv.ParseUint(c[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return math.NaN()
		}
		s := float64(v) / 255
		if s <= 0.04045 {
			s /= 12.92
		} else {
			s = math.Pow((s+0.055)/1.055, 2.4)
		}
		sum += w * s
	}
	return sum
}
