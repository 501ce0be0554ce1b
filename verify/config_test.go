package verify_test

import (
	"bytes"
	"crypto/fips140"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/verify"
)

// fieldsOf returns the fields of all mistakes that a constructor reported, sorted. Each must have a reason.
func fieldsOf(t *testing.T, err error) []string {
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok, "not joined: %v", err)
	var fields []string
	for _, e := range joined.Unwrap() {
		var mistake *verify.ConfigError
		require.ErrorAs(t, e, &mistake)
		require.NotEmpty(t, mistake.Reason)
		require.Equal(t, mistake.Field+" "+mistake.Reason, e.Error())
		require.NotContains(t, e.Error(), "\n", "one mistake, one line")
		fields = append(fields, mistake.Field)
	}
	slices.Sort(fields)
	return fields
}

func secrets(texts ...string) []verify.Secret {
	var all []verify.Secret
	for _, text := range texts {
		all = append(all, verify.NewSecret(text))
	}
	return all
}

func TestPraxisConfig(t *testing.T) {
	for _, row := range []struct {
		reason string
		change func(*verify.PraxisConfig)
		fields []string
	}{
		{"all good", func(*verify.PraxisConfig) {}, nil},
		{"nothing set", func(c *verify.PraxisConfig) { *c = verify.PraxisConfig{} }, []string{"ApplicationKeys", "MerchantID", "Secrets"}},
		{"everything wrong", func(c *verify.PraxisConfig) {
			c.MerchantID, c.ApplicationKeys = strings.Repeat("x", 51), []string{"good", "", strings.Repeat("x", 33), "a\nb"}
			c.Secrets, c.Message, c.MaxAge, c.MaxSkew = secrets("short", testSecret, " "+testSecret), 200, -1, -1
		}, []string{"ApplicationKeys[1]", "ApplicationKeys[2]", "ApplicationKeys[3]", "MaxAge", "MaxSkew", "MerchantID", "Message",
			"Secrets[0]", "Secrets[2]", "Secrets[2]"}},
		{"names of 50 and 32 characters", func(c *verify.PraxisConfig) {
			c.MerchantID, c.ApplicationKeys = strings.Repeat("é", 50), []string{strings.Repeat("é", 32)}
		}, nil},
		{"an empty secret", func(c *verify.PraxisConfig) { c.Secrets = secrets("") }, []string{"Secrets[0]"}},
		{"the zero Secret", func(c *verify.PraxisConfig) { c.Secrets = make([]verify.Secret, 1) }, []string{"Secrets[0]"}},
		{"two mistakes in one secret", func(c *verify.PraxisConfig) { c.Secrets = secrets("x\n") }, []string{"Secrets[0]", "Secrets[0]"}},
		{"a placeholder", func(c *verify.PraxisConfig) { c.Secrets = secrets("${PRAXIS_SECRET}") }, []string{"Secrets[0]"}},
		{"equal secrets", func(c *verify.PraxisConfig) { c.Secrets = secrets(testSecret, "another-secret", testSecret) }, []string{"Secrets[2]"}},
		{"one ends in the other", func(c *verify.PraxisConfig) { c.Secrets = secrets(testSecret, "9"+testSecret) }, []string{"Secrets[1]"}},
		{"the other way round", func(c *verify.PraxisConfig) { c.Secrets = secrets("9"+testSecret, testSecret) }, []string{"Secrets[1]"}},
		{"one begins with the other", func(c *verify.PraxisConfig) { c.Secrets = secrets(testSecret, testSecret+"9") }, nil},
		{"one name for two", func(c *verify.PraxisConfig) {
			c.Secrets = []verify.Secret{verify.NewSecret(testSecret).Named("a"), verify.NewSecret("another-secret").Named("a")}
		}, []string{"Secrets[1]"}},
		{"a name that another has by its place", func(c *verify.PraxisConfig) {
			c.Secrets = []verify.Secret{verify.NewSecret(testSecret).Named("#2"), verify.NewSecret("another-secret")}
		}, []string{"Secrets[1]"}},
	} {
		c := praxisConfig()
		row.change(&c)
		requireMistakes(t, func() (verify.Verifier, error) { return verify.NewPraxis(c) }, "PraxisConfig.", row.fields, row.reason)
	}
}

