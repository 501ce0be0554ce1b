package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/middleware"
)

// A clock that tests set.
type clock struct {
	mutex sync.Mutex
	at    time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.at = c.at.Add(d)
}

const (
	lease = time.Minute
	keep  = time.Hour
)

func claim(t testing.TB, s middleware.Store, key string) middleware.Claim {
	c, err := s.Claim(context.Background(), key, lease)
	require.NoError(t, err)
	return c
}

// TestMemoryStates walks the rows of the state machine.
func TestMemoryStates(t *testing.T) {
	type step struct {
		do      string // claim, commit n, release n: with the n-th fresh claim; wait
		wait    time.Duration
		claim   int
		state   middleware.State
		attempt int
		err     error
		why     string
	}
	tests := map[string][]step{
		"handled once": {
			{do: "claim", state: middleware.Fresh, attempt: 1, why: "absent: the first worker gets it"},
			{do: "claim", state: middleware.Busy, why: "the lease holds"},
			{do: "commit", claim: 0, why: "the owner commits"},
			{do: "claim", state: middleware.Done, why: "handled"},
			{do: "commit", claim: 0, why: "a second commit with the same token is no error"},
			{do: "wait", wait: keep - 1},
			{do: "claim", state: middleware.Done, why: "kept to the last moment"},
			{do: "wait", wait: 1},
			{do: "claim", state: middleware.Fresh, attempt: 1, why: "the keep time is over: as if never seen"},
		},
		"released": {
			{do: "claim", state: middleware.Fresh, attempt: 1},
			{do: "release", claim: 0},
			{do: "claim", state: middleware.Fresh, attempt: 2, why: "at once, and the attempt counts"},
			{do: "commit", claim: 0, err: middleware.ErrClaimLost, why: "the first owner gave it away"},
			{do: "commit", claim: 1},
			{do: "release", claim: 1, why: "done stays done"},
			{do: "claim", state: middleware.Done},
		},
		"taken over": {
			{do: "claim", state: middleware.Fresh, attempt: 1},
			{do: "wait", wait: lease - 1},
			{do: "claim", state: middleware.Busy, why: "to the last moment"},
			{do: "wait", wait: 1},
			{do: "claim", state: middleware.Fresh, attempt: 2, why: "the lease is over"},
			{do: "commit", claim: 0, err: middleware.ErrClaimLost, why: "a zombie changes nothing"},
			{do: "release", claim: 0, err: middleware.ErrClaimLost, why: "a zombie changes nothing"},
			{do: "claim", state: middleware.Busy, why: "the second owner still has it"},
			{do: "commit", claim: 1},
		},
		"late but alone": {
			{do: "claim", state: middleware.Fresh, attempt: 1},
			{do: "wait", wait: 10 * lease},
			{do: "commit", claim: 0, why: "nobody took it over"},
			{do: "claim", state: middleware.Done},
		},
		"attempts outlive the lease": {
			{do: "claim", state: middleware.Fresh, attempt: 1},
			{do: "release", claim: 0},
			{do: "wait", wait: 24 * time.Hour},
			{do: "claim", state: middleware.Fresh, attempt: 2, why: "a message that fails once a day comes to its MaxAttempts"},
		},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			m := middleware.NewMemory(middleware.MemoryConfig{Now: c.now})
			var claims []middleware.Claim
			for i, s := range steps {
				where := fmt.Sprintf("step %d: %s (%s)", i, s.do, s.why)
				switch s.do {
				case "wait":
					c.advance(s.wait)
				case "claim":
					got := claim(t, m, "key")
					require.Equal(t, s.state, got.State, where)
					require.Equal(t, s.attempt, got.Attempt, where)
					require.Equal(t, "key", got.Key)
					if got.State == middleware.Fresh {
						require.NotEmpty(t, got.Token, where)
						claims = append(claims, got)
					} else {
						require.Empty(t, got.Token, where)
					}
				case "commit":
					require.ErrorIs(t, m.Commit(t.Context(), claims[s.claim], keep), s.err, where)
				case "release":
					require.ErrorIs(t, m.Release(t.Context(), claims[s.claim]), s.err, where)
				}
			}
		})
	}
}

func TestMemoryForeignClaims(t *testing.T) {
	m := middleware.NewMemory(middleware.MemoryConfig{})
	for why, c := range map[string]middleware.Claim{
		"never claimed": {Key: "other", Token: "1"},
		"zero claim":    {},
		"no token":      {Key: "key"},
		"made up":       {Key: "key", Token: "zzz"},
	} {
		claim(t, m, "key")
		require.ErrorIs(t, m.Commit(t.Context(), c, keep), middleware.ErrClaimLost, why)
		require.ErrorIs(t, m.Release(t.Context(), c), middleware.ErrClaimLost, why)
	}
}

// TestMemoryRace: of hundreds of workers that claim one key at a time, exactly one gets it.
func TestMemoryRace(t *testing.T) {
	m := middleware.NewMemory(middleware.MemoryConfig{})
	for round := range 50 {
		var (
			start sync.WaitGroup
			done  sync.WaitGroup
			mutex sync.Mutex
			fresh int
		)
		start.Add(1)
		for range 300 {
			done.Go(func() {
				start.Wait()
				c, err := m.Claim(context.Background(), fmt.Sprint(round), lease)
				if err == nil && c.State == middleware.Fresh {
					mutex.Lock()
					fresh++
					mutex.Unlock()
				}
			})
		}
		start.Done()
		done.Wait()
		require.Equal(t, 1, fresh)
	}
}

