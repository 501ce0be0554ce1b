package normalize_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/internal/strictjson"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

func message(provider string, payload []byte) verify.Message {
	return verify.Message{
		Provider: provider, Kind: map[string]string{"praxis": "notification"}[provider],
		Payload: payload, KeyID: "test", Assurance: verify.Partial,
	}
}

func read(n normalize.Normalizer, payload []byte) ([]normalize.Event, error) {
	return n.Normalize(message(n.Provider(), payload))
}

// eachFixture runs a subtest for every payload of every provider.
func eachFixture(t *testing.T, test func(t *testing.T, n normalize.Normalizer, payload []byte)) {
	for _, s := range testkit.All() {
		for _, name := range s.Fixtures() {
			t.Run(s.Provider()+"/"+name, func(t *testing.T) {
				payload, err := fixtures.Payload(s.Provider(), name)
				require.NoError(t, err)
				test(t, s.Normalizer(), payload)
			})
		}
	}
}

// set puts a literal in the place of the pointer; the empty literal removes the member.
func set(t testing.TB, doc []byte, pointer, literal string) []byte {
	if literal == "" {
		return remove(t, doc, pointer)
	}
	edited, err := strictjson.Set(doc, pointer, []byte(literal))
	require.NoError(t, err, pointer)
	return edited
}

func remove(t testing.TB, doc []byte, pointer string) []byte {
	root := decode(t, doc)
	path := strings.Split(pointer, "/")[1:]
	parent := root
	for _, name := range path[:len(path)-1] {
		if list, ok := parent.([]any); ok {
			i, err := strconv.Atoi(name)
			require.NoError(t, err)
			parent = list[i]
		} else {
			parent = parent.(map[string]any)[name]
		}
	}
	object := parent.(map[string]any)
	require.Contains(t, object, path[len(path)-1])
	delete(object, path[len(path)-1])
	return encode(t, root)
}

func decode(t testing.TB, doc []byte) (root any) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	require.NoError(t, d.Decode(&root))
	return root
}

func encode(t testing.TB, v any) []byte {
	doc, err := json.Marshal(v)
	require.NoError(t, err)
	return doc
}

// insert returns doc with what after gives behind each byte that is not in a string.
func insert(doc []byte, after func(i int) string) []byte {
	var out []byte
	quoted := false
	for i := 0; i < len(doc); i++ {
		out = append(out, doc[i])
		switch {
		case doc[i] == '"':
			quoted = !quoted
		case quoted && doc[i] == '\\' && i+1 < len(doc):
			i++
			out = append(out, doc[i])
		}
		if !quoted {
			out = append(out, after(i)...)
		}
	}
	return out
}

// spaced returns the same JSON with more white space.
func spaced(doc []byte) []byte {
	return append([]byte("\r\n"), insert(doc, func(i int) string {
		if strings.IndexByte("{}[],:", doc[i]) < 0 {
			return ""
		}
		return " \t\r\n "[:1+i%5]
	})...)
}

func money(minor int64, exponent uint8, currency string) normalize.Amount {
	return normalize.Amount{Minor: minor, Exponent: exponent, Currency: currency}
}

var digestAtEnd = regexp.MustCompile(`(^|:)[0-9a-f]{64}$`)

// hashed reports whether an id depends on the bytes rather than on what they say.
func hashed(id string) bool { return digestAtEnd.MatchString(id) }

// A field is one member of a payload that is changed, and what that does to the event.
type field struct {
	pointer, literal string
	change           func(*normalize.Event) // nil: nothing
	why              string
}

func checkFields(t *testing.T, n normalize.Normalizer, doc string, want normalize.Event, fields []field) {
	for _, f := range append([]field{{why: "nothing changed"}}, fields...) {
		payload, want := []byte(doc), want
		if f.pointer != "" {
			payload = set(t, payload, f.pointer, f.literal)
		}
		if f.change != nil {
			f.change(&want)
		}
		got, err := read(n, payload)
		require.NoError(t, err, "%s %s: %s", f.pointer, f.literal, f.why)
		require.Len(t, got, 1)
		require.Equal(t, bytes.Trim(payload, "[]"), []byte(got[0].Raw))
		require.Same(t, time.UTC, got[0].Time.Location(), f.why)
		got[0].Raw = nil
		require.Empty(t, cmp.Diff(want, got[0]), "%s %s: %s", f.pointer, f.literal, f.why)
	}
}

// A mistake is a member that cannot be read, and where the error says it is.
type mistake struct {
	pointer, literal string
	at               string
	err              error
	why              string
}

// checkMistake returns the events beside the error.
func checkMistake(t *testing.T, n normalize.Normalizer, doc string, m mistake) []normalize.Event {
	got, err := read(n, set(t, []byte(doc), m.pointer, m.literal))
	var located *normalize.Error
	require.ErrorAs(t, err, &located, m.why)
	require.Equal(t, n.Provider(), located.Provider, m.why)
	require.Equal(t, m.at, located.Pointer, m.why)
	require.ErrorIs(t, err, m.err, m.why)
	if value := strings.Trim(m.literal, `"`); len(value) > 2 {
		require.NotContains(t, err.Error(), value, "errors quote nothing")
	}
	return got
}
