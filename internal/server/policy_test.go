package server

import (
	"maps"
	"slices"
	"testing"
)

func TestExtendPolicy(t *testing.T) {
	for _, c := range []struct {
		policy string
		more   map[string][]string
		want   string
	}{
		{"default-src 'self'", nil, "default-src 'self'"},
		{
			"default-src 'self'; img-src 'self' https:",
			map[string][]string{"script-src": {"https://a.example"}, "img-src": {"https:", "data:"}},
			"default-src 'self'; img-src 'self' https: data:; script-src 'self' https://a.example",
		},
		{"frame-ancestors 'none'", map[string][]string{"frame-ancestors": {"https://a.example"}}, "frame-ancestors https://a.example"},
	} {
		if got := ExtendPolicy(c.policy, c.more); got != c.want {
			t.Errorf("%q with %v: %q, want %q", c.policy, c.more, got, c.want)
		}
	}
}

// The hashes are those that browsers demand for the same texts.
func TestInlineSources(t *testing.T) {
	got := InlineSources(`<script src="/x.js"></script><SCRIPT type=module>alert(1)</script ><scripture>x</scripture>` +
		`<style>p{color:red}</style><script> </script><script>unclosed`)
	want := map[string][]string{
		"script-src": {"'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"},
		"style-src":  {"'sha256-p0bF+un5yUb9MBO6xRb8kPHlY2BdpHVtLiFkDrZPF64='"},
	}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got %q", got)
	}
}
