// Package secret holds key material in a form that cannot print itself.
//
// The key sits behind a function: fmt walks the unexported fields of structs without calling their methods, given a verb
// that does not fit it even follows the pointers it finds there, and dumpers follow all of them. Functions are addresses
// to everybody. Everything that reads the key is a function of this package, not a method, so that the exported alias
// verify.Secret offers nothing that returns it.
package secret

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Redacted is all that a Secret ever prints.
const Redacted = "[secret]"

// MinBytes is the shortest key that Check lets pass. NIST SP 800-131A asks for 14; shorter ones exist in the field.
const MinBytes = 8

// A Secret is one shared key. The zero Secret is no key: Check refuses it.
type Secret struct{ key *key }

type key struct {
	text  func() []byte // nil is no key
	id    string
	until time.Time
}

// New returns a Secret with the given text. It never fails: Check, which every constructor calls, tells what is wrong.
func New(text string) Secret {
	b := []byte(text)
	return Secret{&key{text: func() []byte { return b }}}
}

// Named returns a copy whose id is reported where this secret is the one that matched.
func (s Secret) Named(id string) Secret {
	k := s.copy()
	k.id = id
	return Secret{k}
}

// Until returns a copy that is refused for deliveries received after t.
func (s Secret) Until(t time.Time) Secret {
	k := s.copy()
	k.until = t
	return Secret{k}
}

func (s Secret) copy() *key {
	if s.key == nil {
		return new(key)
	}
	k := *s.key
	return &k
}

// String returns Redacted.
func (Secret) String() string { return Redacted }

// GoString returns Redacted.
func (Secret) GoString() string { return Redacted }

// Format writes Redacted, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// LogValue returns Redacted.
func (Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }

// MarshalText returns Redacted, so that encoders of configuration structs show that there is a secret and no more.
func (Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// Bytes returns the key itself; the caller must not change or keep it where it could be printed.
func Bytes(s Secret) []byte {
	if s.key == nil || s.key.text == nil {
		return nil
	}
	return s.key.text()
}

// ID returns the name given with Named.
func ID(s Secret) string {
	if s.key == nil {
		return ""
	}
	return s.key.id
}

// Usable reports whether a delivery received at the given time may be checked with s.
func Usable(s Secret, at time.Time) bool {
	return s.key != nil && (s.key.until.IsZero() || !at.After(s.key.until))
}

// Check returns every mistake a configured secret can have, joined. The messages never quote the key.
func Check(s Secret) error {
	text := string(Bytes(s))
	if text == "" {
		return errors.New("is empty: set it to the secret from the provider's portal")
	}
	var mistakes []error
	if strings.TrimFunc(text, unicode.IsSpace) != text {
		mistakes = append(mistakes, errors.New("begins or ends with white space: trim it, a line feed from a file is the usual cause"))
	}
	if len(text) < MinBytes {
		mistakes = append(mistakes, fmt.Errorf("is shorter than %d bytes: every delivery lets an observer test guesses, use a random secret", MinBytes))
	}
	if unfilled(text) {
		mistakes = append(mistakes, errors.New("is a placeholder: the variable or template it should come from was not filled in"))
	}
	if id := ID(s); len(id) > 64 || !utf8.ValidString(id) || strings.ContainsFunc(id, unicode.IsControl) {
		mistakes = append(mistakes, errors.New("has a name that cannot be logged: give it at most 64 bytes without control characters"))
	}
	return errors.Join(mistakes...)
}

// unfilled recognises what stands in a configuration before somebody filled it in.
func unfilled(text string) bool {
	for _, mark := range [][2]string{{"${", "}"}, {"{{", "}}"}, {"<", ">"}} {
		if strings.HasPrefix(text, mark[0]) && strings.HasSuffix(text, mark[1]) {
			return true
		}
	}
	plain := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(text))
	switch plain {
	case "changeme", "password", "placeholder", "yoursecret", "yoursecretkey", "yoursecrethere", "yourmerchantsecret", "replaceme":
		return true
	}
	return false
}
