package server

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"lectern/internal/snapshot"
)

// Files that are worth compressing: text of such a size. No window of zstd may
// be larger than 8 MiB on the web (RFC 9659).
const (
	minEncoded = 512
	maxEncoded = 8 << 20
)

// encodable reports whether f is text of a size that is worth compressing.
func encodable(f *snapshot.File, ctype string) bool {
	if f.Size() < minEncoded || f.Size() > maxEncoded {
		return false
	}
	ctype, _, _ = strings.Cut(ctype, ";")
	switch ctype {
	case "application/json", "application/manifest+json", "application/wasm", "application/yaml", "application/toml", "image/bmp", "font/ttf", "font/otf":
		return true
	}
	return strings.HasPrefix(ctype, "text/") || strings.HasSuffix(ctype, "xml")
}

// encoders compress one body after the other, for one goroutine. They are made
// when first needed, because they are large.
type encoders struct {
	plain, out bytes.Buffer
	gzip       *gzip.Writer
	zstd       *zstd.Encoder
}

// read takes f's content in for the next encodings of it.
func (e *encoders) read(f *snapshot.File) error {
	e.plain.Reset()
	e.plain.Grow(int(f.Size()))
	_, err := f.WriteTo(&e.plain)
	return err
}

// encode returns what was read in coding c, or nil where that is no smaller
// than most bytes.
func (e *encoders) encode(c coding, most int) ([]byte, error) {
	e.out.Reset()
	var err error
	switch c {
	case gzipCoding:
		err = e.writeGzip()
	case zstdCoding:
		err = e.writeZstd()
	case brotliCoding:
		err = e.writeBrotli()
	}
	if err != nil {
		return nil, fmt.Errorf("compress with %s: %w", codingNames[c], err)
	}
	if e.out.Len() >= most {
		return nil, nil
	}
	return bytes.Clone(e.out.Bytes()), nil
}

func (e *encoders) writeGzip() error {
	if e.gzip == nil {
		e.gzip = gzip.NewWriter(nil)
	}
	e.gzip.Reset(&e.out)
	if _, err := e.gzip.Write(e.plain.Bytes()); err != nil {
		return err
	}
	return e.gzip.Close()
}

func (e *encoders) writeZstd() error {
	if e.zstd == nil {
		z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20),
			zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
		if err != nil {
			return err
		}
		e.zstd = z
	}
	out := e.zstd.EncodeAll(e.plain.Bytes(), e.out.AvailableBuffer())
	_, err := e.out.Write(out)
	return err
}

// The qualities of brotli: 11 takes 4 µs a byte, and so is for small bodies.
const (
	bestBrotli, bestBrotliMost   = 11, 128 << 10
	quickBrotli, quickBrotliMost = 9, 1 << 20
)

func (e *encoders) writeBrotli() error {
	quality := bestBrotli
	if e.plain.Len() > bestBrotliMost {
		quality = quickBrotli
	}
	// The window decides about the encoder's memory; none needs to be wider than the body.
	window := 10
	for window < 22 && 1<<window < e.plain.Len()+16 {
		window++
	}
	z := brotli.NewWriterOptions(&e.out, brotli.WriterOptions{Quality: quality, LGWin: window})
	if _, err := z.Write(e.plain.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

// forget lets go of large buffers while there is nothing to do.
func (e *encoders) forget() { *e = encoders{} }

// serveEncoded answers with f compressed, and reports whether it did. Headers
// other than those of the encoding are set. Nothing is compressed here: what is
// not there yet is asked for, and f is sent as it is. A part of a file is asked
// for by who has another part of it as it is.
func (s *Server) serveEncoded(w http.ResponseWriter, r *http.Request, f *snapshot.File, status int) bool {
	h := w.Header()
	if !s.opts.Compress || !encodable(f, h.Get("Content-Type")) {
		return false
	}
	h["Vary"] = varyEncoding
	if conditional(r) {
		return false
	}
	accept := parseAccept(r)
	if !accept.any() {
		return false
	}
	forms := s.bodies.ask(f, &accept)
	c, ok := choose(&forms, &accept)
	if !ok {
		return false
	}
	plain := strings.TrimSuffix(h.Get("ETag"), `"`)
	if status == http.StatusOK && r.Header["If-None-Match"] != nil {
		// Whoever has this content in any encoding that he takes need not have it anew.
		for other := range numCodings {
			if tag := plain + codingTags[other] + `"`; accept.weight[other] > 0 && unchanged(r, tag) {
				h.Set("ETag", tag)
				notModified(w)
				return true
			}
		}
	}
	body := forms[c]
	h.Set("ETag", plain+codingTags[c]+`"`)
	h.Set("Content-Encoding", codingNames[c])
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no concern
	}
	return true
}

var varyEncoding = []string{"Accept-Encoding"}

// choose returns the coding that the client likes best of those that are there;
// of several that it likes as much the smallest.
func choose(forms *[numCodings][]byte, a *accepted) (best coding, ok bool) {
	for c, body := range forms {
		w := a.weight[c]
		if body == nil || w == 0 || w < a.identity {
			continue
		}
		if !ok || w > a.weight[best] || w == a.weight[best] && len(body) < len(forms[best]) {
			best, ok = coding(c), true
		}
	}
	return best, ok
}
