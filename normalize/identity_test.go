package normalize_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

// idOf joins and escapes the parts of an id once more.
func idOf(parts ...string) string {
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(url.QueryEscape(part), "+", "%20")
	}
	id := strings.Join(parts, ":")
	if len(id) > 200 {
		return sumOf(id)
	}
	return id
}

func sumOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// A redelivery may be written, stamped and sent in another way: as far as an id does not come from the bytes themselves, it
// stays the same.
func TestRedelivery(t *testing.T) {
	byBytes := 0
	eachFixture(t, func(t *testing.T, n normalize.Normalizer, payload []byte) {
		first, firstErr := read(n, payload)
		check := func(again []normalize.Event, err error, why string) {
			require.Len(t, again, len(first), why)
			require.Equal(t, firstErr == nil, err == nil, why)
			for i, e := range first {
				if !hashed(e.ID) {
					require.Equal(t, e.ID, again[i].ID, why)
					require.Equal(t, e.IdempotencyKey(), again[i].IdempotencyKey(), why)
				}
			}
		}
		for _, variant := range []struct {
			payload []byte
			why     string
		}{
			{payload, "the same bytes"},
			{spaced(payload), "other white space"},
			{encode(t, decode(t, payload)), "members in another order, and other escapes"},
		} {
			again, err := read(n, variant.payload)
			check(again, err, variant.why)
		}
		m := message(n.Provider(), payload)
		m.KeyID, m.SignedAt, m.ReplayKey = "newer", time.Unix(1790000300, 0), [32]byte{1} // as another x-request-id makes it
		again, err := n.Normalize(m)
		check(again, err, "signed anew, with another key")
		for i, e := range first {
			require.Equal(t, e.ID, again[i].ID, "even where it is made of the bytes")
			if hashed(e.ID) {
				byBytes++
			}
		}
		switch {
		case n.Provider() == "pxp":
			later := payload
			for i := range first {
				later = set(t, later, fmt.Sprintf("/%d/eventDate", i), `"2026-12-24T18:00:00.5Z"`)
			}
			again, err := read(n, later)
			check(again, err, "another eventDate")
		case n.Provider() == "praxis" && first[0].RawStatus != "partial_refund":
			again, err := read(n, set(t, payload, "/timestamp", "1790000300"))
			check(again, err, "another timestamp")
		}
	})
	require.Equal(t, 4, byBytes, "a report, an unknown category, and two elements of batch_with_malformed")
}

func TestPraxisID(t *testing.T) {
	type edits [][2]string
	transaction := func(name, literal string) [2]string { return [2]string{"/transaction/transaction_" + name, literal} }
	session, status := [2]string{"/transaction", "null"}, "/session/session_status"
	seen := map[string]string{}
	for _, tt := range []struct {
		edits edits
		want  string
		why   string
	}{
		{nil, "txn:756850:sale:approved", "tid, type and status"},
		{edits{{"/transaction/tid", "756851"}}, "txn:756851:sale:approved", "another transaction"},
		{edits{transaction("type", `"authorization"`)}, "txn:756850:authorization:approved", "another type"},
		{edits{transaction("type", `"authorize"`)}, "txn:756850:authorize:approved", "another word for it"},
		{edits{transaction("status", `"pending"`)}, "txn:756850:sale:pending", "another status"},
		{edits{transaction("status", `"Approved"`)}, "txn:756850:sale:Approved", "words as sent"},
		{edits{transaction("status", `"canceled"`)}, "txn:756850:sale:canceled", "two spellings, two ids"},
		{edits{transaction("status", `"cancelled"`)}, "txn:756850:sale:cancelled", "two spellings, two ids"},
		{edits{transaction("status", `"in progress"`)}, "txn:756850:sale:in%20progress", "escaped"},
		{edits{transaction("status", `"split"`)}, "txn:756850:sale:split", "two words that both mean unknown"},
		{edits{transaction("status", `"duplicated"`)}, "txn:756850:sale:duplicated", "two words that both mean unknown"},
		{edits{transaction("type", `"a:b"`), transaction("status", `"c"`)}, "txn:756850:a%3Ab:c", "parts cannot run into each other"},
		{edits{transaction("type", `"a"`), transaction("status", `"b:c"`)}, "txn:756850:a:b%3Ac", "parts cannot run into each other"},
		{edits{transaction("status", `"partial_refund"`)}, "txn:756850:sale:partial_refund:1790000000", "the first of several"},
		{edits{transaction("status", `"partial_refund"`), {"/timestamp", "1790000060"}}, "txn:756850:sale:partial_refund:1790000060", "the second"},
		{edits{transaction("status", `"Partial_Refund"`)}, "txn:756850:sale:Partial_Refund:1790000000", "the same status in another case"},
		{edits{session}, "session:order-1042:open", "a session by its order"},
		{edits{{"/session/order_id", `"756850:sale"`}, session}, "session:756850%3Asale:open", "a session never has the id of a transaction"},
		{edits{{status, `"action required"`}, session}, "session:order-1042:action%20required", "the session's status"},
		{edits{{"/session/order_id", `null`}, session}, "session:" + sumOf("demo") + ":open", "no order: a digest of the token, never the token"},
		{edits{{"/session/order_id", `""`}, {"/session/auth_token", `"d\u0065m1"`}, session}, "session:" + sumOf("dem1") + ":open", "another session"},
	} {
		payload := []byte(praxisDoc)
		for _, edit := range tt.edits {
			payload = set(t, payload, edit[0], edit[1])
		}
		events, err := read(normalize.Praxis{}, payload)
		require.NoError(t, err)
		require.Equal(t, tt.want, events[0].ID, tt.why)
		require.Empty(t, seen[tt.want], "%s: the id of another one", tt.why)
		seen[tt.want] = tt.why
	}
}

