#!/usr/bin/env python3
"""Writes nasty.json: documents that a strict reader of JSON must get right.

The expected verdicts of the named documents are written down one by one. Those of the spoilt ones, which are small
documents with one byte replaced, come from judge below: a second strict parser, made of Python's json and checks of its
own. It must agree with the named verdicts too, as far as "accepted or not" goes.

    python3 nasty.py            write nasty.json
    python3 nasty.py --check    write nothing; exit 1 if the file on disk differs
"""

import base64
import json
import pathlib
import re
import sys

FILE = pathlib.Path(__file__).resolve().parent / "nasty.json"
MAX_DEPTH, MAX_MEMBERS, MAX_STRING, MAX_NUMBER = 32, 2048, 16384, 64
# The members that the reader under test wants.
WANTED = {"status": {}, "key": {}, "transaction": {"tid": {}, "amount": {}, "key": {}}}


class Refused(Exception):
    pass


class Pairs(list):
    """An object with all its members in order."""


def judge(document):
    """Reports whether a strict reader of objects accepts the document."""
    try:
        text = document.decode("utf-8", "strict")
        root = json.loads(text, object_pairs_hook=Pairs, parse_constant=refuse, parse_int=number, parse_float=number)
        if not isinstance(root, Pairs):
            raise Refused("not an object")
        walk(root, 1, WANTED)
        for string in re.findall(r'"((?:[^"\\]|\\.)*)"', text, re.DOTALL):
            if len(string.encode()) > MAX_STRING:
                raise Refused("long string")
    except (Refused, UnicodeError, json.JSONDecodeError, RecursionError):
        return False
    return True


def refuse(word):
    raise Refused(word)


def number(literal):
    if len(literal) > MAX_NUMBER:
        raise Refused("long number")
    return 0


def fold(name):
    """Simple case folding, as far as it leads to ASCII."""
    return "".join({"\u017f": "s", "\u212a": "k"}.get(c, c.lower() if c.isascii() else c) for c in name)


def walk(value, depth, wanted):
    if isinstance(value, str):
        value.encode("utf-8", "strict")  # a lone surrogate raises
    if isinstance(value, list) and depth > MAX_DEPTH:
        raise Refused("deep")
    if isinstance(value, Pairs):
        names = [name for name, _ in value]
        if len(names) > MAX_MEMBERS or len(set(names)) < len(names):
            raise Refused("members")
        for name, member in value:
            walk(name, depth, {})
            if name not in wanted and fold(name) in wanted:
                raise Refused("variant")
            walk(member, depth + 1, wanted.get(name, {}))
    elif isinstance(value, list):
        for element in value:
            walk(element, depth + 1, {})


def members(n):
    return "{" + ",".join(f'"{i:x}":0' for i in range(n)) + "}"


def nested(n):
    return '{"a":' * (n - 1) + "{}" + "}" * (n - 1)


