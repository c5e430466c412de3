package note

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestPeople(t *testing.T) {
	for name, c := range map[string]struct {
		front    string
		speakers []string
		people   []Person
	}{
		"list":               {"speakers: [Ann, Bob]", []string{"Ann", "Bob"}, nil},
		"one":                {"speaker: Ann Lee", []string{"Ann Lee"}, nil},
		"commas":             {"speaker: Ann Lee, Bob Ray", []string{"Ann Lee", "Bob Ray"}, nil},
		"and":                {"speakers: Ann, Bob and Cem & Dee und Eva; Fay", []string{"Ann", "Bob", "Cem", "Dee", "Eva", "Fay"}, nil},
		"and in a name":      {"speakers: Andy Sandoval", []string{"Andy Sandoval"}, nil},
		"degree":             {"speaker: \"Ann Lee, PhD, Bob Ray, Jr.\"", []string{"Ann Lee, PhD", "Bob Ray, Jr."}, nil},
		"a comma in a list":  {"speakers: [\"King, Martin\"]", []string{"King, Martin"}, nil},
		"company in round":   {"speaker: Ann Lee (Acme, Inc.), Bob", []string{"Ann Lee", "Bob"}, []Person{{Name: "Ann Lee", Company: "Acme, Inc."}}},
		"pronouns":           {"speaker: Ann Lee (she/her)", []string{"Ann Lee"}, nil},
		"link":               {"speakers: [\"[Ann Lee](https://ann.example.org/a,b) (Acme)\"]", []string{"Ann Lee"}, []Person{{"Ann Lee", "https://ann.example.org/a,b", "Acme"}}},
		"link that runs":     {"speakers: [\"[Ann](javascript:x)\"]", []string{"Ann"}, nil},
		"tables":             {"speakers:\n- name: Ann\n  url: https://a.example.org/\n  company: Acme\n- Bob", []string{"Ann", "Bob"}, []Person{{"Ann", "https://a.example.org/", "Acme"}}},
		"one table":          {"speaker:\n  firstName: Ann\n  lastName: Lee\n  Organization: Acme", []string{"Ann Lee"}, []Person{{Name: "Ann Lee", Company: "Acme"}}},
		"both spellings":     {"speaker: Ann\nspeakers: [Ann, Bob]", []string{"Ann", "Bob"}, nil},
		"blanks and repeats": {"speakers: [\" Ann  Lee \", Ann Lee, \"\"]", []string{"Ann Lee"}, nil},
		"below params":       {"params:\n  speakers: [Ann]", []string{"Ann"}, nil},
	} {
		n := parseFront(t, "---\n"+c.front+"\n---\nText\n")
		if len(n.Diags) > 0 || !reflect.DeepEqual(n.Front.Speakers, c.speakers) || !reflect.DeepEqual(n.Front.People, c.people) {
			t.Errorf("%s: %q %+v %v", name, n.Front.Speakers, n.Front.People, n.Diags)
		}
	}
	for _, wrong := range []string{"speakers: [[a]]", "speakers:\n- company: Acme", "authors:\n  url: https://x.example.org/"} {
		n := parseFront(t, "---\n"+wrong+"\n---\n")
		if len(n.Diags) != 1 || !strings.Contains(n.Diags[0].Message, "must be a name, a list of names") {
			t.Errorf("%s: %v", wrong, n.Diags)
		}
	}
}

// Where speakers are a taxonomy, tables are terms by their names.
func TestPeopleAsTaxonomy(t *testing.T) {
	n := parseFront(t, "---\nspeakers:\n- name: Ann\n  company: Acme\n- Bob\n---\n", func(o *Options) {
		o.Taxonomies = []Taxonomy{{"speaker", "speakers"}}
	})
	want := []string{"Ann", "Bob"}
	if got := n.Front.Taxonomies["speakers"]; !reflect.DeepEqual(got, want) || !reflect.DeepEqual(n.Front.Speakers, want) || len(n.Diags) > 0 {
		t.Errorf("terms %q, speakers %q, %v", got, n.Front.Speakers, n.Diags)
	}
}

// A conference's times are told in its zone, whatever zone a note gives them in.
func TestMomentsInZone(t *testing.T) {
	lisbon := time.FixedZone("Lisbon", 3600)
	n := parseFront(t, "---\nstart: 2026-05-01T12:00:00+02:00\nend: 2026-05-01T11:30\n---\n", func(o *Options) { o.Location = lisbon })
	if from, to := n.Front.Start.Format(time.RFC3339), n.Front.End.Format(time.RFC3339); from != "2026-05-01T11:00:00+01:00" || to != "2026-05-01T11:30:00+01:00" {
		t.Errorf("from %s to %s", from, to)
	}
	n = parseFront(t, "---\nstart: 2026-05-01T12:00:00+02:00\n---\n")
	if from := n.Front.Start.Format(time.RFC3339); from != "2026-05-01T12:00:00+02:00" {
		t.Errorf("without a zone: from %s", from)
	}
}
