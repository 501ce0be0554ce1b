package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

const refusalBody = "unauthorized\n"

// TestAck makes a reply for every outcome of every kind of message.
func TestAck(t *testing.T) {
	all := authentic(t)
	for v, d := range all {
		m := verified(t, v, d, "authentic")
		foreign, unknown := m, m
		foreign.Provider, unknown.KeyID = "another", "another"
		for _, outcome := range append(outcomes, 200) {
			receipt := verify.Receipt{Outcome: outcome, At: received, Reason: "no", RetryAfter: time.Second}
			for name, message := range map[string]verify.Message{"zero": {}, "foreign": foreign} {
				receipt.Message = message
				a := v.Ack(receipt)
				require.Empty(t, a.Header.Values("Gt-Authentication"), "signed for a %s message", name)
				require.Empty(t, a.Header.Values("External-Request-Signature"))
				require.NotContains(t, string(a.Body), "uccess")
				want := verify.Refused
				if outcome == verify.Retry {
					want = verify.Retry
				}
				require.Equal(t, want, v.Read(a), "%s %s %s", v.Provider(), name, outcome)
			}
			receipt.Message = m
			want := outcome
			switch {
			case outcome > verify.Accepted:
				want = verify.Refused
			case v.Provider() == "pxp" && outcome == verify.Rejected:
				want = verify.Accepted // there is no documented way to say no
			}
			require.Equal(t, want, v.Read(v.Ack(receipt)), "%s %s", v.Provider(), outcome)
		}
		if v.Provider() == "praxis" {
			a := v.Ack(verify.Receipt{Outcome: verify.Accepted, Message: unknown, At: received})
			require.Equal(t, http.StatusUnauthorized, a.Status, "there is no secret to sign with")
		}
	}
}

// TestAckKnownAnswer is the reply of which the signature is known: status 0 at 1590611635.
func TestAckKnownAnswer(t *testing.T) {
	p := newPraxis(t, func(c *verify.PraxisConfig) { c.Secrets = secrets("MerchantSecretKey") })
	e := notification()
	m := verified(t, p, praxisDelivery(e.body(), sha384(e.signed(), "MerchantSecretKey")), "signed with that secret")
	a := p.Ack(verify.Receipt{Outcome: verify.Accepted, Message: m, At: time.Unix(1590611635, 999)})
	const signature = "91952dcd631499b72e20a138f98ff9cbf8a091606aa09242b764999cad22851bd9ab5f3dbc8217855b489737fcac9ac0"
	require.Equal(t, verify.Ack{
		Status: http.StatusOK,
		Header: http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Gt-Authentication": {signature}, "External-Request-Signature": {signature}},
		Body:   []byte(`{"status":0,"description":"Ok","version":"1.3","timestamp":1590611635}`),
	}, a)
}

// TestAckPraxis checks each reply as Praxis would, with a signature of the test's own.
func TestAckPraxis(t *testing.T) {
	const second = "the-secret-that-was-used"
	p := newPraxis(t, func(c *verify.PraxisConfig) { c.Secrets = append(c.Secrets, verify.NewSecret(second)) })
	e := notification()
	m := verified(t, p, praxisDelivery(e.body(), sha384(e.signed(), second)), "signed with the second secret")
	for _, row := range []struct {
		outcome          verify.Outcome
		reason, want     string
		status, httpCode int
	}{
		{verify.Accepted, "", "Ok", 0, 200},
		{verify.Accepted, "not shown", "Ok", 0, 200},
		{verify.Rejected, "", "Transaction refused", 1, 200},
		{verify.Rejected, "Limit \"reached\"\n</script>\\", "Limit \"reached\"\n</script>\\", 1, 200},
		{verify.Rejected, strings.Repeat("é", 256), strings.Repeat("é", 256), 1, 200},
		{verify.Rejected, strings.Repeat("€", 300), strings.Repeat("€", 256), 1, 200},
		{verify.Rejected, "\xffbad", "\ufffdbad", 1, 200},
		{verify.Retry, "not shown", "Temporary error", -1, 503},
	} {
		a := p.Ack(verify.Receipt{Outcome: row.outcome, Message: m, Reason: row.reason, At: received})
		var reply struct {
			Status, Timestamp    json.Number
			Description, Version string
		}
		decoder := json.NewDecoder(bytes.NewReader(a.Body))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&reply))
		require.Equal(t, row.httpCode, a.Status)
		require.Equal(t, strconv.Itoa(row.status), reply.Status.String())
		require.Equal(t, row.want, reply.Description)
		require.Equal(t, "1.3", reply.Version)
		require.Equal(t, strconv.Itoa(signedAt), reply.Timestamp.String())
		require.True(t, utf8.Valid(a.Body))
		signature := sha384(reply.Status.String()+reply.Timestamp.String(), second)
		require.Equal(t, []string{signature}, a.Header["Gt-Authentication"], "signed with the secret that the delivery was signed with")
		require.Equal(t, []string{signature}, a.Header["External-Request-Signature"])
		refused(t, p, praxisDelivery(a.Body, signature), verify.ErrMalformed, "our own reply, sent back")
		refused(t, p, praxisDelivery(e.body(), signature), verify.ErrSignature, "the signature of our own reply")
	}
}