# (name, document, expected error or "ok", reason)
NAMED = [
    ("empty", "", "ErrSyntax", "no document at all"),
    ("only_spaces", " \t\r\n", "ErrSyntax", "white space is no document"),
    ("only_separators", ",:,", "ErrSyntax", "separators are no document"),
    ("empty_object", "{}", "ok", "the smallest object"),
    ("spaces_around", " \r\n\t{ } \n", "ok", "the four kinds of white space around and inside"),
    ("vertical_tab", "{\v}", "ErrSyntax", "a vertical tab is no white space in JSON"),
    ("form_feed_before", "\f{}", "ErrSyntax", "a form feed is no white space in JSON"),
    ("nbsp_inside", '{"a":\u00a00}', "ErrSyntax", "a no-break space is no white space in JSON"),
    ("nbsp_before", "\u00a0{}", "ErrShape", "a no-break space in front of the object"),
    ("nul_before", "\0{}", "ErrSyntax", "NUL is no white space"),
    ("nul_between", '{"a":\0 0}', "ErrSyntax", "NUL is no white space"),
    ("nul_after", "{}\0", "ErrTrailing", "NUL behind the document"),
    ("nul_raw_in_string", '{"a":"\0"}', "ErrSyntax", "a raw NUL in a string"),
    ("nul_escaped", '{"a":"\\u0000"}', "ok", "an escaped NUL is legal; ids refuse it by their own grammar"),
    ("bom", b"\xef\xbb\xbf{}", "ErrShape", "a byte-order mark"),
    ("bom_inside", b'{\xef\xbb\xbf"a":0}', "ErrSyntax", "a byte-order mark as white space"),
    ("bom_utf16", "\ufeff{}".encode("utf-16-le"), "ErrShape", "UTF-16"),
    ("utf16_be_without_bom", "{}".encode("utf-16-be"), "ErrSyntax", "UTF-16 without a mark: NUL in front"),
    ("top_null", "null", "ErrShape", "null at the top, which encoding/json takes for an empty struct"),
    ("top_true", "true", "ErrShape", "a literal at the top"),
    ("top_number", "1", "ErrShape", "a number at the top"),
    ("top_string", '"{}"', "ErrShape", "a string at the top"),
    ("top_array", '[{"status":1}]', "ErrShape", "an array at the top"),
    ("trailing_object", '{"status":1}{"status":2}', "ErrTrailing", "two documents"),
    ("trailing_brace", "{}}", "ErrTrailing", "one brace too many"),
    ("trailing_bracket", "{}]", "ErrTrailing", "a bracket behind the document"),
    ("trailing_comma_behind", "{},", "ErrTrailing", "a comma behind the document"),
    ("trailing_colon_behind", "{}:", "ErrTrailing", "a colon behind the document"),
    ("trailing_word", "{} true", "ErrTrailing", "a literal behind the document"),
    ("trailing_quote", '{}"', "ErrTrailing", "an open string behind the document"),
    ("unclosed_object", '{"a":0', "ErrSyntax", "the end is missing"),
    ("unclosed_array", '{"a":[0}', "ErrSyntax", "a brace where a bracket should be"),
    ("unclosed_arrays", '{"a":[[', "ErrSyntax", "two ends are missing, and the object's"),
    ("unclosed_arrays_behind", '{"a":0,"b":{"c":[[[0', "ErrSyntax", "ends are missing behind other members"),
    ("unclosed_string", '{"a":"0}', "ErrSyntax", "the string has no end"),
    ("unclosed_escape", '{"a":"\\', "ErrSyntax", "ends behind a backslash"),
    ("array_closed_by_brace", '{"a":[}}', "ErrSyntax", "an array closed by a brace"),
    ("object_closed_by_bracket", '{"a":{]}', "ErrSyntax", "an object closed by a bracket"),
    ("opened_2000", "[" * 2000, "ErrShape", "brackets without end, in the wrong shape"),
    ("opened_inside_2000", '{"a":' + "[" * 2000, "ErrDepth", "brackets without end"),
    ("comma_trailing_object", '{"a":0,}', "ErrSyntax", "a comma before the brace"),
    ("comma_trailing_array", '{"a":[0,]}', "ErrSyntax", "a comma before the bracket"),
    ("comma_leading", '{,"a":0}', "ErrSyntax", "a comma behind the brace"),
    ("comma_alone", "{,}", "ErrSyntax", "a comma without members"),
    ("comma_double_object", '{"a":0,,"b":0}', "ErrSyntax", "two commas between members"),
    ("comma_double_array", '{"a":[0,,0]}', "ErrSyntax", "two commas between elements"),
    ("comma_missing_object", '{"a":0 "b":0}', "ErrSyntax", "no comma between members"),
    ("comma_missing_array", '{"a":[0 1]}', "ErrSyntax", "no comma between elements"),
    ("comma_for_colon", '{"a",0}', "ErrSyntax", "a comma where the colon should be"),
    ("colon_missing", '{"a" 0}', "ErrSyntax", "no colon"),
    ("colon_missing_many", '{"a"0"b"0"c"0"d"0"e"0"f"0}', "ErrSyntax", "names without colons, more than room is made for"),
    ("colon_missing_strings", '{"a""b""c""d""e""f"}', "ErrSyntax", "names and values without anything between them"),
    ("colon_double", '{"a"::0}', "ErrSyntax", "two colons"),
    ("colon_for_comma", '{"a":0:"b":0}', "ErrSyntax", "a colon where the comma should be"),
    ("colon_in_array", '{"a":[0:1]}', "ErrSyntax", "a colon between elements"),
    ("value_missing", '{"a":}', "ErrSyntax", "a name without a value"),
    ("value_missing_and_colon", '{"a"}', "ErrSyntax", "a name alone"),
    ("name_number", "{1:0}", "ErrSyntax", "a number as a name"),
    ("name_bare", "{a:0}", "ErrSyntax", "a name without quotes"),
    ("name_null", "{null:0}", "ErrSyntax", "null as a name"),
    ("name_empty", '{"":0}', "ok", "an empty name is legal"),
    ("single_quotes", "{'a':'b'}", "ErrSyntax", "single quotes"),
    ("comment_block", '{"a":0/* */}', "ErrSyntax", "a comment"),
    ("comment_line", '{"a":0}// x', "ErrTrailing", "a comment behind the document"),
    ("comment_hash", '{"a":0 # x\n}', "ErrSyntax", "a comment"),
    ("number_leading_zero", '{"a":01}', "ErrSyntax", "a leading zero"),
    ("number_minus_leading_zero", '{"a":-01}', "ErrSyntax", "a leading zero behind the sign"),
    ("number_double_zero", '{"a":00}', "ErrSyntax", "two zeros"),
    ("number_point_end", '{"a":1.}', "ErrSyntax", "no digit behind the point"),
    ("number_point_start", '{"a":.5}', "ErrSyntax", "no digit before the point"),
    ("number_point_exponent", '{"a":1.e1}', "ErrSyntax", "no digit between point and exponent"),
    ("number_plus", '{"a":+1}', "ErrSyntax", "a plus sign"),
    ("number_minus_alone", '{"a":-}', "ErrSyntax", "a sign without a number"),
    ("number_minus_double", '{"a":--1}', "ErrSyntax", "two signs"),
    ("number_exponent_empty", '{"a":1e}', "ErrSyntax", "an exponent without digits"),
    ("number_exponent_sign", '{"a":1e+}', "ErrSyntax", "an exponent of a sign alone"),
    ("number_exponent_fraction", '{"a":1e1.5}', "ErrSyntax", "a fraction in the exponent"),
    ("number_hex", '{"a":0x1}', "ErrSyntax", "hex digits"),
    ("number_underscore", '{"a":1_000}', "ErrSyntax", "an underscore between digits"),
    ("number_comma", '{"a":1,5}', "ErrSyntax", "a comma for the point"),
    ("number_inner_space", '{"a":1 000}', "ErrSyntax", "a space between digits"),
    ("number_inner_nul", '{"a":1\0}', "ErrSyntax", "NUL behind the number"),
    ("number_fullwidth", '{"a":\uff11}', "ErrSyntax", "a digit that is not ASCII"),
    ("number_nan", '{"a":NaN}', "ErrSyntax", "NaN is no JSON"),
    ("number_infinity", '{"a":Infinity}', "ErrSyntax", "Infinity is no JSON"),
    ("number_minus_infinity", '{"a":-Infinity}', "ErrSyntax", "-Infinity is no JSON"),
    ("number_all_forms", '{"a":[0,-0,1,-1,1.5,-0.0,1e1,1E+1,1e-1,0e0]}', "ok", "all legal forms"),
    ("number_64", '{"a":' + "9" * 64 + "}", "ok", "as long as a number may be"),
    ("number_65", '{"a":' + "9" * 65 + "}", "ErrNumber", "one digit too many"),
    ("number_64_signed", '{"a":-' + "9" * 63 + "}", "ok", "the sign counts"),
    ("number_65_fraction", '{"a":[0.' + "1" * 63 + "]}", "ErrNumber", "the point counts"),
    ("number_2000", '{"a":' + "1" * 2000 + "}", "ErrNumber", "a number without end"),
    ("literal_upper", '{"a":True}', "ErrSyntax", "literals are lower case"),
    ("literal_nul", '{"a":nul}', "ErrSyntax", "a literal cut off"),
    ("literal_nulll", '{"a":nulll}', "ErrSyntax", "a letter too many"),
    ("literal_undefined", '{"a":undefined}', "ErrSyntax", "not a literal of JSON"),
    ("literals", '{"a":[null,true,false]}', "ok", "all literals"),
    ("string_tab", '{"a":"\t"}', "ErrSyntax", "a raw tab in a string"),
    ("string_line_feed", '{"a":"\n"}', "ErrSyntax", "a raw line feed in a string"),
    ("string_unit_separator", '{"a":"\x1f"}', "ErrSyntax", "the last of the control characters"),
    ("string_delete", '{"a":"\x7f"}', "ok", "DEL is not one of those"),
    ("name_control", '{"a\x01":0}', "ErrSyntax", "a raw control character in a name"),
    ("string_line_separator", '{"a":"\u2028"}', "ok", "U+2028 is legal"),
    ("escape_unknown", '{"a":"\\x41"}', "ErrSyntax", "an escape JSON does not have"),
    ("escape_quote_single", '{"a":"\\\'"}', "ErrSyntax", "an escape JSON does not have"),
    ("escape_upper_u", '{"a":"\\U0041"}', "ErrSyntax", "a capital U"),
    ("escape_short", '{"a":"\\u004"}', "ErrSyntax", "three hex digits"),
    ("escape_not_hex", '{"a":"\\u00g1"}', "ErrSyntax", "not a hex digit"),
    ("escape_all", r'{"a":"\"\\\/\b\f\n\r\t\u00e9\u00E9"}', "ok", "all escapes"),
    ("escape_swallows_quote", '{"a":"\\"}', "ErrSyntax", "the quote is escaped"),
    ("backslashes_even", '{"a":"\\\\\\\\"}', "ok", "two escaped backslashes, then the end"),
    ("backslashes_odd", '{"a":"\\\\\\"}', "ErrSyntax", "the last backslash escapes the quote"),
    ("surrogate_pair", r'{"a":"\ud83d\ude00"}', "ok", "both halves"),
    ("surrogate_high", r'{"a":"\ud83d"}', "ErrSyntax", "a high surrogate alone"),
    ("surrogate_low", r'{"a":"\ude00"}', "ErrSyntax", "a low surrogate alone"),
    ("surrogate_swapped", r'{"a":"\ude00\ud83d"}', "ErrSyntax", "the halves in the wrong order"),
    ("surrogate_high_then_text", r'{"a":"\ud83dx"}', "ErrSyntax", "a high surrogate before a letter"),
    ("surrogate_two_high", r'{"a":"\ud83d\ud83d\ude00"}', "ErrSyntax", "a high surrogate before a pair"),
    ("surrogate_name", r'{"\ud800":0}', "ErrSyntax", "a lone surrogate in a name"),
    ("surrogate_raw", b'{"a":"\xed\xa0\x80"}', "ErrSyntax", "a surrogate in UTF-8"),
    ("utf8_continuation", b'{"a":"\x80"}', "ErrSyntax", "a continuation byte alone"),
    ("utf8_cut", b'{"a":"\xe2\x82"}', "ErrSyntax", "a character cut off"),
    ("utf8_cut_before_quote", b'{"a":"\xc3"}', "ErrSyntax", "a lead byte must not swallow the quote"),
    ("utf8_ff", b'{"a":"\xff"}', "ErrSyntax", "a byte UTF-8 does not have"),
    ("utf8_overlong_slash", b'{"a":"\xc0\xaf"}', "ErrSyntax", "an overlong slash"),
    ("utf8_overlong_nul", b'{"a":"\xc0\x80"}', "ErrSyntax", "an overlong NUL"),
    ("utf8_overlong_quote", b'{"a":"\xe0\x80\xa2"}', "ErrSyntax", "an overlong quote"),
    ("utf8_too_large", b'{"a":"\xf4\x90\x80\x80"}', "ErrSyntax", "beyond U+10FFFF"),
    ("utf8_latin1", '{"a":"é"}'.encode("latin-1"), "ErrSyntax", "Latin-1"),
    ("utf8_in_name", b'{"\xff":0}', "ErrSyntax", "invalid UTF-8 in a name"),
    ("utf8_outside_string", b'{"a":0\xff}', "ErrSyntax", "invalid UTF-8 between tokens"),
    ("utf8_good", '{"a":"é€😀\U0010ffff"}', "ok", "two, three and four bytes"),
    ("dup_wanted", '{"status":1,"status":2}', "ErrDuplicate", "a wanted name twice"),
    ("dup_wanted_equal", '{"status":1,"status":1}', "ErrDuplicate", "twice with the same value"),
    ("dup_wanted_null", '{"status":null,"status":1}', "ErrDuplicate", "null first"),
    ("dup_unwanted", '{"x":1,"x":2}', "ErrDuplicate", "a name nobody asks for, twice"),
    ("dup_apart", '{"x":1,"y":{"x":1},"z":[{"x":1}],"x":2}', "ErrDuplicate", "far apart, other objects between"),
    ("dup_object", '{"transaction":{"tid":1},"transaction":{"tid":2}}', "ErrDuplicate", "an object twice"),
    ("dup_in_wanted_object", '{"transaction":{"amount":1,"amount":2}}', "ErrDuplicate", "one level down"),
    ("dup_in_unwanted_object", '{"x":{"y":{"z":1,"z":2}}}', "ErrDuplicate", "two levels down, unwanted"),
    ("dup_in_array", '{"x":[{"z":1,"z":2}]}', "ErrDuplicate", "in an element"),
    ("dup_in_deep_array", '{"x":[[[{"z":1,"z":2}]]]}', "ErrDuplicate", "in an element of an element"),
    ("dup_deepest", '{"a":' * 31 + '{"z":1,"z":2}' + "}" * 31, "ErrDuplicate", "on the deepest level"),
    ("dup_escaped", r'{"status":1,"\u0073tatus":2}', "ErrDuplicate", "the second through an escape"),
    ("dup_escaped_first", r'{"st\u0061tus":1,"status":2}', "ErrDuplicate", "the first through an escape"),
    ("dup_escaped_both", r'{"\u0078":1,"\u0078":2}', "ErrDuplicate", "both through an escape"),
    ("dup_escaped_hex_case", r'{"\u00e9":1,"\u00E9":2}', "ErrDuplicate", "the escape in two spellings"),
    ("dup_escaped_raw", '{"é":1,"\\u00e9":2}', "ErrDuplicate", "raw and escaped"),
    ("dup_escaped_pair", '{"😀":1,"\\ud83d\\ude00":2}', "ErrDuplicate", "raw and as a surrogate pair"),
    ("dup_escaped_solidus", '{"a/b":1,"a\\/b":2}', "ErrDuplicate", "an escape that is never needed"),
    ("dup_empty", '{"":1,"":2}', "ErrDuplicate", "the empty name twice"),
    ("dup_last_of_many", members(2000)[:-1] + ',"0":1}', "ErrDuplicate", "the first of 2,000 names again"),
    ("same_name_elsewhere", '{"x":{"x":{"x":[{"x":1},{"x":1}]}}}', "ok", "one name in several objects"),
    ("composed_and_not", '{"\u00e9":1,"e\u0301":2}', "ok", "equal to the eye, other code points"),
    ("variant_capital", '{"Status":1}', "ErrVariant", "a capital"),
    ("variant_all_capitals", '{"STATUS":1}', "ErrVariant", "all capitals"),
    ("variant_beside", '{"status":1,"STATUS":2}', "ErrVariant", "beside the wanted one"),
    ("variant_before", '{"StAtUs":2,"status":1}', "ErrVariant", "before the wanted one"),
    ("variant_long_s", '{"\u017ftatus":1}', "ErrVariant", "U+017F folds to s"),
    ("variant_long_s_last", '{"statu\u017f":1}', "ErrVariant", "U+017F at the end"),
    ("variant_kelvin", '{"\u212aey":1}', "ErrVariant", "U+212A folds to k"),
    ("variant_long_s_escaped", r'{"\u017ftatus":1}', "ErrVariant", "U+017F through an escape"),
    ("variant_kelvin_escaped", r'{"\u212Aey":1}', "ErrVariant", "U+212A through an escape"),
    ("variant_escaped", r'{"\u0053tatus":1}', "ErrVariant", "a capital through an escape"),
    ("variant_nested", '{"transaction":{"Amount":1}}', "ErrVariant", "one level down"),
    ("variant_nested_kelvin", '{"transaction":{"\u212aEY":1}}', "ErrVariant", "U+212A one level down"),
    ("variant_of_container", '{"Transaction":{"amount":1}}', "ErrVariant", "the name of the object"),
    ("variant_null", '{"STATUS":null}', "ErrVariant", "null is no excuse"),
    ("variant_unwanted", '{"x":1,"X":2}', "ok", "nobody asks for either"),
    ("variant_in_free_form", '{"data":{"Status":1,"status":2}}', "ok", "the wanted name in an object nobody asks for"),
    ("variant_in_array", '{"transaction":[{"Amount":1}]}', "ok", "elements are not the object that is wanted"),
    ("variant_other_level", '{"Amount":1,"transaction":{"Status":2}}', "ok", "a wanted name on another level"),
    ("variant_dotless_i", '{"trans\u0131ction":1,"t\u0131d":2}', "ok", "U+0131 does not fold to i"),
    ("variant_sharp_s", '{"\u00dftatus":1}', "ok", "simple folding does not make ss"),
    ("variant_fullwidth", '{"\uff53tatus":1}', "ok", "compatibility is no letter case"),
    ("wanted_prefix", '{"statu":1,"statuss":2,"ke":3,"keys":4}', "ok", "other names with a common beginning"),
    ("wanted_dotted", '{"transaction.tid":1}', "ok", "a point in a name is no path"),
    ("depth_32", nested(32), "ok", "as deep as it may be"),
    ("depth_33", nested(33), "ErrDepth", "one object too deep"),
    ("depth_32_arrays", '{"a":' + "[" * 31 + "]" * 31 + "}", "ok", "arrays as deep as they may be"),
    ("depth_33_arrays", '{"a":' + "[" * 32 + "]" * 32 + "}", "ErrDepth", "one array too deep"),
    ("depth_33_unclosed", '{"a":' * 33, "ErrDepth", "too deep and without an end"),
    ("depth_scalar_in_32", '{"a":' + "[" * 31 + "0" + "]" * 31 + "}", "ok", "a scalar is no level"),
    ("wide_not_deep", '{"a":[' + ",".join(["[]"] * 5000) + "]}", "ok", "levels that are closed do not count"),
    ("members_2048", members(2048), "ok", "as many as there may be"),
    ("members_2049", members(2049), "ErrMembers", "one too many"),
    ("members_2049_nested", '{"x":[' + members(2049) + "]}", "ErrMembers", "one too many in an inner object"),
    ("members_of_two_objects", '{"x":' + members(2000) + ',"y":' + members(2000) + "}", "ok", "each object counts its own"),
    ("string_16384", '{"a":"' + "x" * 16384 + '"}', "ok", "as long as it may be"),
    ("string_16385", '{"a":"' + "x" * 16385 + '"}', "ErrString", "one byte too many"),
    ("string_escaped_16384", '{"a":"' + "\\n" * 8192 + '"}', "ok", "counted as sent"),
    ("string_escaped_16386", '{"a":"' + "\\n" * 8193 + '"}', "ErrString", "counted as sent, not as meant"),
    ("string_multibyte_16386", '{"a":"' + "\u20ac" * 5462 + '"}', "ErrString", "bytes, not characters"),
    ("name_16384", '{"' + "x" * 16384 + '":0}', "ok", "names count as strings"),
    ("name_16385", '{"' + "x" * 16385 + '":0}', "ErrString", "a name of one byte too many"),
    ("number_in_string_long", '{"a":"' + "9" * 65 + '"}', "ok", "digits in a string are no number"),
    ("brackets_in_string", '{"a":"' + "[{" * 100 + '"}', "ok", "brackets in a string are no levels"),
    ("quote_in_name", r'{"a\"":0,"a":1}', "ok", "an escaped quote does not end a name"),
]

