package page

import (
	"testing"

	"lectern/internal/note"
	"lectern/internal/site"
)

func TestPictures(t *testing.T) {
	photo := &site.Picture{Width: 4000, Height: 3000, Smaller: []site.Rendition{{Width: 480, OutPath: "lectern/pictures/480-a.jpg"}, {Width: 1600, OutPath: "lectern/pictures/1600-a.jpg"}}}
	chart := &site.Picture{Width: 1200, Height: 600, Smaller: []site.Rendition{{Width: 480, OutPath: "lectern/pictures/480-b.png"}}}
	const large = `<a class="pic-large" data-chrome href="../a&amp;b.png" aria-label="Larger picture: A &lt; B"></a></span>`
	for name, tt := range map[string]struct {
		look note.Look
		pic  *site.Picture
		want string
	}{
		"unknown": {note.Look{Large: true}, nil, `<img src="../a&amp;b.png" decoding="async">`},
		"small":   {note.Look{Large: true}, &site.Picture{Width: 40, Height: 30}, `<img src="../a&amp;b.png" width="40" height="30" decoding="async">`},
		"photo": {
			note.Look{Large: true},
			photo,
			`<span class="pic"><img src="../a&amp;b.png" width="4000" height="3000" srcset="../lectern/pictures/480-a.jpg 480w, ../lectern/pictures/1600-a.jpg 1600w" sizes="` + sizes + `" decoding="async">` + large,
		},
		"the original among its sizes": {
			note.Look{},
			chart,
			`<img src="../a&amp;b.png" width="1200" height="600" srcset="../lectern/pictures/480-b.png 480w, ../a&amp;b.png 1200w" sizes="` + sizes + `" decoding="async">`,
		},
		"a width": {
			note.Look{Width: "300"},
			chart,
			`<img src="../a&amp;b.png" width="300" height="150" srcset="../lectern/pictures/480-b.png 480w, ../a&amp;b.png 1200w" sizes="300px" decoding="async">`,
		},
		"a height":        {note.Look{Height: "30"}, &site.Picture{Width: 200, Height: 100}, `<img src="../a&amp;b.png" width="60" height="30" decoding="async">`},
		"a share":         {note.Look{Width: "50%"}, &site.Picture{Width: 200, Height: 100}, `<img src="../a&amp;b.png" width="50%" decoding="async">`},
		"own sources":     {note.Look{Sources: true}, photo, `<img src="../a&amp;b.png" width="4000" height="3000" decoding="async">`},
		"in a link":       {note.Look{Large: true, InLink: true}, &site.Picture{Width: 900, Height: 600}, `<img src="../a&amp;b.png" width="900" height="600" decoding="async">`},
		"a script":        {note.Look{Large: true}, &site.Picture{Width: 900, Height: 600, Script: true}, `<img src="../a&amp;b.png" width="900" height="600" decoding="async">`},
		"of no size":      {note.Look{Large: true}, &site.Picture{}, `<img src="../a&amp;b.png" decoding="async">`},
		"linked":          {note.Look{Large: true}, &site.Picture{Width: 50000, Height: 50000, Linked: true}, `<a href="../a&amp;b.png">A &lt; B</a>`},
		"linked, in link": {note.Look{InLink: true}, &site.Picture{Linked: true}, `A &lt; B`},
	} {
		s := &sheet{words: wordsFor("en")}
		target := site.Target{Kind: site.TargetFile, URL: "/a&b.png", File: &site.File{OutPath: "a&b.png", Picture: tt.pic}}
		fillHole(s, note.ImageTag, &note.Link{Kind: note.Image, Alt: "A < B", Look: &tt.look}, target, "../")
		if got := string(s.own); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
}

// TestOwnImg: an img tag that its author wrote gets what it lacks.
func TestOwnImg(t *testing.T) {
	pic := &site.Picture{Width: 1200, Height: 600, Smaller: []site.Rendition{{Width: 480, OutPath: "lectern/pictures/480-b.png"}}}
	const set = ` srcset="./lectern/pictures/480-b.png 480w, ./b.png 1200w" sizes="`
	for name, tt := range map[string]struct {
		look note.Look
		pic  *site.Picture
		want string
	}{
		"nothing said":   {note.Look{}, pic, ` width="1200" height="600"` + set + sizes + `"`},
		"a width":        {note.Look{Width: "300"}, pic, ` height="150"` + set + `300px"`},
		"both":           {note.Look{Width: "300", Height: "10"}, pic, set + `300px"`},
		"own sources":    {note.Look{Sources: true}, pic, ` width="1200" height="600"`},
		"unknown":        {note.Look{}, nil, ``},
		"of no size":     {note.Look{}, &site.Picture{}, ``},
		"not to be seen": {note.Look{}, &site.Picture{Width: 1, Height: 1, Linked: true}, ``},
	} {
		s := &sheet{words: wordsFor("en")}
		target := site.Target{Kind: site.TargetFile, URL: "/b.png", File: &site.File{OutPath: "b.png", Picture: tt.pic}}
		fillHole(s, note.ImageMore, &note.Link{Kind: note.AttrImage, Look: &tt.look}, target, "./")
		if got := string(s.own); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tt.want)
		}
	}
}
