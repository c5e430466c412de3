package check

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// weights looks for siblings of the same weight: what comes first then is
// decided by their titles.
func (c *checker) weights() {
	type key struct {
		parent *site.Page
		weight int
	}
	first := map[key]*subject{}
	for _, s := range c.inOrder() {
		w := s.note.Front.Weight
		if w == 0 || s.page.Parent == nil || s.page.Hidden || s.page.Unlisted || c.sortsOtherwise(s.page.Parent) {
			continue
		}
		k := key{s.page.Parent, w}
		other := first[k]
		if other == nil {
			first[k] = s
			continue
		}
		at := start()
		if f, ok := s.note.Marks.Field("weight"); ok {
			at = f.Value
		}
		c.report(s, "weight-duplicate", at, fmt.Sprintf("%s has the weight %d too, so their order is that of their titles", other.note.Path, w),
			"give each note of a folder a weight of its own")
	}
}

// sortsOtherwise reports whether a section's pages are not in order of weight.
func (c *checker) sortsOtherwise(p *site.Page) bool {
	var front map[string]any
	if p.Note != nil {
		front = p.Note.Front.Params
	}
	by := c.s.Config.ParamText(front, "ordersectionsby")
	return by != "" && !strings.EqualFold(by, "weight")
}

// inOrder returns the subjects in order of their notes' paths.
func (c *checker) inOrder() []*subject {
	if c.ordered == nil {
		c.ordered = make([]*subject, len(c.subjects))
		for i := range c.subjects {
			c.ordered[i] = &c.subjects[i]
		}
		slices.SortFunc(c.ordered, func(a, b *subject) int { return cmp.Compare(a.note.Path, b.note.Path) })
	}
	return c.ordered
}

// titles looks for notes that a reader can't tell apart in a list.
func (c *checker) titles() {
	first := map[string]*subject{}
	for _, s := range c.inOrder() {
		if !s.isTalk() || len(s.page.Parts) > 0 || s.page.Lead != nil || s.note.TitleSource == note.TitleFromName {
			continue
		}
		key := strings.Join(strings.Fields(strings.ToLower(s.page.Title)), " ")
		other := first[key]
		if other == nil {
			first[key] = s
			continue
		}
		at := start()
		if f, ok := s.note.Marks.Field("title"); ok {
			at = f.Value
		} else if h := s.note.Marks.Headings; len(h) > 0 {
			at = h[0].Place
		}
		c.report(s, "title-duplicate", at, fmt.Sprintf("%s has this title too", other.note.Path),
			"say what sets them apart; notes of one session can name the same session")
	}
}

// usualPath is how most people name notes: a folder for each day, a number for
// each session.
const usualPath = `^(.+/)?[0-9]{2}[_-][a-z0-9]+([_-][a-z0-9]+)*\.md$`

// The share of notes that have to keep to the usual way before the others are
// told of it, where nobody configured one.
const (
	usualShare = 0.8
	usualLeast = 5
)

// paths looks for notes whose file is named otherwise than the others'.
func (c *checker) paths() {
	pattern := c.s.Config.Check.PathStyle
	configured := pattern != ""
	if !configured {
		pattern = usualPath
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return // config has said so
	}
	var odd []*subject
	notes := 0
	for _, s := range c.inOrder() {
		if s.page.Kind != site.Single || path.Base(s.note.Path) == "index.md" {
			continue
		}
		notes++
		if !re.MatchString(contentPath(c.s.Config, s.note.Path)) {
			odd = append(odd, s)
		}
	}
	if !configured && (notes < usualLeast || float64(notes-len(odd)) < usualShare*float64(notes)) {
		return
	}
	for _, s := range odd {
		msg := "this file is named otherwise than the other notes, which are like day/03_title.md"
		if configured {
			msg = fmt.Sprintf("this file's path does not match %s", pattern)
		}
		c.report(s, "path-style", start(), msg, "rename it; an alias keeps its old address")
	}
}

// contentPath is a note's path from its content folder.
func contentPath(cfg *config.Config, name string) string {
	for _, dir := range cfg.ContentDirs() {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok {
			return rest
		}
	}
	return name
}

// futureDates looks for notes that are not published because their date has not come.
func (c *checker) futureDates() {
	if c.s.Config.BuildFuture || c.in.Now.IsZero() {
		return
	}
	for _, n := range c.s.Unpublished {
		at := n.Front.PublishDate
		names := []string{"publishdate", "pubdate", "published"}
		if at.IsZero() && !n.Front.DateFromLastmod {
			at, names = n.Front.Date, []string{"date"}
		}
		if !at.After(c.in.Now) || n.Front.Draft {
			continue
		}
		place := start()
		if n.Marks != nil {
			if f, ok := n.Marks.Field(names...); ok {
				place = f.Value
			}
		}
		c.reportFile(n.Path, "date-future", place, "this note is not published before "+at.Format("2006-01-02 15:04 MST"), "mend the date if it is not meant so")
	}
}
