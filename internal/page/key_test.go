package page

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// TestKeySeesEverything changes one thing of a site after the other, whatever
// the model has, and then several at once: wherever the bytes change, the key
// must. A failure names the seed that does it again.
func TestKeySeesEverything(t *testing.T) {
	cfg := testConfig()
	r := New(cfg, Options{})
	before := keysAndBytes(r.Pass(smallSite(cfg)))
	var kept, rendered int
	try := func(name string, edits int, rng *rand.Rand) {
		s := smallSite(cfg)
		var done []string
		for range edits {
			done = append(done, editSite(s, rng))
		}
		for path, now := range keysAndBytes(r.Pass(s)) {
			was, ok := before[path]
			if !ok {
				continue
			}
			rendered++
			if now.key == was.key {
				kept++
				if now.body != was.body {
					t.Errorf("%s: %v: %s has other bytes and the same key:\n%s", name, done, path, firstDifference(breakLines(now.body), breakLines(was.body)))
				}
			}
		}
	}
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 1))
		try(fmt.Sprintf("seed %d", seed), 1+int(seed%3), rng)
		if t.Failed() {
			return
		}
	}
	if kept < rendered/4 {
		t.Errorf("only %d of %d keys outlived an edit: they see too much", kept, rendered)
	}
}

// TestKeySeesConfig changes each field of the configuration.
func TestKeySeesConfig(t *testing.T) {
	base := testConfig()
	before := keysAndBytes(New(base, Options{}).Pass(smallSite(base)))
	for _, change := range []func(*config.Config){
		func(c *config.Config) { c.Title += "!" },
		func(c *config.Config) { c.BaseURL = "https://other.example.org/" },
		func(c *config.Config) { c.BaseURL = "" },
		func(c *config.Config) { c.Language = "de" },
		func(c *config.Config) { c.Language = "ar" },
		func(c *config.Config) { c.Description += "!" },
		func(c *config.Config) { c.Copyright += "!" },
		func(c *config.Config) { c.EditURL = "" },
		func(c *config.Config) { c.RSSLimit = 1 },
		func(c *config.Config) { c.Menus["shortcuts"][0].URL = "/x/" },
		func(c *config.Config) { c.Markup.TOCStart, c.Markup.TOCEnd = 3, 6 },
		func(c *config.Config) { c.DisableKinds = []string{"term"} },
		func(c *config.Config) { c.Outputs = map[string][]string{"home": {"html"}} },
	} {
		cfg := testConfig()
		change(cfg)
		differ := false
		for path, now := range keysAndBytes(New(cfg, Options{}).Pass(smallSite(cfg))) {
			was, ok := before[path]
			if ok && was.body != now.body {
				differ = true
				if was.key == now.key {
					t.Errorf("%s has other bytes and the same key with %+v", path, cfg)
				}
			}
		}
		if !differ && len(cfg.DisableKinds) == 0 {
			t.Errorf("nothing changed with %+v", cfg)
		}
	}
	again := keysAndBytes(New(testConfig(), Options{}).Pass(smallSite(testConfig())))
	for path, now := range again {
		if now != before[path] {
			t.Errorf("%s: a second renderer of the same configuration has another key or other bytes", path)
		}
	}
}

type keyed struct {
	key  uint64
	body string
}

func keysAndBytes(p *Pass) map[string]keyed {
	out := map[string]keyed{}
	for _, o := range p.Outputs() {
		out[o.Path] = keyed{p.Key(o), string(p.Render(o).AppendTo(nil))}
	}
	return out
}

