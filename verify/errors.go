package verify

import (
	"errors"
	"fmt"
)

// The reasons of a failed Verify, each wrapped in an *Error. All but ErrUnavailable are refusals.
var (
	ErrUnsigned    = errors.New("carries no proof: check that the provider signs deliveries to this URL and that no proxy drops its headers")
	ErrMalformed   = errors.New("does not have the form the provider sends")
	ErrSignature   = errors.New("proof does not fit: check the configured secret, the environment (test or live) and that nothing in front of the handler changes the request")
	ErrStale       = errors.New("is too old or from the future: check this machine's clock; if it is right, somebody replays an old delivery")
	ErrForeign     = errors.New("is authentic but for another merchant, application or account: check the identifiers this endpoint is configured with")
	ErrAmbiguous   = errors.New("is authentic, but its signed text has a better fitting reading: treat it as forged from another delivery")
	ErrUnavailable = errors.New("could not be checked now: the provider's API did not give an answer; the delivery must be sent again")
	ErrNotFound    = errors.New("names an operation the provider's API does not know yet")
)

// An Error is why a delivery was not verified. It says which field or header is meant and what was expected, and never
// quotes a value, a key or a MAC.
type Error struct {
	Provider string
	Err      error // wraps one of the reasons above
}

func (e *Error) Error() string { return "verify: " + e.Provider + ": delivery " + e.Err.Error() }

// Unwrap returns the reason, for errors.Is.
func (e *Error) Unwrap() error { return e.Err }

// malformed tells where a delivery departs from the provider's form and what was expected there.
func malformed(where, expected string) error {
	return fmt.Errorf("%w: %s: want %s", ErrMalformed, where, expected)
}

// A ConfigError is one mistake in a configuration struct.
type ConfigError struct {
	Field  string // e.g. "PraxisConfig.Secrets[1]"
	Reason string // what is wrong, and what to do
}

func (e *ConfigError) Error() string { return e.Field + " " + e.Reason }

// mistakes collects what is wrong with a configuration, so that all of it is reported at once.
type mistakes []error

func (m *mistakes) add(field, reason string, args ...any) {
	*m = append(*m, &ConfigError{Field: field, Reason: fmt.Sprintf(reason, args...)})
}

// join returns nil if there are none.
func (m mistakes) join() error { return errors.Join(m...) }
