package normalize

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
)

// Payload is the exact bytes of what a provider sent. They may hold a full card number, so a Payload does not print, log
// or marshal itself: all of that shows only its length, as "[1234 bytes]". Whoever keeps one should encrypt it, keep it
// briefly and treat it as cardholder data; a conversion to []byte gives the content.
//
// The methods guard a Payload where fmt, log/slog and encoders can see them. A struct that holds one in an unexported
// field should not be printed: fmt calls no methods there.
type Payload []byte

// String returns the length in brackets.
func (p Payload) String() string { return "[" + strconv.Itoa(len(p)) + " bytes]" }

// GoString returns the length in brackets.
func (p Payload) GoString() string { return p.String() }

// Format writes the length in brackets, whatever the verb.
func (p Payload) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// LogValue returns the length in brackets.
func (p Payload) LogValue() slog.Value { return slog.StringValue(p.String()) }

// MarshalText returns the length in brackets.
func (p Payload) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// MarshalJSON returns the length in brackets, as a string.
func (p Payload) MarshalJSON() ([]byte, error) { return []byte(`"` + p.String() + `"`), nil }
