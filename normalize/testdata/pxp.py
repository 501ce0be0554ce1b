"""Makes pxp.json: what each combination of PXP Unity's words means.

    python3 pxp.py            write it
    python3 pxp.py --check    write nothing; exit 1 if it differs

This is the second implementation of the mapping and shares nothing with the Go code. The words are those of
https://developer.pxp.io/apis/merchant-webhook/other/process-merchant-webhook and
https://developer.pxp.io/apis/transaction/other/get-transaction-details.
"""

import sys

sys.dont_write_bytecode = True

from vocabulary import ABSENT, NO_WORDS, grid, lower, main, name, places, spellings, table, value  # noqa: E402

COLUMNS = ["Authorised, Approved", "Captured", "Pending", "Cancelled", "Refused, Rejected", "Error", "Refunded"]
UNMAPPED = ["Executed", "Confirmed", "Updated"]  # states whose meaning is unpublished
KINDS = {
    "Authorisation": "authorization", "EstimatedAuthorisation": "authorization", "Incremental": "authorization",
    "Purchase": "payment", "Capture": "capture", "FinalCapture": "capture", "Void": "void", "Refund": "refund",
    "StandaloneRefund": "refund", "Payout": "payout", "Verification": "verification",
}
AUTHORIZED = "authorization/succeeded"  # a purchase that is authorised, and not captured, claims no money yet
GRID = grid(f"""
Authorisation, EstimatedAuthorisation | succeeded D | capture/succeeded D | pending J | void/succeeded D | declined D | failed J | payment/refunded J
Incremental              | succeeded J    | capture/succeeded J | pending J | void/succeeded J | declined J | failed J     | -
Purchase                 | {AUTHORIZED} J | succeeded J         | pending J | void/succeeded J | declined D | failed J     | refunded J
Capture, FinalCapture    | succeeded J    | succeeded J         | pending J | canceled J       | declined J | failed J     | -
Void                     | succeeded J    | -                   | pending J | succeeded J      | declined J | failed J     | -
Refund, StandaloneRefund | succeeded D    | succeeded J         | pending J | canceled J       | declined J | unresolved J | succeeded J
Payout                   | succeeded J    | succeeded J         | pending J | canceled J       | declined J | unresolved J | refunded J
Verification             | succeeded J    | succeeded J         | pending J | canceled J       | declined J | failed J     | -
other                    | succeeded J    | succeeded J         | pending J | canceled J       | declined J | failed J     | refunded J
""", 7)
OTHER = GRID.pop("other")
STATES = {lower(word): i for i, words in enumerate(COLUMNS) for word in words.split(", ")}

AUTHENTICATIONS = {
    "PendingClientData": "requires_action", "PendingCustomerChallenge": "requires_action",
    "AuthenticationSuccessful": "succeeded", "AuthenticationFailed": "declined", "AuthenticationRejected": "declined",
    "AuthenticationError": "failed",
}
TRANSACTION_STATUSES = {  # decide where the state does not
    "Y": "succeeded", "A": "succeeded", "I": "succeeded", "N": "declined", "R": "declined", "U": "failed",
    "C": "requires_action", "D": "requires_action",
}
TOKENS = {"Pending": "pending", "Completed": "succeeded", "Rejected": "declined", "Error": "failed", "Failed": "failed"}

CATEGORY, STATE = "/0/eventCategory", "/0/eventData/state"
INTENT = "/0/eventData/transactionMethod/intent"
TRANSACTION_STATUS = "/0/eventData/transactionStatus"
TOKEN_STATE, TOKEN_STATUS = "/0/eventData/schemeTokenProcurementState", "/0/eventData/status"


def folded(words):
    return {lower(word): meaning for word, meaning in words.items()}


def payload(category, **data):
    return [{"eventDate": "2026-09-21T14:32:20.1000001Z", "eventCategory": category, "eventData": data}]


def transaction_name(members):
    intent, column = value(members, INTENT), STATES.get(value(members, STATE))
    kind = folded(KINDS).get(intent, "unknown")
    return name("unknown" if column is None else GRID.get(intent, OTHER)[column], kind)


def authentication_name(members):
    by_status = folded(TRANSACTION_STATUSES).get(value(members, TRANSACTION_STATUS), "unknown")
    return "authentication." + folded(AUTHENTICATIONS).get(value(members, STATE), by_status)


def token_name(members):
    # The members of tokens are unpublished. The procurement state goes before the state, and both before the status: it
    # has only been seen as ACTIVE, and counts where nothing else does or where it says that the token is disabled.
    words = [members[p] for p in (TOKEN_STATE, STATE, TOKEN_STATUS) if members.get(p) is not None]
    word = lower(words[0]) if words and isinstance(words[0], str) else None
    if "disabled" in (word, value(members, TOKEN_STATUS)):
        return "token_revocation.succeeded"
    return "token." + folded(TOKENS).get(word, "unknown")


def report_name(members):
    return "report." + ("succeeded" if value(members, STATE) == "generated" else "unknown")


def category_name(members):
    # The data is that of a transaction with intent Refund, state Authorised: read nowhere but in a Transaction.
    return {
        "transaction": "refund.succeeded", "authentication": "authentication.unknown", "token": "token.unknown",
        "reporting": "report.unknown",
    }.get(lower(members[CATEGORY]), "unknown.unknown")


STATE_WORDS = [word for words in COLUMNS for word in words.split(", ")] + UNMAPPED
INTENTS = [*KINDS, *map(str.swapcase, KINDS), "Refund ", " Void", "Verification\u00a0", "Purcha\u017fe"]
INTENTS += ["Adjustment", "Chargeback", "Sale", *NO_WORDS]
DISABLED = ["ACTIVE", "DISABLED", "Disabled", "disabled", "disabled ", "di\u017fabled", "SUSPENDED", None, 7, ABSENT]

main([
    table(payload("Transaction", systemTransactionId="t-1", transactionMethod={}),
          places(STATE, [*spellings(STATE_WORDS), *NO_WORDS]), places(INTENT, INTENTS), transaction_name),
    table(payload("Authentication", authenticationId="a-1"),
          places(TRANSACTION_STATUS, [*TRANSACTION_STATUSES, "y", "c", "Y ", "X", *NO_WORDS]),
          places(STATE, [*spellings(AUTHENTICATIONS), "AuthenticationCompleted", *STATE_WORDS, *NO_WORDS]),
          authentication_name),
    table(payload("Token", schemeTokenId="k-1"), places(TOKEN_STATUS, [*DISABLED, "Completed", "FAILED"]),
          places(TOKEN_STATE, [*spellings(TOKENS), "Disabled", *NO_WORDS])
          + places(STATE, [*spellings(TOKENS), "Disabled", *NO_WORDS])
          + [{TOKEN_STATE: one, STATE: other} for one in (*TOKENS, "Disabled", None) for other in ("Pending", "Disabled")],
          token_name),
    table(payload("Reporting"), [{}], places(STATE, [*spellings(["Generated"]), "Ready", *STATE_WORDS, *NO_WORDS]), report_name),
    table(payload("", systemTransactionId="t-1", state="Authorised", transactionMethod={"intent": "Refund"}), [{}],
          places(CATEGORY, [*spellings(["Transaction", "Authentication", "Token", "Reporting"]),
                            "Chargeback", "Dispute", "Transactions", "unknown", ""]), category_name),
])
