package strictjson

import (
	"bytes"
	"fmt"
	"strings"
)

// Members is the set of members that a reader wants of an object, by their paths.
type Members struct{ root *node }

// A node is one wanted member, or the object that holds the wanted ones.
type node struct {
	slot   int // where its value goes; -1 for an object that is only passed through
	first  [256]uint8
	groups [][]child // by first[name[0]] - 1
}

type child struct {
	name string
	node *node
}

// maxWanted is how many paths one set can have.
const maxWanted = 32

// Want returns the set of the given paths: member names joined with ".", the value of paths[i] to be found at index i.
// It panics on a path that occurs twice, on a name that is empty or does not begin in ASCII, and on too many paths: those
// are mistakes in the program.
func Want(paths ...string) *Members {
	if len(paths) > maxWanted {
		panic(fmt.Sprintf("strictjson: more than %d paths", maxWanted))
	}
	m := &Members{root: &node{slot: -1}}
	for i, path := range paths {
		at := m.root
		for name := range strings.SplitSeq(path, ".") {
			at = at.add(name)
		}
		if at.slot >= 0 {
			panic(fmt.Sprintf("strictjson: %s is wanted twice", path))
		}
		at.slot = i
	}
	return m
}

func (n *node) add(name string) *node {
	if n.first[name[0]] == 0 {
		n.groups = append(n.groups, nil)
		for _, b := range firstBytes(name) {
			n.first[b] = uint8(len(n.groups))
		}
	}
	group := &n.groups[n.first[name[0]]-1]
	for _, c := range *group {
		if c.name == name {
			return c.node
		}
	}
	c := child{name, &node{slot: -1}}
	*group = append(*group, c)
	return c.node
}

// firstBytes returns the bytes with which name, or a name that differs from it in letter case alone, can begin. Two
// letters outside ASCII fold into it: U+017F to s and U+212A to k.
func firstBytes(name string) []byte {
	lower, upper := bytes.ToLower([]byte(name[:1]))[0], bytes.ToUpper([]byte(name[:1]))[0]
	switch {
	case lower == 's':
		return []byte{lower, upper, "\u017f"[0]}
	case lower == 'k':
		return []byte{lower, upper, "\u212a"[0]}
	case lower != upper:
		return []byte{lower, upper}
	}
	return []byte{lower}
}

// find returns the wanted member of that name. variant reports that there is none, but one that differs in letter case
// alone: readers that match names without regard to case would take one for the other.
func (n *node) find(name []byte) (member *node, variant bool) {
	if n == nil || len(name) == 0 || n.first[name[0]] == 0 {
		return nil, false
	}
	for _, c := range n.groups[n.first[name[0]]-1] {
		if string(name) == c.name {
			return c.node, false
		}
		if len(name) >= len(c.name) && sameLetter(name, c.name) && bytes.EqualFold(name, []byte(c.name)) {
			variant = true
		}
	}
	return nil, variant
}

// sameLetter compares the second letters: of the names that begin alike, few differ in nothing else.
func sameLetter(name []byte, wanted string) bool {
	return len(wanted) < 2 || name[1] >= 0x80 || name[1]|0x20 == wanted[1]|0x20
}