func TestPXPID(t *testing.T) {
	const date = `"eventDate":"2026-09-21T14:32:20Z"`
	element := func(category, data, more string) string {
		return `{` + date + `,"eventCategory":"` + category + `","eventData":` + data + more + `}`
	}
	transaction := func(id, intent, state string) string {
		return element("Transaction", `{"systemTransactionId":"`+id+`","transactionMethod":{"intent":"`+intent+`"},"state":"`+state+`"}`, "")
	}
	report, second := element("Reporting", `{"state":"Generated"}`, ""), element("Reporting", `{"state":"Generated","n":2}`, "")
	opened := element("Chargeback", `{"systemTransactionId":"t-1","state":"Opened","caseId":"1"}`, "")
	reopened := element("Chargeback", `{"systemTransactionId":"t-1","state":"Opened","caseId":"2"}`, "")
	badMoney := element("Transaction", `{"systemTransactionId":"t-1","amounts":{"transactionValue":-1,"currencyCode":"EUR"}}`, "")
	rows := []struct{ element, want, why string }{
		{transaction("t-1", "Purchase", "Captured"), "Transaction:t-1:Purchase:Captured", "category, id, intent and state"},
		{transaction("t-2", "Purchase", "Captured"), "Transaction:t-2:Purchase:Captured", "another operation"},
		{transaction("t-1", "Refund", "Captured"), "Transaction:t-1:Refund:Captured", "another intent"},
		{transaction("t-1", "Purchase", "Authorised"), "Transaction:t-1:Purchase:Authorised", "another state"},
		{transaction("t-1", "Purchase", "Approved"), "Transaction:t-1:Purchase:Approved", "another word for it"},
		{transaction("t-1", "Purchase", "approved"), "Transaction:t-1:Purchase:approved", "words as sent"},
		{transaction("t-1", "Purchase", "Executed"), "Transaction:t-1:Purchase:Executed", "two words that both mean unknown"},
		{transaction("t-1", "Purchase", "Confirmed"), "Transaction:t-1:Purchase:Confirmed", "two words that both mean unknown"},
		{transaction("t-1", "", "Captured"), "Transaction:t-1::Captured", "a part that is missing is empty"},
		{transaction("t:1", "a b", "c/\u00e9"), "Transaction:t%3A1:a%20b:c%2F%C3%A9", "escaped"},
		{element("transaction", `{"systemTransactionId":"t-1","state":"Captured"}`, ""), "transaction:t-1::Captured", "the category as sent"},
		{element("Transaction", `{"systemTransactionId":"t-1","state":"Captured"}`, `,"eventCode":"C"`), "Transaction:t-1::Captured:C", "with the code that duplicates share"},
		{element("Authentication", `{"authenticationId":"a-1","state":"AuthenticationError"}`, ""), "Authentication:a-1::AuthenticationError", "by the authentication"},
		{element("Token", `{"schemeTokenId":"k-1","schemeTokenProcurementState":"Completed","status":"ACTIVE"}`, ""), "Token:k-1::Completed", "by the token"},
		{element("Token", `{"schemeTokenId":"k-1","schemeTokenProcurementState":"Completed","status":"DISABLED"}`, ""), "Token:k-1::DISABLED", "a revocation is not the creation"},
		{element("Token", `{"schemeTokenId":"k-1","status":"ACTIVE"}`, ""), "Token:k-1::ACTIVE", "the only word there is"},
		{report, "Reporting:" + sumOf(report), "no id: by its bytes"},
		{second, "Reporting:" + sumOf(second), "neighbours do not collapse"},
		{opened, "Chargeback:" + sumOf(opened), "a transaction does not tell two chargebacks apart"},
		{reopened, "Chargeback:" + sumOf(reopened), "nor is the second one lost"},
		{element("", `{}`, ""), ":" + sumOf(element("", `{}`, "")), "a category without a name"},
		{badMoney, "Transaction:" + sumOf(badMoney), "malformed: by its bytes, whatever its ids"},
		{`{"eventCategory":"Dis:pute"}`, "Dis%3Apute:" + sumOf(`{"eventCategory":"Dis:pute"}`), "malformed, with a category"},
		{`{"eventCategory":7}`, "malformed:" + sumOf(`{"eventCategory":7}`), "malformed, without one"},
		{`{}`, "malformed:" + sumOf(`{}`), "malformed, without anything"},
		{`null`, "malformed:" + sumOf(`null`), "not even an object"},
		{`[]`, "malformed:" + sumOf(`[]`), "not even an object"},
	}
	var all []string
	ids := map[string]bool{}
	for _, tt := range rows {
		all, ids[tt.want] = append(all, tt.element), true
	}
	require.Len(t, ids, len(rows), "no two neighbours have one id")
	events, _ := read(normalize.PXP{}, []byte("[ "+strings.Join(all, " ,\n")+" ]"))
	require.Len(t, events, len(rows))
	for i, tt := range rows {
		require.Equal(t, tt.want, events[i].ID, tt.why)
		require.Equal(t, tt.element, string([]byte(events[i].Raw)), tt.why)
	}
}