// editSite changes one field of one page, note or redirect at random, as a
// new build of the site might, and says what it did.
func editSite(s *site.Site, rng *rand.Rand) string {
	pg := s.Pages[rng.IntN(len(s.Pages))]
	if pg.Note != nil && rng.IntN(3) > 0 {
		return pg.URL + " note " + editNote(pg.Note, rng)
	}
	if rng.IntN(20) == 0 {
		s.Redirects[0].To = pg
		return "redirect to " + pg.URL
	}
	if len(s.Changes) > 0 && rng.IntN(15) == 0 {
		return editChanges(s, rng)
	}
	v := reflect.ValueOf(pg).Elem()
	i := rng.IntN(v.NumField())
	name := v.Type().Field(i).Name
	switch name {
	case "Kind", "OutPath", "Note", "Parent": // these make it another page
		return "nothing"
	case "Sections", "Notes", "Members", "Terms", "Speakers", "Authors":
		did := pg.URL + " " + name + " " + editPages(v.Field(i), s, pg, name, rng)
		if pg.Kind == site.Home || pg.Kind == site.Section {
			pg.Children = slices.Concat(pg.Notes, pg.Sections)
		}
		return did
	case "Children":
		slices.Reverse(pg.Children)
	case "Backlinks":
		slices.Reverse(pg.Backlinks)
		pg.Backlinks = append(pg.Backlinks, s.Pages[rng.IntN(len(s.Pages))])
	case "Recommended":
		return pg.URL + " " + editRecommendation(s, pg, rng)
	case "Prev", "Next":
		v.Field(i).Set(reflect.ValueOf(s.Pages[rng.IntN(len(s.Pages))]))
	case "Links":
		if len(pg.Links) > 0 {
			l := &pg.Links[rng.IntN(len(pg.Links))]
			if l.File != nil && rng.IntN(2) == 0 {
				return pg.URL + " picture " + editPicture(l.File.Picture, rng)
			}
			l.Kind, l.URL = site.TargetKind(rng.IntN(6)), l.URL+"x"
		}
	case "Lead":
		pg.Lead = s.Pages[rng.IntN(len(s.Pages))]
	case "URL":
		pg.URL += "x/"
	case "Person":
		pg.Person.Company += "x"
		pg.Person.URL += "x"
	default:
		if v.Field(i).CanSet() {
			editValue(v.Field(i), rng)
		}
	}
	return pg.URL + " " + name
}

// editChanges changes one field of one of the site's changes.
func editChanges(s *site.Site, rng *rand.Rand) string {
	ch := &s.Changes[rng.IntN(len(s.Changes))]
	v := reflect.ValueOf(ch).Elem()
	if len(ch.Notes) > 0 && rng.IntN(3) == 0 {
		v = reflect.ValueOf(&ch.Notes[rng.IntN(len(ch.Notes))]).Elem()
	}
	i := rng.IntN(v.NumField())
	switch name := v.Type().Field(i).Name; name {
	case "Notes":
		ch.Notes = append(slices.Clone(ch.Notes), site.NoteChange{Page: s.Home, Words: 7})
	case "Page":
		v.Field(i).Set(reflect.ValueOf(s.Pages[rng.IntN(len(s.Pages))]))
	default:
		editValue(v.Field(i), rng)
	}
	return "change " + ch.ID + " " + v.Type().Field(i).Name
}

// editPicture changes one field of what is known of a picture.
func editPicture(pic *site.Picture, rng *rand.Rand) string {
	v := reflect.ValueOf(pic).Elem()
	i := rng.IntN(v.NumField())
	if v.Type().Field(i).Name == "Smaller" {
		pic.Smaller = append(pic.Smaller, site.Rendition{Width: 960, OutPath: fmt.Sprint(rng.IntN(9))})
		if rng.IntN(2) == 0 {
			pic.Smaller = nil
		}
	} else {
		editValue(v.Field(i), rng)
	}
	return v.Type().Field(i).Name
}

// editRecommendation recommends a page, no longer does, or does so in other words.
func editRecommendation(s *site.Site, pg *site.Page, rng *rand.Rand) string {
	switch r := pg.Recommended; {
	case r == nil:
		s.Recommended = append(slices.Clone(s.Recommended), site.Recommendation{Page: pg, From: s.Pages[rng.IntN(len(s.Pages))], Reason: "New"})
		pg.Recommended = &s.Recommended[len(s.Recommended)-1]
		return "recommended"
	case rng.IntN(3) == 0:
		r.Reason += "!"
		return "recommended for another reason"
	case rng.IntN(2) == 0:
		r.From = s.Pages[rng.IntN(len(s.Pages))]
		return "recommended by another"
	default:
		s.Recommended = slices.DeleteFunc(slices.Clone(s.Recommended), func(r site.Recommendation) bool { return r.Page == pg })
		pg.Recommended = nil
		return "not recommended"
	}
}

