package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/paynotary/paynotary/internal/strictjson"
)

// A meaning is what one pair of a provider's words stands for.
type meaning struct {
	Type   Type
	Status Status
}

// texts makes the short strings of an event out of one allocation: each is a part of one buffer that never moves, since it
// has room for all of them from the start.
type texts struct{ buffer strings.Builder }

// makeRoom reserves what the content of the values takes, and a little for words in lower case.
func (t *texts) makeRoom(values []strictjson.Value) {
	room := 64
	for _, v := range values {
		if k := v.Kind(); k == strictjson.String || k == strictjson.Number {
			room += len(v)
		}
	}
	t.buffer.Grow(room)
}

// text returns the content of a string, and "" for every other kind: a word of another type is a word we do not know.
func (t *texts) text(v strictjson.Value) string {
	if v.Kind() != strictjson.String {
		return ""
	}
	return t.scalar(v)
}

// scalar returns the content of a string, or a number as it stands.
func (t *texts) scalar(v strictjson.Value) string {
	if k := v.Kind(); k != strictjson.String && k != strictjson.Number {
		return ""
	}
	start := t.buffer.Len()
	t.buffer.Write(v.Unquoted())
	return t.buffer.String()[start:]
}

// join returns two texts with a separator, or "" if both are missing.
func (t *texts) join(a strictjson.Value, separator byte, b strictjson.Value) string {
	if a.Missing() && b.Missing() {
		return ""
	}
	start := t.buffer.Len()
	t.text(a)
	t.buffer.WriteByte(separator)
	t.text(b)
	return t.buffer.String()[start:]
}

// lower returns s with its ASCII letters in lower case. Nothing else is folded or trimmed: words are compared exactly.
func (t *texts) lower(s string) string {
	i := 0
	for i < len(s) && !isUpper(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	start := t.buffer.Len()
	for i := range len(s) {
		c := s[i]
		if isUpper(c) {
			c += 'a' - 'A'
		}
		t.buffer.WriteByte(c)
	}
	return t.buffer.String()[start:]
}

func isUpper(c byte) bool { return c-'A' <= 'Z'-'A' }

// digest stands for what has no id of its own, or none that may be shown.
func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// lastFour returns the last four digits of a card number that is masked already. Of a full number it returns nothing:
// truncating one is not this package's business.
func lastFour(masked string) string {
	n, digits := len(masked), 0
	for i := range n {
		if isDigit(masked[i]) {
			digits++
		}
	}
	if n < 8 || digits >= minCard || !strings.ContainsAny(masked, "*xX") {
		return ""
	}
	last := masked[n-4:]
	if strings.Trim(last, "0123456789") != "" {
		return ""
	}
	return last
}

// unreadable wraps what the JSON reader says. It names no value.
func unreadable(err error) error { return fmt.Errorf("%w: %w", ErrUnreadable, err) }
