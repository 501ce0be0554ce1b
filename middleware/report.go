package middleware

import (
	"context"
	"errors"
	"log/slog"
	"sync"
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

// A journal writes log records, of failures at most one a second for each reason: whoever floods the endpoint does not
// flood the log.
type journal struct {
	logger *slog.Logger
	mutex  sync.Mutex
	last   map[Reason]time.Time
	silent map[Reason]int // records not written since then
}

// admits reports whether a record with that reason may be written now, and how many were not since the last one.
func (j *journal) admits(reason Reason, now time.Time) (ok bool, silent int) {
	if reason == "" {
		return true, 0
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	if last, known := j.last[reason]; known && now.Sub(last) < time.Second {
		j.silent[reason]++
		return false, 0
	}
	silent = j.silent[reason]
	j.last[reason], j.silent[reason] = now, 0
	return true, silent
}

// write logs what must be sent again as an error, what was refused or went to the dead letters as a warning, and what is
// done for debugging. Only fields of the report are written, and errors of this module, which name fields and never values.
func (j *journal) write(ctx context.Context, r *Report) {
	level := slog.LevelDebug
	switch {
	case r.Outcome == verify.Retry:
		level = slog.LevelError
	case r.Reason == "":
	case r.Reason == ReasonRejected || r.Reason == ReasonTest:
		level = slog.LevelInfo
	default:
		level = slog.LevelWarn
	}
	if !j.logger.Enabled(ctx, level) {
		return
	}
	ok, silent := j.admits(r.Reason, r.Received)
	if !ok {
		return
	}
	attrs := []slog.Attr{
		slog.String("provider", r.Provider),
		slog.String("outcome", r.Outcome.String()),
		slog.String("reason", string(r.Reason)),
		slog.Int("status", r.Status),
		slog.Int("bytes", r.Bytes),
		slog.Duration("duration", r.Duration),
		slog.String("key_id", r.KeyID),
		slog.Int("not_logged", silent),
	}
	if r.err != nil {
		attrs = append(attrs, slog.String("error", r.err.Error()))
	}
	for _, e := range r.Events {
		attrs = append(attrs, slog.Group("event",
			slog.String("id", e.ID), slog.String("name", e.Name), slog.String("outcome", e.Outcome.String()),
			slog.String("reason", string(e.Reason)), slog.Bool("duplicate", e.Duplicate), slog.Int("attempt", e.Attempt)))
	}
	j.logger.LogAttrs(ctx, level, "webhook", attrs...)
}
