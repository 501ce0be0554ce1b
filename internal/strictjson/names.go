package strictjson

import (
	"bytes"
	"hash/maphash"
	"math/bits"
)

// A nameSet remembers which names each object of a document has had. It keeps 64-bit keyed hashes instead of names: with
// a seed that nobody outside knows, two of n names collide by chance alone, with a probability below n²/2^65, and the
// document is refused then.
type nameSet struct {
	table []uint64 // open addressing, a power of two; 0 is a free place
}

var hashSeed = maphash.MakeSeed()

// prepare makes room for all names of the document: there is one colon for each, and none is shorter than `"":0,`.
func (n *nameSet) prepare(doc []byte) {
	most := min(bytes.Count(doc, []byte{':'}), len(doc)/5) + 1
	size := 1 << bits.Len(uint(most+most/3))
	if size > cap(n.table) {
		n.table = make([]uint64, size)
	}
	n.table = n.table[:size]
}

// add reports whether the name is new to that object. The caller must not add more names than the document can have.
func (n *nameSet) add(object uint64, name []byte) bool {
	hash := maphash.Bytes(hashSeed, name) ^ object*0x9e3779b97f4a7c15
	if hash == 0 {
		hash = 1
	}
	mask := uint64(len(n.table) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		switch n.table[i] {
		case 0:
			n.table[i] = hash
			return true
		case hash:
			return false
		}
	}
}

// reset empties the set. Only what the last document used is cleared, so one large document does not slow the next ones.
func (n *nameSet) reset() { clear(n.table) }
