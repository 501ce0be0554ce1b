// Package testkit builds the deliveries a provider could have sent, good and bad, and checks the code that receives them.
//
// A [Sender] plays one provider. Its requests are signed the way the provider signs, with keys that are well known and
// worthless, by code that is written independently of package verify:
//
//	sender := testkit.Praxis()
//	r := sender.Request("payment_succeeded", testkit.Set("/transaction/amount", 4999))
//	w := httptest.NewRecorder()
//	handler.ServeHTTP(w, r)
//	outcome, err := sender.CheckReply(w.Result())
//
// The handler under test is made with the sender's Verifier and Normalizer, or with the constants below for handlers that
// build their own. Requests fit both http.Handler.ServeHTTP and http.Client.Do. They are stamped with the present unless
// [At] says otherwise.
//
// A [Fault] is one way to spoil a request; a receiver must refuse each of them:
//
//	for _, fault := range sender.Faults() {
//		handler.ServeHTTP(w, sender.Request("payment_succeeded", fault))
//	}
//
// In a bubble of testing/synctest the present is the year 2000, which no provider signs for: let time.Sleep pass until a
// later one first.
//
// The payloads are those of package fixtures. Any field of them can be set before signing.
package testkit

// The secrets that requests are signed with unless WithSecret says otherwise. They are for tests: whoever configures one
// of them in production takes deliveries from everybody.
const (
	PraxisSecret = "paynotary-testkit-praxis-secret"
	PXPKey       = "paynotary-testkit-pxp-hash-key"
)

// All returns a sender for every provider.
func All() []*Sender {
	return []*Sender{
		Praxis(),
		PXP(),
	}
}
