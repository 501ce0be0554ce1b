package normalize_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// TestGolden compares every fixture's events with the golden ones, which were written from the provider's documentation
// and not by this package.
func TestGolden(t *testing.T) {
	for _, s := range testkit.All() {
		for _, name := range s.Fixtures() {
			t.Run(s.Provider()+"/"+name, func(t *testing.T) {
				payload, err := fixtures.Payload(s.Provider(), name)
				require.NoError(t, err)
				golden, err := fixtures.Event(s.Provider(), name)
				require.NoError(t, err)
				m := verify.Message{
					Provider: s.Provider(), Kind: map[string]string{"praxis": "notification"}[s.Provider()],
					Payload: payload, KeyID: "test", Assurance: s.Verifier().Limits().Assurance,
				}
				events, _ := s.Normalizer().Normalize(m)
				var got any = append([]normalize.Event{}, events...)
				if bytes.HasPrefix(golden, []byte("{")) {
					require.Len(t, events, 1)
					got = events[0]
				}
				encoded, err := json.Marshal(got)
				require.NoError(t, err)
				require.JSONEq(t, string(golden), string(encoded))
			})
		}
	}
}
