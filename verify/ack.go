package verify

import (
	"net/http"
	"strconv"
	"time"
)

// Reply texts. Refusal is the same to the byte for every delivery that is not proven authentic, malformed ones included:
// whoever probes the endpoint learns nothing from it.
const (
	refusalText = "unauthorized\n"
	retryText   = "try again\n"
	// challenge satisfies RFC 9110, section 11.6.1: a 401 names a scheme. None of the providers uses one that is registered.
	challenge = `Webhook realm="webhook"`
	textPlain = "text/plain; charset=utf-8"
)

// refusal is the one reply to a delivery that is not proven authentic.
func refusal() Ack {
	return Ack{
		Status: http.StatusUnauthorized,
		Header: http.Header{"Content-Type": {textPlain}, "Www-Authenticate": {challenge}},
		Body:   []byte(refusalText),
	}
}

// tryAgain is the reply that asks for the delivery once more, where the protocol has no words of its own for that.
func tryAgain(after time.Duration) Ack {
	a := Ack{
		Status: http.StatusServiceUnavailable,
		Header: http.Header{"Content-Type": {textPlain}},
		Body:   []byte(retryText),
	}
	a.setRetryAfter(after)
	return a
}

// setRetryAfter sets the header of RFC 9110, section 10.2.3, in whole seconds rounded up.
func (a *Ack) setRetryAfter(after time.Duration) {
	if after <= 0 {
		return
	}
	seconds := int64(after / time.Second)
	if after%time.Second > 0 {
		seconds++
	}
	a.Header["Retry-After"] = []string{strconv.FormatInt(seconds, 10)}
}
