package verify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// signedValues reads the eleven values with encoding/json and joins them: an implementation of the recipe that shares
// nothing with the one under test. php drops what a cast in PHP would from a rate that is a number.
func signedValues(body []byte, php bool) string {
	var n struct {
		Merchant    string      `json:"merchant_id"`
		Application string      `json:"application_key"`
		Timestamp   json.Number `json:"timestamp"`
		Customer    struct {
			Token string `json:"customer_token"`
		}
		Session struct {
			Order string `json:"order_id"`
		}
		Transaction struct {
			TID             json.Number `json:"tid"`
			Currency        string
			Amount          json.Number
			Rate            json.RawMessage `json:"conversion_rate"`
			ProcessedIn     string          `json:"processed_currency"`
			ProcessedAmount json.Number     `json:"processed_amount"`
		}
	}
	if json.Unmarshal(body, &n) != nil {
		return ""
	}
	var rate string
	if raw := n.Transaction.Rate; len(raw) > 0 && raw[0] != '"' && string(raw) != "null" {
		rate = string(raw)
		if php && bytes.ContainsRune(raw, '.') {
			rate = regexp.MustCompile(`\.?0*$`).ReplaceAllString(rate, "")
		}
	} else {
		_ = json.Unmarshal(raw, &rate)
	}
	tx := n.Transaction
	return n.Merchant + n.Application + n.Timestamp.String() + n.Customer.Token + n.Session.Order + tx.TID.String() +
		tx.Currency + tx.Amount.String() + rate + tx.ProcessedIn + tx.ProcessedAmount.String()
}

func FuzzPraxisVerify(f *testing.F) {
	vectors, err := fixtures.Vectors("praxis")
	require.NoError(f, err)
	for _, v := range vectors {
		d := deliveryOf(f, v)
		f.Add(d.Body, d.Header.Get("Gt-Authentication"), v.At.Unix(), true)
	}
	for _, name := range testkit.Praxis().Fixtures() {
		f.Add(testkit.Praxis().Payload(name, testkit.At(received)), "", int64(signedAt), true)
	}
	f.Add(notification().body(), sha384(notification().signed(), testSecret), int64(signedAt), false)
	configure := func(order *regexp.Regexp) []*verify.Praxis {
		var all []*verify.Praxis
		for merchant, application := range map[string]string{"API-Tester": "Sample_Integration", "Test-Integration-Merchant": "Sandbox"} {
			all = append(all, newPraxis(f, func(c *verify.PraxisConfig) {
				c.MerchantID, c.ApplicationKeys, c.OrderID = merchant, []string{application}, order
			}))
		}
		return all
	}
	all := slices.Concat(configure(nil), configure(regexp.MustCompile(`[A-Za-z0-9-]+`)))
	f.Fuzz(func(t *testing.T, body []byte, signature string, at int64, sign bool) {
		if sign { // otherwise nothing would ever get past the signature
			signature = sha384(signedValues(body, false), testSecret)
		}
		for _, p := range all {
			d := praxisDelivery(body, signature)
			d.ReceivedAt = time.Unix(at, 0)
			m, err := p.Verify(context.Background(), d)
			if err != nil {
				require.Zero(t, m)
				continue
			}
			require.Equal(t, string(body), string(m.Payload))
			require.True(t, json.Valid(body))
			fits := func(php bool) bool {
				return bytes.EqualFold([]byte(sha384(signedValues(body, php), testSecret)), []byte(signature))
			}
			require.True(t, fits(false) || fits(true), "accepted, but the signature does not fit")
			require.LessOrEqual(t, m.Assurance, verify.Partial)
			age := d.ReceivedAt.Sub(m.SignedAt)
			require.True(t, age <= time.Hour && age >= -5*time.Minute, "accepted %v after it was signed", age)
			require.NotEqual(t, verify.Refused, p.Read(p.Ack(verify.Receipt{Outcome: verify.Accepted, Message: m, At: d.ReceivedAt})))
		}
	})
}

func FuzzPXPVerify(f *testing.F) {
	vectors, err := fixtures.Vectors("pxp")
	require.NoError(f, err)
	for _, v := range vectors {
		d := deliveryOf(f, v)
		get := d.Header.Get
		f.Add(get("X-Request-Id"), get("X-Signature-Timestamp"), get("X-Signature"), d.Body, v.At.Unix(), true)
		f.Add(get("X-Request-Id"), get("X-Signature-Timestamp"), get("X-Signature"), d.Body, v.At.Unix(), false)
	}
	for _, name := range testkit.PXP().Fixtures() {
		f.Add(testID, "1790000000", "", testkit.PXP().Payload(name), int64(signedAt), true)
	}
	p := newPXP(f, nil)
	id := regexp.MustCompile(`\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z`)
	stamp := regexp.MustCompile(`\A([1-9][0-9]{9}|[1-9][0-9]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))\z`)
	f.Fuzz(func(t *testing.T, requestID, timestamp, signature string, body []byte, at int64, sign bool) {
		want := hmac256(requestID, timestamp, string(body), testSecret)
		if sign {
			signature = want
		}
		d := pxpDelivery(requestID, timestamp, string(body), signature)
		d.ReceivedAt = time.Unix(at, 0)
		m, err := p.Verify(context.Background(), d)
		if err != nil {
			require.Zero(t, m)
			return
		}
		require.Equal(t, want, signature, "accepted, but the signature does not fit")
		require.Equal(t, string(body), string(m.Payload))
		require.Regexp(t, id, requestID)
		require.Regexp(t, stamp, timestamp)
		require.Equal(t, byte('['), body[0])
		require.LessOrEqual(t, d.ReceivedAt.Sub(m.SignedAt).Abs(), 5*time.Minute)
	})
}
