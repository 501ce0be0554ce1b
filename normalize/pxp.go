package normalize

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/paynotary/paynotary/internal/strictjson"
	"github.com/paynotary/paynotary/verify"
)

// PXP normalizes the webhooks of PXP Unity: an array of events, each of them judged alone. The envelope and the words are
// documented at
//
//	https://developer.pxp.io/guides/get-started/about-webhooks
//	https://developer.pxp.io/apis/merchant-webhook/other/process-merchant-webhook
//
// Whether the webhook of a refund carries the intent of the refund or that of the original is not documented (open). If it
// is the latter, a refund looks like a new authorization.
type PXP struct{}

// The members of an element that make up an event.
const (
	pxpDate = iota
	pxpCategory
	pxpData
	pxpOwnerMerchant
	pxpOwnerSite
	pxpEventCode
	pxpDataEventCode
	pxpMerchant
	pxpSite
	pxpState
	pxpStateCode
	pxpStateMessage
	pxpIntent
	pxpFundingType
	pxpValue
	pxpTransactionValue
	pxpCurrency
	pxpOrderID
	pxpMerchantID
	pxpSystemID
	pxpScheme
	pxpProviderCode
	pxpProviderMessage
	pxpAuthenticationID
	pxpTransactionStatus
	pxpTokenID
	pxpTokenState
	pxpTokenStatus
	pxpMembersCount
)

var pxpMembers = strictjson.Want([]string{
	pxpDate:              "eventDate",
	pxpCategory:          "eventCategory",
	pxpData:              "eventData",
	pxpOwnerMerchant:     "eventOwner.merchant",
	pxpOwnerSite:         "eventOwner.site",
	pxpEventCode:         "eventCode",
	pxpDataEventCode:     "eventData.eventCode",
	pxpMerchant:          "eventData.merchant",
	pxpSite:              "eventData.site",
	pxpState:             "eventData.state",
	pxpStateCode:         "eventData.stateData.code",
	pxpStateMessage:      "eventData.stateData.message",
	pxpIntent:            "eventData.transactionMethod.intent",
	pxpFundingType:       "eventData.transactionMethod.fundingType",
	pxpValue:             "eventData.amounts.transactionValue",
	pxpTransactionValue:  "eventData.amounts.transaction", // what API answers call it
	pxpCurrency:          "eventData.amounts.currencyCode",
	pxpOrderID:           "eventData.merchantOrderId",
	pxpMerchantID:        "eventData.merchantTransactionId",
	pxpSystemID:          "eventData.systemTransactionId",
	pxpScheme:            "eventData.fundingData.cardScheme",
	pxpProviderCode:      "eventData.fundingData.providerResponse.code",
	pxpProviderMessage:   "eventData.fundingData.providerResponse.message",
	pxpAuthenticationID:  "eventData.authenticationId",
	pxpTransactionStatus: "eventData.transactionStatus",
	pxpTokenID:           "eventData.schemeTokenId",
	pxpTokenState:        "eventData.schemeTokenProcurementState",
	pxpTokenStatus:       "eventData.status",
}...)

