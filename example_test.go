package paynotary_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// A ledger stands for your database, and its map for the unique index on the idempotency key.
type ledger struct {
	mutex   sync.Mutex
	entries map[string]normalize.Amount
}

// book is the handler. It is called at least once for every event.
func (l *ledger) book(_ context.Context, e normalize.Event) error {
	if e.Name() != "payment.succeeded" {
		return nil // of no interest here: do not send it again
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if _, booked := l.entries[e.IdempotencyKey()]; !booked {
		l.entries[e.IdempotencyKey()] = e.Amount
		fmt.Println("booked", e.Amount, "for", e.MerchantReference)
	}
	return nil
}

// expected returns what an order should come to, from your own records.
func expected(_ context.Context, e normalize.Event) (normalize.Amount, error) {
	orders := map[string]string{"test-1560610955": "1.00", "test-1560610956": "49.99"}
	return normalize.ParseAmount(orders[e.MerchantReference], "EUR")
}

func newWebhook(secret string, handler middleware.Handler) (http.Handler, error) {
	verifier, err := verify.NewPraxis(verify.PraxisConfig{
		MerchantID:      "Test-Integration-Merchant",
		ApplicationKeys: []string{"Sandbox"},
		Secrets:         []verify.Secret{verify.NewSecret(secret)},
		OrderID:         regexp.MustCompile(`test-[0-9]{10}`),
	})
	if err != nil {
		return nil, err
	}
	m, err := middleware.New(middleware.Config{
		Verifier:   verifier,
		Normalizer: normalize.Praxis{},
		Store:      middleware.NewMemory(middleware.MemoryConfig{}),
		Expect:     expected,
	})
	if err != nil {
		return nil, err
	}
	return m.Handle(handler), nil
}

func Example() {
	book := &ledger{entries: make(map[string]normalize.Amount)}
	webhook, err := newWebhook(testkit.PraxisSecret, book.book)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/praxis", webhook)
	server := httptest.NewServer(mux)
	defer server.Close()

	// What the provider would do: send a notification, send it again because the reply got lost; and what it would not do.
	praxis := testkit.Praxis()
	send := func(opts ...testkit.Option) {
		opts = append(opts, testkit.To(server.URL+"/webhooks/praxis"))
		reply, err := http.DefaultClient.Do(praxis.Request("payment_succeeded", opts...))
		if err != nil {
			log.Fatal(err)
		}
		defer reply.Body.Close()
		outcome, err := praxis.CheckReply(reply)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(reply.StatusCode, outcome)
	}
	send()
	send()
	send(testkit.Tampered)
	// Output:
	// booked 1.00 EUR for test-1560610955
	// 200 accepted
	// 200 accepted
	// 401 refused
}
