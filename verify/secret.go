package verify

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/paynotary/paynotary/internal/secret"
)

// A Secret is a key shared with a provider. It cannot be printed, logged or marshalled: all of these show "[secret]".
//
// During a rotation a verifier has several, newest first, and any of them may match:
//
//	Secrets: []verify.Secret{
//		verify.NewSecret(os.Getenv("PRAXIS_SECRET")).Named("2026-11"),
//		verify.NewSecret(os.Getenv("PRAXIS_SECRET_OLD")).Named("2025-03").Until(cutOff),
//	}
type Secret = secret.Secret

// NewSecret returns a Secret with the given text. What is wrong with it (empty, padded with white space, under 8 bytes, a
// placeholder) is reported by the constructor that it is configured for.
func NewSecret(key string) Secret { return secret.New(key) }

// A keyring is the configured secrets in order, each with the id that Message.KeyID reports.
type keyring []ringKey

type ringKey struct {
	secret Secret
	id     string
}

// newKeyring checks all secrets and reports every mistake under field.
func newKeyring(field string, secrets []Secret, m *mistakes) keyring {
	if len(secrets) == 0 {
		m.add(field, "is required: without a secret nothing can be verified")
	}
	ring := make(keyring, 0, len(secrets))
	for i, s := range secrets {
		at := fmt.Sprintf("%s[%d]", field, i)
		if err := secret.Check(s); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				m.add(at, "%s", line)
			}
		}
		k := ringKey{secret: s, id: secret.ID(s)}
		if k.id == "" {
			k.id = fmt.Sprintf("#%d", i+1)
		}
		for j, other := range ring {
			if k.id == other.id {
				m.add(at, "has the name of %s[%d]: give each its own, Message.KeyID could not tell them apart", field, j)
			}
			// A key that ends in another one makes two secrets sign one text split in two ways; equal keys are the plain case.
			a, b := secret.Bytes(s), secret.Bytes(other.secret)
			if len(a) > 0 && len(b) > 0 && (bytes.HasSuffix(a, b) || bytes.HasSuffix(b, a)) {
				m.add(at, "is equal to %s[%d], or one ends in the other: remove one of them", field, j)
			}
		}
		ring = append(ring, k)
	}
	return ring
}

// find returns the secret that a Message names, to sign the reply with the key the provider used.
func (r keyring) find(id string) (Secret, bool) {
	for _, k := range r {
		if k.id == id {
			return k.secret, true
		}
	}
	return Secret{}, false
}
