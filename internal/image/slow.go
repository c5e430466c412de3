package image

import (
	"context"
	"io"
	"time"
)

// The transport gives up what stands still. A registry that sends less than
// minBytes in patience is given up as well when an image is read: who follows
// a tag would wait for ever, and never see what comes next.
const (
	patience = time.Minute
	minBytes = 32 << 10
)

// slowError says that a registry does not get on.
type slowError struct{}

func (*slowError) Error() string { return "it takes too long" }

// Hint says what to do about it.
func (*slowError) Hint() string { return "try again later" }

// soon returns a context that ends when an answer without much content would
// have come from any registry that works.
func soon(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, 2*patience, &slowError{})
}

// paced is a body that has to keep coming.
type paced struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	within time.Duration
	got    int
}

// openPaced opens a body with open, which has to begin, and keep coming, within
// that time.
func openPaced(ctx context.Context, within time.Duration, open func(context.Context) (io.ReadCloser, error)) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	p := &paced{ctx: ctx, cancel: cancel, within: within}
	p.timer = time.AfterFunc(within, func() { cancel(&slowError{}) })
	var err error
	if p.ReadCloser, err = open(ctx); err != nil {
		p.timer.Stop()
		defer cancel(nil)
		return nil, p.explain(err)
	}
	return p, nil
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.got += n; p.got >= minBytes {
		p.got = 0
		p.timer.Reset(p.within)
	}
	if err != nil {
		err = p.explain(err)
	}
	return n, err
}

// explain tells an end of patience from other errors.
func (p *paced) explain(err error) error {
	if slow, ok := context.Cause(p.ctx).(*slowError); ok && err != io.EOF {
		return slow
	}
	return err
}

// Close closes the body.
func (p *paced) Close() error {
	p.timer.Stop()
	err := p.ReadCloser.Close()
	p.cancel(nil)
	return err
}
