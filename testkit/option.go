package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/paynotary/paynotary/internal/secret"
	"github.com/paynotary/paynotary/internal/strictjson"
	"github.com/paynotary/paynotary/verify"
)

// An Option changes a request before it is signed, or spoils it. Set comes last, whatever the order, so that it can override
// the stamp; of several others of one kind the last one counts.
type Option interface{ apply(*draft) }

// A draft is a request on its way.
type draft struct {
	payload   []byte
	at        time.Time
	secret    verify.Secret
	target    string
	fault     *FaultConfig
	sender    *Sender
	keepStamp bool // the payload is the caller's own, stamp included
}

// with applies the options: first those that are not about the payload, since the payload's stamp depends on them.
func (d *draft) with(s *Sender, opts []Option) *draft {
	d.sender, d.at, d.secret, d.target = s, time.Now(), s.config.Secret, s.config.Target
	for _, o := range opts {
		if _, ok := o.(set); !ok {
			o.apply(d)
		}
	}
	if d.fault != nil {
		d.at = d.at.Add(d.fault.Shift)
		d.keepStamp = d.keepStamp && d.fault.Shift == 0
	}
	if s.config.Stamp != nil && !d.keepStamp {
		d.payload = s.config.Stamp(d.payload, d.at)
	}
	for _, o := range opts {
		if _, ok := o.(set); ok {
			o.apply(d)
		}
	}
	return d
}

// request signs the draft, and spoils it if it must.
func (d *draft) request() *http.Request {
	r, err := http.NewRequest(http.MethodPost, d.target, http.NoBody)
	if err != nil {
		panic("testkit: " + err.Error())
	}
	key := d.secret
	if d.fault != nil && d.fault.OtherSecret {
		key = verify.NewSecret("paynotary-testkit-not-the-secret")
	}
	body := d.sender.config.Sign(r, d.payload, string(secret.Bytes(key)), d.at)
	if d.fault != nil && d.fault.Spoil != nil {
		body = d.fault.Spoil(r, body)
	}
	fresh, err := http.NewRequestWithContext(context.WithValue(context.Background(), secretContext{}, d.secret),
		http.MethodPost, r.URL.String(), bytes.NewReader(body))
	if err != nil {
		panic("testkit: " + err.Error())
	}
	fresh.Header = r.Header
	fresh.RemoteAddr = "192.0.2.1:1234" // RFC 5737: an address for examples
	return fresh
}

// Set overrides one value of the payload before it is signed. The pointer is RFC 6901; a member that is missing is added.
// value is encoded with encoding/json: use json.RawMessage or json.Number for a literal of your own, and nil for null.
func Set(pointer string, value any) Option { return set{pointer, value} }

type set struct {
	pointer string
	value   any
}

func (o set) apply(d *draft) {
	value, ok := o.value.(json.RawMessage) // as it is: a wrong literal can be what the test is about
	if !ok {
		var err error
		if value, err = json.Marshal(o.value); err != nil {
			panic(fmt.Sprintf("testkit: Set(%q): %v", o.pointer, err))
		}
	}
	payload, err := strictjson.Set(d.payload, o.pointer, value)
	if err != nil {
		panic(fmt.Sprintf("testkit: Set(%q): %v", o.pointer, err))
	}
	d.payload = payload
}

// At stamps the request with the time given instead of the present.
func At(t time.Time) Option {
	return option(func(d *draft) { d.at, d.keepStamp = t, false })
}

// WithSecret signs with another secret than the sender's own.
func WithSecret(s verify.Secret) Option { return option(func(d *draft) { d.secret = s }) }

// To sends the request to another URL, which must be absolute.
func To(target string) Option { return option(func(d *draft) { d.target = target }) }

type option func(*draft)

func (o option) apply(d *draft) { o(d) }
