package server

import (
	"bytes"

	"lectern/internal/snapshot"
)

// maxPlain is the size up to which files on disk are kept in memory as they are.
// To open, look at and close one takes longer than to send so much.
const maxPlain = 128 << 10

// plainBody returns f's content where it is in memory, or can be kept there from
// now on; nil where f has to be read from disk. What no longer has the content
// that was promised is not kept.
func (s *Server) plainBody(f *snapshot.File) *snapshot.Body {
	switch {
	case f.Source == nil:
		return &f.Body
	case !s.opts.Compress || f.Size() > maxPlain:
		return nil // without Compress the author's own files are shown, who is changing them
	}
	return s.bodies.plainOf(f)
}

// plainOf returns the content of f, which is read the first time.
func (b *bodies) plainOf(f *snapshot.File) *snapshot.Body {
	b.mu.RLock()
	var body *snapshot.Body
	e := b.known[f.Hash]
	if e != nil {
		body = e.plain
	}
	b.mu.RUnlock()
	if body != nil {
		e.used.Store(b.clock.Add(1))
		return body
	}
	var content bytes.Buffer
	content.Grow(int(f.Size()))
	if _, err := f.WriteTo(&content); err != nil {
		return nil // whoever reads it next says what is the matter
	}
	made := snapshot.MakeBody(content.Bytes())
	b.keepPlain(f.Hash, &made)
	return &made
}

// keepPlain takes the content of a file in, and makes room for it.
func (b *bodies) keepPlain(hash snapshot.Digest, body *snapshot.Body) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.known[hash]
	if e == nil {
		e = &encoded{}
		b.known[hash] = e
	}
	e.used.Store(b.clock.Add(1))
	if e.plain != nil {
		return // another request was as quick
	}
	e.plain = body
	b.size += int64(body.Len())
	if b.size > b.most {
		b.evict(b.most * 9 / 10)
	}
}