// pxpIntents maps transactionMethod.intent to the columns of states, in the order of pxpStates, and to the type of a state
// that has no column. "Authorised" means what the intent says: on a refund, that the refund is done.
var pxpIntents = map[string]*pxpRow{
	"authorisation":          pxpAuthorisation,
	"estimatedauthorisation": pxpAuthorisation,
	"incremental": {[7]meaning{{TypeAuthorization, StatusSucceeded}, {TypeCapture, StatusSucceeded}, {TypeAuthorization, StatusPending}, {TypeVoid, StatusSucceeded},
		{TypeAuthorization, StatusDeclined}, {TypeAuthorization, StatusFailed}, {TypeAuthorization, StatusUnknown}}, TypeAuthorization},
	// The word says authorised and not captured: no money is claimed yet.
	"purchase": {[7]meaning{{TypeAuthorization, StatusSucceeded}, {TypePayment, StatusSucceeded}, {TypePayment, StatusPending}, {TypeVoid, StatusSucceeded},
		{TypePayment, StatusDeclined}, {TypePayment, StatusFailed}, {TypePayment, StatusRefunded}}, TypePayment},
	"capture":      pxpCapture,
	"finalcapture": pxpCapture,
	"void": {[7]meaning{{TypeVoid, StatusSucceeded}, {TypeVoid, StatusUnknown}, {TypeVoid, StatusPending}, {TypeVoid, StatusSucceeded},
		{TypeVoid, StatusDeclined}, {TypeVoid, StatusFailed}, {TypeVoid, StatusUnknown}}, TypeVoid},
	"refund":           pxpRefund,
	"standalonerefund": pxpRefund,
	"payout": {[7]meaning{{TypePayout, StatusSucceeded}, {TypePayout, StatusSucceeded}, {TypePayout, StatusPending}, {TypePayout, StatusCanceled},
		{TypePayout, StatusDeclined}, {TypePayout, StatusUnresolved}, {TypePayout, StatusRefunded}}, TypePayout},
	"verification": {[7]meaning{{TypeVerification, StatusSucceeded}, {TypeVerification, StatusSucceeded}, {TypeVerification, StatusPending}, {TypeVerification, StatusCanceled},
		{TypeVerification, StatusDeclined}, {TypeVerification, StatusFailed}, {TypeVerification, StatusUnknown}}, TypeVerification},
}

type pxpRow struct {
	states [7]meaning
	other  Type
}

var (
	pxpAuthorisation = &pxpRow{[7]meaning{{TypeAuthorization, StatusSucceeded}, {TypeCapture, StatusSucceeded}, {TypeAuthorization, StatusPending}, {TypeVoid, StatusSucceeded},
		{TypeAuthorization, StatusDeclined}, {TypeAuthorization, StatusFailed}, {TypePayment, StatusRefunded}}, TypeAuthorization}
	pxpCapture = &pxpRow{[7]meaning{{TypeCapture, StatusSucceeded}, {TypeCapture, StatusSucceeded}, {TypeCapture, StatusPending}, {TypeCapture, StatusCanceled},
		{TypeCapture, StatusDeclined}, {TypeCapture, StatusFailed}, {TypeCapture, StatusUnknown}}, TypeCapture}
	pxpRefund = &pxpRow{[7]meaning{{TypeRefund, StatusSucceeded}, {TypeRefund, StatusSucceeded}, {TypeRefund, StatusPending}, {TypeRefund, StatusCanceled},
		{TypeRefund, StatusDeclined}, {TypeRefund, StatusUnresolved}, {TypeRefund, StatusSucceeded}}, TypeRefund}
	// An intent that is missing or new tells nothing about the type, and the state still says how it went.
	pxpOtherIntent = &pxpRow{[7]meaning{{TypeUnknown, StatusSucceeded}, {TypeUnknown, StatusSucceeded}, {TypeUnknown, StatusPending}, {TypeUnknown, StatusCanceled},
		{TypeUnknown, StatusDeclined}, {TypeUnknown, StatusFailed}, {TypeUnknown, StatusRefunded}}, TypeUnknown}
)

// pxpStates gives the column of a state. Executed, Confirmed and Updated have none: what they mean is not published.
var pxpStates = map[string]int{
	"authorised": 0, "approved": 0,
	"captured":  1,
	"pending":   2,
	"cancelled": 3,
	"refused":   4, "rejected": 4,
	"error":    5,
	"refunded": 6,
}

var pxpAuthentications = map[string]Status{
	"pendingclientdata":        StatusRequiresAction,
	"pendingcustomerchallenge": StatusRequiresAction,
	"authenticationsuccessful": StatusSucceeded,
	"authenticationfailed":     StatusDeclined, // no liability shift
	"authenticationrejected":   StatusDeclined,
	"authenticationerror":      StatusFailed,
}

// pxpTransactionStatuses maps transStatus of EMV 3-D Secure, which decides where the state is none of the above.
var pxpTransactionStatuses = map[string]Status{
	"y": StatusSucceeded, "a": StatusSucceeded, "i": StatusSucceeded,
	"n": StatusDeclined, "r": StatusDeclined,
	"u": StatusFailed,
	"c": StatusRequiresAction, "d": StatusRequiresAction,
}

