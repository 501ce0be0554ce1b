package normalize

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/paynotary/paynotary/internal/strictjson"
	"github.com/paynotary/paynotary/verify"
)

// Praxis normalizes the notifications of Praxis Cashier, API 1.3. Members and statuses are documented at
//
//	https://doc.praxiscashier.com/integration_docs/latest/webhooks/notification
//	https://doc.praxiscashier.com/integration_docs/latest/processing/transaction_flow
//
// Type and Status come from members that Praxis does not sign: the events' Assurance is Partial, and Hint where the signed
// text has other readings.
type Praxis struct {
	// Exponent returns how many of an amount's digits are decimals in that currency; nil, or false: the documented table,
	// which is verify.PraxisExponent.
	Exponent func(currency string) (exponent uint8, ok bool)
}

// The members of a notification that make up an event.
const (
	praxisMerchantID = iota
	praxisApplicationKey
	praxisTimestamp
	praxisOrderID
	praxisSessionStatus
	praxisSessionAmount
	praxisSessionCurrency
	praxisSessionMethod
	praxisTransaction
	praxisType
	praxisStatus
	praxisTID
	praxisAmount
	praxisCurrency
	praxisProcessedAmount
	praxisProcessedCurrency
	praxisMethod
	praxisCardType
	praxisCardNumber
	praxisReferenceID
	praxisWithdrawalID
	praxisStatusCode
	praxisStatusDetails
	praxisMembersCount
)

var praxisMembers = strictjson.Want([]string{
	praxisMerchantID:        "merchant_id",
	praxisApplicationKey:    "application_key",
	praxisTimestamp:         "timestamp",
	praxisOrderID:           "session.order_id",
	praxisSessionStatus:     "session.session_status",
	praxisSessionAmount:     "session.amount",
	praxisSessionCurrency:   "session.currency",
	praxisSessionMethod:     "session.payment_method",
	praxisTransaction:       "transaction",
	praxisType:              "transaction.transaction_type",
	praxisStatus:            "transaction.transaction_status",
	praxisTID:               "transaction.tid",
	praxisAmount:            "transaction.amount",
	praxisCurrency:          "transaction.currency",
	praxisProcessedAmount:   "transaction.processed_amount",
	praxisProcessedCurrency: "transaction.processed_currency",
	praxisMethod:            "transaction.payment_method",
	praxisCardType:          "transaction.card.card_type",
	praxisCardNumber:        "transaction.card.card_number",
	praxisReferenceID:       "transaction.reference_id",
	praxisWithdrawalID:      "transaction.withdrawal_request_id",
	praxisStatusCode:        "transaction.status_code",
	praxisStatusDetails:     "transaction.status_details",
}...)

// praxisAuthToken names a session that has no order. It opens the customer's cashier, so it is read for nothing else.
var praxisAuthToken = strictjson.Want("session.auth_token")

