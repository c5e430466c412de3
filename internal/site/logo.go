package site

import (
	"fmt"

	"lectern/internal/config"
	"lectern/internal/diag"
)

// isLogo reports whether the configuration names the file at path as the
// site's logo: a use of it, as a note's would be.
func isLogo(cfg *config.Config, path string) bool {
	return cfg.Look.Logo != "" && cfg.Look.Logo == path
}

// findLogo finds the file that the configuration names as the site's logo, by
// its path in the project or by its address.
func (b *builder) findLogo() {
	want := b.cfg.Look.Logo
	if want == "" {
		return
	}
	for _, f := range b.s.Files {
		if f.Path == want || f.OutPath == want {
			b.s.Logo = f
			if f.Path == want {
				return
			}
		}
	}
	if b.s.Logo == nil {
		b.s.Diags = append(b.s.Diags, diag.Diagnostic{
			Severity: diag.Warning, Rule: "logo-missing", Message: fmt.Sprintf("the site's logo %q is not among its files", shorten(want)),
			Hint: "put it into a static folder, and name it in look.logo by its path in the project",
		})
	}
}
