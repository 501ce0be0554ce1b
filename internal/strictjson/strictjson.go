// Package strictjson reads JSON documents whose authenticity may not be known yet.
//
// A document is read in two steps. The index walks it once, keeps the wanted members, and refuses whatever exceeds the
// limits, a name that occurs twice in its object, and a name that differs from a wanted one in letter case alone. The
// grammar is then the library's word: it refuses invalid UTF-8, lone surrogates, byte-order marks, trailing data and
// everything else outside RFC 8259. The index is lax about grammar, since nothing of it is used before that word is given;
// it comes first because it bounds what the library would otherwise recurse into. The cost of both is linear.
//
// Two parsers that read one document differently are how forged messages pass a check (RFC 7493 exists for that reason),
// so there is one set of rules for all providers and no option that loosens it. Values come back as the bytes that stand
// in the document: numbers are never converted.
package strictjson

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"math/bits"
	"strings"
	"sync"

	// On Go 1.27 and later this package is an alias of the standard library's encoding/json/jsontext; the import changes
	// to that one when Go 1.26 is dropped. It is imported in this file alone.
	"github.com/go-json-experiment/json/jsontext"
)

// The limits of a document. They bound the work on bytes that nobody has vouched for.
const (
	MaxDepth   = 32       // nested objects and arrays
	MaxMembers = 2048     // of one object
	MaxString  = 16 << 10 // bytes between the quotes, as sent; names included
	MaxNumber  = 64       // characters
)

// Errors of a document that is not read. None of them quotes it.
var (
	ErrSyntax    = errors.New("not one JSON document in UTF-8")
	ErrTrailing  = errors.New("data after the JSON document")
	ErrShape     = errors.New("another kind of JSON value than expected at the top")
	ErrDuplicate = errors.New("a name twice in one JSON object")
	ErrVariant   = errors.New("a JSON name that differs from the expected one in letter case")
	ErrDepth     = errors.New("JSON nested deeper than 32 levels")
	ErrMembers   = errors.New("a JSON object of more than 2048 members")
	ErrString    = errors.New("a JSON string of more than 16 KiB")
	ErrNumber    = errors.New("a JSON number of more than 64 characters")
	ErrSize      = errors.New("a JSON document of more than 2 GiB")
)

// Read reads the object doc and puts the wanted members into values, which has one element for each path.
func (m *Members) Read(doc []byte, values []Value) error {
	s := acquire(doc)
	defer s.release()
	if !s.top('{') || s.object(s.at, m.root, 1) < 0 {
		return s.err
	}
	s.deliver(values)
	return s.grammar()
}

// Reread is Read for a document that Read has accepted before, whatever members it wanted then. It repeats no check; with
// any other document its result is unspecified.
func (m *Members) Reread(doc []byte, values []Value) error {
	s := scanner{doc: doc, accepted: true}
	if s.top('{') {
		s.object(s.at, m.root, 1)
	}
	s.deliver(values)
	return s.err
}

// ReadArray reads the array doc and calls each for its elements in order. element is the text of one; values holds its
// wanted members until each returns, all absent if it is no object; err is ErrVariant if the name of one of them is spelt
// in another letter case, which is that element's fault alone. If ReadArray returns an error, the document is not strict
// JSON, and what each was given is to be discarded.
func (m *Members) ReadArray(doc []byte, values []Value, each func(element Value, err error)) error {
	s := acquire(doc)
	defer s.release()
	s.perElement = true
	if !s.top('[') {
		return s.err
	}
	for i := s.at; ; {
		if i = s.next(i); i < 0 {
			return s.err
		}
		if doc[i] == ']' {
			return s.grammar()
		}
		s.found, s.variant = [maxWanted]span{}, nil
		start := i
		if i = s.value(i, m.root, 1); i < 0 {
			return s.err
		}
		s.deliver(values)
		each(doc[start:i], s.variant)
	}
}

