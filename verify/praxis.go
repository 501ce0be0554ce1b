package verify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/paynotary/paynotary/internal/secret"
	"github.com/paynotary/paynotary/internal/strictjson"
)

// Praxis Cashier, API 1.3. The algorithm and the notification are documented at
//
//	https://doc.praxiscashier.com/integration_docs/latest/overview/authentication
//	https://doc.praxiscashier.com/integration_docs/latest/webhooks/notification
//
// A signature is the lower-case hex of SHA-384 over the signed values in their documented order, without separators,
// followed by the secret. Null values are skipped.
const (
	praxisName   = "praxis"
	praxisHeader = "Gt-Authentication"
	// One integrator's guide names this header for replies, everybody else the one above. Both are sent.
	praxisReplyHeader = "External-Request-Signature"
	praxisVersion     = "1.3"
	// praxisKeep covers resends, whose end is not documented (open).
	praxisKeep = 7 * 24 * time.Hour
)

// PraxisMessage is one of the messages Praxis sends. They share one secret and one scheme without separation, so the type
// comes from the route and never from the body.
type PraxisMessage uint8

// PraxisNotification reports the status of a transaction, or the end of a session without one.
const PraxisNotification PraxisMessage = 0

// PraxisConfig configures NewPraxis.
type PraxisConfig struct {
	_               [0]func()
	MerchantID      string         // required
	ApplicationKeys []string       // required: the websites this endpoint serves
	Secrets         []Secret       // required; newest first, any may match
	Message         PraxisMessage  // zero: PraxisNotification
	OrderID         *regexp.Regexp // recommended: the shape of a whole order id of yours; switches the check for other readings on
	CustomerToken   *regexp.Regexp // of a whole token, which has at most 64 bytes; nil: 32 hex digits
	MaxAge, MaxSkew time.Duration  // 0: 60 min, since a resend may carry the old stamp (open), and 5 min
}

// Praxis verifies deliveries of Praxis Cashier. The zero Praxis refuses every delivery.
//
// # What the proof covers
//
// Eleven values: merchant_id, application_key, timestamp, customer.customer_token, session.order_id, and of the
// transaction tid, currency, amount, conversion_rate, processed_currency and processed_amount. It does not cover
// transaction_type and transaction_status, nor anything else: whoever holds one signed message can turn its "rejected"
// into "approved". Assurance is therefore Partial: look the transaction up, or compare with what your order expects,
// before money moves.
//
// # Other readings
//
// The values are signed without separators, so one signed text can be read in several ways: amount 250 at a rate of
// 13.500000 is also amount 2501 at 3.500000. With PraxisConfig.OrderID, the other readings that satisfy the grammar and
// your pattern are enumerated. If there are any and amount × rate = processed amount does not single out one, Assurance
// is Hint; if it singles out another than the received one, the delivery is refused with ErrAmbiguous. Without OrderID
// nothing is enumerated, and such a shift goes unnoticed: only the amount you expect for the order, or a look-up, tells.
type Praxis struct {
	merchantID      string
	applicationKeys []string
	secrets         keyring
	orderID         *regexp.Regexp
	customerToken   *regexp.Regexp
	window          window
}

// NewPraxis returns a verifier for one endpoint, or all mistakes in c, each a *ConfigError.
func NewPraxis(c PraxisConfig) (*Praxis, error) {
	var m mistakes
	if !printable([]byte(c.MerchantID), 50) {
		m.add("PraxisConfig.MerchantID", "is required: set it to your merchant id, of at most 50 characters")
	}
	if len(c.ApplicationKeys) == 0 {
		m.add("PraxisConfig.ApplicationKeys", "is required: list the application keys this endpoint serves")
	}
	for i, key := range c.ApplicationKeys {
		if !printable([]byte(key), 32) {
			m.add(fmt.Sprintf("PraxisConfig.ApplicationKeys[%d]", i), "is empty, longer than 32 characters or has control characters: copy it from the portal")
		}
	}
	if c.Message != PraxisNotification {
		m.add("PraxisConfig.Message", "is none of the messages: use PraxisNotification")
	}
	p := &Praxis{
		merchantID:      c.MerchantID,
		applicationKeys: slices.Compact(slices.Sorted(slices.Values(c.ApplicationKeys))), // each once, or one reading counts twice
		secrets:         newKeyring("PraxisConfig.Secrets", c.Secrets, &m),
		orderID:         anchored(c.OrderID),
		customerToken:   anchored(c.CustomerToken),
		window:          newWindow("PraxisConfig", c.MaxAge, c.MaxSkew, time.Hour, 5*time.Minute, &m),
	}
	if err := m.join(); err != nil {
		return nil, err
	}
	return p, nil
}

