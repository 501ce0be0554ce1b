package testkit

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/internal/secret"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

// A Sender plays a provider.
type Sender struct {
	config SenderConfig
	names  []string
}

// SenderConfig configures NewSender.
type SenderConfig struct {
	_          [0]func()
	Provider   string               // required
	Verifier   verify.Verifier      // required: configured with Secret
	Normalizer normalize.Normalizer // required
	Secret     verify.Secret        // required: what requests are signed with
	Fixtures   map[string][]byte    // payloads as the provider would send them, by name
	Target     string               // where requests go unless To says otherwise; "": http://localhost/webhooks/<provider>

	// Sign makes an authentic request: it sets the headers of the proof, and the URL where the proof rides in it, and
	// returns the body to send. It must not fail for payloads that make no sense: fuzzers send them. Required.
	Sign func(r *http.Request, payload []byte, secret string, at time.Time) (body []byte)
	// Stamp puts the time of sending into a payload that has one; nil where the payload is not stamped.
	Stamp func(payload []byte, at time.Time) []byte
	// CheckReply tells what the provider makes of a reply; the error says what is wrong with one that it does not
	// understand. Required.
	CheckReply func(r *http.Response, body []byte, secret string) (verify.Outcome, error)
	// Faults are the ways to spoil a request that apply to the provider. Each has a fault of its own name.
	Faults []FaultConfig
}

// NewSender returns a sender for a provider of your own. It panics if something required is missing.
func NewSender(c SenderConfig) *Sender {
	if c.Provider == "" || c.Verifier == nil || c.Normalizer == nil || c.Sign == nil || c.CheckReply == nil || secret.Check(c.Secret) != nil {
		panic("testkit: NewSender: set Provider, Verifier, Normalizer, Secret, Sign and CheckReply")
	}
	if c.Target == "" {
		c.Target = "http://localhost/webhooks/" + c.Provider
	}
	s := &Sender{config: c}
	for name := range c.Fixtures {
		s.names = append(s.names, name)
	}
	slices.Sort(s.names)
	return s
}

// embedded returns the payloads of package fixtures.
func embedded(provider string) map[string][]byte {
	payloads := make(map[string][]byte)
	for _, name := range fixtures.Names(provider) {
		payload, err := fixtures.Payload(provider, name)
		if err != nil {
			panic("testkit: " + err.Error())
		}
		payloads[name] = payload
	}
	return payloads
}

// Provider returns the provider's name.
func (s *Sender) Provider() string { return s.config.Provider }

// Verifier returns a verifier that takes this sender's requests.
func (s *Sender) Verifier() verify.Verifier { return s.config.Verifier }

// Normalizer returns the provider's normalizer.
func (s *Sender) Normalizer() normalize.Normalizer { return s.config.Normalizer }

// Fixtures returns the names of the payloads, sorted.
func (s *Sender) Fixtures() []string { return slices.Clone(s.names) }

// Payload returns the fixture as it will be sent, with the options applied, before it is signed or encrypted.
func (s *Sender) Payload(fixture string, opts ...Option) []byte {
	return s.draft(s.fixture(fixture), opts).payload
}

// Request returns a signed request with the fixture as payload. It panics on a mistake, like httptest.NewRequest.
func (s *Sender) Request(fixture string, opts ...Option) *http.Request {
	return s.draft(s.fixture(fixture), opts).request()
}

// Sign returns a signed request with a payload of your own. Set applies to it; its time of sending stays as it is, unless
// At is among the options.
func (s *Sender) Sign(payload []byte, opts ...Option) *http.Request {
	d := draft{payload: slices.Clone(payload), keepStamp: true}
	return d.with(s, opts).request()
}

// Event returns the event that a receiver makes of Request with the same options: what your handler is called with. Use At
// for both, or their times differ. It panics if there is not exactly one.
func (s *Sender) Event(fixture string, opts ...Option) normalize.Event {
	events := s.Events(fixture, opts...)
	if len(events) != 1 {
		panic(fmt.Sprintf("testkit: %s: fixture %q makes %d events: use Events", s.Provider(), fixture, len(events)))
	}
	return events[0]
}

// Events is Event for fixtures of any number of events.
func (s *Sender) Events(fixture string, opts ...Option) []normalize.Event {
	d := s.draft(s.fixture(fixture), opts)
	r := d.request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic("testkit: " + err.Error())
	}
	m, err := s.config.Verifier.Verify(context.Background(), verify.Delivery{URL: r.URL, Header: r.Header, Body: body, ReceivedAt: d.at})
	if err != nil {
		panic(fmt.Sprintf("testkit: %s: fixture %q is refused with these options: %v", s.Provider(), fixture, err))
	}
	// What cannot be read shows as events of Type unknown, or none.
	events, _ := s.config.Normalizer.Normalize(m)
	return events
}

// CheckReply tells what the provider makes of a reply. The error says what is wrong with a reply that the provider does
// not understand; the outcome is then what it does about it. Signed replies are checked with the secret of the request if
// the response has one, as those of http.Client have, and with the sender's own otherwise. The body is read and put back.
func (s *Sender) CheckReply(r *http.Response) (verify.Outcome, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return verify.Retry, fmt.Errorf("testkit: %s: the reply cannot be read: %w", s.Provider(), err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	key := s.config.Secret
	if r.Request != nil {
		if k, ok := r.Request.Context().Value(secretContext{}).(verify.Secret); ok {
			key = k
		}
	}
	outcome, err := s.config.CheckReply(r, body, string(secret.Bytes(key)))
	if err != nil {
		err = fmt.Errorf("testkit: %s: %w", s.Provider(), err)
	}
	return outcome, err
}

// secretContext is the key under which a request knows the secret that it was signed with.
type secretContext struct{}

func (s *Sender) fixture(name string) []byte {
	payload, ok := s.config.Fixtures[name]
	if !ok {
		panic(fmt.Sprintf("testkit: %s: no fixture %q: have %s", s.Provider(), name, strings.Join(s.names, ", ")))
	}
	return slices.Clone(payload)
}

func (s *Sender) draft(payload []byte, opts []Option) *draft {
	return (&draft{payload: payload}).with(s, opts)
}

// plainReply is what every provider without words of its own for it makes of a status: a refusal is one, and everything
// else is sent again.
func plainReply(r *http.Response) verify.Outcome {
	if r.StatusCode == http.StatusUnauthorized {
		return verify.Refused
	}
	return verify.Retry
}
