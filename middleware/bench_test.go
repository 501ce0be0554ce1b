package middleware_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
)

// bare is the least that a handler does: read the body, and answer with as much as the provider expects.
func bare(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 256<<10))
	if err != nil || len(body) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"state":"Success"}`))
}

func benchmarked(b *testing.B, s *testkit.Sender) http.Handler {
	m, err := middleware.New(middleware.Config{
		Verifier: s.Verifier(), Normalizer: s.Normalizer(), Store: middleware.NewMemory(middleware.MemoryConfig{}),
		Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(b, err)
	return m.Handle(func(context.Context, normalize.Event) error { return nil })
}

// requests are deliveries that differ in the operation they are about, so that each has its effect.
func requests(s *testkit.Sender, n int, target string) []*http.Request {
	all := make([]*http.Request, n)
	for i := range all {
		id := testkit.Set("/transaction/tid", 1_000_000+i)
		if s.Provider() == "pxp" {
			id = testkit.Set("/0/eventData/systemTransactionId", "1ed768bb-e88a-4636-91ae-"+strconv.Itoa(100_000_000_000+i))
		}
		all[i] = s.Request("payment_succeeded", id, testkit.At(time.Now()), testkit.To(target))
	}
	return all
}

// BenchmarkServe is the server's side alone, without a network.
func BenchmarkServe(b *testing.B) {
	for _, s := range testkit.All() {
		all := requests(s, 1<<14, "http://localhost/")
		for name, h := range map[string]http.Handler{"bare": http.HandlerFunc(bare), "middleware": benchmarked(b, s)} {
			b.Run(s.Provider()+"/"+name, func(b *testing.B) {
				var w discard
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					r := all[i%len(all)]
					r.Body, _ = r.GetBody()
					w.header = http.Header{}
					h.ServeHTTP(&w, r)
				}
			})
		}
	}
}

// discard is a ResponseWriter that can do what a connection's can.
type discard struct{ header http.Header }

func (d *discard) SetReadDeadline(time.Time) error { return nil }
func (d *discard) Header() http.Header             { return d.header }
func (d *discard) WriteHeader(int)                 {}
func (d *discard) Write(p []byte) (int, error)     { return len(p), nil }

// BenchmarkLoopback is the whole way over HTTP on the loopback interface, clients included: two for each processor.
func BenchmarkLoopback(b *testing.B) {
	for _, s := range testkit.All() {
		for name, h := range map[string]http.Handler{"bare": http.HandlerFunc(bare), "middleware": benchmarked(b, s)} {
			b.Run(s.Provider()+"/"+name, func(b *testing.B) {
				server := httptest.NewServer(h)
				defer server.Close()
				all := requests(s, 1<<14, server.URL)
				client := server.Client()
				client.Transport.(*http.Transport).MaxIdleConnsPerHost = 64
				b.SetParallelism(2)
				var next atomic.Int64
				b.ReportAllocs()
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						r := all[int(next.Add(1))%len(all)].Clone(context.Background())
						r.Body, _ = r.GetBody()
						response, err := client.Do(r)
						if err != nil {
							b.Error(err)
							return
						}
						_, _ = io.Copy(io.Discard, response.Body)
						response.Body.Close()
						if response.StatusCode != http.StatusOK {
							b.Error(response.Status)
						}
					}
				})
			})
		}
	}
}
