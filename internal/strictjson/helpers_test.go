package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/internal/strictjson"
)

// nastyPaths are the members that the verdicts in nasty.json presume.
var nastyPaths = []string{"status", "key", "transaction", "transaction.tid", "transaction.amount", "transaction.key"}

// A nastyFile is what testdata/nasty.py writes.
type nastyFile struct {
	Named []struct {
		Name, Want, Reason string
		Document           []byte
	}
	Accepted, Refused [][]byte // verdicts of the parser in Python
}

func readNasty(t testing.TB) (f nastyFile) {
	text, err := os.ReadFile(filepath.Join("testdata", "nasty.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &f))
	return f
}

// payloads are all fixtures, by provider and name.
func payloads(t testing.TB) map[string][]byte {
	all := make(map[string][]byte)
	for _, provider := range fixtures.Providers() {
		for _, name := range fixtures.Names(provider) {
			payload, err := fixtures.Payload(provider, name)
			require.NoError(t, err)
			all[provider+"/"+name] = payload
		}
	}
	require.NotEmpty(t, all)
	return all
}

// read reads doc and returns what it found, and fails if a failed read came with no known reason.
func read(t testing.TB, doc []byte, paths ...string) ([]strictjson.Value, error) {
	values := make([]strictjson.Value, len(paths))
	err := strictjson.Want(paths...).Read(doc, values)
	if err != nil {
		known := false
		for _, sentinel := range sentinels {
			known = known || errors.Is(err, sentinel)
		}
		require.True(t, known, "an error that no caller can know: %v", err)
	}
	return values, err
}

var sentinels = map[string]error{
	"ErrSyntax":    strictjson.ErrSyntax,
	"ErrTrailing":  strictjson.ErrTrailing,
	"ErrShape":     strictjson.ErrShape,
	"ErrDuplicate": strictjson.ErrDuplicate,
	"ErrVariant":   strictjson.ErrVariant,
	"ErrDepth":     strictjson.ErrDepth,
	"ErrMembers":   strictjson.ErrMembers,
	"ErrString":    strictjson.ErrString,
	"ErrNumber":    strictjson.ErrNumber,
	"ErrSize":      strictjson.ErrSize,
}

// at finds a value the way encoding/json does: nil if there is none.
func at(doc []byte, path string) strictjson.Value {
	raw := json.RawMessage(doc)
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil {
			return nil
		}
		value, there := object[name]
		if !there {
			return nil
		}
		raw = value
	}
	return strictjson.Value(raw)
}

// A census is what encoding/json's tokens tell about a document.
type census struct {
	duplicate                         bool
	depth, members, number, stringLen int // the largest of each; of strings the content, which is shorter than its text
}

// count takes the census of a document that encoding/json accepts.
func count(t testing.TB, doc []byte) (c census) {
	decoder := json.NewDecoder(bytes.NewReader(doc))
	decoder.UseNumber()
	type object map[string]bool // nil for an array
	var open []object
	name := false // whether a name comes next
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return c
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case json.Delim:
			switch token {
			case '{':
				open = append(open, object{})
			case '[':
				open = append(open, nil)
			default:
				open = open[:len(open)-1]
			}
			c.depth = max(c.depth, len(open))
			name = len(open) > 0 && open[len(open)-1] != nil
			continue
		case json.Number:
			c.number = max(c.number, len(token))
		case string:
			c.stringLen = max(c.stringLen, len(token))
			if name {
				top := open[len(open)-1]
				c.duplicate = c.duplicate || top[token]
				top[token] = true
				c.members = max(c.members, len(top))
				name = false
				continue
			}
		}
		name = len(open) > 0 && open[len(open)-1] != nil
	}
}
