package normalize_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

func TestLogValue(t *testing.T) {
	require.Equal(t, slog.GroupValue(
		slog.String("provider", "praxis"),
		slog.String("account", "shop/live"),
		slog.String("name", "payment.succeeded"),
		slog.String("id", "txn:756850:sale:approved"),
		slog.String("transaction_id", "756850"),
		slog.String("merchant_reference", "test-1560610955"),
		slog.String("amount", "1.00 EUR"),
		slog.String("reason_code", "SC-002"),
		slog.String("brand", "VISA"),
		slog.String("raw_type", "sale"),
		slog.String("raw_status", "approved"),
		slog.String("assurance", "full"),
		slog.String("key_id", "2026-11"),
	), full().LogValue())
	require.Equal(t, "[name=unknown.unknown assurance=hint]", normalize.Event{}.LogValue().String(), "what is empty is left out")
}

// sinks are the ways in which an event gets printed without anybody meaning to print its content.
func sinks(t *testing.T, e normalize.Event) map[string]string {
	out := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3v"} {
		out[verb] = fmt.Sprintf(verb, e)
		out[verb+" pointer"] = fmt.Sprintf(verb, &e)
		out[verb+" slice"] = fmt.Sprintf(verb, []normalize.Event{e})
		out[verb+" map"] = fmt.Sprintf(verb, map[string]normalize.Event{"e": e})
		out[verb+" struct"] = fmt.Sprintf(verb, struct{ E normalize.Event }{e})
		out[verb+" embedded"] = fmt.Sprintf(verb, struct{ normalize.Event }{e})
	}
	var text, object bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("got", "event", e, "pointer", &e, "list", []normalize.Event{e})
	slog.New(slog.NewJSONHandler(&object, nil)).Info("got", "event", e, "pointer", &e)
	out["slog text"], out["slog JSON"] = text.String(), object.String()
	return out
}

func TestEventDoesNotPrintItself(t *testing.T) {
	e := full()
	e.Raw = normalize.Payload(`{"pan":"raw-content"}`)
	e.Reason.Message, e.Method.Name, e.Method.Last4 = "free text by Jane", "Jane's card", "9876"
	for sink, shown := range sinks(t, e) {
		require.Contains(t, shown, "payment.succeeded", "%s shows the allow-list", sink)
		for _, hidden := range []string{"raw-content", "free text", "Jane", "9876"} {
			require.NotContains(t, shown, hidden, sink)
			require.NotContains(t, strings.ToLower(shown), fmt.Sprintf("%x", hidden), sink)
			require.NotContains(t, shown, strings.Trim(fmt.Sprint([]byte(hidden)), "[]"), sink)
		}
	}
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.NotContains(t, string(text), "raw-content", "encoding/json leaves Raw out")
}

func TestPayloadDoesNotPrintItself(t *testing.T) {
	p := normalize.Payload("raw-content")
	const want = "[11 bytes]"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		require.Equal(t, want, fmt.Sprintf(verb, p), verb)
		require.NotContains(t, fmt.Sprintf(verb, struct{ P *normalize.Payload }{&p}), "raw", verb)
	}
	require.Equal(t, want, p.String())
	require.Equal(t, want, p.GoString())
	require.Equal(t, want, p.LogValue().String())
	require.Equal(t, "[0 bytes]", normalize.Payload(nil).String())

	text, err := json.Marshal(map[string]any{"p": p, "list": []normalize.Payload{p}})
	require.NoError(t, err)
	require.Equal(t, `{"list":["[11 bytes]"],"p":"[11 bytes]"}`, string(text))
	text, err = json.Marshal(map[string]any{"p": &p})
	require.NoError(t, err)
	require.Equal(t, `{"p":"[11 bytes]"}`, string(text))
	text, err = xml.Marshal(p)
	require.NoError(t, err)
	require.Equal(t, "<Payload>[11 bytes]</Payload>", string(text))

	require.Equal(t, "raw-content", string([]byte(p)), "a conversion gives the content")
}

// logged returns what is shown of a merchant reference.
func logged(reference string) string {
	for _, a := range (normalize.Event{MerchantReference: reference}).LogValue().Group() {
		if a.Key == "merchant_reference" {
			return a.Value.String()
		}
	}
	return ""
}

