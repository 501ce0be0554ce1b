package normalize_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

const pxpDoc = `[{"eventDate":"2026-09-21T14:32:20.1000001Z","eventCategory":"Transaction","eventCode":null,"eventData":{"state":"Captured",
"stateData":{"code":"CRD001","message":"Not now"},"approvalCode":"123456","merchant":"M-1","site":"S-1","transactionMethod":
{"intent":"Purchase","fundingType":"Card","entryType":"Ecom"},"amounts":{"transactionValue":50.05,"currencyCode":"EUR"},
"merchantOrderId":"order-7","merchantTransactionId":"order-7-1","systemTransactionId":"t-1","merchantTransactionDate":"2024-01-27 08:51:02.826445+00:00",
"fundingData":{"cardScheme":"Visa","tokenId":"tok","schemeTokenNumber":"4837261112345678","maskedPrimaryAccountNumber":"411111******1111",
"expiryMonth":"4","providerResponse":{"provider":"PXPFinancial","code":"00","message":"Approved","authorisedAmount":1}}},
"eventOwner":{"merchantGroup":"G-1","merchant":"M-2","site":"S-2"}}]`

func pxpEvent() normalize.Event {
	return normalize.Event{
		ID: "Transaction:t-1:Purchase:Captured", Provider: "pxp", Account: "M-2/S-2",
		Type: normalize.TypePayment, Status: normalize.StatusSucceeded, Time: time.Date(2026, 9, 21, 14, 32, 20, 100000100, time.UTC),
		TransactionID: "t-1", MerchantReference: "order-7-1", OrderReference: "order-7", Amount: euros(5005),
		Reason:  normalize.Reason{Code: "CRD001", Message: "Not now"},
		Method:  normalize.Method{Name: "Card", Brand: "Visa"},
		RawType: "Purchase", RawStatus: "Captured", Assurance: verify.Partial, KeyID: "test",
	}
}

