package testkit

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/paynotary/paynotary/internal/strictjson"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

// The merchant that the fixtures of Praxis are for. It is the one of Praxis' documentation.
const (
	praxisMerchantID     = "Test-Integration-Merchant"
	praxisApplicationKey = "Sandbox"
)

// Praxis returns a sender that plays Praxis Cashier: notifications of API 1.3 for merchant "Test-Integration-Merchant",
// application "Sandbox", signed with PraxisSecret.
func Praxis() *Sender {
	key := verify.NewSecret(PraxisSecret).Named("test")
	verifier, err := verify.NewPraxis(verify.PraxisConfig{
		MerchantID:      praxisMerchantID,
		ApplicationKeys: []string{praxisApplicationKey},
		Secrets:         []verify.Secret{key},
	})
	if err != nil {
		panic("testkit: " + err.Error())
	}
	return NewSender(SenderConfig{
		Provider:   "praxis",
		Verifier:   verifier,
		Normalizer: normalize.Praxis{},
		Secret:     key,
		Fixtures:   embedded("praxis"),
		Stamp:      stampPraxis,
		Sign:       signPraxis,
		CheckReply: checkPraxis,
		Faults:     basicFaults("Gt-Authentication", true, tamperPraxis),
	})
}

// praxisSigned are the signed values of a notification, in order:
// https://docs.praxis.tech/reference/paymentnotification
var praxisSigned = strings.Fields(`
	merchant_id application_key timestamp customer.customer_token session.order_id
	transaction.tid transaction.currency transaction.amount transaction.conversion_rate
	transaction.processed_currency transaction.processed_amount`)

// signPraxis concatenates the values, nulls skipped and number literals as they stand, and hashes them with the secret
// behind: https://doc.praxiscashier.com/integration_docs/latest/overview/authentication
func signPraxis(r *http.Request, payload []byte, secret string, _ time.Time) []byte {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var root any
	_ = decoder.Decode(&root) // a payload that is no JSON has no values
	var text strings.Builder
	for _, path := range praxisSigned {
		value := root
		for name := range strings.SplitSeq(path, ".") {
			object, _ := value.(map[string]any)
			value = object[name]
		}
		switch value.(type) {
		case string, json.Number:
			fmt.Fprint(&text, value)
		}
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Gt-Authentication", sha384Hex(text.String()+secret))
	return payload
}

func sha384Hex(s string) string {
	h := sha512.New384()
	h.Write([]byte(s))
	return hex.EncodeToString(h.Sum(nil))
}

func stampPraxis(payload []byte, at time.Time) []byte {
	stamped, err := strictjson.Set(payload, "/timestamp", strconv.AppendInt(nil, at.Unix(), 10))
	if err != nil {
		return payload
	}
	return stamped
}

// tamperPraxis changes the order, which is signed and is there with and without a transaction.
func tamperPraxis(body []byte) []byte {
	tampered, err := strictjson.Set(body, "/session/order_id", []byte(`"order-tampered"`))
	if err != nil {
		return append(body, ' ')
	}
	return tampered
}

// checkPraxis reads a reply as Praxis documents it:
// https://doc.praxiscashier.com/integration_docs/latest/webhooks/notification
func checkPraxis(r *http.Response, body []byte, secret string) (verify.Outcome, error) {
	var reply struct {
		Status      json.RawMessage `json:"status"` // a json.Number would take a string for one
		Description *string         `json:"description"`
		Version     string          `json:"version"`
		Timestamp   json.RawMessage `json:"timestamp"`
	}
	if err := json.Unmarshal(body, &reply); err != nil || reply.Status == nil || reply.Timestamp == nil {
		if r.StatusCode/100 == 2 {
			return verify.Retry, errors.New("a reply of status 2xx must be JSON with status, description, version and timestamp")
		}
		return plainReply(r), nil
	}
	signature := sha384Hex(string(reply.Status) + string(reply.Timestamp) + secret)
	switch {
	case r.Header.Get("Gt-Authentication") == "":
		return verify.Retry, errors.New("the reply is not signed: set Gt-Authentication")
	case r.Header.Get("Gt-Authentication") != signature:
		return verify.Retry, errors.New("the signature of the reply does not fit: it is over status and timestamp of the reply itself")
	case reply.Description == nil || len([]rune(*reply.Description)) > 256:
		return verify.Retry, errors.New("the reply needs a description of at most 256 characters")
	case len(reply.Version) == 0 || len(reply.Version) > 3:
		return verify.Retry, errors.New(`the reply needs a version of at most 3 characters, "1.3"`)
	}
	status, err := strconv.Atoi(string(reply.Status))
	switch {
	case err != nil:
		return verify.Retry, errors.New("the reply's status is not a whole number")
	case status < 0:
		return verify.Retry, nil
	case r.StatusCode/100 != 2:
		return verify.Retry, fmt.Errorf("the reply says status %d under HTTP status %d: answer 200", status, r.StatusCode)
	case status > 0:
		return verify.Rejected, nil
	}
	return verify.Accepted, nil
}
