package normalize_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

// Whatever the order in which the notifications of a transaction arrive, and each of them twice, its operations end in the
// same states. A word is written type:status@second, as the provider spells the two.
func TestSequences(t *testing.T) {
	for _, tt := range []struct {
		provider, words, want string
		why                   string
	}{
		{"praxis", "sale:initialized@1 sale:pending@2 sale:approved@3", "payment.succeeded@3", "a sale"},
		{"praxis", "sale:approved@3 sale:pending@9", "payment.succeeded@3", "a pending that is resent has a newer stamp, and undoes nothing"},
		{"praxis", "sale:pending_async@1 sale:rejected@2 sale:approved@3", "payment.succeeded@3", "a late success"},
		{"praxis", "sale:approved@3 sale:approved@5 sale:split@6", "payment.succeeded@5", "a resend, and a word that means nothing"},
		{"praxis", "sale:approved@1 sale:partial_refund@2 sale:partial_refund@4 sale:refund@5", "payment.refunded@5", "refunded in steps"},
		{"praxis", "sale:approved@1 sale:refund@3 sale:chargeback@5", "chargeback.succeeded@5 payment.refunded@3", "a chargeback is an operation of its own"},
		{"praxis", "sale:approved@1 refund:pending@2 refund:error@3 refund:approved@4", "payment.succeeded@1 refund.succeeded@4", "one refund, uncertain for a while"},
		{"praxis", "authorization:pending@1 authorization:authorized@2 authorization:approved@3 authorization:partial_refund@4",
			"authorization.succeeded@2 capture.succeeded@3 payment.partially_refunded@4", "two steps under one tid"},
		{"praxis", "authorization:authorized@2 authorization:cancelled@3", "authorization.succeeded@2 void.succeeded@3", "authorized, then canceled: no conflict"},
		{"praxis", "payout:requested@1 payout:authorized@2 payout:error@3", "payout.unresolved@3", "it may have been sent"},
		{"praxis", "payout:requested@1 payout:authorized@2 payout:error@3 payout:approved@4", "payout.succeeded@4", "it was sent"},
		{"praxis", "payout:approved@4 payout:reversed@6 payout:split_payout@7", "payout.refunded@6", "it came back"},

		{"pxp", "Purchase:Pending@1 Purchase:Authorised@2 Purchase:Captured@3", "authorization.succeeded@2 payment.succeeded@3", "a purchase"},
		{"pxp", "Authorisation:Authorised@1 Authorisation:Approved@2 Authorisation:Captured@3", "authorization.succeeded@2 capture.succeeded@3", "two words for one state"},
		{"pxp", "Authorisation:Authorised@1 Authorisation:Cancelled@2", "authorization.succeeded@1 void.succeeded@2", "a void"},
		{"pxp", "Refund:Pending@1 Refund:Error@2", "refund.unresolved@2", "the money may have moved"},
		{"pxp", "Refund:Pending@1 Refund:Error@2 Refund:Authorised@3 Refund:Executed@4", "refund.succeeded@3", "it has"},
		{"pxp", "Payout:Pending@4 Payout:Refused@1 Payout:Refunded@2", "payout.refunded@2", "it came back"},
	} {
		var events []normalize.Event
		for _, word := range strings.Fields(tt.words) {
			events = append(events, event(t, tt.provider, word))
		}
		for _, order := range permutations(len(events)) {
			states := map[string]normalize.Event{}
			for range 2 {
				for _, i := range order {
					key := events[i].TransactionID + " " + string(events[i].Type)
					states[key] = store(states[key], events[i])
				}
			}
			got := map[string]bool{}
			for _, e := range states {
				if e.Status != "" {
					got[fmt.Sprintf("%s@%d", e.Name(), e.Time.Unix())] = true
				}
			}
			want := map[string]bool{}
			for _, state := range strings.Fields(tt.want) {
				want[state] = true
			}
			require.Equal(t, want, got, "%s: %s in the order %v", tt.why, tt.words, order)
		}
	}
}

func event(t *testing.T, provider, word string) normalize.Event {
	words, second, _ := strings.Cut(word, "@")
	kind, status, _ := strings.Cut(words, ":")
	var (
		n   normalize.Normalizer = normalize.Praxis{}
		doc                      = []byte(praxisDoc)
	)
	edits := [][2]string{{"/transaction/transaction_type", strconv.Quote(kind)}, {"/transaction/transaction_status", strconv.Quote(status)}, {"/timestamp", second}}
	if provider == "pxp" {
		n, doc = normalize.PXP{}, []byte(pxpDoc)
		edits = [][2]string{{"/0/eventData/transactionMethod/intent", strconv.Quote(kind)}, {"/0/eventData/state", strconv.Quote(status)},
			{"/0/eventDate", `"1970-01-01T00:00:0` + second + `Z"`}}
	}
	for _, edit := range edits {
		doc = set(t, doc, edit[0], edit[1])
	}
	events, err := read(n, doc)
	require.NoError(t, err)
	return events[0]
}
