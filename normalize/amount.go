package normalize

import (
	"cmp"
	"math"
	"strconv"
)

const (
	maxDecimal  = 64             // bytes of a decimal number
	maxPower    = 40             // of ten, in a decimal number
	maxExponent = maxDecimal - 2 // of an Amount: what Decimal prints, "0." in front, can be parsed again
)

// Amount is an exact, non-negative sum: Minor × 10^-Exponent units of Currency. The zero Amount means "not stated"; zero
// euros are {0, 2, "EUR"}.
//
// ParseAmount and MinorAmount return amounts in canonical form, in which equal sums are equal under ==.
type Amount struct {
	Minor    int64  `json:"minor"`
	Exponent uint8  `json:"exponent"` // the currency's by ISO 4217, or more where the provider stated finer digits
	Currency string `json:"currency"` // by ISO 4217, or the provider's own code; upper case
}

// ParseAmount reads a sum in major units: digits, optionally a point and more digits, optionally e or E and a power of ten
// with or without its sign. That is how JSON writes numbers, with leading zeros allowed. The currency is put in upper case.
//
// Digits finer than the currency's minor unit are kept, by raising the exponent; nothing is ever rounded. Negative sums
// are refused, and so is what has more than 64 bytes, a power of ten beyond 40, more than 62 decimal places, or more
// digits than 64 bits hold. Every error wraps ErrAmount.
func ParseAmount(decimal, currency string) (Amount, error) { return parseAmount(decimal, currency) }

// parseAmount is ParseAmount for text that need not be a string.
func parseAmount[Text ~string | ~[]byte](decimal Text, currency string) (Amount, error) {
	code, err := currencyCode(currency)
	if err != nil {
		return Amount{}, err
	}
	mantissa, power, err := parseDecimal(decimal)
	if err != nil {
		return Amount{}, err
	}
	return canonical(mantissa, power, code)
}

// MinorAmount makes an amount of n × 10^-exponent units of the currency, where the exponent is the provider's and need not
// be ISO's. The result is in canonical form; a negative n is an error that wraps ErrAmount.
func MinorAmount(n int64, exponent uint8, currency string) (Amount, error) {
	code, err := currencyCode(currency)
	if err != nil {
		return Amount{}, err
	}
	if n < 0 {
		return Amount{}, errNegative
	}
	power := -int(exponent)
	for n != 0 && n%10 == 0 {
		n /= 10
		power++
	}
	return canonical(n, power, code)
}

// parseDecimal reads a number as mantissa × 10^power. The mantissa does not end in zero, unless it is zero.
func parseDecimal[Text ~string | ~[]byte](s Text) (mantissa int64, power int, err error) {
	if len(s) > maxDecimal {
		return 0, 0, errDecimalLength
	}
	i := 0
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		i++
	}

	// The digits. Zeros are held back until another digit follows, so those at the end take no room in the mantissa.
	start, point := i, false // start is where the digits before or after the point begin; neither may be missing
	zeros, places := 0, 0
	for ; i < len(s); i++ {
		c := s[i]
		if c == '.' && !point && i > start {
			start, point = i+1, true
			continue
		}
		if !isDigit(c) {
			break
		}
		if point {
			places++
		}
		zeros++
		if c != '0' {
			shifted, ok := shift(mantissa, zeros)
			if !ok || shifted > math.MaxInt64-int64(c-'0') {
				return 0, 0, errRange
			}
			mantissa, zeros = shifted+int64(c-'0'), 0
		}
	}
	if i == start {
		return 0, 0, errDecimal
	}

	// The power of ten.
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		sign := 1
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			if s[i] == '-' {
				sign = -1
			}
			i++
		}
		start = i
		for ; i < len(s) && isDigit(s[i]); i++ {
			power = min(10*power+int(s[i]-'0'), maxPower+1)
		}
		if i == start {
			return 0, 0, errDecimal
		}
		if power > maxPower {
			return 0, 0, errPower
		}
		power *= sign
	}

	if i < len(s) {
		return 0, 0, errDecimal
	}
	if negative && mantissa != 0 {
		return 0, 0, errNegative
	}
	return mantissa, power + zeros - places, nil
}

// canonical makes the one Amount that stands for mantissa × 10^power: its exponent is the currency's, or as much more as
// the digits need. The mantissa must not end in zero, unless it is zero.
func canonical(mantissa int64, power int, code string) (Amount, error) {
	exponent := int(floorExponent(code))
	if mantissa != 0 {
		exponent = max(exponent, -power)
	}
	if exponent > maxExponent {
		return Amount{}, errPlaces
	}
	minor, ok := shift(mantissa, power+exponent)
	if !ok {
		return Amount{}, errRange
	}
	return Amount{Minor: minor, Exponent: uint8(exponent), Currency: code}, nil
}

// shift returns n × 10^places, or false if that is no int64.
func shift(n int64, places int) (int64, bool) {
	if n == 0 {
		return 0, true
	}
	for ; places > 0; places-- {
		if n > math.MaxInt64/10 || n < math.MinInt64/10 {
			return 0, false
		}
		n *= 10
	}
	for ; places < 0; places++ {
		if n%10 != 0 {
			return 0, false
		}
		n /= 10
	}
	return n, true
}

// At returns the sum in units of 10^-exponent, or false if digits would be lost or the number does not fit.
func (a Amount) At(exponent uint8) (int64, bool) {
	return shift(a.Minor, int(exponent)-int(a.Exponent))
}

// Cmp compares two sums: -1 if a is less than b, 0 if they are equal and +1 if a is more. It is false if the currencies
// differ.
func (a Amount) Cmp(b Amount) (int, bool) {
	if a.Currency != b.Currency {
		return 0, false
	}
	if a.Exponent > b.Exponent {
		order, _ := b.Cmp(a)
		return -order, true
	}
	minor, ok := a.At(b.Exponent)
	if !ok { // further from zero than any int64
		return cmp.Compare(a.Minor, 0), true
	}
	return cmp.Compare(minor, b.Minor), true
}

// String returns the sum and the currency, for example "50.05 EUR", or nothing for the zero Amount.
func (a Amount) String() string {
	if a == (Amount{}) {
		return ""
	}
	var buf [maxDecimal + 1 + maxCurrency]byte
	text := append(a.appendDecimal(buf[:0]), ' ')
	return string(append(text, a.Currency...))
}

// Decimal returns the sum in major units with all its decimal places, for example "50.05". ParseAmount reads it back.
func (a Amount) Decimal() string {
	var buf [maxDecimal]byte
	return string(a.appendDecimal(buf[:0]))
}

func (a Amount) appendDecimal(b []byte) []byte {
	magnitude := uint64(a.Minor)
	if a.Minor < 0 { // not from this package, but show what is there
		b, magnitude = append(b, '-'), -magnitude
	}
	var buf [20]byte // enough for any uint64
	digits := strconv.AppendUint(buf[:0], magnitude, 10)
	whole := len(digits) - int(a.Exponent)
	if whole > 0 {
		b = append(b, digits[:whole]...)
	} else {
		b = append(b, '0')
	}
	if a.Exponent == 0 {
		return b
	}
	b = append(b, '.')
	for range -whole {
		b = append(b, '0')
	}
	return append(b, digits[max(whole, 0):]...)
}