// TestMemoryFull: a full store refuses, and forgets nothing that must be kept.
func TestMemoryFull(t *testing.T) {
	for _, size := range []int{1, 2, 10, 1000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			c := newClock()
			m := middleware.NewMemory(middleware.MemoryConfig{MaxKeys: size, Now: c.now})
			for i := range size {
				k := claim(t, m, fmt.Sprint(i))
				require.Equal(t, middleware.Fresh, k.State)
				if i%2 == 0 {
					require.NoError(t, m.Commit(t.Context(), k, keep))
				}
			}
			require.Equal(t, size, m.Len())
			_, err := m.Claim(t.Context(), "one more", lease)
			require.ErrorIs(t, err, middleware.ErrStoreFull)
			for i := range size {
				want := middleware.Busy
				if i%2 == 0 {
					want = middleware.Done
				}
				require.Equal(t, want, claim(t, m, fmt.Sprint(i)).State, "key %d is known", i)
			}
			c.advance(keep)
			require.Equal(t, middleware.Fresh, claim(t, m, "one more").State, "what is kept long enough makes room")
			require.Equal(t, size/2+1, m.Len(), "what failed is remembered, to count its attempts")
		})
	}
}

// TestMemoryForgets: without being full, expired keys do not pile up.
func TestMemoryForgets(t *testing.T) {
	c := newClock()
	m := middleware.NewMemory(middleware.MemoryConfig{Now: c.now})
	for i := range 200_000 {
		require.NoError(t, m.Commit(t.Context(), claim(t, m, fmt.Sprint(i)), keep))
		c.advance(time.Second)
	}
	live := int(keep / time.Second)
	require.Less(t, m.Len(), 4*live)
}

// TestMemoryModel compares the store with a map and a clock, over random calls.
func TestMemoryModel(t *testing.T) {
	type entry struct {
		until   time.Time
		token   string
		done    bool
		attempt int
	}
	random := rand.New(rand.NewPCG(1, 2))
	c := newClock()
	m := middleware.NewMemory(middleware.MemoryConfig{Now: c.now})
	model := map[string]*entry{}
	var claims []middleware.Claim
	for range 100_000 {
		switch random.IntN(5) {
		case 0:
			c.advance(time.Duration(random.Int64N(int64(lease))))
		case 1, 2:
			key := fmt.Sprint(random.IntN(20))
			got := claim(t, m, key)
			e := model[key]
			switch {
			case e != nil && e.until.After(c.now()) && e.done:
				require.Equal(t, middleware.Done, got.State)
				continue
			case e != nil && e.until.After(c.now()):
				require.Equal(t, middleware.Busy, got.State)
				continue
			case e == nil || e.done:
				e = &entry{}
			}
			model[key] = &entry{until: c.now().Add(lease), token: got.Token, attempt: e.attempt + 1}
			require.Equal(t, middleware.Fresh, got.State)
			require.Equal(t, e.attempt+1, got.Attempt)
			claims = append(claims, got)
		default:
			if len(claims) == 0 {
				continue
			}
			k := claims[random.IntN(len(claims))]
			e := model[k.Key]
			var want error
			if e.token != k.Token {
				want = middleware.ErrClaimLost
			}
			if random.IntN(2) == 0 {
				require.ErrorIs(t, m.Commit(t.Context(), k, keep), want)
				if want == nil && !e.done {
					e.done, e.until = true, c.now().Add(keep)
				}
			} else {
				require.ErrorIs(t, m.Release(t.Context(), k), want)
				if want == nil && !e.done {
					e.until = c.now()
				}
			}
		}
	}
}

// TestMemoryBytesPerKey measures the heap, which is exact, and not the time.
func TestMemoryBytesPerKey(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a store with a million keys")
	}
	const keys = 1_000_000
	m := middleware.NewMemory(middleware.MemoryConfig{})
	before := heap()
	for i := range keys {
		k, err := m.Claim(context.Background(), fmt.Sprintf("praxis/Test-Integration-Merchant%%2FSandbox/txn:%d:sale:approved", i), lease)
		if err == nil {
			err = m.Commit(context.Background(), k, keep)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	perKey := float64(heap()-before) / keys
	t.Logf("%.1f bytes a key", perKey)
	require.LessOrEqual(t, perKey, 100.0)
	runtime.KeepAlive(m)
}

func heap() uint64 {
	var s runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}

func TestStateString(t *testing.T) {
	require.Equal(t, "fresh busy done invalid", fmt.Sprint(middleware.Fresh, middleware.Busy, middleware.Done, middleware.State(0)))
}

func BenchmarkMemoryClaim(b *testing.B) {
	keys := benchmarkKeys()
	m := middleware.NewMemory(middleware.MemoryConfig{})
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := m.Claim(context.Background(), keys[i%len(keys)], lease); err != nil && !errors.Is(err, middleware.ErrStoreFull) {
			b.Fatal(err)
		}
	}
}

// BenchmarkSyncMap is the measure for BenchmarkMemoryClaim.
func BenchmarkSyncMap(b *testing.B) {
	keys := benchmarkKeys()
	var m sync.Map
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.LoadOrStore(keys[i%len(keys)], i)
	}
}

func benchmarkKeys() []string {
	keys := make([]string, 1<<16)
	for i := range keys {
		keys[i] = fmt.Sprintf("praxis/Test-Integration-Merchant%%2FSandbox/txn:%d:sale:approved", i)
	}
	return keys
}
