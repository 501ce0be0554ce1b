"""Makes praxis.json: what each pair of transaction_type and transaction_status of Praxis Cashier means.

    python3 praxis.py            write it
    python3 praxis.py --check    write nothing; exit 1 if it differs

This is the second implementation of the mapping and shares nothing with the Go code. The words are those of
https://doc.praxiscashier.com/integration_docs/latest/processing/transaction_flow and of API 1.1.
"""

import sys

sys.dont_write_bytecode = True

from vocabulary import NO_WORDS, grid, main, name, places, spellings, table, value  # noqa: E402

COLUMNS = {"sale": "payment", "authorization": "authorization", "payout": "payout", "refund": "refund"}
ALIASES = {"authorize": "authorization"}  # API 1.1
# The last column is for a transaction_type that nobody knows. It is judgement throughout: the status goes by the word,
# and where the columns before it disagree, by the one that claims least. "authorized" is a success of a sale and an open
# payout, hence pending. "error" may have moved money on a payout, hence unresolved. "chargeback" is a type of its own
# rather than a status, hence unknown. The marks of refunds say the same in every column that has them.
GRID = grid("""
initialized     | requires_action D    | requires_action D    | requires_action D | pending J    | requires_action J
pending         | pending D            | pending D            | pending D         | pending D    | pending J
pending_async   | requires_action D    | requires_action D    | requires_action D | pending J    | requires_action J
in progress, in_progress | pending J   | pending J            | pending D         | pending J    | pending J
requested       | requires_action J    | requires_action J    | requires_action D | requires_action J | requires_action J
authorized      | authorization/succeeded D | succeeded D     | pending D         | pending J    | pending J
approved        | succeeded D          | capture/succeeded J  | succeeded D       | succeeded D  | succeeded J
rejected, declined | declined D        | declined D           | declined D        | declined J   | declined J
cancelled, canceled | canceled D       | void/succeeded J     | canceled J        | canceled J   | canceled J
error           | failed J             | failed J             | unresolved D      | unresolved J | unresolved J
partial_refund  | partially_refunded D | payment/partially_refunded J | -         | -            | partially_refunded J
refund          | refunded D           | payment/refunded J   | -                 | -            | refunded J
reversed        | refunded D           | payment/refunded J   | refunded J        | -            | refunded J
chargeback      | chargeback/succeeded D | chargeback/succeeded J | -             | -            | -
duplicated      | unknown J            | unknown J            | unknown J         | unknown J    | unknown J
partial_payout, split, split_payout, split_partial | - | -    | unknown J         | -            | -
""", 5)
SESSIONS = {  # where there is no transaction; "created" is only in the documentation's example, and no status
    "expired": "expired", "failed": "declined", "open": "requires_action", "action required": "requires_action",
    "successful": "succeeded",
}

TYPE, STATUS = "/transaction/transaction_type", "/transaction/transaction_status"
SESSION = "/session/session_status"


def payload(transaction):
    return {
        "merchant_id": "Test-Integration-Merchant", "application_key": "Sandbox", "timestamp": 1790000000,
        "session": {"order_id": "order-1042", "currency": "EUR", "amount": 4999}, "transaction": transaction,
    }


def transaction_name(members):
    kind = value(members, TYPE)
    kind = COLUMNS.get(ALIASES.get(kind, kind), "unknown")
    column = [*COLUMNS.values(), "unknown"].index(kind)
    return name(GRID.get(value(members, STATUS), ["unknown"] * 5)[column], kind)


def session_name(members):
    return "session." + SESSIONS.get(value(members, SESSION), "unknown")


# Beside a transaction, session_status is ignored: the base payload says "successful" there.
TRANSACTION = payload({"tid": 756850, "currency": "EUR", "amount": 4999})
TRANSACTION["session"]["session_status"] = "successful"
TYPES = [*COLUMNS, *ALIASES, "SALE", "Authorization", "AUTHORIZE", "Payout", "ReFund", "sale ", " payout", "\u017fale"]
TYPES += ["adjustment", "chargeback", *NO_WORDS]
OTHERS = ["created", "voided", "captured", "settled", "active", "inactive"]

main([
    table(TRANSACTION, places(TYPE, TYPES), places(STATUS, [*spellings(GRID), *SESSIONS, *OTHERS, *NO_WORDS]),
          transaction_name),
    table(payload(None), [{}], places(SESSION, [*spellings(SESSIONS), *GRID, *OTHERS, *NO_WORDS]), session_name),
])
