"""The kinds of a decision, and its reasons: of the whole account, and of each of its positions."""

from __future__ import annotations

from enum import Enum


class Kind(str, Enum):
    """What to do with an account today."""

    SEND = "send"
    WAIT = "wait"
    SILENT = "silent"
    HAND_OVER = "hand_over"


class Cause(str, Enum):
    """Why a customer rightly does not pay (all of it) yet.

    DISPUTE and NOT_DELIVERED concern a sum: the rest is chased. The others are
    for us to put right: until then nobody gets a letter above neutral about it.
    """

    DISPUTE = "dispute"
    NOT_DELIVERED = "not_delivered"
    DOCUMENT_MISSING = "document_missing"
    WRONG_REQUISITES = "wrong_requisites"
    INVOICE_NOT_RECEIVED = "invoice_not_received"


#: Causes that take their sum out of chasing.
CAUSES_OF_SUMS = frozenset({Cause.DISPUTE, Cause.NOT_DELIVERED})


class Reason(str, Enum):
    """Why: of the whole account, and of each of its positions."""

    # account: act
    STEP_DUE = "step_due"
    MANUAL_STEP = "manual_step"
    # account: nothing to do (yet)
    NOTHING_OWED = "nothing_owed"
    NEXT_STEP_LATER = "next_step_later"
    LADDER_FINISHED = "ladder_finished"
    ALL_EXCLUDED = "all_excluded"
    # account: something is due, and we keep silent
    NOT_SWITCHED_ON = "not_switched_on"
    PAUSED = "paused"
    REPLY_WAITING = "reply_waiting"
    NET_CREDITOR = "net_creditor"
    WITH_PERSON = "with_person"
    UNMATCHED_CASH = "unmatched_cash"
    COVERED_BY_CREDIT = "covered_by_credit"
    NETTING = "netting"
    BELOW_MINIMUM = "below_minimum"
    STATEMENT_MISSING = "statement_missing"
    CUSTOMER_WROTE = "customer_wrote"
    SKIPPED_TODAY = "skipped_today"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SENT_TODAY = "sent_today"
    CONTACTED_RECENTLY = "contacted_recently"
    NO_EMAIL = "no_email"
    QUIET_HOURS = "quiet_hours"
    # position: due, and why so
    DUE = "due"
    REPEATED = "repeated"
    PROMISE_BROKEN = "promise_broken"
    PLAN_BROKEN = "plan_broken"
    # position: not due
    NOT_YET = "not_yet"
    TIME_TO_ANSWER = "time_to_answer"
    DONE = "done"
    DISPUTED = "disputed"
    OUR_TURN = "our_turn"
    PROMISED = "promised"
    PLANNED = "planned"
    PAYMENT_UNDER_WAY = "payment_under_way"
    SETTLED = "settled"


#: Reasons of a position that has a step due today.
DUE_REASONS = frozenset({Reason.DUE, Reason.REPEATED, Reason.PROMISE_BROKEN, Reason.PLAN_BROKEN})
#: Reasons of a position that is out of the ladder for now, whatever its day.
EXCLUDED_REASONS = frozenset(
    {
        Reason.DISPUTED,
        Reason.OUR_TURN,
        Reason.PROMISED,
        Reason.PLANNED,
        Reason.PAUSED,
        Reason.PAYMENT_UNDER_WAY,
    }
)
#: Reasons of the account that hold whether or not a step is due.
ACCOUNT_SILENCE = frozenset(
    {
        Reason.NOT_SWITCHED_ON,
        Reason.PAUSED,
        Reason.REPLY_WAITING,
        Reason.NET_CREDITOR,
        Reason.WITH_PERSON,
    }
)