// praxisStatuses maps transaction_status to what it means for a sale, an authorization, a payout, a refund, and a type
// that is not known. Words that are not documented for API 1.3 survive from 1.1 in white labels. What is documented and
// what is our judgement stands in the fixtures' table of provenance; the comments name the cells that surprise.
var praxisStatuses = map[string]*[5]meaning{
	"initialized":   {{TypePayment, StatusRequiresAction}, {TypeAuthorization, StatusRequiresAction}, {TypePayout, StatusRequiresAction}, {TypeRefund, StatusPending}, {TypeUnknown, StatusRequiresAction}},
	"pending":       {{TypePayment, StatusPending}, {TypeAuthorization, StatusPending}, {TypePayout, StatusPending}, {TypeRefund, StatusPending}, {TypeUnknown, StatusPending}},
	"pending_async": {{TypePayment, StatusRequiresAction}, {TypeAuthorization, StatusRequiresAction}, {TypePayout, StatusRequiresAction}, {TypeRefund, StatusPending}, {TypeUnknown, StatusRequiresAction}},
	"in progress":   praxisInProgress,
	"in_progress":   praxisInProgress,
	"requested":     {{TypePayment, StatusRequiresAction}, {TypeAuthorization, StatusRequiresAction}, {TypePayout, StatusRequiresAction}, {TypeRefund, StatusRequiresAction}, {TypeUnknown, StatusRequiresAction}},
	// A sale that is authorized has its money reserved, and a capture is to follow; a payout has a manager's approval.
	"authorized": {{TypeAuthorization, StatusSucceeded}, {TypeAuthorization, StatusSucceeded}, {TypePayout, StatusPending}, {TypeRefund, StatusPending}, {TypeUnknown, StatusPending}},
	// An authorization that is approved has been captured under the same tid.
	"approved": {{TypePayment, StatusSucceeded}, {TypeCapture, StatusSucceeded}, {TypePayout, StatusSucceeded}, {TypeRefund, StatusSucceeded}, {TypeUnknown, StatusSucceeded}},
	"rejected": praxisRejected,
	"declined": praxisRejected,
	// An authorization that is canceled was authorized before, or held nothing either: as authorization.canceled, every
	// authorize-then-cancel would read as a conflict.
	"cancelled": praxisCanceled,
	"canceled":  praxisCanceled,
	// Praxis documents that a payout in error may have been sent all the same.
	"error":          {{TypePayment, StatusFailed}, {TypeAuthorization, StatusFailed}, {TypePayout, StatusUnresolved}, {TypeRefund, StatusUnresolved}, {TypeUnknown, StatusUnresolved}},
	"partial_refund": {{TypePayment, StatusPartiallyRefunded}, {TypePayment, StatusPartiallyRefunded}, {TypePayout, StatusUnknown}, {TypeRefund, StatusUnknown}, {TypeUnknown, StatusPartiallyRefunded}},
	"refund":         {{TypePayment, StatusRefunded}, {TypePayment, StatusRefunded}, {TypePayout, StatusUnknown}, {TypeRefund, StatusUnknown}, {TypeUnknown, StatusRefunded}},
	"reversed":       {{TypePayment, StatusRefunded}, {TypePayment, StatusRefunded}, {TypePayout, StatusRefunded}, {TypeRefund, StatusUnknown}, {TypeUnknown, StatusRefunded}},
	// The sale's new label is the only trace that Praxis gives of a chargeback.
	"chargeback": {{TypeChargeback, StatusSucceeded}, {TypeChargeback, StatusSucceeded}, {TypePayout, StatusUnknown}, {TypeRefund, StatusUnknown}, {TypeUnknown, StatusUnknown}},
	// Everything else, such as duplicated, split and partial_payout, is unknown on purpose: counting a split payout as
	// done would count its children twice.
}

var (
	praxisInProgress = &[5]meaning{{TypePayment, StatusPending}, {TypeAuthorization, StatusPending}, {TypePayout, StatusPending}, {TypeRefund, StatusPending}, {TypeUnknown, StatusPending}}
	praxisRejected   = &[5]meaning{{TypePayment, StatusDeclined}, {TypeAuthorization, StatusDeclined}, {TypePayout, StatusDeclined}, {TypeRefund, StatusDeclined}, {TypeUnknown, StatusDeclined}}
	praxisCanceled   = &[5]meaning{{TypePayment, StatusCanceled}, {TypeVoid, StatusSucceeded}, {TypePayout, StatusCanceled}, {TypeRefund, StatusCanceled}, {TypeUnknown, StatusCanceled}}
	praxisUnmapped   = &[5]meaning{{TypePayment, StatusUnknown}, {TypeAuthorization, StatusUnknown}, {TypePayout, StatusUnknown}, {TypeRefund, StatusUnknown}, {TypeUnknown, StatusUnknown}}
)

// praxisSessions maps session_status where there is no transaction. Beside a transaction it is ignored: it can say
// "successful" while the transaction is still "requested", and it never means paid.
var praxisSessions = map[string]Status{
	"expired":         StatusExpired,
	"failed":          StatusDeclined,
	"open":            StatusRequiresAction,
	"action required": StatusRequiresAction,
	"successful":      StatusSucceeded,
}

// Provider returns "praxis".
func (Praxis) Provider() string { return "praxis" }

