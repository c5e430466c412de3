package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// chromium returns the browser's path. Without one the test is skipped, or
// fails where LECTERN_REQUIRE_CHROMIUM=1 says that there must be one.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const how = "no Chromium found: install it (Debian and Ubuntu: apt-get install chromium) for the tests in a browser"
	if os.Getenv("LECTERN_REQUIRE_CHROMIUM") == "1" {
		t.Fatal(how)
	}
	t.Skip(how)
	return ""
}

// tab is a page in a browser, and all that its console had to complain of.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

func newTab(t *testing.T) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(1000, 700),
		chromedp.WSURLReadTimeout(time.Minute),
	)
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		cancel()
		cancelAlloc()
	})
	b := &tab{t: t, ctx: ctx}
	err := chromedp.Listen(ctx, func(e any) {
		switch e := e.(type) {
		case *log.EventEntryAdded:
			// What the server answers with 404 or 503 is no complaint.
			if e.Entry.Source != log.EntrySourceNetwork && e.Entry.Level != log.EntryLevelVerbose {
				b.complain(e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			b.complain(fmt.Sprintf("%+v", e.ExceptionDetails))
		case *runtime.EventConsoleAPICalled:
			b.complain(fmt.Sprintf("console.%s", e.Type))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *tab) complain(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, text)
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, tooLong)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// js runs statements.
func js(text string) chromedp.Action[chromedp.Void] { return chromedp.Evaluate[chromedp.Void](text) }

// eval returns the value of an expression.
func eval[T any](b *tab, expr string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, tooLong)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expr))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// until waits for an expression to be true, in whatever document is shown.
func (b *tab) until(expr string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, tooLong)
	defer cancel()
	for {
		// A document that is just going away gives an error.
		v, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expr+")"))
		if err == nil && v {
			return
		}
		if ctx.Err() != nil {
			b.t.Fatalf("never true: %s (%v); complaints %q; the document:\n%.3000s", expr, err, b.complaints,
				eval[string](b, "document.documentElement.outerHTML"))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// shadow is the overlay's tree, as an expression.
const shadow = "document.getElementById('lectern-live')?.shadowRoot"

// says waits until the badge, or with in another part of the overlay, has text.
func (b *tab) says(part, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("%s?.querySelector(%q)?.textContent.includes(%q)", shadow, part, text))
}

// live is a site that a test changes while a browser shows it.
type liveSite struct {
	t     *testing.T
	s     *Server
	files map[string]string
	url   string
	http  *http.Server

	mu    sync.Mutex
	loads int
}

func newLiveSite(t *testing.T) *liveSite {
	ls := &liveSite{t: t, s: New(Options{Live: true, Hosts: LoopbackHosts("")}), files: map[string]string{}}
	ls.listen("127.0.0.1:0")
	t.Cleanup(ls.close)
	return ls
}

// listen serves the site, with its server's state, from now on.
func (ls *liveSite) listen(addr string) {
	ls.t.Helper()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		ls.t.Fatal(err)
	}
	s := ls.s
	ls.http = &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/day1/" {
			ls.mu.Lock()
			ls.loads++
			ls.mu.Unlock()
		}
		s.ServeHTTP(w, r)
	})}
	go ls.http.Serve(ln)
	ls.url = "http://" + ln.Addr().String()
}

func (ls *liveSite) close() {
	ls.s.Close()
	ls.http.Close()
}

func (ls *liveSite) pageLoads() int {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	return ls.loads
}

// put changes files and shows the site, with these messages as findings of its
// page's file.
func (ls *liveSite) put(files map[string]string, messages ...string) *snapshot.Snapshot {
	ls.t.Helper()
	for name, text := range files {
		ls.files[name] = text
	}
	var ds []diag.Diagnostic
	for i, m := range messages {
		ds = append(ds, diag.Diagnostic{
			Position: diag.Position{File: "content/day1/_index.md", Line: i + 1, Col: 5},
			Severity: diag.Warning, Rule: "link-missing", Message: m, Hint: "the nearest is <b>x</b>",
		})
	}
	u := Update{Snapshot: site(ls.t, ls.files), Diags: ds, SourceOf: func(path string) string {
		return map[string]string{"day1/index.html": "content/day1/_index.md"}[path]
	}}
	ls.s.Swap(u)
	return u.Snapshot
}

