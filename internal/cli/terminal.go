package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// terminal says what the stream for messages can show.
type terminal struct {
	w        io.Writer
	color    bool
	progress bool
	width    int
}

// newTerminal looks at w: only an *os.File that is a terminal has colour (unless
// NO_COLOR is set, see no-color.org, or TERM is dumb) and a progress bar.
func newTerminal(w io.Writer, env func(string) string) terminal {
	t := terminal{w: w}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || env("TERM") == "dumb" || !enableSequences(f) {
		return t
	}
	t.color = env("NO_COLOR") == ""
	t.progress = true
	if width, _, err := term.GetSize(int(f.Fd())); err == nil {
		t.width = width
	}
	return t
}

// ANSI colours.
const (
	red  = "31"
	cyan = "36"
)

func (t terminal) paint(color, s string) string {
	if !t.color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// progress is a bar that appears once a job takes longer than [progressDelay]
// and goes without a trace.
type progress struct {
	term terminal
	// now is the clock; nil means time.Now.
	now   func() time.Time
	start time.Time

	mu    sync.Mutex
	drawn time.Time // when the bar was last drawn; zero while none is shown
}

const (
	progressDelay = 500 * time.Millisecond
	progressPace  = 100 * time.Millisecond
)

func (t terminal) newProgress(now func() time.Time) *progress {
	if now == nil {
		now = time.Now
	}
	return &progress{term: t, now: now, start: now()}
}

// step returns the function that is told how much of one step of the job is done.
func (p *progress) step(name string) func(done, total int) {
	if !p.term.progress {
		return nil
	}
	return func(done, total int) {
		p.mu.Lock()
		defer p.mu.Unlock()
		now := p.now()
		if total <= 0 || now.Sub(p.start) < progressDelay || now.Sub(p.drawn) < progressPace {
			return
		}
		p.drawn = now
		// One write, from the line's beginning over what stands there: nothing
		// is blank in between, so nothing flickers.
		_, _ = io.WriteString(p.term.w, "\r"+bar(name, done, total, p.term.width)+"\x1b[K")
	}
}

// clear removes the bar, if one is shown.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.drawn.IsZero() {
		_, _ = io.WriteString(p.term.w, "\r\x1b[K")
		p.drawn = time.Time{}
	}
}

// bar draws how much is done, in at most width columns: `building [####----]  50% 5000/10000`.
func bar(name string, done, total, width int) string {
	done = min(max(done, 0), total)
	counts := fmt.Sprintf("%3d%% %d/%d", int(int64(done)*100/int64(total)), done, total)
	if width <= 0 {
		width = 80
	}
	room := min(width-len(name)-len(counts)-5, 40)
	if room < 5 {
		line := name + " " + counts
		return line[:min(len(line), max(width-1, 0))]
	}
	full := int(int64(done) * int64(room) / int64(total))
	return fmt.Sprintf("%s [%s%s] %s", name, strings.Repeat("#", full), strings.Repeat("-", room-full), counts)
}
