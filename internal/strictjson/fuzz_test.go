package strictjson_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
)

func addSeeds(f *testing.F, add func(doc []byte)) {
	for _, doc := range payloads(f) {
		add(doc)
	}
	for _, row := range readNasty(f).Named {
		if len(row.Document) < 4096 {
			add(row.Document)
		}
	}
}

// requireStrict makes sure that an accepted document is one by encoding/json's word too, and within the limits.
func requireStrict(t *testing.T, doc []byte) {
	require.True(t, json.Valid(doc))
	require.True(t, utf8.Valid(doc))
	c := count(t, doc)
	require.False(t, c.duplicate, "a duplicate name was accepted")
	require.LessOrEqual(t, c.depth, strictjson.MaxDepth)
	require.LessOrEqual(t, c.members, strictjson.MaxMembers)
	require.LessOrEqual(t, c.number, strictjson.MaxNumber)
	require.LessOrEqual(t, c.stringLen, strictjson.MaxString)
}

// requireReason makes sure that a refusal of a document that encoding/json accepts tells the truth.
func requireReason(t *testing.T, doc []byte, err error) {
	if !json.Valid(doc) {
		return
	}
	c := count(t, doc)
	switch {
	case errors.Is(err, strictjson.ErrDuplicate):
		require.True(t, c.duplicate || !utf8.Valid(doc) || surrogates(doc))
	case errors.Is(err, strictjson.ErrDepth):
		require.Greater(t, c.depth, strictjson.MaxDepth)
	case errors.Is(err, strictjson.ErrMembers):
		require.True(t, c.members > strictjson.MaxMembers || c.duplicate)
	case errors.Is(err, strictjson.ErrNumber):
		require.Greater(t, c.number, strictjson.MaxNumber)
	case errors.Is(err, strictjson.ErrString):
		require.Greater(t, len(doc), strictjson.MaxString)
	case errors.Is(err, strictjson.ErrShape):
	case errors.Is(err, strictjson.ErrVariant):
		require.True(t, hasVariant(json.RawMessage(doc), nastyPaths), "no name is a variant")
	default:
		require.ErrorIs(t, err, strictjson.ErrSyntax)
		require.True(t, !utf8.Valid(doc) || surrogates(doc), "refused without a reason")
	}
}

// surrogates reports whether the document has an escape of one in it, possibly alone.
func surrogates(doc []byte) bool { return strings.Contains(strings.ToLower(string(doc)), `\ud`) }

// hasVariant looks for names that equal a path's but for letter case.
func hasVariant(raw json.RawMessage, paths []string) bool {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return false
	}
	for _, path := range paths {
		first, rest, more := strings.Cut(path, ".")
		for name, value := range object {
			if name != first && strings.EqualFold(name, first) || more && name == first && hasVariant(value, []string{rest}) {
				return true
			}
		}
	}
	return false
}

func FuzzRead(f *testing.F) {
	addSeeds(f, func(doc []byte) { f.Add(doc) })
	f.Fuzz(func(t *testing.T, doc []byte) {
		values, err := read(t, doc, nastyPaths...)
		if err != nil {
			requireReason(t, doc, err)
			return
		}
		requireStrict(t, doc)
		require.False(t, hasVariant(json.RawMessage(doc), nastyPaths), "a variant was accepted")
		again := make([]strictjson.Value, len(values))
		require.NoError(t, nastyMembers.Reread(doc, again))
		for i, path := range nastyPaths {
			require.Equal(t, string(at(doc, path)), string(values[i]), path)
			require.Equal(t, string(values[i]), string(again[i]), path)
			if values[i].Kind() == strictjson.String {
				var want string
				require.NoError(t, json.Unmarshal(values[i], &want))
				require.Equal(t, want, values[i].Text())
			}
		}
	})
}

func FuzzReadArray(f *testing.F) {
	addSeeds(f, func(doc []byte) { f.Add(doc); f.Add([]byte("[" + string(doc) + "," + string(doc) + "]")) })
	f.Fuzz(func(t *testing.T, doc []byte) {
		values := make([]strictjson.Value, len(nastyPaths))
		var elements, tids []string
		err := nastyMembers.ReadArray(doc, values, func(element strictjson.Value, err error) {
			elements, tids = append(elements, string(element)), append(tids, string(values[3]))
			for _, v := range values {
				_ = v.Text() // must bear what is not proven to be JSON
			}
			if err != nil {
				require.ErrorIs(t, err, strictjson.ErrVariant)
			}
		})
		if err != nil {
			requireReason(t, doc, err)
			return
		}
		requireStrict(t, doc)
		var want []json.RawMessage
		require.NoError(t, json.Unmarshal(doc, &want))
		require.Len(t, elements, len(want))
		for i, element := range want {
			require.Equal(t, string(element), elements[i])
			require.Equal(t, string(at(element, nastyPaths[3])), tids[i])
		}
	})
}

func FuzzSet(f *testing.F) {
	addSeeds(f, func(doc []byte) { f.Add(doc, "/transaction/tid"); f.Add(doc, "/0/new") })
	f.Fuzz(func(t *testing.T, doc []byte, pointer string) {
		got, err := strictjson.Set(doc, pointer, []byte(`"set"`))
		if err != nil || !utf8.ValidString(pointer) || !json.Valid(doc) || count(t, doc).duplicate || !utf8.Valid(doc) || surrogates(doc) {
			return
		}
		if pointer == "" {
			require.Equal(t, `"set"`, string(got))
			return
		}
		requireSet(t, doc, got, pointer, "set")
	})
}
