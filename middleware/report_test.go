package middleware_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
)

// logged returns the records that a logger of the given level has got, and empties it.
func logged(t *testing.T, b *strings.Builder) (records []map[string]any) {
	for line := range strings.Lines(b.String()) {
		var r map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		records = append(records, r)
	}
	b.Reset()
	return records
}

func logTo(b *strings.Builder, level slog.Level) func(*middleware.Config) {
	return func(c *middleware.Config) {
		c.Logger = slog.New(slog.NewJSONHandler(b, &slog.HandlerOptions{Level: level}))
	}
}

func TestLogLevels(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		var b strings.Builder
		e := newEndpoint(t, s, logTo(&b, slog.LevelDebug))
		e.deliver(t, s.Request("payment_succeeded"))
		r := logged(t, &b)
		require.Len(t, r, 1)
		require.Equal(t, "DEBUG", r[0]["level"])
		require.Equal(t, "test", r[0]["key_id"])
		require.Equal(t, "payment.succeeded", r[0]["event"].(map[string]any)["name"])

		e.deliver(t, s.Request("payment_succeeded", testkit.WrongSecret))
		r = logged(t, &b)
		require.Equal(t, "WARN", r[0]["level"])
		require.Equal(t, "signature", r[0]["reason"])
		require.Contains(t, r[0]["error"], "check the configured secret")

		e.fail = func(normalize.Event) error { return middleware.Reject("no") }
		e.deliver(t, s.Request("payment_declined"))
		require.Equal(t, "INFO", logged(t, &b)[0]["level"])

		e.fail = func(normalize.Event) error { panic("card 4111111111111111") }
		e.deliver(t, s.Request("payment_pending"))
		r = logged(t, &b)
		require.Equal(t, "ERROR", r[0]["level"])
		require.Regexp(t, `^panicked with a value of type string at .*TestLogLevels.*:\d+$`, r[0]["error"], "where to look")
	})
}

// TestLogFlood: a thousand refusals in a second are one record, and the next one counts them.
func TestLogFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		today()
		s := testkit.PXP()
		var b strings.Builder
		e := newEndpoint(t, s, logTo(&b, slog.LevelInfo))
		for range 1000 {
			e.deliver(t, s.Request("payment_succeeded", testkit.WrongSecret))
			e.deliver(t, s.Request("payment_succeeded", testkit.Unsigned))
		}
		r := logged(t, &b)
		require.Len(t, r, 2, "one for each reason")
		require.Len(t, e.reports, 2000, "the observer sees them all")
		time.Sleep(time.Second)
		e.deliver(t, s.Request("payment_succeeded", testkit.WrongSecret))
		r = logged(t, &b)
		require.Len(t, r, 1)
		require.EqualValues(t, 999, r[0]["not_logged"])
	})
}
