package normalize_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

func TestIdempotencyKey(t *testing.T) {
	for _, tt := range []struct {
		change func(*normalize.Event)
		want   string
		why    string
	}{
		{func(*normalize.Event) {}, "praxis:shop%2Flive:756850:payment:succeeded", "the state that was reached"},
		{func(e *normalize.Event) { e.ID, e.RawStatus = "other", "review" }, "praxis:shop%2Flive:756850:payment:succeeded", "another word for the same state"},
		{func(e *normalize.Event) { e.Status = "refunded" }, "praxis:shop%2Flive:756850:payment:refunded", "another state"},
		{func(e *normalize.Event) { e.Type = "capture" }, "praxis:shop%2Flive:756850:capture:succeeded", "another operation with the same id"},
		{func(e *normalize.Event) { e.Status = "unknown" }, "praxis:shop%2Flive:txn%3A756850%3Asale%3Aapproved", "two unknown words must not collapse"},
		{func(e *normalize.Event) { e.Type = "unknown" }, "praxis:shop%2Flive:txn%3A756850%3Asale%3Aapproved", "two unknown words must not collapse"},
		{func(e *normalize.Event) { e.Status = "disputed" }, "praxis:shop%2Flive:txn%3A756850%3Asale%3Aapproved", "a status of a later version"},
		{func(e *normalize.Event) { e.Type = "dispute" }, "praxis:shop%2Flive:txn%3A756850%3Asale%3Aapproved", "a type of a later version"},
		{func(e *normalize.Event) { e.TransactionID = "" }, "praxis:shop%2Flive:txn%3A756850%3Asale%3Aapproved", "two pings must not collapse"},
		{func(e *normalize.Event) { e.TransactionID = "a:b%" }, "praxis:shop%2Flive:a%3Ab%25:payment:succeeded", "parts cannot run into each other"},
		// The escapes are those of Python: urllib.parse.quote(s, safe='').
		{func(e *normalize.Event) { e.TransactionID = "AZaz09-._~ !*'()+@[]{}" },
			"praxis:shop%2Flive:AZaz09-._~%20%21%2A%27%28%29%2B%40%5B%5D%7B%7D:payment:succeeded", "unreserved and reserved characters"},
		{func(e *normalize.Event) { e.TransactionID = "\u00e9\u20ac\x00\xff" },
			"praxis:shop%2Flive:%C3%A9%E2%82%AC%00%FF:payment:succeeded", "bytes, not runes"},
		{func(e *normalize.Event) {
			e.TransactionID = strings.Repeat("x", 200-len("praxis:shop%2Flive::payment:succeeded"))
		},
			"praxis:shop%2Flive:" + strings.Repeat("x", 163) + ":payment:succeeded", "200 bytes"},
		// printf 'praxis:shop%%2Flive:%s:payment:succeeded' "$(printf 'x%.0s' $(seq 164))" | sha256sum
		{func(e *normalize.Event) {
			e.TransactionID = strings.Repeat("x", 201-len("praxis:shop%2Flive::payment:succeeded"))
		},
			"a571d36c9ab912cba31a7c6e742376e405f002a9bfbdabbc9bd87ecd773370e8", "201 bytes"},
	} {
		e := full()
		tt.change(&e)
		require.Equal(t, tt.want, e.IdempotencyKey(), tt.why)
	}
}

func FuzzIdempotencyKey(f *testing.F) {
	f.Add("a:b", "c", "a", "b:c")
	f.Add("%3A", "", ":", "")
	f.Fuzz(func(t *testing.T, account1, transaction1, account2, transaction2 string) {
		one, two := full(), full()
		one.Account, one.TransactionID = account1, transaction1
		two.Account, two.TransactionID = account2, transaction2
		if transaction1 == "" || transaction2 == "" {
			return
		}
		require.Regexp(t, `^[A-Za-z0-9%:._~-]{1,200}$`, one.IdempotencyKey())
		require.Equal(t, account1 == account2 && transaction1 == transaction2, one.IdempotencyKey() == two.IdempotencyKey())
	})
}

func BenchmarkIdempotencyKey(b *testing.B) {
	b.ReportAllocs()
	e := full()
	for b.Loop() {
		_ = e.IdempotencyKey()
	}
}
