package preview

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLabel(t *testing.T) {
	for ref, want := range map[string]string{
		"refs/heads/main":                               "main",
		"refs/heads/feature/x":                          "feature-x",
		"refs/heads/Feature/New_Look--2":                "feature-new-look-2",
		"refs/heads/-x-":                                "x",
		"refs/heads/xn--bcher-kva":                      "xn-bcher-kva",
		"refs/heads/grün":                               "gr-n",
		"refs/pull/7/head":                              "pull-7",
		"refs/merge-requests/12/head":                   "merge-request-12",
		"refs/heads/" + strings.Repeat("a", 63):         strings.Repeat("a", 63),
		"refs/heads/" + strings.Repeat("a", 64):         strings.Repeat("a", 54) + "-########",
		"refs/heads/日本":                                 "########",
		"refs/heads/" + strings.Repeat("long/name/", 9): "long-name-long-name-long-name-long-name-long-name-long-########",
	} {
		got := Label(Ref{Name: ref})
		pattern := "^" + strings.ReplaceAll(want, "#", "[0-9a-f]") + "$"
		if !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("%s is called %s, not %s", ref, got, want)
		}
	}
}

func TestLabelsCollide(t *testing.T) {
	refs := []Ref{{Name: "refs/heads/feature/x"}, {Name: "refs/heads/feature-x"}, {Name: "refs/heads/Feature/X"}, {Name: "refs/heads/other"}, {Name: "refs/pull/7/head"}, {Name: "refs/heads/pull-7"}}
	labels := Labels(refs)
	if len(labels) != len(refs) {
		t.Fatalf("%d refs have the labels %v", len(refs), slices.Sorted(maps.Keys(labels)))
	}
	if got := labels["feature-x"].Name; got != "refs/heads/feature-x" {
		t.Errorf("feature-x is %s", got)
	}
	if got := labels["pull-7"].Name; got != "refs/heads/pull-7" {
		t.Errorf("pull-7 is %s", got)
	}
	// The order in which they come changes nothing.
	slices.Reverse(refs)
	if again := Labels(refs); !maps.Equal(labels, again) {
		t.Errorf("%v in one order, %v in another", labels, again)
	}
	// Without the one that is called so, nobody takes its label while two want it.
	if _, taken := Labels([]Ref{{Name: "refs/heads/feature/x"}, {Name: "refs/heads/Feature/X"}})["feature-x"]; taken {
		t.Error("one of two takes the label")
	}
}

func FuzzLabels(f *testing.F) {
	f.Add("feature/x", "feature-x")
	f.Add("a", "A")
	f.Add("", strings.Repeat("ä", 99))
	plain := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	f.Fuzz(func(t *testing.T, a, b string) {
		refs := []Ref{{Name: "refs/heads/" + a}, {Name: "refs/heads/" + b}}
		labels := Labels(refs)
		want := 2
		if a == b {
			want = 1
		}
		if len(labels) != want {
			t.Errorf("%q and %q are called %v", a, b, labels)
		}
		for label := range labels {
			if !plain.MatchString(label) || strings.Contains(label, "--") {
				t.Errorf("%q is no part of a host's name", label)
			}
		}
	})
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"feature/*", "feature/x", true},
		{"feature/*", "feature/x/y", true},
		{"feature/*", "feature", false},
		{"feature/*", "my/feature/x", false},
		{"*", "anything/at/all", true},
		{"*-draft", "a-draft-b-draft", true},
		{"*-draft", "a-draft-b", false},
		{"fix/?", "fix/1", true},
		{"fix/?", "fix/12", false},
		{"a*b*c", "axxbyyc", true},
		{"a*b*c", "axxbyy", false},
		{"", "x", false},
		{"main", "main", true},
	} {
		if got := Matches([]string{"never", c.pattern}, c.name); got != c.want {
			t.Errorf("%q for %q: %v", c.pattern, c.name, got)
		}
	}
	// No pattern takes long.
	if Matches([]string{strings.Repeat("*a", 500) + "b"}, strings.Repeat("a", 5000)) {
		t.Error("it ends in b")
	}
}