func TestRetryAfter(t *testing.T) {
	for _, row := range []struct {
		after  time.Duration
		want   []string
		reason string
	}{
		{0, nil, "none"},
		{-time.Second, nil, "the past is none"},
		{1, []string{"1"}, "rounded up"},
		{time.Second, []string{"1"}, "exact"},
		{time.Second + 1, []string{"2"}, "rounded up"},
		{90 * time.Minute, []string{"5400"}, "hours"},
		{math.MaxInt64, []string{"9223372037"}, "the longest there is must not overflow"},
	} {
		for v, d := range authentic(t) {
			for _, message := range []verify.Message{{}, verified(t, v, d, "authentic")} {
				a := v.Ack(verify.Receipt{Outcome: verify.Retry, RetryAfter: row.after, Message: message, At: received})
				require.Equal(t, http.StatusServiceUnavailable, a.Status)
				require.Equal(t, row.want, a.Header["Retry-After"], row.reason)
			}
			accepted := v.Ack(verify.Receipt{Outcome: verify.Accepted, RetryAfter: row.after, Message: verified(t, v, d, ""), At: received})
			require.Empty(t, accepted.Header["Retry-After"], "only with a retry")
		}
	}
}

// TestRefusalUniform makes sure that the reply to a refused delivery tells nothing about the reason.
func TestRefusalUniform(t *testing.T) {
	want := verify.Ack{
		Status: http.StatusUnauthorized,
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Www-Authenticate": {`Webhook realm="webhook"`}},
		Body:   []byte(refusalBody),
	}
	for v := range authentic(t) {
		for _, reason := range append([]string{"", "because"}, fmt.Sprint(verify.ErrStale)) {
			a := v.Ack(verify.Receipt{Outcome: verify.Refused, Reason: reason, RetryAfter: time.Hour, At: received})
			require.Equal(t, want, a)
			a.Body[0], a.Header["Content-Type"][0] = 'X', "X" // the caller may write to what it got
			require.Equal(t, want, v.Ack(verify.Receipt{}), "replies share memory")
		}
	}
}

