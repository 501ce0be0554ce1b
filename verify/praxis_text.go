package verify

import (
	"bytes"
	"math/big"
	"strings"

	"github.com/paynotary/paynotary/internal/iso4217"
	"github.com/paynotary/paynotary/internal/strictjson"
)

// The values of a notification in signing order.
// Source: https://docs.praxis.tech/reference/paymentnotification
const (
	praxisMerchantID = iota
	praxisApplicationKey
	praxisTimestamp
	praxisToken
	praxisOrderID
	praxisTID
	praxisCurrency
	praxisAmount
	praxisRate
	praxisProcessedCurrency
	praxisProcessedAmount
	praxisSigned // how many there are

	praxisTransaction = praxisSigned // not signed; null where a session ends without a transaction
)

// praxisFields is the form each value must have, whoever sends it. Two values of one type side by side have no border
// once they are signed, so every rule here also keeps one reading from turning into another.
var praxisFields = [praxisSigned]struct {
	path  string
	kinds string // of JSON: " string, 0 number, n null or absent
	form  string // for the error
	valid func(p *Praxis, value []byte) bool
}{
	praxisMerchantID:        {"merchant_id", `"`, "a string of 1 to 50 characters", isText(50)},
	praxisApplicationKey:    {"application_key", `"`, "a string of 1 to 32 characters", isText(32)},
	praxisTimestamp:         {"timestamp", `0`, "a whole number of 10 digits", isTimestamp},
	praxisToken:             {"customer.customer_token", `"`, "a string of 32 hex digits, or of the configured shape", (*Praxis).isToken},
	praxisOrderID:           {"session.order_id", `"`, "a string of 1 to 50 characters, of the configured shape", (*Praxis).isOrderID},
	praxisTID:               {"transaction.tid", `0n`, "a whole number of at most 11 digits", isTID},
	praxisCurrency:          {"transaction.currency", `"n`, "a code of 3 to 5 capital letters", isCurrency},
	praxisAmount:            {"transaction.amount", `0n`, "a whole number of at most 19 digits", isAmount},
	praxisRate:              {"transaction.conversion_rate", `"0n`, "a decimal of at most 9 and 10 digits, or null", isRate},
	praxisProcessedCurrency: {"transaction.processed_currency", `"n`, "a code of 3 to 5 capital letters, or null", isCurrency},
	praxisProcessedAmount:   {"transaction.processed_amount", `0n`, "a whole number of at most 19 digits, or null", isAmount},
}

var praxisMembers = func() *strictjson.Members {
	var paths [praxisSigned + 1]string
	for i, f := range praxisFields {
		paths[i] = f.path
	}
	paths[praxisTransaction] = "transaction"
	return strictjson.Want(paths[:]...)
}()

func isText(max int) func(*Praxis, []byte) bool {
	return func(_ *Praxis, v []byte) bool { return printable(v, max) }
}

func isTimestamp(_ *Praxis, v []byte) bool { return len(v) == 10 && positive(v, 10) }

func isTID(_ *Praxis, v []byte) bool { return positive(v, 11) }

func isCurrency(_ *Praxis, v []byte) bool {
	return len(v) >= 3 && len(v) <= 5 && run(v, isCapital) == len(v)
}

func isAmount(_ *Praxis, v []byte) bool { return natural(v, 19) }

func isRate(_ *Praxis, v []byte) bool {
	whole, fraction, point := bytes.Cut(v, []byte{'.'})
	return natural(whole, 9) && (!point || len(fraction) > 0 && len(fraction) <= 10 && run(fraction, isDigit) == len(fraction))
}

func (p *Praxis) isToken(v []byte) bool {
	if p.customerToken != nil {
		return p.customerToken.Match(v)
	}
	return len(v) == 32 && run(v, isLowerHex) == 32
}

func (p *Praxis) isOrderID(v []byte) bool {
	return printable(v, 50) && (p.orderID == nil || p.orderID.Match(v))
}

// A praxisText is the text that a signature is over, in one of the ways to read it.
type praxisText struct {
	bytes []byte
	praxisReading
}

// A praxisReading is where each signed value ends. A value of no length is null.
type praxisReading [praxisSigned]int

func (t praxisText) value(i int) []byte {
	if i == 0 {
		return t.bytes[:t.praxisReading[0]]
	}
	return t.bytes[t.praxisReading[i-1]:t.praxisReading[i]]
}

