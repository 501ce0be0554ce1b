package normalize_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/testkit"
)

// members are JSON pointers and what stands there.
type members map[string]json.RawMessage

func (m members) in(t *testing.T, doc []byte) []byte {
	for pointer, value := range m {
		doc = set(t, doc, pointer, string(value))
	}
	return doc
}

// word returns what a member of that name says: nothing, if it is no string.
func (m members) word(name string) (s string) {
	for pointer, value := range m {
		if strings.HasSuffix(pointer, "/"+name) && value[0] == '"' {
			_ = json.Unmarshal(value, &s)
		}
	}
	return s
}

// TestVocabulary compares every combination of a provider's words, known ones, misspelt ones and what is no word at all,
// with tables that a second implementation made: testdata/<provider>.py.
func TestVocabulary(t *testing.T) {
	for _, s := range testkit.All() {
		t.Run(s.Provider(), func(t *testing.T) {
			file, err := os.ReadFile("testdata/" + s.Provider() + ".json")
			if errors.Is(err, fs.ErrNotExist) {
				t.Skip("has no second implementation of its vocabulary")
			}
			require.NoError(t, err)
			var tables []struct {
				Payload json.RawMessage
				Columns []members
				Rows    []struct {
					Set  members
					Want string
				}
			}
			require.NoError(t, json.Unmarshal(file, &tables))
			cells := 0
			for _, table := range tables {
				ids := map[string]string{}
				for _, row := range table.Rows {
					want := strings.Fields(row.Want)
					require.Len(t, want, len(table.Columns))
					doc := row.Set.in(t, table.Payload)
					for i, column := range table.Columns {
						payload := column.in(t, doc)
						events, err := read(s.Normalizer(), payload)
						require.NoError(t, err, "an unknown word is no error: %s", payload)
						require.Len(t, events, 1, "%s", payload)
						e := events[0]
						require.Equal(t, want[i], string(e.Type)+"."+string(e.Status), "%s", payload)
						require.Equal(t, want[i], e.Name())
						checkWords(t, e, column, row.Set)
						if !hashed(e.ID) { // two new words that both mean unknown must not collapse
							words := e.RawType + "\x00" + e.RawStatus
							require.Equal(t, words, orSet(ids, e.ID, words), "%s has the id of another word", payload)
						}
						cells++
					}
				}
			}
			t.Logf("%d cells", cells)
			require.Greater(t, cells, 2000)
		})
	}
}

// checkWords makes sure that the event keeps the words as sent.
func checkWords(t *testing.T, e normalize.Event, column, row members) {
	for _, m := range []members{column, row} {
		for _, name := range []string{"transaction_type", "intent"} {
			if word := m.word(name); word != "" {
				require.Equal(t, word, e.RawType, name)
			}
		}
		for _, name := range []string{"transaction_status", "session_status", "state"} {
			if word := m.word(name); word != "" && !strings.HasPrefix(string(e.Type), "token") { // tokens have two more places
				require.Equal(t, word, e.RawStatus, name)
			}
		}
	}
}

// orSet returns what is stored under the key, after storing value if there is nothing.
func orSet(m map[string]string, key, value string) string {
	if _, ok := m[key]; !ok {
		m[key] = value
	}
	return m[key]
}

// The tables on disk are what the scripts make.
func TestVocabularyIsUpToDate(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on PATH")
	}
	for _, s := range testkit.All() {
		script := "testdata/" + s.Provider() + ".py"
		if _, err := os.Stat(script); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		out, err := exec.Command(python, script, "--check").CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
}
