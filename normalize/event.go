package normalize

import (
	"time"

	"github.com/paynotary/paynotary/verify"
)

// Event is one fact a provider reported. Fields the provider does not state are zero.
//
// Encoded as JSON it has everything but Raw. Printed or logged it shows less; see [Event.LogValue].
type Event struct {
	ID       string `json:"id"`       // this notification's content, equal for redeliveries; unique per provider and account
	Provider string `json:"provider"` // in lower case, e.g. "praxis"
	Account  string `json:"account"`  // the merchant account it is for, as the provider names it

	// What kind of operation it is, and where that stands. Praxis proves neither: decide on them with Assurance in view.
	Type   Type   `json:"type"`
	Status Status `json:"status"`

	// When it happened by the provider's clock, in UTC. Praxis stamps the time of sending.
	Time time.Time `json:"time,omitzero"`

	TransactionID     string `json:"transactionId,omitempty"`     // the provider's id of this operation
	RelatedID         string `json:"relatedId,omitempty"`         // the provider's id of the operation it acts on
	MerchantReference string `json:"merchantReference,omitempty"` // the id the merchant gave this operation
	OrderReference    string `json:"orderReference,omitempty"`    // the id the merchant gave the order, where that is a second id

	Amount    Amount `json:"amount,omitzero"`    // of this operation
	Requested Amount `json:"requested,omitzero"` // what was asked for, where it may differ
	Processed Amount `json:"processed,omitzero"` // in the payer's or the processing currency, where it differs

	Reason         Reason `json:"reason,omitzero"`
	ReviewRequired bool   `json:"reviewRequired,omitempty"` // succeeded, but the provider asks for a manual fraud review
	Test           bool   `json:"test,omitempty"`           // the provider marked the transaction as a test
	Method         Method `json:"method,omitzero"`

	RawType   string  `json:"rawType,omitempty"`   // the provider's word for the kind of operation
	RawStatus string  `json:"rawStatus,omitempty"` // the provider's word for where it stands
	Raw       Payload `json:"-"`                   // this event's JSON, byte for byte

	Assurance verify.Assurance `json:"assurance"`       // how much of the above is proven
	KeyID     string           `json:"keyId,omitempty"` // which configured secret matched: a name, never key material
}

// Reason is why an operation stands where it stands, in the provider's words. The message is free text and may repeat what
// a customer typed: it is never logged.
type Reason struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// Method is what the customer pays with, without personal data.
type Method struct {
	Name  string `json:"name,omitempty"`  // "Credit Card"
	Brand string `json:"brand,omitempty"` // "VISA"
	Last4 string `json:"last4,omitempty"` // only where the provider masked the number itself
}

// Name returns type and status with a point between them, for example "refund.succeeded". What this version does not
// define appears as "unknown", so the set of names is closed.
func (e Event) Name() string {
	t, s := e.Type, e.Status
	if !t.Known() {
		t = TypeUnknown
	}
	if !s.Known() {
		s = StatusUnknown
	}
	return string(t) + "." + string(s)
}
