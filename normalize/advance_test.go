package normalize_test

import (
	"cmp"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

// classes is the table of statuses, written out once more.
var classes = map[normalize.Status]int{
	normalize.StatusUnknown:           0,
	normalize.StatusRequiresAction:    1,
	normalize.StatusPending:           1,
	normalize.StatusUnresolved:        1,
	normalize.StatusDeclined:          2,
	normalize.StatusFailed:            2,
	normalize.StatusCanceled:          2,
	normalize.StatusExpired:           2,
	normalize.StatusSucceeded:         3,
	normalize.StatusPartiallyRefunded: 4,
	normalize.StatusRefunded:          5,
}

func at(status normalize.Status, second int64) normalize.Event {
	return normalize.Event{
		Provider: "praxis", Account: "shop/live", TransactionID: "756850", Type: normalize.TypePayment,
		Status: status, Time: time.Unix(second, 0).UTC(),
	}
}

func TestAdvance(t *testing.T) {
	const (
		same, apply, stale, conflict = normalize.Same, normalize.Apply, normalize.Stale, normalize.Conflict
	)
	// Rows and columns are the classes unknown, open, no money, succeeded, partially refunded, refunded; each is stood for
	// by one status. Next is the later event, by its Time, in the first table and the earlier one in the second.
	of := [...]normalize.Status{
		normalize.StatusUnknown, normalize.StatusPending, normalize.StatusDeclined,
		normalize.StatusSucceeded, normalize.StatusPartiallyRefunded, normalize.StatusRefunded,
	}
	want := [6][6]normalize.Step{
		{stale, apply, apply, apply, apply, apply},
		{stale, same, apply, apply, apply, apply},
		{stale, stale, same, apply, apply, apply},
		{stale, stale, conflict, same, apply, apply},
		{stale, stale, conflict, stale, same, apply},
		{stale, stale, conflict, stale, stale, same},
	}
	for i, row := range want {
		for j, step := range row {
			for _, seconds := range [][2]int64{{1, 2}, {2, 1}, {1, 1}} {
				current, next := at(of[i], seconds[0]), at(of[j], seconds[1])
				require.Equal(t, step, normalize.Advance(current, next), "%s@%d, then %s@%d: the class alone decides",
					current.Status, seconds[0], next.Status, seconds[1])
			}
		}
	}
}

func TestAdvanceWithinClass(t *testing.T) {
	for _, tt := range []struct {
		current, next normalize.Event
		want          normalize.Step
		why           string
	}{
		{at("pending", 1), at("requires_action", 2), normalize.Apply, "later"},
		{at("pending", 2), at("requires_action", 1), normalize.Stale, "earlier"},
		{at("pending", 1), at("unresolved", 1), normalize.Apply, "at the same time the greater name holds"},
		{at("unresolved", 1), at("pending", 1), normalize.Stale, "at the same time the lesser name does not"},
		{at("declined", 1), at("expired", 2), normalize.Apply, "later"},
		{at("failed", 2), at("declined", 1), normalize.Stale, "earlier"},
		{at("pending", 2), at("pending", 1), normalize.Same, "the same status, even from an earlier event"},
	} {
		require.Equal(t, tt.want, normalize.Advance(tt.current, tt.next), tt.why)
	}
	local := at("requires_action", 2)
	local.Time = local.Time.In(time.FixedZone("", 3600))
	require.Equal(t, normalize.Stale, normalize.Advance(at("unresolved", 2), local), "an instant has no time zone")
}

func TestAdvanceNothingStored(t *testing.T) {
	for status, class := range classes {
		want := normalize.Apply
		if class == 0 {
			want = normalize.Stale
		}
		next := at(status, 1)
		require.Equal(t, want, normalize.Advance(normalize.Event{}, next), "the zero event is nothing stored: %s", status)
		require.Equal(t, want, normalize.Advance(at("", 2), next), "nor is one without a status: %s", status)
		require.Equal(t, want, normalize.Advance(at("unknown", 2), next), "nor an unknown one: %s", status)
		require.Equal(t, want, normalize.Advance(at("disputed", 2), next), "nor one that this version does not define: %s", status)
	}
	require.Equal(t, normalize.Stale, normalize.Advance(at("pending", 1), at("disputed", 2)), "a status of a later version")
	require.Equal(t, normalize.Stale, normalize.Advance(at("pending", 1), at("", 2)), "no status")
	require.Equal(t, normalize.Stale, normalize.Advance(normalize.Event{}, normalize.Event{}), "nothing at all")
}

func TestAdvanceWrongPair(t *testing.T) {
	for why, change := range map[string]func(*normalize.Event){
		"another provider":    func(e *normalize.Event) { e.Provider = "pxp" },
		"another account":     func(e *normalize.Event) { e.Account = "shop/test" },
		"another transaction": func(e *normalize.Event) { e.TransactionID = "756851" },
		"another type":        func(e *normalize.Event) { e.Type = normalize.TypeCapture },
		"no operation":        func(e *normalize.Event) { *e = normalize.Event{Status: e.Status} },
	} {
		for _, status := range []normalize.Status{"unknown", "pending", "succeeded"} {
			other := at(status, 1)
			change(&other)
			require.Equal(t, normalize.Conflict, normalize.Advance(other, at("succeeded", 2)), why)
			require.Equal(t, normalize.Conflict, normalize.Advance(at("succeeded", 2), other), why)
		}
	}
}

func TestAdvanceConflict(t *testing.T) {
	for current, c := range classes {
		for next, n := range classes {
			for second := range int64(3) {
				got := normalize.Advance(at(current, 1), at(next, second))
				require.Equal(t, n == 2 && c >= 3, got == normalize.Conflict, "%s, then %s: a failure after a success and nothing else", current, next)
				if c >= 2 && n == 1 {
					require.Equal(t, normalize.Stale, got, "%s, then %s: no open status after a final one", current, next)
				}
			}
		}
	}
}

// The state of an operation is the same whatever the order and the number of its deliveries: every multiset of four events
// over 11 statuses and two times, in each order, the whole sequence twice.
func TestAdvanceOrderIndependence(t *testing.T) {
	var events []normalize.Event
	for status := range classes {
		events = append(events, at(status, 1), at(status, 2))
	}
	higher := func(a, b normalize.Event) bool {
		return cmp.Or(cmp.Compare(classes[a.Status], classes[b.Status]), a.Time.Compare(b.Time), cmp.Compare(a.Status, b.Status)) > 0
	}
	orders := permutations(4)
	cases := 0
	var four [4]normalize.Event
	for i := range events {
		for j := i; j < len(events); j++ {
			for k := j; k < len(events); k++ {
				for l := k; l < len(events); l++ {
					four = [...]normalize.Event{events[i], events[j], events[k], events[l]}
					var want normalize.Event // the maximum; an unknown is never stored
					for _, e := range four {
						if classes[e.Status] > 0 && (want.Status == "" || higher(e, want)) {
							want = e
						}
					}
					for _, order := range orders {
						cases++
						var state normalize.Event
						for range 2 {
							for _, n := range order {
								state = store(state, four[n])
							}
						}
						if state.Status != want.Status || !state.Time.Equal(want.Time) {
							t.Fatalf("%v of %v ends in %s@%d, want %s@%d", order, four,
								state.Status, state.Time.Unix(), want.Status, want.Time.Unix())
						}
					}
				}
			}
		}
	}
	require.Equal(t, 303_600, cases)
}

// store does what the comments of the steps say.
func store(current, next normalize.Event) normalize.Event {
	switch normalize.Advance(current, next) {
	case normalize.Apply:
		return next
	case normalize.Same:
		if next.Time.After(current.Time) {
			return next
		}
	}
	return current
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range permutations(n - 1) {
		for i := range n {
			all = append(all, append(append(append([]int(nil), shorter[:i]...), n-1), shorter[i:]...))
		}
	}
	return all
}

func TestStepString(t *testing.T) {
	require.Equal(t, "[same apply stale conflict 4 -1]",
		fmt.Sprint([]normalize.Step{normalize.Same, normalize.Apply, normalize.Stale, normalize.Conflict, 4, -1}))
	var zero normalize.Step
	require.Equal(t, normalize.Same, zero, "the zero step has no effect")
}

func BenchmarkAdvance(b *testing.B) {
	for _, next := range []normalize.Event{at("succeeded", 2), at("unresolved", 1)} {
		b.Run(string(next.Status)+"@"+strconv.FormatInt(next.Time.Unix(), 10), func(b *testing.B) {
			b.ReportAllocs()
			current := at("pending", 1)
			for b.Loop() {
				if normalize.Advance(current, next) != normalize.Apply {
					b.Fatal("not applied")
				}
			}
		})
	}
}
