// Package normalize turns an authenticated message into the one Event type shared by all providers.
//
// A [Normalizer] reads the payload of a [verify.Message] and returns the facts in it, as a list of [Event]: usually one,
// none where the message is of no interest, several where the provider sends them in batches. It needs no network
// and no clock, and may be used by any number of goroutines.
//
// # Type and status
//
// An event says which kind of operation it is about ([Type]) and where that operation stands ([Status]). Together they
// are its [Event.Name], for example "refund.succeeded": one of a closed set, made for a switch.
//
// Every undo is a Type of its own, so no status ever means that another one is taken back, and statuses have an order.
// [Advance] merges the events of one operation by that order: duplicates and late arrivals change nothing, and a success
// that is followed by a failure is reported rather than resolved.
//
// A word of the provider that this version does not know gives [TypeUnknown] or [StatusUnknown], and no error: the event
// keeps the words as sent. An error means that the payload cannot be read, or that an amount in it is not a number.
//
// # Keys
//
// [Event.ID] names the content of a notification; it is equal for redeliveries. [Event.IdempotencyKey] names the state
// that was reached; two different notifications of one success share it. Use the first to skip what was handled before,
// the second to book the effect once.
//
// # Money
//
// An [Amount] is an integer with an exponent, read from the digits in the payload and never through floating point.
// Equal sums of one currency are equal under ==, whatever way the provider wrote them. Amounts are not negative: the
// direction is [Type.Direction].
//
// Book money on refund.* and never on payment.refunded, or a provider that sends both gets one refund counted twice.
//
// # What an event may be trusted for
//
// [Event.Assurance] is copied from the message. [verify.Full] covers every field (PXP). [verify.Partial] covers ids,
// amounts and the time, but not Type and Status (Praxis signs neither the transaction's type nor its status).
// [verify.Hint] covers nothing. [verify.Confirmed] is the answer of the provider's API.
//
// # What leaks nothing
//
// An event has no field for names, e-mail addresses, expiry dates, tokens or card numbers. They are in [Event.Raw], which
// does not print, log or marshal itself, and may be in the free text of [Reason]. Printing or logging an event shows an
// allow-list of its fields; see [Event.LogValue].
// Errors name the place in the payload and what was expected there, never what was found.
package normalize

import "github.com/paynotary/paynotary/verify"

// A Normalizer knows one provider's vocabulary.
type Normalizer interface {
	// Provider returns the provider's name in lower case, as the Verifier of the same provider does.
	Provider() string
	// Normalize returns the events in a message; none is not an error. Events returned beside an error are valid: where a
	// message is a batch, what cannot be read does not cost its neighbours.
	Normalize(m verify.Message) ([]Event, error)
}
