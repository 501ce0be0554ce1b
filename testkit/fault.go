package testkit

import (
	"fmt"
	"net/http"
	"time"

	"github.com/paynotary/paynotary/verify"
)

// A Fault is one way to spoil a request. It is an Option; of several, the last one counts.
type Fault string

// The faults that every signed provider has. FromTheFuture and Stale are those of providers that sign a time.
const (
	Unsigned      Fault = "unsigned"        // without a proof
	Malformed     Fault = "malformed"       // with a proof that does not have the form of one
	WrongSecret   Fault = "wrong_secret"    // signed with another secret
	Tampered      Fault = "tampered"        // changed after it was signed
	Truncated     Fault = "truncated"       // with half of a proof
	Stale         Fault = "stale"           // signed a day ago
	FromTheFuture Fault = "from_the_future" // signed for tomorrow
)

// A FaultConfig is how a provider's requests are spoilt in one way, and why a verifier refuses the result.
type FaultConfig struct {
	Fault       Fault
	Reason      error                                            // what Verify's error wraps
	Shift       time.Duration                                    // of the time of signing
	OtherSecret bool                                             // to sign with
	Spoil       func(r *http.Request, body []byte) (sent []byte) // what happens to the signed request; nil: nothing
}

// Faults returns the ways to spoil a request that apply to the provider.
func (s *Sender) Faults() []Fault {
	faults := make([]Fault, 0, len(s.config.Faults))
	for _, f := range s.config.Faults {
		faults = append(faults, f.Fault)
	}
	return faults
}

// Reason returns what the error of a verifier wraps that is given a request with the fault. It panics if the fault does
// not apply to the provider.
func (s *Sender) Reason(f Fault) error { return s.fault(f).Reason }

func (s *Sender) fault(f Fault) *FaultConfig {
	for i := range s.config.Faults {
		if s.config.Faults[i].Fault == f {
			return &s.config.Faults[i]
		}
	}
	panic(fmt.Sprintf("testkit: %s has no fault %q: have %v", s.Provider(), f, s.Faults()))
}

func (f Fault) apply(d *draft) { d.fault = d.sender.fault(f) }

// basicFaults are the faults of a provider whose proof is in a header. stamped says that the proof has a time in it, and
// tamper changes something in the body that is signed.
func basicFaults(header string, stamped bool, tamper func(body []byte) []byte) []FaultConfig {
	proof := func(change func(string) string) func(*http.Request, []byte) []byte {
		return func(r *http.Request, body []byte) []byte {
			if value := change(r.Header.Get(header)); value != "" {
				r.Header.Set(header, value)
			} else {
				r.Header.Del(header)
			}
			return body
		}
	}
	faults := []FaultConfig{
		{Fault: Unsigned, Reason: verify.ErrUnsigned, Spoil: proof(func(string) string { return "" })},
		{Fault: Malformed, Reason: verify.ErrMalformed, Spoil: proof(func(string) string { return "sha=?" })},
		{Fault: WrongSecret, Reason: verify.ErrSignature, OtherSecret: true},
		{Fault: Tampered, Reason: verify.ErrSignature, Spoil: func(_ *http.Request, body []byte) []byte { return tamper(body) }},
		{Fault: Truncated, Reason: verify.ErrMalformed, Spoil: proof(func(v string) string { return v[:len(v)/2] })},
	}
	if stamped {
		faults = append(faults,
			FaultConfig{Fault: Stale, Reason: verify.ErrStale, Shift: -24 * time.Hour},
			FaultConfig{Fault: FromTheFuture, Reason: verify.ErrStale, Shift: 24 * time.Hour},
		)
	}
	return faults
}
