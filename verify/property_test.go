package verify_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/verify"
)

// TestBitFlips flips every bit of every header of the proof, and of everything that is signed.
func TestBitFlips(t *testing.T) {
	requireRefused := func(v verify.Verifier, d verify.Delivery, what string) {
		m, err := v.Verify(t.Context(), d)
		require.Error(t, err, what)
		require.Zero(t, m)
	}
	flips := func(n int, each func(byteAt int, bit byte)) {
		for i := range n {
			for bit := range 8 {
				each(i, 1<<bit)
			}
		}
	}
	for v, d := range authentic(t) {
		verified(t, v, d, "before")
		for name, values := range d.Header {
			flips(len(values[0]), func(i int, bit byte) {
				value := []byte(values[0])
				value[i] ^= bit
				if strings.EqualFold(string(value), values[0]) && name == "Gt-Authentication" {
					return // hex digits have no letter case
				}
				spoilt := clone(d)
				spoilt.Header.Set(name, string(value))
				requireRefused(v, spoilt, fmt.Sprintf("%s byte %d bit %d", name, i, bit))
			})
		}
		if v.Provider() != "pxp" {
			continue
		}
		flips(len(d.Body), func(i int, bit byte) {
			spoilt := clone(d)
			spoilt.Body[i] ^= bit
			requireRefused(v, spoilt, fmt.Sprintf("body byte %d bit %d", i, bit))
		})
	}
	praxis, e := newPraxis(t, nil), notification()
	for field, text := range e {
		flips(len(text), func(i int, bit byte) {
			value := []byte(text)
			value[i] ^= bit
			d := praxisDelivery(e.with(map[int]string{field: string(value)}).body(), sha384(e.signed(), testSecret))
			requireRefused(praxis, d, fmt.Sprintf("value %d is %s", field, value))
		})
	}
}

// TestReplayKeyPraxis: the key is made of the signed values, however the body spells them.
func TestReplayKeyPraxis(t *testing.T) {
	p, e := newPraxis(t, nil), notification()
	base := verified(t, p, e.deliver(), "base").ReplayKey
	require.Equal(t, sha256.Sum256([]byte(e.signed())), base)
	signature := sha384(e.signed(), testSecret)
	for reason, body := range map[string]string{
		"white space":       " " + strings.ReplaceAll(string(e.body()), ",", ",\n"),
		"an unsigned value": strings.Replace(string(e.body()), "approved", "rejected", 1),
		"another member":    strings.Replace(string(e.body()), "{", `{"new":[1,2],`, 1),
		"an escape":         strings.Replace(string(e.body()), "order-", `\u006frder\u002d`, 1),
	} {
		require.NotEqual(t, string(e.body()), body, reason)
		require.Equal(t, base, verified(t, p, praxisDelivery([]byte(body), signature), reason).ReplayKey, reason)
	}
	upper := verified(t, p, praxisDelivery(e.body(), strings.ToUpper(signature)), "upper-case hex")
	require.Equal(t, base, upper.ReplayKey)
	for field, text := range map[int]string{2: strconv.Itoa(signedAt + 1), 4: `"order-1043"`, 5: "756851", 7: "101", 8: `"23.500001"`, 10: "2351"} {
		other := verified(t, p, e.with(map[int]string{field: text}).deliver(), text)
		require.NotEqual(t, base, other.ReplayKey, "another %s", text)
	}
}

func TestReplayKeyPXP(t *testing.T) {
	p, ts := newPXP(t, nil), strconv.Itoa(signedAt)
	seen := map[[32]byte]string{}
	for _, row := range [][3]string{
		{testID, ts, `[]`}, {testID, ts, `[] `}, {testID, ts + "000", `[]`}, {strings.ToUpper(testID), ts, `[]`}, {testID, strconv.Itoa(signedAt + 1), `[]`},
	} {
		m := verified(t, p, signedPXP(row[0], row[1], row[2]), row[2])
		require.Equal(t, sha256.Sum256([]byte(row[0]+row[1]+row[2])), m.ReplayKey)
		require.Empty(t, seen[m.ReplayKey])
		seen[m.ReplayKey] = row[2]
	}
}

// TestFreshness looks at both bounds, to the nanosecond.
func TestFreshness(t *testing.T) {
	type bounds struct{ age, skew time.Duration }
	stamp := time.Unix(signedAt, 0)
	check := func(v verify.Verifier, d verify.Delivery, b bounds) {
		for _, row := range []struct {
			at time.Time
			ok bool
		}{
			{stamp, true}, {stamp.Add(b.age), true}, {stamp.Add(b.age + 1), false}, {stamp.Add(-b.skew), true}, {stamp.Add(-b.skew - 1), false},
			{time.Time{}, false}, {time.Unix(1<<40, 0), false}, {time.Unix(0, 0), false},
		} {
			d.ReceivedAt = row.at
			if row.ok {
				require.True(t, verified(t, v, d, row.at.String()).SignedAt.Equal(stamp))
			} else {
				refused(t, v, d, verify.ErrStale, row.at.String())
			}
		}
		require.Equal(t, b.age+b.skew, v.Limits().ReplayWindow)
		require.GreaterOrEqual(t, v.Limits().Keep, v.Limits().ReplayWindow)
	}
	e := notification()
	check(newPraxis(t, nil), e.deliver(), bounds{time.Hour, 5 * time.Minute})
	check(newPraxis(t, func(c *verify.PraxisConfig) { c.MaxAge, c.MaxSkew = 30*24*time.Hour, time.Second }), e.deliver(), bounds{30 * 24 * time.Hour, time.Second})
	for _, text := range []string{"1790000000", "1790000000000", "2026-09-21T14:13:20Z", "2026-09-21T16:13:20.000+02:00"} {
		check(newPXP(t, nil), signedPXP(testID, text, `[]`), bounds{5 * time.Minute, 5 * time.Minute})
	}
	opaque := newPXP(t, func(c *verify.PXPConfig) { c.Timestamp = verify.PXPOpaqueTimestamp })
	old := signedPXP(testID, "1", `[]`)
	require.True(t, verified(t, opaque, old, "no freshness").SignedAt.IsZero())
	require.Zero(t, opaque.Limits().ReplayWindow, "it never goes stale")
}

