package strictjson_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
)

func TestSet(t *testing.T) {
	for _, row := range []struct{ doc, pointer, value, want, reason string }{
		{`{"a":1}`, "", `[]`, `[]`, "the empty pointer is the whole document"},
		{`{"a":1}`, "/a", `2`, `{"a":2}`, "a member"},
		{` { "a" : 1 , "b":2 } `, "/a", `"x"`, ` { "a" : "x" , "b":2 } `, "white space stays"},
		{`{"a":1,"b":{"c":[1,{"d":2}]}}`, "/b/c/1/d", `null`, `{"a":1,"b":{"c":[1,{"d":null}]}}`, "deep down"},
		{`{"a":[1,2,3]}`, "/a/0", `9`, `{"a":[9,2,3]}`, "the first element"},
		{`{"a":[1,2,3]}`, "/a/2", `[]`, `{"a":[1,2,[]]}`, "the last element"},
		{`[[1],[2]]`, "/1/0", `3`, `[[1],[3]]`, "an array at the top"},
		{`{}`, "/a", `1`, `{"a":1}`, "the first member of an empty object"},
		{`{ }`, "/a", `1`, `{ "a":1}`, "an empty object with a space in it"},
		{`{"a":1}`, "/b", `2`, `{"a":1,"b":2}`, "a new member goes to the end"},
		{`{"a":{"x":0}}`, "/a/b", `2`, `{"a":{"x":0,"b":2}}`, "a new member of an inner object"},
		{`{"a/b":1,"m~n":2}`, "/a~1b", `3`, `{"a/b":3,"m~n":2}`, "~1 is a solidus"},
		{`{"a/b":1,"m~n":2}`, "/m~0n", `3`, `{"a/b":1,"m~n":3}`, "~0 is a tilde"},
		{`{"~1":1,"/":2}`, "/~01", `3`, `{"~1":3,"/":2}`, "~01 is ~1 and no solidus"},
		{`{"":1}`, "/", `2`, `{"":2}`, "the empty name"},
		{`{"a":{"":1}}`, "/a/", `2`, `{"a":{"":2}}`, "the empty name inside"},
		{`{"\u0061":1}`, "/a", `2`, `{"\u0061":2}`, "a name that is escaped in the document"},
		{`{}`, "/é\"\n", `1`, `{"é\"\n":1}`, "a new name is escaped as JSON wants it"},
		{`{"a":1,"A":2}`, "/A", `3`, `{"a":1,"A":3}`, "letter case counts"},
		{`{"0":1}`, "/0", `2`, `{"0":2}`, "digits are a name in an object"},
		{`{"x":"/a","a":1}`, "/a", `2`, `{"x":"/a","a":2}`, "strings are not names"},
		{`{"a":1}`, "/a", `nonsense`, `{"a":nonsense}`, "the value is the caller's, right or wrong"},
	} {
		before := row.doc
		got, err := strictjson.Set([]byte(row.doc), row.pointer, []byte(row.value))
		require.NoError(t, err, row.reason)
		require.Equal(t, row.want, string(got), row.reason)
		require.Equal(t, before, row.doc)
	}
}

func TestSetErrors(t *testing.T) {
	for _, row := range []struct {
		doc, pointer string
		want         error
		reason       string
	}{
		{`{"a":1}`, "a", strictjson.ErrPointer, "no slash in front"},
		{`{"a":1}`, "/a/b", strictjson.ErrPointer, "nothing is below a number"},
		{`{"a":null}`, "/a/b", strictjson.ErrPointer, "nothing is below null"},
		{`{"a":"x"}`, "/a/0", strictjson.ErrPointer, "nothing is below a string"},
		{`{}`, "/a/b", strictjson.ErrPointer, "only the last name may be new"},
		{`{"a":[1]}`, "/a/1", strictjson.ErrPointer, "behind the last element"},
		{`{"a":[1]}`, "/a/-", strictjson.ErrPointer, "arrays do not grow"},
		{`{"a":[1,2]}`, "/a/01", strictjson.ErrPointer, "an index has no leading zero"},
		{`{"a":[1,2]}`, "/a/-1", strictjson.ErrPointer, "no counting from the end"},
		{`{"a":[]}`, "/a/0", strictjson.ErrPointer, "an empty array has no first element"},
		{`1`, "/a", strictjson.ErrPointer, "a number at the top"},
		{``, "/a", strictjson.ErrSyntax, "no document"},
		{`{"a"`, "/a", strictjson.ErrSyntax, "no value"},
		{`{"a" 1}`, "/a", strictjson.ErrSyntax, "no colon"},
		{`{"b":{"c":1,"c":2},"a":3}`, "/a", strictjson.ErrDuplicate, "a name twice in a member that is passed over"},
		{`{"b":{"c":1},"a"`, "/a", strictjson.ErrSyntax, "broken behind a member that is passed over"},
		{`{"b":[`, "/a", strictjson.ErrSyntax, "no end"},
	} {
		got, err := strictjson.Set([]byte(row.doc), row.pointer, []byte("2"))
		require.ErrorIs(t, err, row.want, row.reason)
		require.Nil(t, got)
	}
}

// TestSetEverywhere replaces each value of each fixture, one at a time, and compares with a decoded copy that was changed.
func TestSetEverywhere(t *testing.T) {
	for name, doc := range payloads(t) {
		var root any
		require.NoError(t, json.Unmarshal(doc, &root))
		for _, pointer := range pointers(root, "") {
			got, err := strictjson.Set(doc, pointer, []byte(`"set"`))
			require.NoError(t, err, "%s %s", name, pointer)
			requireSet(t, doc, got, pointer, "set")
		}
	}
}

// requireSet makes sure that what was made of doc differs from it in one value alone.
func requireSet(t *testing.T, doc, got []byte, pointer string, value any) {
	var want, have any
	require.NoError(t, json.Unmarshal(doc, &want))
	require.NoError(t, json.Unmarshal(got, &have), "%s: %q", pointer, got)
	require.Empty(t, cmp.Diff(put(want, strings.Split(pointer, "/")[1:], value), have), pointer)
}

// put sets a value in a decoded document; a member that is missing is added.
func put(root any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	key := strings.ReplaceAll(strings.ReplaceAll(path[0], "~1", "/"), "~0", "~")
	switch root := root.(type) {
	case map[string]any:
		root[key] = put(root[key], path[1:], value)
	case []any:
		var i int
		_, _ = fmt.Sscan(key, &i)
		root[i] = put(root[i], path[1:], value)
	}
	return root
}

// pointers returns the pointers to all values below root.
func pointers(root any, prefix string) (all []string) {
	add := func(key string, value any) {
		key = prefix + "/" + strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1")
		all = append(append(all, key), pointers(value, key)...)
	}
	switch root := root.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(root)) {
			add(name, root[name])
		}
	case []any:
		for i, element := range root {
			add(fmt.Sprint(i), element)
		}
	}
	return all
}
