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

// praxisFields is what each value must be in JSON, whoever sends it.
var praxisFields = [praxisSigned]struct {
	path  string
	kinds string // " string, 0 number, n null or absent
	form  string // see valid; for the error
}{
	praxisMerchantID:        {"merchant_id", `"`, "a string of 1 to 50 characters"},
	praxisApplicationKey:    {"application_key", `"`, "a string of 1 to 32 characters"},
	praxisTimestamp:         {"timestamp", `0`, "a whole number of 10 digits"},
	praxisToken:             {"customer.customer_token", `"`, "a string of 32 hex digits, or of the configured shape"},
	praxisOrderID:           {"session.order_id", `"`, "a string of 1 to 50 characters, of the configured shape"},
	praxisTID:               {"transaction.tid", `0n`, "a whole number of at most 11 digits"},
	praxisCurrency:          {"transaction.currency", `"n`, "a code of 3 to 5 capital letters"},
	praxisAmount:            {"transaction.amount", `0n`, "a whole number of at most 19 digits"},
	praxisRate:              {"transaction.conversion_rate", `"0n`, "a decimal of at most 9 and 10 digits, or null"},
	praxisProcessedCurrency: {"transaction.processed_currency", `"n`, "a code of 3 to 5 capital letters, or null"},
	praxisProcessedAmount:   {"transaction.processed_amount", `0n`, "a whole number of at most 19 digits, or null"},
}

var praxisMembers = func() *strictjson.Members {
	var paths [praxisSigned + 1]string
	for i, f := range praxisFields {
		paths[i] = f.path
	}
	paths[praxisTransaction] = "transaction"
	return strictjson.Want(paths[:]...)
}()

// valid checks the grammar of one value. Two values of one type side by side have no border once they are signed, so every
// rule here also keeps one reading from turning into another.
func (p *Praxis) valid(i int, v []byte) bool {
	switch i {
	case praxisMerchantID:
		return printable(v, 50)
	case praxisApplicationKey:
		return printable(v, 32)
	case praxisTimestamp:
		return isTimestamp(v)
	case praxisToken:
		return p.isToken(v)
	case praxisOrderID:
		return p.isOrderID(v)
	case praxisTID:
		return isTID(v)
	case praxisCurrency, praxisProcessedCurrency:
		return isCurrency(v)
	case praxisAmount, praxisProcessedAmount:
		return isAmount(v)
	case praxisRate:
		return isRate(v)
	}
	return false
}

func isTimestamp(v []byte) bool { return len(v) == 10 && positive(v, 10) }

func isTID(v []byte) bool { return positive(v, 11) }

func isCurrency(v []byte) bool { return len(v) >= 3 && len(v) <= 5 && run(v, capital) == len(v) }

func isAmount(v []byte) bool { return natural(v, 19) }

func isRate(v []byte) bool {
	whole, fraction, point := bytes.Cut(v, []byte{'.'})
	return natural(whole, 9) && (!point || len(fraction) > 0 && len(fraction) <= 10 && run(fraction, digit) == len(fraction))
}

func (p *Praxis) isToken(v []byte) bool {
	if p.customerToken != nil {
		return len(v) > 0 && len(v) <= praxisMaxToken && p.customerToken.MatchString(string(v))
	}
	return len(v) == 32 && run(v, lowerHex) == 32
}

func (p *Praxis) isOrderID(v []byte) bool {
	return printable(v, 50) && (p.orderID == nil || p.orderID.MatchString(string(v)))
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

// shorten returns the text with only the first n bytes of the value at i. The bytes of t are overwritten.
func (t praxisText) shorten(i, n int) praxisText {
	end, cut := t.praxisReading[i], len(t.value(i))-n
	copy(t.bytes[end-cut:], t.bytes[end:])
	for ; i < praxisSigned; i++ {
		t.praxisReading[i] -= cut
	}
	return praxisText{t.bytes[:len(t.bytes)-cut], t.praxisReading}
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
		if strings.IndexByte(f.kinds, byte(kind)) < 0 || kind != strictjson.Null && !p.valid(i, t.bytes[start:]) {
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

// phpNumber returns how much of the decimal literal v PHP's cast of a float to a string leaves, within the digits that a
// rate can have.
func phpNumber(v []byte) int {
	if bytes.IndexByte(v, '.') < 0 {
		return len(v)
	}
	return len(bytes.TrimSuffix(bytes.TrimRight(v, "0"), []byte{'.'}))
}

// judge says how far the received reading of a text whose signature fits can be trusted.
func (p *Praxis) judge(received praxisText) (Assurance, error) {
	if p.orderID == nil {
		return Partial, nil
	}
	// A copy, so that the bytes of the common case stay on the stack.
	readings, complete := p.readings(praxisText{bytes.Clone(received.bytes), received.praxisReading})
	if complete && len(readings) == 1 && readings[0].praxisReading == received.praxisReading {
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