// A scanner indexes one document. Its methods take the index to begin at and return the one behind what they read, or -1
// once err is set.
type scanner struct {
	doc        []byte
	err        error
	at         int    // behind the opening bracket
	objects    uint64 // opened so far: tells the names of one object from those of another
	escaped    bool   // the last string has an escape in it
	accepted   bool   // the document has been read before
	perElement bool   // a variant spoils the element it is in, not the document
	variant    error  // of the current element
	*workspace
	found [maxWanted]span // by slot
}

// A span is where a value stands; the zero span is none.
type span struct{ start, end int32 }

// deliver puts what was found into values.
func (s *scanner) deliver(values []Value) {
	for i := range values {
		values[i] = nil
		if f := s.found[i]; f.end > 0 {
			values[i] = s.doc[f.start:f.end:f.end]
		}
	}
}

// A workspace is what reading needs beside the document, kept for the next one.
type workspace struct {
	buffer  bytes.Buffer
	decoder *jsontext.Decoder
	names   nameSet
	scratch []byte
}

var workspaces = sync.Pool{New: func() any {
	w := new(workspace)
	w.decoder = jsontext.NewDecoder(&w.buffer, allowDuplicates)
	return w
}}

func acquire(doc []byte) scanner {
	s := scanner{doc: doc, workspace: workspaces.Get().(*workspace)}
	if len(doc) > math.MaxInt32 { // a span could not hold it
		s.err = ErrSize
		return s
	}
	s.names.prepare(doc)
	return s
}

// release gives the workspace back without a trace of the document: payloads hold cardholder data.
func (s *scanner) release() {
	s.buffer = bytes.Buffer{}
	s.decoder.Reset(&s.buffer, allowDuplicates)
	s.names.reset()
	clear(s.scratch[:cap(s.scratch)])
	workspaces.Put(s.workspace)
}

// allowDuplicates leaves the names to nameSet. The library's own check takes 19 times the size of a hostile document.
var allowDuplicates = jsontext.AllowDuplicateNames(true)

// grammar makes sure that the document is one JSON value and nothing else.
func (s *scanner) grammar() error {
	s.buffer = *bytes.NewBuffer(s.doc) // which the decoder reads in place, and has not begun with
	// ReadValue, not SkipValue: the whole document is in memory, and SkipValue would go through it token by token.
	if _, err := s.decoder.ReadValue(); err != nil {
		return ErrSyntax
	}
	if _, err := s.decoder.ReadToken(); err != io.EOF {
		return ErrTrailing
	}
	return nil
}

func (s *scanner) fail(err error) int {
	s.err = err
	return -1
}

// top reads the first bracket.
func (s *scanner) top(bracket byte) bool {
	if s.err != nil {
		return false
	}
	i := s.next(0)
	if i >= 0 && s.doc[i] != bracket {
		s.err = ErrShape
	}
	s.at = i + 1
	return s.err == nil
}

// next passes over white space, commas and colons, which only separate, and finds the beginning of something.
func (s *scanner) next(i int) int {
	for doc := s.doc; i < len(doc); i++ {
		if !separates(doc[i]) {
			return i
		}
	}
	return s.fail(ErrSyntax)
}

// colon passes over the colon behind a name. The room in nameSet is for as many names as there are colons, so here the
// index is not lax.
func (s *scanner) colon(i int) int {
	for i < len(s.doc) && s.doc[i] <= ' ' {
		i++
	}
	if i == len(s.doc) || s.doc[i] != ':' {
		return s.fail(ErrSyntax)
	}
	return i + 1
}

func separates(c byte) bool { return c <= ' ' || c == ',' || c == ':' }

// ends is what cannot stand in a number or a literal.
var ends = func() (set [256]bool) {
	for c := range set {
		set[c] = separates(byte(c)) || strings.IndexByte(`{}[]"`, byte(c)) >= 0
	}
	return set
}()

// value reads what begins at i. depth counts the containers around it.
func (s *scanner) value(i int, n *node, depth int) int {
	start := i
	switch s.doc[i] {
	case '"':
		i = s.string(i)
	case '{':
		i = s.object(i+1, n, depth+1)
	case '[':
		i = s.array(i+1, depth+1)
	default:
		i = s.scalar(i)
	}
	if n != nil && n.slot >= 0 && i >= 0 {
		s.found[n.slot] = span{int32(start), int32(i)}
	}
	return i
}

