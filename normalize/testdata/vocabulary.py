"""What praxis.py and pxp.py have in common: ways to misspell a word, and the form of their files.

A file is a list of tables. Each has a payload, and columns and rows: JSON pointers with the values that the payload gets
there, none where a member is to be missing. "want" names the event of each column in its row, as type.status.
"""

import json
import pathlib
import sys

ABSENT = object()
# What stands where a word should be: null, other kinds of values, nothing at all, and words that nobody documents.
NO_WORDS = [None, 7, True, ["word"], {"word": 1}, ABSENT, "", "nonsense", "null", "succeeded"]


def lower(word):
    """Puts A to Z in lower case and nothing else: neither trimmed nor folded as Unicode would."""
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in word)


def spellings(words):
    """Returns the words, also in another case, which means the same, and spelt so that they are no words any more."""
    result = list(words)
    for word in words:
        result += [word.swapcase(), word + " "]
        # Unicode folds these two into s and k, and ASCII does not.
        result += [word.replace("s", "\u017f"), word.replace("k", "\u212a")]
    first = next(iter(words))
    result += [" " + first, first + "\u00a0", first + "\0", first + "\n", first.title(), first[:-1], first + first[-1]]
    return list(dict.fromkeys(result))


def places(pointer, values):
    return [{} if value is ABSENT else {pointer: value} for value in values]


def value(members, pointer):
    """Returns the word that was put there, or None for whatever is no string."""
    word = members.get(pointer)
    return lower(word) if isinstance(word, str) else None


def grid(text, columns):
    """Reads a table of cells "status", or "type/status" where the type is not the row's or column's own: word -> cells.

    The mark behind it tells what is documented (D) and what is judgement (J).
    """
    rows = {}
    for line in text.strip().splitlines():
        words, *cells = [part.strip() for part in line.split("|")]
        assert len(cells) == columns, line
        for word in words.split(","):
            rows[lower(word.strip())] = [cell.split()[0] for cell in cells]
    return rows


def name(cell, kind):
    """Returns type.status of a cell; "-" is not expected, which is unknown."""
    own, _, status = cell.rpartition("/")
    return f"{own or kind}.{'unknown' if status == '-' else status}"


def table(payload, columns, rows, want):
    cells = [{"set": row, "want": " ".join(want({**column, **row}) for column in columns)} for row in rows]
    return {"payload": payload, "columns": columns, "rows": cells}


def main(tables):
    text = []
    for t in tables:
        head = ",\n ".join(json.dumps(key) + ": " + json.dumps(t[key]) for key in ("payload", "columns"))
        text.append("{" + head + ',\n "rows": [\n' + ",\n".join(map(json.dumps, t["rows"])) + "\n]}")
    text = "[\n" + ",\n".join(text) + "\n]\n"
    target = pathlib.Path(sys.argv[0]).with_suffix(".json")
    if sys.argv[1:] == ["--check"]:
        if target.read_text() != text:
            sys.exit(f"{target.name} differs: run {target.stem}.py")
    elif sys.argv[1:]:
        sys.exit("no arguments, or --check")
    else:
        target.write_text(text)
        print(sum(len(t["rows"]) * len(t["columns"]) for t in tables), "cells")