// note is a page of n paragraphs in sections of ten, with text before them.
func note(n int, before string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Day 1</title>` +
		`<link rel="stylesheet" href="/css/own.css"></head><body><nav><ul><li>menu</li></ul></nav><main>` + before)
	for i := range n {
		if i%10 == 0 {
			fmt.Fprintf(&b, `<h2 id="s%d">Section %d</h2>`, i/10, i/10)
		}
		fmt.Fprintf(&b, `<p id="p%d">Paragraph %d of what was said.</p>`, i, i)
	}
	b.WriteString(`<details id="d"><summary>More</summary><p>inside</p></details><img id="i" src="/x.svg" alt=""></main></body></html>`)
	return b.String()
}

const (
	css     = "body { color: rgb(0, 0, 1); background: white } #tall { height: 777px } img { width: 10px; height: 10px }"
	picture = `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>`
)

func TestBrowserFollowsTheSite(t *testing.T) {
	b := newTab(t)
	ls := newLiveSite(t)
	ls.put(map[string]string{"day1/index.html": note(200, ""), "css/own.css": css, "x.svg": picture}, "no such page")
	b.run(chromedp.Navigate(ls.url + "/day1/"))
	b.says(".badge", "1 problem here")

	t.Run("scroll", func(t *testing.T) {
		b.t = t
		b.run(js(`document.getElementById('d').open = true; document.getElementById('p105').scrollIntoView(); scrollBy(0, -7); window.old = 1`))
		top := eval[float64](b, "document.getElementById('p105').getBoundingClientRect().top")
		// Much more text above, and another one in the paragraph at the top.
		changed := note(200, `<p id="new">New.</p><div id="tall"></div>`)
		changed = strings.Replace(changed, "Paragraph 104 of", "Paragraph 104, changed, of", 1)
		ls.put(map[string]string{"day1/index.html": changed})
		b.until("document.getElementById('new') && document.readyState === 'complete' && !window.old")
		b.until(fmt.Sprintf("Math.abs(document.getElementById('p105').getBoundingClientRect().top - %f) < 2", top))
		if !eval[bool](b, "document.getElementById('d').open") {
			t.Error("what the reader had unfolded is folded")
		}
		// And the text above gone again, with the paragraph that was at the top.
		changed = strings.Replace(note(200, ""), `<p id="p105">Paragraph 105 of what was said.</p>`, "", 1)
		top = eval[float64](b, "document.getElementById('p106').getBoundingClientRect().top")
		ls.put(map[string]string{"day1/index.html": changed})
		b.until("!document.getElementById('new') && document.readyState === 'complete'")
		b.until(fmt.Sprintf("Math.abs(document.getElementById('p106').getBoundingClientRect().top - %f) < 2", top))
	})

	t.Run("other pages", func(t *testing.T) {
		b.t = t
		before := ls.pageLoads()
		for i := range 5 {
			ls.put(map[string]string{"day2/index.html": fmt.Sprint(i)}, fmt.Sprintf("state %d", i))
			b.says(".list", fmt.Sprintf("state %d", i))
		}
		ls.put(map[string]string{"day1/index.html": note(200, `<p id="again">Again.</p>`)})
		b.until("document.getElementById('again')")
		if n := ls.pageLoads() - before; n != 1 {
			t.Errorf("loaded %d times for one change of this page", n)
		}
	})

	t.Run("style sheet and picture", func(t *testing.T) {
		b.t = t
		b.until("getComputedStyle(document.body).color === 'rgb(0, 0, 1)'")
		ls.put(map[string]string{"css/own.css": strings.Replace(css, "0, 0, 1", "0, 0, 2", 1)})
		b.until("getComputedStyle(document.body).color === 'rgb(0, 0, 2)'")
		ls.put(nil, "settled")
		b.says(".list", "settled")
		b.run(js("window.old = 1"))
		ls.put(map[string]string{"x.svg": strings.Replace(picture, `"10"`, `"11"`, 1)})
		b.until("!window.old && document.getElementById('i').naturalWidth === 11")
	})

	t.Run("page is gone and comes back", func(t *testing.T) {
		b.t = t
		page := ls.files["day1/index.html"]
		delete(ls.files, "day1/index.html")
		ls.put(map[string]string{"404.html": `<!doctype html><body><h1 id="nope">No such page</h1></body>`})
		b.until("document.getElementById('nope')")
		ls.put(map[string]string{"day1/index.html": page})
		b.until("document.getElementById('p1')")
	})

	t.Run("server starts again", func(t *testing.T) {
		b.t = t
		addr := strings.TrimPrefix(ls.url, "http://")
		ls.close()
		ls.s = New(Options{Live: true})
		ls.put(map[string]string{"day1/index.html": note(20, `<p id="restarted">x</p>`)}, "after the restart")
		b.run(js("window.old = 1"))
		ls.listen(addr)
		b.until("document.getElementById('restarted') && !window.old")
		b.says(".list", "after the restart")
	})

	if len(b.complaints) > 0 {
		t.Errorf("the console says %q", b.complaints)
	}
}

func TestBrowserOverlay(t *testing.T) {
	b := newTab(t)
	ls := newLiveSite(t)

	// There is no site at first: the status page says so, and follows.
	b.run(chromedp.Navigate(ls.url + "/day1/"))
	b.until("document.body.classList.contains('lectern-status')")
	ls.s.Fail(errors.New("the configuration is broken"), []diag.Diagnostic{{Position: diag.Position{File: "lectern.yaml"}, Message: "unknown <key>"}})
	b.until("document.body.innerText.includes('the configuration is broken') && document.body.innerText.includes('unknown <key>')")
	ls.put(map[string]string{"day1/index.html": note(5, ""), "css/own.css": css, "x.svg": picture})
	b.until("document.getElementById('p1')")
	b.until("document.getElementById('lectern-live').hidden")

	evil := `<img src=x onerror="window.evil = 1"> in a message`
	ls.put(nil, evil, "second")
	b.says(".badge", "2 problems here")
	visible := func(part string) string {
		return fmt.Sprintf("%s?.querySelector(%q)?.checkVisibility()", shadow, part)
	}
	focused := func(part string) string { return fmt.Sprintf("%s?.activeElement?.matches(%q)", shadow, part) }
	b.until(visible(".badge"))
	if eval[bool](b, visible(".panel")) {
		t.Error("the panel is open before anybody asked for it")
	}
	if style := eval[string](b, "getComputedStyle("+shadow+".host).position"); style != "fixed" {
		t.Errorf("the overlay's style sheet has no effect: position %s", style)
	}

	// By keyboard alone.
	b.run(js(shadow+".querySelector('.badge').focus()"), chromedp.KeyEvent(kb.Enter))
	b.until(visible(".panel") + "&&" + focused(".panel"))
	list := eval[string](b, shadow+".querySelector('.list').innerText")
	for _, want := range []string{evil, "content/day1/_index.md:1:5", "content/day1/_index.md:2:5", "the nearest is <b>x</b>", "[link-missing]", "On this page"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in the list %q", want, list)
		}
	}
	if eval[bool](b, "'evil' in window") {
		t.Error("a message is taken for HTML")
	}
	if v := eval[string](b, shadow+".querySelector('.badge').getAttribute('aria-expanded')"); v != "true" {
		t.Errorf("aria-expanded=%q", v)
	}

	// What the reader chose is remembered.
	ls.put(map[string]string{"day1/index.html": note(6, "")}, "third")
	b.until("document.getElementById('p5')")
	b.says(".list", "third")
	b.until(visible(".panel"))
	b.run(js(shadow+".querySelector('.close').focus()"), chromedp.KeyEvent(kb.Escape))
	b.until("!(" + visible(".panel") + ") &&" + focused(".badge"))
	ls.put(map[string]string{"day1/index.html": note(7, "")}, "fourth")
	b.until("document.getElementById('p6')")
	b.says(".list", "fourth")
	b.until(visible(".badge") + "&& !(" + visible(".panel") + ")")

	ls.s.Fail(errors.New("the disk is full"), nil)
	b.says(".badge", "Build failed")
	b.says(".list", "the disk is full")
	ls.put(nil)
	b.until("document.getElementById('lectern-live').hidden")

	if len(b.complaints) > 0 {
		t.Errorf("the console says %q", b.complaints)
	}
}
