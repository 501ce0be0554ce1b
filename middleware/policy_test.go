package middleware_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

func TestAccounts(t *testing.T) {
	only := func(accounts ...string) func(*middleware.Config) {
		return func(c *middleware.Config) { c.Accounts = accounts }
	}
	pxp := testkit.PXP()
	tests := []struct {
		why     string
		request *http.Request
		change  func(*middleware.Config)
		outcome verify.Outcome
		handled int
	}{
		{"its own", pxp.Request("payment_succeeded"), only("MERCHANT-1/SITE-1"), verify.Accepted, 1},
		{"one of several", pxp.Request("payment_succeeded"), only("MERCHANT-0/SITE-1", "MERCHANT-1/SITE-1"), verify.Accepted, 1},
		{"another one", pxp.Request("payment_succeeded"), only("MERCHANT-2/SITE-1"), verify.Refused, 0},
		{"no account named", pxp.Request("token_succeeded"), only("MERCHANT-1/SITE-1"), verify.Refused, 0},
		{"no account named, and that is expected", pxp.Request("token_succeeded"), only("MERCHANT-1/SITE-1", ""), verify.Accepted, 1},
		{"one foreign event does not lose its neighbours", pxp.Request("batch", testkit.Set("/1/eventData/merchant", "MERCHANT-2"),
			testkit.Set("/1/eventOwner", map[string]string{"merchant": "MERCHANT-2", "site": "SITE-1"})), only("MERCHANT-1/SITE-1"), verify.Refused, 2},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			e := newEndpoint(t, pxp, test.change)
			_, outcome, report := e.deliver(t, test.request)
			require.Equal(t, test.outcome, outcome)
			require.Len(t, e.events, test.handled)
			if outcome == verify.Refused {
				require.Equal(t, middleware.ReasonForeign, report.Reason)
			}
		})
	}
}

// TestAssurance: what is below the bar is confirmed or retried, and never handed on as it is.
func TestAssurance(t *testing.T) {
	confirmed := func(e normalize.Event) normalize.Event {
		e.Assurance, e.Status = verify.Confirmed, normalize.StatusDeclined
		return e
	}
	tests := []struct {
		why     string
		confirm func(context.Context, normalize.Event) (normalize.Event, error)
		outcome verify.Outcome
		handled normalize.Status
	}{
		{"the API's word counts", func(_ context.Context, e normalize.Event) (normalize.Event, error) { return confirmed(e), nil },
			verify.Accepted, normalize.StatusDeclined},
		{"the API is down", func(_ context.Context, e normalize.Event) (normalize.Event, error) { return e, io.EOF }, verify.Retry, ""},
		{"it panics", func(context.Context, normalize.Event) (normalize.Event, error) { panic("x") }, verify.Retry, ""},
		{"it confirms nothing", func(_ context.Context, e normalize.Event) (normalize.Event, error) { return e, nil }, verify.Retry, ""},
		{"it answers for another provider", func(_ context.Context, e normalize.Event) (normalize.Event, error) {
			e = confirmed(e)
			e.Provider = "pxp"
			return e, nil
		}, verify.Retry, ""},
		{"it answers for another account", func(_ context.Context, e normalize.Event) (normalize.Event, error) {
			e = confirmed(e)
			e.Account = "Somebody/else"
			return e, nil
		}, verify.Refused, ""},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			e := newEndpoint(t, testkit.Praxis(), func(c *middleware.Config) {
				c.MinAssurance, c.Confirm, c.Accounts = verify.Confirmed, test.confirm, []string{"Test-Integration-Merchant/Sandbox"}
			})
			_, outcome, _ := e.deliver(t, e.sender.Request("payment_succeeded"))
			require.Equal(t, test.outcome, outcome)
			if test.handled == "" {
				require.Empty(t, e.events)
				return
			}
			require.Len(t, e.events, 1)
			require.Equal(t, test.handled, e.events[0].Status)
		})
	}
}