// Provider returns "praxis".
func (*Praxis) Provider() string { return praxisName }

// Limits returns what Praxis' protocol implies. The handler's time is our choice: Praxis documents none.
func (p *Praxis) Limits() Limits {
	return Limits{
		MaxBody:        64 << 10,
		ContentTypes:   []string{"application/json"},
		ReplayWindow:   p.window.total(),
		Keep:           max(praxisKeep, p.window.total()),
		Lease:          30 * time.Second,
		HandlerTimeout: 8 * time.Second,
		Assurance:      Partial,
	}
}

// Verify checks a delivery. Its errors wrap ErrUnsigned, ErrMalformed, ErrSignature, ErrForeign, ErrAmbiguous or ErrStale.
func (p *Praxis) Verify(_ context.Context, d Delivery) (Message, error) {
	m, err := p.verify(d)
	if err != nil {
		return Message{}, &Error{Provider: praxisName, Err: err}
	}
	return m, nil
}

// verify goes from what costs least to what costs most, and learns nothing from a body it has no proof for but whether
// it has the form of a notification.
func (p *Praxis) verify(d Delivery) (Message, error) {
	received, err := header(d.Header, praxisHeader)
	if err != nil {
		return Message{}, err
	}
	var signature [sha512.Size384]byte
	if !decodeHex(signature[:], received) {
		return Message{}, malformed("header "+praxisHeader, "96 hex digits")
	}
	var values [praxisSigned + 1]strictjson.Value
	if err := praxisMembers.Read(d.Body, values[:]); err != nil {
		return Message{}, fmt.Errorf("%w: body: %w", ErrMalformed, err)
	}
	var scratch [512]byte
	text, err := p.signedText(&values, scratch[:0])
	if err != nil {
		return Message{}, err
	}
	key := p.signer(text, signature[:], d.ReceivedAt)
	if key < 0 && values[praxisRate].Kind() == strictjson.Number {
		// The documented example prints rates as numbers. A sender in PHP signs what its cast to a string leaves of them.
		text = text.shorten(praxisRate, phpNumber(text.value(praxisRate)))
		key = p.signer(text, signature[:], d.ReceivedAt)
	}
	if key < 0 {
		return Message{}, ErrSignature
	}
	// Proven from here on, as far as the proof goes.
	if string(text.value(praxisMerchantID)) != p.merchantID ||
		!slices.Contains(p.applicationKeys, string(text.value(praxisApplicationKey))) {
		return Message{}, ErrForeign
	}
	assurance, err := p.judge(text)
	if err != nil {
		return Message{}, err
	}
	signedAt := time.Unix(int64(number(text.value(praxisTimestamp))), 0).UTC()
	if err := p.window.check(signedAt, d.ReceivedAt); err != nil {
		return Message{}, err
	}
	return Message{
		Provider:  praxisName,
		Kind:      "notification",
		Payload:   d.Body,
		KeyID:     p.secrets[key].id,
		SignedAt:  signedAt,
		Assurance: assurance,
		ReplayKey: sha256.Sum256(text.bytes),
	}, nil
}

