package strictjson_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
)

func TestRead(t *testing.T) {
	const doc = `{"a": {"b" : [1, "x"], "c":{"d":null}} ,"g":"\u00e9", "e":-1.50e+3, "f":true,"":0}`
	for _, row := range []struct{ path, want, reason string }{
		{"a", `{"b" : [1, "x"], "c":{"d":null}}`, "a container, white space inside kept and around dropped"},
		{"a.b", `[1, "x"]`, "a child of a container that is wanted too"},
		{"a.c", `{"d":null}`, "a container in a container"},
		{"a.c.d", `null`, "null is not absent"},
		{"a.c.d.e", ``, "nothing is below null"},
		{"a.b.x", ``, "nothing is below an array"},
		{"a.x", ``, "no such member"},
		{"e", `-1.50e+3`, "a number keeps its literal"},
		{"e.f", ``, "nothing is below a number"},
		{"f", `true`, "a literal"},
		{"g", `"\u00e9"`, "a string keeps its escapes"},
		{"b", ``, "a name of another level"},
	} {
		values, err := read(t, []byte(doc), "a", "a.b", "a.c", "a.c.d", "a.c.d.e", "a.b.x", "a.x", "e", "e.f", "f", "g", "b")
		require.NoError(t, err)
		alone, err := read(t, []byte(doc), row.path)
		require.NoError(t, err)
		require.Equal(t, row.want, string(alone[0]), "%s: %s", row.path, row.reason)
		require.Equal(t, row.want == "", alone[0] == nil, "absent is nil: %s", row.path)
		require.Contains(t, values, alone[0], "%s wanted among others", row.path)
	}
}

func TestWantRefusesMistakes(t *testing.T) {
	many := make([]string, 33)
	for i := range many {
		many[i] = fmt.Sprint("member", i)
	}
	require.Panics(t, func() { strictjson.Want("a", "b", "a") }, "a path twice")
	require.Panics(t, func() { strictjson.Want("a.b", "a.b") }, "a longer path twice")
	require.Panics(t, func() { strictjson.Want(many...) }, "more than there is room for")
	require.Panics(t, func() { strictjson.Want("") }, "an empty name")
	require.Panics(t, func() { strictjson.Want("a..b") }, "an empty name between points")
	require.Panics(t, func() { strictjson.Want("é") }, "a name whose letter case is not looked after")
	require.NotPanics(t, func() { strictjson.Want(many[:32]...) }, "as many as there is room for")
	require.NotPanics(t, func() { strictjson.Want("a.b", "a", "b.a") }, "one path within another")
}

// TestReadForgets reads one document into the values of another.
func TestReadForgets(t *testing.T) {
	members, values := strictjson.Want("a", "b"), make([]strictjson.Value, 2)
	require.NoError(t, members.Read([]byte(`{"a":1,"b":2}`), values))
	require.NoError(t, members.Read([]byte(`{"b":3}`), values))
	require.Equal(t, []strictjson.Value{nil, strictjson.Value("3")}, values, "a is left over")
}

// TestValuesAlias makes sure that values are the document's own bytes, and that appending to one leaves the rest alone.
func TestValuesAlias(t *testing.T) {
	doc := []byte(`{"a":"x","b":[1]}`)
	before := string(doc)
	values, err := read(t, doc, "a", "b")
	require.NoError(t, err)
	_ = append(values[0], "overwritten"...)
	_ = append(values[0].Unquoted()[:1:1], "overwritten"...)
	require.Equal(t, before, string(doc), "a value had room behind it")
	require.Equal(t, len(values[0]), cap(values[0]))
	doc[6] = 'y'
	require.Equal(t, `"y"`, string(values[0]), "values alias the document")
}

