package server

import (
	"net/http"
	"strconv"
	"strings"
)

// coding is a content coding that bodies are kept in.
type coding int

// The codings, and how many there are.
const (
	gzipCoding coding = iota
	zstdCoding
	brotliCoding
	numCodings
)

// What the codings are called in headers, and what they add to an entity tag: another
// encoding is another representation, with a tag of its own.
var (
	codingNames = [numCodings]string{"gzip", "zstd", "br"}
	codingTags  = [numCodings]string{"-gz", "-zst", "-br"}
)

// accepted says how much a client likes each coding, in thousandths; 0 means
// that it must not be used.
type accepted struct {
	weight [numCodings]int
	// identity is the weight of no coding; only one that was said in so many
	// words (not that of "*") counts against a coding.
	identity int
}

// any reports whether the client takes any coding.
func (a *accepted) any() bool { return a.weight != [numCodings]int{} }

// parseAccept reads r's Accept-Encoding (RFC 9110, section 12.5.3). A client
// that does not send it is given no coding: most that leave it out know none.
// What cannot be understood counts as not said.
func parseAccept(r *http.Request) accepted {
	var a accepted
	var said [numCodings]bool
	star := 0
	for _, line := range r.Header["Accept-Encoding"] {
		for part := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(part, ";")
			w, ok := weight(params)
			if !ok {
				continue
			}
			name = strings.TrimSpace(name)
			switch {
			case name == "*":
				star = w
			case strings.EqualFold(name, "identity"):
				a.identity = w
			case strings.EqualFold(name, "x-gzip"):
				a.weight[gzipCoding], said[gzipCoding] = w, true
			default:
				for c, n := range codingNames {
					if strings.EqualFold(name, n) {
						a.weight[c], said[c] = w, true
					}
				}
			}
		}
	}
	for c := range a.weight {
		if !said[c] {
			a.weight[c] = star
		}
	}
	return a
}

// weight reads the parameters of one coding: nothing, or a q from 0 to 1.
func weight(params string) (int, bool) {
	params = strings.TrimSpace(params)
	if params == "" {
		return 1000, true
	}
	if len(params) < 2 || params[0]|0x20 != 'q' {
		return 0, false
	}
	value, ok := strings.CutPrefix(strings.TrimSpace(params[1:]), "=")
	if !ok {
		return 0, false
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0, false
	}
	if w := int(q * 1000); w > 0 || q == 0 {
		return w, true
	}
	return 1, true
}
