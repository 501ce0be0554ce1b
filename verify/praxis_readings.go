package verify

import (
	"bytes"
	"unicode/utf8"
)

// How much is looked at for one text. A text that is still not done then counts as ambiguous.
const (
	praxisMaxReadings = 256
	praxisMaxToken    = 64 // bytes of a token of configured shape
	praxisMaxOrderID  = 50 // characters
)

// readings returns all ways to read the text that satisfy the grammar and the configured patterns, the received one
// included, and whether that is all. It runs only once a signature fitted, so strangers cannot spend time here.
//
// Most borders are fixed by the grammar: merchant and application are configured, a timestamp has ten digits, digits and
// letters do not mix. What can move are the borders of order id and tid, and of amount and rate, and the order id can
// swallow what follows it, or give something off.
func (p *Praxis) readings(received praxisText) (readings []praxisText, complete bool) {
	e := enumeration{p: p, received: received}
	for _, key := range p.applicationKeys {
		e.from(key)
	}
	return e.found, len(e.found) < praxisMaxReadings
}

type enumeration struct {
	p        *Praxis
	received praxisText
	found    []praxisText
}

func (e *enumeration) from(applicationKey string) {
	text := e.received.bytes
	r := praxisReading{len(e.p.merchantID), len(e.p.merchantID) + len(applicationKey)}
	r[praxisTimestamp] = r[praxisApplicationKey] + 10
	if len(text) < r[praxisTimestamp] || !bytes.HasPrefix(text, []byte(e.p.merchantID+applicationKey)) ||
		!isTimestamp(text[r[praxisApplicationKey]:r[praxisTimestamp]]) {
		return
	}
	first, last := 32, 32
	if e.p.customerToken != nil {
		first, last = 1, praxisMaxToken
	}
	for n := first; n <= last && r[praxisTimestamp]+n < len(text); n++ {
		r[praxisToken] = r[praxisTimestamp] + n
		if e.p.isToken(text[r[praxisTimestamp]:r[praxisToken]]) {
			e.orderIDs(r)
		}
	}
}

// orderIDs tries every length of the order id. The rest is looked at first: patterns cost more.
func (e *enumeration) orderIDs(r praxisReading) {
	text, start := e.received.bytes, r[praxisToken]
	for end, n := start, 0; end < len(text) && n < praxisMaxOrderID; n++ {
		_, size := utf8.DecodeRune(text[end:])
		end += size
		r[praxisOrderID] = end
		if rest := e.rest(r); len(rest) > 0 && e.p.isOrderID(text[start:end]) {
			e.found = append(e.found, rest...)
		}
		if len(e.found) >= praxisMaxReadings {
			return
		}
	}
}

// rest returns the readings of what follows the order id: nothing, or a transaction.
func (e *enumeration) rest(r praxisReading) []praxisText {
	text, i := e.received.bytes, r[praxisOrderID]
	if i == len(text) {
		return []praxisText{e.reading(r, i, i, i, i, i, i)}
	}
	tid := i + run(text[i:], digit)
	currency := tid + run(text[tid:], capital)
	amount := currency + run(text[currency:], digit)
	if !isTID(text[i:tid]) || !isCurrency(text[tid:currency]) || amount == currency {
		return nil
	}
	// The digits up to here are an amount, or an amount and the whole part of a rate.
	rate := amount
	if rate < len(text) && text[rate] == '.' {
		rate += 1 + run(text[rate+1:], digit)
	}
	processed := rate + run(text[rate:], capital)
	var found []praxisText
	if rate == len(text) && rate == amount && isAmount(text[currency:amount]) {
		found = append(found, e.reading(r, tid, currency, amount, amount, amount, amount))
	}
	pair := isCurrency(text[rate:processed]) && isAmount(text[processed:])
	if processed < len(text) && !pair || processed == len(text) && processed != rate {
		return found
	}
	for border := currency + 1; border < amount; border++ {
		if isAmount(text[currency:border]) && isRate(text[border:rate]) && e.decimals(rate-amount) {
			found = append(found, e.reading(r, tid, currency, border, rate, processed, len(text)))
		}
	}
	return found
}

// decimals reports whether a rate whose point and decimals take n bytes can be another reading of the received one: what
// moves between amount and rate are digits before the point. Where no rate was received, one that appears must look like
// those that Praxis sends.
func (e *enumeration) decimals(n int) bool {
	rate := e.received.value(praxisRate)
	if len(rate) == 0 {
		return n > 1
	}
	point := bytes.IndexByte(rate, '.')
	if point < 0 {
		return n == 0
	}
	return n == len(rate)-point
}

func (e *enumeration) reading(r praxisReading, ends ...int) praxisText {
	copy(r[praxisTID:], ends)
	return praxisText{e.received.bytes, r}
}
