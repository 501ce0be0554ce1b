package strictjson_test

import (
	"bytes"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/internal/strictjson"
)

// TestForgets makes sure that nothing keeps a document alive, or a copy of it: payloads hold cardholder data.
func TestForgets(t *testing.T) {
	const rounds = 16
	var gone sync.WaitGroup
	gone.Add(rounds)
	for i := range rounds {
		doc := new([4096]byte)
		text := append(doc[:0], `{"\u0061":"`...)
		text = append(text, bytes.Repeat([]byte(`4111\u0031`), 100)...)
		if i%2 == 0 {
			text = append(text, `"}`...) // the others are refused
		}
		runtime.AddCleanup(doc, func(int) { gone.Done() }, 0)
		values := make([]strictjson.Value, 1)
		err := strictjson.Want("a").Read(text, values)
		require.Equal(t, i%2 == 0, err == nil)
	}
	done := make(chan struct{})
	go func() { gone.Wait(); close(done) }()
	for range 100 {
		runtime.GC()
		select {
		case <-done:
			return
		default:
			runtime.Gosched()
		}
	}
	<-done // go test's own time limit is the failure
}

// TestHostileMemory bounds what one document of 64 KiB makes a reader allocate that has never read one before.
func TestHostileMemory(t *testing.T) {
	for name, doc := range hostile() {
		t.Run(name, func(t *testing.T) {
			values := make([]strictjson.Value, 12)
			least := ^uint64(0)
			for range 5 { // others allocate in the meantime: the least is what reading took
				runtime.GC()
				runtime.GC() // a pool keeps its content for one collection
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_ = wanted.Read(doc, values)
				runtime.ReadMemStats(&after)
				least = min(least, after.TotalAlloc-before.TotalAlloc)
			}
			require.LessOrEqual(t, least, 8*uint64(len(doc)))
		})
	}
}

// TestConcurrent shares one set of members between goroutines.
func TestConcurrent(t *testing.T) {
	nasty := readNasty(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			values := make([]strictjson.Value, len(nastyPaths))
			members := nastyMembers
			for _, row := range nasty.Named {
				if err := members.Read(row.Document, values); (err == nil) != (row.Want == "ok") {
					t.Errorf("%s: %v", row.Name, err)
				}
			}
			for _, doc := range nasty.Accepted {
				if err := members.Read(doc, values); err != nil {
					t.Errorf("%q: %v", doc, err)
				}
			}
		})
	}
	group.Wait()
}

var nastyMembers = strictjson.Want(nastyPaths...)
