package normalize_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
)

// FuzzPraxisNormalize gives the normalizer what no verifier has accepted: what becomes of that is not specified, but it must
// be an event that the rest of the program can live with.
func FuzzPraxisNormalize(f *testing.F) {
	f.Add([]byte(praxisDoc))
	fuzzNormalize(f, testkit.Praxis())
}

// FuzzPXPNormalize gives the normalizer what anybody with the key could send.
func FuzzPXPNormalize(f *testing.F) {
	f.Add([]byte(pxpDoc))
	f.Add([]byte("[" + goodPXP + ",7," + goodPXP + "]"))
	fuzzNormalize(f, testkit.PXP())
}

func fuzzNormalize(f *testing.F, s *testkit.Sender) {
	for _, name := range s.Fixtures() {
		payload, err := fixtures.Payload(s.Provider(), name)
		require.NoError(f, err)
		f.Add(payload)
	}
	n := s.Normalizer()
	f.Fuzz(func(t *testing.T, payload []byte) {
		events, err := read(n, payload)
		if err != nil {
			var located *normalize.Error
			require.ErrorAs(t, err, &located)
			require.Equal(t, n.Provider(), located.Provider)
		}
		for _, e := range events {
			require.Equal(t, n.Provider(), e.Provider)
			require.Regexp(t, `^[A-Za-z0-9%:._~-]{1,200}$`, e.ID)
			require.Regexp(t, `^[A-Za-z0-9%:._~-]{1,200}$`, e.IdempotencyKey())
			require.True(t, e.Type.Known() && e.Type != "" && e.Status.Known() && e.Status != "", "%q %q", e.Type, e.Status)
			require.True(t, within(payload, e.Raw))
			for _, a := range []normalize.Amount{e.Amount, e.Requested, e.Processed} {
				require.GreaterOrEqual(t, a.Minor, int64(0))
				require.Equal(t, a == normalize.Amount{}, a.Currency == "")
			}
			_ = e.LogValue()
		}

		again, againErr := read(n, payload)
		require.Empty(t, cmp.Diff(events, again), "the same once more")
		require.Equal(t, err == nil, againErr == nil)

		if !json.Valid(payload) {
			return
		}
		again, againErr = read(n, spaced(payload))
		require.Len(t, again, len(events), "white space means nothing")
		require.Equal(t, err == nil, againErr == nil)
		for i, e := range events {
			if !hashed(e.ID) {
				require.Equal(t, e.ID, again[i].ID)
			}
			require.Equal(t, e.Name(), again[i].Name())
		}
	})
}

// within reports whether part is some of the very bytes of whole.
func within(whole, part []byte) bool {
	for i := range whole {
		if len(part) > 0 && &whole[i] == &part[0] {
			return i+len(part) <= len(whole)
		}
	}
	return false
}
