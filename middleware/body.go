package middleware

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/paynotary/paynotary/verify"
)

// read does everything that can be done before a body is looked at, and reads it. A status other than 0 is the reply.
func (m *Middleware) read(w http.ResponseWriter, r *http.Request) (body []byte, status int, reason Reason) {
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed, ReasonMethod
	case !m.expects(r.Header.Values("Content-Type")):
		return nil, http.StatusUnsupportedMediaType, ReasonType
	// No provider compresses, and what a small body would become is not bounded by MaxBody.
	case slices.ContainsFunc(r.Header.Values("Content-Encoding"), func(v string) bool { return !strings.EqualFold(v, "identity") }):
		return nil, http.StatusUnsupportedMediaType, ReasonEncoding
	case r.ContentLength > m.config.MaxBody:
		return nil, http.StatusRequestEntityTooLarge, ReasonSize
	}
	// The deadline fails where the ResponseWriter is not a connection's, as in tests; then there is nobody slow either.
	deadline := http.NewResponseController(w)
	_ = deadline.SetReadDeadline(time.Now().Add(m.config.BodyTimeout))
	body, err := readAll(http.MaxBytesReader(w, r.Body, m.config.MaxBody), r.ContentLength)
	if err == nil {
		// Only then: net/http reads what is left of a body after the handler, and would wait for a sender that stalls.
		_ = deadline.SetReadDeadline(time.Time{})
	}

	// MaxBytesReader returns the beginning of a body that is too large: ignoring its error would verify a part of it.
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, ReasonSize
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, http.StatusRequestTimeout, ReasonSlow
	case err != nil || len(body) == 0:
		return nil, http.StatusBadRequest, ReasonBody
	}
	return body, 0, ""
}

// expects reports whether the header is what the provider sends, in UTF-8.
func (m *Middleware) expects(contentType []string) bool {
	switch len(contentType) {
	case 0:
		return slices.Contains(m.contentTypes, "")
	case 1:
		if common, _ := strings.CutSuffix(contentType[0], "; charset=utf-8"); slices.Contains(m.contentTypes, common) {
			return true
		}
		mediaType, params, err := mime.ParseMediaType(contentType[0])
		charset, given := params["charset"]
		return err == nil && slices.Contains(m.contentTypes, mediaType) && (!given || strings.EqualFold(charset, "utf-8"))
	}
	return false
}

// readAll reads until the end, into a buffer of the announced length, which has been checked.
func readAll(r io.Reader, length int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(max(length, 0)) + bytes.MinRead)
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}

// plainReply is a reply of HTTP's own, before anything is known of the sender. It is constant for each status.
func plainReply(status int) verify.Ack {
	return verify.Ack{
		Status: status,
		Header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
		Body:   []byte(strings.ToLower(http.StatusText(status)) + "\n"),
	}
}
