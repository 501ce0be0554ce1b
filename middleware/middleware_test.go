package middleware_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

func TestHandle(t *testing.T) {
	for _, s := range testkit.All() {
		t.Run(s.Provider(), func(t *testing.T) {
			m, err := middleware.New(middleware.Config{
				Verifier: s.Verifier(), Normalizer: s.Normalizer(), Store: middleware.NewMemory(middleware.MemoryConfig{}),
			})
			require.NoError(t, err)
			var got []normalize.Event
			h := m.Handle(func(_ context.Context, e normalize.Event) error { got = append(got, e); return nil })
			r := s.Request("payment_succeeded")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			outcome, err := s.CheckReply(w.Result())
			require.NoError(t, err)
			require.Equal(t, verify.Accepted, outcome)
			require.Len(t, got, 1)
			for _, f := range s.Faults() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, s.Request("payment_succeeded", f))
				require.Equal(t, 401, w.Code, f)
			}
		})
	}
}
