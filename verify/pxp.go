package verify

import (
	"context"
	"crypto/fips140"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/paynotary/paynotary/internal/secret"
	"github.com/paynotary/paynotary/internal/strictjson"
)

// PXP Unity. The headers and the signing input are documented at
//
//	https://developer.pxp.io/guides/get-started/about-webhooks
//
// A signature is the Base64 of an HMAC over request id, timestamp and body, without separators. Which hash, and how the
// key shown in the portal is encoded, is not documented (open): both are configuration and never detected, since trying
// several turns one check into many.
const (
	pxpName            = "pxp"
	pxpRequestID       = "X-Request-Id"
	pxpTimestampHeader = "X-Signature-Timestamp"
	pxpSignature       = "X-Signature"
	// pxpReply is the only reply that is documented: https://developer.pxp.io/docs/manage-webhooks
	pxpReply = `{"state":"Success"}`
	// pxpKeep is our choice: PXP retries for ten seconds, and an exact copy goes stale after ten minutes.
	pxpKeep = 24 * time.Hour
	// minFIPSKey is the shortest HMAC key that crypto/hmac accepts while FIPS 140-3 is enforced: NIST SP 800-131A.
	minFIPSKey = 14
)

// PXPHash is the hash of PXP's HMAC.
type PXPHash uint8

// The hashes. PXP names SHA-256 for requests to its API, and none for webhooks (open).
const (
	PXPSHA256 PXPHash = iota
	PXPSHA384
	PXPSHA512
)

var pxpHashes = map[PXPHash]func() hash.Hash{PXPSHA256: sha256.New, PXPSHA384: sha512.New384, PXPSHA512: sha512.New}

// KeyEncoding tells how the text of a Secret stands for the bytes of a key.
type KeyEncoding uint8

// The key encodings. A text of 64 hex digits is valid in all three.
const (
	KeyUTF8   KeyEncoding = iota // the text itself
	KeyHex                       // hex digits of either case
	KeyBase64                    // the standard alphabet, with padding
)

var keyDecoders = map[KeyEncoding]func(text string) ([]byte, error){
	KeyUTF8:   func(text string) ([]byte, error) { return []byte(text), nil },
	KeyHex:    hex.DecodeString,
	KeyBase64: base64.StdEncoding.Strict().DecodeString,
}

// PXPTimestamp is the form of the signed timestamp, which PXP does not document (open).
type PXPTimestamp uint8

// The forms. No text satisfies two of those that PXPAnyTimestamp takes.
const (
	PXPAnyTimestamp    PXPTimestamp = iota // one of the three that follow
	PXPUnix                                // 10 digits: seconds
	PXPUnixMilli                           // 13 digits: milliseconds
	PXPRFC3339                             // RFC 3339 with a year of four digits
	PXPOpaqueTimestamp                     // anything printable: there is no freshness then, and replays are for the store to find
)

// PXPConfig configures NewPXP.
type PXPConfig struct {
	_               [0]func()
	Secrets         []Secret       // required; newest first, any may match
	Hash            PXPHash        // zero: PXPSHA256
	KeyEncoding     KeyEncoding    // zero: KeyUTF8
	Timestamp       PXPTimestamp   // zero: PXPAnyTimestamp
	RequestID       *regexp.Regexp // of a whole id; nil: a UUID. Let it have one length: the id borders on the timestamp without a separator.
	MaxAge, MaxSkew time.Duration  // 0: 5 min each
}

// PXP verifies deliveries of PXP Unity. The zero PXP refuses every delivery.
//
// # What the proof covers
//
// Request id, timestamp and every byte of the body: Assurance is Full. It does not cover the URL, so a delivery for
// another merchant or site of the same merchant group verifies too: pin them in middleware.Config.Accounts. Nor does it
// cover where the id ends and the timestamp begins, which is why both must have an exact form.
type PXP struct {
	secrets   keyring
	macs      []*sync.Pool // of *pxpMAC, one pool for each secret
	size      int          // of a MAC
	timestamp PXPTimestamp
	requestID *regexp.Regexp
	window    window
}

// A pxpMAC is an HMAC whose key has been set, which is a third of the work, and room for what is hashed.
type pxpMAC struct {
	hash  hash.Hash
	input []byte
	sum   []byte
}

