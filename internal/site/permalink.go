package site

import (
	"fmt"
	"path"
	"strconv"
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

// expandPermalink fills in a pattern such as "/:year/:sections[1:]/:slug/". The
// tokens are Hugo's (gohugo.io/configuration/permalinks); one that nobody knows
// stays as it is written. A fixed pattern is a note's own url.
func (b *builder) expandPermalink(pattern string, e *entry, name string, fixed bool) address {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, ":")
		out.WriteString(before)
		if !found {
			break
		}
		n := 0
		for n < len(rest) && rest[n] >= 'a' && rest[n] <= 'z' {
			n++
		}
		token, after, slice := rest[:n], rest[n:], ""
		if strings.HasPrefix(after, "[") {
			if s, tail, ok := strings.Cut(after[1:], "]"); ok {
				slice, after = s, tail
			}
		}
		out.WriteString(b.token(token, slice, e, name))
		pattern = after
	}
	if !fixed {
		return b.pageAddress(strings.TrimPrefix(path.Join("/", b.cfg.LanguageDir, out.String()), "/"))
	}
	return b.fixed(out.String())
}

// token returns what a permalink's token stands for.
func (b *builder) token(token, slice string, e *entry, name string) string {
	front := &e.note.Front
	d := front.Date
	switch token {
	case "year":
		return fmt.Sprintf("%04d", d.Year())
	case "month":
		return fmt.Sprintf("%02d", d.Month())
	case "monthname":
		return strings.ToLower(d.Month().String())
	case "day":
		return fmt.Sprintf("%02d", d.Day())
	case "weekday":
		return strconv.Itoa(int(d.Weekday()))
	case "weekdayname":
		return strings.ToLower(d.Weekday().String())
	case "yearday":
		return strconv.Itoa(d.YearDay())
	case "section":
		first, _, _ := strings.Cut(b.folderPath(e.dir), "/")
		return first
	case "sections":
		return strings.Join(cut(strings.Split(b.folderPath(e.dir), "/"), slice), "/")
	case "title":
		return sanitizeTitle(strings.ReplaceAll(e.note.Title, "/", " "), b.cfg)
	case "slug":
		if front.Slug != "" {
			return name
		}
		return b.token("title", "", e, name)
	case "slugorfilename", "slugorcontentbasename":
		return name
	case "filename", "contentbasename":
		if e.role == bundle {
			return segment(path.Base(e.dir), b.cfg)
		}
		return segment(e.name, b.cfg)
	}
	return ":" + token
}

// cut returns the part of list that a slice such as "1:", ":last" or "0" names;
// all of it for "".
func cut(list []string, slice string) []string {
	if slice == "" {
		return list
	}
	at := func(s string, otherwise int) int {
		switch n, err := strconv.Atoi(s); {
		case s == "last":
			return len(list) - 1
		case err == nil:
			return min(max(n, 0), len(list))
		}
		return otherwise
	}
	from, to, ranged := strings.Cut(slice, ":")
	low := at(from, 0)
	high := min(low+1, len(list))
	if ranged {
		high = at(to, len(list))
	}
	return list[low:max(low, high)]
}