// replace returns the text with another value at i.
func (t praxisText) replace(i int, value []byte) praxisText {
	old := t.value(i)
	start := t.praxisReading[i] - len(old)
	text := append(append(append([]byte(nil), t.bytes[:start]...), value...), t.bytes[t.praxisReading[i]:]...)
	for ; i < praxisSigned; i++ {
		t.praxisReading[i] += len(value) - len(old)
	}
	t.bytes = text
	return t
}

// signedText puts the signed values together, in scratch if there is room, and checks the form of each.
func (p *Praxis) signedText(values *[praxisSigned + 1]strictjson.Value, scratch []byte) (praxisText, error) {
	t := praxisText{bytes: scratch}
	for i := range praxisFields {
		f, v := &praxisFields[i], values[i]
		kind := v.Kind()
		if v.Missing() {
			kind = strictjson.Null
		}
		start := len(t.bytes)
		if kind != strictjson.Null {
			t.bytes = v.AppendTo(t.bytes)
		}
		t.praxisReading[i] = len(t.bytes)
		if strings.IndexByte(f.kinds, byte(kind)) < 0 || kind != strictjson.Null && !f.valid(p, t.bytes[start:]) {
			return praxisText{}, malformed(f.path, f.form)
		}
	}
	if transaction := values[praxisTransaction]; transaction.Missing() {
		return t, nil // and so are the six values in it
	} else if transaction.Kind() != strictjson.Object {
		return praxisText{}, malformed("transaction", "an object or null")
	}
	return t, t.presence()
}

// presence checks which values of a transaction may be null together. A rate alone is legal: it occurs on withdrawals that
// wait for approval.
func (t praxisText) presence() error {
	null := func(i int) bool { return len(t.value(i)) == 0 }
	for _, i := range []int{praxisTID, praxisCurrency, praxisAmount} {
		if null(i) {
			return malformed(praxisFields[i].path, praxisFields[i].form)
		}
	}
	if null(praxisProcessedCurrency) != null(praxisProcessedAmount) {
		return malformed("transaction.processed_amount", "processed_currency beside it, or both null")
	}
	if null(praxisRate) && !null(praxisProcessedAmount) {
		return malformed("transaction.conversion_rate", "a rate beside processed_amount")
	}
	return nil
}

// phpNumber returns what PHP's cast of a float to a string leaves of the decimal literal v, within the digits that a rate
// can have.
func phpNumber(v []byte) []byte {
	if bytes.IndexByte(v, '.') < 0 {
		return v
	}
	return bytes.TrimSuffix(bytes.TrimRight(v, "0"), []byte{'.'})
}

// judge says how far the received reading of a text whose signature fits can be trusted.
func (p *Praxis) judge(received praxisText) (Assurance, error) {
	if p.orderID == nil {
		return Partial, nil
	}
	readings, complete := p.readings(received)
	if complete && len(readings) == 1 {
		return Partial, nil
	}
	var fits []praxisText
	for _, reading := range readings {
		if reading.equation() {
			fits = append(fits, reading)
		}
	}
	switch {
	case !complete || len(fits) != 1:
		return Hint, nil
	case fits[0].praxisReading != received.praxisReading:
		return Hint, ErrAmbiguous
	}
	return Partial, nil
}

// equation reports whether amount × rate is the processed amount, give or take one minor unit. It is a filter and no
// proof: several readings can satisfy it. Amounts whose currencies have other exponents are not compared.
func (t praxisText) equation() bool {
	if len(t.value(praxisProcessedAmount)) == 0 ||
		PraxisExponent(string(t.value(praxisCurrency))) != PraxisExponent(string(t.value(praxisProcessedCurrency))) {
		return false
	}
	whole, fraction, _ := bytes.Cut(t.value(praxisRate), []byte{'.'})
	rate := new(big.Int).SetUint64(number(append(append([]byte(nil), whole...), fraction...)))
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(fraction))), nil)
	product := rate.Mul(rate, new(big.Int).SetUint64(number(t.value(praxisAmount))))
	processed := new(big.Int).SetUint64(number(t.value(praxisProcessedAmount)))
	difference := product.Sub(product, processed.Mul(processed, unit))
	return difference.CmpAbs(unit) <= 0
}

// PraxisExponent returns the decimal places of amounts in the given currency, as Praxis scales them: none and three where
// ISO 4217 says so, two for everything else. The table of API 1.3 is not published (open).
func PraxisExponent(currency string) uint8 {
	if exponent, ok := iso4217.Exponent(currency); ok && (exponent == 0 || exponent == 3) {
		return exponent
	}
	return 2
}