// TestConfirmedID: the claim is made with the confirmed event's id, so a lie about the status blocks nothing.
func TestConfirmedID(t *testing.T) {
	e := newEndpoint(t, testkit.Praxis(), func(c *middleware.Config) {
		c.MinAssurance = verify.Confirmed
		c.Confirm = func(_ context.Context, e normalize.Event) (normalize.Event, error) {
			e.Assurance, e.ID, e.Status = verify.Confirmed, "txn:756850:sale:pending", normalize.StatusPending
			return e, nil
		}
	})
	_, outcome, report := e.deliver(t, e.sender.Request("payment_succeeded"))
	require.Equal(t, verify.Accepted, outcome)
	require.Equal(t, normalize.StatusPending, e.events[0].Status)
	_, _, report = e.deliver(t, e.sender.Request("payment_declined", testkit.Set("/transaction/tid", 756850)))
	require.True(t, report.Events[0].Duplicate)
}

// TestHint: content that nothing proves is handed on under the ugly switch alone.
func TestHint(t *testing.T) {
	hint := normalizer{"pxp", func(m verify.Message) ([]normalize.Event, error) {
		m.Assurance = verify.Hint
		return normalize.PXP{}.Normalize(m)
	}}
	e := newEndpoint(t, testkit.PXP(), func(c *middleware.Config) { c.Normalizer = hint })
	_, outcome, report := e.deliver(t, e.sender.Request("payment_succeeded"))
	require.Equal(t, verify.Retry, outcome)
	require.Equal(t, middleware.ReasonAssurance, report.Reason)
	require.Empty(t, e.events)

	e = newEndpoint(t, testkit.PXP(), func(c *middleware.Config) { c.Normalizer, c.InsecureAcceptHint = hint, true })
	_, outcome, _ = e.deliver(t, e.sender.Request("payment_succeeded"))
	require.Equal(t, verify.Accepted, outcome)
	require.Len(t, e.events, 1)
}

type normalizer struct {
	provider  string
	normalize func(verify.Message) ([]normalize.Event, error)
}

func (n normalizer) Provider() string                                      { return n.provider }
func (n normalizer) Normalize(m verify.Message) ([]normalize.Event, error) { return n.normalize(m) }

func TestTestEvents(t *testing.T) {
	marked := normalizer{"pxp", func(m verify.Message) ([]normalize.Event, error) {
		events, err := normalize.PXP{}.Normalize(m)
		for i := range events {
			events[i].Test = true
		}
		return events, err
	}}
	for _, allow := range []bool{false, true} {
		e := newEndpoint(t, testkit.PXP(), func(c *middleware.Config) { c.Normalizer, c.AllowTest = marked, allow })
		_, outcome, report := e.deliver(t, e.sender.Request("payment_succeeded"))
		require.Equal(t, verify.Accepted, outcome)
		require.Equal(t, allow, len(e.events) == 1)
		require.Equal(t, !allow, report.Events[0].Reason == middleware.ReasonTest)
	}
}

// TestExpect: a payment of another amount is never handed on as paid.
func TestExpect(t *testing.T) {
	eur := func(decimal string) normalize.Amount {
		a, err := normalize.ParseAmount(decimal, "EUR")
		require.NoError(t, err)
		return a
	}
	usd := eur("50.05")
	usd.Currency = "USD"
	tests := []struct {
		why, fixture string
		expected     normalize.Amount
		err          error
		outcome      verify.Outcome
		reason       middleware.Reason
		handled      bool
	}{
		{"as expected", "payment_succeeded", eur("50.05"), nil, verify.Accepted, "", true},
		{"the same in more digits", "payment_succeeded", normalize.Amount{Minor: 500500, Exponent: 4, Currency: "EUR"}, nil, verify.Accepted, "", true},
		{"a cent less", "payment_succeeded", eur("50.06"), nil, verify.Accepted, middleware.ReasonMismatch, false},
		{"another currency", "payment_succeeded", usd, nil, verify.Accepted, middleware.ReasonMismatch, false},
		{"nothing expected at all", "payment_succeeded", normalize.Amount{}, nil, verify.Accepted, middleware.ReasonMismatch, false},
		{"an order not known yet", "payment_succeeded", normalize.Amount{}, io.EOF, verify.Retry, middleware.ReasonExpect, false},
		{"a refund is not asked about", "refund_succeeded", eur("1.00"), nil, verify.Accepted, "", true},
		{"nor is a decline", "payment_declined", eur("1.00"), nil, verify.Accepted, "", true},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			var letters []error
			e := newEndpoint(t, testkit.PXP(), func(c *middleware.Config) {
				c.Expect = func(context.Context, normalize.Event) (normalize.Amount, error) { return test.expected, test.err }
				c.DeadLetter = func(_ context.Context, _ verify.Message, err error) error { letters = append(letters, err); return nil }
			})
			_, outcome, report := e.deliver(t, e.sender.Request(test.fixture))
			require.Equal(t, test.outcome, outcome)
			require.Equal(t, test.reason, report.Reason)
			require.Equal(t, test.handled, len(e.events) == 1)
			if test.reason == middleware.ReasonMismatch {
				require.Len(t, letters, 1)
				require.ErrorIs(t, letters[0], middleware.ErrAmountMismatch)
				_, _, report = e.deliver(t, e.sender.Request(test.fixture))
				require.True(t, report.Events[0].Duplicate)
				require.Len(t, letters, 1)
			}
		})
	}
}

