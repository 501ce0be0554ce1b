package middleware

import (
	"context"
	"hash/maphash"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// MemoryConfig configures NewMemory.
type MemoryConfig struct {
	_       [0]func()
	MaxKeys int              // remembered at a time; 0: 1,048,576, which take about 90 MB
	Now     func() time.Time // the store's clock; nil: time.Now
}

// Memory is a Store for a single process. What it knows ends with the process: a provider that repeats a delivery after a
// restart has it handled again, unless the handler itself refuses it by Event.IdempotencyKey.
//
// It is bounded: once it is full of keys that must be kept it refuses new ones, and never forgets one early. It has no
// goroutine; expired keys go when room is needed.
type Memory struct {
	now    func() time.Time
	start  time.Time
	seed   [2]maphash.Seed
	max    int64
	count  atomic.Int64
	shards [memoryShards]memoryShard
}

const (
	memoryShards  = 64
	memoryMaxKeys = 1 << 20
	// attemptsKept is how long the count of attempts outlives the last lease, so that a message that fails every hour
	// still comes to its MaxAttempts.
	attemptsKept = 48 * time.Hour
	// sweepFrom is the size from which on a shard looks for expired keys.
	sweepFrom = 64
)

// A memoryKey is a keyed 128-bit hash. With seeds that nobody outside knows, two keys of n collide by chance alone, with a
// probability below n²/2^129.
type memoryKey [2]uint64

// A memoryEntry takes 16 bytes, since there may be millions.
type memoryEntry struct {
	until   int64  // nanoseconds since Memory.start: the end of the lease, or of the keep time
	token   uint32 // of the last claim; no lease lasts until the shard has given out the same one again
	attempt uint16 // stays at the highest value
	done    bool
}

type memoryShard struct {
	mutex   sync.Mutex
	entries map[memoryKey]memoryEntry
	sweepAt int    // the size at which to look for expired keys
	oldest  int64  // no entry can go before this time
	tokens  uint32 // given out
}

// NewMemory returns an empty store.
func NewMemory(c MemoryConfig) *Memory {
	m := &Memory{now: c.Now, seed: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	if m.now == nil {
		m.now = time.Now
	}
	m.start = m.now()
	if m.max = int64(c.MaxKeys); m.max <= 0 {
		m.max = memoryMaxKeys
	}
	for i := range m.shards {
		s := &m.shards[i]
		s.entries = make(map[memoryKey]memoryEntry)
		s.sweepAt, s.oldest = sweepFrom, math.MaxInt64
	}
	return m
}

// Claim implements Store.
func (m *Memory) Claim(_ context.Context, key string, lease time.Duration) (Claim, error) {
	now := m.clock()
	if m.count.Load() >= m.max {
		m.sweep(now)
	}
	k, s := m.locate(key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	e, known := s.entries[k]
	switch {
	case known && e.until > now && e.done:
		return Claim{Key: key, State: Done}, nil
	case known && e.until > now:
		return Claim{Key: key, State: Busy}, nil
	case !known && m.count.Add(1) > m.max:
		m.count.Add(-1)
		return Claim{}, ErrStoreFull
	case e.done:
		e = memoryEntry{} // kept long enough: as if never seen
	}
	s.tokens++
	e = memoryEntry{until: after(now, lease), token: s.tokens, attempt: max(e.attempt, e.attempt+1)}
	s.put(k, e)
	if len(s.entries) >= s.sweepAt {
		m.count.Add(-s.sweep(now))
	}
	return Claim{Key: key, State: Fresh, Token: e.text(), Attempt: int(e.attempt)}, nil
}

// Commit implements Store.
func (m *Memory) Commit(_ context.Context, c Claim, keep time.Duration) error {
	return m.change(c, func(e *memoryEntry, now int64) {
		if !e.done {
			e.done, e.until = true, after(now, keep)
		}
	})
}

// Release implements Store.
func (m *Memory) Release(_ context.Context, c Claim) error {
	return m.change(c, func(e *memoryEntry, now int64) {
		if !e.done {
			e.until = now
		}
	})
}

// change applies f to the entry if the claim still holds it. A lease that is over does not matter as long as nobody took
// the key over.
func (m *Memory) change(c Claim, f func(e *memoryEntry, now int64)) error {
	k, s := m.locate(c.Key)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	e, known := s.entries[k]
	if !known || e.text() != c.Token {
		return ErrClaimLost
	}
	f(&e, m.clock())
	s.put(k, e)
	return nil
}

// Len returns how many keys the store holds, expired ones included that are not swept yet.
func (m *Memory) Len() int { return int(m.count.Load()) }

// sweep makes room in a full store: in the shards of which something is known to have expired.
func (m *Memory) sweep(now int64) {
	for i := range m.shards {
		s := &m.shards[i]
		s.mutex.Lock()
		if s.oldest <= now {
			m.count.Add(-s.sweep(now))
		}
		s.mutex.Unlock()
	}
}

func (m *Memory) locate(key string) (memoryKey, *memoryShard) {
	k := memoryKey{maphash.String(m.seed[0], key), maphash.String(m.seed[1], key)}
	return k, &m.shards[k[0]%memoryShards]
}

func (m *Memory) clock() int64 { return int64(m.now().Sub(m.start)) }

func after(now int64, d time.Duration) int64 {
	if int64(d) > math.MaxInt64-now {
		return math.MaxInt64
	}
	return now + int64(d)
}

func (s *memoryShard) put(k memoryKey, e memoryEntry) {
	s.entries[k] = e
	s.oldest = min(s.oldest, e.gone())
}

// text returns the token as a claim has it.
func (e memoryEntry) text() string { return strconv.FormatUint(uint64(e.token), 36) }

// gone returns when the entry is of no more use.
func (e memoryEntry) gone() int64 {
	if e.done {
		return e.until
	}
	return after(e.until, attemptsKept)
}

// sweep removes what is of no more use and returns how much that was. It runs when the shard has doubled since the last
// time, so that its cost is spread over the claims in between.
func (s *memoryShard) sweep(now int64) (removed int64) {
	before := len(s.entries)
	s.oldest = math.MaxInt64
	for k, e := range s.entries {
		if e.gone() <= now {
			delete(s.entries, k)
		} else {
			s.oldest = min(s.oldest, e.gone())
		}
	}
	s.sweepAt = max(sweepFrom, 2*len(s.entries))
	return int64(before - len(s.entries))
}