func (s *scanner) object(i int, n *node, depth int) int {
	if depth > MaxDepth {
		return s.fail(ErrDepth)
	}
	s.objects++
	id := s.objects
	var alone Value // the name of the first member
	for members := 0; ; members++ {
		if i = s.next(i); i < 0 {
			return i
		}
		switch {
		case s.doc[i] == '}':
			return i + 1
		case s.doc[i] != '"':
			return s.fail(ErrSyntax)
		case members == MaxMembers:
			return s.fail(ErrMembers)
		}
		start := i
		if i = s.string(i); i < 0 {
			return i
		}
		name := s.doc[start:i]
		if i = s.colon(i); i < 0 {
			return i
		}
		if i = s.next(i); i < 0 {
			return i
		}
		var member *node
		switch {
		case s.accepted && n == nil:
		case members == 0 && n == nil && !s.escaped:
			alone = name // until a second one comes there is nothing to compare it with
		default:
			if alone != nil {
				s.names.add(id, alone[1:len(alone)-1])
				alone = nil
			}
			member = s.member(name, id, n)
		}
		if i = s.value(i, member, depth); i < 0 || s.err != nil {
			return -1
		}
	}
}

func (s *scanner) array(i, depth int) int {
	if depth > MaxDepth {
		return s.fail(ErrDepth)
	}
	for {
		if i = s.next(i); i < 0 {
			return i
		}
		if s.doc[i] == ']' {
			return i + 1
		}
		if i = s.value(i, nil, depth); i < 0 {
			return i
		}
	}
}

// scalar reads a number or a literal: all that stands together.
func (s *scanner) scalar(i int) int {
	start := i
	for i++; i < len(s.doc) && !ends[s.doc[i]]; i++ {
	}
	if i-start > MaxNumber {
		return s.fail(ErrNumber)
	}
	return i
}

// string reads the string that begins at i, eight bytes at a time: half of a document is in strings.
func (s *scanner) string(i int) int {
	doc, start := s.doc, i+1
	s.escaped = false
	for i = start; i < len(doc); {
		if i+8 <= len(doc) {
			word := binary.LittleEndian.Uint64(doc[i : i+8])
			found := zeroBytes(word^quotes) | zeroBytes(word^backslashes)
			if found == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		}
		switch doc[i] {
		case '"':
			if i-start > MaxString {
				return s.fail(ErrString)
			}
			return i + 1
		case '\\':
			s.escaped = true
			i++
		}
		i++
	}
	return s.fail(ErrSyntax)
}

const (
	ones        = 0x0101010101010101
	quotes      = '"' * ones
	backslashes = '\\' * ones
)

// zeroBytes sets the highest bit of the lowest byte that is zero; bits above that one mean nothing.
func zeroBytes(word uint64) uint64 { return (word - ones) &^ word & (0x80 * ones) }

// member checks a name and returns what is wanted below it.
func (s *scanner) member(raw Value, object uint64, n *node) *node {
	name := raw[1 : len(raw)-1]
	if s.escaped {
		name = s.unescape(raw)
	}
	if !s.accepted && !s.names.add(object, name) {
		s.err = ErrDuplicate
	}
	member, variant := n.find(name)
	switch {
	case !variant || s.accepted:
	case s.perElement:
		s.variant = ErrVariant
	default:
		s.err = ErrVariant
	}
	return member
}

func (s *scanner) unescape(raw Value) Value {
	if s.workspace == nil {
		return unquote(nil, raw)
	}
	s.scratch = unquote(s.scratch[:0], raw)
	return s.scratch
}

// unquote appends the content of the string v. Of a string that is invalid it makes something, which is not used: grammar
// refuses the document.
func unquote(dst []byte, v Value) []byte {
	dst, _ = jsontext.AppendUnquote(dst, []byte(v))
	return dst
}

// AppendQuote appends s as a JSON string; invalid UTF-8 in it becomes U+FFFD.
func AppendQuote(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}