func TestRereadEqualsRead(t *testing.T) {
	paths := []string{"transaction", "transaction.tid", "transaction.amount", "customer.customer_token", "session", "timestamp", "key", "status"}
	members := strictjson.Want(paths...)
	compare := func(name string, doc []byte) {
		values, err := read(t, doc, paths...)
		if err != nil {
			return
		}
		again := make([]strictjson.Value, len(paths))
		require.NoError(t, members.Reread(doc, again), name)
		require.Empty(t, cmp.Diff(values, again), name)
		for i, path := range paths {
			require.Equal(t, string(at(doc, path)), string(values[i]), "%s: %s", name, path)
		}
	}
	for name, doc := range payloads(t) {
		compare(name, doc)
	}
	nasty := readNasty(t)
	for _, row := range nasty.Named {
		compare(row.Name, row.Document)
	}
	for _, doc := range nasty.Accepted {
		compare(string(doc), doc)
	}
}

// TestRereadOther wants other members of a document than those it was accepted with: their variants are not looked for.
func TestRereadOther(t *testing.T) {
	doc := []byte(`{"Free":1,"\u0066ree":2}`)
	_, err := read(t, doc, "status")
	require.NoError(t, err)
	values := make([]strictjson.Value, 1)
	require.NoError(t, strictjson.Want("free").Reread(doc, values))
	require.Equal(t, "2", string(values[0]))
}

// TestRereadPanicsNot gives Reread what it must not be given; its result is unspecified, but it has one.
func TestRereadPanicsNot(t *testing.T) {
	members, values := strictjson.Want(nastyPaths...), make([]strictjson.Value, len(nastyPaths))
	nasty := readNasty(t)
	for _, doc := range nasty.Refused {
		require.NotPanics(t, func() { _ = members.Reread(doc, values) }, "%q", doc)
	}
	for _, row := range nasty.Named {
		require.NotPanics(t, func() { _ = members.Reread(row.Document, values) }, row.Name)
	}
}

func TestReadArray(t *testing.T) {
	type element struct {
		Text, A, B string
		Variant    bool
	}
	for _, row := range []struct {
		doc    string
		want   []element
		err    error
		reason string
	}{
		{`[]`, nil, nil, "no elements"},
		{" [ ] ", nil, nil, "white space in an empty array"},
		{`[{"a":1}]`, []element{{`{"a":1}`, "1", "", false}}, nil, "one element"},
		{"[ {\"a\" : 1}\n,\t{\"b\":[2 ]} ]", []element{{`{"a" : 1}`, "1", "", false}, {`{"b":[2 ]}`, "", "[2 ]", false}}, nil,
			"an element ends with its last byte; its values do not stay for the next one"},
		{`[1,"a",null,[{"a":1}],{}]`, []element{{Text: "1"}, {Text: `"a"`}, {Text: "null"}, {Text: `[{"a":1}]`}, {Text: "{}"}}, nil,
			"elements that are no objects have no members, nor do those in an inner array"},
		{`[{"a":1},{"A":2,"b":3},{"a":4}]`,
			[]element{{`{"a":1}`, "1", "", false}, {`{"A":2,"b":3}`, "", "3", true}, {`{"a":4}`, "4", "", false}}, nil,
			"a variant spoils its own element only"},
		{`[{"a":1,"a":2}]`, nil, strictjson.ErrDuplicate, "a duplicate spoils the document"},
		{`[{"a":1},{"x":{"y":1,"y":2}}]`, nil, strictjson.ErrDuplicate, "a duplicate in the last element spoils all"},
		{`[{"a":1}`, nil, strictjson.ErrSyntax, "no end"},
		{`[{"a":1}]]`, nil, strictjson.ErrTrailing, "a bracket too many"},
		{`[{"a":1}][]`, nil, strictjson.ErrTrailing, "two documents"},
		{`[{"a":1},]`, nil, strictjson.ErrSyntax, "a comma before the bracket"},
		{`[{"a":1}{"a":2}]`, nil, strictjson.ErrSyntax, "no comma between elements"},
		{`[{"a":1}:{"a":2}]`, nil, strictjson.ErrSyntax, "a colon between elements"},
		{`[[`, nil, strictjson.ErrSyntax, "an element without an end"},
		{`[[[`, nil, strictjson.ErrSyntax, "an element of an element without an end"},
		{`[{"a":[[`, nil, strictjson.ErrSyntax, "a value without an end"},
		{`[}`, nil, strictjson.ErrSyntax, "a brace for a bracket"},
		{`{"a":1}`, nil, strictjson.ErrShape, "an object"},
		{`null`, nil, strictjson.ErrShape, "null"},
		{``, nil, strictjson.ErrSyntax, "nothing"},
	} {
		t.Run(row.doc, func(t *testing.T) {
			values := make([]strictjson.Value, 2)
			var got []element
			err := strictjson.Want("a", "b").ReadArray([]byte(row.doc), values, func(e strictjson.Value, err error) {
				got = append(got, element{string(e), string(values[0]), string(values[1]), err != nil})
			})
			require.ErrorIs(t, err, row.err, row.reason)
			if row.err == nil {
				require.NoError(t, err, row.reason)
				require.Empty(t, cmp.Diff(row.want, got), row.reason)
			}
		})
	}
}

