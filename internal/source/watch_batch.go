package source

import (
	"maps"
	"slices"
	"time"
)

const (
	// quiet is how long there must be no event before a message is sent.
	quiet = 3 * time.Millisecond
	// patience is how long a message is held back at most.
	patience = 30 * time.Millisecond
)

// change is what happened to a path since the last message.
type change uint8

const (
	written change = 1 << iota
	created
	gone
)

// batch collects changed paths until they may be told.
type batch struct {
	changed     map[string]change
	all         bool // anything may have changed
	first, last time.Time
	timer       *time.Timer
	ready       bool // to be sent
}

// touch notes that c happened to path.
func (b *batch) touch(path string, c change) {
	if b.changed == nil {
		b.changed = map[string]change{}
	}
	was := b.changed[path]
	switch c {
	case gone:
		b.changed[path] = was | gone
	default:
		b.changed[path] = was&^gone | c
	}
	b.event()
}

// touchAll notes that anything may have changed.
func (b *batch) touchAll() {
	b.all = true
	b.event()
}

// event starts waiting for quiet, again if a message was ready.
func (b *batch) event() {
	now := time.Now()
	b.last = now
	if b.timer == nil || b.ready {
		b.stopTimer()
		b.first = now
		b.timer = time.NewTimer(quiet)
	}
	b.ready = false
}

func (b *batch) fired() <-chan time.Time { return channel(b.timer) }

// settle is called when the timer fired: it makes the message ready, or waits
// on, because there was another event or because of an unfinished file.
func (b *batch) settle(now time.Time, unfinished func() bool) {
	end := b.first.Add(patience)
	wait := time.Duration(0)
	if still := b.last.Add(quiet); now.Before(still) && now.Before(end) {
		wait = still.Sub(now)
	} else if now.Before(end) && !b.all && unfinished() {
		// Another event may end the wait sooner: look again at the pace of events.
		wait = quiet
	}
	if wait > 0 {
		b.timer.Reset(wait)
		return
	}
	b.ready = true
}

// paths returns the message.
func (b *batch) paths() []string {
	if b.all {
		return nil
	}
	return slices.Sorted(maps.Keys(b.changed))
}

// reset forgets everything, after the message was taken.
func (b *batch) reset() {
	b.stopTimer()
	*b = batch{}
}

func (b *batch) stopTimer() {
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}
