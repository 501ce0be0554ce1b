package middleware_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// An endpoint is a handler under test, with what it did.
type endpoint struct {
	sender  *testkit.Sender
	handler http.Handler
	events  []normalize.Event
	reports []middleware.Report
	fail    func(normalize.Event) error // what the handler returns; nil: nil

	handlerContext func(context.Context) error // likewise
}

// newEndpoint makes one for the sender's provider. The changes are applied to a configuration that logs nothing.
func newEndpoint(t testing.TB, s *testkit.Sender, changes ...func(*middleware.Config)) *endpoint {
	e := &endpoint{sender: s}
	c := middleware.Config{
		Verifier:   s.Verifier(),
		Normalizer: s.Normalizer(),
		Store:      middleware.NewMemory(middleware.MemoryConfig{}),
		Logger:     slog.New(slog.DiscardHandler),
		Observe:    func(_ context.Context, r middleware.Report) { e.reports = append(e.reports, r) },
	}
	for _, change := range changes {
		change(&c)
	}
	m, err := middleware.New(c)
	require.NoError(t, err)
	e.handler = m.Handle(func(ctx context.Context, ev normalize.Event) error {
		e.events = append(e.events, ev)
		if e.handlerContext != nil {
			return e.handlerContext(ctx)
		}
		if e.fail != nil {
			return e.fail(ev)
		}
		return nil
	})
	return e
}

// deliver serves one request and returns the reply, what the provider makes of it, and the report.
func (e *endpoint) deliver(t testing.TB, r *http.Request) (*http.Response, verify.Outcome, middleware.Report) {
	w := httptest.NewRecorder()
	before := len(e.reports)
	e.handler.ServeHTTP(w, r)
	require.Greater(t, len(e.reports), before, "no report")
	response := w.Result()
	outcome, err := e.sender.CheckReply(response)
	require.NoError(t, err, "the provider does not understand the reply")
	report := e.reports[len(e.reports)-1]
	require.Equal(t, response.StatusCode, report.Status)
	return response, outcome, report
}

func forAll(t *testing.T, test func(t *testing.T, s *testkit.Sender)) {
	for _, s := range testkit.All() {
		t.Run(s.Provider(), func(t *testing.T) { test(t, s) })
	}
}

func TestAcceptedOnce(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		e := newEndpoint(t, s)
		at := testkit.At(time.Now())
		for i := range 3 {
			_, outcome, report := e.deliver(t, s.Request("payment_succeeded", at))
			require.Equal(t, verify.Accepted, outcome)
			require.Equal(t, verify.Accepted, report.Outcome)
			require.Len(t, report.Events, 1)
			require.Equal(t, i > 0, report.Events[0].Duplicate)
			require.Equal(t, "payment.succeeded", report.Events[0].Name)
			require.Equal(t, "test", report.KeyID)
			require.NotZero(t, report.Bytes)
			require.NotEmpty(t, report.Kind)
		}
		require.Equal(t, []normalize.Event{s.Event("payment_succeeded", at)}, e.events)
	})
}

func TestFaultsAreRefusedAlike(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		e := newEndpoint(t, s)
		var first []byte
		for _, fault := range s.Faults() {
			response, outcome, report := e.deliver(t, s.Request("payment_succeeded", fault))
			require.Equal(t, verify.Refused, outcome, fault)
			require.Equal(t, http.StatusUnauthorized, response.StatusCode, fault)
			require.NotEmpty(t, report.Reason, fault)
			require.Empty(t, report.Events, fault)
			reply := dump(t, response)
			if first == nil {
				first = reply
			}
			require.Equal(t, string(first), string(reply), "the reply tells something about %s", fault)
		}
		require.Empty(t, e.events)
		// Nothing was claimed by the refused ones: the real one still takes effect.
		_, outcome, _ := e.deliver(t, s.Request("payment_succeeded"))
		require.Equal(t, verify.Accepted, outcome)
		require.Len(t, e.events, 1)
	})
}

func dump(t testing.TB, r *http.Response) []byte {
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	head := ""
	for _, k := range []string{"Content-Type", "Www-Authenticate", "Retry-After", "Gt-Authentication"} {
		head += k + ": " + r.Header.Get(k) + "\n"
	}
	return append([]byte(head), body...)
}