// editPages drops, doubles or turns round a list of pages.
func editPages(v reflect.Value, s *site.Site, pg *site.Page, name string, rng *rand.Rand) string {
	list := slices.Clone(v.Interface().([]*site.Page))
	switch {
	case len(list) > 0 && rng.IntN(2) == 0:
		i := rng.IntN(len(list))
		list = slices.Delete(list, i, i+1)
	case len(list) > 1:
		slices.Reverse(list)
	default:
		kind := map[string]site.Kind{"Sections": site.Section, "Notes": site.Single, "Members": site.Single, "Terms": site.Term, "Speakers": site.Person, "Authors": site.Person}[name]
		other := s.Pages[rng.IntN(len(s.Pages))]
		holds := pg.Kind == site.Section || pg.Kind == site.Home || name == "Members" && (pg.Kind == site.Term || pg.Kind == site.Person || pg.Kind == site.Single || pg.Kind == site.Timetable) ||
			name == "Terms" || name == "Speakers" || name == "Authors"
		if other.Kind != kind || !holds || kind == site.Section && other.Sections != nil || other == pg {
			return "as it was"
		}
		list = append(list, other)
	}
	v.Set(reflect.ValueOf(list))
	return fmt.Sprintf("now %d", len(list))
}

// editNote changes one field and gives the note the keys that note.Parse
// promises: Key with any field, FactsKey with those that other pages show.
func editNote(n *note.Note, rng *rand.Rand) string {
	n.Key = rng.Uint64()
	v := reflect.ValueOf(n).Elem()
	i := rng.IntN(v.NumField())
	name := v.Type().Field(i).Name
	switch name {
	case "Path", "Key", "FactsKey", "Readable", "Diags", "TitleSource":
		return "key"
	case "Body":
		n.Body = note.Fragment{HTML: fmt.Appendf(nil, "<p>%d</p>", rng.IntN(9))}
		n.Hallway = nil // they were places in it
		return name
	case "Links":
		for i := range n.Links {
			n.Links[i].Attrs += ` class="x"`
		}
		return name
	case "Hallway":
		n.Hallway = []note.Passage{{Heading: -1, To: len(n.Body.HTML), EndHole: len(n.Body.Holes)}}
		return name
	case "Recommendations": // the site's own list is what is shown
		return name
	case "Icons":
		n.Icons = []string{"solid-code"}
		return name
	case "HasMermaid", "HasCode", "HasMath", "HasParts", "HasTabGroups":
		v.Field(i).SetBool(!v.Field(i).Bool())
		return name
	case "Front":
		f := v.Field(i)
		j := rng.IntN(f.NumField())
		name += "." + f.Type().Field(j).Name
		if f.Type().Field(j).Name != "Params" {
			editValue(f.Field(j), rng)
			break
		}
		// A copy: what the page before the edit says must stay what it was.
		n.Front.Params = maps.Clone(n.Front.Params)
		if n.Front.Params == nil {
			n.Front.Params = map[string]any{}
		}
		values := map[string][]any{
			"menus": {"shortcuts", "main", nil}, "menuurl": {"https://example.org/a", "", nil}, "menupageref": {"/day2", "/day1", nil},
			"alwaysopen": {true, false, nil}, "headingpre": {"<i class='fas fa-bug'></i>", "x", nil}, "disabletoc": {true, nil},
			"disablenextprev": {true, nil}, "disablebreadcrumb": {true, nil}, "editurl": {"", "https://edit.example.org/", nil},
		}
		field := slices.Sorted(maps.Keys(values))[rng.IntN(len(values))]
		n.Front.Params[field] = values[field][rng.IntN(len(values[field]))]
		name += "." + field
	case "Headings":
		n.Headings = append(slices.Clone(n.Headings), note.Heading{Level: 2, ID: "x", Text: "X"}, note.Heading{Level: 3, ID: "y", Text: "Y"})
	case "Resources":
		n.Resources.Code = "https://code.example.org/"
	default:
		editValue(v.Field(i), rng)
	}
	n.FactsKey = rng.Uint64()
	return name
}

// editValue gives a plain field another value.
func editValue(v reflect.Value, rng *rand.Rand) {
	switch x := v.Interface().(type) {
	case string:
		v.SetString(x + fmt.Sprint(rng.IntN(9)))
	case bool:
		v.SetBool(!x)
	case int:
		v.SetInt(int64(x + 1000))
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2025, 6, 1+rng.IntN(20), rng.IntN(24), 0, 0, 0, time.UTC)))
	case []string:
		v.Set(reflect.ValueOf(append(slices.Clone(x), fmt.Sprint("New ", rng.IntN(9)))))
	case note.Visibility:
		v.SetUint(uint64(1 - min(x, 1)))
	}
}
