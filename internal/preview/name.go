package preview

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Ref is a branch, or a pull or merge request, and its newest commit.
type Ref struct {
	// Name is the whole one: refs/heads/feature/x, refs/pull/7/head.
	Name   string
	Commit string
}

// Branch is the name of the branch, false where it is none.
func (r Ref) Branch() (string, bool) { return strings.CutPrefix(r.Name, "refs/heads/") }

// Request is the number of a pull request (or, on GitLab, a merge request),
// false where it is none.
func (r Ref) Request() (number string, merge, ok bool) {
	rest, merge := strings.CutPrefix(r.Name, "refs/merge-requests/")
	if !merge {
		if rest, ok = strings.CutPrefix(r.Name, "refs/pull/"); !ok {
			return "", false, false
		}
	}
	number, ok = strings.CutSuffix(rest, "/head")
	if !ok || number == "" || strings.Trim(number, "0123456789") != "" || len(number) > 12 {
		return "", false, false
	}
	return number, merge, true
}

// maxLabel is the longest part of a host's name.
const maxLabel = 63

// Label is the name of a ref's preview, as a part of a host's name can be:
// letters a to z, digits and single hyphens, 63 at most. Several refs may have
// one; see [Labels].
func Label(r Ref) string {
	name := r.Name
	if b, ok := r.Branch(); ok {
		name = b
	} else if n, merge, ok := r.Request(); ok && merge {
		return "merge-request-" + n
	} else if ok {
		return "pull-" + n
	}
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > maxLabel {
			break
		}
	}
	label := strings.TrimRight(b.String(), "-")
	if label == "" || len(label) > maxLabel {
		return longLabel(label, r)
	}
	return label
}

// longLabel is a label that no other ref has.
func longLabel(label string, r Ref) string {
	sum := sha256.Sum256([]byte(r.Name))
	hash := hex.EncodeToString(sum[:4])
	label = strings.TrimRight(label[:min(len(label), maxLabel-1-len(hash))], "-")
	if label == "" {
		return hash
	}
	return label + "-" + hash
}

// Labels gives each ref a label of its own. Where several would have the same,
// the branch that is called so has it, and the others get a hash of their name
// behind it: so nobody gets a label of someone else by the order in which
// branches came.
func Labels(refs []Ref) map[string]Ref {
	refs = slices.SortedFunc(slices.Values(refs), func(a, b Ref) int { return cmp.Compare(a.Name, b.Name) })
	count := map[string]int{}
	for _, r := range refs {
		count[Label(r)]++
	}
	out := make(map[string]Ref, len(refs))
	var rest []Ref
	for _, r := range refs {
		label := Label(r)
		if name, ok := r.Branch(); count[label] == 1 || ok && name == label {
			out[label] = r
		} else {
			rest = append(rest, r)
		}
	}
	for _, r := range rest {
		label := longLabel(Label(r), r)
		if _, taken := out[label]; !taken {
			out[label] = r
		}
	}
	return out
}

// Matches reports whether one of patterns stands for the branch name: an asterisk
// for any letters, slashes among them, a question mark for one.
func Matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, name) })
}

// matches goes back to the last asterisk alone, so that no pattern takes long.
func matches(pattern, name string) bool {
	p, n := 0, 0
	star, from := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			from++
			p, n = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