// TestHandlerSays is what each word of a handler leads to.
func TestHandlerSays(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		accepted := verify.Accepted
		rejected := map[string]verify.Outcome{"praxis": verify.Rejected}[s.Provider()]
		if rejected == 0 {
			rejected = accepted // there is no documented way to say no: acknowledged, and observed
		}
		tests := map[string]struct {
			fail   func(normalize.Event) error
			reply  verify.Outcome
			reason middleware.Reason
			after  string // Retry-After
			again  bool   // whether the handler is called once more for the same event
		}{
			"nil":              {nil, accepted, "", "", false},
			"reject":           {func(normalize.Event) error { return middleware.Reject("no such order") }, rejected, middleware.ReasonRejected, "", false},
			"wrapped reject":   {func(normalize.Event) error { return errors.Join(middleware.Reject("no")) }, rejected, middleware.ReasonRejected, "", false},
			"error":            {func(normalize.Event) error { return errors.New("database") }, verify.Retry, middleware.ReasonHandler, "1", true},
			"retry after":      {func(normalize.Event) error { return middleware.RetryAfter(90*time.Second, io.EOF) }, verify.Retry, middleware.ReasonHandler, "90", true},
			"retry after none": {func(normalize.Event) error { return middleware.RetryAfter(time.Second, nil) }, accepted, "", "", false},
			"panic":            {func(normalize.Event) error { panic("card 4111111111111111") }, verify.Retry, middleware.ReasonPanic, "1", true},
			"abort":            {func(normalize.Event) error { panic(http.ErrAbortHandler) }, verify.Retry, middleware.ReasonPanic, "1", true},
		}
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				e := newEndpoint(t, s)
				e.fail = test.fail
				response, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
				require.Equal(t, test.reply, outcome)
				require.Equal(t, test.reason, report.Reason)
				require.Equal(t, test.after, response.Header.Get("Retry-After"))
				require.Len(t, e.events, 1)
				require.Equal(t, 1, report.Events[0].Attempt)

				e.fail = nil
				_, outcome, report = e.deliver(t, s.Request("payment_succeeded"))
				require.Equal(t, verify.Accepted, outcome)
				require.Equal(t, !test.again, report.Events[0].Duplicate)
				if test.again {
					require.Equal(t, 2, report.Events[0].Attempt)
				}
			})
		}
	})
}

func TestRejectReachesPraxis(t *testing.T) {
	e := newEndpoint(t, testkit.Praxis())
	e.fail = func(normalize.Event) error { return middleware.Reject(`no order "7"`) }
	response, _, _ := e.deliver(t, e.sender.Request("payment_succeeded"))
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Contains(t, string(body), `"status":1,"description":"no order \"7\""`)
}

// TestHandlerTimeout: the handler's context ends when its time is over, and the event is given back at once.
func TestHandlerTimeout(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		for _, timeout := range []time.Duration{0, 1500 * time.Millisecond} {
			synctest.Test(t, func(t *testing.T) {
				today()
				e := newEndpoint(t, s, func(c *middleware.Config) { c.HandlerTimeout = timeout })
				start := time.Now()
				var ended error
				e.handlerContext = func(ctx context.Context) error {
					<-ctx.Done()
					ended = ctx.Err()
					return ended
				}
				_, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
				require.Equal(t, verify.Retry, outcome)
				require.ErrorIs(t, ended, context.DeadlineExceeded)
				want := cmp.Or(timeout, s.Verifier().Limits().HandlerTimeout)
				require.Equal(t, want, time.Since(start))
				require.Equal(t, want, report.Duration)

				e.handlerContext = nil
				_, outcome, report = e.deliver(t, s.Request("payment_succeeded"))
				require.Equal(t, verify.Accepted, outcome)
				require.Equal(t, 2, report.Events[0].Attempt)
			})
		}
	})
}

// TestEachEventHasItsTime: the events of an array do not share one.
func TestEachEventHasItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		e := newEndpoint(t, testkit.PXP())
		e.handlerContext = func(ctx context.Context) error {
			time.Sleep(testkit.PXP().Verifier().Limits().HandlerTimeout - time.Millisecond)
			return ctx.Err()
		}
		_, outcome, _ := e.deliver(t, e.sender.Request("batch"))
		require.Equal(t, verify.Accepted, outcome)
		require.Len(t, e.events, 3)
	})
}

// today moves a bubble from the year 2000, whose time in unix seconds has nine digits, to one in which providers sign.
func today() { time.Sleep(time.Until(time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC))) }

