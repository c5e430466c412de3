package linkcheck

import (
	"encoding/json"
	"time"

	"lectern/internal/cache"
)

// kept is an answer as it stands in the cache.
type kept struct {
	At     time.Time `json:"at"`
	State  State     `json:"state"`
	Detail string    `json:"detail,omitempty"`
	Moved  string    `json:"moved,omitempty"`
}

func keyOf(address string) cache.Key {
	return cache.KeyOf([]byte("external link 1"), []byte(address))
}

// recall returns what is known of an address, if it is not too old.
func (c *Checker) recall(address string) (Answer, bool) {
	c.mu.Lock()
	answer, ok := c.known[address]
	c.mu.Unlock()
	if ok {
		return answer, true
	}
	data, ok := c.opts.Cache.Get(keyOf(address))
	if !ok {
		return Answer{}, false
	}
	var k kept
	if json.Unmarshal(data, &k) != nil || k.State > Offline {
		return Answer{}, false // as good as none
	}
	age, most := c.opts.Now().Sub(k.At), badFor
	if k.State == Fine {
		most = goodFor
	}
	if age < 0 || age >= most {
		return Answer{}, false
	}
	return Answer{k.State, k.Detail, k.Moved}, true
}

// remember keeps an answer, on disk too if it says something about the address.
func (c *Checker) remember(address string, a Answer) {
	c.mu.Lock()
	c.known[address] = a
	c.mu.Unlock()
	if a.State == Unasked || a.State == Local || a.State == Offline {
		return
	}
	if data, err := json.Marshal(kept{c.opts.Now(), a.State, a.Detail, a.Moved}); err == nil {
		c.opts.Cache.Put(keyOf(address), data)
	}
}
