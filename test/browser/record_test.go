package browser

import (
	"strings"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// record is what a tab asked the network for, in the order of the events.
// [chromedp.Listen] calls it before the command that an event precedes returns.
type record struct {
	urls  []string
	kinds map[network.RequestID]network.ResourceType
	// weights is what came over the line, headers too, by kind.
	weights map[network.ResourceType]int
}

// watch records the tab's requests and everything that moves by itself on its
// pages. It must be called before the first page is opened.
func (tb *tab) watch() {
	tb.t.Helper()
	tb.recorded = newRecord()
	if err := chromedp.Listen(tb.ctx, func(ev any) {
		tb.mu.Lock()
		defer tb.mu.Unlock()
		tb.recorded.add(ev)
	}); err != nil {
		tb.t.Fatal(err)
	}
	call(tb, network.Enable, network.EnableParams{})
	call(tb, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchShifts})
}

func newRecord() *record {
	return &record{
		kinds:   map[network.RequestID]network.ResourceType{},
		weights: map[network.ResourceType]int{},
	}
}

func (r *record) add(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		r.urls = append(r.urls, ev.Request.URL)
		r.kinds[ev.RequestID] = ev.Type
	case *network.EventLoadingFinished:
		r.weights[r.kinds[ev.RequestID]] += int(ev.EncodedDataLength)
	}
}

// took returns the record since the last call.
func (tb *tab) took() *record {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	r := tb.recorded
	tb.recorded = newRecord()
	return r
}

// watchShifts keeps what moved in the document without the reader's doing, and
// says of each what it was and how far it went.
const watchShifts = `self.shifts = [];
if (self === top) new PerformanceObserver((list) => {
	const box = (r) => [r.left, r.top, r.width, r.height].map(Math.round).join(",");
	for (const e of list.getEntries()) if (!e.hadRecentInput) shifts.push(e.value.toFixed(4) + ": " + e.sources.map((s) =>
		(s.node?.nodeType === 1 ? s.node.outerHTML.slice(0, 90) : s.node?.textContent.slice(0, 60)) + " (" + box(s.previousRect) + " to " + box(s.currentRect) + ")").join("; "));
}).observe({type: "layout-shift", buffered: true});`

// readThrough scrolls to the page's end and back as a reader does, a part of
// the screen at a time; what is drawn or loaded on the way is waited for.
const readThrough = `(async () => {
	const frame = () => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 0)));
	const far = (e) => e.getBoundingClientRect().top > innerHeight + 1000;
	const settled = () => [...document.querySelectorAll("pre.mermaid")].every((d) => far(d) || d.closest("[data-state=drawn], [data-state=failed]") !== null || document.querySelector("script[data-frame]") === null) &&
		[...document.images].every((i) => i.complete || far(i));
	for (let y = 0; ; y += innerHeight * 0.7) {
		scrollTo({top: y, behavior: "instant"});
		await frame();
		for (let i = 0; i < 400 && !settled(); i++) await new Promise((r) => setTimeout(r, 25));
		await frame();
		if (y + innerHeight >= document.documentElement.scrollHeight) break;
	}
	await frame();
	scrollTo({top: 0, behavior: "instant"});
	await frame();
	return true;
})()`

// checkStill reads through the page and fails the test for each thing that moved.
func (tb *tab) checkStill(where string) {
	tb.t.Helper()
	eval[bool](tb, readThrough)
	for _, s := range eval[[]string](tb, "shifts") {
		tb.t.Errorf("%s: the layout shifts by %s", where, s)
	}
}

// checkOrigin fails the test for each request since the last look that left
// the site that base is in.
func (tb *tab) checkOrigin(where, base string) {
	tb.t.Helper()
	r := tb.took()
	if len(r.urls) == 0 {
		tb.t.Errorf("%s: no request was recorded", where)
	}
	for _, u := range r.urls {
		if !strings.HasPrefix(u, base) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
			tb.t.Errorf("%s: a request leaves the site: %s", where, u)
		}
	}
}

// weight is what the kinds of files that a page is made of moved together.
func (r *record) weight() (html, css, js int) {
	return r.weights[network.ResourceTypeDocument], r.weights[network.ResourceTypeStylesheet], r.weights[network.ResourceTypeScript]
}
