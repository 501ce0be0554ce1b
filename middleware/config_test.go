package middleware_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// mistakes returns the fields of all mistakes in an error of New.
func mistakes(t *testing.T, err error) (fields []string) {
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok, "%v", err)
	for _, err := range joined.Unwrap() {
		var e *middleware.ConfigError
		require.True(t, errors.As(err, &e), "%v", err)
		require.Contains(t, e.Reason, ":", "what to do about it: %s", e.Reason)
		fields = append(fields, strings.TrimPrefix(e.Field, "Config."))
	}
	return fields
}

func TestNewReportsEveryMistake(t *testing.T) {
	_, err := middleware.New(middleware.Config{})
	require.ElementsMatch(t, []string{"Verifier", "Normalizer", "Store"}, mistakes(t, err))

	_, err = middleware.New(middleware.Config{MaxBody: -1, BodyTimeout: -1, HandlerTimeout: -1, Lease: -1, Keep: -1,
		MaxAttempts: -1, MaxInFlight: -1, MinAssurance: 9, InsecureAcceptHint: true})
	require.ElementsMatch(t, []string{"Verifier", "Normalizer", "Store", "MaxBody", "BodyTimeout", "HandlerTimeout", "Lease", "Keep",
		"MaxAttempts", "MaxInFlight", "MinAssurance", "InsecureAcceptHint"}, mistakes(t, err))
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		why, field string
		change     func(*middleware.Config)
	}{
		{"two providers", "Normalizer", func(c *middleware.Config) { c.Normalizer = normalize.PXP{} }},
		{"a bar that Praxis cannot reach by itself", "MinAssurance", func(c *middleware.Config) { c.MinAssurance = verify.Full }},
		{"no level", "MinAssurance", func(c *middleware.Config) { c.MinAssurance = 7 }},
		{"forgetting while a replay still verifies", "Keep", func(c *middleware.Config) { c.Keep = time.Hour }},
		{"a handler that outlives its lease", "HandlerTimeout", func(c *middleware.Config) { c.Lease = 8 * time.Second }},
		{"no bar and a bar", "InsecureAcceptHint", func(c *middleware.Config) { c.InsecureAcceptHint, c.MinAssurance = true, verify.Partial }},
	}
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			s := testkit.Praxis()
			c := middleware.Config{Verifier: s.Verifier(), Normalizer: s.Normalizer(), Store: middleware.NewMemory(middleware.MemoryConfig{})}
			_, err := middleware.New(c)
			require.NoError(t, err)
			test.change(&c)
			m, err := middleware.New(c)
			require.Nil(t, m)
			require.Equal(t, []string{test.field}, mistakes(t, err))
		})
	}
}

func TestKeepAtTheWindow(t *testing.T) {
	s := testkit.Praxis()
	_, err := middleware.New(middleware.Config{Verifier: s.Verifier(), Normalizer: s.Normalizer(),
		Store: middleware.NewMemory(middleware.MemoryConfig{}), Keep: s.Verifier().Limits().ReplayWindow})
	require.NoError(t, err)
}

func TestZeroMiddlewareIsClosed(t *testing.T) {
	w := httptest.NewRecorder()
	new(middleware.Middleware).Handle(nil).ServeHTTP(w, testkit.Praxis().Request("payment_succeeded"))
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
}
