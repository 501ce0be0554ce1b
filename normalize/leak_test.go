package normalize_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

// A published test number, an address and a name. None of them is in a fixture.
const leakCard, leakMail, leakName = "4000056655665556", "roe.jane@example.org", "Jane Roe"

// What a member of a payload may become, from least to most exposed. A member that is not listed must not be in the event.
const (
	kept   = 1 << iota // in a field
	shown              // also where events are printed and logged, cards and addresses masked
	inID               // also in Event.ID
	inKey              // also in IdempotencyKey
	common = shown | inID | inKey
)

var exposure = map[string][]struct {
	pointer string // a regular expression for the whole pointer
	allowed int
}{
	"praxis": {
		{`/merchant_id|/application_key`, kept | shown | inKey},
		{`/session/order_id`, kept | common}, // the id of a session
		{`/session/session_status`, kept | common},
		{`/session/payment_method|/transaction/payment_method`, kept},
		{`/transaction/transaction_(type|status)`, kept | common},
		{`/transaction/(reference_id|withdrawal_request_id)`, kept},
		{`/transaction/status_code|/transaction/card/card_type`, kept | shown},
		{`/transaction/status_details`, kept},
		{`/session/currency|/transaction/(processed_)?currency`, kept | shown}, // codes that nobody knows are kept
	},
	"pxp": {
		{`/\d+/event(Owner|Data)/(merchant|site)`, kept | shown | inKey},
		{`/\d+/event(Category|Code)|/\d+/eventData/eventCode`, kept | common},
		{`/\d+/eventData/(state|status|schemeTokenProcurementState|transactionMethod/intent)`, kept | common},
		{`/\d+/eventData/(systemTransactionId|authenticationId|schemeTokenId)`, kept | common},
		{`/\d+/eventData/merchantTransactionId`, kept | shown},
		{`/\d+/eventData/amounts/(transactionValue|currencyCode)`, kept | shown},
		{`/\d+/eventData/(merchantOrderId|transactionMethod/fundingType)`, kept},
		{`/\d+/eventData/(stateData|fundingData/providerResponse)/message`, kept},
		{`/\d+/eventData/(stateData|fundingData/providerResponse)/code|/\d+/eventData/fundingData/cardScheme`, kept | shown},
	},
}

func allowed(t *testing.T, provider, pointer string) int {
	rows, ok := exposure[provider]
	if !ok {
		t.Skip("nobody has listed what may be shown of this provider's payloads")
	}
	for _, row := range rows {
		if regexp.MustCompile(`^(` + row.pointer + `)$`).MatchString(pointer) {
			return row.allowed
		}
	}
	return 0
}

// strs returns the pointers of all strings in a document.
func strs(v any, pointer string) (all []string) {
	switch v := v.(type) {
	case string:
		all = append(all, pointer)
	case []any:
		for i, element := range v {
			all = append(all, strs(element, pointer+"/"+strconv.Itoa(i))...)
		}
	case map[string]any:
		for name, member := range v {
			all = append(all, strs(member, pointer+"/"+name)...)
		}
	}
	return all
}

func TestNothingLeaks(t *testing.T) {
	secrets := []string{leakCard, leakMail, leakName}
	contains := func(text string) bool {
		plain, err := url.PathUnescape(text)
		require.NoError(t, err)
		for _, secret := range secrets {
			if strings.Contains(text, secret) || strings.Contains(plain, secret) {
				return true
			}
		}
		return false
	}
	pushed := 0
	eachFixture(t, func(t *testing.T, n normalize.Normalizer, payload []byte) {
		for _, pointer := range strs(decode(t, payload), "") {
			may := allowed(t, n.Provider(), pointer)
			for _, literal := range []string{
				`"` + strings.Join(secrets, " ") + `"`, `"` + leakMail + `"`, `"` + leakCard + `"`, `"` + leakName + `"`,
			} {
				pushed++
				events, err := read(n, set(t, payload, pointer, literal))
				if err != nil {
					require.False(t, contains(err.Error()), "%s: an error quotes what it found: %v", pointer, err)
				}
				for _, e := range events {
					checkPrinted(t, pointer, e, may&shown != 0)
					require.False(t, contains(e.ID) && may&inID == 0, "%s is in the id %s", pointer, e.ID)
					require.False(t, contains(e.IdempotencyKey()) && may&inKey == 0, "%s is in the key", pointer)
					fields, err := json.Marshal(e)
					require.NoError(t, err)
					require.False(t, strings.Contains(string(fields), strings.Trim(literal, `"`)) && may == 0, "%s is in the event: %s", pointer, fields)
					require.NotContains(t, []string{leakCard[12:]}, e.Method.Last4, "%s: taken from a full number", pointer)
				}
			}
		}
	})
	t.Logf("%d values", pushed)
}

// checkPrinted looks at what anybody might do with an event without a thought. A name has no shape that could be masked: it
// shows where the member is one that is logged.
func checkPrinted(t *testing.T, pointer string, e normalize.Event, nameShown bool) {
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("got", "event", e)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("got", "event", e)
	for sink, out := range map[string]string{
		"%v": fmt.Sprintf("%v", e), "%+v": fmt.Sprintf("%+v", e), "%#v": fmt.Sprintf("%#v", e), "%v of a list": fmt.Sprint([]normalize.Event{e}),
		"%x": fmt.Sprintf("%x", e), "log": log.String(), "Raw": fmt.Sprintf("%v %+v %#v %s %x", e.Raw, e.Raw, e.Raw, e.Raw, e.Raw),
	} {
		for _, form := range []string{leakMail, url.QueryEscape(leakMail), leakCard} {
			require.NotContains(t, out, form, "%s in %s", pointer, sink)
		}
		if !nameShown {
			require.NotContains(t, strings.ReplaceAll(out, "%20", " "), leakName, "%s in %s", pointer, sink)
		}
	}
}

// A name of a member may be anything too.
func TestErrorsQuoteNoNames(t *testing.T) {
	for _, doc := range []string{
		`[{"` + leakName + `":1}]`, `[{"` + leakName + `":1,"` + leakName + `":2}]`, `[{"eventData":{"` + leakMail + `":{"a":1,"a":2}}}]`,
		`{"` + leakCard + `":1}`, `[{"eventDate":"` + leakName + `","eventCategory":"` + leakMail + `"}]`, `["` + leakName + `"]`, `["` + leakName,
	} {
		_, err := read(normalize.PXP{}, []byte(doc))
		require.Error(t, err)
		for _, secret := range []string{leakName, leakMail, leakCard} {
			require.NotContains(t, err.Error(), secret)
		}
	}
}
