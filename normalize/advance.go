package normalize

import (
	"cmp"
	"strconv"
)

// Step is what an event does to the stored state of its operation. The zero Step has no effect.
type Step int

// The steps.
const (
	Same     Step = iota // the status is stored already: no new effect; keep the content of the later Time
	Apply                // the event holds: store it and run its effect
	Stale                // the stored event holds: keep this one for the record, never apply it
	Conflict             // a failure after a success, or another operation: do not apply, ask the provider's API and alert
)

var stepNames = [...]string{"same", "apply", "stale", "conflict"}

// String returns the step's name in lower case.
func (s Step) String() string {
	if s < 0 || int(s) >= len(stepNames) {
		return strconv.Itoa(int(s))
	}
	return stepNames[s]
}

// An operation is what the statuses of one event sequence belong to. Type is part of it, because Praxis keeps one
// transaction id from the authorization through the capture to the chargeback.
type operation struct {
	provider, account, transactionID string
	kind                             Type
}

func (e *Event) operation() operation {
	return operation{e.Provider, e.Account, e.TransactionID, e.Type}
}

// Advance tells what next does to current, the event stored for the same operation: the same Provider, Account,
// TransactionID and Type. The zero Event stands for nothing stored, and so does one whose Status is empty or unknown.
//
// The state of an operation is the maximum of its events by class of status, then Time, then name of the status, so it
// does not depend on the order or the number of deliveries. The class comes first because a provider may stamp the time
// of sending: a pending that is sent again must not undo a success. In rising order the classes are
//
//	unknown
//	requires_action, pending, unresolved
//	declined, failed, canceled, expired
//	succeeded
//	partially_refunded
//	refunded
//
// A late success is applied over a failure. A failure after a success is a Conflict: providers do send that, and whether
// the money is there only the provider can tell. In the other order the same two events give Apply; who wants an alarm
// either way remembers that both were seen.
//
// Two events of different operations give Conflict, so that a mistake in a look-up is never applied.
func Advance(current, next Event) Step {
	have, news := current.operation(), next.operation()
	if have != news && (have != operation{} || current.Status != "") {
		return Conflict
	}
	from, to := current.Status.class(), next.Status.class()
	switch {
	case to == classUnknown:
		return Stale
	case current.Status == next.Status:
		return Same
	case to == classNoMoney && from >= classDone:
		return Conflict
	case cmp.Or(cmp.Compare(to, from), next.Time.Compare(current.Time), cmp.Compare(next.Status, current.Status)) > 0:
		return Apply
	}
	return Stale
}
