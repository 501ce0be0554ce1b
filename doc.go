// Package paynotary is the front door of a module that receives webhooks of payment providers: it proves that a delivery
// came from the provider it names, turns it into one type of event, sees to it that the event takes effect, and answers
// in the provider's own protocol. There is no code here; this comment is the map.
//
//	http.Request ──► verify.Delivery ──► verify.Message ──► []normalize.Event ──► your handler
//	                                                                                    │
//	http reply   ◄── verify.Ack      ◄── verify.Receipt ◄───────────────────────────────┘
//
// # Rooms
//
//   - [github.com/paynotary/paynotary/verify] compares signatures and writes replies. It has no clock and no network.
//   - [github.com/paynotary/paynotary/normalize] knows the providers' words and their ways to write money.
//   - [github.com/paynotary/paynotary/middleware] is the http.Handler: it bounds, reads, claims, calls and answers.
//   - [github.com/paynotary/paynotary/testkit] builds the deliveries a provider could have sent, good and bad, and checks
//     the reply. Its signers are written independently of verify.
//   - [github.com/paynotary/paynotary/fixtures] holds payloads, the events they mean, and signed requests with the verdict
//     they deserve; as files, for any language.
//
// A provider is the set of same-named files in these rooms. Nothing registers itself and nothing switches on its name.
//
// # Six steps
//
// Every delivery takes the same way through [github.com/paynotary/paynotary/middleware.Middleware.Handle]:
//
//  1. Bound and read the body: method, content type, encoding, size and time.
//  2. Verify it. What is not proven authentic is refused with one constant reply, whatever the reason.
//  3. Normalize it into events, usually one.
//  4. Settle what is claimed for each event: account, test mark, assurance (Confirm) and expected amount (Expect).
//  5. Claim the event, run the handler, and commit; or release it if the handler failed.
//  6. Acknowledge the delivery as a whole. If one of its events failed the provider is asked to send it again, and those
//     that are done are skipped then.
//
// # What a handler must do
//
// The words MUST, MUST NOT and SHOULD are those of RFC 2119.
//
//   - It MUST be ready to be called again for the same event: delivery is at least once. The effect MUST be guarded where
//     it is made, by a unique index on Event.IdempotencyKey, since no store can commit together with every effect.
//   - It MUST NOT return nil before the effect is durable. After nil the event does not come again.
//   - It MUST NOT treat fields as proven that the provider does not sign. Praxis signs neither the transaction's type nor
//     its status: before money or goods move, the transaction MUST be looked up (Confirm with MinAssurance set to
//     verify.Confirmed, or by the handler itself), whatever the event says.
//   - It MUST NOT log or print the bytes of Event.Raw. They can hold card numbers.
//   - It SHOULD return when its context is done. The time is short: 8 s for Praxis, 2 s for PXP, unless configured.
//   - It SHOULD return nil for events it has no use for, unknown ones included: the provider would repeat them otherwise.
//   - It SHOULD use middleware.Reject for a final no alone. The event counts as handled then.
//   - It SHOULD merge the events of one operation with normalize.Advance: providers promise no order.
//   - It SHOULD book refunds on refund.* events and never on payment.refunded, which is a marker.
//
// The program around it SHOULD set Expect, MUST set the fields of http.Server that SECURITY.md lists, and MUST reconcile
// with PXP's API after an outage: PXP repeats a delivery for ten seconds and no longer. With more than one process, or
// after a restart, NewMemory does not remember what another process handled; the unique index does.
//
// # Where to look next
//
// The example below is a whole program. README.md has the table of providers and what is not proven. SECURITY.md has the
// threat model and the limits, CONTRIBUTING.md how to add a provider.
package paynotary
