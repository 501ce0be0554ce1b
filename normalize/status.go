package normalize

// Type is the kind of operation an event is about.
type Type string

// The types. The comment names the direction of money, from the merchant's view, where there is one.
const (
	TypePayment            Type = "payment"             // money taken in one step: in
	TypeAuthorization      Type = "authorization"       // funds reserved
	TypeCapture            Type = "capture"             // reserved funds taken: in
	TypeVoid               Type = "void"                // a reservation released, or a booking cancelled before clearing
	TypeRefund             Type = "refund"              // money returned on the merchant's order: out
	TypePayout             Type = "payout"              // money sent to the customer: out
	TypeChargeback         Type = "chargeback"          // money taken back through the payer's bank: out
	TypeChargebackReversal Type = "chargeback_reversal" // the reverse of that: in
	TypeVerification       Type = "verification"        // an account check without money
	TypeAuthentication     Type = "authentication"      // 3-D Secure
	TypeToken              Type = "token"               // a stored credential created or changed
	TypeTokenRevocation    Type = "token_revocation"    // a stored credential deleted or disabled
	TypeSubscription       Type = "subscription"        // a recurring schedule
	TypeRisk               Type = "risk"                // a risk assessment that stands alone
	TypeReport             Type = "report"              // a report is ready
	TypeSession            Type = "session"             // a checkout session without a transaction; never means paid
	TypePing               Type = "ping"                // a test of the endpoint
	TypeUnknown            Type = "unknown"             // authentic, not understood by this version
)

// Known reports whether this version defines t, which it does for TypeUnknown as well: every Type a Normalizer returns is
// known. Stored events of a later version may have others.
func (t Type) Known() bool {
	switch t {
	case TypePayment, TypeAuthorization, TypeCapture, TypeVoid, TypeRefund, TypePayout,
		TypeChargeback, TypeChargebackReversal, TypeVerification, TypeAuthentication,
		TypeToken, TypeTokenRevocation, TypeSubscription, TypeRisk, TypeReport,
		TypeSession, TypePing, TypeUnknown:
		return true
	}
	return false
}

// Direction returns which way the money goes when an operation of this type succeeds, from the merchant's view: +1 in,
// -1 out, 0 for neither.
func (t Type) Direction() int {
	switch t {
	case TypePayment, TypeCapture, TypeChargebackReversal:
		return +1
	case TypeRefund, TypePayout, TypeChargeback:
		return -1
	}
	return 0
}

// Status is where an operation stands.
type Status string

// The statuses, in order of their class; see [Advance].
const (
	StatusUnknown           Status = "unknown"            // the provider's word is not mapped: look at RawStatus
	StatusRequiresAction    Status = "requires_action"    // the customer or the merchant must act
	StatusPending           Status = "pending"            // with the provider or the bank
	StatusUnresolved        Status = "unresolved"         // money may have moved: query or reconcile, do not try again
	StatusDeclined          Status = "declined"           // refused by the issuer, by risk, rules or validation
	StatusFailed            Status = "failed"             // a technical failure; the provider says nothing moved
	StatusCanceled          Status = "canceled"           // withdrawn by the customer or the merchant
	StatusExpired           Status = "expired"            // timed out
	StatusSucceeded         Status = "succeeded"          // the operation did what its Type says
	StatusPartiallyRefunded Status = "partially_refunded" // a marker: later partly returned; book the refund's own event
	StatusRefunded          Status = "refunded"           // a marker: later fully returned (a payout: it came back)
)

// Known reports whether this version defines s, which it does for StatusUnknown as well.
func (s Status) Known() bool { return s == StatusUnknown || s.class() != classUnknown }

// A class groups the statuses that may not undo each other. The order decides which of two events holds.
type class uint8

const (
	classUnknown class = iota // says nothing about the operation
	classOpen                 // may still become anything
	classNoMoney              // final: nothing moved
	classDone                 // final but for an undo
	classPartlyReturned
	classReturned
)

func (s Status) class() class {
	switch s {
	case StatusRequiresAction, StatusPending, StatusUnresolved:
		return classOpen
	case StatusDeclined, StatusFailed, StatusCanceled, StatusExpired:
		return classNoMoney
	case StatusSucceeded:
		return classDone
	case StatusPartiallyRefunded:
		return classPartlyReturned
	case StatusRefunded:
		return classReturned
	}
	return classUnknown
}
