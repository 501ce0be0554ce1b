package verify

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"time"
	"unicode"
	"unicode/utf8"
)

// header returns the one value that a header of the proof must have. A sender has no reason to send two, and whoever
// stands in between may read another one than we do; http.Header.Get would hide that. The name must be in canonical form.
func header(h http.Header, name string) (string, error) {
	switch values := h[name]; {
	case len(values) == 0 || len(values) == 1 && values[0] == "":
		return "", fmt.Errorf("%w: no header %s", ErrUnsigned, name)
	case len(values) > 1:
		return "", malformed("header "+name, "exactly one value")
	default:
		return values[0], nil
	}
}

// A window is how far a signed stamp may lie from the time of receipt, bounds included.
type window struct{ maxAge, maxSkew time.Duration }

// newWindow takes the configured bounds, or the given defaults where they are zero.
func newWindow(config string, maxAge, maxSkew, age, skew time.Duration, m *mistakes) window {
	if maxAge < 0 {
		m.add(config+".MaxAge", "is negative: leave it 0 for %v", age)
	}
	if maxSkew < 0 {
		m.add(config+".MaxSkew", "is negative: leave it 0 for %v", skew)
	}
	w := window{maxAge, maxSkew}
	if w.maxAge == 0 {
		w.maxAge = age
	}
	if w.maxSkew == 0 {
		w.maxSkew = skew
	}
	return w
}

// check looks at both sides: a stamp from a far future would pass every check that only asks "too old?", and for ever.
func (w window) check(signed, received time.Time) error {
	switch age := received.Sub(signed); {
	case age > w.maxAge:
		return fmt.Errorf("%w: signed more than %v before it was received", ErrStale, w.maxAge)
	case age < -w.maxSkew:
		return fmt.Errorf("%w: signed for more than %v after it was received", ErrStale, w.maxSkew)
	}
	return nil
}

// total is how long a delivery verifies.
func (w window) total() time.Duration { return w.maxAge + w.maxSkew }

// anchored returns re as a pattern of the whole text: one that is satisfied by a part of it would let the rest be moved
// to where it is not looked at.
func anchored(re *regexp.Regexp) *regexp.Regexp {
	if re == nil {
		return nil
	}
	whole, err := regexp.Compile(`\A(?:` + re.String() + `)\z`)
	if err != nil { // a \Q that is still open has swallowed the end
		whole = regexp.MustCompile(`\A(?:` + re.String() + `\E)\z`)
	}
	return whole
}

// A class is a set of characters in the grammar of a field.
type class uint8

const (
	digit class = 1 << iota
	capital
	lowerHex
	upperHex
	visible // ASCII that prints, and the space
)

var classes = func() (table [256]class) {
	for c := range table {
		for _, r := range []struct {
			first, last byte
			in          class
		}{{'0', '9', digit | lowerHex | upperHex}, {'A', 'Z', capital}, {'a', 'f', lowerHex}, {'A', 'F', upperHex}, {' ', '~', visible}} {
			if r.first <= byte(c) && byte(c) <= r.last {
				table[c] |= r.in
			}
		}
	}
	return table
}()

// run returns how many bytes at the beginning of s are in the class.
func run[T ~string | ~[]byte](s T, in class) int {
	for i := range len(s) {
		if classes[s[i]]&in == 0 {
			return i
		}
	}
	return len(s)
}

// positive reports whether s is a whole number without sign and leading zeros, of at most max digits.
func positive[T ~string | ~[]byte](s T, max int) bool {
	return len(s) > 0 && len(s) <= max && s[0] != '0' && run(s, digit) == len(s)
}

// printable reports whether v has 1 to max characters and none that controls a terminal or a log.
func printable(v []byte, max int) bool {
	if run(v, visible) == len(v) {
		return len(v) > 0 && len(v) <= max
	}
	return len(v) > 0 && utf8.RuneCount(v) <= max && bytes.IndexFunc(v, unicode.IsControl) < 0
}

// natural reports whether v is 0, or a whole number without leading zeros, of at most max digits.
func natural(v []byte, max int) bool { return string(v) == "0" || positive(v, max) }

// number returns the value of at most 19 decimal digits.
func number[T ~string | ~[]byte](v T) (n uint64) {
	for i := range len(v) {
		n = 10*n + uint64(v[i]-'0')
	}
	return n
}

// decodeHex fills dst from hex digits of either case, and reports whether s is exactly that long and nothing else.
func decodeHex(dst []byte, s string) bool {
	if len(s) != hex.EncodedLen(len(dst)) {
		return false
	}
	_, err := hex.Decode(dst, []byte(s))
	return err == nil
}

// firstRunes returns at most n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
