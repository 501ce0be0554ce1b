package strictjson

import "bytes"

// Kind is the first byte of a value: one of { [ " 0 t f n, and 0 for a member that is absent.
type Kind byte

// The kinds of values.
const (
	Absent Kind = 0
	Null   Kind = 'n'
	True   Kind = 't'
	False  Kind = 'f'
	String Kind = '"'
	Number Kind = '0'
	Object Kind = '{'
	Array  Kind = '['
)

// A Value is the text of one JSON value exactly as it stands in the document, without surrounding white space. It aliases
// the document. Nil is an absent member.
type Value []byte

// Kind tells what v is.
func (v Value) Kind() Kind {
	switch {
	case len(v) == 0:
		return Absent
	case v[0] == '-' || v[0]-'0' <= 9:
		return Number
	}
	return Kind(v[0])
}

// Missing reports whether v is absent or null.
func (v Value) Missing() bool { return len(v) == 0 || v[0] == 'n' }

// Unquoted returns the content of a string, or any other value as it stands. It aliases the document unless the string has
// an escape in it.
func (v Value) Unquoted() []byte {
	if v.Kind() != String {
		return v
	}
	if content := v[1 : len(v)-1]; bytes.IndexByte(content, '\\') < 0 {
		return content
	}
	return unquote(nil, v)
}

// AppendTo appends the content of a string, or any other value as it stands.
func (v Value) AppendTo(dst []byte) []byte {
	if v.Kind() != String {
		return append(dst, v...)
	}
	if content := v[1 : len(v)-1]; bytes.IndexByte(content, '\\') < 0 {
		return append(dst, content...)
	}
	return unquote(dst, v)
}

// Text returns the content of a string; it is empty for every other kind.
func (v Value) Text() string {
	if v.Kind() != String {
		return ""
	}
	return string(v.Unquoted())
}
