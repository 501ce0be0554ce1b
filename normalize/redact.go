package normalize

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// LogValue returns the fields of an event that may be logged, empty ones left out: provider, account, name, id,
// transaction_id, merchant_reference, amount, reason_code, brand, raw_type, raw_status, assurance and key_id. It is an
// allow-list: whatever else an event holds, now or in a later version, stays out.
//
// References are what somebody chose to put there. Hence each value has at most 128 bytes, is quoted if anything in it
// does not print, and shows "[digits]" in place of what could be a card number and "[e-mail]" in place of an address.
//
// This is for events logged by themselves. slog.JSONHandler encodes a slice or struct of them as encoding/json does.
func (e Event) LogValue() slog.Value {
	fields := [...]struct{ key, value string }{
		{"provider", e.Provider},
		{"account", e.Account},
		{"name", e.Name()},
		{"id", e.ID},
		{"transaction_id", e.TransactionID},
		{"merchant_reference", e.MerchantReference},
		{"amount", e.Amount.String()},
		{"reason_code", e.Reason.Code},
		{"brand", e.Method.Brand},
		{"raw_type", e.RawType},
		{"raw_status", e.RawStatus},
		{"assurance", e.Assurance.String()},
		{"key_id", e.KeyID},
	}
	attrs := make([]slog.Attr, 0, len(fields))
	for _, f := range fields {
		if f.value != "" {
			attrs = append(attrs, slog.String(f.key, Redact(f.value)))
		}
	}
	return slog.GroupValue(attrs...)
}

// Format writes what LogValue shows, whatever the verb.
func (e Event) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.LogValue().String()) }

const (
	maxLogged  = 128           // bytes of a logged value
	maxScanned = 8 * maxLogged // bytes of a value that are looked at
	ellipsis   = "…"
)

// Redact masks, quotes and shortens a value, in this order, so that nothing is cut or quoted out of its shape before it
// is recognised.
func Redact(s string) string {
	if plain(s) {
		return s
	}
	s = maskCards(emailShape.ReplaceAllString(cut(s, maxScanned), "[e-mail]"))
	if quoted := strconv.Quote(s); len(quoted) != len(s)+len(`""`) {
		s = quoted
	}
	if len(s) <= maxLogged {
		return s
	}
	return cut(s, maxLogged-len(ellipsis)) + ellipsis
}

// cut returns at most the first n bytes of s, without a rune that they break.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// plain reports whether there is nothing to do for a value, as is the rule.
func plain(s string) bool {
	if len(s) > maxLogged {
		return false
	}
	digits := 0 // in groups that could be one number
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			if digits++; digits == minCard {
				return false
			}
		case c == ' ' || c == '-' || c == '%':
		case c < ' ' || c > '~' || c == '@' || c == '"' || c == '\\':
			return false
		default:
			digits = 0
		}
	}
	return !strings.Contains(s, "%40")
}

// emailShape is anything with an at sign in it, which is escaped in ids.
var emailShape = regexp.MustCompile(`[^\s<>()\[\]"',;:]*(?:@|%40)[^\s<>()\[\]"',;:]*`)

// ISO/IEC 7812-1 allows card numbers of up to 19 digits; those of the schemes have 13 or more.
const minCard, maxCard = 13, 19

// maskCards replaces runs of digits that could be card numbers.
func maskCards(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if n := cardAt(s, i); n > 0 {
			b.WriteString("[digits]")
			i += n
		} else {
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// cardAt returns the length of the longest text at s[i:] that could be a card number: 13 to 19 digits that pass the Luhn
// check, in one group or in several with a space or a dash between them, with no further digit before or after.
func cardAt(s string, i int) (length int) {
	if i > 0 && isDigit(s[i-1]) && !escapeEnds(s[:i]) {
		return 0
	}
	var digits [maxCard]byte
	n := 0
	for rest := s[i:]; rest != ""; {
		if n == maxCard || !isDigit(rest[0]) {
			break
		}
		digits[n] = rest[0] - '0'
		n++
		rest = rest[1:]
		if rest != "" && isDigit(rest[0]) {
			continue
		}
		if n >= minCard && luhn(digits[:n]) {
			length = len(s) - i - len(rest)
		}
		rest = rest[separator(rest):]
	}
	return length
}

// separator returns the length of what may stand between two groups of a card number. A space is escaped in ids.
func separator(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == ' ' || s[0] == '-':
		return 1
	case strings.HasPrefix(s, "%20"):
		return 3
	}
	return 0
}

// escapeEnds reports whether s ends in a percent-escape, whose digits belong to no number.
func escapeEnds(s string) bool { return len(s) >= 3 && s[len(s)-3] == '%' }

// luhn is the check of ISO/IEC 7812-1, annex B.
func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		if (len(digits)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += int(d)
	}
	return sum%10 == 0
}
