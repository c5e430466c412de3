package site

import (
	"fmt"
	"path"
	"strings"
)

// permalink returns the configured pattern for notes of the section that the
// folder lies in, or "".
func (b *builder) permalink(dir string) string {
	if len(b.cfg.Permalinks) == 0 {
		return ""
	}
	first, _, _ := strings.Cut(dir, "/")
	return b.cfg.Permalinks[strings.ToLower(first)]
}

// expandPermalink fills in a pattern such as "/:year/:month/:slug/". The tokens
// are Hugo's (gohugo.io/content-management/urls); one that nobody knows stays
// as it is written.
func (b *builder) expandPermalink(pattern string, e *entry, name string) address {
	front := &e.note.Front
	title := sanitize(strings.ReplaceAll(e.note.Title, "/", " "), b.cfg)
	sections := b.folder(e.dir)
	first, _, _ := strings.Cut(sections, "/")
	last := path.Base(e.name)
	if e.role == bundle {
		last = path.Base(e.dir)
	}
	slugOrTitle := title
	if front.Slug != "" {
		slugOrTitle = name
	}
	d := front.Date
	r := strings.NewReplacer(
		":year", fmt.Sprintf("%04d", d.Year()), ":monthname", d.Month().String(), ":month", fmt.Sprintf("%02d", d.Month()),
		":day", fmt.Sprintf("%02d", d.Day()), ":weekdayname", d.Weekday().String(), ":weekday", fmt.Sprint(int(d.Weekday())),
		":yearday", fmt.Sprint(d.YearDay()), ":sections", sections, ":section", first, ":title", title,
		":slugorfilename", name, ":slugorcontentbasename", name, ":slug", slugOrTitle,
		":filename", segment(last, b.cfg), ":contentbasename", segment(last, b.cfg),
	)
	return fixedAddress(sanitize(r.Replace(pattern), b.cfg))
}
