package iso4217

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExponent(t *testing.T) {
	for _, tt := range []struct {
		code     string
		exponent uint8
		ok       bool
		why      string
	}{
		{"EUR", 2, true, "most currencies have two places"},
		{"JPY", 0, true, "no minor unit in use"},
		{"ISK", 0, true, "0 by ISO since 2007, 2 in several libraries"},
		{"BHD", 3, true, "1000 fils"},
		{"CLF", 4, true, "a unit of account"},
		{"UYW", 4, true, "a unit of account"},
		{"MGA", 2, true, "one fifth is the subunit, ISO says 2 all the same"},
		{"XCG", 2, true, "new in 2025"},
		{"ANG", 2, true, "withdrawn in 2025, still replayed"},
		{"BGN", 2, true, "withdrawn in 2026, still replayed"},
		{"jpy", 0, true, "case does not matter: 100 jpy must not be taken for 1.00"},
		{"kWd", 3, true, "mixed case either"},
		{"XAU", 0, false, "a metal has no exponent"},
		{"XXX", 0, false, "no currency"},
		{"XTS", 0, false, "for tests"},
		{"XDR", 0, false, "an accounting unit"},
		{"ETH", 0, false, "not of ISO"},
		{"USDT", 0, false, "too long"},
		{"EU", 0, false, "too short"},
		{"", 0, false, "empty"},
		{"E\u00dc", 0, false, "three bytes, not three letters"},
		{"@UR", 0, false, "the neighbour of A"},
		{"[UR", 0, false, "the neighbour of Z"},
		{"`UR", 0, false, "the neighbour of a"},
		{"{UR", 0, false, "the neighbour of z"},
		{"E R", 0, false, "a space is no letter"},
		{"978", 0, false, "the numeric code of the euro is not looked up"},
	} {
		t.Run(tt.code, func(t *testing.T) {
			exponent, ok := Exponent(tt.code)
			require.Equal(t, tt.ok, ok, tt.why)
			require.Equal(t, tt.exponent, exponent, tt.why)
		})
	}
}

func TestLists(t *testing.T) {
	list := strings.Fields(current)
	require.Len(t, list, 165, "list one with amendment 180")
	require.Len(t, current, 165*4-1, "single spaces")
	require.True(t, slices.IsSorted(list), "sorted, so that a diff can be reviewed")
	require.Len(t, slices.Compact(slices.Clone(list)), 165, "no code twice")
	for _, code := range strings.Fields(withdrawn) {
		require.NotContains(t, list, code, "withdrawn and current exclude each other")
	}
	seen := map[string]bool{}
	for _, exceptions := range []string{zero, three, four} {
		for code := range strings.FieldsSeq(exceptions) {
			require.Contains(t, list, code, "an exponent belongs to a current code")
			require.False(t, seen[code], "%s has two exponents", code)
			seen[code] = true
		}
	}
}

func TestEveryTriple(t *testing.T) {
	known := 0
	for a := byte('A'); a <= 'Z'; a++ {
		for b := byte('A'); b <= 'Z'; b++ {
			for c := byte('A'); c <= 'Z'; c++ {
				if _, ok := Exponent(string([]byte{a, b, c})); ok {
					known++
				}
			}
		}
	}
	require.Equal(t, 165+6, known, "the lists and nothing else")
}

func BenchmarkExponent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Exponent("KWD"); !ok {
			b.Fatal("KWD is unknown")
		}
	}
}