// NewPXP returns a verifier for one merchant group, or all mistakes in c, each a *ConfigError.
func NewPXP(c PXPConfig) (*PXP, error) {
	var m mistakes
	p := &PXP{
		secrets:   newKeyring("PXPConfig.Secrets", c.Secrets, &m),
		timestamp: c.Timestamp,
		requestID: anchored(c.RequestID),
		window:    newWindow("PXPConfig", c.MaxAge, c.MaxSkew, 5*time.Minute, 5*time.Minute, &m),
	}
	// What is wrong here is replaced, to find the other mistakes too.
	if pxpHashes[c.Hash] == nil {
		m.add("PXPConfig.Hash", "is none of the hashes: use PXPSHA256, PXPSHA384 or PXPSHA512")
		c.Hash = PXPSHA256
	}
	if keyDecoders[c.KeyEncoding] == nil {
		m.add("PXPConfig.KeyEncoding", "is none of the encodings: use KeyUTF8, KeyHex or KeyBase64")
		c.KeyEncoding = KeyUTF8
	}
	newHash, decode := pxpHashes[c.Hash], keyDecoders[c.KeyEncoding]
	if c.Timestamp > PXPOpaqueTimestamp {
		m.add("PXPConfig.Timestamp", "is none of the forms: use PXPAnyTimestamp")
	}
	p.size = newHash().Size()
	for i, s := range c.Secrets {
		key, err := decode(string(secret.Bytes(s)))
		switch at := fmt.Sprintf("PXPConfig.Secrets[%d]", i); {
		case err != nil:
			m.add(at, "is not in the configured KeyEncoding: copy the hash key of the merchant group from the portal, or change the encoding")
		case c.KeyEncoding != KeyUTF8 && len(key) < secret.MinBytes:
			m.add(at, "decodes to less than %d bytes: set the whole key", secret.MinBytes)
		case fips140.Enforced() && len(key) < minFIPSKey:
			m.add(at, "is shorter than %d bytes, which HMAC refuses while FIPS 140-3 is enforced: ask for a longer key", minFIPSKey)
		}
		p.macs = append(p.macs, &sync.Pool{New: func() any { return &pxpMAC{hash: hmac.New(newHash, key)} }})
	}
	if err := m.join(); err != nil {
		return nil, err
	}
	return p, nil
}

// Provider returns "pxp".
func (*PXP) Provider() string { return pxpName }

// Limits returns what PXP's protocol implies. Its retries end ten seconds after the first attempt, so a lease must be much
// shorter than that, and a handler that fails late fails for good: reconcile with PXP's API after an outage.
func (p *PXP) Limits() Limits {
	l := Limits{
		MaxBody:        256 << 10,
		ContentTypes:   []string{"application/json"},
		ReplayWindow:   p.window.total(),
		Keep:           max(pxpKeep, p.window.total()),
		Lease:          3 * time.Second,
		HandlerTimeout: 2 * time.Second,
		Assurance:      Full,
	}
	if p.timestamp == PXPOpaqueTimestamp {
		l.ReplayWindow = 0
	}
	return l
}

// Verify checks a delivery. Its errors wrap ErrUnsigned, ErrMalformed, ErrSignature or ErrStale. The body is not read
// beyond its first byte: what is in it is the normalizer's to say.
func (p *PXP) Verify(_ context.Context, d Delivery) (Message, error) {
	m, err := p.verify(d)
	if err != nil {
		return Message{}, &Error{Provider: pxpName, Err: err}
	}
	return m, nil
}

func (p *PXP) verify(d Delivery) (Message, error) {
	id, err := header(d.Header, pxpRequestID)
	if err != nil {
		return Message{}, err
	}
	timestamp, err := header(d.Header, pxpTimestampHeader)
	if err != nil {
		return Message{}, err
	}
	received, err := header(d.Header, pxpSignature)
	if err != nil {
		return Message{}, err
	}
	// The forms fix the borders that the signature leaves open: id against timestamp, and timestamp against body.
	if !p.isRequestID(id) {
		return Message{}, malformed("header "+pxpRequestID, "a UUID, or the configured shape")
	}
	signedAt, ok := p.parseTimestamp(timestamp)
	if !ok {
		return Message{}, malformed("header "+pxpTimestampHeader, "unix seconds, unix milliseconds or RFC 3339, as configured")
	}
	var signature [sha512.Size]byte
	if !decodeBase64(signature[:p.size], received) {
		return Message{}, malformed("header "+pxpSignature, fmt.Sprintf("the padded Base64 of %d bytes", p.size))
	}
	if len(d.Body) == 0 || d.Body[0] != '[' {
		return Message{}, malformed("body", "a JSON array from the first byte on")
	}
	key, replayKey := p.signer(id, timestamp, d, signature[:p.size])
	if key < 0 {
		return Message{}, ErrSignature
	}
	if p.timestamp != PXPOpaqueTimestamp {
		if err := p.window.check(signedAt, d.ReceivedAt); err != nil {
			return Message{}, err
		}
	}
	return Message{
		Provider:  pxpName,
		Kind:      "events",
		Payload:   d.Body,
		KeyID:     p.secrets[key].id,
		SignedAt:  signedAt,
		Assurance: Full,
		ReplayKey: replayKey,
	}, nil
}