// Ids of more than 200 bytes are replaced by their digest.
func TestLongID(t *testing.T) {
	for n := range 260 { // past every bound
		word := strings.Repeat("\u00e9", n%2) + strings.Repeat("x", n+1)
		quoted := strconv.Quote(word)
		praxis, err := read(normalize.Praxis{}, set(t, []byte(praxisDoc), "/transaction/transaction_status", quoted))
		require.NoError(t, err)
		require.Equal(t, idOf("txn", "756850", "sale", word), praxis[0].ID, n)
		pxp, err := read(normalize.PXP{}, set(t, []byte(pxpDoc), "/0/eventData/transactionMethod/intent", quoted))
		require.NoError(t, err)
		require.Equal(t, idOf("Transaction", "t-1", word, "Captured"), pxp[0].ID, n)
		category, _ := read(normalize.PXP{}, set(t, []byte(pxpDoc), "/0/eventCategory", quoted))
		require.Equal(t, idOf(word, sumOf(string(category[0].Raw))), category[0].ID, n)
		for _, e := range []normalize.Event{praxis[0], pxp[0], category[0]} {
			require.LessOrEqual(t, len(e.ID), 200)
			require.LessOrEqual(t, len(e.IdempotencyKey()), 200)
			require.Equal(t, word, map[bool]string{true: e.RawStatus, false: e.RawType}[e.Provider == "praxis"], "words are kept whole")
		}
	}
}

// Two notifications of one state have one key, and two ids.
func TestKeyOfState(t *testing.T) {
	pxp := func(intent, state string) normalize.Event {
		doc := set(t, []byte(pxpDoc), "/0/eventData/transactionMethod/intent", strconv.Quote(intent))
		events, err := read(normalize.PXP{}, set(t, doc, "/0/eventData/state", strconv.Quote(state)))
		require.NoError(t, err)
		return events[0]
	}
	praxis := func(kind, status string) normalize.Event {
		doc := set(t, []byte(praxisDoc), "/transaction/transaction_type", strconv.Quote(kind))
		events, err := read(normalize.Praxis{}, set(t, doc, "/transaction/transaction_status", strconv.Quote(status)))
		require.NoError(t, err)
		return events[0]
	}
	for _, tt := range []struct {
		one, other normalize.Event
		same       bool
		why        string
	}{
		{pxp("Authorisation", "Authorised"), pxp("Authorisation", "Approved"), true, "two words for one success"},
		{pxp("Authorisation", "Authorised"), pxp("EstimatedAuthorisation", "Authorised"), true, "two intents, one authorization"},
		{pxp("Authorisation", "Refused"), pxp("Authorisation", "Rejected"), true, "two words for one refusal"},
		{pxp("Refund", "Authorised"), pxp("Refund", "Refunded"), true, "a refund is booked once"},
		{pxp("Purchase", "Authorised"), pxp("Purchase", "Captured"), false, "reserved is not taken"},
		{pxp("Purchase", "Authorised"), pxp("Refund", "Authorised"), false, "the other direction"},
		{pxp("Purchase", "Executed"), pxp("Purchase", "Confirmed"), false, "unknown words do not collapse"},
		{pxp("Adjustment", "Authorised"), pxp("Correction", "Authorised"), false, "unknown intents do not collapse"},
		{praxis("sale", "cancelled"), praxis("sale", "canceled"), true, "two spellings"},
		{praxis("sale", "rejected"), praxis("sale", "declined"), true, "the obsolete word"},
		{praxis("sale", "refund"), praxis("sale", "reversed"), true, "two words for one marker"},
		{praxis("sale", "approved"), praxis("refund", "approved"), false, "the other direction"},
		{praxis("sale", "approved"), praxis("sale", "chargeback"), false, "the same tid, another operation"},
		{praxis("authorization", "authorized"), praxis("authorization", "approved"), false, "reserved is not taken"},
		{praxis("sale", "authorized"), praxis("authorization", "authorized"), true, "a sale that is authorized is an authorization"},
		{praxis("sale", "split"), praxis("sale", "duplicated"), false, "unknown words do not collapse"},
		{praxis("adjustment", "approved"), praxis("correction", "approved"), false, "unknown types do not collapse"},
	} {
		require.NotEqual(t, tt.one.ID, tt.other.ID, tt.why)
		require.Equal(t, tt.same, tt.one.IdempotencyKey() == tt.other.IdempotencyKey(), tt.why)
	}
}
