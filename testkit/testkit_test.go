package testkit_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

func deliver(t testing.TB, v verify.Verifier, r *http.Request) (verify.Message, error) {
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return v.Verify(t.Context(), verify.Delivery{URL: r.URL, Header: r.Header, Body: body, ReceivedAt: time.Now()})
}

// TestRequests: the kit's signers and the verifiers are written independently, and must agree on every fixture.
func TestRequests(t *testing.T) {
	for _, s := range testkit.All() {
		for _, name := range s.Fixtures() {
			m, err := deliver(t, s.Verifier(), s.Request(name))
			require.NoError(t, err, "%s %s", s.Provider(), name)
			require.Equal(t, "test", m.KeyID)
			require.WithinDuration(t, time.Now(), m.SignedAt, time.Minute)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, s := range testkit.All() {
		require.NotEmpty(t, s.Faults())
		for _, f := range s.Faults() {
			for _, name := range s.Fixtures() {
				_, err := deliver(t, s.Verifier(), s.Request(name, f))
				require.ErrorIs(t, err, s.Reason(f), "%s %s %s", s.Provider(), name, f)
			}
			_, err := deliver(t, s.Verifier(), s.Sign(s.Payload("payment_succeeded"), f))
			require.ErrorIs(t, err, s.Reason(f), "a payload of one's own, %s %s", s.Provider(), f)
		}
	}
}

// TestKnownAnswers checks the signers against answers computed elsewhere: vector N of the Praxis documentation's example,
// and one of PXP's recipe.
func TestKnownAnswers(t *testing.T) {
	praxis := testkit.Praxis()
	r := praxis.Request("payment_succeeded", testkit.At(time.Unix(1590611635, 0)), testkit.WithSecret(verify.NewSecret("MerchantSecretKey")))
	require.Equal(t, "efe153ab4afbfdc051a51c329d958c6b7728b5a980cf911023d9987ac64f1bfa87b83b1174bd21f0579d76a8962b9c99",
		r.Header.Get("Gt-Authentication"))

	body := `[{"eventCategory":"Transaction","eventDate":"2021-10-27T08:51:04.8264455Z","eventData":{"state":"Authorised","systemTransactionId":"1ed768bb-e88a-4636-91ae-67927ccbb02b"},"eventOwner":{"merchantGroup":"MERCHANT-GROUP-1","merchant":"MERCHANT-1","site":"SITE-1"}}]`
	r = testkit.PXP().Sign([]byte(body), testkit.At(time.Unix(1730019064, 0)))
	require.Equal(t, "1730019064", r.Header.Get("X-Signature-Timestamp"))
	require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, r.Header.Get("X-Request-Id"))
	again := testkit.PXP().Sign([]byte(body), testkit.At(time.Unix(1730019064, 0)))
	require.Equal(t, r.Header, again.Header, "requests can be reproduced")
}

// TestRequestForm: what both a handler and a client accept.
func TestRequestForm(t *testing.T) {
	for _, s := range testkit.All() {
		r := s.Request("payment_succeeded", testkit.To("https://shop.example.com/hooks?x=1"))
		require.Equal(t, "https://shop.example.com/hooks?x=1", r.URL.String())
		require.Equal(t, "shop.example.com", r.Host)
		require.Empty(t, r.RequestURI)
		require.NotEmpty(t, r.RemoteAddr)
		require.Equal(t, http.MethodPost, r.Method)
		require.Positive(t, r.ContentLength)
		require.NotNil(t, r.GetBody)

		var got []byte
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got, _ = io.ReadAll(r.Body) }))
		defer server.Close()
		response, err := http.DefaultClient.Do(s.Request("payment_succeeded", testkit.To(server.URL), testkit.At(time.Unix(1790000000, 0))))
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, s.Payload("payment_succeeded", testkit.At(time.Unix(1790000000, 0))), got)
	}
}

func TestSet(t *testing.T) {
	s := testkit.Praxis()
	tests := []struct {
		pointer string
		value   any
		want    any
	}{
		{"/transaction/amount", 4999, json.Number("4999")},
		{"/transaction/amount", json.RawMessage("1e2"), json.Number("1e2")},
		{"/transaction/transaction_status", "rejected", "rejected"},
		{"/transaction/card", nil, nil},
		{"/transaction", map[string]any{"a": []int{1}}, map[string]any{"a": []any{json.Number("1")}}},
		{"/new", true, true},
		{"/session/new~1name~0", "x", "x"},
		{"/timestamp", 1234567890, json.Number("1234567890")},
	}
	for _, test := range tests {
		payload := s.Payload("payment_succeeded", testkit.Set(test.pointer, test.value))
		d := json.NewDecoder(bytes.NewReader(payload))
		d.UseNumber()
		var got any
		require.NoError(t, d.Decode(&got))
		for part := range strings.SplitSeq(test.pointer[1:], "/") {
			got = got.(map[string]any)[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)]
		}
		require.Equal(t, test.want, got, test.pointer)
	}
	require.Equal(t, `"MERCHANT-9"`, string(pick(t, testkit.PXP().Payload("batch", testkit.Set("/1/eventData/merchant", "MERCHANT-9")), 1)))
}

