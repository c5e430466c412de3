package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/semver"

	"lectern/internal/gitrepo"
)

// tagFacts are what tags are made of.
type tagFacts struct {
	commit    gitrepo.State
	hasCommit bool
	created   time.Time
	env       func(string) string
}

// tags makes an image's tags of what --tag says. Without it there is one:
// "auto" where there is a commit, else "latest".
func (t tagFacts) tags(wanted []string) ([]string, error) {
	if len(wanted) == 0 {
		wanted = []string{"latest"}
		if t.hasCommit {
			wanted = []string{"auto"}
		}
	}
	var out []string
	seen := map[string]bool{}
	for _, w := range wanted {
		tag, err := t.tag(w)
		if err != nil {
			return nil, err
		}
		if !seen[tag] {
			seen[tag] = true
			out = append(out, tag)
		}
	}
	return out, nil
}

func (t tagFacts) tag(wanted string) (string, error) {
	switch wanted {
	case "auto":
		wanted = "{branch}-{short}-{time}"
	case "semver":
		wanted = "{version}"
	}
	var failed error
	tag := regexp.MustCompile(`\{[^{}]*\}`).ReplaceAllStringFunc(wanted, func(hole string) string {
		value, err := t.fill(strings.Trim(hole, "{}"))
		if err != nil && failed == nil {
			failed = err
		}
		return value
	})
	return tag, failed
}

// fill is what stands for a name in a tag's template.
func (t tagFacts) fill(name string) (string, error) {
	switch name {
	case "time":
		return strconv.FormatInt(t.created.Unix(), 10), nil
	case "date":
		return t.created.UTC().Format("20060102"), nil
	case "branch", "commit", "short", "version":
	default:
		return "", &usageError{fmt.Sprintf("--tag: there is no {%s}", name), "a tag may have {branch}, {commit}, {short}, {time}, {date} and {version} in it"}
	}
	if !t.hasCommit {
		return "", &usageError{fmt.Sprintf("--tag: the notes are in no git repository with a commit, so there is no {%s}", name), "name a tag yourself: --tag latest"}
	}
	dirty := ""
	if t.commit.Dirty {
		dirty = "-dirty"
	}
	switch name {
	case "commit":
		return t.commit.Commit + dirty, nil
	case "short":
		return t.commit.Commit[:min(7, len(t.commit.Commit))] + dirty, nil
	case "version":
		v, ok := newestRelease(t.commit.Tags)
		if !ok || dirty != "" {
			return "", &usageError{"--tag: what is checked out is no release: it has no tag such as v1.2.0, or there are changes", "tag the commit: git tag v1.2.0"}
		}
		return strings.ReplaceAll(v, "+", "_"), nil // a tag can't have a plus
	}
	return t.branch(), nil
}

// branch is the branch's name as it can stand in a tag. CI jobs often check out
// a commit alone, and say what it is of in the environment.
func (t tagFacts) branch() string {
	name := t.commit.Branch
	for _, variable := range []string{"GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"} {
		if name == "" {
			name = t.env(variable)
		}
	}
	name = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, name)
	name = strings.TrimLeft(name, ".-")
	if name == "" {
		return "main"
	}
	return name[:min(len(name), 60)]
}

// newestRelease is the newest version among a commit's tags, without its v.
func newestRelease(tags []string) (string, bool) {
	newest := ""
	for _, t := range tags {
		v := "v" + strings.TrimPrefix(t, "v")
		if semver.IsValid(v) && strings.Count(semver.Canonical(v)[1:], ".") >= 2 && (newest == "" || semver.Compare(v, newest) > 0) {
			newest = v
		}
	}
	return strings.TrimPrefix(newest, "v"), newest != ""
}
