// Package middleware receives payment-provider webhooks over net/http.
//
// A [Middleware] authenticates a delivery, makes [normalize.Event] values of it, calls a [Handler] for each of them that
// is new, and answers in the provider's own protocol:
//
//	m, err := middleware.New(middleware.Config{
//		Verifier:   verifier, // of verify.NewPraxis, verify.NewPXP, …
//		Normalizer: normalize.Praxis{},
//		Store:      middleware.NewMemory(middleware.MemoryConfig{}),
//	})
//	…
//	http.Handle("POST /webhooks/praxis", m.Handle(func(ctx context.Context, e normalize.Event) error {
//		return ledger.Book(ctx, e)
//	}))
//
// # Six steps
//
// Every delivery takes the same way: 1 bound and read the body; 2 verify; 3 normalize; 4 settle what is claimed for each
// event; 5 claim, run the handler, commit or release; 6 acknowledge the delivery as a whole.
//
// # What a handler can rely on
//
// It is called at least once for every event that was acknowledged, and not again once it returned nil for it, as long as
// the store remembers. Two deliveries of one event do not run it at the same time while the lease holds. It is called
// again when it failed, and, rarely, when the process died or the lease ended between its effect and the store's commit:
// give the effect a unique index on [normalize.Event.IdempotencyKey].
//
// # What is never done
//
// Nothing is acknowledged that nobody keeps. Nothing is claimed before the proof held. No reply tells why a delivery was
// refused. No secret, payload or free text reaches a log record or a [Report].
package middleware

import (
	"context"
	"maps"
	"net/http"
	"sync/atomic"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

// A Middleware receives the deliveries of one provider at one endpoint. The zero Middleware answers 503 to everything.
type Middleware struct {
	config       Config
	provider     string
	contentTypes []string
	inFlight     atomic.Int64
	journal      journal
}

// A Handler makes an event take effect. It should return when ctx is done, and must be ready to be called again for an
// event that it failed for.
//
// Nil accepts the event. [Reject] says no for good. Any other error, and a panic, asks the provider to send it again, after
// a time that [RetryAfter] can suggest.
type Handler func(ctx context.Context, e normalize.Event) error

// Handle returns an http.Handler for the provider's URL that calls h for each event that is new.
func (m *Middleware) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if m.config.Verifier == nil {
			write(w, plainReply(http.StatusServiceUnavailable))
			return
		}
		report := Report{Provider: m.provider, Received: m.config.Now()}
		ack := m.deliver(w, r, h, &report)
		write(w, ack)
		report.Status = ack.Status
		report.Duration = m.config.Now().Sub(report.Received)
		m.journal.write(r.Context(), &report)
		if m.config.Observe != nil {
			m.config.Observe(r.Context(), report)
		}
	})
}

// deliver takes one delivery through the six steps and returns the reply.
func (m *Middleware) deliver(w http.ResponseWriter, r *http.Request, h Handler, report *Report) (ack verify.Ack) {
	// The work goes on when the provider hangs up: what it repeats finds the event done.
	ctx := context.WithoutCancel(r.Context())
	var message verify.Message
	// Whatever panics in here, or in a Verifier, Normalizer or Store that is not ours: ask for the delivery again.
	defer func() {
		if thrown := recover(); thrown != nil {
			ack = m.acknowledge(report, message, result{outcome: verify.Retry, reason: ReasonPanic, err: newPanicError(thrown)})
		}
	}()

	// 1. Bound and read the body.
	defer m.inFlight.Add(-1)
	if m.inFlight.Add(1) > int64(m.config.MaxInFlight) {
		return m.acknowledge(report, message, result{outcome: verify.Retry, reason: ReasonOverload})
	}
	body, status, reason := m.read(w, r)
	if report.Bytes = len(body); status != 0 {
		report.Reason = reason
		return plainReply(status)
	}

	// 2. Verify.
	message, err := m.config.Verifier.Verify(ctx, verify.Delivery{URL: r.URL, Header: r.Header, Body: body, ReceivedAt: report.Received})
	if err != nil {
		return m.acknowledge(report, verify.Message{}, unverified(err))
	}
	report.Kind, report.KeyID = message.Kind, message.KeyID

	// 3. Normalize. Events beside an error are valid, and what could not be read is poison.
	events, poison := m.config.Normalizer.Normalize(message)

	// 4 and 5. Settle what is claimed, claim it, run the handler, commit or release: event by event.
	total := result{outcome: verify.Accepted}
	report.Events = make([]EventReport, 0, len(events))
	for _, e := range events {
		one := m.event(ctx, message, e, h)
		report.Events = append(report.Events, one.report(e))
		total = total.and(one)
	}
	if poison != nil {
		total = total.and(m.poison(ctx, message, poison))
	}

	// 6. Acknowledge the delivery as a whole: those events that are done are skipped when it comes again.
	return m.acknowledge(report, message, total)
}

// acknowledge has the verifier write the reply.
func (m *Middleware) acknowledge(report *Report, message verify.Message, r result) verify.Ack {
	report.Outcome, report.Reason, report.err = r.outcome, r.reason, r.err
	if r.outcome == verify.Retry && r.retryAfter == 0 {
		r.retryAfter = retryAfter
	}
	return m.config.Verifier.Ack(verify.Receipt{
		Outcome: r.outcome, Message: message, Reason: r.text, RetryAfter: r.retryAfter, At: m.config.Now(),
	})
}

func write(w http.ResponseWriter, a verify.Ack) {
	maps.Copy(w.Header(), a.Header)
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
}
