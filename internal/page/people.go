package page

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/site"
)

// hashPeople covers the links from the names of those who spoke and wrote.
func hashPeople(h *hash, pg *site.Page) {
	for _, people := range [...][]*site.Page{pg.Speakers, pg.Authors} {
		h.num(uint64(len(people)))
		for _, p := range people {
			hashLink(h, p)
		}
	}
}

// hashLead covers what a page shows of the one that has all notes of its session.
func hashLead(h *hash, pg *site.Page) {
	hashLink(h, pg.Lead)
	if pg.Lead != nil {
		h.str(pg.Lead.Title)
		h.flag(pg.Lead.Unlisted)
	}
}

// hashPeopleList covers what peopleList reads.
func hashPeopleList(h *hash, pg *site.Page) {
	h.num(uint64(len(pg.Members)))
	for _, m := range pg.Members {
		h.str(m.Title)
		h.str(m.URL)
		h.str(m.Person.Company)
		h.num(uint64(len(sessionsOf(m))))
	}
}

// hashMembers covers what memberGroups reads.
func hashMembers(h *hash, pg *site.Page) {
	h.num(hashRows(pg.Members))
	for _, m := range pg.Members {
		hashLink(h, m.Parent)
	}
}

// maxRowNames and maxRowTags are how many names and tags a row of a list shows:
// it stands on the pages of all of them.
const maxRowNames, maxRowTags = 10, 12

func first[T any](list []T, most int) []T { return list[:min(len(list), most)] }

// whoLink is where a name leads: to the page of the i-th of people, if there is one.
func (v *view) whoLink(people []*site.Page, i int) templ.SafeURL {
	if i >= len(people) || people[i] == nil || people[i] == v.page || !v.r.html[people[i].Kind] {
		return ""
	}
	return v.rel(people[i].URL)
}

// sessionsOf are a person's sessions that lists may name.
func sessionsOf(pg *site.Page) []*site.Page {
	out := make([]*site.Page, 0, len(pg.Members))
	for _, m := range pg.Members {
		if listed(m) {
			out = append(out, m)
		}
	}
	return out
}

func (v *view) sessionCount(pg *site.Page) string { return strconv.Itoa(len(sessionsOf(pg))) }

// webName is the short name of an address on the web: its host.
func webName(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimPrefix(u.Host, "www.") + strings.TrimSuffix(u.Path, "/")
}

func (v *view) personURL() templ.SafeURL { return templ.URL(v.page.Person.URL) }
