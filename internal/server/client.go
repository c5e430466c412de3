package server

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// maxHops bounds the addresses that a request is said to have come through.
const maxHops = 50

// origin tells where r came from: the client's address (the zero Addr where
// the connection has none, such as a Unix socket's) and the scheme that it used.
// What a proxy says of that counts only where trusted has the proxy's address:
// anybody can write a header.
func origin(r *http.Request, trusted []netip.Prefix) (client netip.Addr, scheme string) {
	scheme = "http"
	if r.TLS != nil {
		scheme = "https"
	}
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, scheme
	}
	peer := ap.Addr().Unmap().WithZone("")
	if !within(trusted, peer) {
		return peer, scheme
	}
	if p := lastPart(r.Header["X-Forwarded-Proto"]); strings.EqualFold(p, "https") {
		scheme = "https"
	} else if strings.EqualFold(p, "http") {
		scheme = "http"
	} else if p := forwarded(r.Header["Forwarded"], "proto"); len(p) > 0 && strings.EqualFold(p[len(p)-1], "https") {
		scheme = "https"
	}
	return throughProxies(r, peer, trusted), scheme
}

// throughProxies follows the addresses from the last proxy to the first that is
// none of ours. There are two headers for them, and a proxy that sets one may
// hand through the other as a client forged it: where they differ neither counts.
func throughProxies(r *http.Request, peer netip.Addr, trusted []netip.Prefix) netip.Addr {
	var hops []string
	for _, line := range r.Header["X-Forwarded-For"] {
		hops = append(hops, strings.Split(line, ",")...)
	}
	client := nearest(hops, peer, trusted)
	if lines := r.Header["Forwarded"]; len(lines) > 0 {
		other := nearest(forwarded(lines, "for"), peer, trusted)
		switch {
		case len(hops) == 0:
			return other
		case other != client:
			return peer
		}
	}
	return client
}

func nearest(hops []string, peer netip.Addr, trusted []netip.Prefix) netip.Addr {
	if len(hops) > maxHops {
		return peer
	}
	client := peer
	for _, hop := range slices.Backward(hops) {
		a, ok := hopAddr(hop)
		if !ok {
			return client // whatever stands before it, nobody vouches for it
		}
		if client = a; !within(trusted, a) {
			return client
		}
	}
	return client
}

// hopAddr reads an address with or without its port and brackets.
func hopAddr(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil {
		return a.Unmap().WithZone(""), true
	}
	ap, err := netip.ParseAddrPort(s)
	return ap.Addr().Unmap().WithZone(""), err == nil
}

// forwarded returns the values of one parameter in Forwarded headers (RFC 7239).
func forwarded(lines []string, name string) (values []string) {
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			for pair := range strings.SplitSeq(element, ";") {
				k, v, _ := strings.Cut(pair, "=")
				if strings.EqualFold(strings.TrimSpace(k), name) {
					values = append(values, strings.Trim(strings.TrimSpace(v), `"`))
				}
			}
		}
	}
	return values
}

func lastPart(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	last := lines[len(lines)-1]
	return strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
}

func within(prefixes []netip.Prefix, a netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
