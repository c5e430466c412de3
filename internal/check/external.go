package check

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// Answer is what was found out about an address on another site.
type Answer struct {
	// Problem says in words what is wrong with it; "" where nothing is.
	Problem  string
	Severity diag.Severity
	// Moved is the address that its server wants to be used from now on.
	Moved string
	// Unasked is true where nobody could find out, because there is no network or
	// no time left. Problem says why.
	Unasked bool
}

// Addresses returns the addresses on other sites that published notes link to,
// without fragments, sorted, each once: those that are worth a question. What is
// withheld is not among them, for a question tells its host that there is such
// a link.
func Addresses(in Input) []string {
	byPath := make(map[string]*note.Note, len(in.Notes))
	for _, n := range in.Notes {
		byPath[n.Path] = n
	}
	var out []string
	for _, s := range in.Site.All() {
		if slices.ContainsFunc(s.Config.Check.Levels, func(l config.RuleLevel) bool { return l.Rule == "external-link" && l.Off }) {
			continue
		}
		c := checker{in: &in, s: s}
		c.collect(byPath)
		for i := range c.subjects {
			for j := range c.subjects[i].links {
				if a, _, ok := externalAddress(s.Config, &c.subjects[i].links[j]); ok {
					out = append(out, a)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// externalAddress is what a server is asked about for a link, and the fragment
// that it does not see.
func externalAddress(cfg *config.Config, k *note.Link) (address, fragment string, ok bool) {
	if !k.External || placeholder(k) {
		return "", "", false
	}
	dest := k.Dest
	if strings.HasPrefix(dest, "//") {
		dest = "https:" + dest
	}
	u, err := url.Parse(dest)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || isReserved(u.Hostname()) {
		return "", "", false
	}
	for _, glob := range cfg.Check.ExternalIgnore {
		if matchAddress(glob, dest) || matchAddress(glob, k.Dest) {
			return "", "", false
		}
	}
	fragment = u.EscapedFragment()
	u.Fragment, u.RawFragment, u.User = "", "", nil
	return u.String(), fragment, true
}

// isReserved is true for hosts that there are only in examples.
func isReserved(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	for _, name := range []string{"example", "test", "invalid", "example.com", "example.org", "example.net"} {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return false
}

// matchAddress reports whether a pattern, in which * stands for anything,
// matches an address.
func matchAddress(pattern, address string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(address, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, behind, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = behind
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// externalLinks reports links to other sites that lead nowhere, or elsewhere.
func (c *checker) externalLinks() {
	if len(c.in.External) == 0 {
		return
	}
	var first *subject
	var at note.Place
	why, unasked := "", 0
	for _, s := range c.inOrder() {
		for i := range s.links {
			k := &s.links[i]
			address, fragment, ok := externalAddress(c.s.Config, k)
			answer, known := c.in.External[address]
			switch {
			case !ok || !known:
			case answer.Unasked:
				if unasked++; first == nil {
					first, at, why = s, placeOf(k), answer.Problem
				}
			case answer.Problem != "":
				d := c.report(s, "external-link", placeOf(k), fmt.Sprintf("%s: %s", address, answer.Problem), hintFor(answer))
				d.Severity = answer.Severity
			case answer.Moved != "":
				c.movedLink(s, k, address, answer.Moved, fragment)
			}
		}
	}
	if unasked > 0 {
		d := c.report(first, "external-link", at, fmt.Sprintf("nobody could be asked about %s: %s", countLinks(unasked), why), "")
		d.Severity = diag.Warning
	}
}

func countLinks(n int) string {
	switch n {
	case 1:
		return "this link to another site"
	case 2:
		return "this and 1 further link to other sites"
	}
	return fmt.Sprintf("this and %d further links to other sites", n-1)
}

func hintFor(a Answer) string {
	if a.Severity == diag.Error {
		return "look for where it is now, or take the link out"
	}
	return "look at it in a browser; check.external.ignore in lectern.yaml names addresses that are not asked for"
}

// movedLink reports a link whose server has another address for it, for good.
func (c *checker) movedLink(s *subject, k *note.Link, address, moved, fragment string) {
	from, err := url.Parse(address)
	to, err2 := url.Parse(moved)
	if err != nil || err2 != nil || isLogin(to) {
		return
	}
	if isFront(to) && !isFront(from) {
		d := c.report(s, "external-link", placeOf(k), fmt.Sprintf("%s leads to the front page %s now: what it was about is probably gone", address, moved), "look for where it is now, or take the link out")
		d.Severity = diag.Warning
		return
	}
	if fragment != "" && !strings.Contains(moved, "#") {
		moved += "#" + fragment
	}
	moved = strings.NewReplacer("(", "%28", ")", "%29", "'", "%27").Replace(moved)
	d := c.report(s, "external-link", placeOf(k), fmt.Sprintf("%s has moved for good, its server says", address), fmt.Sprintf("write %q", moved))
	d.Severity = diag.Info
	d.Fix = c.newDestination(s, k, moved, sameBut(from, to))
}

// isLogin is true for pages that a server shows to whom it does not know.
func isLogin(u *url.URL) bool {
	low := strings.ToLower(u.Host + u.Path)
	for _, word := range []string{"login", "signin", "sign_in", "sign-in", "/auth", "accounts.", "consent"} {
		if strings.Contains(low, word) {
			return true
		}
	}
	return false
}

func isFront(u *url.URL) bool { return strings.Trim(u.Path, "/") == "" && u.RawQuery == "" }

// sameBut reports whether two addresses differ in what never matters once the
// server said so: the scheme, www. and a slash at the end.
func sameBut(a, b *url.URL) bool {
	bare := func(u *url.URL) string {
		return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.EscapedPath(), "/") + "?" + u.RawQuery
	}
	return bare(a) == bare(b) && (a.Scheme == b.Scheme || b.Scheme == "https")
}
