package diag

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Nearest returns the candidate most like word, for a "did you mean" hint, or
// "" when none is near enough: more than a third of the letters (at least two)
// would have to change. Case does not count. Among equals the first wins, so
// that a sorted list gives a stable answer.
func Nearest(word string, candidates []string) string {
	const longest = 200 // a hint is not worth a quadratic look at a hostile word
	if word == "" || len(word) > longest {
		return ""
	}
	best, bestDistance := "", max(2, len(word)/3)+1
	folded := strings.ToLower(word)
	for _, c := range candidates {
		if len(c) > longest || abs(len(c)-len(word)) >= bestDistance {
			continue
		}
		if d := levenshtein.ComputeDistance(folded, strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