func TestPXPConfig(t *testing.T) {
	long := strings.Repeat("k", 32)
	for _, row := range []struct {
		reason string
		config verify.PXPConfig
		fields []string
	}{
		{"all good", verify.PXPConfig{Secrets: secrets(long)}, nil},
		{"nothing set", verify.PXPConfig{}, []string{"Secrets"}},
		{"everything wrong", verify.PXPConfig{Secrets: secrets(" the-key-of-another-merchant", long, long), Hash: 9, KeyEncoding: 9, Timestamp: 9, MaxAge: -1, MaxSkew: -1},
			[]string{"Hash", "KeyEncoding", "MaxAge", "MaxSkew", "Secrets[0]", "Secrets[2]", "Timestamp"}},
		{"a wrong hash hides no wrong key", verify.PXPConfig{Secrets: secrets(strings.Repeat("g", 32)), Hash: 9, KeyEncoding: verify.KeyHex},
			[]string{"Hash", "Secrets[0]"}},
		{"hex", verify.PXPConfig{Secrets: secrets(strings.Repeat("aB", 32)), KeyEncoding: verify.KeyHex}, nil},
		{"an odd number of hex digits", verify.PXPConfig{Secrets: secrets(strings.Repeat("a", 33)), KeyEncoding: verify.KeyHex}, []string{"Secrets[0]"}},
		{"hex of seven bytes", verify.PXPConfig{Secrets: secrets(strings.Repeat("ab", 7)), KeyEncoding: verify.KeyHex}, []string{"Secrets[0]"}},
		{"Base64", verify.PXPConfig{Secrets: secrets(base64.StdEncoding.EncodeToString([]byte(long))), KeyEncoding: verify.KeyBase64}, nil},
		{"Base64 for URLs", verify.PXPConfig{Secrets: secrets("-_-_-_-_-_-_-_-_-_-_-_-_"), KeyEncoding: verify.KeyBase64}, []string{"Secrets[0]"}},
		{"Base64 without padding", verify.PXPConfig{Secrets: secrets(base64.RawStdEncoding.EncodeToString([]byte(long))), KeyEncoding: verify.KeyBase64}, []string{"Secrets[0]"}},
		{"Base64 with loose bits at the end", verify.PXPConfig{Secrets: secrets("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="), KeyEncoding: verify.KeyBase64}, []string{"Secrets[0]"}},
		{"Base64 of seven bytes", verify.PXPConfig{Secrets: secrets("AAAAAAAAAA=="), KeyEncoding: verify.KeyBase64}, []string{"Secrets[0]"}},
	} {
		requireMistakes(t, func() (verify.Verifier, error) { return verify.NewPXP(row.config) }, "PXPConfig.", row.fields, row.reason)
	}
}

func requireMistakes(t *testing.T, construct func() (verify.Verifier, error), prefix string, fields []string, reason string) {
	v, err := construct()
	if fields == nil {
		require.NoError(t, err, reason)
		return
	}
	require.Error(t, err, reason)
	require.Nil(t, v, "a verifier beside mistakes: %s", reason)
	for i := range fields {
		fields[i] = prefix + fields[i]
	}
	require.Empty(t, cmp.Diff(fields, fieldsOf(t, err)), reason)
	require.NotContains(t, err.Error(), testSecret)
}

// TestZeroRefuses gives every vector's delivery to verifiers that nobody configured.
func TestZeroRefuses(t *testing.T) {
	for _, zero := range []verify.Verifier{new(verify.Praxis), new(verify.PXP)} {
		for _, d := range authentic(t) {
			_, err := zero.Verify(t.Context(), d)
			require.Error(t, err)
		}
		for _, v := range vectors(t) {
			m, err := zero.Verify(t.Context(), deliveryOf(t, v))
			require.Error(t, err, v.Name)
			require.Zero(t, m)
		}
		_, err := zero.Verify(t.Context(), verify.Delivery{})
		require.ErrorIs(t, err, verify.ErrUnsigned)
		empty := sha384("", "") // a verifier without a secret must not take it for an empty one
		_, err = zero.Verify(t.Context(), praxisDelivery([]byte(`{}`), empty))
		require.Error(t, err)
		require.NotPanics(t, func() { zero.Limits() })
		for _, outcome := range outcomes {
			a := zero.Ack(verify.Receipt{Outcome: outcome})
			require.GreaterOrEqual(t, a.Status, 400, "a success reply without a message")
			require.Empty(t, a.Header.Values("Gt-Authentication"))
			require.NotEqual(t, verify.Accepted, zero.Read(a))
		}
		require.NotEqual(t, verify.Accepted, zero.Read(verify.Ack{}))
	}
}

