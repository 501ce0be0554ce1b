package middleware

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"
)

// Reject returns an error with which a handler says no for good. Where the provider's protocol has room for it, reason is
// shown to the provider, and by it perhaps to the customer. The event counts as handled.
func Reject(reason string) error { return rejected{reason} }

type rejected struct{ reason string }

func (r rejected) Error() string { return "rejected: " + r.reason }

// RetryAfter wraps the error of a handler so that the provider is asked to wait for that long. Providers are free to come
// earlier or later. A nil err stays nil.
func RetryAfter(after time.Duration, err error) error {
	if err == nil {
		return nil
	}
	return retryLater{err, after}
}

type retryLater struct {
	error
	after time.Duration
}

func (r retryLater) Unwrap() error { return r.error }

// ClaimOf returns the claim under which a handler runs, for stores that commit it together with the effect.
func ClaimOf(ctx context.Context) (Claim, bool) {
	if c, ok := ctx.Value(claimContext{}).(*Claim); ok {
		return *c, true
	}
	return Claim{}, false
}

type claimContext struct{}

// claimed is the context of a handler.
type claimed struct {
	context.Context
	claim *Claim
}

func (c claimed) Value(key any) any {
	if _, ok := key.(claimContext); ok {
		return c.claim
	}
	return c.Context.Value(key)
}

// ErrAmountMismatch is what DeadLetter gets for an event whose amount or currency is not what Config.Expect returned.
var ErrAmountMismatch = errors.New("middleware: the amount is not the one that the order should come to: settle it by hand, or refund it")

// guard calls f and returns a panic of it as an error.
func guard[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if thrown := recover(); thrown != nil {
			err = newPanicError(thrown)
		}
	}()
	return f()
}

// A panicError says what type was thrown, and where. What was thrown may hold anything, so it is not part of it.
type panicError struct{ kind, where string }

// newPanicError must be called by the deferred function that recovered.
func newPanicError(thrown any) panicError {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers)])
	panicking := false
	for {
		frame, more := frames.Next()
		if panicking && !strings.HasPrefix(frame.Function, "runtime.") {
			return panicError{fmt.Sprintf("%T", thrown), fmt.Sprintf("%s:%d", frame.Function, frame.Line)}
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
		if !more {
			return panicError{fmt.Sprintf("%T", thrown), "a place that is not known"}
		}
	}
}

func (p panicError) Error() string {
	return "panicked with a value of type " + p.kind + " at " + p.where
}