// signer returns the position of the secret that the delivery is signed with, or -1, and the digest of what is signed.
func (p *PXP) signer(id, timestamp string, d Delivery, signature []byte) (key int, replayKey [sha256.Size]byte) {
	for i, k := range p.secrets {
		if !secret.Usable(k.secret, d.ReceivedAt) {
			continue
		}
		mac := p.macs[i].Get().(*pxpMAC)
		mac.input = append(append(append(mac.input[:0], id...), timestamp...), d.Body...)
		mac.hash.Reset()
		mac.hash.Write(mac.input)
		mac.sum = mac.hash.Sum(mac.sum[:0])
		fits := subtle.ConstantTimeCompare(mac.sum, signature) == 1
		if fits {
			replayKey = sha256.Sum256(mac.input)
		}
		clear(mac.input) // it holds a body, and bodies hold card numbers
		p.macs[i].Put(mac)
		if fits {
			return i, replayKey
		}
	}
	return -1, replayKey
}

func (p *PXP) isRequestID(id string) bool {
	if p.requestID != nil {
		return p.requestID.MatchString(id)
	}
	return isUUID(id)
}

// isUUID reports whether s is a UUID in text form, RFC 9562, section 4, of any version and letter case.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch i {
		case 8, 13, 18, 23:
			if s[i] != '-' {
				return false
			}
		default:
			if classes[s[i]]&(lowerHex|upperHex) == 0 {
				return false
			}
		}
	}
	return true
}

// rfc3339 is what package time does not insist on: hours of two digits, a point before the fraction, a zone within a day
// (https://go.dev/issue/54580).
var rfc3339 = regexp.MustCompile(`\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\z`)

// parseTimestamp reads the forms that are switched on.
func (p *PXP) parseTimestamp(s string) (time.Time, bool) {
	accepts := func(form PXPTimestamp) bool { return p.timestamp == form || p.timestamp == PXPAnyTimestamp }
	switch {
	case p.timestamp == PXPOpaqueTimestamp:
		return time.Time{}, printable([]byte(s), 64)
	case len(s) == 10 && positive(s, 10) && accepts(PXPUnix):
		return time.Unix(int64(number(s)), 0).UTC(), true
	case len(s) == 13 && positive(s, 13) && accepts(PXPUnixMilli):
		return time.UnixMilli(int64(number(s))).UTC(), true
	case rfc3339.MatchString(s) && accepts(PXPRFC3339):
		t, err := time.Parse(time.RFC3339, s)
		return t.UTC(), err == nil
	}
	return time.Time{}, false
}

// decodeBase64 fills dst from padded Base64 in its one canonical spelling, and reports whether s is that.
func decodeBase64(dst []byte, s string) bool {
	// The decoder passes over line ends, and four spellings share one value unless it is strict: RFC 4648, section 3.5.
	if len(dst) == 0 || len(s) != base64.StdEncoding.EncodedLen(len(dst)) || strings.ContainsAny(s, "\r\n") {
		return false
	}
	var room [sha512.Size + 2]byte
	n, err := base64.StdEncoding.Strict().Decode(room[:], []byte(s))
	return err == nil && n == len(dst) && copy(dst, room[:n]) == n
}

// Ack returns the reply: the documented one for success, which PXP does not want signed. There is no documented way to say
// no, so Rejected is acknowledged too.
func (p *PXP) Ack(r Receipt) Ack {
	verified := r.Message.Provider == pxpName
	switch {
	case r.Outcome == Retry:
		return tryAgain(r.RetryAfter)
	case verified && (r.Outcome == Accepted || r.Outcome == Rejected):
		return Ack{
			Status: http.StatusOK,
			Header: http.Header{"Content-Type": {"application/json"}},
			Body:   []byte(pxpReply),
		}
	}
	return refusal()
}

var pxpReplyMembers = strictjson.Want("state")

// Read takes PXP for strict: success is status 200 with the documented body, and anything else is sent again, while the
// ten seconds last.
func (p *PXP) Read(a Ack) Outcome {
	if a.Status == http.StatusUnauthorized {
		return Refused
	}
	var state [1]strictjson.Value
	if err := pxpReplyMembers.Read(a.Body, state[:]); err != nil || a.Status != http.StatusOK || state[0].Text() != "Success" {
		return Retry
	}
	return Accepted
}
