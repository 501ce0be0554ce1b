package paynotary_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// documents are the texts whose code is held against code that is compiled.
var documents = []string{"README.md", "SECURITY.md", "CONTRIBUTING.md"}

var (
	goBlock    = regexp.MustCompile("(?ms)^([^\n]*)\n(?:[ \t]*\n)*```go\n(.*?)^```$")
	compiledIn = regexp.MustCompile(`^<!-- compiled in ([a-z_./]+\.go) -->$`)
	// A program in a document is an example in a test file.
	asExample = strings.NewReplacer("package main", "package paynotary_test", "func main()", "func Example()")
)

// TestDocumentedCode checks that every block of Go in the documents stands, but for its indentation, in the Go file that
// the comment in front of it names.
func TestDocumentedCode(t *testing.T) {
	for _, document := range documents {
		text := read(t, document)
		blocks := goBlock.FindAllStringSubmatch(text, -1)
		require.Len(t, blocks, strings.Count(text, "```go"),
			"%s: begin each block of Go in the first column and put \"<!-- compiled in FILE.go -->\" in front of it", document)
		for _, b := range blocks {
			marker, code := b[1], b[2]
			first, _, _ := strings.Cut(code, "\n")
			file := compiledIn.FindStringSubmatch(marker)
			require.NotNil(t, file, "%s: write \"<!-- compiled in FILE.go -->\" in front of the block that begins with %q", document, first)
			require.True(t, strings.Contains("\n"+unindented(read(t, file[1])), "\n"+unindented(asExample.Replace(code))),
				"%s: the block that begins with %q is not in %s: change the code there, run its test, and copy it here", document, first, file[1])
		}
	}
}

// unindented returns text without the white space at the beginning of its lines.
func unindented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimLeft(line, " \t"))
	}
	return b.String()
}

// TestDocumentedDemo checks that every line of the demo's output in README.md is one that the demo prints.
func TestDocumentedDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command line")
	}
	_, rest, found := strings.Cut(read(t, "README.md"), "<!-- output of the demo -->\n```text\n")
	require.True(t, found, "README.md: put \"<!-- output of the demo -->\" in front of the block with the demo's output")
	block, _, _ := strings.Cut(rest, "```")
	output, err := exec.Command("go", "run", "./testkit/cmd/paynotary", "demo").Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("needs the go command")
	}
	require.NoError(t, err, "go run ./testkit/cmd/paynotary demo")
	printed := make(map[string]bool)
	for line := range strings.Lines(string(output)) {
		printed[demoLine(line)] = true
	}
	for line := range strings.Lines(block) {
		if strings.TrimSpace(line) != "…" {
			require.True(t, printed[demoLine(line)], "README.md: the demo does not print %q any more: run it and copy its output", line)
		}
	}
}

