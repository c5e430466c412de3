package auth

import (
	"fmt"
	"slices"
	"strings"
)

// claims are what a provider says of a person.
type claims struct {
	Subject       string   `json:"sub"`
	Email         string   `json:"email"`
	EmailVerified truth    `json:"email_verified"`
	Name          string   `json:"preferred_username"`
	Groups        []string `json:"groups"`
}

// truth is a boolean that some providers write as a string.
type truth bool

// UnmarshalJSON reads true and "true"; whatever else is no.
func (t *truth) UnmarshalJSON(data []byte) error {
	*t = truth(strings.Trim(string(data), `"`) == "true")
	return nil
}

// rules say whom to let in: who fits one of them.
type rules struct {
	any                    bool
	emails, domains, group []string
}

// parseRules reads email:ADDRESS, domain:NAME, group:NAME and any.
func parseRules(list []string) (r rules, err error) {
	for _, s := range list {
		kind, value, _ := strings.Cut(strings.TrimSpace(s), ":")
		switch {
		case kind == "any" && value == "":
			r.any = true
		case value == "":
			return r, fmt.Errorf("%q says nobody to let in", s)
		case kind == "email" && strings.Contains(value, "@"):
			r.emails = append(r.emails, strings.ToLower(value))
		case kind == "domain" && !strings.Contains(value, "@"):
			r.domains = append(r.domains, strings.ToLower(value))
		case kind == "group":
			r.group = append(r.group, value)
		default:
			return r, fmt.Errorf("%q says nobody to let in", s)
		}
	}
	if !r.any && len(r.emails)+len(r.domains)+len(r.group) == 0 {
		return r, fmt.Errorf("nobody is to be let in")
	}
	return r, nil
}

// allow reports whether one of the rules is for the person. An address counts
// only where the provider has verified it: anybody can claim one.
func (r *rules) allow(c *claims) bool {
	if r.any {
		return true
	}
	for _, g := range c.Groups {
		if slices.Contains(r.group, g) {
			return true
		}
	}
	if !c.EmailVerified {
		return false
	}
	email := strings.ToLower(c.Email)
	at := strings.LastIndexByte(email, '@')
	return at > 0 && (slices.Contains(r.emails, email) || slices.Contains(r.domains, email[at+1:]))
}
