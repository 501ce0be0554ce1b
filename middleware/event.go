package middleware

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

// retryAfter is what a provider is told where nothing better is known. PXP's retries all come within ten seconds.
const retryAfter = time.Second

// A result is what became of one event, or of a delivery.
type result struct {
	outcome    verify.Outcome
	reason     Reason
	text       string // of Reject
	retryAfter time.Duration
	duplicate  bool
	attempt    int
	err        error // for the log: never one that a handler made
}

// and returns the result of both together. What must come again decides, then what is refused.
func (r result) and(other result) result {
	order := [...]int{verify.Retry: 0, verify.Refused: 1, verify.Rejected: 2, verify.Accepted: 3}
	if order[other.outcome] < order[r.outcome] || other.outcome == r.outcome && r.reason == "" {
		return other
	}
	return r
}

func (r result) report(e normalize.Event) EventReport {
	return EventReport{
		ID: normalize.Redact(e.ID), Name: e.Name(),
		Outcome: r.outcome, Reason: r.reason, Duplicate: r.duplicate, Attempt: r.attempt,
	}
}

func retry(reason Reason) result { return result{outcome: verify.Retry, reason: reason} }

// unverified is the result of a delivery that Verify returned an error for.
func unverified(err error) result {
	reason := refusalReason(err)
	if reason == ReasonUnavailable {
		return result{outcome: verify.Retry, reason: reason, err: err}
	}
	return result{outcome: verify.Refused, reason: reason, err: err}
}

// event takes one event through steps 4 and 5.
func (m *Middleware) event(ctx context.Context, message verify.Message, e normalize.Event, h Handler) result {
	ctx, cancel := context.WithTimeout(ctx, m.config.HandlerTimeout)
	defer cancel()
	e, settled := m.settle(ctx, e)
	if settled.reason != "" && settled.reason != ReasonMismatch {
		return settled
	}
	// The claim is made with the settled event's id: nothing is committed under words that nothing proved.
	return m.once(ctx, claimKey(e), message, func(ctx context.Context) error {
		if settled.reason == ReasonMismatch {
			return final{ErrAmountMismatch}
		}
		return h(ctx, e)
	})
}

// settle decides what is claimed: the event as it is, or as the provider's API has it. A result with a reason is the end
// of it; ReasonMismatch leaves what follows to the dead letters.
func (m *Middleware) settle(ctx context.Context, e normalize.Event) (normalize.Event, result) {
	if r := m.admit(e); r.reason != "" {
		return e, r
	}
	if e.Assurance < m.config.MinAssurance {
		if m.config.Confirm == nil {
			return e, retry(ReasonAssurance)
		}
		confirmed, err := guard(func() (normalize.Event, error) { return m.config.Confirm(ctx, e) })
		if err != nil || confirmed.Provider != e.Provider || confirmed.Assurance < m.config.MinAssurance {
			return e, retry(ReasonAssurance)
		}
		if e = confirmed; m.admit(e).reason != "" {
			return e, m.admit(e)
		}
	}
	if m.config.Expect == nil || !claimsMoney(e) {
		return e, result{}
	}
	expected, err := guard(func() (normalize.Amount, error) { return m.config.Expect(ctx, e) })
	if err != nil {
		return e, retry(ReasonExpect)
	}
	if order, comparable := e.Amount.Cmp(expected); !comparable || order != 0 {
		return e, result{reason: ReasonMismatch}
	}
	return e, result{}
}

// admit checks what an event must satisfy whoever vouches for it.
func (m *Middleware) admit(e normalize.Event) result {
	switch {
	case len(m.config.Accounts) > 0 && !slices.Contains(m.config.Accounts, e.Account):
		return result{outcome: verify.Refused, reason: ReasonForeign}
	case e.Test && !m.config.AllowTest:
		return result{outcome: verify.Accepted, reason: ReasonTest}
	}
	return result{}
}