// demoLine returns a line of the demo's output without what differs from run to run, and with every new fixture: widths, and
// the numbers of the last line.
func demoLine(line string) string {
	line = regexp.MustCompile(`^[0-9]+ deliveries (.*) http://[0-9.:]+ in [0-9.a-zµ]+: [0-9]+`).ReplaceAllString(line, "N deliveries $1 URL in TIME: N")
	return strings.Join(strings.Fields(line), " ")
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// What follows is the code in the documents.

func TestWebhook(t *testing.T) {
	praxis := testkit.Praxis()
	webhook, err := newWebhook(testkit.PraxisSecret, func(context.Context, normalize.Event) error { return nil })
	require.NoError(t, err)
	w := httptest.NewRecorder()
	webhook.ServeHTTP(w, praxis.Request("payment_succeeded", testkit.Set("/session/order_id", "test-1560610955")))
	outcome, err := praxis.CheckReply(w.Result())
	require.NoError(t, err)
	require.Equal(t, verify.Accepted, outcome)
}

func TestWebhookRefuses(t *testing.T) {
	praxis := testkit.Praxis()
	webhook, err := newWebhook(testkit.PraxisSecret, func(context.Context, normalize.Event) error {
		t.Error("the handler was called")
		return nil
	})
	require.NoError(t, err)
	for _, fault := range praxis.Faults() {
		w := httptest.NewRecorder()
		webhook.ServeHTTP(w, praxis.Request("payment_succeeded", fault))
		require.Equal(t, http.StatusUnauthorized, w.Code, fault)
	}
}

// An order of another amount than expected is not handed on, and a shift between amount and rate is one.
func TestWebhookExpects(t *testing.T) {
	praxis := testkit.Praxis()
	var handled []normalize.Event
	webhook, err := newWebhook(testkit.PraxisSecret, func(_ context.Context, e normalize.Event) error {
		handled = append(handled, e)
		return nil
	})
	require.NoError(t, err)
	for amount, want := range map[int]int{4999: http.StatusOK, 4998: http.StatusServiceUnavailable} {
		w := httptest.NewRecorder()
		webhook.ServeHTTP(w, praxis.Request("payment_succeeded", testkit.Set("/session/order_id", "test-1560610956"),
			testkit.Set("/transaction/tid", 700000+amount),
			testkit.Set("/transaction/amount", amount), testkit.Set("/transaction/processed_amount", amount)))
		require.Equal(t, want, w.Code, amount)
	}
	require.Len(t, handled, 1)
}

func newServer(mux http.Handler) *http.Server {
	server := &http.Server{
		Addr:              "127.0.0.1:8080",
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		MaxHeaderBytes:    16 << 10,
		IdleTimeout:       60 * time.Second,
	}
	return server
}

func TestServer(t *testing.T) { require.NotNil(t, newServer(http.NotFoundHandler())) }

// An api stands for a client of the provider's API, and a quarantine for a table that somebody looks at.
type (
	api        struct{}
	quarantine struct{}
)

func (api) lookUp(_ context.Context, e normalize.Event) (normalize.Event, error) { return e, nil }

func (quarantine) keep(context.Context, verify.Message, error) error { return nil }

func TestConfirm(t *testing.T) {
	sender := testkit.Praxis()
	var api api
	var quarantine quarantine
	m, err := middleware.New(middleware.Config{
		Verifier:     sender.Verifier(),
		Normalizer:   sender.Normalizer(),
		Store:        middleware.NewMemory(middleware.MemoryConfig{}),
		MinAssurance: verify.Confirmed,
		Confirm: func(ctx context.Context, e normalize.Event) (normalize.Event, error) {
			e, err := api.lookUp(ctx, e) // type, status and amount as the provider's API has them
			e.Assurance = verify.Confirmed
			return e, err
		},
		DeadLetter: quarantine.keep,
	})
	require.NoError(t, err)
	var handled []normalize.Event
	w := httptest.NewRecorder()
	m.Handle(func(_ context.Context, e normalize.Event) error {
		handled = append(handled, e)
		return nil
	}).ServeHTTP(w, sender.Request("payment_succeeded"))
	require.Equal(t, http.StatusOK, w.Code)
	require.Len(t, handled, 1)
	require.Equal(t, verify.Confirmed, handled[0].Assurance)
}

func TestRotation(t *testing.T) {
	t.Setenv("PRAXIS_SECRET", "the-new-secret-of-the-merchant")
	t.Setenv("PRAXIS_SECRET_OLD", testkit.PraxisSecret)
	cutOff := time.Now().Add(time.Hour)
	config := verify.PraxisConfig{
		MerchantID:      "Test-Integration-Merchant",
		ApplicationKeys: []string{"Sandbox"},
		Secrets: []verify.Secret{
			verify.NewSecret(os.Getenv("PRAXIS_SECRET")).Named("2026-11"),
			verify.NewSecret(os.Getenv("PRAXIS_SECRET_OLD")).Named("2025-03").Until(cutOff),
		},
	}
	verifier, err := verify.NewPraxis(config)
	require.NoError(t, err)
	for offset, want := range map[time.Duration]error{0: nil, 2 * time.Hour: verify.ErrSignature} {
		at := time.Now().Add(offset)
		r := testkit.Praxis().Request("payment_succeeded", testkit.At(at))
		body := testkit.Praxis().Payload("payment_succeeded", testkit.At(at))
		m, err := verifier.Verify(t.Context(), verify.Delivery{Header: r.Header, Body: body, ReceivedAt: at})
		require.ErrorIs(t, err, want)
		if want == nil {
			require.Equal(t, "2025-03", m.KeyID)
		}
	}
}
