package check

import (
	"fmt"
	"path"
	"strings"

	"lectern/internal/config"
	"lectern/internal/note"
)

// pictures looks at what the note's pictures say to those who can't see them.
func (c *checker) pictures(s *subject) {
	for i := range s.links {
		k := &s.links[i]
		if k.Kind != note.Image || strings.Contains(k.Attrs, ` class="deck-image"`) || strings.Contains(k.Attrs, ` aria-`) {
			continue
		}
		alt := strings.TrimSpace(k.Alt)
		switch {
		case alt == "":
			c.report(s, "image-alt", placeOf(k), fmt.Sprintf("the picture %q has no alternative text", k.Dest), "say in a few words what it shows: ![a diagram of …](…)")
		case isFileName(alt, k.Dest):
			c.report(s, "image-alt", placeOf(k), fmt.Sprintf("the picture's alternative text is a file's name, %q", alt), "say in a few words what it shows")
		}
	}
}

// isFileName reports whether an alternative text is no more than the name that
// a camera or an editor gave the file.
func isFileName(alt, dest string) bool {
	base := path.Base(strings.ReplaceAll(dest, "%20", " "))
	if strings.EqualFold(alt, base) {
		return true
	}
	low := strings.ToLower(alt)
	for _, word := range []string{"image", "img", "picture", "photo", "pasted image", "alt text", "dsc", "screenshot"} {
		if rest, ok := strings.CutPrefix(low, word); ok && strings.Trim(rest, "-_ .0123456789") == "" {
			return true
		}
	}
	return false
}

func (c *checker) unnamedPictures(s *subject) {
	for _, at := range s.note.Marks.Unnamed {
		c.report(s, "image-alt", at, "this picture has no alternative text", `write alt="…", or alt="" if it only decorates`)
	}
}

// pictureFiles looks at the files themselves.
func (c *checker) pictureFiles() {
	if c.s.Secondary {
		return // they are the same for all languages
	}
	limit := c.s.Config.Check.ImageSize
	if limit == 0 {
		limit = config.DefaultImageSize
	}
	published := make(map[string]bool, len(c.s.Files))
	for _, f := range c.s.Files {
		published[f.Path] = true
		if isPicture(f.Path) && f.Size > limit {
			c.reportFile(f.Path, "image-too-large", note.Place{}, fmt.Sprintf("this picture has %s; more than %s is slow to load and to clone", size(f.Size), size(limit)),
				"make it smaller, or raise check.imageSize")
		}
	}
	c.unusedPictures(published)
}

// unusedPictures looks for pictures beside the notes that no note speaks of.
func (c *checker) unusedPictures(published map[string]bool) {
	var candidates []string
	for _, name := range c.in.Files {
		if isPicture(name) && c.couldBeUsed(name) && (published[name] || !c.s.Config.Hugo) {
			candidates = append(candidates, name)
		}
	}
	if len(candidates) == 0 {
		return
	}
	mentioned, listed := map[string]bool{}, map[string]bool{}
	for _, n := range c.in.Notes {
		for _, base := range n.Mentions {
			mentioned[base] = true
		}
		_, resources := n.Front.Params["resources"]
		for i := range n.Calls {
			resources = resources || n.Calls[i].Files != nil
		}
		for i := range n.Links {
			if !n.Links[i].External {
				mentioned[path.Base(n.Links[i].Dest)] = true
			}
		}
		if resources {
			listed[path.Dir(n.Path)] = true
		}
	}
	folders := map[string]bool{}
	for i := range c.subjects {
		folders[path.Dir(c.subjects[i].note.Path)] = true
	}
	for _, name := range candidates {
		if mentioned[path.Base(name)] || !nearNotes(name, folders) || nearNotes(name, listed) || !c.s.Holds(name) {
			continue
		}
		c.reportFile(name, "image-unused", note.Place{}, "no note shows this picture", "show it, or remove it")
	}
}

// nearNotes reports whether a file lies in one of the folders, or in a folder in one.
func nearNotes(name string, folders map[string]bool) bool {
	dir := path.Dir(name)
	return folders[dir] || folders[path.Dir(dir)]
}

// couldBeUsed is false for files that are used without being named: by a
// theme, by what is configured, by browsers.
func (c *checker) couldBeUsed(name string) bool {
	for _, dir := range c.s.Config.StaticDirs {
		if strings.HasPrefix(name, dir+"/") {
			return false
		}
	}
	if c.s.Logo != nil && c.s.Logo.Path == name {
		return false
	}
	base := strings.ToLower(path.Base(name))
	for _, known := range []string{"favicon", "logo", "feature", "cover", "thumbnail", "banner", "apple-touch-icon", "icon"} {
		if strings.HasPrefix(base, known) {
			return false
		}
	}
	return true
}

// size writes a number of bytes as a person does.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/(1<<20)), ".0") + " MB"
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
