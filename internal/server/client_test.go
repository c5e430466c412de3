package server

import (
	"crypto/tls"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestOrigin(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tt := range []struct {
		name, peer     string
		header         []string
		client, scheme string
	}{
		{"nothing said", "192.0.2.1:99", nil, "192.0.2.1", "http"},
		{"a stranger's word", "192.0.2.1:99", []string{"X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https"}, "192.0.2.1", "http"},
		{"a proxy's", "10.1.1.1:99", []string{"X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https"}, "1.2.3.4", "https"},
		{"two proxies", "10.1.1.1:99", []string{"X-Forwarded-For", "1.2.3.4, 10.2.2.2"}, "1.2.3.4", "http"},
		{"forged before the proxy", "10.1.1.1:99", []string{"X-Forwarded-For", "6.6.6.6, 1.2.3.4"}, "1.2.3.4", "http"},
		{"forged in a line of its own", "10.1.1.1:99", []string{"X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "1.2.3.4"}, "1.2.3.4", "http"},
		{"forged scheme", "10.1.1.1:99", []string{"X-Forwarded-Proto", "https, http"}, "10.1.1.1", "http"},
		{"only proxies", "10.1.1.1:99", []string{"X-Forwarded-For", "10.3.3.3"}, "10.3.3.3", "http"},
		{"rubbish", "10.1.1.1:99", []string{"X-Forwarded-For", "unknown, 10.3.3.3"}, "10.3.3.3", "http"},
		{"with a port", "10.1.1.1:99", []string{"X-Forwarded-For", "1.2.3.4:5678"}, "1.2.3.4", "http"},
		{"IPv6", "[fd00::1]:99", []string{"X-Forwarded-For", "[2001:db8::1]:80"}, "2001:db8::1", "http"},
		{"IPv4 in IPv6", "[::ffff:10.1.1.1]:99", []string{"X-Forwarded-For", "::ffff:1.2.3.4"}, "1.2.3.4", "http"},
		{"the standard header", "10.1.1.1:99", []string{"Forwarded", `for=6.6.6.6, For="[2001:db8::1]:80";proto=https`}, "2001:db8::1", "https"},
		{"both agree", "10.1.1.1:99", []string{"Forwarded", "for=1.2.3.4", "X-Forwarded-For", "1.2.3.4"}, "1.2.3.4", "http"},
		{"both differ", "10.1.1.1:99", []string{"Forwarded", "for=1.2.3.4", "X-Forwarded-For", "6.6.6.6"}, "10.1.1.1", "http"},
		{"a Unix socket", "@", []string{"X-Forwarded-For", "1.2.3.4"}, "invalid IP", "http"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = tt.peer
		for i := 0; i < len(tt.header); i += 2 {
			r.Header.Add(tt.header[i], tt.header[i+1])
		}
		client, scheme := origin(r, trusted)
		if client.String() != tt.client || scheme != tt.scheme {
			t.Errorf("%s: %s by %s, want %s by %s", tt.name, client, scheme, tt.client, tt.scheme)
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.TLS = &tls.ConnectionState{}
	if _, scheme := origin(r, nil); scheme != "https" {
		t.Errorf("by %s", scheme)
	}
}
