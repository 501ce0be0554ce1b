package middleware

import (
	"context"
	"errors"
	"time"
)

// A Store remembers which events have been handled and which are being handled, for all replicas that share it.
//
// Every call is atomic. Leases and keep times run on the store's own clock: replicas whose clocks are wrong must not claim
// an event twice. An error means that the state is unknown, and the middleware answers with a retry; it never takes an
// error for a duplicate.
type Store interface {
	// Claim makes the caller the only worker on key until lease has passed. The State of the result tells whether it did:
	// only a Fresh claim has a Token. A key that was released, or whose lease is over, is Fresh again with Attempt + 1.
	Claim(ctx context.Context, key string, lease time.Duration) (Claim, error)
	// Commit marks the key as Done for the time given. It returns nil if it was done with the same token before, and
	// ErrClaimLost if another worker took the key over.
	Commit(ctx context.Context, c Claim, keep time.Duration) error
	// Release gives the key back, to be claimed again at once. It returns ErrClaimLost if another worker took it over.
	Release(ctx context.Context, c Claim) error
}

// A Claim is the answer to Store.Claim.
type Claim struct {
	Key     string
	State   State
	Token   string // proves to the store that this worker still holds the key; empty unless Fresh
	Attempt int    // 1 for the first; counts the claims of a key that was not committed
}

// State is what a store knows of a key.
type State uint8

// The states of a key.
const (
	Fresh State = iota + 1 // the caller holds it now
	Busy                   // another worker holds it
	Done                   // it was handled
)

// String returns the state's name.
func (s State) String() string {
	switch s {
	case Fresh:
		return "fresh"
	case Busy:
		return "busy"
	case Done:
		return "done"
	}
	return "invalid"
}

// Errors of stores.
var (
	// ErrClaimLost says that the lease ran out and another worker took the key over: what this one did may be done twice.
	ErrClaimLost = errors.New("middleware: the claim was taken over by another worker after its lease ended: make the handler faster, or the lease longer")
	// ErrStoreFull says that no key can be remembered without forgetting another one too early.
	ErrStoreFull = errors.New("middleware: the store is full of keys that must be kept: raise its capacity, or use a store outside this process")
)
