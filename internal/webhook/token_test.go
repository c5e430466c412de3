package webhook

import (
	"encoding/base64"
	"errors"
	"net/http"
	"testing"
)

// Registries say who they are by a fixed header, and say the same again until
// it is taken.
func TestToken(t *testing.T) {
	const distribution = `{"events":[{"id":"1","action":"push","target":{"repository":"talks/notes","tag":"latest"}}]}`
	const harbor = `{"type":"PUSH_ARTIFACT","event_data":{"resources":[{"tag":"latest"}]}}`
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("registry:hush"))
	for name, tt := range map[string]struct {
		auth, body string
		want       error
	}{
		"distribution":        {"Bearer hush", distribution, nil},
		"Harbor":              {"hush", harbor, nil},
		"in the address":      {basic, distribution, nil},
		"lower case":          {"bearer hush", "", nil},
		"no JSON":             {"Bearer hush", "look!", nil},
		"wrong":               {"Bearer hus", distribution, ErrForged},
		"wrong, longer":       {"Bearer hushh", distribution, ErrForged},
		"empty":               {"Bearer ", distribution, ErrForged},
		"nothing":             {"", distribution, ErrUnsigned},
		"the kind for secret": {"Bearer", distribution, ErrForged},
	} {
		r := NewReceiver([]string{"", "old", "hush"}, nil)
		for range 2 {
			ev, err := r.Receive(http.Header{"Authorization": {tt.auth}}, []byte(tt.body))
			if !errors.Is(err, tt.want) || err == nil && (ev.Kind != Push || ev.Sender != "token") {
				t.Errorf("%s: %+v %v", name, ev, err)
			}
		}
	}
	// A signature that is wrong is not made up for by a token.
	h := http.Header{"Authorization": {"Bearer hush"}, "X-Hub-Signature-256": {"sha256=00"}}
	if _, err := NewReceiver([]string{"hush"}, nil).Receive(h, nil); !errors.Is(err, ErrForged) {
		t.Errorf("%v", err)
	}
	if _, err := NewReceiver(nil, nil).Receive(http.Header{"Authorization": {"Bearer "}}, nil); !errors.Is(err, ErrForged) {
		t.Errorf("%v", err)
	}
}