var pxpTokens = map[string]Status{
	"pending":   StatusPending,
	"completed": StatusSucceeded,
	"rejected":  StatusDeclined,
	"error":     StatusFailed,
	"failed":    StatusFailed,
}

// pxpDisabled says of a token that it has been revoked, wherever it stands.
const pxpDisabled = "disabled"

// Provider returns "pxp".
func (PXP) Provider() string { return "pxp" }

// Normalize returns one event for each element. An element that does not have the documented form becomes an event of
// Type unknown, and an *Error beside the events names it; its neighbours are not affected. If the payload is no strict
// JSON array, there are no events.
func (p PXP) Normalize(m verify.Message) ([]Event, error) {
	var (
		events []Event
		errs   []error
		v      [pxpMembersCount]strictjson.Value
	)
	err := pxpMembers.ReadArray(m.Payload, v[:], func(element strictjson.Value, err error) {
		var t texts
		t.makeRoom(v[:])
		e := Event{Provider: p.Provider(), Raw: Payload(slices.Clip(element)), Assurance: m.Assurance, KeyID: m.KeyID}
		e.Account = t.join(first(v[pxpOwnerMerchant], v[pxpMerchant]), '/', first(v[pxpOwnerSite], v[pxpSite]))
		// A date in a form that is not documented is no reason to refuse an event.
		if at, err := time.Parse(time.RFC3339Nano, t.text(v[pxpDate])); err == nil {
			e.Time = at.UTC()
		}
		pointer, err := pxpForm(element, &v, err)
		if err == nil {
			pointer, err = p.fill(&e, &v, &t)
		}
		if err != nil {
			p.malformed(&e, &v, &t)
			errs = append(errs, &Error{Provider: p.Provider(), Pointer: "/" + strconv.Itoa(len(events)) + pointer, Err: err})
		}
		events = append(events, e)
	})
	if err != nil {
		return nil, &Error{Provider: p.Provider(), Err: unreadable(err)}
	}
	return events, errors.Join(errs...)
}

// pxpForm says where an element departs from the documented form.
func pxpForm(element strictjson.Value, v *[pxpMembersCount]strictjson.Value, variant error) (pointer string, err error) {
	switch {
	case element.Kind() != strictjson.Object:
		return "", wrong("an object")
	case variant != nil:
		return "", unreadable(variant)
	case v[pxpDate].Kind() != strictjson.String:
		return "/eventDate", wrong("a string")
	case v[pxpCategory].Kind() != strictjson.String:
		return "/eventCategory", wrong("a string")
	case v[pxpData].Kind() != strictjson.Object:
		return "/eventData", wrong("an object")
	}
	return "", nil
}

// fill makes an event of an element of the documented form. The error is about its amount.
func (p PXP) fill(e *Event, v *[pxpMembersCount]strictjson.Value, t *texts) (pointer string, err error) {
	category, intent := t.text(v[pxpCategory]), ""
	e.RawType, e.RawStatus = category, t.text(v[pxpState])
	e.TransactionID = t.text(first(v[pxpSystemID], v[pxpAuthenticationID], v[pxpTokenID]))
	e.MerchantReference, e.OrderReference = t.text(v[pxpMerchantID]), t.text(v[pxpOrderID])
	e.Method = Method{Name: t.text(v[pxpFundingType]), Brand: t.text(v[pxpScheme])}
	if e.Reason = (Reason{t.text(v[pxpStateCode]), t.text(v[pxpStateMessage])}); e.Reason == (Reason{}) {
		e.Reason = Reason{t.text(v[pxpProviderCode]), t.text(v[pxpProviderMessage])}
	}
	e.Type, e.Status = TypeUnknown, StatusUnknown
	switch t.lower(category) {
	case "transaction":
		intent = t.text(v[pxpIntent])
		e.RawType = intent
		e.Type, e.Status = pxpMeaning(t.lower(intent), t.lower(e.RawStatus))
		if e.Amount, pointer, err = p.amount(v, t); err != nil {
			return pointer, err
		}
	case "authentication":
		e.Type = TypeAuthentication
		if s, ok := pxpAuthentications[t.lower(e.RawStatus)]; ok {
			e.Status = s
		} else if s, ok := pxpTransactionStatuses[t.lower(t.text(v[pxpTransactionStatus]))]; ok {
			e.Status = s
		}
	case "token":
		p.token(e, v, t)
	case "reporting":
		e.Type = TypeReport
		if t.lower(e.RawStatus) == "generated" {
			e.Status = StatusSucceeded
		}
	default:
		// Which members make two events of such a category the same is not known: they may share a transaction.
		e.ID = eventID(category, digest(e.Raw))
		return "", nil
	}
	e.ID = pxpID(e, category, intent, t.text(first(v[pxpEventCode], v[pxpDataEventCode])))
	return "", nil
}

