package browser

import (
	"context"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// required says that absence of Chromium or npm packages is a failure.
func required() bool { return os.Getenv("LECTERN_REQUIRE_CHROMIUM") == "1" }

// missing skips the test, or fails it where all must run.
func missing(t *testing.T, what, how string) {
	t.Helper()
	if required() {
		t.Fatalf("%s is missing: %s", what, how)
	}
	t.Skipf("%s is missing, so this was not tested: %s", what, how)
}

// shared is what all tests use: one browser, one binary.
var shared struct {
	browser func() (context.Context, error)
	binary  func() (string, error)
	cleanup []func()
}

func TestMain(m *testing.M) {
	shared.browser = sync.OnceValues(startBrowser)
	shared.binary = sync.OnceValues(buildBinary)
	_ = os.Setenv("LECTERN_CACHE", "off") // the tester's own is none of a test's; fails for no such name
	code := m.Run()
	for _, f := range slices.Backward(shared.cleanup) {
		f()
	}
	os.Exit(code)
}

func findChromium() string {
	names := []string{os.Getenv("LECTERN_CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	if runtime.GOOS == "darwin" {
		names = append(names, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium")
	}
	for _, n := range names {
		if n == "" {
			continue
		}
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	return ""
}

func startBrowser() (context.Context, error) {
	dir, err := os.MkdirTemp("", "lectern-browser")
	if err != nil {
		return nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findChromium()),
		chromedp.UserDataDir(dir),
		chromedp.DisableGPU,
		chromedp.NoSandbox, // containers seldom allow Chromium's own; it sees our pages alone
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("lang", "en-US"),
	)
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stop := chromedp.NewContext(alloc)
	shared.cleanup = append(shared.cleanup, func() { _ = os.RemoveAll(dir) }, stopAlloc, stop)
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start Chromium: %w", err)
	}
	return ctx, nil
}

// view is how a page is looked at.
type view struct {
	width, height int64
	dark          bool
	noScript      bool
	// print shows the page as on paper.
	print bool
}

var (
	phone = view{width: 390, height: 844}
	desk  = view{width: 1280, height: 800}
)

func (v view) String() string {
	s := fmt.Sprintf("%d-light", v.width)
	if v.dark {
		s = fmt.Sprintf("%d-dark", v.width)
	}
	if v.noScript {
		s += "-noscript"
	}
	return s
}

// views are the combinations that every page is checked in.
func views() []view {
	var all []view
	for _, v := range []view{phone, desk} {
		for _, dark := range []bool{false, true} {
			v.dark = dark
			all = append(all, v)
		}
	}
	return all
}

// tab is one page of the browser, with a record of what it complained of.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
	recorded   *record // after watch
	marks      chan string
	marked     int
}

// newTab opens a tab that looks at pages as v says. It is closed with the test.
func newTab(t *testing.T, v view) *tab {
	t.Helper()
	if findChromium() == "" {
		missing(t, "Chromium", "install it (Debian, Ubuntu: `apt-get install chromium`; macOS: `brew install --cask chromium`) or name it in LECTERN_CHROMIUM")
	}
	browser, err := shared.browser()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	tb := &tab{t: t, ctx: ctx, marks: make(chan string, 64)}
	go tb.listen(chromedp.Console(ctx))
	scheme, media := "light", ""
	if v.dark {
		scheme = "dark"
	}
	if v.print {
		media = "print"
	}
	call(tb, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.width, Height: v.height, DeviceScaleFactor: 1, Mobile: v.width < 600,
	})
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media,
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	// Tests run side by side: each tab behaves as the one that the reader is in.
	call(tb, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	call(tb, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.noScript})
	return tb
}

// call sends a command of the DevTools protocol.
func call[P, R any](tb *tab, cmd cdp.Command[P, R], params P) R {
	tb.t.Helper()
	r, err := chromedp.Call(tb.ctx, cmd, params)
	if err != nil {
		tb.t.Fatalf("%s: %v", cmd.Method, err)
	}
	return r
}

// mark begins the messages that checkQuiet writes to find the end of the record.
const mark = "lectern-test-mark-"

func (tb *tab) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return // the tab is closed
		}
		if strings.HasPrefix(m.Text, mark) {
			tb.marks <- m.Text
			continue
		}
		switch m.Type {
		case chromedp.ConsoleError, chromedp.ConsoleWarning, chromedp.ConsoleException:
			tb.mu.Lock()
			tb.complaints = append(tb.complaints, fmt.Sprintf("%s %s %s %s", m.Source, m.Type, m.Text, m.URL))
			tb.mu.Unlock()
		}
	}
}

// complained returns what the browser complained of since the last call:
// errors and warnings of scripts, failed requests, breaches of the policy.
func (tb *tab) complained() []string {
	tb.t.Helper()
	tb.marked++
	end := fmt.Sprintf("%s%d", mark, tb.marked)
	eval[bool](tb, fmt.Sprintf("console.log(%q), true", end))
	select {
	case <-tb.marks:
	case <-time.After(30 * time.Second):
		tb.t.Fatal("the browser's console is stuck")
	}
	tb.mu.Lock()
	defer tb.mu.Unlock()
	all := tb.complaints
	tb.complaints = nil
	return all
}

// checkQuiet fails the test for each complaint.
func (tb *tab) checkQuiet(where string) {
	tb.t.Helper()
	for _, c := range tb.complained() {
		tb.t.Errorf("%s: the browser complains: %s", where, c)
	}
}

func (tb *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		tb.t.Fatal(err)
	}
}

// open goes to url and waits until it is loaded.
func (tb *tab) open(url string) {
	tb.t.Helper()
	tb.do(chromedp.Navigate(url))
}

// press sends keys, one after the other, to what has the focus.
func (tb *tab) press(keys ...string) {
	tb.t.Helper()
	for _, k := range keys {
		tb.do(chromedp.KeyEvent(k))
	}
}

// eval returns the value of a script's expression, awaited where it is a promise.
func eval[T any](tb *tab, script string) T {
	tb.t.Helper()
	v, err := evaluated[T](tb, script)
	if err != nil {
		tb.t.Fatalf("%v, in: %.300s", err, script)
	}
	return v
}

func evaluated[T any](tb *tab, script string) (T, error) {
	ctx, cancel := context.WithTimeout(tb.ctx, time.Minute)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// waitFor waits until a script's expression is true. The page may give way to
// another one meanwhile, even while it is asked.
func (tb *tab) waitFor(what, condition string) {
	tb.t.Helper()
	for range 800 {
		switch is, err := evaluated[bool](tb, "Boolean("+condition+")"); {
		case err != nil && !strings.Contains(err.Error(), "navigated"):
			tb.t.Fatalf("%v, in: %.300s", err, condition)
		case is:
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	tb.t.Fatalf("waited in vain for %s", what)
}

// screenshot writes a picture of the whole page to the folder screenshots.
func (tb *tab) screenshot(name string) {
	tb.t.Helper()
	size := eval[[2]float64](tb, "[innerWidth, Math.min(document.documentElement.scrollHeight, 6000)]")
	png := call(tb, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: new(true),
		Clip:                  &page.Viewport{Width: size[0], Height: size[1], Scale: 1},
	}).Data
	if err := os.MkdirAll("screenshots", 0o755); err != nil {
		tb.t.Fatal(err)
	}
	if err := os.WriteFile("screenshots/"+name+".png", png, 0o644); err != nil {
		tb.t.Fatal(err)
	}
}
