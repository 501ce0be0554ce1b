package normalize_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

// What a provider adds to its messages changes no event, at whatever depth, and neither does white space. Only Raw, and ids
// made of it, follow the bytes.
func TestUnknownMembers(t *testing.T) {
	random := rand.New(rand.NewPCG(4217, 1))
	eachFixture(t, func(t *testing.T, n normalize.Normalizer, payload []byte) {
		want, wantErr := read(n, payload)
		same := func(payload []byte) {
			require.True(t, json.Valid(payload), "%s", payload)
			got, err := read(n, payload)
			require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
			require.Len(t, got, len(want))
			for i := range got {
				got[i].Raw = want[i].Raw
				if hashed(want[i].ID) {
					require.True(t, hashed(got[i].ID))
					got[i].ID = want[i].ID
				}
			}
			require.Empty(t, cmp.Diff(want, got), "%s", payload)
		}
		same(spaced(payload))
		for range 5 {
			same(insert(payload, func(i int) string {
				if payload[i] != '{' {
					return ""
				}
				comma := ","
				if strings.HasPrefix(strings.TrimSpace(string(payload[i+1:])), "}") {
					comma = ""
				}
				return fmt.Sprintf(`"x-new-%d":%s%s`, i, anything(random, 3), comma)
			}))
		}
	})
}

// anything returns a random JSON value. Below a member that is unknown, known names mean nothing: in any letter case.
func anything(r *rand.Rand, depth int) string {
	switch n := r.IntN(10); {
	case depth > 0 && n < 4:
		names := []string{"transaction", "session", "eventData", "eventdata", "state", "STATE", "amount", "tid", "eventCategory", "card", "x", ""}
		var members []string
		for _, i := range r.Perm(len(names))[:r.IntN(5)] {
			members = append(members, encodeName(names[i])+":"+anything(r, depth-1))
		}
		return "{" + strings.Join(members, ",") + "}"
	case depth > 0 && n < 6:
		return "[" + strings.TrimSuffix(strings.Repeat(anything(r, depth-1)+",", r.IntN(4)), ",") + "]"
	}
	return []string{`null`, `true`, `-1.5e+300`, `18446744073709551616`, `"approved"`, `"\u0000\"{\\"`, `"}]"`, `"\ud83d\ude00"`, `""`}[r.IntN(9)]
}

func encodeName(name string) string {
	text, _ := json.Marshal(name)
	return string(text)
}
