package testkit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

// PXP returns a sender that plays PXP Unity: arrays of events for merchant "MERCHANT-1", site "SITE-1", signed with PXPKey
// by HMAC-SHA-256, with a timestamp in unix seconds.
func PXP() *Sender {
	key := verify.NewSecret(PXPKey).Named("test")
	verifier, err := verify.NewPXP(verify.PXPConfig{Secrets: []verify.Secret{key}})
	if err != nil {
		panic("testkit: " + err.Error())
	}
	return NewSender(SenderConfig{
		Provider:   "pxp",
		Verifier:   verifier,
		Normalizer: normalize.PXP{},
		Secret:     key,
		Fixtures:   embedded("pxp"),
		Sign:       signPXP,
		CheckReply: checkPXP,
		Faults:     basicFaults("X-Signature", true, tamperPXP),
	})
}

// signPXP hashes request id, timestamp and body, one behind the other:
// https://developer.pxp.io/guides/get-started/about-webhooks
func signPXP(r *http.Request, payload []byte, secret string, at time.Time) []byte {
	id, timestamp := requestID(payload, at), strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s%s%s", id, timestamp, payload)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-Id", id)
	r.Header.Set("X-Signature-Timestamp", timestamp)
	r.Header.Set("X-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return payload
}

// requestID makes a UUID of version 8 (RFC 9562, section 5.8) out of what is sent, so that requests can be reproduced.
func requestID(payload []byte, at time.Time) string {
	sum := sha256.Sum256(append(strconv.AppendInt(nil, at.UnixNano(), 10), payload...))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	digits := hex.EncodeToString(sum[:16])
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}

// tamperPXP adds a blank: the same JSON in other bytes.
func tamperPXP(body []byte) []byte { return append(body, ' ') }

// checkPXP reads a reply as PXP documents it: https://developer.pxp.io/docs/manage-webhooks
func checkPXP(r *http.Response, body []byte, _ string) (verify.Outcome, error) {
	if r.StatusCode != http.StatusOK {
		if r.StatusCode/100 == 2 {
			return verify.Retry, fmt.Errorf("HTTP status %d: success is 200", r.StatusCode)
		}
		return plainReply(r), nil
	}
	var reply struct {
		State string `json:"state"`
	}
	if err := json.Unmarshal(body, &reply); err != nil || reply.State != "Success" {
		return verify.Retry, errors.New(`a reply of status 200 must be {"state":"Success"}`)
	}
	return verify.Accepted, nil
}