func TestPXPFields(t *testing.T) {
	type event = *normalize.Event
	account := func(name string) func(event) { return func(e event) { e.Account = name } }
	amount := func(a normalize.Amount) func(event) { return func(e event) { e.Amount = a } }
	at := func(want time.Time) func(event) { return func(e event) { e.Time = want } }
	id := func(id string) func(event) { return func(e event) { e.ID = id } }
	const date, value, currency = "/0/eventDate", "/0/eventData/amounts/transactionValue", "/0/eventData/amounts/currencyCode"
	checkFields(t, normalize.PXP{}, pxpDoc, pxpEvent(), []field{
		{date, `"2026-09-21T14:32:20.123Z"`, at(time.Date(2026, 9, 21, 14, 32, 20, 123e6, time.UTC)), "three decimals"},
		{date, `"2026-09-21T16:32:20.1000001+02:00"`, nil, "the same instant, in UTC"},
		{date, `"2026-09-21T14:32:20Z"`, at(time.Date(2026, 9, 21, 14, 32, 20, 0, time.UTC)), "no decimals"},
		{date, `"2026-09-21 14:32:20.1+00:00"`, at(time.Time{}), "the form of another member: unreadable, and no reason to refuse"},
		{date, `"yesterday"`, at(time.Time{}), "unreadable, and no reason to refuse"},
		{date, `""`, at(time.Time{}), "unreadable, and no reason to refuse"},
		{"/0/eventData/merchantTransactionDate", `"2025-03-27T10:38:43.708Z"`, nil, "the merchant's date is not read"},

		{"/0/eventOwner", ``, account("M-1/S-1"), "the owner is optional: then who is named in the data"},
		{"/0/eventOwner", `null`, account("M-1/S-1"), "null as absent"},
		{"/0/eventOwner/merchant", `null`, account("M-1/S-2"), "each part by itself"},
		{"/0/eventOwner/site", ``, account("M-2/S-1"), "each part by itself"},
		{"/0/eventData/merchant", ``, nil, "the owner counts"},
		{"/0/eventData/merchantOrderId", ``, func(e event) { e.OrderReference = "" }, "not stated"},
		{"/0/eventData/merchantTransactionId", `"a:b"`, func(e event) { e.MerchantReference = "a:b" }, "as the merchant gave it"},
		{"/0/eventData/systemTransactionId", `"t:2"`, func(e event) { e.TransactionID, e.ID = "t:2", "Transaction:t%3A2:Purchase:Captured" }, "escaped in the id"},
		{"/0/eventData/authenticationId", `"a-1"`, nil, "the transaction's own id comes first"},
		{"/0/eventCode", `"C-1"`, id("Transaction:t-1:Purchase:Captured:C-1"), "duplicates share it"},
		{"/0/eventData/eventCode", `"C-2"`, id("Transaction:t-1:Purchase:Captured:C-2"), "its place is not documented"},
		{"/0/eventData/eventCode", `7`, nil, "no text, no code"},

		{value, `"50.05"`, nil, "a text of the same form"},
		{value, `50.0500`, nil, "the same sum"},
		{value, `5005e-2`, nil, "the same sum"},
		{value, `0.29`, amount(euros(29)), "never through a float"},
		{value, `1E2`, amount(euros(10000)), "a power of ten"},
		{value, `1.875`, amount(money(1875, 3, "EUR")), "finer digits are kept"},
		{value, `0`, amount(euros(0)), "zero is stated"},
		{value, `-0.0`, amount(euros(0)), "and has no sign"},
		{value, `92233720368547758.07`, amount(euros(9223372036854775807)), "the most that 64 bits hold"},
		{value, `null`, amount(normalize.Amount{}), "not stated"},
		{value, ``, amount(normalize.Amount{}), "not stated"},
		{"/0/eventData/amounts/transaction", `7`, nil, "webhooks say transactionValue"},
		{"/0/eventData/amounts", `{"transaction":50.05,"currencyCode":"EUR"}`, nil, "as API answers call it"},
		{"/0/eventData/amounts", `{"transactionValue":null,"transaction":"50.05","currencyCode":"EUR"}`, nil, "as API answers call it"},
		{"/0/eventData/amounts", `null`, amount(normalize.Amount{}), "not stated"},
		{"/0/eventData/amounts", `[]`, amount(normalize.Amount{}), "of another kind: nothing is stated there"},
		{currency, `"JPY"`, amount(money(5005, 2, "JPY")), "finer than the currency, kept"},
		{currency, `"BHD"`, amount(money(50050, 3, "BHD")), "padded"},
		{currency, `"USDT"`, amount(money(5005, 2, "USDT")), "what ISO does not list"},

		{"/0/eventData/stateData", ``, func(e event) { e.Reason = normalize.Reason{Code: "00", Message: "Approved"} }, "the acquirer's reason otherwise"},
		{"/0/eventData/stateData/code", `null`, func(e event) { e.Reason.Code = "" }, "reasons are not mixed"},
		{"/0/eventData/fundingData", ``, func(e event) { e.Method.Brand = "" }, "no card"},
		{"/0/eventData/fundingData/maskedPrimaryAccountNumber", `"411111******2222"`, nil, "no digits of the number are taken"},
		{"/0/eventData/transactionMethod/fundingType", `"PayPal"`, func(e event) { e.Method.Name = "PayPal" }, "the method"},
		{"/0/eventData/transactionMethod", ``, func(e event) {
			e.ID, e.Type, e.RawType, e.Method.Name = "Transaction:t-1::Captured", normalize.TypeUnknown, "", ""
		}, "nothing tells the type"},

		{"/0/eventCategory", `"Token"`, func(e event) { // whatever else is there
			*e = normalize.Event{
				ID: "Token:t-1::Captured", Provider: e.Provider, Account: e.Account, Type: normalize.TypeToken, Status: normalize.StatusUnknown,
				Time: e.Time, TransactionID: e.TransactionID, MerchantReference: e.MerchantReference, OrderReference: e.OrderReference,
				Reason: e.Reason, Method: e.Method, RawType: "Token", RawStatus: "Captured", Assurance: e.Assurance, KeyID: e.KeyID,
			}
		}, "intent and amount are a transaction's"},
	})
}

// goodPXP is an element that nothing is wrong with; its members are in the order in which encoding/json puts them.
const goodPXP = `{"eventCategory":"Transaction","eventData":{"state":"Refused","systemTransactionId":"t-2",` +
	`"transactionMethod":{"intent":"Payout"}},"eventDate":"2026-09-21T14:32:20.1Z"}`

