package config

import (
	"slices"
	"strings"
)

// policyDirectives are those of the Content-Security-Policy that a site may
// widen.
func policyDirectives() []string {
	return []string{
		"script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "frame-src", "worker-src", "form-action", "frame-ancestors",
	}
}

// policySetting is the key of what the pages' policy allows beside what the
// theme needs.
func policySetting() setting {
	return setting{
		path: "contentSecurityPolicy.<directive>", form: "list of sources", def: "none",
		doc: "What the site's pages may load or run beside what the theme needs, for HTML of your own: " +
			"`script-src: [https://stats.example.org]`, or `'unsafe-inline'` for scripts and styles within notes. " +
			"The directives are " + strings.Join(policyDirectives(), ", ") + ". Inline scripts and styles of `look.html` are allowed by their hash already. " +
			"It counts for `lectern serve` and for images; another server needs it in its own configuration.",
	}
}

func readPolicy(d *decoder, c *Config, v *value) {
	for _, e := range d.entries(v, "contentSecurityPolicy") {
		if !slices.Contains(policyDirectives(), e.key) {
			hint := nearest(e.name, policyDirectives())
			if hint == "" {
				hint = "there are " + strings.Join(policyDirectives(), ", ")
			}
			d.fail(e.at, ruleValue, hint, "contentSecurityPolicy: there is no directive %q to widen", clip(e.name))
			continue
		}
		var sources []string
		d.texts(e.val, "contentSecurityPolicy."+e.name, &sources)
		for _, s := range sources {
			if s == "" || strings.ContainsAny(s, "; ,\t\r\n") || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
				d.fail(e.val.at, ruleValue, "write each source by itself: https://stats.example.org", "contentSecurityPolicy: %q is not a source", clip(s))
				continue
			}
			if c.ContentSecurityPolicy == nil {
				c.ContentSecurityPolicy = map[string][]string{}
			}
			c.ContentSecurityPolicy[e.key] = append(c.ContentSecurityPolicy[e.key], s)
		}
	}
}
