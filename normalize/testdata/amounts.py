"""Makes amounts.json: known answers for ParseAmount, computed with Python's decimal module.

    python3 amounts.py > amounts.json
"""

import json
import random
import re
from decimal import Context, Decimal

EXACT = Context(prec=400)
GRAMMAR = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
PLACES = {"EUR": 2, "USD": 2, "MGA": 2, "JPY": 0, "ISK": 0, "XAF": 0, "BHD": 3, "KWD": 3}
PLACES |= {"CLF": 4, "UYW": 4, "ETH": 2, "USDT": 2}


def answer(text, currency):
    """Returns [minor, exponent], or None where there is no such amount."""
    if len(text) > 64 or not GRAMMAR.fullmatch(text):
        return None
    power = re.search(r"[eE](.*)", text)
    if power and abs(int(power[1])) > 40:
        return None
    value = EXACT.create_decimal(text)
    places = PLACES[currency]
    if value < 0:
        return None
    if value:
        places = max(places, -value.normalize(EXACT).as_tuple().exponent)
    minor = int(value.scaleb(places, EXACT))
    return [minor, places] if minor < 2**63 and places <= 62 else None


def inputs(rng):
    """Yields decimal numbers of many shapes, and some that are none."""
    yield from ["0", "-0", "-0.00", "0e40", "0e-40", "0e41", "00", "007", "1e40", "1e-40", "1E+2", "1e+02", "1e0000002"]
    yield from ["0." + "0" * 61 + "1", "0." + "0" * 60 + "1", "0." + "0" * 61 + "0", "1" + "0" * 63, "0" * 63 + "1"]
    yield from ["0." + "0" * 57 + "1" + power for power in ("e-3", "e-4", "e-5", "e+40")] + ["1." + "0" * 62]
    yield from ["", "-", ".", "e", "e5", "1e", "1e+", "1e-", "--1", "-1", "+1", "1.", ".1", "1..2", "1.2.3", "1 ", "\u0661"]
    yield from ["1,5", "1e1.5", "1e1e1", "0x1", "Inf", "NaN", "1_0", "1\u0000", "\uff11", "1e\u0663"]
    for edge in (2**63 - 1, 2**63, 2**64 - 1, 2**64):
        digits = str(edge)
        for point in (0, 2, 3, 4, 18):
            yield digits[: len(digits) - point] + ("." + digits[len(digits) - point :] if point else "")
    for _ in range(300):
        whole = str(rng.randrange(10 ** rng.randrange(1, 19)))
        text = rng.choice(["", "", "", "", "", "0", "-"]) + whole
        if rng.random() < 0.7:
            places = rng.randrange(1, 9)
            text += "." + str(rng.randrange(10**places)).zfill(places) + "0" * rng.choice([0, 0, 1, 4])
        if rng.random() < 0.3:
            text += rng.choice("eE") + rng.choice(["", "+", "-"]) + str(rng.randrange(14))
        yield text


def main():
    rng = random.Random(4217)
    rows = []
    for text in inputs(rng):
        currency = rng.choice(sorted(PLACES))
        rows.append(json.dumps({"decimal": text, "currency": currency, "want": answer(text, currency)}))
    print("[\n" + ",\n".join(rows) + "\n]")


main()
