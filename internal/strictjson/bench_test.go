package strictjson_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/internal/strictjson"
)

// hostile are documents of 64 KiB that cost a reader as much as possible for each byte.
func hostile() map[string][]byte {
	const size = 64 << 10
	fill := func(part string) []byte {
		n := (size - len(`{"x":[]}`) + 1) / (len(part) + 1)
		return []byte(`{"x":[` + strings.TrimSuffix(strings.Repeat(part+",", n), ",") + `]}`)
	}
	var names strings.Builder
	names.WriteByte('{')
	for i := 0; i < strictjson.MaxMembers; i++ {
		fmt.Fprintf(&names, `"%x":0,`, i)
	}
	return map[string][]byte{
		"numbers":         fill(`0`),
		"strings":         fill(`""`),
		"literals":        fill(`null`),
		"arrays":          fill(`[]`),
		"objects":         fill(`{}`),
		"one_member":      fill(`{"a":0}`),
		"two_members":     fill(`{"a":0,"b":0}`),
		"nested":          fill(strings.Repeat(`{"a":`, strictjson.MaxDepth-3) + `0` + strings.Repeat(`}`, strictjson.MaxDepth-3)),
		"many_members":    fill(strings.TrimSuffix(names.String(), ",") + `}`),
		"escapes":         fill(`"` + strings.Repeat(`\u00e9`, 2000) + `"`),
		"backslashes":     fill(`"` + strings.Repeat(`\\`, 8000) + `"`),
		"long_strings":    fill(`"` + strings.Repeat(`x`, 16000) + `"`),
		"multibyte":       fill(`"` + strings.Repeat("\u20ac", 5000) + `"`),
		"white_space":     fill(strings.Repeat(" ", 100) + `0`),
		"colons":          fill(`"` + strings.Repeat(`:`, 16000) + `"`),
		"unclosed_arrays": bytes.Repeat([]byte(`[`), size),
		"wanted":          fill(`{"merchant_id":"a","timestamp":0}`),
	}
}

var wanted = strictjson.Want("merchant_id", "application_key", "timestamp", "customer.customer_token", "session.order_id",
	"transaction.tid", "transaction.currency", "transaction.amount", "transaction.conversion_rate",
	"transaction.processed_currency", "transaction.processed_amount", "transaction")

func documented(b *testing.B) []byte {
	doc, err := fixtures.Payload("praxis", "payment_succeeded")
	require.NoError(b, err)
	return doc
}

func perByte(b *testing.B, doc []byte) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(doc)), "ns/B")
}

// BenchmarkTokens is one pass of the library's tokenizer over the documented notification: the measure for the others.
func BenchmarkTokens(b *testing.B) {
	doc := documented(b)
	var buffer bytes.Buffer
	decoder := jsontext.NewDecoder(&buffer)
	b.ReportAllocs()
	for b.Loop() {
		buffer = *bytes.NewBuffer(doc)
		decoder.Reset(&buffer)
		for {
			if _, err := decoder.ReadToken(); err != nil {
				break
			}
		}
	}
	perByte(b, doc)
}

func BenchmarkRead(b *testing.B) {
	doc := documented(b)
	var values [12]strictjson.Value
	b.ReportAllocs()
	for b.Loop() {
		if err := wanted.Read(doc, values[:]); err != nil {
			b.Fatal(err)
		}
	}
	perByte(b, doc)
}

func BenchmarkReread(b *testing.B) {
	doc := documented(b)
	var values [12]strictjson.Value
	b.ReportAllocs()
	for b.Loop() {
		if err := wanted.Reread(doc, values[:]); err != nil {
			b.Fatal(err)
		}
	}
	perByte(b, doc)
}

func BenchmarkReadHostile(b *testing.B) {
	for name, doc := range hostile() {
		b.Run(name, func(b *testing.B) {
			var values [12]strictjson.Value
			b.ReportAllocs()
			for b.Loop() {
				_ = wanted.Read(doc, values[:])
			}
			perByte(b, doc)
		})
	}
}
