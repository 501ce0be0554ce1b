package normalize_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

const praxisDoc = `{"merchant_id":"shop","application_key":"live","conversion_rate":1.5,"customer":{"customer_token":"4f8ac1d27b3e49508a6f0d1c2b3a4958",
"country":"CZ","first_name":"Jane","last_name":"Roe"},"session":{"auth_token":"demo","intent":"payment","session_status":"open",
"order_id":"order-1042","currency":"EUR","amount":3000,"processed_currency":"USD","processed_amount":7,"payment_method":"Wallet","cid":"42"},
"transaction":{"transaction_type":"sale","transaction_status":"approved","tid":756850,"transaction_id":"13348","currency":"EUR",
"amount":2500,"conversion_rate":"25.100000","processed_currency":"CZK","processed_amount":62750,"fee":5,"fee_included":1,"fee_type":"flat",
"payment_method":"Credit Card","payment_processor":"Test","gateway":"g","card":{"card_token":"tok","card_type":"VISA",
"card_number":"411111******1111","card_exp":"12\/2029","card_holder":"Jane Roe"},"wallet":null,"reference_id":756849,
"withdrawal_request_id":"w-1","created_by":"INTERNET","status_code":"SC-002","status_details":"Approved"},"version":"1.3","timestamp":1790000000}`

func praxisEvent() normalize.Event {
	return normalize.Event{
		ID: "txn:756850:sale:approved", Provider: "praxis", Account: "shop/live",
		Type: normalize.TypePayment, Status: normalize.StatusSucceeded, Time: time.Unix(1790000000, 0).UTC(),
		TransactionID: "756850", RelatedID: "756849", MerchantReference: "order-1042",
		Amount: euros(2500), Requested: euros(3000), Processed: money(62750, 2, "CZK"),
		Reason:  normalize.Reason{Code: "SC-002", Message: "Approved"},
		Method:  normalize.Method{Name: "Credit Card", Brand: "VISA", Last4: "1111"},
		RawType: "sale", RawStatus: "approved", Assurance: verify.Partial, KeyID: "test",
	}
}