// signer returns the position of the secret that the text is signed with, or -1.
func (p *Praxis) signer(text praxisText, signature []byte, received time.Time) int {
	for i, k := range p.secrets {
		if !secret.Usable(k.secret, received) {
			continue
		}
		sum := sha512.Sum384(append(text.bytes, secret.Bytes(k.secret)...))
		if subtle.ConstantTimeCompare(sum[:], signature) == 1 {
			return i
		}
	}
	return -1
}

// The reply's members and the order in which they are signed:
// https://doc.praxiscashier.com/integration_docs/latest/webhooks/notification
//
// A status of 0 accepts, a positive one is a logical error and final, and -1 asks for a resend in about five minutes.
// What the HTTP status means is not documented (open): 503 beside -1 asks for a resend either way.

// Ack returns the reply: JSON signed over status and timestamp with the secret that the delivery was signed with. Replies
// to deliveries that were not verified are unsigned, or the endpoint would sign for strangers.
func (p *Praxis) Ack(r Receipt) Ack {
	key, known := p.secrets.find(r.Message.KeyID)
	if r.Message.Provider != praxisName || !known {
		if r.Outcome == Retry {
			return tryAgain(r.RetryAfter)
		}
		return refusal()
	}
	switch r.Outcome {
	case Accepted:
		return praxisReply(http.StatusOK, 0, "Ok", key, r.At)
	case Rejected:
		return praxisReply(http.StatusOK, 1, cmp.Or(r.Reason, "Transaction refused"), key, r.At)
	case Retry:
		a := praxisReply(http.StatusServiceUnavailable, -1, "Temporary error", key, r.At)
		a.setRetryAfter(r.RetryAfter)
		return a
	}
	return refusal()
}

func praxisReply(httpStatus, status int, description string, key Secret, at time.Time) Ack {
	description = firstRunes(description, 256)
	stamp := strconv.FormatInt(at.Unix(), 10)
	body := make([]byte, 0, len(`{"status":-1,"description":"","version":"1.3","timestamp":1234567890}`)+2*len(description))
	body = append(strconv.AppendInt(append(body, `{"status":`...), int64(status), 10), `,"description":`...)
	body = strictjson.AppendQuote(body, description)
	body = append(body, `,"version":"`+praxisVersion+`","timestamp":`...)
	body = append(append(body, stamp...), '}')
	values := []string{"application/json; charset=utf-8", praxisReplySignature(strconv.Itoa(status), stamp, key)}
	return Ack{
		Status: httpStatus,
		Header: http.Header{
			"Content-Type":    values[:1:1],
			praxisHeader:      values[1:2:2],
			praxisReplyHeader: values[1:2:2],
		},
		Body: body,
	}
}

func praxisReplySignature(status, stamp string, key Secret) string {
	var scratch [128]byte
	text := append(append(scratch[:0], status...), stamp...)
	sum := sha512.Sum384(append(text, secret.Bytes(key)...))
	return hex.EncodeToString(sum[:])
}

var praxisReplyMembers = strictjson.Want("status", "timestamp")

// Read takes Praxis for strict: a reply counts if it is signed and readable, and anything else is resent. Whether Praxis
// checks the signature is not documented (open).
func (p *Praxis) Read(a Ack) Outcome {
	if a.Status == http.StatusUnauthorized {
		return Refused
	}
	var values [2]strictjson.Value
	err := praxisReplyMembers.Read(a.Body, values[:])
	status, stamp := values[0], values[1]
	if a.Status/100 != 2 || err != nil || status.Kind() != strictjson.Number || stamp.Kind() != strictjson.Number {
		return Retry
	}
	signed := slices.ContainsFunc(p.secrets, func(k ringKey) bool {
		want := praxisReplySignature(string(status), string(stamp), k.secret)
		return subtle.ConstantTimeCompare([]byte(want), []byte(a.Header.Get(praxisHeader))) == 1
	})
	switch {
	case !signed:
		return Retry
	case string(status) == "0":
		return Accepted
	case positive(status, 10):
		return Rejected
	}
	return Retry
}