// TestTimestampForms takes the forms apart: none may be read as another.
func TestTimestampForms(t *testing.T) {
	forms := map[verify.PXPTimestamp]string{verify.PXPUnix: "1790000000", verify.PXPUnixMilli: "1790000000000", verify.PXPRFC3339: "2026-09-21T14:13:20Z"}
	for pinned := range forms {
		p := newPXP(t, func(c *verify.PXPConfig) { c.Timestamp = pinned })
		for form, text := range forms {
			if form == pinned {
				verified(t, p, signedPXP(testID, text, `[]`), text)
			} else {
				refused(t, p, signedPXP(testID, text, `[]`), verify.ErrMalformed, text)
			}
		}
	}
	for _, text := range []string{"179000000", "17900000000", "179000000000", "17900000000000", "0790000000", "-179000000", "+179000000", "1.79000e09",
		"0x6ab13b80", "1790000000.0", "1790000000 ", "179000000\u0660", "2026-09-21 14:13:20Z", "2026-09-21T14:13:20", "2026-09-21T14:13:20z",
		"2026-9-21T14:13:20Z", "12026-09-21T14:13:20Z", "2026-09-21T14:13:20,5Z", "2026-09-21T4:13:20.5Z", "2026-09-21T14:13:20+25:00",
		"2026-09-21T14:13:20+02:60", "2026-09-21T14:13:20.Z", "2026-09-21T14:13:20.1234567890Z", "2026-09-21T14:13:20+0200", "2026-13-21T14:13:20Z",
		"2026-02-30T14:13:20Z", "2026-09-21T24:00:00Z"} {
		refused(t, newPXP(t, nil), signedPXP(testID, text, `[]`), verify.ErrMalformed, text)
	}
}

// TestBorders moves what is signed over the borders that the signature does not cover.
func TestBorders(t *testing.T) {
	p, ts, body := newPXP(t, nil), strconv.Itoa(signedAt), `[{"a":[1]}]`
	signature := hmac256(testID, ts, body, testSecret)
	all := testID + ts + body
	for i := range len(all) + 1 {
		for j := i; j <= len(all); j++ {
			if i == len(testID) && j == len(testID)+len(ts) {
				continue
			}
			m, err := p.Verify(t.Context(), pxpDelivery(all[:i], all[i:j], all[j:], signature))
			require.Error(t, err, "%q %q %q", all[:i], all[i:j], all[j:])
			require.Zero(t, m)
		}
	}
}

// TestHeaderForms sends each header of the proof twice, in a list, empty and not at all.
func TestHeaderForms(t *testing.T) {
	for v, d := range authentic(t) {
		for name, values := range d.Header {
			good := values[0]
			for _, row := range []struct {
				values []string
				want   error
				reason string
			}{
				{nil, verify.ErrUnsigned, "not there"},
				{[]string{}, verify.ErrUnsigned, "there without values"},
				{[]string{""}, verify.ErrUnsigned, "empty"},
				{[]string{good, good}, verify.ErrMalformed, "twice"},
				{[]string{good, ""}, verify.ErrMalformed, "good, then empty"},
				{[]string{"", good}, verify.ErrMalformed, "empty, then good"},
				{[]string{good + ", " + good}, verify.ErrMalformed, "a list"},
				{[]string{good + ","}, verify.ErrMalformed, "a list of one"},
				{[]string{" " + good}, verify.ErrMalformed, "a space in front"},
				{[]string{good + "\n"}, verify.ErrMalformed, "a line end"},
				{[]string{good[:8] + "\r\n" + good[8:]}, verify.ErrMalformed, "folded"},
				{[]string{"\xff" + good[1:]}, verify.ErrMalformed, "a byte that is not ASCII"},
			} {
				spoilt := clone(d)
				spoilt.Header[name] = row.values
				refused(t, v, spoilt, row.want, name+" "+row.reason)
			}
		}
		refused(t, v, verify.Delivery{Body: d.Body, ReceivedAt: received}, verify.ErrUnsigned, "no headers at all")
		refused(t, v, verify.Delivery{Header: http.Header{"Gt_authentication": {"x"}}, Body: d.Body}, verify.ErrUnsigned, "another header")
	}
}
