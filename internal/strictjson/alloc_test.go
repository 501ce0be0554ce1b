//go:build !race

package strictjson_test

import (
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
)

// TestAllocations reads every fixture without allocating, accepted or not.
func TestAllocations(t *testing.T) {
	values := make([]strictjson.Value, 12)
	for name, doc := range payloads(t) {
		require.Zero(t, testing.AllocsPerRun(10, func() { _ = wanted.Read(doc, values) }), "Read %s", name)
		require.Zero(t, testing.AllocsPerRun(10, func() { _ = wanted.Read(doc[:len(doc)-2], values) }), "Read %s, cut", name)
		require.Zero(t, testing.AllocsPerRun(10, func() { _ = wanted.Reread(doc, values) }), "Reread %s", name)
	}
}

// TestSize reads a document that is longer than a position in it can be. All but its first byte is not there: it must be
// refused unread. The race detector would not stand for such a slice.
func TestSize(t *testing.T) {
	if math.MaxInt == math.MaxInt32 {
		t.Skip("no slice is that long on this machine")
	}
	first := byte('{')
	doc := unsafe.Slice(&first, math.MaxInt32+1)
	values := make([]strictjson.Value, 1)
	require.ErrorIs(t, nastyMembers.Read(doc, values), strictjson.ErrSize)
	require.ErrorIs(t, nastyMembers.ReadArray(doc, values, nil), strictjson.ErrSize)
	_, err := strictjson.Set(doc, "/a", nil)
	require.ErrorIs(t, err, strictjson.ErrSize)
}
