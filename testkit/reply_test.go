package testkit_test

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

func reply(status int, body string, headers ...string) *http.Response {
	w := httptest.NewRecorder()
	for i := 0; i < len(headers); i += 2 {
		w.Header().Set(headers[i], headers[i+1])
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
	return w.Result()
}

func sign(text string) string {
	sum := sha512.Sum384([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestCheckReplyPraxis(t *testing.T) {
	signed := func(http int, status string) (int, string, string, string) {
		return http, fmt.Sprintf(`{"status":%s,"description":"Ok","version":"1.3","timestamp":1590611635}`, status),
			"Gt-Authentication", sign(status + "1590611635" + testkit.PraxisSecret)
	}
	make := func(http int, body, name, value string) *http.Response { return reply(http, body, name, value) }
	tests := []struct {
		why     string
		reply   *http.Response
		outcome verify.Outcome
		wrong   string // part of the error
	}{
		{"accepted", make(signed(200, "0")), verify.Accepted, ""},
		{"a logical error is final", make(signed(200, "7")), verify.Rejected, ""},
		{"asks for a resend", make(signed(200, "-1")), verify.Retry, ""},
		{"asks for a resend twice over", make(signed(503, "-1")), verify.Retry, ""},
		{"accepted under an error status", make(signed(500, "0")), verify.Retry, "answer 200"},
		{"a status that is a string", reply(200, `{"status":"0","description":"Ok","version":"1.3","timestamp":1}`,
			"Gt-Authentication", sign("01"+testkit.PraxisSecret)), verify.Retry, "signature"},
		{"a refusal", reply(401, "unauthorized\n"), verify.Refused, ""},
		{"overload", reply(503, "try again\n"), verify.Retry, ""},
		{"not signed", reply(200, `{"status":0,"description":"Ok","version":"1.3","timestamp":1}`), verify.Retry, "not signed"},
		{"signed for another time", reply(200, `{"status":0,"description":"Ok","version":"1.3","timestamp":1}`,
			"Gt-Authentication", sign("0"+"2"+testkit.PraxisSecret)), verify.Retry, "signature"},
		{"signed with another secret", reply(200, `{"status":0,"description":"Ok","version":"1.3","timestamp":1}`,
			"Gt-Authentication", sign("01other-secret")), verify.Retry, "signature"},
		{"no description", reply(200, `{"status":0,"version":"1.3","timestamp":1}`, "Gt-Authentication", sign("01"+testkit.PraxisSecret)), verify.Retry, "description"},
		{"a long description", reply(200, `{"status":0,"description":"`+strings.Repeat("x", 257)+`","version":"1.3","timestamp":1}`,
			"Gt-Authentication", sign("01"+testkit.PraxisSecret)), verify.Retry, "256"},
		{"no version", reply(200, `{"status":0,"description":"","timestamp":1}`, "Gt-Authentication", sign("01"+testkit.PraxisSecret)), verify.Retry, "version"},
		{"what many handlers answer", reply(200, "OK"), verify.Retry, "must be JSON"},
		{"nothing", reply(204, ""), verify.Retry, "must be JSON"},
	}
	check(t, testkit.Praxis(), tests)
}

func TestCheckReplyPXP(t *testing.T) {
	check(t, testkit.PXP(), []struct {
		why     string
		reply   *http.Response
		outcome verify.Outcome
		wrong   string
	}{
		{"the documented reply", reply(200, `{"state":"Success"}`), verify.Accepted, ""},
		{"with white space", reply(200, "{\"state\": \"Success\"}\n"), verify.Accepted, ""},
		{"another word", reply(200, `{"state":"Ok"}`), verify.Retry, "Success"},
		{"nothing", reply(200, ""), verify.Retry, "Success"},
		{"another 2xx", reply(204, ""), verify.Retry, "success is 200"},
		{"a refusal", reply(401, "unauthorized\n"), verify.Refused, ""},
		{"try again", reply(503, "try again\n"), verify.Retry, ""},
		{"too large", reply(413, ""), verify.Retry, ""},
	})
}

func check(t *testing.T, s *testkit.Sender, tests []struct {
	why     string
	reply   *http.Response
	outcome verify.Outcome
	wrong   string
}) {
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			for range 2 { // the body is put back
				outcome, err := s.CheckReply(test.reply)
				require.Equal(t, test.outcome, outcome)
				if test.wrong == "" {
					require.NoError(t, err)
				} else {
					require.ErrorContains(t, err, test.wrong)
				}
			}
		})
	}
}

// TestCheckReplyKnowsTheSecret: over HTTP, the reply to a request that was signed with another secret is checked with it.
func TestCheckReplyKnowsTheSecret(t *testing.T) {
	const secret = "another-merchant-secret"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Gt-Authentication", sign("01"+secret))
		_, _ = io.WriteString(w, `{"status":0,"description":"Ok","version":"1.3","timestamp":1}`)
	}))
	defer server.Close()
	s := testkit.Praxis()
	response, err := http.DefaultClient.Do(s.Request("payment_succeeded", testkit.To(server.URL), testkit.WithSecret(verify.NewSecret(secret))))
	require.NoError(t, err)
	defer response.Body.Close()
	outcome, err := s.CheckReply(response)
	require.NoError(t, err)
	require.Equal(t, verify.Accepted, outcome)
}
