package page

import (
	"runtime"
	"testing"

	"lectern/internal/snapshot"
)

// BenchmarkRender renders a whole site of 10,000 notes, its lists and feeds.
func BenchmarkRender(b *testing.B) {
	cfg := testConfig()
	s := bigSite(cfg, 200, 50)
	r := New(cfg, Options{})
	b.ReportAllocs()
	for b.Loop() {
		p := r.Pass(s)
		bodies := make([]snapshot.Body, 0, 11_000)
		for _, o := range p.Outputs() {
			bodies = append(bodies, p.Render(o))
		}
		runtime.KeepAlive(bodies) // as a snapshot would
	}
}

// BenchmarkKey makes the keys of the same site, as each rebuild does.
func BenchmarkKey(b *testing.B) {
	cfg := testConfig()
	s := bigSite(cfg, 200, 50)
	r := New(cfg, Options{})
	b.ReportAllocs()
	for b.Loop() {
		p := r.Pass(s)
		for _, o := range p.Outputs() {
			p.Key(o)
		}
	}
}

// BenchmarkNote renders one note's page.
func BenchmarkNote(b *testing.B) {
	cfg := testConfig()
	s := bigSite(cfg, 200, 50)
	p := New(cfg, Options{}).Pass(s)
	pg := s.Home.Sections[7].Notes[7]
	o := Output{Path: pg.OutPath, Page: pg}
	b.ReportAllocs()
	for b.Loop() {
		p.Render(o)
	}
}
