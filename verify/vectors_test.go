package verify_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/verify"
)

// reasons are the words of the vectors.
var reasons = map[string]error{
	"unsigned":    verify.ErrUnsigned,
	"malformed":   verify.ErrMalformed,
	"signature":   verify.ErrSignature,
	"stale":       verify.ErrStale,
	"foreign":     verify.ErrForeign,
	"ambiguous":   verify.ErrAmbiguous,
	"unavailable": verify.ErrUnavailable,
}

// verifierOf makes the verifier that a vector's header asks for. An option it does not know fails the test.
var verifierOf = map[string]func(*testing.T, fixtures.Vector) verify.Verifier{
	"praxis": func(t *testing.T, v fixtures.Vector) verify.Verifier {
		c := verify.PraxisConfig{
			MerchantID:      "Test-Integration-Merchant",
			ApplicationKeys: []string{"Sandbox"},
			Secrets:         []verify.Secret{verify.NewSecret(v.Secret).Named("vector")},
		}
		for key, value := range v.Options {
			switch key {
			case "merchant-id":
				c.MerchantID = value
			case "application-key":
				c.ApplicationKeys = []string{value}
			case "order-id":
				c.OrderID = regexp.MustCompile(value)
			case "assurance":
			default:
				t.Fatalf("option %s", key)
			}
		}
		p, err := verify.NewPraxis(c)
		require.NoError(t, err)
		return p
	},
	"pxp": func(t *testing.T, v fixtures.Vector) verify.Verifier {
		c := verify.PXPConfig{Secrets: []verify.Secret{verify.NewSecret(v.Secret).Named("vector")}}
		for key, value := range v.Options {
			switch key {
			case "hash":
				c.Hash = map[string]verify.PXPHash{"sha256": verify.PXPSHA256, "sha384": verify.PXPSHA384, "sha512": verify.PXPSHA512}[value]
			case "key-encoding":
				c.KeyEncoding = map[string]verify.KeyEncoding{"utf8": verify.KeyUTF8, "hex": verify.KeyHex, "base64": verify.KeyBase64}[value]
			case "timestamp":
				c.Timestamp = map[string]verify.PXPTimestamp{"any": verify.PXPAnyTimestamp, "unix": verify.PXPUnix,
					"unixmilli": verify.PXPUnixMilli, "rfc3339": verify.PXPRFC3339, "opaque": verify.PXPOpaqueTimestamp}[value]
			case "assurance":
			default:
				t.Fatalf("option %s", key)
			}
		}
		p, err := verify.NewPXP(c)
		require.NoError(t, err)
		return p
	},
}

// deliveryOf reads a raw request as net/http does.
func deliveryOf(t testing.TB, v fixtures.Vector) verify.Delivery {
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(v.Request)))
	require.NoError(t, err)
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return verify.Delivery{URL: r.URL, Header: r.Header, Body: body, ReceivedAt: v.At}
}

// TestVectors checks both implementations against each other: the vectors are made by one in Python.
func TestVectors(t *testing.T) {
	for _, provider := range fixtures.Providers() {
		vectors, err := fixtures.Vectors(provider)
		require.NoError(t, err)
		require.NotEmpty(t, vectors)
		for _, v := range vectors {
			t.Run(provider+"/"+v.Name, func(t *testing.T) {
				d := deliveryOf(t, v)
				verifier := verifierOf[provider](t, v)
				m, err := verifier.Verify(t.Context(), d)
				if v.Expect != "ok" {
					require.ErrorIs(t, err, reasons[v.Expect], v.Comment)
					require.Zero(t, m, "a refusal came with a message")
					var e *verify.Error
					require.ErrorAs(t, err, &e)
					require.Equal(t, provider, e.Provider)
					only(t, err, reasons[v.Expect])
					return
				}
				require.NoError(t, err, v.Comment)
				require.Equal(t, v.Options["assurance"], m.Assurance.String(), v.Comment)
				require.Equal(t, provider, m.Provider)
				require.Equal(t, "vector", m.KeyID)
				require.NotEmpty(t, m.Kind)
				require.NotZero(t, m.ReplayKey)
			})
		}
	}
}

// only fails if the error wraps two reasons, which would make errors.Is ambiguous.
func only(t *testing.T, err, want error) {
	all := slices.Collect(func(yield func(error) bool) {
		for _, e := range reasons {
			if errors.Is(err, e) && !yield(e) {
				return
			}
		}
	})
	require.Equal(t, []error{want}, all)
}
