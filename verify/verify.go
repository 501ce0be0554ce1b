// Package verify proves that a delivery came from the provider it names, and writes the reply that provider expects.
//
// A [Delivery] is one HTTP request, as received. A [Verifier] turns it into a [Message] or refuses it; nothing else makes
// one. When the message has been dealt with, a [Receipt] says how, and the same Verifier turns that into the [Ack] that
// goes back.
//
// There is no clock here: freshness is judged against [Delivery.ReceivedAt], replies are stamped with [Receipt.At]. A
// Verifier may be used by any number of goroutines.
//
// # What a Message promises
//
// Schemes differ in what they sign, and so does what you may rely on. Each implementation's comment has a section "What
// the proof covers", and each Message carries an [Assurance].
//
// # What refusals say
//
// Every refusal is an [*Error] that wraps one of the reasons ([ErrUnsigned], [ErrSignature], …). It is meant for the
// operator's log: it names fields and expectations, never a value, a key or a MAC. The reply to a refused delivery is
// one constant text, whatever the reason.
package verify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Delivery is one request of a provider, as it was received.
type Delivery struct {
	URL        *url.URL    // the request target; may be nil where the provider's proof does not ride in it
	Header     http.Header // keys in canonical form, as net/http has them
	Body       []byte      // exactly as received; a Message may alias it, so it must not change afterwards
	ReceivedAt time.Time   // freshness is judged against this; the zero time makes every stamped delivery stale
}

// A Verifier knows one provider's proof and its protocol of replies.
type Verifier interface {
	// Provider returns the provider's name in lower case.
	Provider() string
	// Limits returns what the provider's protocol implies for the endpoint in front of it.
	Limits() Limits
	// Verify returns what the provider stands behind, or an *Error and the zero Message.
	Verify(ctx context.Context, d Delivery) (Message, error)
	// Ack returns the reply that the provider understands, signed where it demands that; never signed for a zero Message.
	Ack(r Receipt) Ack
	// Read tells what the provider will make of a reply, for replies that a wrapped handler wrote itself.
	Read(a Ack) Outcome
}

// Limits is what a provider's protocol implies for the endpoint in front of it.
type Limits struct {
	MaxBody        int64         // default bound of the body, in bytes
	ContentTypes   []string      // what the provider sends, "" where the header may be absent; anything else is 415
	ReplayWindow   time.Duration // how long an old delivery still verifies: MaxAge + MaxSkew; 0 where it never goes stale
	Keep           time.Duration // how long a handled event is remembered: at least ReplayWindow and the provider's retry horizon
	Lease          time.Duration // how long one worker may hold an event
	HandlerTimeout time.Duration // shorter than Lease and than the provider's patience
	Assurance      Assurance     // what Verify reaches at best
}

// A Message is an authenticated delivery. Only a Verifier should make one; the zero Message is none.
type Message struct {
	Provider  string
	Account   string    // from configuration, where the payload does not name the merchant account
	Kind      string    // which of the provider's messages, e.g. "notification"; from configuration, never from the body
	Payload   []byte    // the body where it is signed, the plaintext where it is encrypted, the provider's own answer where it is neither
	KeyID     string    // which secret matched: its name, or "#1", "#2", … by its place in the configuration
	SignedAt  time.Time // the provider's own stamp; zero where it sends none
	Assurance Assurance
	ReplayKey [32]byte // SHA-256 of the authenticated bytes: equal for equal signed content however it was split over headers
}

// Assurance tells how much of a message is proven. The order is fixed: compare with < and >=.
type Assurance uint8

// The levels of assurance.
const (
	Hint      Assurance = iota // nothing is proven about the content
	Partial                    // some fields are: see the verifier (Praxis: ids, amounts and time, not type and status)
	Full                       // the provider signed or encrypted every byte of Payload
	Confirmed                  // the provider's API gave Payload, or agreed with it
)

var assuranceNames = [...]string{"hint", "partial", "full", "confirmed"}

// String returns the level's name in lower case.
func (a Assurance) String() string { return nameOf(assuranceNames[:], uint8(a)) }

// MarshalText returns the level's name.
func (a Assurance) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (a *Assurance) UnmarshalText(text []byte) error {
	i := slices.Index(assuranceNames[:], string(text))
	if i < 0 {
		return errors.New("verify: not a level of assurance: want " + strings.Join(assuranceNames[:], ", "))
	}
	*a = Assurance(i)
	return nil
}

// A Receipt says what became of a delivery.
type Receipt struct {
	Outcome    Outcome
	Message    Message         // zero unless the delivery was verified
	Reason     string          // shown to the provider with Rejected, where its protocol has room
	Data       json.RawMessage // what a question wants answered
	RetryAfter time.Duration   // sent with Retry, in whole seconds rounded up; 0 sends none
	At         time.Time       // when the reply is made; stamps it where the protocol wants a stamp
}

// Outcome is what became of a delivery. The zero Outcome refuses.
type Outcome uint8

// The outcomes.
const (
	Refused  Outcome = iota // not authentic; the reply says nothing about why
	Retry                   // authentic, not handled: send it again
	Rejected                // authentic, and the merchant says no for good
	Accepted                // authentic and handled, now or earlier
)

var outcomeNames = [...]string{"refused", "retry", "rejected", "accepted"}

// String returns the outcome's name in lower case.
func (o Outcome) String() string { return nameOf(outcomeNames[:], uint8(o)) }

// An Ack is a reply to a provider: what to write to the http.ResponseWriter, in this order.
type Ack struct {
	Status int
	Header http.Header
	Body   []byte
}

func nameOf(names []string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return strconv.Itoa(int(i))
}
