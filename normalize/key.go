package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxKey bounds ids and keys, in bytes. Longer ones are replaced by their digest.
const maxKey = 200

// IdempotencyKey names the state that the operation has reached: use it for the effect that must happen once, such as a
// ledger entry. Different notifications of one state have the same key; a redelivery with another word for "succeeded"
// does not book twice.
//
// An event without a transaction, or with something unknown in it, has reached no state that could be named; its key is
// made of its ID.
func (e Event) IdempotencyKey() string {
	unknown := e.Status.class() == classUnknown || e.Type == TypeUnknown || !e.Type.Known()
	if unknown || e.TransactionID == "" {
		return eventID(e.Provider, e.Account, e.ID)
	}
	return eventID(e.Provider, e.Account, e.TransactionID, string(e.Type), string(e.Status))
}

// eventID joins the parts of an id or key with colons. Everything but the unreserved characters of RFC 3986, section 2.3,
// is percent-escaped within a part, so that different parts never make the same id. What is longer than maxKey is
// replaced by the lower-case hex SHA-256 of it.
func eventID(parts ...string) string {
	var buf [maxKey]byte
	id := buf[:0]
	for i, part := range parts {
		if i > 0 {
			id = append(id, ':')
		}
		for j := range len(part) {
			if c := part[j]; unreserved[c] {
				id = append(id, c)
			} else {
				id = append(id, '%', upperHex[c>>4], upperHex[c&15])
			}
		}
	}
	if len(id) > maxKey {
		digest := sha256.Sum256(id)
		id = hex.AppendEncode(buf[:0], digest[:])
	}
	return string(id)
}

const upperHex = "0123456789ABCDEF" // RFC 3986, section 2.1: upper case for consistency

var unreserved = func() (set [256]bool) {
	for c := range set {
		set[c] = alphanumeric(byte(c)) || strings.IndexByte("-._~", byte(c)) >= 0
	}
	return set
}()

func alphanumeric(c byte) bool { return c|0x20-'a' < 26 || isDigit(c) }

func isDigit(c byte) bool { return c-'0' <= 9 }