// claimsMoney reports whether the event says that money was taken or reserved for an order.
func claimsMoney(e normalize.Event) bool {
	switch e.Type {
	case normalize.TypePayment, normalize.TypeAuthorization, normalize.TypeCapture:
		return e.Status == normalize.StatusSucceeded
	}
	return false
}

// poison deals with an authentic message that cannot be read, or not all of it.
func (m *Middleware) poison(ctx context.Context, message verify.Message, err error) result {
	if m.config.DeadLetter == nil {
		return result{outcome: verify.Retry, reason: ReasonUnreadable, err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, m.config.HandlerTimeout)
	defer cancel()
	key := m.provider + "/unreadable/" + hex.EncodeToString(message.ReplayKey[:])
	r := m.once(ctx, key, message, func(context.Context) error { return final{err} })
	if r.outcome == verify.Accepted {
		r.reason = ReasonUnreadable
	}
	r.err = err
	return r
}

// A final is an error that no retry mends.
type final struct{ error }

// once claims key, runs f if the claim is fresh, and commits or releases it.
func (m *Middleware) once(ctx context.Context, key string, message verify.Message, f func(context.Context) error) result {
	claim, err := m.config.Store.Claim(ctx, key, m.config.Lease)
	switch {
	case err != nil:
		return retry(ReasonStore)
	case claim.State == Done:
		return result{outcome: verify.Accepted, duplicate: true}
	case claim.State != Fresh:
		return retry(ReasonBusy)
	}
	_, err = guard(func() (struct{}, error) { return struct{}{}, f(claimed{ctx, &claim}) })
	ctx, cancel := m.afterwards(ctx)
	defer cancel()
	r := result{outcome: verify.Accepted}
	if err != nil {
		r = m.failed(ctx, claim, message, err)
	}
	r.attempt = claim.Attempt
	if r.outcome == verify.Retry {
		// If this fails, the lease ends by itself.
		_ = m.config.Store.Release(ctx, claim)
		return r
	}
	// Committed before the reply: a reply that gets lost costs a duplicate, one that comes too early costs an event.
	switch err := m.config.Store.Commit(ctx, claim, m.config.Keep); {
	case errors.Is(err, ErrClaimLost):
		return retry(ReasonClaimLost)
	case err != nil:
		return retry(ReasonStore)
	}
	return r
}

// afterwards returns the context of what follows the handler: its own, or what is left of the lease once that has ended.
func (m *Middleware) afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(context.WithoutCancel(ctx), m.config.Lease-m.config.HandlerTimeout)
}

// failed turns the error of a handler into a result: no for good, once more, or kept as a dead letter.
func (m *Middleware) failed(ctx context.Context, claim Claim, message verify.Message, err error) result {
	var (
		rejection rejected
		hopeless  final
		later     retryLater
		panicked  panicError
		r         = retry(ReasonHandler)
	)
	switch {
	case errors.As(err, &rejection):
		return result{outcome: verify.Rejected, reason: ReasonRejected, text: rejection.reason}
	case errors.As(err, &panicked):
		r.reason, r.err = ReasonPanic, panicked
	case errors.As(err, &hopeless):
		r.reason, err = ReasonMismatch, hopeless.error
	case errors.As(err, &later):
		r.retryAfter = later.after
	}
	if m.config.DeadLetter == nil || hopeless.error == nil && claim.Attempt < m.config.MaxAttempts {
		return r
	}
	if _, failed := guard(func() (struct{}, error) { return struct{}{}, m.config.DeadLetter(ctx, message, err) }); failed != nil {
		return retry(ReasonDeadLetter)
	}
	r.outcome = verify.Accepted
	return r
}

// maxClaimKey bounds keys, in bytes: an account is as long as whoever signs for it likes, and stores index their keys.
const maxClaimKey = 200

// claimKey names the event in the store. Parts are escaped where they could contain the separator; what is longer than
// maxClaimKey is replaced by its lower-case hex SHA-256.
func claimKey(e normalize.Event) string {
	key := url.PathEscape(e.Provider) + "/" + url.PathEscape(e.Account) + "/" + e.ID
	if len(key) <= maxClaimKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}
