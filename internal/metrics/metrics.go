// Package metrics tells Prometheus how a server is doing: what was asked and how
// long that took, which release is shown and since when, how builds, fetches and
// webhooks went. It answers at an address of its own, which readers do not reach.
//
// Labels are taken from short lists, so that no request can add series.
package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"lectern/internal/server"
)

// Metrics are the series of one process. Its methods may be called by any
// number of goroutines.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	latency  prometheus.Histogram
	bytes    prometheus.Counter
	builds   *prometheus.CounterVec
	phases   *prometheus.HistogramVec
	fetches  *prometheus.CounterVec
	webhooks *prometheus.CounterVec
	previews *prometheus.CounterVec
}

// New returns metrics of a process that has done nothing yet.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_http_requests_total", Help: "Requests that were answered, without probes.",
		}, []string{"method", "code"}),
		latency: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "lectern_http_request_duration_seconds", Help: "Time from a request's header to the end of its answer.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "lectern_http_response_bytes_total", Help: "Bytes of answers, without headers.",
		}),
		builds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_builds_total", Help: "Builds by result: ok or failed.",
		}, []string{"result"}),
		phases: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "lectern_build_phase_duration_seconds", Help: "How long the phases of builds took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"phase"}),
		fetches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_fetches_total", Help: "Looks for something new (in git, in a registry) by result: new, same or failed.",
		}, []string{"result"}),
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_webhooks_total", Help: "Webhooks that came in, by what became of them.",
		}, []string{"result"}),
		previews: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "lectern_previews_total", Help: "Builds of previews by result: ok, failed or put-off.",
		}, []string{"result"}),
	}
	m.registry.MustRegister(
		m.requests, m.latency, m.bytes, m.builds, m.phases, m.fetches, m.webhooks, m.previews,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// methods are those that have a series of their own.
var methods = map[string]bool{"GET": true, "HEAD": true, "POST": true, "OPTIONS": true, "PUT": true, "DELETE": true}

// Request counts an exchange; it is an observer of [server.Options].
func (m *Metrics) Request(x *server.Exchange) {
	method := x.Method
	if !methods[method] {
		method = "other"
	}
	m.requests.WithLabelValues(method, strconv.Itoa(x.Status/100)+"xx").Inc()
	m.latency.Observe(x.Elapsed.Seconds())
	m.bytes.Add(float64(x.Bytes))
}

// Build counts a build, and its phases with the time that each took.
func (m *Metrics) Build(ok bool, phases map[string]time.Duration) {
	result := "ok"
	if !ok {
		result = "failed"
	}
	m.builds.WithLabelValues(result).Inc()
	for name, d := range phases {
		m.phases.WithLabelValues(name).Observe(d.Seconds())
	}
}

// What may come of a fetch.
const (
	FetchNew    = "new"
	FetchSame   = "same"
	FetchFailed = "failed"
)

// Fetch counts a look for something new.
func (m *Metrics) Fetch(result string) { m.fetches.WithLabelValues(result).Inc() }

// Webhook counts a webhook by what became of it, a word of the program's own.
func (m *Metrics) Webhook(result string) { m.webhooks.WithLabelValues(result).Inc() }

// Preview counts a build of a preview by its result, a word of the program's own.
func (m *Metrics) Preview(result string) { m.previews.WithLabelValues(result).Inc() }

// Source is a server that metrics are of.
type Source interface {
	Connections() int
	InFlight() int
	// Shown returns the digest of the release that is shown and since when; false
	// while there is none.
	Shown() (digest string, since time.Time, ok bool)
}

// Watch adds what s can be asked at any time. It is called once.
func (m *Metrics) Watch(s Source) { m.registry.MustRegister(&watcher{s}) }

type watcher struct{ Source }

var (
	connections = prometheus.NewDesc("lectern_http_connections", "Open connections.", nil, nil)
	inFlight    = prometheus.NewDesc("lectern_http_requests_in_flight", "Requests that are being answered.", nil, nil)
	releaseInfo = prometheus.NewDesc("lectern_release_info", "The release that is shown.", []string{"digest"}, nil)
	releaseTime = prometheus.NewDesc("lectern_release_activated_timestamp_seconds", "When the release that is shown was first shown.", nil, nil)
)

func (w *watcher) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{connections, inFlight, releaseInfo, releaseTime} {
		ch <- d
	}
}

func (w *watcher) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(connections, float64(w.Connections()))
	gauge(inFlight, float64(w.InFlight()))
	if digest, since, ok := w.Shown(); ok {
		gauge(releaseInfo, 1, digest)
		gauge(releaseTime, float64(since.UnixMilli())/1000)
	}
}
