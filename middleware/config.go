package middleware

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

// Config configures New. The zero value of every field that is not required is a safe default.
type Config struct {
	_          [0]func()
	Verifier   verify.Verifier      // required
	Normalizer normalize.Normalizer // required; of the same provider
	Store      Store                // required: NewMemory, or a store that several replicas share

	// Accounts are the only ones whose events are taken; events for another one are refused (verify.ErrForeign). Empty: no
	// restriction. An event that names no account passes if "" is among them.
	Accounts []string
	// MinAssurance is the bar below which an event is not handed on as it is; zero: verify.Partial. Events below it go
	// through Confirm; without Confirm the delivery is retried.
	MinAssurance verify.Assurance
	// InsecureAcceptHint hands on events whose content nothing proves.
	InsecureAcceptHint bool
	// Expect returns what this order should come to. It is asked about payments, authorizations and captures that
	// succeeded, before they are handed on; one of another amount or currency never is. An error retries the delivery.
	Expect func(context.Context, normalize.Event) (normalize.Amount, error)
	// AllowTest hands on events that the provider marked as tests. Otherwise they are acknowledged and observed only.
	AllowTest bool
	// Confirm asks the provider's API about an event below the bar and returns what it says. An error retries the delivery.
	Confirm func(context.Context, normalize.Event) (normalize.Event, error)
	// DeadLetter keeps what nobody else keeps: authentic messages that cannot be read, that failed MaxAttempts times, or
	// whose amount is not the expected one (ErrAmountMismatch). Once it returned nil the provider gets its success reply.
	// Without DeadLetter such deliveries are retried for as long as the provider cares to.
	DeadLetter func(context.Context, verify.Message, error) error

	MaxBody        int64         // bytes; 0: Verifier.Limits
	BodyTimeout    time.Duration // for reading the body; 0: 10 s
	HandlerTimeout time.Duration // for each event, Confirm and Expect included; 0: Verifier.Limits
	Lease          time.Duration // how long one worker may hold an event, longer than HandlerTimeout; 0: Verifier.Limits
	Keep           time.Duration // how long a handled event is remembered, at least Verifier.Limits().ReplayWindow; 0: Verifier.Limits
	MaxAttempts    int           // with DeadLetter: after so many failures the message goes there; 0: 10
	MaxInFlight    int           // deliveries at a time, more are asked to come back; 0: 256

	Now     func() time.Time              // for freshness and replies; nil: time.Now
	Logger  *slog.Logger                  // of failures one record a second for each reason, of successes for debugging; nil: slog.Default
	Observe func(context.Context, Report) // one call for each delivery, after the reply
}

// A ConfigError is one mistake in a Config.
type ConfigError = verify.ConfigError

// New returns a middleware, or all mistakes in c, each a *ConfigError.
func New(c Config) (*Middleware, error) {
	var mistakes []error
	wrong := func(field, reason string, args ...any) {
		mistakes = append(mistakes, &ConfigError{Field: "Config." + field, Reason: fmt.Sprintf(reason, args...)})
	}
	if c.Verifier == nil {
		wrong("Verifier", "is required: make one with verify.NewPraxis, verify.NewPXP, …")
	}
	if c.Normalizer == nil {
		wrong("Normalizer", "is required: use the one of the verifier's provider, e.g. normalize.Praxis{}")
	}
	if c.Store == nil {
		wrong("Store", "is required, since every provider repeats deliveries: use NewMemory for a single process")
	}
	for field, negative := range map[string]bool{
		"MaxBody": c.MaxBody < 0, "BodyTimeout": c.BodyTimeout < 0, "HandlerTimeout": c.HandlerTimeout < 0, "Lease": c.Lease < 0,
		"Keep": c.Keep < 0, "MaxAttempts": c.MaxAttempts < 0, "MaxInFlight": c.MaxInFlight < 0,
	} {
		if negative {
			wrong(field, "is negative: leave it 0 for the default")
		}
	}
	if c.MinAssurance > verify.Confirmed {
		wrong("MinAssurance", "is none of the levels: use verify.Partial, verify.Full or verify.Confirmed")
	}
	if c.InsecureAcceptHint && c.MinAssurance > verify.Hint {
		wrong("InsecureAcceptHint", "contradicts MinAssurance: remove one of them")
	}
	if c.Verifier == nil || c.Normalizer == nil {
		return nil, errors.Join(mistakes...)
	}
	limits := c.Verifier.Limits()
	m := &Middleware{config: c, provider: c.Verifier.Provider(), contentTypes: limits.ContentTypes}
	m.config.Accounts = slices.Clone(c.Accounts)
	m.config.MaxBody = cmp.Or(c.MaxBody, limits.MaxBody)
	m.config.BodyTimeout = cmp.Or(c.BodyTimeout, 10*time.Second)
	m.config.HandlerTimeout = cmp.Or(c.HandlerTimeout, limits.HandlerTimeout)
	m.config.Lease = cmp.Or(c.Lease, limits.Lease)
	m.config.Keep = cmp.Or(c.Keep, limits.Keep)
	m.config.MaxAttempts = cmp.Or(c.MaxAttempts, 10)
	m.config.MaxInFlight = cmp.Or(c.MaxInFlight, 256)
	if m.config.MinAssurance == verify.Hint && !c.InsecureAcceptHint {
		m.config.MinAssurance = verify.Partial
	}
	if m.config.Now == nil {
		m.config.Now = time.Now
	}
	m.journal = journal{logger: cmp.Or(c.Logger, slog.Default()), last: map[Reason]time.Time{}, silent: map[Reason]int{}}
	if p := c.Normalizer.Provider(); p != m.provider {
		wrong("Normalizer", "is for %s and the verifier for %s: use two of the same provider", p, m.provider)
	}
	if limits.Assurance < m.config.MinAssurance && m.config.MinAssurance <= verify.Confirmed && c.Confirm == nil {
		wrong("MinAssurance", "is %v and the verifier reaches %v: set Confirm, or lower the bar", m.config.MinAssurance, limits.Assurance)
	}
	if m.config.Keep < limits.ReplayWindow {
		wrong("Keep", "is shorter than the %v for which an old delivery still verifies: a replay would take effect twice", limits.ReplayWindow)
	}
	if m.config.HandlerTimeout >= m.config.Lease {
		wrong("HandlerTimeout", "is not shorter than the lease of %v: another worker would take over a handler that still runs", m.config.Lease)
	}
	if err := errors.Join(mistakes...); err != nil {
		return nil, err
	}
	return m, nil
}
