package page

import (
	"encoding/xml"
	"strings"
	"testing"
)

// TestXML reads feeds and sitemap with an XML parser, hostile titles included.
func TestXML(t *testing.T) {
	cfg := testConfig()
	cfg.Title = "A & B <C> \x01 \"q\" ]]> \xff"
	s := smallSite(cfg)
	s.Home.Sections[0].Notes[0].Title = "\x00 & <item> \uFFFF"
	for path, body := range rendered(t, New(cfg, Options{}).Pass(s)) {
		if !strings.HasSuffix(path, ".xml") {
			continue
		}
		if path == "sitemap.xml" {
			checkSitemap(t, body)
			continue
		}
		if path == "opensearch.xml" {
			checkOpenSearch(t, cfg.BaseURL, body)
			continue
		}
		var feed struct {
			Channel struct {
				Title string   `xml:"title"`
				Links []string `xml:"link"`
				Items []struct {
					Title string `xml:"title"`
					Link  string `xml:"link"`
					GUID  string `xml:"guid"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal([]byte(body), &feed); err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if feed.Channel.Title == "" || len(feed.Channel.Items) == 0 && path != "day2/index.xml" {
			t.Errorf("%s: title %q, %d items", path, feed.Channel.Title, len(feed.Channel.Items))
		}
		for _, i := range feed.Channel.Items {
			if !strings.HasPrefix(i.Link, cfg.BaseURL) || i.GUID != i.Link {
				t.Errorf("%s: item %q has link %q and guid %q", path, i.Title, i.Link, i.GUID)
			}
		}
		if strings.Contains(body, "Backstage") {
			t.Errorf("%s names the unlisted note", path)
		}
	}
}

func checkSitemap(t *testing.T, body string) {
	t.Helper()
	var m struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, u := range m.URLs {
		if seen[u.Loc] || !strings.HasPrefix(u.Loc, "https://camp.example.org/2025/") {
			t.Errorf("sitemap.xml: %q twice or not below the site", u.Loc)
		}
		seen[u.Loc] = true
	}
	if !seen["https://camp.example.org/2025/day2/hidden/"] || seen["https://camp.example.org/2025/day2/secret/"] || len(seen) != 17 {
		t.Errorf("sitemap.xml has %d addresses: %v", len(seen), seen)
	}
}

// TestFeedOrder puts the newest first, then those without a date, the last in
// reading order first.
func TestFeedOrder(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	p := New(cfg, Options{}).Pass(s)
	titles := func(limit int) string {
		var out []string
		for _, pg := range newestFirst(p.feedPages(s.Home), limit) {
			out = append(out, pg.Title)
		}
		return strings.Join(out, ", ")
	}
	if got, want := titles(0), "Next, Opening <keynote>, Party, Closing, Attic"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := titles(2); got != "Next, Opening <keynote>" {
		t.Errorf("with a limit: %s", got)
	}
}

func checkOpenSearch(t *testing.T, base, body string) {
	t.Helper()
	var d struct {
		XMLName   xml.Name
		ShortName string
		URL       struct {
			Template string `xml:"template,attr"`
			Type     string `xml:"type,attr"`
		} `xml:"Url"`
	}
	if err := xml.Unmarshal([]byte(body), &d); err != nil {
		t.Fatal(err)
	}
	if d.XMLName.Local != "OpenSearchDescription" || d.ShortName == "" || len([]rune(d.ShortName)) > 16 ||
		d.URL.Template != base+"search/?q={searchTerms}" || d.URL.Type != "text/html" {
		t.Errorf("opensearch.xml says %+v", d)
	}
}
