package recording

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// Files makes recordings of a folder of slides that are named after their talks.
// names are the slash paths of its files, and address says where the folder is
// published: the slides' addresses are it and the escaped name. Findings are
// about folder.
//
// A file's name is a title as far as file systems allow one: "_", "+" and "-" may
// stand for blanks.
func Files(folder string, names []string, address string) ([]Recording, []diag.Diagnostic) {
	var out []Recording
	var finds []diag.Diagnostic
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range names {
		base := path.Base(name)
		ext := strings.ToLower(path.Ext(base))
		switch ext {
		case ".pdf", ".pptx", ".ppt", ".odp", ".key":
		default:
			continue
		}
		title := fileTitle(strings.TrimSuffix(base, path.Ext(base)))
		at := diag.Position{File: path.Join(folder, name)}
		if title == "" || strings.HasPrefix(base, ".") {
			finds = append(finds, diag.Diagnostic{Position: at, Severity: diag.Info, Rule: rule, Message: "the file's name has no words to find its talk by"})
			continue
		}
		if len(out) == MaxRecordings {
			finds = append(finds, diag.Diagnostic{Position: at, Severity: diag.Warning, Rule: rule, Message: fmt.Sprintf("there are more than %d files; the rest is left out", MaxRecordings)})
			break
		}
		out = append(out, Recording{Title: title, Slides: strings.TrimSuffix(address, "/") + "/" + escapePath(name), Pos: at})
	}
	if len(out) == 0 {
		finds = append(finds, diag.Diagnostic{
			Position: diag.Position{File: folder}, Severity: diag.Warning, Rule: rule,
			Message: "the folder holds no slides", Hint: "slides are .pdf, .pptx, .ppt, .odp and .key",
		})
	}
	return out, finds
}

// fileTitle reads a title out of a file's name.
func fileTitle(name string) string {
	if s, err := url.PathUnescape(name); err == nil {
		name = s
	}
	// "05_far-edge": a place in the order, as notes have it, is no part of the title.
	if i := strings.IndexAny(name, "_-."); i > 0 && i <= 3 && isNumber(name[:i]) && i+1 < len(name) && name[i+1] != ' ' {
		name = name[i+1:]
	}
	if !strings.Contains(name, " ") {
		name = strings.NewReplacer("_-_", " - ", "_", " ", "+", " ").Replace(name)
		if !strings.Contains(name, " ") {
			name = strings.ReplaceAll(name, "-", " ")
		}
	}
	// A colon cannot be in a name everywhere: "Cloudy_ Going from one to three".
	name = strings.NewReplacer("_ ", ": ", " _", ": ", "_", " ").Replace(name)
	fields := strings.Fields(name)
	for len(fields) > 1 && isFileNoise(fields[len(fields)-1]) {
		fields = fields[:len(fields)-1]
	}
	return strings.Join(fields, " ")
}

// isFileNoise is true for what people add to the names of slides.
func isFileNoise(w string) bool {
	w = strings.ToLower(strings.Trim(w, "()[]-.,"))
	switch w {
	case "slides", "slide", "deck", "final", "presentation", "copy", "folien", "export", "public", "pdf", "pptx", "":
		return true
	}
	return len(w) >= 2 && w[0] == 'v' && strings.Trim(w[1:], "0123456789.") == "" || len(w) == 1 && isNumber(w)
}

// escapePath escapes a path for an address.
func escapePath(name string) string {
	return (&url.URL{Path: name}).EscapedPath()
}
