package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

// demo starts a server with one endpoint for each provider, and plays the providers.
func demo(stdout, stderr io.Writer) int {
	start := time.Now()
	s, err := newStage(testkit.All())
	if err != nil {
		fmt.Fprintln(stderr, "paynotary:", err)
		return 1
	}
	defer s.server.Close()
	rows, err := s.play()
	if err != nil {
		fmt.Fprintln(stderr, "paynotary:", err)
		return 1
	}
	printTable(stdout, rows)
	surprises := 0
	for _, r := range rows {
		if len(r.surprises) > 0 {
			surprises++
		}
	}
	fmt.Fprintf(stdout, "\n%d deliveries over HTTP to %s in %v: %d effects, %d surprises\n",
		len(rows), s.url, time.Since(start).Round(time.Millisecond), s.effects, surprises)
	if surprises > 0 {
		return 1
	}
	return 0
}

// A stage is the merchant's side: a server, and what its handler did.
type stage struct {
	senders []*testkit.Sender
	url     string
	server  *http.Server
	reports chan middleware.Report

	mutex   sync.Mutex
	events  []normalize.Event // handled by the delivery under way
	effects int
}

func newStage(senders []*testkit.Sender) (*stage, error) {
	s := &stage{senders: senders, reports: make(chan middleware.Report, 1)}
	mux := http.NewServeMux()
	for _, sender := range senders {
		m, err := middleware.New(middleware.Config{
			Verifier:   sender.Verifier(),
			Normalizer: sender.Normalizer(),
			Store:      middleware.NewMemory(middleware.MemoryConfig{}),
			DeadLetter: func(context.Context, verify.Message, error) error { return nil },
			Logger:     slog.New(slog.DiscardHandler),
			Observe:    func(_ context.Context, r middleware.Report) { s.reports <- r },
		})
		if err != nil {
			return nil, err
		}
		mux.Handle("/webhooks/"+sender.Provider(), m.Handle(s.handle))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("cannot listen on the loopback interface: %w", err)
	}
	s.url = "http://" + listener.Addr().String()
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, MaxHeaderBytes: 16 << 10}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// handle is the merchant's handler: it has an effect for every event it is called with.
func (s *stage) handle(_ context.Context, e normalize.Event) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.events = append(s.events, e)
	s.effects++
	return nil
}

// play delivers, for each provider, every fixture once, one of them a second time, and that one spoilt in every way.
func (s *stage) play() (rows []row, err error) {
	const again = "payment_succeeded"
	for _, sender := range s.senders {
		deliver := func(name string, e expectation, opts ...testkit.Option) {
			if err == nil {
				var r row
				r, err = s.deliver(sender, name, e, opts...)
				rows = append(rows, r)
			}
		}
		for _, name := range sender.Fixtures() {
			golden, failed := goldenEvents(sender.Provider(), name)
			if failed != nil {
				return nil, failed
			}
			deliver(name, expectation{outcome: verify.Accepted, events: golden, effect: true})
		}
		deliver(again+" again", expectation{outcome: verify.Accepted, duplicate: true})
		for _, fault := range sender.Faults() {
			deliver(again+" "+string(fault), expectation{outcome: verify.Refused, reason: sender.Reason(fault)}, fault)
		}
	}
	return rows, err
}

// An expectation is what must come of a delivery.
type expectation struct {
	outcome   verify.Outcome
	reason    error             // of a refusal
	events    []normalize.Event // the handler is called with, as the golden files have them
	effect    bool              // the handler is called for each of them
	duplicate bool
}

// deliver sends one delivery over HTTP and compares what comes of it with what must.
func (s *stage) deliver(sender *testkit.Sender, name string, want expectation, opts ...testkit.Option) (row, error) {
	fixture, _, _ := strings.Cut(name, " ")
	request := sender.Request(fixture, append(opts, testkit.To(s.url+"/webhooks/"+sender.Provider()))...)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return row{}, fmt.Errorf("%s %s: %w", sender.Provider(), name, err)
	}
	defer response.Body.Close()
	outcome, replyErr := sender.CheckReply(response)
	report := <-s.reports
	s.mutex.Lock()
	handled := s.events
	s.events = nil
	s.mutex.Unlock()

	r := newRow(sender.Provider(), name, report, handled, replyErr == nil && outcome == verify.Accepted)
	r.expect("outcome", want.outcome, report.Outcome)
	r.expect("outcome by the reply", want.outcome, outcome)
	r.expect("reply", error(nil), replyErr)
	r.expect("duplicate", want.duplicate, isDuplicate(report))
	if want.reason != nil {
		r.expect("reason", want.reason, reasonError(report.Reason))
	}
	if want.effect {
		r.expect("events", summary(want.events), summary(handled))
	} else {
		r.expect("events handled", 0, len(handled))
	}
	return r, nil
}

func isDuplicate(r middleware.Report) bool {
	return len(r.Events) > 0 && !slices.ContainsFunc(r.Events, func(e middleware.EventReport) bool { return !e.Duplicate })
}

// reasonError is the reason of a report as package verify has it.
func reasonError(r middleware.Reason) error {
	return map[middleware.Reason]error{
		middleware.ReasonUnsigned:  verify.ErrUnsigned,
		middleware.ReasonMalformed: verify.ErrMalformed,
		middleware.ReasonSignature: verify.ErrSignature,
		middleware.ReasonStale:     verify.ErrStale,
	}[r]
}

// summary is what the golden events are compared by: ids and times have the time of sending in them.
func summary(events []normalize.Event) string {
	var parts []string
	for _, e := range events {
		parts = append(parts, strings.TrimSpace(e.Name()+" "+e.Amount.String()))
	}
	return strings.Join(parts, ", ")
}

// goldenEvents reads what a fixture must yield from the file beside it.
func goldenEvents(provider, name string) (events []normalize.Event, err error) {
	golden, err := fixtures.Event(provider, name)
	if err != nil {
		return nil, err
	}
	if golden[0] == '{' {
		golden = slices.Concat([]byte("["), golden, []byte("]"))
	}
	return events, json.Unmarshal(golden, &events)
}
