package page

import (
	"bytes"

	"github.com/a-h/templ"
)

// masthead is the same for all pages at one depth, but for what leads to the
// page in other languages: then it is the page's own.
func (v *view) masthead() templ.Component {
	if len(v.switches()) > 1 {
		return masthead(v)
	}
	return slot{v.s, func(s *sheet) { s.share(v.pass.masthead(v)) }}
}

// masthead returns the one for pages at v's depth, which is made once.
func (p *Pass) masthead(v *view) []byte {
	if html, ok := p.mastheads.Load(v.root); ok {
		return html.([]byte)
	}
	s := p.r.sheets.get()
	defer p.r.sheets.put(s)
	first := *v
	first.s = s
	p.must(s, masthead(&first))
	html, _ := p.mastheads.LoadOrStore(v.root, bytes.Clone(s.own))
	return html.([]byte)
}
