package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/secret"
)

// text is a key whose every spelling can be told from anything else that is printed.
const text = "zq9-Xk41Wv-not-to-be-seen"

// leaks are the spellings of text that must not be printed.
func leaks() []string {
	var numbers, hexed []string
	for _, b := range []byte(text[:6]) {
		numbers = append(numbers, fmt.Sprint(b))
		hexed = append(hexed, fmt.Sprintf("0x%x", b))
	}
	return []string{
		text, text[:8], hex.EncodeToString([]byte(text[:8])), strings.ToUpper(hex.EncodeToString([]byte(text[:8]))),
		base64.StdEncoding.EncodeToString([]byte(text[:9])), strings.Join(numbers, " "), strings.Join(hexed, ", "),
		strings.Join(numbers, ","),
	}
}

func requireNoLeak(t *testing.T, printed, how string) {
	for _, leak := range leaks() {
		require.NotContains(t, printed, leak, how)
	}
}

type exported struct{ Secret secret.Secret }

type unexported struct {
	secret secret.Secret
	slice  []secret.Secret
	ptr    *secret.Secret
	byID   map[string]secret.Secret
	any    any
	inner  struct{ deep [1]secret.Secret }
}

// holders are values that a Secret can sit in.
func holders() map[string]any {
	s := secret.New(text).Named("id").Until(time.Unix(1, 0))
	hidden := unexported{s, []secret.Secret{s}, &s, map[string]secret.Secret{"id": s}, s, struct{ deep [1]secret.Secret }{[1]secret.Secret{s}}}
	return map[string]any{
		"alone":                   s,
		"pointer":                 &s,
		"slice":                   []secret.Secret{s},
		"slice of pointers":       []*secret.Secret{&s},
		"array":                   [2]secret.Secret{s, s},
		"map":                     map[string]secret.Secret{"id": s},
		"map key":                 map[secret.Secret]int{s: 1},
		"exported field":          exported{s},
		"pointer to struct":       &exported{s},
		"unexported fields":       hidden,
		"pointer to unexported":   &hidden,
		"slice of structs":        []unexported{hidden},
		"any":                     []any{s, &s, hidden},
		"error":                   fmt.Errorf("%v %+v: %w", s, hidden, secret.Check(s.Named(strings.Repeat("x", 65)))),
		"function of the package": secret.Check(s),
	}
}

func TestFormat(t *testing.T) {
	for where, v := range holders() {
		for _, verb := range strings.Fields("%v %+v %#v %s %q %x %X %d %b %o %O %t %c %U %e %g %p %T %w %z % x %#x %08v %-30s %.2s") {
			requireNoLeak(t, fmt.Sprintf(verb, v), where+" with "+verb)
		}
		requireNoLeak(t, fmt.Sprint(v)+fmt.Sprintln(v), where)
	}
	s := secret.New(text)
	for _, verb := range strings.Fields("%v %+v %#v %s %q %x %d") {
		require.Equal(t, secret.Redacted, fmt.Sprintf(verb, s), verb)
	}
	require.Equal(t, secret.Redacted, s.String())
	require.Equal(t, secret.Redacted, s.GoString())
	require.Equal(t, "{[secret]}", fmt.Sprint(exported{s}), "a configuration shows that there is a secret")
}

func TestPanic(t *testing.T) {
	for where, v := range holders() {
		func() {
			defer func() { requireNoLeak(t, fmt.Sprint(recover()), where) }()
			panic(v)
		}()
	}
}

// A recorder is a test that fails without consequences.
type recorder struct{ strings.Builder }

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

// TestDump fails an assertion on what holds a Secret: dumpers follow every pointer.
func TestDump(t *testing.T) {
	for where, v := range holders() {
		var r recorder
		assert.Equal(&r, v, []any{secret.New("another-one-of-them"), v})
		require.Contains(t, r.String(), "Not equal")
		requireNoLeak(t, r.String(), where)
		require.NotContains(t, r.String(), "7a 71 39", "a hex dump of %s", where)
	}
}

func TestSlog(t *testing.T) {
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		for where, v := range holders() {
			var out bytes.Buffer
			slog.New(handler(&out)).With("with", v).WithGroup("group").Info("message",
				"attr", v, slog.Any("any", v), slog.Group("inner", "attr", v))
			require.Contains(t, out.String(), "message")
			requireNoLeak(t, out.String(), name+" "+where)
		}
		var out bytes.Buffer
		slog.New(handler(&out)).Info("message", "key", secret.New(text))
		require.Contains(t, out.String(), secret.Redacted)
	}
}