func TestPraxisFields(t *testing.T) {
	type event = *normalize.Event
	related := func(id string) func(event) { return func(e event) { e.RelatedID = id } }
	amount := func(a normalize.Amount) func(event) { return func(e event) { e.Amount = a } }
	requested := func(a normalize.Amount) func(event) { return func(e event) { e.Requested = a } }
	processed := func(a normalize.Amount) func(event) { return func(e event) { e.Processed = a } }
	last4 := func(digits string) func(event) { return func(e event) { e.Method.Last4 = digits } }
	checkFields(t, normalize.Praxis{}, praxisDoc, praxisEvent(), []field{
		{"/merchant_id", `"other"`, func(e event) { e.Account = "other/live" }, "merchant and application"},
		{"/application_key", `"test"`, func(e event) { e.Account = "shop/test" }, "merchant and application"},
		{"/application_key", `"l\u0069ve"`, nil, "an escape is not another text"},
		{"/timestamp", `1790000001`, func(e event) { e.Time = time.Unix(1790000001, 0).UTC() }, "unix seconds, in UTC"},
		{"/timestamp", `"1790000000"`, func(e event) { e.Time = time.Time{} }, "a text is no stamp"},
		{"/timestamp", `null`, func(e event) { e.Time = time.Time{} }, "not stated"},
		{"/session/order_id", `"a:\u00e9"`, func(e event) { e.MerchantReference = "a:\u00e9" }, "as the merchant gave it"},
		{"/session/session_status", `"successful"`, nil, "ignored beside a transaction"},
		{"/session/session_status", `"expired"`, nil, "ignored beside a transaction"},
		{"/session/payment_method", `"Card"`, nil, "that of the transaction counts"},
		{"/transaction/tid", `12345678901`, func(e event) { e.TransactionID, e.ID = "12345678901", "txn:12345678901:sale:approved" }, "beyond 32 bits, as it stands"},
		{"/transaction/tid", `9007199254740993`, func(e event) { e.TransactionID, e.ID = "9007199254740993", "txn:9007199254740993:sale:approved" }, "beyond what a float holds"},

		{"/transaction/reference_id", `"756849"`, nil, "the same as a text: its JSON type is not documented"},
		{"/transaction/reference_id", `"ref-1"`, related("ref-1"), "a text"},
		{"/transaction/reference_id", `null`, related("w-1"), "the withdrawal request where there is no reference"},
		{"/transaction/reference_id", ``, related("w-1"), "absent as null"},
		{"/transaction/reference_id", `""`, related("w-1"), "empty as null"},
		{"/transaction/reference_id", `false`, related("w-1"), "neither number nor text"},
		{"/transaction/withdrawal_request_id", `null`, nil, "the reference counts"},
		{"/transaction/transaction_id", `"999"`, nil, "the processor's id is not signed, and stays in Raw"},

		{"/transaction/amount", `0`, amount(euros(0)), "zero is stated"},
		{"/transaction/amount", `-0`, amount(euros(0)), "and has no sign"},
		{"/transaction/amount", `null`, amount(normalize.Amount{}), "not stated"},
		{"/transaction/amount", ``, amount(normalize.Amount{}), "not stated"},
		{"/transaction/amount", `9223372036854775807`, amount(euros(9223372036854775807)), "the most that 64 bits hold"},
		{"/transaction/currency", `null`, amount(normalize.Amount{}), "a number without a currency is no amount"},
		{"/transaction/currency", ``, amount(normalize.Amount{}), "a number without a currency is no amount"},
		{"/transaction/currency", `"JPY"`, amount(money(2500, 0, "JPY")), "no minor unit"},
		{"/transaction/currency", `"BHD"`, amount(money(2500, 3, "BHD")), "three decimals"},
		{"/transaction/currency", `"CLF"`, amount(money(250000, 4, "CLF")), "two decimals sent, four by ISO: 25.0000"},
		{"/transaction/currency", `"UYW"`, amount(money(250000, 4, "UYW")), "two decimals sent, four by ISO"},
		{"/transaction/currency", `"USDT"`, amount(money(2500, 2, "USDT")), "two for what ISO does not list"},
		{"/transaction/currency", `"ZZZ"`, amount(money(2500, 2, "ZZZ")), "two for what ISO does not list"},
		{"/session/amount", `null`, requested(normalize.Amount{}), "not stated"},
		{"/session/amount", `0`, requested(euros(0)), "zero is stated"},
		{"/session/currency", `null`, requested(normalize.Amount{}), "not stated"},
		{"/session/currency", `"JPY"`, requested(money(3000, 0, "JPY")), "each amount has its own currency"},
		{"/transaction/processed_amount", `null`, processed(normalize.Amount{}), "nothing converted"},
		{"/transaction/processed_currency", `null`, processed(normalize.Amount{}), "nothing converted"},
		{"/transaction/processed_currency", `"BHD"`, processed(money(62750, 3, "BHD")), "each amount has its own currency"},
		{"/transaction/processed_amount", `1`, processed(money(1, 2, "CZK")), "the transaction's, not the session's total"},
		{"/transaction/conversion_rate", `1e400`, nil, "rates are not read"},
		{"/transaction/fee", `-7`, nil, "fees are not read"},

		{"/transaction/status_code", `null`, func(e event) { e.Reason.Code = "" }, "the processor gave none"},
		{"/transaction/status_details", `null`, func(e event) { e.Reason.Message = "" }, "the processor gave none"},
		{"/transaction/status_code", `5`, func(e event) { e.Reason.Code = "" }, "a word of another kind is no word"},
		{"/transaction/payment_method", `"Neteller"`, func(e event) { e.Method.Name = "Neteller" }, "the method"},
		{"/transaction/card", `null`, func(e event) { e.Method.Brand, e.Method.Last4 = "", "" }, "paid without a card"},
		{"/transaction/card/card_type", `"MASTERCARD"`, func(e event) { e.Method.Brand = "MASTERCARD" }, "the brand"},
		{"/transaction/card/card_number", `null`, last4(""), "no number"},
		{"/transaction/card/card_number", `"378282*****0005"`, last4("0005"), "15 digits, masked"},
		{"/transaction/card/card_number", `"XXXXXXXXXXXX4242"`, last4("4242"), "masked with letters"},
		{"/transaction/card/card_number", `"4111 11** **** 1111"`, last4("1111"), "in groups"},
		{"/transaction/card/card_number", `"4111111111111111"`, last4(""), "nothing is taken from a full number"},
		{"/transaction/card/card_number", `"x4111111111111111"`, last4(""), "nor is one with something beside it masked"},
		{"/transaction/card/card_number", `"411111*********"`, last4(""), "the end is masked"},
		{"/transaction/card/card_number", `"*1111"`, last4(""), "too short for a card number"},

		{"/transaction/transaction_status", `"chargeback"`, func(e event) {
			e.ID, e.Type, e.RawStatus, e.RelatedID = "txn:756850:sale:chargeback", normalize.TypeChargeback, "chargeback", "756850"
		}, "the sale's new label is the only trace of a chargeback: it acts on itself"},
		{"/transaction/transaction_status", `"partial_refund"`, func(e event) {
			e.ID, e.Status, e.RawStatus = "txn:756850:sale:partial_refund:1790000000", normalize.StatusPartiallyRefunded, "partial_refund"
		}, "can happen several times"},
		{"/transaction", `null`, func(e event) {
			*e = normalize.Event{
				ID: "session:order-1042:open", Provider: e.Provider, Account: e.Account, Type: normalize.TypeSession,
				Status: normalize.StatusRequiresAction, Time: e.Time, MerchantReference: e.MerchantReference, Requested: e.Requested,
				Method: normalize.Method{Name: "Wallet"}, RawType: "session", RawStatus: "open", Assurance: e.Assurance, KeyID: e.KeyID,
			}
		}, "a session without a transaction"},
	})
}

