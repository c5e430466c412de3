package recording_test

import (
	"fmt"
	"strings"
	"testing"

	"lectern/internal/recording"
)

func TestZZ(t *testing.T) {
	for _, f := range []string{"sched_kccnceu2026.ics", "frab-camp2019.json", "debconf23.xml", "linux_conf_au_2020.ics", "kielux_2020.ics"} {
		talks := unique(programme(t, f))
		wrong, right, n := 0, 0, 0
		for k := 2; k <= 3; k++ {
			for skip := range 2 { // whether the talk's own recording is published
				wrong, right, n = 0, 0, 0
				for i, x := range talks {
					if i%4 != 0 {
						continue
					}
					w := strings.Fields(x.title)
					if len(w) <= k {
						continue
					}
					var rs []recording.Recording
					for j, y := range talks {
						if skip == 0 && i == j {
							continue
						}
						rs = append(rs, recording.Recording{Title: y.published(), Video: fmt.Sprint("https://x.example/", j)})
					}
					for at := 0; at+k <= len(w); at++ {
						n++
						ss := []recording.Session{{Path: "a", Title: strings.Join(w[at:at+k], " ")}}
						p := recording.Match(ss, rs, recording.Options{})[0]
						if p.Class == recording.Sure {
							if p.Link == fmt.Sprint("https://x.example/", i) {
								right++
							} else {
								wrong++
								if wrong < 6 {
									t.Logf("%q of %q got %q", ss[0].Title, x.title, rs[p.Candidates[0].Recording].Title)
								}
							}
						}
					}
				}
				t.Logf("%s: %d words, published %d: wrong %d right %d of %d", f, k, skip, wrong, right, n)
			}
		}
	}
}
