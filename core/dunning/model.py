"""The values that go into and come out of a dunning decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

#: The tone of the first letter to a customer goes no higher than this level
#: (business-like) without a person's consent.
FIRST_LEVEL_MAX = 3
#: Up to this level (neutral) a letter is right even when money may have come unseen.
UNSEEN_LEVEL_MAX = 2
#: Days between two messages to the same customer.
CONTACT_GAP = 3
#: ``date.weekday()`` of the days without messages: Saturday and Sunday.
WEEKEND = frozenset({5, 6})


class Kind(str, Enum):
    """What to do with an account today."""

    SEND = "send"
    WAIT = "wait"
    SILENT = "silent"
    HAND_OVER = "hand_over"


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
    NET_CREDITOR = "net_creditor"
    COVERED_BY_CREDIT = "covered_by_credit"
    BELOW_MINIMUM = "below_minimum"
    UNMATCHED_CASH = "unmatched_cash"
    STATEMENT_MISSING = "statement_missing"
    WITH_PERSON = "with_person"
    SKIPPED_TODAY = "skipped_today"
    SENT_TODAY = "sent_today"
    CONTACTED_RECENTLY = "contacted_recently"
    WEEKEND = "weekend"
    NO_EMAIL = "no_email"
    # position
    DUE = "due"
    NOT_YET = "not_yet"
    TIME_TO_ANSWER = "time_to_answer"
    DONE = "done"
    DISPUTED = "disputed"
    PROMISED = "promised"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: ``offset`` days from the due date (negative: before it).

    ``level`` is the rank of the tone and comparable across ladders.
    ``patience``: days that the letter gives the customer; nothing harsher
    goes to the same position before they are over. ``key`` is the caller's.
    """

    offset: int
    level: int
    tone: str = ""
    channels: tuple[str, ...] = ("mail",)
    manual: bool = False
    approval: bool = False
    patience: int = 0
    key: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps, kept in order of their level, one per level.

    A harsher step never comes before a softer one: where the offsets of the
    steps given say so, the harsher one is moved to the day of the softer.
    """

    steps: tuple[Step, ...]
    contact_gap: int = CONTACT_GAP
    silent_weekdays: frozenset[int] = WEEKEND
    first_level_max: int = FIRST_LEVEL_MAX

    def __post_init__(self):
        kept: list[Step] = []
        for step in sorted(self.steps, key=lambda s: (s.level, s.offset)):
            if kept and step.level == kept[-1].level:
                continue
            if kept and step.offset < kept[-1].offset:
                step = Step(
                    kept[-1].offset,
                    step.level,
                    step.tone,
                    step.channels,
                    step.manual,
                    step.approval,
                    step.patience,
                    step.key,
                )
            kept.append(step)
        object.__setattr__(self, "steps", tuple(kept))


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that covered a position: its level, which time, and the day."""

    level: int
    occurrence: int
    date: date


@dataclass(frozen=True, slots=True)
class Position:
    """One due date of one invoice. ``key`` is (move id, position number).

    ``residual`` is signed: what is not above zero is never chased.
    ``promised_until`` is the last day of the promise.
    """

    key: tuple[int, int]
    due_date: date
    residual: Decimal
    currency: str = ""
    sent: tuple[Sent, ...] = ()
    disputed: bool = False
    promised_until: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """All that a customer owes one company in one currency, and what is known of them.

    ``credit``: open credit notes and unapplied payments, as a positive amount.
    ``paused_until``: the last day of silence. ``last_contact``: the day of the
    last message to the customer in any currency. ``minimum``: less than this
    in total is not chased. ``unmatched_cash``: a bank line that is not applied
    yet may be theirs. ``skipped_on``: a person decided against a message that day.
    ``statement_missing``: the bank's statements end too long ago to say that they have not paid.
    """

    partner: int
    currency: str
    positions: tuple[Position, ...]
    credit: Decimal = Decimal(0)
    paused_until: date | None = None
    switched_on: bool = True
    has_email: bool = True
    last_contact: date | None = None
    unmatched_cash: bool = False
    minimum: Decimal = Decimal(0)
    skipped_on: date | None = None
    statement_missing: bool = False


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What is next for one position: ``step`` on ``date``, and why (``reason``)."""

    position: Position
    reason: Reason
    step: Step | None = None
    date: date | None = None
    occurrence: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """One per account.

    ``items``: the positions that have a step due today, also when ``kind`` is
    silent (they are what is held back), oldest due date first. ``step`` is the
    highest of theirs. ``others``: all other positions with their reasons.
    ``until``: the day on which to look again, where it is known. ``approval``:
    the message waits for a person. ``total`` is that of ``items``.
    """

    kind: Kind
    reason: Reason
    items: tuple[ItemDecision, ...] = ()
    others: tuple[ItemDecision, ...] = ()
    step: Step | None = None
    until: date | None = None
    approval: bool = False

    @property
    def total(self) -> Decimal:
        return sum((item.position.residual for item in self.items), Decimal(0))

    @property
    def all_items(self) -> tuple[ItemDecision, ...]:
        return self.items + self.others
