package main

import (
	"testing"
	"time"
)

func TestParseWrk(t *testing.T) {
	const out = "  Latency Distribution\n     50%  500.00us\n     75%  1.00ms\n     99%    2.50ms\n  100 requests in 1.00s, 1.00MB read\nRequests/sec:   1234.50\n"
	l, err := parseWrk(out)
	if err != nil || l.p50 != 500*time.Microsecond || l.p99 != 2500*time.Microsecond || l.perSecond != 1234.5 {
		t.Errorf("%+v, %v", l, err)
	}
	for _, bad := range []string{"", out + "  Non-2xx or 3xx responses: 7\n", out + "  Socket errors: connect 0, read 1, write 0, timeout 0\n"} {
		if _, err := parseWrk(bad); err == nil {
			t.Errorf("%q is no good run", bad)
		}
	}
}
