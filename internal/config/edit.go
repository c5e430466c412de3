package config

import (
	"net/url"
	"path"
	"strings"
)

// filePath is Relearn's name for the note's path in an address for editing.
const filePath = "${FilePath}"

// editURL makes the address for editing of the repository's, in the form of
// the forge that it is at: GitHub's and Gitea's as GitHub has it, GitLab's and
// Bitbucket's their own.
func editURL(c *Config) string {
	u, err := url.Parse(c.Repository)
	if err != nil {
		return ""
	}
	middle := "/edit/"
	switch host := u.Hostname(); {
	case strings.Contains(host, "gitlab"):
		middle = "/-/edit/"
	case host == "bitbucket.org":
		middle = "/src/"
	case host == "codeberg.org", strings.Contains(host, "gitea"), strings.Contains(host, "forgejo"):
		middle = "/_edit/"
	}
	dir := path.Join(c.repositoryDir, c.ContentDir)
	if dir = strings.Trim(dir, "/"); dir == "." || dir == "" {
		dir = ""
	} else {
		dir += "/"
	}
	address := c.Repository + middle + escapePath(c.Branch) + "/" + escapePath(dir) + filePath
	if middle == "/src/" {
		address += "?mode=edit"
	}
	return address
}

// BasePath returns the path of BaseURL with both slashes: "/" or "/repo/".
func (c *Config) BasePath() string {
	_, rest, found := strings.Cut(c.BaseURL, "://")
	if !found {
		rest = c.BaseURL
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return strings.TrimSuffix(rest[i:], "/") + "/"
	}
	return "/"
}

// EditLink returns the address at which the note at notePath (a slash path
// from the project's folder) can be edited, or "" where none is configured.
// A note's front matter may have an address of its own, or an empty one for no
// link.
func (c *Config) EditLink(notePath string, front map[string]any) string {
	edit := c.EditURL
	if own, ok := OwnParam(front, "editurl").(string); ok {
		if edit = own; !isWebAddress(edit) {
			return ""
		}
	}
	if edit == "" {
		return ""
	}
	if c.ContentDir != "." {
		in, ok := strings.CutPrefix(notePath, c.ContentDir+"/")
		if !ok { // another language's folder
			in = strings.Repeat("../", strings.Count(c.ContentDir, "/")+1) + notePath
		}
		notePath = in
	}
	notePath = escapePath(notePath)
	if !strings.Contains(edit, filePath) {
		return edit + notePath
	}
	return strings.ReplaceAll(edit, filePath, notePath)
}

func escapePath(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// Ignored reports whether ignoreFiles leaves out the file at name, a slash
// path from the project's folder.
func (c *Config) Ignored(name string) bool {
	for _, re := range c.ignore {
		if re.MatchString("/" + name) {
			return true
		}
	}
	return false
}
