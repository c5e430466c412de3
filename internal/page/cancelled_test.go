package page

import (
	"strings"
	"testing"
)

// A session that did not take place says so wherever it is shown.
func TestCancelledSessionsSaySo(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	before := rendered(t, New(cfg, Options{}).Pass(s))
	s = smallSite(cfg)
	s.Home.Sections[0].Notes[0].Note.Front.Cancelled = true
	after := rendered(t, New(cfg, Options{}).Pass(s))
	for path, marks := range map[string][]string{
		"day1/index.html":             {`class="cancelled">Cancelled`},
		"day1/01_opening/index.html":  {`class="cancelled">Cancelled`, "https://schema.org/EventCancelled"},
		"day1/timetable/index.html":   {`class="cancelled">Cancelled`},
		"day1/01_opening/session.ics": {"STATUS:CANCELLED\r\n"},
	} {
		for _, mark := range marks {
			if strings.Contains(before[path], mark) {
				t.Errorf("%s: %s without a cause", path, mark)
			}
			if !strings.Contains(after[path], mark) {
				t.Errorf("%s lacks %s", path, mark)
			}
		}
	}
}

// A track that a tag says as well is said once.
func TestTrackIsSaidOnce(t *testing.T) {
	cfg := testConfig()
	rowOf := func(track string) string {
		s := smallSite(cfg)
		pg := s.Home.Sections[0].Notes[0]
		pg.Note.Front.Track = track
		body := rendered(t, New(cfg, Options{}).Pass(s))["day1/index.html"]
		_, row, _ := strings.Cut(body, `<p class="row-sub">`)
		row, _, _ = strings.Cut(row, "</p>")
		return row
	}
	if row := rowOf("Plenary"); !strings.Contains(row, "<span>Plenary</span>") {
		t.Errorf("no track in %s", row)
	}
	tag := smallSite(cfg).Home.Sections[0].Notes[0].Terms[0].LinkTitle
	if row := rowOf(strings.ToUpper(tag)); strings.Contains(row, strings.ToUpper(tag)+"</span>") || !strings.Contains(row, tag) {
		t.Errorf("the track beside the tag %s: %s", tag, row)
	}
}
