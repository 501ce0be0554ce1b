package strictjson_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
)

// TestNasty reads documents whose verdicts were written down, and agreed to by another strict parser.
func TestNasty(t *testing.T) {
	for _, row := range readNasty(t).Named {
		t.Run(row.Name, func(t *testing.T) {
			_, err := read(t, row.Document, nastyPaths...)
			if row.Want == "ok" {
				require.NoError(t, err, row.Reason)
				return
			}
			require.Contains(t, sentinels, row.Want)
			require.ErrorIs(t, err, sentinels[row.Want], row.Reason)
		})
	}
}

// TestSpoilt compares the verdicts on documents of which one byte was replaced or left out with those of that parser.
func TestSpoilt(t *testing.T) {
	nasty := readNasty(t)
	require.NotEmpty(t, nasty.Accepted)
	require.NotEmpty(t, nasty.Refused)
	for _, doc := range nasty.Accepted {
		_, err := read(t, doc, nastyPaths...)
		require.NoError(t, err, "%q", doc)
	}
	for _, doc := range nasty.Refused {
		_, err := read(t, doc, nastyPaths...)
		require.Error(t, err, "%q", doc)
	}
}

// TestNastyFile makes sure that the file is the one its program writes.
func TestNastyFile(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on PATH")
	}
	output, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "nasty.py"), "--check").CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// TestNastyInArray puts the documents into an array, where the verdicts must be the same but for what concerns the top.
func TestNastyInArray(t *testing.T) {
	members := strictjson.Want(nastyPaths...)
	values := make([]strictjson.Value, len(nastyPaths))
	for _, row := range readNasty(t).Named {
		t.Run(row.Name, func(t *testing.T) {
			var elements, variants int
			err := members.ReadArray([]byte("["+string(row.Document)+"]"), values, func(_ strictjson.Value, err error) {
				elements++
				if err != nil {
					require.Equal(t, strictjson.ErrVariant, err)
					variants++
				}
			})
			switch deepest := strings.HasPrefix(row.Name, "depth_") || row.Name == "dup_deepest"; {
			case row.Want == "ErrVariant":
				require.NoError(t, err, row.Reason)
				require.Equal(t, 1, variants)
			case row.Want == "ok" && !deepest, strings.HasPrefix(row.Name, "top_"):
				require.NoError(t, err, row.Reason)
				require.Equal(t, 1, elements)
			case row.Name == "only_spaces" || row.Name == "empty":
				require.NoError(t, err, "an array of nothing")
				require.Zero(t, elements)
			case row.Want == "ErrMembers" || row.Want == "ErrNumber" || row.Want == "ErrString":
				require.ErrorIs(t, err, sentinels[row.Want], row.Reason)
			case row.Want == "ErrDuplicate" && !deepest:
				require.ErrorIs(t, err, strictjson.ErrDuplicate, row.Reason)
			case deepest:
				require.ErrorIs(t, err, strictjson.ErrDepth, "the array is one level more")
			default:
				require.Error(t, err, row.Reason)
			}
		})
	}
}

// TestTruncated cuts fixtures off at every byte: a body that a proxy cut must not be taken for a shorter one.
func TestTruncated(t *testing.T) {
	array := func(doc []byte) error {
		return strictjson.Want("eventCategory").ReadArray(doc, make([]strictjson.Value, 1), func(strictjson.Value, error) {})
	}
	for name, doc := range payloads(t) {
		doc = bytes.TrimSpace(doc)
		isArray := doc[0] == '['
		for n := range doc {
			cut := doc[:n:n]
			if isArray {
				require.Error(t, array(cut), "%s cut after %d bytes", name, n)
			}
			_, err := read(t, cut, nastyPaths...)
			require.Error(t, err, "%s cut after %d bytes", name, n)
		}
	}
}

// TestCutAnywhere cuts documents that consist of names, so that each length is tried at which the room for names could be
// too small. A set of names that is full would never find a place.
func TestCutAnywhere(t *testing.T) {
	many := func(form string) string {
		var b strings.Builder
		for i := range 120 {
			fmt.Fprintf(&b, form, i)
		}
		return "{" + b.String()
	}
	for what, doc := range map[string]string{
		"one empty name on each level":   strings.Repeat(`{"":`, strictjson.MaxDepth),
		"empty names, closed":            strings.Repeat(`{"":`, 31) + "0" + strings.Repeat("}", 31),
		"empty names in an array":        `{"":[` + strings.Repeat(`{"":0}`, 100),
		"names without colons":           many(`"%x"0`),
		"names without values":           many(`"%x"`),
		"names with commas":              many(`"%x",`),
		"names and colons alone":         many(`"%x":`),
		"names without commas":           many(`"%x":0`),
		"names with empty objects":       many(`"%x":{}`),
		"colons in strings":              many(`":%x:"0`),
		"members with empty inner names": many(`"%x":{"":0}`),
		"arrays in arrays":               `{"a":0,"b":` + strings.Repeat("[[0],", 14) + `{"c":[[`,
	} {
		for n := range len(doc) + 1 {
			for _, end := range []string{"", "}", "0}", ":0}"} {
				cut := []byte(doc[:n] + end)
				_, err := read(t, cut, nastyPaths...)
				if err == nil {
					require.False(t, count(t, cut).duplicate, "%s: %q", what, cut)
				}
			}
		}
	}
}
