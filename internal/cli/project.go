package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// projectMarks are what a project's folder has: a configuration, or the content
// folder of Hugo's shape.
func projectMarks() []string {
	return []string{"lectern.yaml", "lectern.yml", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json", "config/_default"}
}

// projectDir is the nearest folder at or above the current one that is a
// project's; the current one where there is none.
func (a *app) projectDir() (string, error) {
	here, err := filepath.Abs(a.path("."))
	if err != nil {
		return "", fmt.Errorf("find the project: %w", err)
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		for _, mark := range projectMarks() {
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(mark))); err == nil {
				return dir, nil
			}
		}
		if info, err := os.Stat(filepath.Join(dir, "content")); err == nil && info.IsDir() {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return here, nil
		}
	}
}

// inProject makes a slash path from the project's folder of one that was given
// on the command line.
func (a *app) inProject(dir, name string) (string, error) {
	abs, err := filepath.Abs(a.path(name))
	if err != nil {
		return "", fmt.Errorf("find %s: %w", name, err)
	}
	rel, err := filepath.Rel(dir, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", &hintedError{errors.New(name + " lies outside of the project " + a.shown(dir)), "name something in it"}
	}
	return filepath.ToSlash(rel), nil
}
