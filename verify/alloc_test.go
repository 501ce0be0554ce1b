//go:build !race

package verify_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/verify"
)

// TestRefusedAllocations: whoever sends deliveries with a wrong proof makes us allocate no more than the error.
func TestRefusedAllocations(t *testing.T) {
	for v, d := range authentic(t) {
		spoilt := clone(d)
		if v.Provider() == "praxis" {
			spoilt.Header.Set("Gt-Authentication", sha384("something else", testSecret))
		} else {
			spoilt.Body = append(spoilt.Body, ' ')
		}
		refused(t, v, spoilt, verify.ErrSignature, v.Provider())
		allocations := testing.AllocsPerRun(100, func() { _, _ = v.Verify(context.Background(), spoilt) })
		require.LessOrEqual(t, allocations, 1.0, v.Provider())
	}
}