// Normalize returns the one event of a notification. Its errors are *Error: a payload that is no notification, or money
// that cannot be represented.
func (p Praxis) Normalize(m verify.Message) ([]Event, error) {
	var v [praxisMembersCount]strictjson.Value
	if err := praxisMembers.Reread(m.Payload, v[:]); err != nil {
		return nil, &Error{Provider: p.Provider(), Err: unreadable(err)}
	}
	var t texts
	t.makeRoom(v[:])
	e := Event{
		Provider:          p.Provider(),
		Account:           t.join(v[praxisMerchantID], '/', v[praxisApplicationKey]),
		MerchantReference: t.text(v[praxisOrderID]),
		Raw:               m.Payload,
		Assurance:         m.Assurance,
		KeyID:             m.KeyID,
	}
	if seconds, err := strconv.ParseInt(string(v[praxisTimestamp]), 10, 64); err == nil {
		e.Time = time.Unix(seconds, 0).UTC()
	}
	var err error
	if e.Requested, err = p.amount(&t, v[praxisSessionAmount], v[praxisSessionCurrency], "/session/amount"); err != nil {
		return nil, err
	}
	if v[praxisTransaction].Missing() {
		p.session(&e, &v, &t)
	} else if err := p.transaction(&e, &v, &t); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (p Praxis) session(e *Event, v *[praxisMembersCount]strictjson.Value, t *texts) {
	e.Type, e.Status = TypeSession, StatusUnknown
	e.RawType, e.RawStatus = "session", t.text(v[praxisSessionStatus])
	if s, ok := praxisSessions[t.lower(e.RawStatus)]; ok {
		e.Status = s
	}
	e.Method.Name = t.text(v[praxisSessionMethod])
	session := e.MerchantReference
	if session == "" {
		var token [1]strictjson.Value
		_ = praxisAuthToken.Reread(e.Raw, token[:]) // has been read before
		session = digest(token[0].Unquoted())
	}
	e.ID = eventID("session", session, e.RawStatus)
}

func (p Praxis) transaction(e *Event, v *[praxisMembersCount]strictjson.Value, t *texts) (err error) {
	if e.Amount, err = p.amount(t, v[praxisAmount], v[praxisCurrency], "/transaction/amount"); err != nil {
		return err
	}
	if e.Processed, err = p.amount(t, v[praxisProcessedAmount], v[praxisProcessedCurrency], "/transaction/processed_amount"); err != nil {
		return err
	}
	e.RawType, e.RawStatus = t.text(v[praxisType]), t.text(v[praxisStatus])
	e.Type, e.Status = praxisMeaning(t.lower(e.RawType), t.lower(e.RawStatus))
	e.TransactionID = t.scalar(v[praxisTID])
	if e.RelatedID = t.scalar(v[praxisReferenceID]); e.RelatedID == "" {
		e.RelatedID = t.scalar(v[praxisWithdrawalID])
	}
	if e.Type == TypeChargeback {
		e.RelatedID = e.TransactionID
	}
	e.Reason = Reason{t.text(v[praxisStatusCode]), t.text(v[praxisStatusDetails])}
	e.Method = Method{t.text(v[praxisMethod]), t.text(v[praxisCardType]), lastFour(t.text(v[praxisCardNumber]))}
	if t.lower(e.RawStatus) == "partial_refund" { // can happen several times
		e.ID = eventID("txn", e.TransactionID, e.RawType, e.RawStatus, t.scalar(v[praxisTimestamp]))
	} else {
		e.ID = eventID("txn", e.TransactionID, e.RawType, e.RawStatus)
	}
	return nil
}

func praxisMeaning(kind, status string) (Type, Status) {
	row, ok := praxisStatuses[status]
	if !ok {
		row = praxisUnmapped
	}
	column := 4
	switch kind {
	case "sale":
		column = 0
	case "authorization", "authorize":
		column = 1
	case "payout":
		column = 2
	case "refund":
		column = 3
	}
	return row[column].Type, row[column].Status
}

// amount reads a whole number of minor units. Absent and null are not stated.
func (p Praxis) amount(t *texts, value, currency strictjson.Value, pointer string) (Amount, error) {
	if value.Missing() || currency.Missing() {
		return Amount{}, nil
	}
	code := t.text(currency)
	exponent := verify.PraxisExponent(code)
	if p.Exponent != nil {
		if x, ok := p.Exponent(code); ok {
			exponent = x
		}
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return Amount{}, &Error{Provider: p.Provider(), Pointer: pointer, Err: fmt.Errorf("%w: want a whole number that 64 bits hold", ErrAmount)}
	}
	a, err := MinorAmount(n, exponent, code)
	if err != nil {
		if errors.Is(err, errCurrency) {
			pointer = strings.Replace(pointer, "amount", "currency", 1) // amounts and currencies stand side by side
		}
		return Amount{}, &Error{Provider: p.Provider(), Pointer: pointer, Err: err}
	}
	return a, nil
}