func TestLoggedValues(t *testing.T) {
	const visa, amex, nineteen = "4111111111111111", "378282246310005", "6304000000000000000"
	for _, tt := range []struct{ value, want, why string }{
		{"test-1560610955", "test-1560610955", "the plain case"},
		{"txn:756850:sale:approved", "txn:756850:sale:approved", "an id"},
		{"550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000", "a UUID"},
		{"Z\u00fcrich", "Z\u00fcrich", "letters beyond ASCII print"},

		{visa, "[digits]", "a card number"},
		{"4222222222222", "[digits]", "13 digits"},
		{amex, "[digits]", "15 digits"},
		{nineteen, "[digits]", "19 digits"},
		{"4111111111111112", "4111111111111112", "the check digit is wrong"},
		{"411111111111", "411111111111", "12 digits are no card number"},
		{"000000000018", "000000000018", "12 digits that pass the check"},
		{"00004111111111111111", "00004111111111111111", "20 digits are no card number"},
		{"ref" + visa + "x", "ref[digits]x", "between letters"},
		{"txn:" + visa + ":sale", "txn:[digits]:sale", "in an id"},
		{"pay%20" + visa, "pay%20[digits]", "after an escape, whose digits do not count"},
		{"%" + visa, "%[digits]", "after a percent sign that is no escape"},
		{"4111 1111 1111 1111", "[digits]", "in groups"},
		{"4111-1111-1111-1111", "[digits]", "in groups"},
		{"4111%201111%201111%201111", "[digits]", "in groups, escaped"},
		{"3782 822463 10005", "[digits]", "in other groups"},
		{"2026-11 " + visa, "2026-11 [digits]", "after other digits"},
		{visa + " 2026-11", "[digits] 2026-11", "before other digits"},
		{visa + "," + amex, "[digits],[digits]", "two of them"},
		{"4111--1111--1111--1111", "4111--1111--1111--1111", "two separators are no grouping"},
		{"4111 1111 1111 1111 ", "[digits] ", "a separator at the end"},

		{"jane@example.com", "[e-mail]", "an address"},
		{"pay:jane.roe+shop@example.com:7", "pay:[e-mail]:7", "in an id"},
		{"jane%40example.com", "[e-mail]", "escaped"},
		{"<j\u00fcrgen@b\u00fccher.example>", "<[e-mail]>", "beyond ASCII"},
		{"a@b@c", "[e-mail]", "two at signs"},
		{"@jane", "[e-mail]", "what is left of an address behind a control character"},
		{"4111111111111111@example.com", "[e-mail]", "both"},

		{"a\nb", `"a\nb"`, "a line feed must not forge a log line"},
		{"a\x1b[31mb", `"a\x1b[31mb"`, "an escape must not reach a terminal"},
		{"a\u202eb", `"a\u202eb"`, "nor a change of direction"},
		{"a\u2028b", `"a\u2028b"`, "nor another line separator"},
		{"a\xffb", `"a\xffb"`, "what is no UTF-8"},
		{`"a"`, `"\"a\""`, "what begins with a quote is quoted"},
		{"\x00" + visa, `"\x00[digits]"`, "masked before it is quoted"},

		{strings.Repeat("x", 128), strings.Repeat("x", 128), "128 bytes"},
		{strings.Repeat("x", 129), strings.Repeat("x", 125) + "\u2026", "129 bytes"},
		{strings.Repeat("\u00e9", 65), strings.Repeat("\u00e9", 62) + "\u2026", "cut between runes"},
		{strings.Repeat("x", 120) + visa, strings.Repeat("x", 120) + "[digits]", "a number on the edge is masked as a whole"},
		{strings.Repeat("x", 1<<20), strings.Repeat("x", 125) + "\u2026", "a megabyte"},
		{strings.Repeat("\u20ac", 1<<18), strings.Repeat("\u20ac", 41) + "\u2026", "a megabyte that is scanned up to a broken rune"},
	} {
		require.Equal(t, tt.want, logged(tt.value), tt.why)
	}
}

// Every logged value is treated alike.
func TestEveryLoggedValueIsMasked(t *testing.T) {
	const secret = "4111111111111111 jane@example.com \n"
	e := normalize.Event{
		ID: secret, Provider: secret, Account: secret, Type: secret, Status: secret, TransactionID: secret, RelatedID: secret,
		MerchantReference: secret, OrderReference: secret, Amount: normalize.Amount{Minor: 1, Currency: secret},
		Requested: normalize.Amount{Currency: secret}, Processed: normalize.Amount{Currency: secret},
		Reason: normalize.Reason{Code: secret, Message: secret}, Method: normalize.Method{Name: secret, Brand: secret, Last4: secret},
		RawType: secret, RawStatus: secret, Raw: normalize.Payload(secret), KeyID: secret,
	}
	for sink, shown := range sinks(t, e) {
		require.NotContains(t, shown, "1111111111", sink)
		require.NotContains(t, shown, "jane", sink)
		require.Equal(t, strings.HasPrefix(sink, "slog"), strings.Contains(shown, "\n"), "%s: only a handler ends its lines", sink)
	}
}

func FuzzLoggedValue(f *testing.F) {
	f.Add("4111 1111-1111%201111")
	f.Add("%40\x00@\u202e\xff%4")
	f.Fuzz(func(t *testing.T, value string) {
		shown := logged(value)
		require.LessOrEqual(t, len(shown), 128)
		require.True(t, utf8.ValidString(shown))
		require.NotRegexp(t, `[a-z0-9]@[a-z0-9]`, shown)
		for _, r := range shown {
			require.True(t, unicode.IsPrint(r), "%q in %q", r, shown)
		}
		if quoted := strconv.Quote(value); len(value) <= 128 && quoted == `"`+value+`"` && !strings.ContainsAny(value, "0123456789@") {
			require.Equal(t, value, shown, "what is harmless is shown as it is")
		}
		require.NotContains(t, logged(value+" 4111111111111111"), "4111111111111111")
	})
}

func BenchmarkLogValue(b *testing.B) {
	hostile := full()
	hostile.MerchantReference = strings.Repeat("1 ", 1<<13)
	for name, e := range map[string]normalize.Event{"plain": full(), "hostile": hostile} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = e.LogValue()
			}
		})
	}
}
