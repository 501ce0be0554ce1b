#!/usr/bin/env python3
"""Writes readings.json: Praxis notifications and what a verifier must make of the ways to read their signed text.

Messages are generated with a fixed seed. Some are sent as they are; of others, another reading of the same text is sent,
as somebody would who holds the signature of the first. The verdict comes from enumerating every way to cut the text into
the eleven values, one value after the other, with the grammar of each as a regular expression: slow, and nothing like
the enumeration it is compared with.

    python3 readings.py            write readings.json
    python3 readings.py --check    write nothing; exit 1 if the file on disk differs
"""

import functools
import json
import pathlib
import random
import re
import sys
from fractions import Fraction

FILE = pathlib.Path(__file__).resolve().parent / "readings.json"
MERCHANT = "Merchant-1"
MOST = 256  # so many readings count as ambiguous without a look at them
DECIMALS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}  # all others: 2
NOTHING = ("",) * 6  # a transaction that is null


def grammar(keys, token, order, received_rate):
    """One pattern for each value, and whether it can be null."""
    if received_rate == "":
        decimals = r"\.[0-9]{1,10}"  # a rate that appears out of nothing looks like those that are sent
    elif "." in received_rate:
        decimals = r"\.[0-9]{%d}" % len(received_rate.split(".")[1])
    else:
        decimals = ""
    amount, currency = r"0|[1-9][0-9]{0,18}", r"[A-Z]{3,5}"
    return [re.compile(p) for p in (
        re.escape(MERCHANT), "|".join(map(re.escape, keys)), r"[1-9][0-9]{9}", token or r"[0-9a-f]{32}", order,
        r"[1-9][0-9]{0,10}", currency, amount, r"(0|[1-9][0-9]{0,8})" + decimals, currency, amount)]


def readings(text, patterns):
    """All ways to read the text as eleven values, null being empty."""
    @functools.cache
    def cut(i, start):
        """All ways to read the rest as the values from i on."""
        if i == len(patterns):
            return [()] if start == len(text) else []
        found = []
        if i == 5 and start == len(text):
            found.append(NOTHING)
        elif i >= 8:  # null
            found += [("",) + rest for rest in cut(i + 1, start)]
        for end in range(start + 1, min(len(text), start + (64 if i == 3 else 50)) + 1):
            if patterns[i].fullmatch(text, start, end):
                found += [(text[start:end],) + rest for rest in cut(i + 1, end)]
        return found

    for reading in cut(0, 0):
        rate, currency, amount = reading[8:]
        if (currency == "") == (amount == "") and (rate != "" or amount == ""):
            yield reading


def equation(reading):
    currency, amount, rate, processed_currency, processed = reading[6:]
    if processed == "" or DECIMALS.get(currency, 2) != DECIMALS.get(processed_currency, 2):
        return False
    return abs(int(amount) * Fraction(rate) - int(processed)) <= 1


def verdict(received, found):
    if len(found) >= MOST:
        return "hint"
    assert found.count(received) == 1, received
    if len(found) == 1:
        return "partial"
    fits = [r for r in found if equation(r)]
    if len(fits) != 1:
        return "hint"
    return "partial" if fits[0] == received else "ambiguous"


def digits(rng, n):
    return str(rng.randrange(10 ** (n - 1), 10 ** n))


ORDERS = {  # pattern -> generator
    r"order-[0-9]{4}": lambda rng: "order-" + digits(rng, 4),
    r"order-[0-9]+": lambda rng: "order-" + digits(rng, rng.randint(1, 6)),
    r"[0-9]{6}": lambda rng: digits(rng, 6),
    r"[1-9][0-9]*": lambda rng: digits(rng, rng.randint(1, 7)),
    r"[A-Z]{2}[0-9]+": lambda rng: "AB" + digits(rng, rng.randint(1, 5)),
    r"[0-9a-f]{8}-[0-9a-f]{4}": lambda rng: "%08x-%04x" % (rng.getrandbits(32), rng.getrandbits(16)),
    r"[A-Za-z0-9.-]{1,50}": lambda rng: rng.choice(["A7EUR55", "inv-20481", "x", "2020.5", "7USD1.5EUR20"]),
    r"[A-Z0-9é]+": lambda rng: "É".lower() + digits(rng, 3) + "EUR" + digits(rng, 2),
}
TOKENS = {
    None: lambda rng: "%032x" % rng.getrandbits(128),
    r"[0-9a-f]{8,12}": lambda rng: "%010x" % rng.getrandbits(40),
    r"[a-z]+[0-9]*": lambda rng: rng.choice(["abc", "token7", "z99"]),
}
KEYS = [["Live"], ["Shop", "Shop1"], ["Live", "Test", "Live2"]]


def message(rng, keys, token, order):
    amount = rng.choice([0, 5, 100, 250, 4999, 20001, rng.randrange(1, 10 ** 6)])
    rate = rng.choice(["1.000000", "23.500000", "3.5", "0.043210", "151.123456", "11.111010", "11.110480", "111.111",
        "25", "%d.%06d" % (rng.randrange(0, 200), rng.randrange(10 ** 6))])
    currency, other = rng.sample(["EUR", "USD", "CZK", "JPY", "KRW", "KWD", "USDT"], 2)
    processed = [str(round(amount * Fraction(rate)) + rng.choice([0, 0, 0, 1, -1, 2]) * (amount > 0)), other]
    head = (MERCHANT, rng.choice(keys), "1" + digits(rng, 9), TOKENS[token](rng), ORDERS[order](rng))
    kind = rng.randrange(10)
    if kind == 0:
        return head + NOTHING
    if kind == 1:
        rate, processed = "", ["", ""]
    elif kind == 2 or int(processed[0]) < 0:
        processed = ["", ""]
    return head + (digits(rng, rng.randint(1, 11)), currency, str(amount), rate, processed[1], processed[0])


def main():
    rng, rows, seen = random.Random(20260921), [], set()
    tally = {}
    while len(rows) < 400:
        keys, token, order = rng.choice(KEYS), rng.choice(list(TOKENS)), rng.choice(list(ORDERS))
        sent = message(rng, keys, token, order)
        received = sent
        found = list(readings("".join(sent), grammar(keys, token, order, sent[8])))
        forged = rng.random() < 0.5 and len(found) > 1
        if forged:
            received = rng.choice([r for r in found if r != sent])
            found = list(readings("".join(received), grammar(keys, token, order, received[8])))
        what = verdict(received, found)
        if received in seen or tally.get((what, forged), 0) >= 100:
            continue
        seen.add(received)
        tally[what, forged] = tally.get((what, forged), 0) + 1
        rows.append({"keys": keys, "token": token or "", "order": order, "values": received, "readings": len(found),
            "want": what, "forged": forged})
    text = "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, newline="\n")
        print(tally)
    elif FILE.read_text() != text:
        sys.exit("readings.json is not what this program writes: run it without --check")


main()
