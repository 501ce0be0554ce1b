package strictjson

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrPointer says that a JSON pointer leads nowhere in the document.
var ErrPointer = errors.New("the JSON pointer leads to no member or element, nor to a new one in an object that is there")

// Set returns a copy of doc with value in the place that the pointer (RFC 6901) leads to, every other byte as it was. A
// member that is not there yet is added at the end of its object.
func Set(doc []byte, pointer string, value []byte) ([]byte, error) {
	if pointer == "" {
		return value, nil
	}
	if pointer[0] != '/' {
		return nil, fmt.Errorf("%w: it must begin with a slash", ErrPointer)
	}
	s := acquire(doc)
	defer s.release()
	if s.err != nil {
		return nil, s.err
	}
	start, end, insert := s.seek(0, strings.Split(pointer[1:], "/"))
	if s.err != nil {
		return nil, s.err
	}
	edited := append([]byte(nil), doc[:start]...)
	edited = append(append(edited, insert...), value...)
	return append(edited, doc[end:]...), nil
}

var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// seek finds the span that a new value replaces, from i on, and what must stand in front of the value there.
func (s *scanner) seek(i int, path []string) (start, end int, insert []byte) {
	key := unescapePointer.Replace(path[0])
	if i = s.next(i); i < 0 {
		return 0, 0, nil
	}
	object := s.doc[i] == '{'
	if !object && s.doc[i] != '[' {
		s.err = ErrPointer
		return 0, 0, nil
	}
	i++
	for count := 0; ; count++ {
		if i = s.next(i); i < 0 {
			return 0, 0, nil
		}
		switch c := s.doc[i]; {
		case c == '}' && object && len(path) == 1:
			insert = append(AppendQuote(nil, key), ':')
			if count > 0 {
				insert = append([]byte{','}, insert...)
			}
			return i, i, insert
		case c == '}' || c == ']':
			s.err = ErrPointer
			return 0, 0, nil
		}
		name := strconv.Itoa(count)
		if object {
			start := i
			if i = s.string(i); i < 0 {
				return 0, 0, nil
			}
			name = Value(s.doc[start:i]).Text()
			if i = s.colon(i); i < 0 {
				return 0, 0, nil
			}
			if i = s.next(i); i < 0 {
				return 0, 0, nil
			}
		}
		if name == key && len(path) > 1 {
			return s.seek(i, path[1:])
		}
		start = i
		if i = s.value(i, nil, 1); i < 0 {
			return 0, 0, nil
		}
		if name == key {
			return start, i, nil
		}
	}
}
