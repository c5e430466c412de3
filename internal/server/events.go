package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lectern/internal/diag"
)

// maxFindings bounds the findings that one page is told; their number is told in full.
const maxFindings = 100

// pingEvery is how often a comment goes out on a silent stream: often enough
// that a client that vanished is noticed, seldom enough to cost nothing.
const pingEvery = 45 * time.Second

// streams are the open event streams. Each has a channel of one place: a wake-up
// that was not taken yet stands for all later ones, because a stream that wakes
// reads the newest state. So a slow client is never waited for.
type streams struct {
	mu     sync.Mutex
	open   map[chan struct{}]struct{}
	closed chan struct{} // closed by close
}

func (s *streams) init() {
	s.open = map[chan struct{}]struct{}{}
	s.closed = make(chan struct{})
}

// add returns a new stream's channel, and false when there are limit already
// or the server is closing.
func (s *streams) add(limit int) (chan struct{}, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isClosed() || len(s.open) >= limit {
		return nil, false
	}
	c := make(chan struct{}, 1)
	s.open[c] = struct{}{}
	return c, true
}

func (s *streams) remove(c chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

func (s *streams) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		select {
		case c <- struct{}{}:
		default: // it has yet to see an earlier one
		}
	}
}

func (s *streams) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isClosed() {
		close(s.closed)
	}
}

func (s *streams) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// event is the JSON of one "update" event.
type event struct {
	// Digest is the snapshot's, "" while there is none.
	Digest string `json:"digest"`
	// ETag is the entity tag (without quotes) that the page asking would be
	// served with now; "" where it would be redirected.
	ETag string `json:"etag"`
	// Failed says why the newest build failed; "" when the snapshot is its result.
	Failed string `json:"failed,omitempty"`
	// Source is the project's file that the page was made of, where known.
	Source string `json:"source,omitempty"`
	// Errors, Warnings and Total count all findings but infos; Here counts those of the
	// page that asks, which come first in Findings.
	Errors   int               `json:"errors"`
	Warnings int               `json:"warnings"`
	Total    int               `json:"total"`
	Here     int               `json:"here"`
	Findings []diag.Diagnostic `json:"findings"`
}

// serveEvents streams the site's state to the page whose address is in the
// query's "page": at once, and after each change.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	page := ""
	if u, err := url.Parse(r.URL.Query().Get("page")); err == nil {
		page, _ = sitePath(u) // an address that no site has is nobody's page
	}
	h := w.Header()
	if r.Method == http.MethodHead {
		h.Set("Content-Type", "text/event-stream")
		return
	}
	wake, ok := s.streams.add(s.opts.MaxStreams)
	if !ok {
		h.Set("Retry-After", "5")
		refuse(w, http.StatusServiceUnavailable, "Too many pages are open, or the server is ending.")
		return
	}
	defer s.streams.remove(wake)

	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", cacheNever)
	h.Set("X-Accel-Buffering", "no") // a proxy in between must not collect
	// The time to send a request is over, but the connection is read on, to
	// notice that the client went away. Not every writer has deadlines.
	_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	s.stream(w, r, wake, page)
}

// stream writes events until the client or the server ends.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, wake <-chan struct{}, page string) {
	out := http.NewResponseController(w)
	send := func(text string) bool {
		// Not every writer has deadlines; one that has none blocks this stream alone.
		_ = out.SetWriteDeadline(time.Now().Add(streamTimeout))
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()

	st := s.state.Load()
	ok := send("retry: 500\n\n" + s.eventText(st, page))
	for ok {
		select {
		case <-r.Context().Done():
			return
		case <-s.streams.closed:
			return
		case <-ping.C:
			ok = send(": ping\n\n")
		case <-wake:
			if now := s.state.Load(); now != st {
				st = now
				ok = send(s.eventText(st, page))
			}
		}
	}
}

// eventText returns the event for st as the stream carries it.
func (s *Server) eventText(st *state, page string) string {
	data, err := json.Marshal(s.makeEvent(st, page))
	if err != nil {
		// Strings and numbers always have a JSON form; were it otherwise, the
		// page would be told nothing.
		return ""
	}
	return "event: update\ndata: " + string(data) + "\n\n"
}

func (s *Server) makeEvent(st *state, page string) event {
	ds := problems(st.update.Diags)
	e := event{Failed: st.failed, Total: len(ds)}
	e.Errors, e.Warnings = diag.Count(ds)
	snap := st.update.Snapshot
	if snap != nil {
		e.Digest = snap.Digest().String()
	}
	if page == liveDir {
		_, tag := s.findingsPage(st)
		e.ETag = strings.Trim(tag, `"`)
	} else if snap == nil {
		e.ETag = strings.Trim(st.statusTag, `"`)
	} else {
		f, redirect := resolve(snap, page)
		if f != nil && st.update.SourceOf != nil {
			e.Source = st.update.SourceOf(f.Path)
		}
		if f == nil && redirect == "" {
			f = notFound(snap, page)
		}
		if f != nil {
			e.ETag = strings.Trim(s.etag(f), `"`)
		}
	}
	e.Findings, e.Here = pick(ds, e.Source)
	return e
}

// problems returns the findings that something has to be done about; what is
// only worth knowing stands in the terminal.
func problems(ds []diag.Diagnostic) []diag.Diagnostic {
	return slices.DeleteFunc(slices.Clone(ds), func(d diag.Diagnostic) bool { return d.Severity == diag.Info })
}

// pick returns the findings to tell a page made of the file source: its own
// first, then others, at most maxFindings; and how many are its own.
func pick(ds []diag.Diagnostic, source string) (picked []diag.Diagnostic, own int) {
	picked = make([]diag.Diagnostic, 0, min(len(ds), maxFindings))
	isOwn := func(d diag.Diagnostic) bool { return source != "" && d.File == source }
	for _, d := range ds {
		if isOwn(d) {
			own++
			if len(picked) < maxFindings {
				picked = append(picked, d)
			}
		}
	}
	for _, d := range ds {
		if len(picked) == maxFindings {
			break
		}
		if !isOwn(d) {
			picked = append(picked, d)
		}
	}
	return picked, own
}

// place returns where d is, as "file:line:col" with what is known.
func place(d diag.Diagnostic) string {
	p := d.File
	if d.Line > 0 {
		p += ":" + strconv.Itoa(d.Line)
		if d.Col > 0 {
			p += ":" + strconv.Itoa(d.Col)
		}
	}
	return p
}