// TestReadArrayPanic gives up an array in the middle, the way a handler's panic would.
func TestReadArrayPanic(t *testing.T) {
	members, values := strictjson.Want("a"), make([]strictjson.Value, 1)
	require.Panics(t, func() {
		_ = members.ReadArray([]byte(`[{"a":1},{"a":2}]`), values, func(strictjson.Value, error) { panic("no") })
	})
	require.NoError(t, members.Read([]byte(`{"a":3}`), values), "the next document must not notice")
	require.Equal(t, "3", string(values[0]))
}

func TestValue(t *testing.T) {
	for _, row := range []struct {
		text    string
		kind    strictjson.Kind
		missing bool
		content string
	}{
		{``, strictjson.Absent, true, ``},
		{`null`, strictjson.Null, true, `null`},
		{`true`, strictjson.True, false, `true`},
		{`false`, strictjson.False, false, `false`},
		{`""`, strictjson.String, false, ``},
		{`"null"`, strictjson.String, false, `null`},
		{`"a\u00e9\n\"\\\/"`, strictjson.String, false, "aé\n\"\\/"},
		{`"\ud83d\ude00"`, strictjson.String, false, "😀"},
		{`0`, strictjson.Number, false, `0`},
		{`-1.50`, strictjson.Number, false, `-1.50`},
		{`9e9`, strictjson.Number, false, `9e9`},
		{`{"a":1}`, strictjson.Object, false, `{"a":1}`},
		{`[]`, strictjson.Array, false, `[]`},
	} {
		v := strictjson.Value(row.text)
		require.Equal(t, row.kind, v.Kind(), row.text)
		require.Equal(t, row.missing, v.Missing(), row.text)
		require.Equal(t, row.content, string(v.Unquoted()), row.text)
		require.Equal(t, "before"+row.content, string(v.AppendTo([]byte("before"))), row.text)
		want := row.content
		if row.kind != strictjson.String {
			want = ""
		}
		require.Equal(t, want, v.Text(), "only strings have a text: %s", row.text)
	}
}

// TestErrorsQuoteNothing reads documents with a mark in them: no error may show it.
func TestErrorsQuoteNothing(t *testing.T) {
	const mark = "4111111111111111"
	for _, form := range []string{`{"%s":1,"%s":2}`, `{"a":%sx}`, `{"a":"%s`, `["%s"]`, `{} %s`, `{"STATUS":"%s"}`, `%s`, `{"%s"}`} {
		doc := strings.ReplaceAll(form, "%s", mark)
		_, err := read(t, []byte(doc), "status")
		require.Error(t, err, doc)
		require.NotContains(t, err.Error(), mark)
		for ; err != nil; err = errors.Unwrap(err) {
			require.NotContains(t, fmt.Sprintf("%#v", err), mark)
		}
	}
}

func TestAppendQuote(t *testing.T) {
	for _, s := range []string{"", "a", "é€😀", "\x00\x1f\"\\/\n\u2028", "<&>", "\xff bad", "\u017f"} {
		quoted := strictjson.AppendQuote([]byte("before"), s)
		require.Equal(t, "before", string(quoted[:6]))
		v := strictjson.Value(quoted[6:])
		require.Equal(t, strictjson.String, v.Kind())
		require.True(t, utf8.Valid(v))
		require.Equal(t, strings.ToValidUTF8(s, "\ufffd"), v.Text())
	}
}