// TestUnreadable: an authentic message that cannot be read is acknowledged once somebody keeps it, and not before.
func TestUnreadable(t *testing.T) {
	s := testkit.PXP()
	at := testkit.At(time.Now())
	for why, request := range map[string]func() *http.Request{
		"no JSON":             func() *http.Request { return s.Sign([]byte("[}"), at) },
		"a duplicate name":    func() *http.Request { return s.Sign([]byte(`[{"a":1,"a":2}]`), at) },
		"a malformed element": func() *http.Request { return s.Request("batch_with_malformed", at) },
	} {
		t.Run(why, func(t *testing.T) {
			e := newEndpoint(t, s)
			_, outcome, report := e.deliver(t, request())
			require.Equal(t, verify.Retry, outcome, "nobody keeps it")
			require.Equal(t, middleware.ReasonUnreadable, report.Reason)
			handled := len(e.events)
			_, outcome, _ = e.deliver(t, request())
			require.Equal(t, verify.Retry, outcome)
			require.Len(t, e.events, handled, "the neighbours of what is malformed are done")

			failure := errors.New("disk full")
			var letters []verify.Message
			e = newEndpoint(t, s, func(c *middleware.Config) {
				c.DeadLetter = func(_ context.Context, m verify.Message, err error) error {
					require.Error(t, err)
					letters = append(letters, m)
					return failure
				}
			})
			_, outcome, report = e.deliver(t, request())
			require.Equal(t, verify.Retry, outcome, "the dead letter was not kept")
			require.Equal(t, middleware.ReasonDeadLetter, report.Reason)
			failure = nil
			for range 2 {
				_, outcome, _ = e.deliver(t, request())
				require.Equal(t, verify.Accepted, outcome)
			}
			require.Len(t, letters, 2, "kept once")
			require.NotEmpty(t, letters[1].Payload)
		})
	}
}

// TestMaxAttempts: what fails too often goes to the dead letters, and the provider gets its success reply.
func TestMaxAttempts(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		letters := 0
		e := newEndpoint(t, s, func(c *middleware.Config) {
			c.MaxAttempts = 3
			c.DeadLetter = func(_ context.Context, m verify.Message, err error) error {
				letters++
				require.ErrorIs(t, err, io.ErrNoProgress)
				require.Equal(t, s.Provider(), m.Provider)
				return nil
			}
		})
		e.fail = func(normalize.Event) error { return io.ErrNoProgress }
		for attempt := 1; attempt <= 4; attempt++ {
			_, outcome, report := e.deliver(t, s.Request("payment_succeeded"))
			want := verify.Retry
			if attempt >= 3 {
				want = verify.Accepted
			}
			require.Equal(t, want, outcome, "attempt %d", attempt)
			require.Equal(t, attempt == 4, report.Events[0].Duplicate)
		}
		require.Equal(t, 1, letters)
		require.Len(t, e.events, 3)
	})
}