// TestRotation has two secrets, the old one until a moment.
func TestRotation(t *testing.T) {
	const old = "the-secret-of-last-year"
	pair := func(until time.Time) []verify.Secret {
		return []verify.Secret{verify.NewSecret("the-secret-of-this-year"), verify.NewSecret(old).Until(until)}
	}
	e, ts, body := notification(), strconv.Itoa(signedAt), `[]`
	for provider, row := range map[string]struct {
		verifier func(until time.Time) verify.Verifier
		signedBy func(secret string) verify.Delivery
	}{
		"praxis": {
			func(until time.Time) verify.Verifier {
				return newPraxis(t, func(c *verify.PraxisConfig) { c.Secrets = pair(until) })
			},
			func(secret string) verify.Delivery { return praxisDelivery(e.body(), sha384(e.signed(), secret)) },
		},
		"pxp": {
			func(until time.Time) verify.Verifier {
				return newPXP(t, func(c *verify.PXPConfig) { c.Secrets = pair(until) })
			},
			func(secret string) verify.Delivery {
				return pxpDelivery(testID, ts, body, hmac256(testID, ts, body, secret))
			},
		},
	} {
		v := row.verifier(received)
		require.Equal(t, "#1", verified(t, v, row.signedBy("the-secret-of-this-year"), "the new one").KeyID, provider)
		byOld := verified(t, v, row.signedBy(old), "the bound itself")
		require.Equal(t, "#2", byOld.KeyID, provider)
		byNew := verified(t, v, row.signedBy("the-secret-of-this-year"), "the new one")
		require.Equal(t, byNew.ReplayKey, byOld.ReplayKey, "%s: the key that matched is no part of the replay key", provider)
		refused(t, row.verifier(received.Add(-time.Nanosecond)), row.signedBy(old), verify.ErrSignature, provider+": a nanosecond later")
		refused(t, v, row.signedBy("the-secret-of-nobody"), verify.ErrSignature, provider)
	}
}

// TestNothingLeaks prints verifiers, their configuration and their errors in every way there is.
func TestNothingLeaks(t *testing.T) {
	config := verify.PraxisConfig{MerchantID: "m", Secrets: secrets(testSecret, testSecret+"\n", testSecret)}
	_, configErr := verify.NewPraxis(config)
	_, pxpErr := verify.NewPXP(verify.PXPConfig{Secrets: config.Secrets, KeyEncoding: verify.KeyHex})
	values := []any{config, &config, configErr, pxpErr}
	for v, d := range authentic(t) {
		values = append(values, v)
		spoilt := clone(d)
		spoilt.Body = append(spoilt.Body[:len(spoilt.Body)-1], " 4111111111111111"...)
		_, err := v.Verify(t.Context(), spoilt)
		require.Error(t, err)
		require.NotContains(t, fmt.Sprintf("%+v", err), "4111111111111111")
		values = append(values, err)
	}
	bytesOf := strings.Trim(fmt.Sprint([]byte(testSecret[:8])), "[]")
	for _, v := range values {
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Error("text", "value", v)
		slog.New(slog.NewTextHandler(&out, nil)).Error("text", slog.Group("group", "value", v))
		_ = json.NewEncoder(&out).Encode(v)
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %t %p %c") {
			fmt.Fprintf(&out, verb, v)
		}
		for ; v != nil; v = unwrap(v) {
			fmt.Fprintf(&out, "%+v %#v %s", v, v, v)
		}
		for _, leak := range []string{testSecret[:12], bytesOf, hex.EncodeToString([]byte(testSecret[:8])), base64.StdEncoding.EncodeToString([]byte(testSecret[:9]))} {
			require.NotContains(t, out.String(), leak)
		}
	}
}

func unwrap(v any) any {
	err, ok := v.(error)
	if !ok || errors.Unwrap(err) == nil {
		return nil
	}
	return errors.Unwrap(err)
}

// TestFIPS runs the vectors again in processes that keep to FIPS 140-3, with short keys refused where it is enforced.
func TestFIPS(t *testing.T) {
	if mode := os.Getenv("PAYNOTARY_TEST_FIPS"); mode != "" {
		require.True(t, fips140.Enabled())
		require.Equal(t, mode == "only", fips140.Enforced())
	}
	_, err := verify.NewPXP(verify.PXPConfig{Secrets: secrets("thirteen-byte")})
	require.Equal(t, fips140.Enforced(), err != nil, "13 bytes: %v", err)
	_, err = verify.NewPXP(verify.PXPConfig{Secrets: secrets("fourteen-bytes")})
	require.NoError(t, err, "14 bytes")
	if os.Getenv("PAYNOTARY_TEST_FIPS") != "" || testing.Short() {
		return
	}
	for _, mode := range []string{"on", "only"} {
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^(TestFIPS|TestVectors|TestRotation|TestAckKnownAnswer)$", "-test.v")
		c.Env = append(os.Environ(), "GODEBUG=fips140="+mode, "PAYNOTARY_TEST_FIPS="+mode)
		output, err := c.CombinedOutput()
		require.NoError(t, err, "fips140=%s:\n%s", mode, output)
		require.Regexp(t, regexp.MustCompile(`--- PASS: TestVectors`), string(output))
	}
}