func pick(t *testing.T, doc []byte, i int) json.RawMessage {
	var all []struct {
		EventData struct {
			Merchant json.RawMessage `json:"merchant"`
		} `json:"eventData"`
	}
	require.NoError(t, json.Unmarshal(doc, &all))
	return all[i].EventData.Merchant
}

// TestOverridesAreSigned: whatever a test sets is part of what is signed.
func TestOverridesAreSigned(t *testing.T) {
	for _, s := range testkit.All() {
		pointer := map[string]string{"praxis": "/transaction/amount", "pxp": "/0/eventData/amounts/transactionValue"}[s.Provider()]
		_, err := deliver(t, s.Verifier(), s.Request("payment_succeeded", testkit.Set(pointer, 777)))
		require.NoError(t, err)
		require.NotEqual(t, normalize.Amount{}, s.Event("payment_succeeded", testkit.Set(pointer, 777)).Amount)
	}
}

func TestEvent(t *testing.T) {
	at := testkit.At(time.Unix(1790000000, 0))
	e := testkit.Praxis().Event("payment_succeeded", at, testkit.Set("/transaction/amount", 4999), testkit.Set("/transaction/processed_amount", 4999))
	require.Equal(t, "payment.succeeded", e.Name())
	require.Equal(t, "49.99 EUR", e.Amount.String())
	require.Equal(t, int64(1790000000), e.Time.Unix())
	require.Equal(t, verify.Partial, e.Assurance)
	require.Len(t, testkit.PXP().Events("batch"), 3)
	require.Empty(t, testkit.PXP().Events("empty"))
}

func TestMistakesPanic(t *testing.T) {
	s := testkit.Praxis()
	for why, f := range map[string]func(){
		"no such fixture":       func() { s.Request("payment_succeded") },
		"no such fault":         func() { s.Request("payment_succeeded", testkit.Fault("unknown")) },
		"a pointer to nowhere":  func() { s.Request("payment_succeeded", testkit.Set("/transaction/x/y", 1)) },
		"no pointer":            func() { s.Request("payment_succeeded", testkit.Set("amount", 1)) },
		"a value without JSON":  func() { s.Request("payment_succeeded", testkit.Set("/x", func() {})) },
		"a target that is none": func() { s.Request("payment_succeeded", testkit.To("http://[::1")) },
		"three events":          func() { testkit.PXP().Event("batch") },
		"a refused event":       func() { s.Event("payment_succeeded", testkit.Unsigned) },
		"an empty sender":       func() { testkit.NewSender(testkit.SenderConfig{}) },
	} {
		require.Panics(t, f, why)
	}
}

// TestNewSender plays a provider that the module does not know.
func TestNewSender(t *testing.T) {
	pxp := testkit.PXP()
	s := testkit.NewSender(testkit.SenderConfig{
		Provider: "acme", Verifier: pxp.Verifier(), Normalizer: pxp.Normalizer(), Secret: verify.NewSecret("acme-secret"),
		Fixtures: map[string][]byte{"ping": []byte(`{"n":1}`)},
		Sign: func(r *http.Request, payload []byte, secret string, at time.Time) []byte {
			r.URL.RawQuery = url.Values{"t": {secret}}.Encode()
			r.Header.Set("X-At", at.UTC().Format(time.RFC3339))
			return payload
		},
		CheckReply: func(r *http.Response, body []byte, secret string) (verify.Outcome, error) {
			return map[bool]verify.Outcome{true: verify.Accepted, false: verify.Retry}[string(body) == secret], nil
		},
	})
	require.Equal(t, []string{"ping"}, s.Fixtures())
	r := s.Request("ping", testkit.At(time.Unix(0, 0)), testkit.Set("/n", 2))
	require.Equal(t, "http://localhost/webhooks/acme?t=acme-secret", r.URL.String())
	require.Equal(t, "1970-01-01T00:00:00Z", r.Header.Get("X-At"))
	body, _ := io.ReadAll(r.Body)
	require.Equal(t, `{"n":2}`, string(body))
	outcome, err := s.CheckReply(&http.Response{Body: io.NopCloser(strings.NewReader("acme-secret"))})
	require.NoError(t, err)
	require.Equal(t, verify.Accepted, outcome)
}
