package normalize_test

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

var types = []normalize.Type{
	normalize.TypePayment, normalize.TypeAuthorization, normalize.TypeCapture, normalize.TypeVoid, normalize.TypeRefund,
	normalize.TypePayout, normalize.TypeChargeback, normalize.TypeChargebackReversal, normalize.TypeVerification,
	normalize.TypeAuthentication, normalize.TypeToken, normalize.TypeTokenRevocation, normalize.TypeSubscription,
	normalize.TypeRisk, normalize.TypeReport, normalize.TypeSession, normalize.TypePing, normalize.TypeUnknown,
}

func euros(minor int64) normalize.Amount {
	return normalize.Amount{Minor: minor, Exponent: 2, Currency: "EUR"}
}

// full has something in every field.
func full() normalize.Event {
	return normalize.Event{
		ID: "txn:756850:sale:approved", Provider: "praxis", Account: "shop/live",
		Type: normalize.TypePayment, Status: normalize.StatusSucceeded, Time: time.Unix(1590611635, 0).UTC(),
		TransactionID: "756850", RelatedID: "756849", MerchantReference: "test-1560610955", OrderReference: "order-7",
		Amount: euros(100), Requested: euros(105), Processed: normalize.Amount{Minor: 118, Exponent: 0, Currency: "JPY"},
		Reason: normalize.Reason{Code: "SC-002", Message: "Approved for Jane Roe"}, ReviewRequired: true, Test: true,
		Method:  normalize.Method{Name: "Credit Card", Brand: "VISA", Last4: "1111"},
		RawType: "sale", RawStatus: "approved", Raw: normalize.Payload(`{"card_holder":"Jane Roe"}`),
		Assurance: verify.Full, KeyID: "2026-11",
	}
}

const fullJSON = `{"id":"txn:756850:sale:approved","provider":"praxis","account":"shop/live","type":"payment","status":"succeeded",` +
	`"time":"2020-05-27T20:33:55Z","transactionId":"756850","relatedId":"756849","merchantReference":"test-1560610955",` +
	`"orderReference":"order-7","amount":{"minor":100,"exponent":2,"currency":"EUR"},` +
	`"requested":{"minor":105,"exponent":2,"currency":"EUR"},"processed":{"minor":118,"exponent":0,"currency":"JPY"},` +
	`"reason":{"code":"SC-002","message":"Approved for Jane Roe"},"reviewRequired":true,"test":true,` +
	`"method":{"name":"Credit Card","brand":"VISA","last4":"1111"},"rawType":"sale","rawStatus":"approved",` +
	`"assurance":"full","keyId":"2026-11"}`

func TestEventJSON(t *testing.T) {
	text, err := json.Marshal(full())
	require.NoError(t, err)
	require.Equal(t, fullJSON, string(text))

	text, err = json.Marshal(normalize.Event{})
	require.NoError(t, err)
	require.Equal(t, `{"id":"","provider":"","account":"","type":"","status":"","assurance":"hint"}`, string(text), "what is not stated is left out")

	text, err = json.Marshal(normalize.Event{Amount: euros(0)})
	require.NoError(t, err)
	require.Contains(t, string(text), `"amount":{"minor":0,"exponent":2,"currency":"EUR"}`, "zero euros are stated")
}

func TestEventFromJSON(t *testing.T) {
	var got normalize.Event
	require.NoError(t, json.Unmarshal([]byte(strings.Replace(fullJSON, `"assurance":"full",`, "", 1)), &got))
	want := full()
	want.Raw, want.Assurance = nil, verify.Hint
	require.Empty(t, cmp.Diff(want, got), "all but the raw payload comes back")
}

func TestName(t *testing.T) {
	names := map[string]bool{}
	for _, kind := range append(types, "", "dispute", "Payment") {
		for status := range classes {
			for _, s := range []normalize.Status{status, "", "opened", status + " "} {
				name := normalize.Event{Type: kind, Status: s}.Name()
				require.Regexp(t, `^[a-z_]+\.[a-z_]+$`, name)
				names[name] = true
			}
		}
	}
	require.Len(t, names, len(types)*len(classes), "the set is closed")
	require.Equal(t, "refund.succeeded", normalize.Event{Type: normalize.TypeRefund, Status: normalize.StatusSucceeded}.Name())
	require.Equal(t, "unknown.unknown", normalize.Event{}.Name(), "the zero event")
	require.Equal(t, "unknown.pending", normalize.Event{Type: "dispute", Status: normalize.StatusPending}.Name(), "a type of a later version")
}

func TestKnown(t *testing.T) {
	require.Len(t, types, 18)
	for _, kind := range types {
		require.True(t, kind.Known(), kind)
	}
	require.Len(t, classes, 11)
	for status := range classes {
		require.True(t, status.Known(), status)
	}
	for _, word := range []string{"", "dispute", "PAYMENT", "pending ", "refund.succeeded"} {
		require.False(t, normalize.Type(word).Known(), "type %q", word)
		require.False(t, normalize.Status(word).Known(), "status %q", word)
	}
}

func TestDirection(t *testing.T) {
	want := map[normalize.Type]int{
		normalize.TypePayment: +1, normalize.TypeCapture: +1, normalize.TypeChargebackReversal: +1,
		normalize.TypeRefund: -1, normalize.TypePayout: -1, normalize.TypeChargeback: -1,
	}
	for _, kind := range append(types, "", "dispute") {
		require.Equal(t, want[kind], kind.Direction(), kind)
	}
}

// Every constant has a comment, and the tests here know it.
func TestVocabularyIsDocumented(t *testing.T) {
	source, err := os.ReadFile("status.go")
	require.NoError(t, err)
	constants := regexp.MustCompile(`(?m)^\t(Type|Status)\w+ +\w+ += "(\w+)" +// \S`).FindAllSubmatch(source, -1)
	require.Len(t, constants, len(types)+len(classes))
	require.Len(t, regexp.MustCompile(`(?m)^\t\w+ +(?:Type|Status) += "`).FindAll(source, -1), len(constants))
}

func TestError(t *testing.T) {
	_, err := normalize.ParseAmount("x", "EUR")
	err = &normalize.Error{Provider: "pxp", Pointer: "/0/eventData/amounts/transactionValue", Err: err}
	require.EqualError(t, err, "normalize: pxp: /0/eventData/amounts/transactionValue: not a decimal number")
	require.ErrorIs(t, err, normalize.ErrAmount)

	err = &normalize.Error{Provider: "praxis", Err: normalize.ErrUnreadable}
	require.ErrorContains(t, err, "normalize: praxis: not one strict JSON document")
	require.ErrorIs(t, err, normalize.ErrUnreadable)

	var located *normalize.Error
	require.True(t, errors.As(errors.Join(err), &located))
	require.Empty(t, located.Pointer, "the whole payload")
}