// TestRead judges replies that somebody else wrote. The kit, which plays the provider, must agree.
func TestRead(t *testing.T) {
	sender := testkit.Praxis()
	praxis := func(status int, body, signed string) verify.Ack {
		a := verify.Ack{Status: status, Header: http.Header{}, Body: []byte(body)}
		if signed != "" {
			a.Header.Set("Gt-Authentication", sha384(signed, testkit.PraxisSecret))
		}
		return a
	}
	reply := func(status string) string {
		return `{"status":` + status + `,"description":"Ok","version":"1.3","timestamp":1790000000}`
	}
	pxp := func(status int, body string) verify.Ack { return verify.Ack{Status: status, Body: []byte(body)} }
	text := praxis(200, reply(`"0"`), "01790000000")
	require.Equal(t, verify.Retry, sender.Verifier().Read(text), "a status that is a string")
	for _, row := range []struct {
		sender *testkit.Sender
		ack    verify.Ack
		want   verify.Outcome
		reason string
	}{
		{sender, praxis(200, reply("0"), "01790000000"), verify.Accepted, "success"},
		{sender, praxis(202, reply("0"), "01790000000"), verify.Accepted, "another 2xx"},
		{sender, praxis(200, reply("1"), "11790000000"), verify.Rejected, "a positive status is final"},
		{sender, praxis(200, reply("42"), "421790000000"), verify.Rejected, "any positive status is"},
		{sender, praxis(200, reply("-1"), "-11790000000"), verify.Retry, "resend"},
		{sender, praxis(503, reply("-1"), "-11790000000"), verify.Retry, "resend, said twice"},
		{sender, praxis(500, reply("0"), "01790000000"), verify.Retry, "status 0 under 500"},
		{sender, praxis(200, reply("0"), ""), verify.Retry, "not signed"},
		{sender, praxis(200, reply("0"), "11790000000"), verify.Retry, "signed for another status"},
		{sender, praxis(200, reply("0"), "01790000001"), verify.Retry, "signed for another time"},
		{sender, praxis(200, reply("null"), "1790000000"), verify.Retry, "a status that is null"},
		{sender, praxis(200, reply("0.0"), "0.01790000000"), verify.Retry, "a status that is no whole number"},
		{sender, praxis(200, `{"status":0}`, "0"), verify.Retry, "no timestamp"},
		{sender, praxis(200, `[]`, ""), verify.Retry, "an array"},
		{sender, praxis(200, `ok`, ""), verify.Retry, "no JSON"},
		{sender, praxis(200, ``, ""), verify.Retry, "nothing"},
		{sender, praxis(404, ``, ""), verify.Retry, "no such route"},
		{sender, praxis(302, ``, ""), verify.Retry, "a redirect"},
		{sender, praxis(401, refusalBody, ""), verify.Refused, "a refusal"},
		{testkit.PXP(), pxp(200, `{"state":"Success"}`), verify.Accepted, "success"},
		{testkit.PXP(), pxp(200, ` { "state" : "\u0053uccess", "x":1 } `), verify.Accepted, "the same in other words"},
		{testkit.PXP(), pxp(200, `{"state":"success"}`), verify.Retry, "letter case counts"},
		{testkit.PXP(), pxp(200, `{"state":"Failure"}`), verify.Retry, "another state"},
		{testkit.PXP(), pxp(200, `{"state":null}`), verify.Retry, "null"},
		{testkit.PXP(), pxp(200, `Success`), verify.Retry, "no JSON"},
		{testkit.PXP(), pxp(200, ``), verify.Retry, "nothing"},
		{testkit.PXP(), pxp(201, `{"state":"Success"}`), verify.Retry, "success is 200"},
		{testkit.PXP(), pxp(204, ``), verify.Retry, "success is 200"},
		{testkit.PXP(), pxp(500, `{"state":"Success"}`), verify.Retry, "success is 200"},
		{testkit.PXP(), pxp(401, refusalBody), verify.Refused, "a refusal"},
	} {
		require.Equal(t, row.want, row.sender.Verifier().Read(row.ack), "%s: %s", row.sender.Provider(), row.reason)
		require.Equal(t, row.want, check(row.sender, row.ack), "%s: the kit on %s", row.sender.Provider(), row.reason)
	}
}

// check asks the kit what the provider would make of a reply.
func check(s *testkit.Sender, a verify.Ack) verify.Outcome {
	outcome, _ := s.CheckReply(&http.Response{StatusCode: a.Status, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.Body))})
	return outcome
}

// TestKitAgrees lets the kit check the replies of Ack.
func TestKitAgrees(t *testing.T) {
	for _, s := range testkit.All() {
		r := s.Request(s.Fixtures()[0])
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		m := verified(t, s.Verifier(), verify.Delivery{URL: r.URL, Header: r.Header, Body: body, ReceivedAt: time.Now()}, s.Provider())
		for _, outcome := range outcomes {
			a := s.Verifier().Ack(verify.Receipt{Outcome: outcome, Message: m, At: time.Now()})
			require.Equal(t, s.Verifier().Read(a), check(s, a), "%s %s", s.Provider(), outcome)
		}
	}
}
