"""The facts that go into a dunning decision and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .ladder import CONTACT_GAP, FIRST_LEVEL_MAX, UNSEEN_LEVEL_MAX, WEEKEND, Anchor, Ladder, Step
from .reasons import ACCOUNT_SILENCE, CAUSES_OF_SUMS, DUE_REASONS, EXCLUDED_REASONS, Cause, Kind, Reason

__all__ = [
    "CONTACT_GAP",
    "DUE_REASONS",
    "EXCLUDED_REASONS",
    "FIRST_LEVEL_MAX",
    "UNSEEN_LEVEL_MAX",
    "WEEKEND",
    "Account",
    "Anchor",
    "Cause",
    "Decision",
    "ItemDecision",
    "Kind",
    "Ladder",
    "Obstacle",
    "Position",
    "Reason",
    "Sent",
    "Step",
]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that covered a position: its level, which time, and the day.

    ``manual``: it was a hand-over to a person, not a letter.
    """

    level: int
    occurrence: int
    date: date
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a position is rightly not paid yet. ``amount``: the sum concerned; None: all of it."""

    cause: Cause
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """One due date of one invoice. ``key`` is (move id, position number).

    ``residual`` is signed: what is not above zero is never chased.
    ``disputed``: all of it; ``disputed_amount``: that part of it (what is disputed
    or not delivered may also be given in ``obstacles``; the sums add up).
    ``paused_until``, ``promised_until``: the last day of silence, days of grace included.
    ``payment_until``: the last day on which a payment of it is waited for that is under way: a
    stored means of payment that is charged, an online payment, a payment noted but not booked yet.
    ``planned``: part of a payment plan that is kept. ``promise_broken``, ``plan_broken``:
    the last day of the latest promise (instalment) that was not kept; None when there is none.
    """

    key: tuple[int, int]
    due_date: date
    residual: Decimal
    currency: str = ""
    sent: tuple[Sent, ...] = ()
    disputed: bool = False
    promised_until: date | None = None
    issue_date: date | None = None
    disputed_amount: Decimal = Decimal(0)
    paused_until: date | None = None
    planned: bool = False
    promise_broken: date | None = None
    plan_broken: date | None = None
    obstacles: tuple[Obstacle, ...] = ()
    payment_until: date | None = None

    @property
    def chased(self) -> Decimal:
        """What of the residual may be asked for: without what is disputed or not delivered."""
        if self.residual <= 0 or self.disputed:
            return Decimal(0)
        if not self.obstacles and not self.disputed_amount:
            return self.residual
        excluded = self.disputed_amount
        for obstacle in self.obstacles:
            if obstacle.cause in CAUSES_OF_SUMS:
                excluded += self.residual if obstacle.amount is None else obstacle.amount
        return max(self.residual - excluded, Decimal(0))


@dataclass(frozen=True, slots=True)
class Account:
    """All that a customer owes one company in one currency, and what is known of them.

    ``credit``: open credit notes and unapplied payments, ``payable``: what we owe them as
    a vendor, both as positive amounts. ``paused_until``: the last day of silence;
    ``promised_until``, ``promise_broken``: as of a position, for all of them.
    ``last_contact``: the day of the last message to the customer in any currency.
    ``minimum``: less than this in total is not chased. ``unmatched_cash``: a bank line
    that is not applied yet may be theirs. ``skipped_on``: a person decided against a
    message that day. ``statement_missing``: the bank's statements end too long ago to say
    that they have not paid. ``reply_waiting``: they answered a reminder and nobody has
    answered or dismissed that. ``wrote_until``: the last day of silence since they wrote to
    us about anything else. ``with_person``: handed over by hand. ``returned_on``: the day
    on which the last hand-over came back; earlier ones no longer count.
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
    payable: Decimal = Decimal(0)
    promised_until: date | None = None
    promise_broken: date | None = None
    reply_waiting: bool = False
    wrote_until: date | None = None
    with_person: bool = False
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What is next for one position: ``step`` on ``date``, and why (``reason``).

    ``occurrence``: which time the step goes. ``passed``: softer steps whose day has come
    and which never went; they go no more. Of a position that is out of the ladder for
    now, ``step`` is the one held back, None when none is due. ``causes``: why nobody
    should get a harsher letter, for ``Reason.OUR_TURN`` and where only a part is chased.
    """

    position: Position
    reason: Reason
    step: Step | None = None
    date: date | None = None
    occurrence: int = 1
    passed: tuple[Step, ...] = ()
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One per account.

    ``items``: the positions that have a step due today, also when ``kind`` is
    silent (they are what is held back), oldest due date first. ``step`` is the
    highest of theirs. ``others``: all other positions with their reasons.
    ``until``: the day on which to look again, where it is known. ``approval``:
    the message waits for a person. ``total``: what may be asked for of ``items``.
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
        return sum((item.position.chased for item in self.items), Decimal(0))

    @property
    def all_items(self) -> tuple[ItemDecision, ...]:
        return self.items + self.others

    def told(self) -> Decision | None:
        """The decision as a person should see it; None when no step is due.

        Where all that is due is promised, disputed and so on, it becomes the silent
        decision about these positions, with the reason of the harshest step.
        """
        if self.items:
            return self
        held = [item for item in self.others if item.step and item.reason in EXCLUDED_REASONS]
        if not held:
            return None
        top = max(held, key=lambda item: (item.step.level, item.position.due_date, item.position.key))
        keys = {item.position.key for item in held}
        return Decision(
            kind=Kind.SILENT,
            reason=self.reason if self.reason in ACCOUNT_SILENCE else top.reason,
            items=tuple(held),
            others=tuple(item for item in self.others if item.position.key not in keys),
            step=top.step,
            until=min((item.date for item in held if item.date), default=None),
        )
