package schedule_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"lectern/internal/schedule"
)

// seeds adds the small programmes of testdata whose names match.
func seeds(f *testing.F, patterns ...string) {
	f.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds for %s: %v", pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, ".golden.json") {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

// survives reads anything twice: it does not panic, keeps what Read promises,
// and is the same each time.
func survives(t *testing.T, data []byte) {
	opts := schedule.Options{MaxBytes: 1 << 20, MaxSessions: 500}
	p, ds, err := schedule.Read("p", data, opts)
	again, ds2, err2 := schedule.Read("p", data, opts)
	if !reflect.DeepEqual(ds, ds2) || fmt.Sprint(err) != fmt.Sprint(err2) {
		t.Fatalf("two readings differ: %v, %v", err, err2)
	}
	if err != nil {
		var e *schedule.Error
		if p != nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v and a programme, or several lines", err)
		}
		if e = asError(t, err); e.Hint == "" {
			t.Errorf("%v without a hint", err)
		}
		return
	}
	invariants(t, p)
	if changes := schedule.Diff(p, again); len(changes) > 0 {
		t.Errorf("two readings differ: %v", changes[0])
	}
	schedule.Clashes(p.Sessions)
	var s schedule.Selection
	s.AddList("list", string(data[:min(len(data), 200)]))
	if chosen, _ := s.Choose(p); len(chosen) > len(p.Sessions) {
		t.Error("more is chosen than there is")
	}
}

func FuzzRead(f *testing.F) {
	seeds(f, "*")
	f.Add([]byte("<!DOCTYPE html><title>x</title>"))
	f.Fuzz(survives)
}

// The targets of each format put what is fuzzed where it is sure to be read as
// that format.

func FuzzFrabJSON(f *testing.F) {
	f.Add(`{"id":1,"title":"T","date":"2026-01-01T10:00:00Z","start":"10:00","duration":"00:30","persons":[{"name":"A"}],"links":["https://e.example"]}`)
	f.Fuzz(func(t *testing.T, event string) {
		survives(t, []byte(`{"schedule":{"conference":{"time_zone_name":"Europe/Berlin","days":[{"date":"2026-01-01","rooms":{"R":[{"id":0,"title":"Sure"},`+event+`]}}]}}}`))
	})
}

func FuzzFrabXML(f *testing.F) {
	f.Add(`<event id="1"><start>10:00</start><duration>00:30</duration><title>T &amp; U</title><abstract>&lt;p&gt;x</abstract><persons><person>A</person></persons></event>`)
	f.Fuzz(func(t *testing.T, event string) {
		survives(t, []byte(`<schedule><day date="2026-01-01"><room name="R"><event id="0"><title>Sure</title></event>`+event+`</room></day></schedule>`))
	})
}

func FuzzSessionize(f *testing.F) {
	seeds(f, "sessionize_*")
	f.Fuzz(func(t *testing.T, data []byte) {
		survives(t, data)
		survives(t, append([]byte(`{"sessions":[{"id":0,"title":"Sure"}],"speakers":`), append(data, '}')...))
	})
}

func FuzzIndico(f *testing.F) {
	seeds(f, "indico_*")
	f.Fuzz(func(t *testing.T, data []byte) {
		survives(t, append([]byte(`{"count":1,"results":`), append(data, '}')...))
		survives(t, data)
	})
}

func FuzzICalendar(f *testing.F) {
	f.Add("DTSTART;TZID=Europe/Berlin:20260101T100000\nDURATION:PT1H\nSUMMARY:A - B C\\, D & E F\\, G\nLOCATION:H\\, I")
	f.Add("DTSTART:20260101T100000Z\nRRULE:FREQ=DAILY\nCATEGORIES:a,b\nDESCRIPTION:Speaker: A, B (C)\\nText")
	f.Fuzz(func(t *testing.T, event string) {
		for _, maker := range []string{"Sched.com X", "pretalx", "linux.conf.au"} {
			survives(t, []byte("BEGIN:VCALENDAR\nPRODID:-//"+maker+"//EN\nBEGIN:VEVENT\nUID:0\nSUMMARY:Sure\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\n"+event+"\nEND:VEVENT\nEND:VCALENDAR\n"))
		}
	})
}

// large makes DebConf's programme as large as that of the largest conferences:
// its events again and again, with other ids, until there are n.
func large(tb testing.TB, n int) []byte {
	tb.Helper()
	text := string(realFile(tb, "debconf23.xml"))
	first := strings.Index(text, "<day ")
	last := strings.LastIndex(text, "</schedule>")
	var b bytes.Buffer
	b.WriteString(text[:first])
	for copies := 0; n > 0; copies++ {
		days := text[first:last]
		days = strings.ReplaceAll(days, `guid="`, fmt.Sprintf(`guid="%d-`, copies))
		for ; n > 0; n-- {
			begin := strings.Index(days, "<event")
			if begin < 0 {
				b.WriteString(days)
				break
			}
			end := begin + strings.Index(days[begin:], "</event>") + len("</event>")
			b.WriteString(days[:end])
			days = days[end:]
		}
		if n == 0 {
			// What is left of this copy has no more events.
			for {
				begin := strings.Index(days, "<event")
				if begin < 0 {
					b.WriteString(days)
					break
				}
				b.WriteString(days[:begin])
				days = days[begin+strings.Index(days[begin:], "</event>")+len("</event>"):]
			}
		}
	}
	b.WriteString("</schedule>")
	return b.Bytes()
}

// BenchmarkRead reads a programme of the size of FOSDEM's, and the real ones.
func BenchmarkRead(b *testing.B) {
	programmes := map[string][]byte{"frab XML, 1351 events": large(b, 1351)}
	for _, name := range []string{"frab-camp2019.json", "sched_kccnceu2026.ics"} {
		programmes[name] = realFile(b, name)
	}
	for name, data := range programmes {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := schedule.Read("p", data, schedule.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestLarge: all events of a large programme are there.
func TestLarge(t *testing.T) {
	if p, _ := read(t, "large", large(t, 1351)); len(p.Sessions) != 1351 {
		t.Errorf("%d sessions", len(p.Sessions))
	}
}
