package middleware_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// A flaky store fails or panics where it is told to.
type flaky struct {
	middleware.Store
	claim, commit, release func() error
}

func call(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

func (s flaky) Claim(ctx context.Context, key string, lease time.Duration) (middleware.Claim, error) {
	if err := call(s.claim); err != nil {
		return middleware.Claim{}, err
	}
	return s.Store.Claim(ctx, key, lease)
}

func (s flaky) Commit(ctx context.Context, c middleware.Claim, keep time.Duration) error {
	if err := call(s.commit); err != nil {
		return err
	}
	return s.Store.Commit(ctx, c, keep)
}

func (s flaky) Release(ctx context.Context, c middleware.Claim) error {
	if err := call(s.release); err != nil {
		return err
	}
	return s.Store.Release(ctx, c)
}

// TestStoreFails: an error of the store is no duplicate and no success, wherever it comes.
func TestStoreFails(t *testing.T) {
	fail := func() error { return errors.New("connection refused") }
	boom := func() error { panic("boom") }
	tests := []struct {
		why     string
		store   flaky
		fails   bool // the handler
		reason  middleware.Reason
		handled int
	}{
		{"claim fails: nothing may run without a claim", flaky{claim: fail}, false, middleware.ReasonStore, 0},
		{"claim panics", flaky{claim: boom}, false, middleware.ReasonPanic, 0},
		{"claim is full", flaky{claim: func() error { return middleware.ErrStoreFull }}, false, middleware.ReasonStore, 0},
		{"commit fails: the effect may be repeated, an acknowledgement may not be invented", flaky{commit: fail}, false, middleware.ReasonStore, 1},
		{"commit finds the claim lost", flaky{commit: func() error { return middleware.ErrClaimLost }}, false, middleware.ReasonClaimLost, 1},
		{"commit panics", flaky{commit: boom}, false, middleware.ReasonPanic, 1},
		{"release fails: the lease ends by itself", flaky{release: fail}, true, middleware.ReasonHandler, 1},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			forAll(t, func(t *testing.T, s *testkit.Sender) {
				test.store.Store = middleware.NewMemory(middleware.MemoryConfig{})
				e := newEndpoint(t, s, func(c *middleware.Config) { c.Store = test.store })
				if test.fails {
					e.fail = func(normalize.Event) error { return errors.New("x") }
				}
				_, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
				require.Equal(t, verify.Retry, outcome)
				require.Equal(t, test.reason, report.Reason)
				require.Len(t, e.events, test.handled)
			})
		})
	}
}

// TestNormalizerPanics: a bug of a provider's code, ours or somebody else's, costs a retry and not the server.
func TestNormalizerPanics(t *testing.T) {
	e := newEndpoint(t, testkit.PXP(), func(c *middleware.Config) {
		c.Normalizer = normalizer{"pxp", func(verify.Message) ([]normalize.Event, error) { panic("bug") }}
	})
	_, outcome, report := e.deliver(t, e.sender.Request("payment_succeeded"))
	require.Equal(t, verify.Retry, outcome)
	require.Equal(t, middleware.ReasonPanic, report.Reason)
}

// TestDuplicateStorm: of 2,000 copies at a time, one has the effect, and every reply is a success or asks to come back.
func TestDuplicateStorm(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		var effects, accepted atomic.Int64
		m, err := middleware.New(middleware.Config{
			Verifier: s.Verifier(), Normalizer: s.Normalizer(), Store: middleware.NewMemory(middleware.MemoryConfig{}),
			Logger: slog.New(slog.DiscardHandler), MaxInFlight: 4000,
		})
		require.NoError(t, err)
		h := m.Handle(func(context.Context, normalize.Event) error { effects.Add(1); return nil })
		var group sync.WaitGroup
		for range 2000 {
			group.Go(func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, s.Request("payment_succeeded"))
				switch w.Code {
				case http.StatusOK:
					accepted.Add(1)
				case http.StatusServiceUnavailable:
				default:
					t.Errorf("status %d", w.Code)
				}
			})
		}
		group.Wait()
		require.EqualValues(t, 1, effects.Load())
		require.Positive(t, accepted.Load())
	})
}

// TestOverload: what is too many at a time is asked to come back, before anything is read.
func TestOverload(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		e := newEndpoint(t, s, func(c *middleware.Config) { c.MaxInFlight = 1 })
		e.fail = func(normalize.Event) error {
			e.fail = nil
			response, outcome, report := e.deliver(t, s.Request("payment_declined"))
			require.Equal(t, verify.Retry, outcome)
			require.Equal(t, middleware.ReasonOverload, report.Reason)
			require.Zero(t, report.Bytes)
			require.Equal(t, "1", response.Header.Get("Retry-After"))
			return nil
		}
		_, outcome, _ := e.deliver(t, s.Request("payment_succeeded"))
		require.Equal(t, verify.Accepted, outcome)
		_, outcome, _ = e.deliver(t, s.Request("payment_declined"))
		require.Equal(t, verify.Accepted, outcome, "the place is free again")
	})
}