func TestMarshal(t *testing.T) {
	for where, v := range holders() {
		var b bytes.Buffer
		_ = json.NewEncoder(&b).Encode(v)
		_ = xml.NewEncoder(&b).Encode(v)
		_ = gob.NewEncoder(&b).Encode(v)
		requireNoLeak(t, b.String(), where)
	}
	out, err := json.Marshal(exported{secret.New(text)})
	require.NoError(t, err)
	require.JSONEq(t, `{"Secret":"[secret]"}`, string(out))
	require.Error(t, gob.NewEncoder(&bytes.Buffer{}).Encode(exported{secret.New(text)}), "gob has nothing to encode")
}

func TestCheck(t *testing.T) {
	const short, space, template, name = "shorter than", "white space", "placeholder", "name"
	for _, row := range []struct {
		text   string
		want   []string
		reason string
	}{
		{"", []string{"empty"}, "nothing"},
		{" ", []string{short, space}, "white space alone"},
		{"1234567", []string{short}, "one byte less than needed"},
		{"12345678", nil, "as short as it may be"},
		{"ééé1", []string{short}, "bytes count, seven of them"},
		{"éééé", nil, "bytes count, eight of them"},
		{text, nil, "a good one"},
		{text + "\n", []string{space}, "a line feed from a file"},
		{text + "\r\n", []string{space}, "a line end from Windows"},
		{"\t" + text, []string{space}, "a tab before"},
		{text + "\u00a0", []string{space}, "a no-break space from a web page"},
		{text + " " + text, nil, "a space inside is the owner's business"},
		{"short\n", []string{space, short}, "two mistakes"},
		{"changeme", []string{template}, "as delivered"},
		{"CHANGE-ME", []string{template}, "in capitals"},
		{"Your_Secret_Key", []string{template}, "from a documentation"},
		{"<your-merchant-secret>", []string{template}, "angle brackets"},
		{"${PRAXIS_SECRET}", []string{template}, "a shell variable"},
		{"{{ secret }}", []string{template}, "a template"},
		{"${X}", []string{template, short}, "a short variable: two mistakes"},
		{"<x>\n", []string{space, short}, "with a line feed it does not look like one"},
		{"\xff\xfe12345678", nil, "bytes that are no UTF-8"},
	} {
		err := secret.Check(secret.New(row.text))
		if row.want == nil {
			require.NoError(t, err, row.reason)
			continue
		}
		require.Error(t, err, row.reason)
		require.Len(t, strings.Split(err.Error(), "\n"), len(row.want), "each mistake has a line: %s", row.reason)
		for _, want := range row.want {
			require.Contains(t, err.Error(), want, row.reason)
		}
		if len(row.text) > 4 {
			require.NotContains(t, err.Error(), row.text, "the key is quoted")
		}
	}
	require.Error(t, secret.Check(secret.Secret{}), "the zero Secret is none")
	for id, reason := range map[string]string{
		strings.Repeat("x", 65): "too long", "a\nb": "a line feed", "\x1b[31m": "an escape sequence", "\xff": "invalid UTF-8",
	} {
		require.ErrorContains(t, secret.Check(secret.New(text).Named(id)), name, reason)
	}
	require.NoError(t, secret.Check(secret.New(text).Named(strings.Repeat("x", 64))))
}

// TestCopies makes sure that Named and Until leave the Secret they are called on as it was.
func TestCopies(t *testing.T) {
	end := time.Unix(1790000000, 0)
	plain := secret.New(text)
	named := plain.Named("a")
	both := named.Until(end).Named("b")
	require.Equal(t, []string{"", "a", "b"}, []string{secret.ID(plain), secret.ID(named), secret.ID(both)})
	for _, s := range []secret.Secret{plain, named, both} {
		require.Equal(t, text, string(secret.Bytes(s)))
	}
	late := end.Add(time.Nanosecond)
	require.True(t, secret.Usable(plain, late))
	require.True(t, secret.Usable(named, late), "Until changed the Secret it was called on")
	require.True(t, secret.Usable(both, end), "the bound itself belongs to the rotation")
	require.False(t, secret.Usable(both, late), "a nanosecond later")
	require.True(t, secret.Usable(both.Until(time.Time{}), late), "the zero time is no end")
}

func TestZero(t *testing.T) {
	var zero secret.Secret
	require.Nil(t, secret.Bytes(zero))
	require.Empty(t, secret.ID(zero))
	require.False(t, secret.Usable(zero, time.Time{}))
	require.Equal(t, secret.Redacted, fmt.Sprint(zero), "whether there is a key is not to be seen")
	require.Equal(t, "x", secret.ID(zero.Named("x")))
	require.Error(t, secret.Check(zero.Named("x").Until(time.Unix(1, 0))))
}
