package verify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/verify"
)

const (
	testSecret = "MerchantSecretKey-0123456789"
	testID     = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
	signedAt   = 1790000000
)

// received is when deliveries arrive that were signed at signedAt.
var received = time.Unix(signedAt, 0)

// eleven are the values of a notification in signing order, each with the JSON text it has on the wire. An empty text is
// a member that is absent.
type eleven [11]string

func notification() eleven {
	return eleven{`"API-Tester"`, `"Sample_Integration"`, strconv.Itoa(signedAt), `"13f8a0b9c7d24e15a6b3c8d9e0f1a2b3"`,
		`"order-1042"`, `756850`, `"USD"`, `100`, `"23.500000"`, `"CZK"`, `2350`}
}

// with returns a copy with some of the values replaced.
func (e eleven) with(changes map[int]string) eleven {
	for i, text := range changes {
		e[i] = text
	}
	return e
}

// signed is what the signature is over.
func (e eleven) signed() string {
	var text strings.Builder
	for _, value := range e {
		var s string
		switch {
		case value == "null":
		case json.Unmarshal([]byte(value), &s) == nil:
			text.WriteString(s)
		default:
			text.WriteString(value)
		}
	}
	return text.String()
}

// body puts the values where a notification has them. Without any of a transaction's values that is null.
func (e eleven) body() []byte {
	object := func(names []string, values []string) string {
		var members []string
		for i, name := range names {
			if values[i] != "" {
				members = append(members, fmt.Sprintf("%q:%s", name, values[i]))
			}
		}
		return strings.Join(members, ",")
	}
	transaction := "null"
	names := []string{"tid", "currency", "amount", "conversion_rate", "processed_currency", "processed_amount"}
	if slices.ContainsFunc(e[5:], func(s string) bool { return s != "" }) {
		transaction = `{"transaction_status":"approved",` + object(names, e[5:]) + `}`
	}
	return fmt.Appendf(nil, `{%s,"customer":{%s},"session":{%s},"transaction":%s,"version":"1.3"}`,
		object([]string{"merchant_id", "application_key", "timestamp"}, e[:3]),
		object([]string{"customer_token"}, e[3:4]), object([]string{"order_id"}, e[4:5]), transaction)
}

// sha384 is Praxis' signature, computed without the package under test.
func sha384(text, secret string) string {
	sum := sha512.Sum384([]byte(text + secret))
	return hex.EncodeToString(sum[:])
}

func praxisDelivery(body []byte, signature ...string) verify.Delivery {
	return verify.Delivery{Header: http.Header{"Gt-Authentication": signature}, Body: body, ReceivedAt: received}
}

// deliver signs the values as they stand.
func (e eleven) deliver() verify.Delivery {
	return praxisDelivery(e.body(), sha384(e.signed(), testSecret))
}

func praxisConfig() verify.PraxisConfig {
	return verify.PraxisConfig{
		MerchantID:      "API-Tester",
		ApplicationKeys: []string{"Sample_Integration"},
		Secrets:         []verify.Secret{verify.NewSecret(testSecret)},
	}
}

func newPraxis(t testing.TB, change func(*verify.PraxisConfig)) *verify.Praxis {
	c := praxisConfig()
	if change != nil {
		change(&c)
	}
	p, err := verify.NewPraxis(c)
	require.NoError(t, err)
	return p
}

// hmac256 is PXP's signature, computed without the package under test.
func hmac256(id, timestamp, body, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(id + timestamp + body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func pxpDelivery(id, timestamp, body, signature string) verify.Delivery {
	return verify.Delivery{Header: http.Header{"X-Request-Id": {id}, "X-Signature-Timestamp": {timestamp}, "X-Signature": {signature}},
		Body: []byte(body), ReceivedAt: received}
}

// signedPXP is an authentic delivery.
func signedPXP(id, timestamp, body string) verify.Delivery {
	return pxpDelivery(id, timestamp, body, hmac256(id, timestamp, body, testSecret))
}

func newPXP(t testing.TB, change func(*verify.PXPConfig)) *verify.PXP {
	c := verify.PXPConfig{Secrets: []verify.Secret{verify.NewSecret(testSecret)}}
	if change != nil {
		change(&c)
	}
	p, err := verify.NewPXP(c)
	require.NoError(t, err)
	return p
}

// verified returns the message of a delivery that must be accepted.
func verified(t testing.TB, v verify.Verifier, d verify.Delivery, reason string) verify.Message {
	m, err := v.Verify(context.Background(), d)
	require.NoError(t, err, reason)
	require.Equal(t, v.Provider(), m.Provider)
	require.Equal(t, string(d.Body), string(m.Payload), "the payload is not what was delivered")
	return m
}

// refused makes sure that a delivery is refused for that reason alone, and that nothing of it comes back.
func refused(t *testing.T, v verify.Verifier, d verify.Delivery, want error, reason string) {
	t.Helper()
	m, err := v.Verify(t.Context(), d)
	require.ErrorIs(t, err, want, reason)
	require.Zero(t, m, "a refusal came with a message: %s", reason)
	only(t, err, want)
}

// authentic is one verifier of each provider, with a delivery that it accepts.
func authentic(t testing.TB) map[verify.Verifier]verify.Delivery {
	return map[verify.Verifier]verify.Delivery{
		newPraxis(t, nil): notification().deliver(),
		newPXP(t, nil):    signedPXP(testID, strconv.Itoa(signedAt), `[{"eventCategory":"Transaction"}]`),
	}
}

// clone copies a delivery, so that it can be spoilt.
func clone(d verify.Delivery) verify.Delivery {
	d.Header, d.Body = d.Header.Clone(), slices.Clone(d.Body)
	return d
}

// vectors are those of all providers.
func vectors(t testing.TB) (all []fixtures.Vector) {
	for _, provider := range fixtures.Providers() {
		some, err := fixtures.Vectors(provider)
		require.NoError(t, err)
		all = append(all, some...)
	}
	return all
}

var outcomes = []verify.Outcome{verify.Refused, verify.Retry, verify.Rejected, verify.Accepted}