func TestPXPMistakes(t *testing.T) {
	const amounts, date, category, data = "/eventData/amounts", "/eventDate", "/eventCategory", "/eventData"
	neighbour, err := read(normalize.PXP{}, []byte("["+goodPXP+"]"))
	require.NoError(t, err)
	for _, m := range []mistake{
		{date, ``, date, normalize.ErrUnreadable, "required"},
		{date, `null`, date, normalize.ErrUnreadable, "required"},
		{date, `1790000000`, date, normalize.ErrUnreadable, "a number is no date of theirs"},
		{category, ``, category, normalize.ErrUnreadable, "required"},
		{category, `null`, category, normalize.ErrUnreadable, "required"},
		{category, `["Transaction"]`, category, normalize.ErrUnreadable, "of another kind"},
		{data, ``, data, normalize.ErrUnreadable, "required"},
		{data, `null`, data, normalize.ErrUnreadable, "required"},
		{data, `"{}"`, data, normalize.ErrUnreadable, "JSON in a text is a text"},
		{data, `[{}]`, data, normalize.ErrUnreadable, "of another kind"},
		{"/EventData", `{}`, "", strictjson.ErrVariant, "two readers could differ"},
		{"/eventData/STATE", `"Captured"`, "", strictjson.ErrVariant, "two readers could differ"},
		{"/eventOwner/Merchant", `"M-9"`, "", strictjson.ErrVariant, "two readers could differ"},
		{amounts + "/transactionValue", `-50.06`, amounts + "/transactionValue", normalize.ErrAmount, "the direction is the type's business"},
		{amounts + "/transactionValue", `"50,06"`, amounts + "/transactionValue", normalize.ErrAmount, "a comma"},
		{amounts + "/transactionValue", `""`, amounts + "/transactionValue", normalize.ErrAmount, "empty is not absent"},
		{amounts + "/transactionValue", `true`, amounts + "/transactionValue", normalize.ErrAmount, "of another kind"},
		{amounts + "/transactionValue", `92233720368547758.08`, amounts + "/transactionValue", normalize.ErrAmount, "19 digits beyond 64 bits"},
		{amounts + "/transactionValue", `1e400`, amounts + "/transactionValue", normalize.ErrAmount, "a power without bound"},
		{amounts, `{"transaction":"50.06EUR","currencyCode":"EUR"}`, amounts + "/transaction", normalize.ErrAmount, "the other name"},
		{amounts + "/currencyCode", ``, amounts + "/currencyCode", normalize.ErrAmount, "a number without a currency is no amount"},
		{amounts + "/currencyCode", `null`, amounts + "/currencyCode", normalize.ErrAmount, "a number without a currency is no amount"},
		{amounts + "/currencyCode", `978`, amounts + "/currencyCode", normalize.ErrAmount, "a number is no currency code"},
		{amounts + "/currencyCode", `"jane.roe@example.com"`, amounts + "/currencyCode", normalize.ErrAmount, "no currency code"},
	} {
		// Alone, and between neighbours that nothing is wrong with.
		for _, doc := range []string{pxpDoc, "[" + goodPXP + "," + strings.Trim(pxpDoc, "[]") + "," + goodPXP + "]"} {
			m := m
			index := fmt.Sprint("/", strings.Count(doc, goodPXP)/2)
			m.pointer, m.at = index+m.pointer, index+m.at
			got := checkMistake(t, normalize.PXP{}, doc, m)
			if len(got) == 3 {
				require.Empty(t, cmp.Diff(neighbour, got[:1]), m.why)
				require.Empty(t, cmp.Diff(neighbour, got[2:]), m.why)
				got = got[1:2]
			}
			require.Len(t, got, 1)
			checkMalformed(t, got[0], m.why)
		}
	}
	for _, element := range []string{`null`, `true`, `7`, `"event"`, `[]`, `[{"eventCategory":"Transaction"}]`} {
		doc := "[" + goodPXP + "," + element + "]"
		got := checkMistake(t, normalize.PXP{}, doc, mistake{"/1", element, "/1", normalize.ErrUnreadable, "not an object"})
		require.Len(t, got, 2)
		require.Empty(t, cmp.Diff(neighbour, got[:1]))
		require.Regexp(t, `^malformed:[0-9a-f]{64}$`, got[1].ID)
		require.Equal(t, element, string([]byte(got[1].Raw)))
	}
}

// checkMalformed makes sure that nothing of an element is believed but whose and when it is.
func checkMalformed(t *testing.T, e normalize.Event, why string) {
	require.Equal(t, "unknown.unknown", e.Name(), why)
	require.True(t, hashed(e.ID), why)
	require.NotEmpty(t, e.Raw, why)
	want := normalize.Event{
		ID: e.ID, Provider: "pxp", Account: "M-2/S-2", Type: e.Type, Status: e.Status, Time: e.Time,
		RawType: e.RawType, Raw: e.Raw, Assurance: verify.Partial, KeyID: "test",
	}
	require.Empty(t, cmp.Diff(want, e), why)
}