SPOILT = [
    '{"status":-1.5e3,"transaction":{"tid":7,"x":[true,null]}}',
    '{"a":"\\u00e9\\n","b":{"a":[0,"é"]}}',
    '{"key":[{},[],""],"x":{"key":"\\ud83d\\ude00"}}',
]
REPLACEMENTS = b'\x00 \t"\\{}[],:0-.eu\x80\xc3\xed\xff'


def spoilt():
    for text in SPOILT:
        document = text.encode()
        for i in range(len(document)):
            for c in REPLACEMENTS:
                yield document[:i] + bytes([c]) + document[i + 1:]
            yield document[:i] + document[i + 1:]


def main():
    rows = []
    for name, document, want, reason in NAMED:
        document = document if isinstance(document, bytes) else document.encode()
        if judge(document) != (want == "ok"):
            sys.exit(f"{name}: expected {want}, but Python's parser says otherwise")
        rows.append({"name": name, "document": encode(document), "want": want, "reason": reason})
    verdicts = {encode(d): judge(d) for d in spoilt()}
    lines = [json.dumps(row) for row in rows]
    text = '{"named": [\n' + ",\n".join(lines) + '\n],\n"accepted": '
    text += words([d for d, ok in verdicts.items() if ok]) + ',\n"refused": '
    text += words([d for d, ok in verdicts.items() if not ok]) + "}\n"
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, newline="\n")
    elif FILE.read_text() != text:
        sys.exit("nasty.json is not what this program writes: run it without --check")


def encode(document):
    return base64.b64encode(document).decode()


def words(documents):
    return "[" + ",\n".join(f'"{d}"' for d in documents) + "]"


main()
