package webhook

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// bodyTime is how long a sender may take for its body.
const bodyTime = 10 * time.Second

// concurrent is how many webhooks are read at a time: the memory that strangers
// can take is bounded by it.
const concurrent = 4

// Handler answers webhooks over HTTP: 202 for one that is taken, 401 for one
// that proves nothing or was taken before. What it refuses it logs, without the
// secret, or anything else that the request brought but the name of its form.
type Handler struct {
	// Receiver verifies.
	Receiver *Receiver
	// Accept is called with each genuine event; it must not wait.
	Accept func(Event)
	// Result, if set, is told how each request ended: "accepted", "forged",
	// "replayed", "unsigned", "malformed", "large", "busy".
	Result func(string)
	Log    *slog.Logger

	slots chan struct{}
}

// NewHandler returns a handler for receiver's webhooks.
func NewHandler(receiver *Receiver, accept func(Event), log *slog.Logger) *Handler {
	return &Handler{Receiver: receiver, Accept: accept, Log: log, slots: make(chan struct{}, concurrent)}
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		http.Error(w, "Webhooks are sent with POST.", http.StatusMethodNotAllowed)
		return
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		w.Header().Set("Retry-After", "5")
		h.refuse(w, r, Event{}, "busy", http.StatusServiceUnavailable)
		return
	}
	if r.ContentLength > MaxBody {
		h.refuse(w, r, Event{}, "large", http.StatusRequestEntityTooLarge)
		return
	}
	// Not every ResponseWriter has deadlines: then the server's own hold.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			h.refuse(w, r, Event{}, "large", http.StatusRequestEntityTooLarge)
			return
		}
		h.refuse(w, r, Event{}, "malformed", http.StatusBadRequest)
		return
	}
	ev, err := h.Receiver.Receive(r.Header, body)
	switch {
	case err == nil:
		h.Log.Info("webhook", "result", "accepted", "sender", ev.Sender, "kind", ev.Kind.String(), "ref", ev.Ref, "after", ev.After, "delivery", ev.Delivery)
		h.Accept(ev)
		h.count("accepted")
		w.WriteHeader(http.StatusAccepted)
	case errors.Is(err, ErrMalformed):
		h.refuse(w, r, ev, "malformed", http.StatusBadRequest)
	case errors.Is(err, ErrReplay):
		h.refuse(w, r, ev, "replayed", http.StatusUnauthorized)
	case errors.Is(err, ErrUnsigned):
		h.refuse(w, r, ev, "unsigned", http.StatusUnauthorized)
	default:
		h.refuse(w, r, ev, "forged", http.StatusUnauthorized)
	}
}

func (h *Handler) count(result string) {
	if h.Result != nil {
		h.Result(result)
	}
}

// reasons say to a person at the forge, who sees the answer, what is wrong.
var reasons = map[string]string{
	"busy":      "Too many webhooks at a time.",
	"large":     "The body is too long.",
	"malformed": "The body makes no sense.",
	"replayed":  "This was taken before, or the sender's clock is wrong.",
	"unsigned":  "A signature is missing: give the webhook the server's secret.",
	"forged":    "The signature is wrong: is the secret the server's?",
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, ev Event, result string, status int) {
	h.Log.Warn("webhook", "result", result, "status", status, "sender", ev.Sender, "from", r.RemoteAddr)
	h.count(result)
	http.Error(w, reasons[result], status)
}
