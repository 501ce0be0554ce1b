package paynotary_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"io"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// documented are the bodies that the providers' own documentation prints, and what their crypto alone costs.
var documented = []struct {
	sender  *testkit.Sender
	fixture string
	crypto  func(body []byte) func()
}{
	{testkit.Praxis(), "payment_succeeded", func([]byte) func() {
		text := []byte("Test-Integration-MerchantSandbox159061163587cfb23a8f1e68e162c276b754d9c061test-1560610955756850EUR1001.000000EUR100" + testkit.PraxisSecret)
		return func() { sha512.Sum384(text) }
	}},
	{testkit.PXP(), "authorization_succeeded", func(body []byte) func() {
		mac := hmac.New(sha256.New, []byte(testkit.PXPKey))
		head, sum := []byte("3f2504e0-4f89-11d3-9a0c-0305e82c33011730019064"), make([]byte, 0, sha256.Size)
		return func() {
			mac.Reset()
			mac.Write(head)
			mac.Write(body)
			sum = mac.Sum(sum[:0])
		}
	}},
}

// BenchmarkFloor is the least that any implementation must do: the provider's crypto with its key state prepared, and one
// strict pass over the JSON.
func BenchmarkFloor(b *testing.B) {
	for _, d := range documented {
		body := d.sender.Payload(d.fixture)
		crypto := d.crypto(body)
		b.Run(d.sender.Provider(), func(b *testing.B) {
			b.ReportAllocs()
			var buffer bytes.Buffer
			decoder := jsontext.NewDecoder(&buffer)
			for b.Loop() {
				crypto()
				tokens(b, decoder, &buffer, body)
			}
		})
	}
}

// BenchmarkVerifyNormalize is what the module does for one delivery, from headers and body to events.
func BenchmarkVerifyNormalize(b *testing.B) {
	for _, d := range documented {
		b.Run(d.sender.Provider(), func(b *testing.B) {
			verifier, normalizer := d.sender.Verifier(), d.sender.Normalizer()
			delivery := deliveryOf(d.sender, d.fixture)
			b.ReportAllocs()
			for b.Loop() {
				m, err := verifier.Verify(context.Background(), delivery)
				if err != nil {
					b.Fatal(err)
				}
				events, err := normalizer.Normalize(m)
				if err != nil || len(events) != 1 {
					b.Fatal(len(events), err)
				}
			}
		})
	}
}

// BenchmarkRefused is a delivery with a proof that does not fit: it must cost less than an accepted one.
func BenchmarkRefused(b *testing.B) {
	for _, d := range documented {
		b.Run(d.sender.Provider(), func(b *testing.B) {
			delivery := deliveryOf(d.sender, d.fixture, testkit.WrongSecret)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.sender.Verifier().Verify(context.Background(), delivery); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}

func tokens(b *testing.B, decoder *jsontext.Decoder, buffer *bytes.Buffer, doc []byte) {
	*buffer = *bytes.NewBuffer(doc)
	decoder.Reset(buffer)
	for {
		if _, err := decoder.ReadToken(); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

func deliveryOf(s *testkit.Sender, fixture string, opts ...testkit.Option) verify.Delivery {
	r := s.Request(fixture, opts...)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	return verify.Delivery{URL: r.URL, Header: r.Header, Body: body, ReceivedAt: time.Now()}
}