func TestPraxisExponent(t *testing.T) {
	hook := normalize.Praxis{Exponent: func(currency string) (uint8, bool) {
		x, ok := map[string]uint8{"JPY": 2, "BHD": 2, "USDT": 6, "ETH": 18, "WEI": 255}[currency]
		return x, ok
	}}
	for _, tt := range []struct{ currency, want, why string }{
		{"JPY", "25 JPY", "a provider of its own mind"},
		{"BHD", "25.000 BHD", "two decimals sent, three by ISO"},
		{"USDT", "0.0025 USDT", "the decimals of a crypto currency"},
		{"ETH", "0.0000000000000025 ETH", "the decimals of a crypto currency"},
		{"KWD", "2.500 KWD", "what the hook does not know goes by the table"},
		{"EUR", "25.00 EUR", "what the hook does not know goes by the table"},
	} {
		payload := set(t, []byte(praxisDoc), "/transaction/currency", `"`+tt.currency+`"`)
		got, err := read(hook, set(t, payload, "/session/currency", `"USDT"`))
		require.NoError(t, err, tt.why)
		require.Equal(t, tt.want, got[0].Amount.String(), tt.why)
		require.Equal(t, "0.003 USDT", got[0].Requested.String(), "the hook is asked for every amount")
	}
	checkMistake(t, hook, praxisDoc, mistake{"/transaction/currency", `"WEI"`, "/transaction/amount", normalize.ErrAmount,
		"an exponent beyond what an Amount prints"})
}

func TestPraxisMistakes(t *testing.T) {
	for _, m := range []mistake{
		{"/transaction/amount", `9223372036854775808`, "/transaction/amount", normalize.ErrAmount, "19 digits beyond 64 bits"},
		{"/transaction/amount", `99999999999999999999`, "/transaction/amount", normalize.ErrAmount, "20 digits"},
		{"/transaction/amount", `-2501`, "/transaction/amount", normalize.ErrAmount, "the direction is the type's business"},
		{"/transaction/amount", `1E2`, "/transaction/amount", normalize.ErrAmount, "minor units are whole numbers, written as such"},
		{"/transaction/amount", `25.25`, "/transaction/amount", normalize.ErrAmount, "half a cent more"},
		{"/transaction/amount", `25.0`, "/transaction/amount", normalize.ErrAmount, "minor units are whole numbers, written as such"},
		{"/transaction/amount", `"2501"`, "/transaction/amount", normalize.ErrAmount, "a text is no integer"},
		{"/transaction/amount", `true`, "/transaction/amount", normalize.ErrAmount, "of another kind"},
		{"/transaction/amount", `{"a":2501}`, "/transaction/amount", normalize.ErrAmount, "of another kind"},
		{"/transaction/currency", `"EU-R"`, "/transaction/currency", normalize.ErrAmount, "no currency code"},
		{"/transaction/currency", `978`, "/transaction/currency", normalize.ErrAmount, "a number is no currency code"},
		{"/transaction/processed_amount", `-9223372036854775809`, "/transaction/processed_amount", normalize.ErrAmount, "below 64 bits"},
		{"/transaction/processed_currency", `""`, "/transaction/processed_currency", normalize.ErrAmount, "empty"},
		{"/session/amount", `1E2`, "/session/amount", normalize.ErrAmount, "the session's amount is money too"},
		{"/session/currency", `"jane.roe@example.com"`, "/session/currency", normalize.ErrAmount, "no currency code"},
	} {
		require.Empty(t, checkMistake(t, normalize.Praxis{}, praxisDoc, m), "no event with money that was not understood")
	}
	payload := set(t, []byte(praxisDoc), "/transaction", "null")
	got, err := read(normalize.Praxis{}, set(t, payload, "/session/amount", "-1"))
	require.ErrorIs(t, err, normalize.ErrAmount, "a session has money too")
	require.Empty(t, got)
	for _, payload := range []string{"", " ", "null", "[]", `"notification"`, "7"} {
		got, err := read(normalize.Praxis{}, []byte(payload))
		var located *normalize.Error
		require.ErrorAs(t, err, &located, "%q is no notification", payload)
		require.ErrorIs(t, err, normalize.ErrUnreadable)
		require.Empty(t, located.Pointer, "the whole payload")
		require.Empty(t, got)
	}
}
