package middleware_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
)

// TestNothingLeaks pushes a card number, an e-mail address and a name through every string of every fixture, and
// scans everything that leaves: log records, reports, replies.
func TestNothingLeaks(t *testing.T) {
	needles := []string{"4111111111111111", "alex@example.com", "Alex Example"}
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		var log strings.Builder
		var sinks []string
		c := newClock() // moves on with every delivery, so that each is logged
		e := newEndpoint(t, s, func(config *middleware.Config) {
			config.Now = c.now
			config.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			config.Observe = func(_ context.Context, r middleware.Report) {
				sinks = append(sinks, fmt.Sprintf("%v %+v %#v", r, r, r))
			}
		})
		e.fail = func(ev normalize.Event) error {
			switch len(sinks) % 3 {
			case 0:
				return fmt.Errorf("order of %s %s failed", needles[1], needles[2])
			case 1:
				panic(needles[0])
			}
			return nil
		}
		for _, name := range s.Fixtures() {
			for _, pointer := range pointersOf(s.Payload(name)) {
				for _, needle := range needles {
					c.advance(time.Second)
					w := httptest.NewRecorder()
					e.handler.ServeHTTP(w, s.Request(name, testkit.Set(pointer, needle), testkit.At(c.now())))
					sinks = append(sinks, w.Body.String(), fmt.Sprint(w.Header()))
				}
			}
		}
		require.Greater(t, strings.Count(log.String(), "\n"), len(sinks)/4, "the log is part of this")
		all := log.String() + strings.Join(sinks, "\n")
		for _, needle := range append(needles[:3:3], testkit.PraxisSecret, testkit.PXPKey) {
			require.NotContains(t, all, needle)
		}
	})
}

// pointersOf returns the pointers (RFC 6901) to all strings of a document.
func pointersOf(doc []byte) (all []string) {
	var root any
	if err := json.Unmarshal(doc, &root); err != nil {
		panic(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case string:
			all = append(all, at)
		case []any:
			for i, e := range v {
				walk(fmt.Sprintf("%s/%d", at, i), e)
			}
		case map[string]any:
			for k, e := range v {
				walk(at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(k), e)
			}
		}
	}
	walk("", root)
	sort.Strings(all)
	return all
}
