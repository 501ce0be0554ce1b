package middleware

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/paynotary/paynotary/verify"
)

// A Report is what became of one delivery. It is safe to log and to count: there is no secret, payload or free text in it.
type Report struct {
	Provider string
	Kind     string // of the message; empty unless it was verified
	Outcome  verify.Outcome
	Status   int    // of the HTTP reply
	Reason   Reason // empty for an accepted delivery
	KeyID    string // which secret matched
	Events   []EventReport
	Bytes    int // of the body
	Received time.Time
	Duration time.Duration

	err error // this module's own, for the log; never a handler's
}

// An EventReport is what became of one event of a delivery.
type EventReport struct {
	ID        string // as it may be logged: see normalize.Redact
	Name      string // of the event, e.g. "payment.succeeded"
	Outcome   verify.Outcome
	Reason    Reason
	Duplicate bool // it was handled before
	Attempt   int  // of its handler; 0 if it was not called
}

// A Reason is a fixed word for what went wrong, for logs and counters. The set grows, but words do not change.
type Reason string

// The reasons.
const (
	ReasonMethod      Reason = "method"       // not POST
	ReasonType        Reason = "content_type" // not what the provider sends
	ReasonEncoding    Reason = "encoding"     // compressed
	ReasonSize        Reason = "size"         // larger than MaxBody
	ReasonSlow        Reason = "slow"         // the body took longer than BodyTimeout
	ReasonBody        Reason = "body"         // cannot be read, or empty
	ReasonOverload    Reason = "overload"     // more than MaxInFlight deliveries
	ReasonUnsigned    Reason = "unsigned"     // verify.ErrUnsigned
	ReasonMalformed   Reason = "malformed"    // verify.ErrMalformed
	ReasonSignature   Reason = "signature"    // verify.ErrSignature
	ReasonStale       Reason = "stale"        // verify.ErrStale
	ReasonForeign     Reason = "foreign"      // verify.ErrForeign, or not among Config.Accounts
	ReasonAmbiguous   Reason = "ambiguous"    // verify.ErrAmbiguous
	ReasonUnavailable Reason = "unavailable"  // verify.ErrUnavailable
	ReasonUnreadable  Reason = "unreadable"   // authentic, and not to be normalized
	ReasonTest        Reason = "test"         // marked as a test by the provider
	ReasonAssurance   Reason = "assurance"    // below MinAssurance and not confirmed
	ReasonExpect      Reason = "expect"       // Config.Expect failed
	ReasonMismatch    Reason = "mismatch"     // another amount than Config.Expect returned
	ReasonStore       Reason = "store"        // the store failed
	ReasonBusy        Reason = "busy"         // another worker has the event
	ReasonClaimLost   Reason = "claim_lost"   // the lease ended before the handler did
	ReasonHandler     Reason = "handler"      // the handler failed
	ReasonRejected    Reason = "rejected"     // the handler said no for good
	ReasonPanic       Reason = "panic"        // something panicked
	ReasonDeadLetter  Reason = "dead_letter"  // DeadLetter failed
)

var refusalReasons = []struct {
	err    error
	reason Reason
}{
	{verify.ErrUnavailable, ReasonUnavailable}, // first: it comes together with others
	{verify.ErrUnsigned, ReasonUnsigned},
	{verify.ErrMalformed, ReasonMalformed},
	{verify.ErrSignature, ReasonSignature},
	{verify.ErrStale, ReasonStale},
	{verify.ErrForeign, ReasonForeign},
	{verify.ErrAmbiguous, ReasonAmbiguous},
}

func refusalReason(err error) Reason {
	for _, r := range refusalReasons {
		if errors.Is(err, r.err) {
			return r.reason
		}
	}
	return ReasonSignature
}

// log writes one record: what the operator must look at as an error, what is refused as a warning. Only fields of the
// report are written, and errors of this module, which name fields and never values.
func (r *Report) log(ctx context.Context, logger *slog.Logger) {
	level := slog.LevelInfo
	switch {
	case r.Outcome == verify.Retry:
		level = slog.LevelError
	case r.Outcome == verify.Refused:
		level = slog.LevelWarn
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("provider", r.Provider),
		slog.String("outcome", r.Outcome.String()),
		slog.Int("status", r.Status),
		slog.Int("bytes", r.Bytes),
		slog.Duration("duration", r.Duration),
	}
	if r.Reason != "" {
		attrs = append(attrs, slog.String("reason", string(r.Reason)))
	}
	if r.err != nil {
		attrs = append(attrs, slog.String("error", r.err.Error()))
	}
	if r.KeyID != "" {
		attrs = append(attrs, slog.String("key_id", r.KeyID))
	}
	for _, e := range r.Events {
		attrs = append(attrs, slog.Group("event",
			slog.String("id", e.ID), slog.String("name", e.Name), slog.String("outcome", e.Outcome.String()),
			slog.String("reason", string(e.Reason)), slog.Bool("duplicate", e.Duplicate), slog.Int("attempt", e.Attempt)))
	}
	logger.LogAttrs(ctx, level, "webhook", attrs...)
}
