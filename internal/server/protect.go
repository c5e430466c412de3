package server

import "net/http"

// What a browser is told beside the policy of a document: to trust types as they
// are sent; to tell other sites no more than the host; and that nothing here, nor in
// a frame from elsewhere, asks for such devices.
var (
	nosniff     = []string{"nosniff"}
	referrer    = []string{"strict-origin-when-cross-origin"}
	permissions = []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=()"}
	sameOrigin  = []string{"same-origin"}
	// A year, without subdomains: those may be other people's.
	transport = []string{"max-age=31536000"}
	closing   = []string{"close"}
)

// protect sets the headers that every answer has.
func (s *Server) protect(h http.Header, r *http.Request, scheme string) {
	h["X-Content-Type-Options"] = nosniff
	h["Referrer-Policy"] = referrer
	if s.opts.Live || s.opts.Private {
		// Notes under work, or not for everybody, are nobody else's to embed.
		h["Cross-Origin-Resource-Policy"] = sameOrigin
	}
	if !s.opts.Live {
		h["Permissions-Policy"] = permissions
	}
	if scheme == "https" {
		// No other site's window keeps a hand on one of these. Browsers heed it
		// over HTTPS alone, and complain otherwise.
		h["Cross-Origin-Opener-Policy"] = sameOrigin
		if s.opts.HSTS {
			h["Strict-Transport-Security"] = transport
		}
	}
	if s.draining.Load() || len(r.TransferEncoding) > 0 {
		// A connection that ends with an answer loses no request. HTTP/2 makes
		// its own farewell of it. And whoever sends chunks may have sent a length,
		// too, which net/http drops; others may not agree where such a request ends.
		h["Connection"] = closing
	}
}
