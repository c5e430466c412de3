package image

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// Two publishers of one tag at once, in the orders that can be: who comes too
// late is told before it moves the tag, who came too early after that.
func TestTagTaken(t *testing.T) {
	isTag := func(r *http.Request) bool {
		return r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifests/v1")
	}
	tests := map[string]struct {
		late  bool // the other comes after this one's tag
		force bool
		check func(error) bool
	}{
		"the other was first": {false, false, func(err error) bool {
			var e *TagExistsError
			return errors.As(err, &e) && strings.Contains(e.Hint(), "no tag was made")
		}},
		"the other was second": {true, false, func(err error) bool {
			var e *TagTakenError
			return errors.As(err, &e) && strings.Contains(e.Hint(), "--force")
		}},
		"the other was first, forced": {false, true, func(err error) bool { return err == nil }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var other atomic.Bool
			var r *Repository
			var ref string
			pushOther := func() {
				content := files(3)
				content["index.html"] = "the other's"
				him, _ := open(t, ref, RepositoryOptions{})
				if _, err := plan(t, content, nil).Push(t.Context(), him, PushOptions{Tags: []string{"v1"}, Force: true}); err != nil {
					t.Error(err)
				}
			}
			r, ref = serve(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !tt.late && r.Method == http.MethodPost && other.CompareAndSwap(false, true) {
						pushOther() // while this one's layers are under way
					}
					next.ServeHTTP(w, r)
					if tt.late && isTag(r) && other.CompareAndSwap(false, true) {
						pushOther()
					}
				})
			})
			_, err := plan(t, files(40), nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}, Force: tt.force})
			if !tt.check(err) {
				t.Errorf("%v", err)
			}
			want := "the other's"
			if tt.force {
				want = files(40)["index.html"]
			}
			if got := unpack(t, pull(t, ref+":v1"))["site/index.html"]; got != want {
				t.Errorf("the tag is %q, want %q", got, want)
			}
		})
	}
}
