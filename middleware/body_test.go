package middleware_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/testkit"
)

// TestBeforeTheBody is what is answered without looking at a body.
func TestBeforeTheBody(t *testing.T) {
	set := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = values }
	}
	method := func(m string) func(*http.Request) { return func(r *http.Request) { r.Method = m } }
	tests := []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"as it is", func(*http.Request) {}, 200},
		{"GET: providers post", method("GET"), 405},
		{"HEAD", method("HEAD"), 405},
		{"PUT", method("PUT"), 405},
		{"OPTIONS", method("OPTIONS"), 405},
		{"a method override is ignored", set("X-Http-Method-Override", "GET"), 200},
		{"no content type", func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		{"another content type", set("Content-Type", "text/plain"), 415},
		{"a form", set("Content-Type", "application/x-www-form-urlencoded"), 415},
		{"two content types", set("Content-Type", "application/json", "application/json"), 415},
		{"an unreadable content type", set("Content-Type", "application/json; charset"), 415},
		{"UTF-16", set("Content-Type", "application/json; charset=utf-16"), 415},
		{"letter case means nothing", set("Content-Type", "Application/JSON; Charset=UTF-8"), 200},
		{"gzip: a small body may unpack to a large one", set("Content-Encoding", "gzip"), 415},
		{"br", set("Content-Encoding", "br"), 415},
		{"a list", set("Content-Encoding", "identity, gzip"), 415},
		{"two encodings", set("Content-Encoding", "identity", "gzip"), 415},
		{"identity is none", set("Content-Encoding", "identity"), 200},
		{"an empty body", func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 }, 400},
		{"a body that breaks off", func(r *http.Request) { r.Body = io.NopCloser(&broken{}) }, 400},
		{"a length beyond the limit", func(r *http.Request) { r.ContentLength = 1 << 40 }, 413},
	}
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				e := newEndpoint(t, s)
				r := s.Request("payment_succeeded")
				test.change(r)
				w := httptest.NewRecorder()
				e.handler.ServeHTTP(w, r)
				require.Equal(t, test.status, w.Code, w.Body)
				require.Len(t, e.reports, 1)
				if test.status == 200 {
					return
				}
				require.Empty(t, e.events)
				require.NotEmpty(t, e.reports[0].Reason)
				require.Equal(t, strings.ToLower(http.StatusText(test.status))+"\n", w.Body.String(), "a constant text")
				if test.status == 405 {
					require.Equal(t, "POST", w.Header().Get("Allow"))
				}
			})
		}
	})
}

type broken struct{}

func (*broken) Read(p []byte) (int, error) { return copy(p, "[{"), io.ErrUnexpectedEOF }

// TestBodyLimit: the limit itself is let through to the verifier, one byte more is not, announced or chunked.
func TestBodyLimit(t *testing.T) {
	forAll(t, func(t *testing.T, s *testkit.Sender) {
		const limit = 4 << 10
		for _, size := range []int{limit, limit + 1, 20 * limit} {
			for _, chunked := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d chunked=%v", size, chunked), func(t *testing.T) {
					e := newEndpoint(t, s, func(c *middleware.Config) { c.MaxBody = limit })
					server := httptest.NewServer(e.handler)
					defer server.Close()
					payload := s.Payload("payment_succeeded")
					payload = append(payload, bytes.Repeat([]byte(" "), size-len(payload))...)
					r := s.Sign(payload, testkit.At(time.Now()), testkit.To(server.URL))
					if size != int(r.ContentLength) {
						t.Fatalf("the request has %d bytes", r.ContentLength)
					}
					if chunked {
						r.ContentLength, r.GetBody = -1, nil
					}
					response, err := server.Client().Do(r)
					require.NoError(t, err)
					response.Body.Close()
					want := http.StatusOK
					if size > limit {
						want = http.StatusRequestEntityTooLarge
					}
					require.Equal(t, want, response.StatusCode)
				})
			}
		}
	})
}

// TestTransport speaks HTTP by hand: what net/http's client would not send.
func TestTransport(t *testing.T) {
	s := testkit.PXP()
	e := newEndpoint(t, s, func(c *middleware.Config) { c.BodyTimeout = 50 * time.Millisecond })
	server := httptest.NewServer(e.handler)
	defer server.Close()
	tests := []struct {
		name, head, body string
		closeWrite       bool
		status           string
	}{
		{"slower than the body's time", "Content-Length: 100", `[{`, false, "408"},
		{"shorter than announced", "Content-Length: 100", `[{`, true, "400"},
		{"a bare line feed in a chunk", "Transfer-Encoding: chunked", "2\n[]\n0\n\n", true, "400"},
		{"different lengths", "Content-Length: 2\r\nContent-Length: 3", `[]`, true, "400"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := net.Dial("tcp", server.Listener.Addr().String())
			require.NoError(t, err)
			defer c.Close()
			_, err = fmt.Fprintf(c, "POST /webhooks/pxp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n\r\n%s", test.head, test.body)
			require.NoError(t, err)
			if test.closeWrite {
				require.NoError(t, c.(*net.TCPConn).CloseWrite())
			}
			reply, err := io.ReadAll(c)
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(string(reply), "HTTP/1.1 "+test.status), "%s", reply)
		})
	}
	require.Empty(t, e.events)
}