func TestPXPArray(t *testing.T) {
	doc := []byte(`[` + goodPXP + `,{"eventCategory":"Transaction","eventData":{}},` +
		`{"eventDate":"2026-09-21T14:32:20Z","eventCategory":"Chargeback","eventData":{"state":"Opened"}}]`)
	got, err := read(normalize.PXP{}, doc)
	require.EqualError(t, err, "normalize: pxp: /1/eventDate: "+normalize.ErrUnreadable.Error()+": want a string")
	require.Len(t, got, 3, "good, bad, new category: each is an event")
	for i, name := range []string{"payout.declined", "unknown.unknown", "unknown.unknown"} {
		require.Equal(t, name, got[i].Name())
		require.Equal(t, len(got[i].Raw), cap(got[i].Raw), "what is appended to Raw must not run into the neighbour")
	}
	require.Equal(t, []string{"Payout", "Transaction", "Chargeback"}, []string{got[0].RawType, got[1].RawType, got[2].RawType})
	require.Equal(t, "Opened", got[2].RawStatus)

	for _, empty := range []string{"[]", " [ \r\n] "} {
		got, err = read(normalize.PXP{}, []byte(empty))
		require.NoError(t, err, "nothing happened")
		require.Empty(t, got)
	}

	got, err = read(normalize.PXP{}, []byte("["+strings.Repeat(goodPXP+",7,", 500)+goodPXP+"]"))
	require.Len(t, got, 1001)
	mistakes := err.(interface{ Unwrap() []error }).Unwrap()
	require.Len(t, mistakes, 500)
	for i, err := range mistakes {
		require.Equal(t, fmt.Sprint("/", 2*i+1), err.(*normalize.Error).Pointer)
	}
}

// A body that is not one strict JSON array may be read in two ways: nothing of it is believed.
func TestPXPUnreadable(t *testing.T) {
	for _, tt := range []struct{ payload, why string }{
		{"", "nothing"},
		{" ", "white space"},
		{goodPXP, "a bare object"},
		{`"[]"`, "a text"},
		{"null", "null"},
		{"[" + goodPXP, "the end is missing"},
		{"[" + goodPXP + ",]", "a comma too many"},
		{"[" + goodPXP + " " + goodPXP + "]", "a comma too few"},
		{"[,]", "only a comma"},
		{"[" + goodPXP + "]]", "something behind"},
		{"[" + goodPXP + "][]", "a second array"},
		{"\ufeff[" + goodPXP + "]", "a byte-order mark"},
		{"[" + goodPXP + ",{\"a\":\"\xff\"}]", "no UTF-8"},
		{"[" + goodPXP + `,{"a":"\ud800"}]`, "half a character"},
		{"[" + goodPXP + `,{"eventCategory":"Token","eventCategory":"Transaction"}]`, "a member twice"},
		{"[" + goodPXP + `,{"x":{"a":1,"\u0061":2}}]`, "a member twice, spelt in two ways, where nobody looks"},
		{"[" + goodPXP + `,{'a':1}]`, "single quotes"},
		{"[" + goodPXP + `,{"a":01}]`, "a leading zero"},
		{"[" + goodPXP + `,{"a":NaN}]`, "not a number"},
		{"[" + goodPXP + ",{\"a\":\"\n\"}]", "a line feed in a string"},
		{"[" + goodPXP + `]//`, "a comment"},
		{"[" + goodPXP + "," + strings.Repeat("[", 32) + strings.Repeat("]", 32) + "]", "too deep"},
		{"[" + goodPXP + `,` + strings.Repeat("9", 65) + "]", "a number of 65 digits"},
		{"[" + goodPXP + `,"` + strings.Repeat("x", 16<<10+1) + `"]`, "a string of more than 16 KiB"},
	} {
		got, err := read(normalize.PXP{}, []byte(tt.payload))
		var located *normalize.Error
		require.ErrorAs(t, err, &located, tt.why)
		require.ErrorIs(t, err, normalize.ErrUnreadable, tt.why)
		require.Equal(t, "pxp", located.Provider)
		require.Empty(t, located.Pointer, tt.why)
		require.Empty(t, got, tt.why)
	}
	deep := bytes.Repeat([]byte("["), 1<<20)
	_, err := read(normalize.PXP{}, deep)
	require.ErrorIs(t, err, normalize.ErrUnreadable, "a megabyte of brackets")
}
