"""The reason codes of matching: why a decision is what it is.

A code is narrow on purpose: trust is counted per code (see `trust`), so what is
right more often must not share a code with what is right less often.
"""

# Apply by themselves from the first day: code or full number, the amount agrees, nothing speaks against it.
TRUSTED = frozenset(
    {
        "code",
        "number",
        "several",
        "instalment",
        "number_payer",  # a number without prefix or zeros; the payer agrees, or it is long
    }
)

# Name one answer, and may come to apply by themselves: a manager's switch, or 381 clean confirmations.
EARNABLE = frozenset(
    {
        "third_party",  # the reference and the amount agree, somebody else pays
        "partial",  # one document is quoted, less is paid
        "overpaid",  # documents are quoted, more is paid
        "tolerance",  # documents are quoted, a small difference
        "credit_note",  # a quoted credit note is netted
        "sum_with_named",  # with exactly one set of others the amount agrees
        "number_short",  # a number that no keyword stands before
        "short_alone",  # a number of up to three digits, the payer is not known
        "number_typo",  # one character differs, payer and amount agree
        "number_amount",  # several documents bear the number, one has the amount
        "number_unclear",  # the amount agrees, beside a number that is not open
        "date_differs",  # number and amount agree, the date beside it does not
        "order",  # the order is quoted
        "date_unique",  # the payer's only document of that date and amount
        "amount_unique",  # the payer's only document of that amount
        "sum_unique",  # the payer's only sum of that amount
        "amount_by_name",  # the same, of a payer who is known by name only
        "sum_by_name",
        "customer_named",  # the text names a customer who has one document of that amount
    }
)

# Leave the choice to a person, always.
UNDECIDED = frozenset(
    {
        "partial_several",  # several documents are quoted, less is paid: which of them is a guess
        "amount_elsewhere",  # quotes one document and pays exactly another
        "only_open",  # the payer's only open document, another amount
        "refund",
        "credit_refund",  # money that leaves, for a credit note or an open credit
        "several_customers",
        "partner_missing",
        "reference_ambiguous",
        "amount_ambiguous",
        "sum_ambiguous",
        "sum_unproven",
        "reference_closed",
        "already_paid",
        "amount_differs",
        "oldest_first",
        "amount_only",
        "no_open_items",
        "payer_ambiguous",
        "payer_unknown",
        "currency",
        "outgoing",
        "own_transfer",
    }
)

ALL = TRUSTED | EARNABLE | UNDECIDED
