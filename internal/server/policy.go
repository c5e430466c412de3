package server

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
)

// ExtendPolicy returns policy with further sources by directive. A directive
// that policy does not have begins with default-src's sources, which it would
// otherwise lose; one that allows nothing stops saying so.
func ExtendPolicy(policy string, sources map[string][]string) string {
	if len(sources) == 0 {
		return policy
	}
	var names []string
	values := map[string][]string{}
	for part := range strings.SplitSeq(policy, ";") {
		if f := strings.Fields(part); len(f) > 0 {
			names = append(names, f[0])
			values[f[0]] = f[1:]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		have, ok := values[name]
		if !ok {
			names = append(names, name)
			have = values["default-src"]
		}
		have = slices.DeleteFunc(slices.Clone(have), func(s string) bool { return s == "'none'" })
		for _, s := range sources[name] {
			if !slices.Contains(have, s) {
				have = append(have, s)
			}
		}
		values[name] = have
	}
	for i, name := range names {
		names[i] = strings.Join(append([]string{name}, values[name]...), " ")
	}
	return strings.Join(names, "; ")
}

// InlineSources returns the hashes by which a policy allows the inline scripts
// and styles in html, which is the site's own and no author's: sources by
// directive. Scripts with a src need no hash.
func InlineSources(html string) map[string][]string {
	out := map[string][]string{}
	for directive, tag := range map[string]string{"script-src": "script", "style-src": "style"} {
		rest := html
		for {
			attrs, text, after, ok := nextElement(rest, tag)
			if !ok {
				break
			}
			if rest = after; strings.Contains(strings.ToLower(attrs), "src=") || strings.TrimSpace(text) == "" {
				continue
			}
			sum := sha256.Sum256([]byte(text))
			out[directive] = append(out[directive], "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		}
	}
	return out
}

// nextElement finds the first element of that tag in html, and what follows it.
func nextElement(html, tag string) (attrs, text, after string, ok bool) {
	low := strings.ToLower(html)
	start := 0
	for {
		i := strings.Index(low[start:], "<"+tag)
		if i < 0 {
			return "", "", "", false
		}
		start += i + len(tag) + 1
		if start < len(low) && strings.IndexByte(" \t\r\n>/", low[start]) >= 0 {
			break
		}
	}
	open := strings.IndexByte(html[start:], '>')
	if open < 0 {
		return "", "", "", false
	}
	attrs = html[start : start+open]
	body := start + open + 1
	end := strings.Index(low[body:], "</"+tag)
	if end < 0 {
		return "", "", "", false
	}
	return attrs, html[body : body+end], html[body+end:], true
}