func pxpMeaning(intent, state string) (Type, Status) {
	row, ok := pxpIntents[intent]
	if !ok {
		row = pxpOtherIntent
	}
	column, ok := pxpStates[state]
	if !ok {
		return row.other, StatusUnknown
	}
	return row.states[column].Type, row.states[column].Status
}

// token reads an event whose members are not published (open): they are taken to be those of the scheme-token API.
func (PXP) token(e *Event, v *[pxpMembersCount]strictjson.Value, t *texts) {
	e.Type = TypeToken
	e.RawStatus = t.text(first(v[pxpTokenState], v[pxpState], v[pxpTokenStatus]))
	if status := t.text(v[pxpTokenStatus]); t.lower(status) == pxpDisabled {
		e.RawStatus = status
	}
	if word := t.lower(e.RawStatus); word == pxpDisabled {
		e.Type, e.Status = TypeTokenRevocation, StatusSucceeded
	} else if s, ok := pxpTokens[word]; ok {
		e.Status = s
	}
}

// amount reads the number, or a string of the same form, in major units.
func (PXP) amount(v *[pxpMembersCount]strictjson.Value, t *texts) (a Amount, pointer string, err error) {
	value, pointer := v[pxpValue], "/eventData/amounts/transactionValue"
	if value.Missing() {
		value, pointer = v[pxpTransactionValue], "/eventData/amounts/transaction"
	}
	if value.Missing() {
		return Amount{}, "", nil
	}
	// What is neither number nor string has no text, which is no amount.
	a, err = ParseAmount(t.scalar(value), t.text(v[pxpCurrency]))
	if errors.Is(err, errCurrency) {
		pointer = "/eventData/amounts/currencyCode"
	}
	return a, pointer, err
}

// pxpID makes the id of an event. One without an id of its own gets one from its bytes, so that neighbours never collapse
// into one. PXP documents that duplicates share eventCode and systemTransactionId, but no published payload has the code
// (open): the state stands in for it.
func pxpID(e *Event, category, intent, code string) string {
	switch {
	case e.TransactionID == "":
		return eventID(category, digest(e.Raw))
	case code == "":
		return eventID(category, e.TransactionID, intent, e.RawStatus)
	}
	return eventID(category, e.TransactionID, intent, e.RawStatus, code)
}

// malformed leaves of the event what does not depend on the element's form.
func (PXP) malformed(e *Event, v *[pxpMembersCount]strictjson.Value, t *texts) {
	category := t.text(v[pxpCategory])
	*e = Event{
		ID: eventID(cmp.Or(category, "malformed"), digest(e.Raw)), Provider: e.Provider, Account: e.Account,
		Type: TypeUnknown, Status: StatusUnknown, Time: e.Time,
		RawType: category, Raw: e.Raw, Assurance: e.Assurance, KeyID: e.KeyID,
	}
}

// first returns the first value that is neither absent nor null.
func first(values ...strictjson.Value) strictjson.Value {
	for _, v := range values {
		if !v.Missing() {
			return v
		}
	}
	return nil
}

// wrong says what was expected instead.
func wrong(want string) error { return fmt.Errorf("%w: want %s", ErrUnreadable, want) }
