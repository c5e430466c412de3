package check

import (
	"slices"
	"strings"
	"sync"

	"lectern/internal/diag"
)

// Rule is an entry of the catalogue.
type Rule struct {
	// Name is stable: configuration and comments in notes name it.
	Name     string
	Severity diag.Severity
	// Summary says in a line what is found.
	Summary string
	// Why says why it matters, and what there is to know, as Markdown.
	Why string
	// Wrong and Right are an example of a note; both may be empty.
	Wrong, Right string
	// Mends says whether the finding comes with a fix.
	Mends Mending
	// Firm rules can't be turned off: they say what is not published, or that
	// something is not as it was meant.
	Firm bool
}

// Mending says whether a rule's findings can be mended by a program.
type Mending uint8

// The ways to mend.
const (
	// Nobody but a person can.
	Never Mending = iota
	// Asks: there is a proposal that a person has to agree to.
	Asks
	// Sure: at least some findings have one right answer, which --fix writes.
	Sure
)

// String says it in words for the reference.
func (m Mending) String() string {
	return [...]string{"no", "proposes, with --interactive", "yes, where there is one right answer"}[m]
}

// catalogue is made once: it is asked for each finding.
var catalogue = sync.OnceValue(func() []Rule {
	all := slices.Concat(linkRules(), pictureRules(), textRules(), sessionRules(), shortcodeRules(), frontRules(), siteRules(), fileRules(), configRules(), programmeRules())
	slices.SortFunc(all, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
	return all
})

// Rules returns all rules in order of their names.
func Rules() []Rule { return catalogue() }

// Names returns the names of all rules, sorted.
func Names() []string {
	rules := catalogue()
	names := make([]string, len(rules))
	for i := range rules {
		names[i] = rules[i].Name
	}
	return names
}

// Lookup finds a rule by its name.
func Lookup(name string) (Rule, bool) {
	rules := catalogue()
	i, ok := slices.BinarySearchFunc(rules, name, func(r Rule, name string) int { return strings.Compare(r.Name, name) })
	if !ok {
		return Rule{Name: name, Severity: diag.Warning}, false
	}
	return rules[i], true
}
