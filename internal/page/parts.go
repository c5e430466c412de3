package page

// hasParts reports whether the page shows what the rarer shortcodes make, whose
// style is a file of its own.
func (v *view) hasParts() bool {
	return v.page != nil && v.page.Note != nil && v.page.Note.HasParts
}

// hasTabGroups reports whether tabs of the page switch together.
func (v *view) hasTabGroups() bool {
	return v.page != nil && v.page.Note != nil && v.page.Note.HasTabGroups
}