// TestLeaseEnds: a handler that does not return when its time is over loses the event to the next delivery, and its commit
// comes too late.
func TestLeaseEnds(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		synctest.Test(t, func(t *testing.T) {
			today()
			e := newEndpoint(t, s)
			e.handlerContext = func(context.Context) error {
				e.handlerContext = nil
				time.Sleep(s.Verifier().Limits().Lease)
				_, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
				require.Equal(t, verify.Accepted, outcome, "taken over")
				require.Equal(t, 2, report.Events[0].Attempt)
				return nil
			}
			_, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
			require.Equal(t, verify.Retry, outcome)
			require.Equal(t, middleware.ReasonClaimLost, report.Reason)
		})
	})
}

// TestProviderHangsUp: the handler finishes, and what the provider repeats is a duplicate.
func TestProviderHangsUp(t *testing.T) {
	e := newEndpoint(t, testkit.PXP())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, outcome, _ := e.deliver(t, e.sender.Request("payment_succeeded").WithContext(ctx))
	require.Equal(t, verify.Accepted, outcome)
	_, _, report := e.deliver(t, e.sender.Request("payment_succeeded"))
	require.True(t, report.Events[0].Duplicate)
}

// TestInFlight: while one delivery of an event is handled, another one is asked to come back.
func TestInFlight(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		e := newEndpoint(t, s)
		e.fail = func(normalize.Event) error {
			e.fail = nil
			_, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
			require.Equal(t, verify.Retry, outcome)
			require.Equal(t, middleware.ReasonBusy, report.Reason)
			return nil
		}
		_, outcome, _ := e.deliver(t, s.Request("payment_succeeded"))
		require.Equal(t, verify.Accepted, outcome)
		require.Len(t, e.events, 1)
	})
}

// TestPartialSuccess: of an array, what succeeded is remembered, and only the rest is handled again.
func TestPartialSuccess(t *testing.T) {
	e := newEndpoint(t, testkit.PXP())
	at := testkit.At(time.Now())
	failing := "refund.succeeded"
	e.fail = func(ev normalize.Event) error {
		if ev.Name() == failing {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	_, outcome, report := e.deliver(t, e.sender.Request("batch", at))
	require.Equal(t, verify.Retry, outcome)
	require.Len(t, report.Events, 3)
	require.Len(t, e.events, 3)

	failing = ""
	_, outcome, report = e.deliver(t, e.sender.Request("batch", at))
	require.Equal(t, verify.Accepted, outcome)
	require.Len(t, e.events, 4)
	require.Equal(t, "refund.succeeded", e.events[3].Name())
	duplicates := 0
	for _, ev := range report.Events {
		if ev.Duplicate {
			duplicates++
		}
	}
	require.Equal(t, 2, duplicates)
}

func TestClaimOf(t *testing.T) {
	m, err := middleware.New(middleware.Config{
		Verifier: testkit.PXP().Verifier(), Normalizer: normalize.PXP{}, Store: middleware.NewMemory(middleware.MemoryConfig{}),
		Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	called := false
	m.Handle(func(ctx context.Context, e normalize.Event) error {
		called = true
		c, ok := middleware.ClaimOf(ctx)
		require.True(t, ok)
		require.Equal(t, middleware.Fresh, c.State)
		require.Equal(t, "pxp/MERCHANT-1%2FSITE-1/"+e.ID, c.Key)
		return nil
	}).ServeHTTP(httptest.NewRecorder(), testkit.PXP().Request("payment_succeeded"))
	require.True(t, called)
	_, ok := middleware.ClaimOf(t.Context())
	require.False(t, ok)
}

// TestClaimKeysAreBounded: a long account makes a short key, and another one another key.
func TestClaimKeysAreBounded(t *testing.T) {
	e := newEndpoint(t, testkit.PXP())
	keys := map[string]bool{}
	e.handlerContext = func(ctx context.Context) error {
		c, _ := middleware.ClaimOf(ctx)
		keys[c.Key] = true
		return nil
	}
	for _, merchant := range []string{strings.Repeat("M", 5000), strings.Repeat("M", 5001)} {
		_, outcome, _ := e.deliver(t, e.sender.Request("payment_succeeded", testkit.Set("/0/eventData/merchant", merchant),
			testkit.Set("/0/eventOwner", map[string]string{"merchant": merchant})))
		require.Equal(t, verify.Accepted, outcome)
	}
	require.Len(t, keys, 2)
	for key := range keys {
		require.LessOrEqual(t, len(key), 200)
	}
}
