"""Who gets which message today, who does not, and why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .model import (
    UNSEEN_LEVEL_MAX,
    Account,
    Decision,
    ItemDecision,
    Kind,
    Ladder,
    Position,
    Reason,
    Step,
)


def decide(account: Account, ladder: Ladder, today: date) -> Decision:
    """Return the one decision for ``account`` on ``today``.

    First each position is judged alone, so that adding or removing one never
    changes what another remembers; then the account's reasons for silence are
    asked, the lasting ones before the passing ones.
    """
    judged = sorted(
        (_judge(position, ladder, today) for position in account.positions),
        key=lambda item: (item.position.due_date, item.position.key),
    )
    debt = sum((p.residual for p in account.positions if p.residual > 0), Decimal(0))
    due = [item for item in judged if item.reason is Reason.DUE]
    by_hand = [item for item in due if item.step.manual]
    # A hand-over stops the letters of the whole account, not only of the position.
    items = by_hand or due
    chosen = {item.position.key for item in items}
    others = tuple(item for item in judged if item.position.key not in chosen)
    step = max((item.step for item in items), key=lambda s: s.level, default=None)

    def answer(kind, reason, until=None, approval=False):
        return Decision(kind, reason, tuple(items), others, step, until, approval)

    if debt <= 0:
        return answer(Kind.SILENT, Reason.NOTHING_OWED)
    lasting = _lasting_silence(account, ladder, today, debt)
    if lasting:
        return answer(Kind.SILENT, *lasting)
    if not items:
        return _nothing_due(answer, judged)
    passing = _passing_silence(account, items, debt)
    if passing:
        return answer(Kind.SILENT, passing)
    if account.skipped_on == today:
        return answer(Kind.SILENT, Reason.SKIPPED_TODAY, today + timedelta(1))
    weekday = _silent_day(ladder, today)
    if weekday:
        return answer(Kind.SILENT, Reason.WEEKEND, weekday)
    if by_hand:
        return answer(Kind.HAND_OVER, Reason.MANUAL_STEP)
    recent = _recent_contact(account, ladder, today)
    if recent:
        return answer(Kind.SILENT, *recent)
    if "mail" in step.channels and not account.has_email:
        return answer(Kind.SILENT, Reason.NO_EMAIL)
    approval = step.approval or _harsh_start(items, ladder)
    return answer(Kind.SEND, Reason.STEP_DUE, approval=approval)


def _judge(position: Position, ladder: Ladder, today: date) -> ItemDecision:
    """The step of one position that is due, or the next one and its day.

    Letters go up one tone at a time from the highest one sent, whatever the
    day: a position that is seen late, or comes back from a pause, starts with
    the mildest letter that is still true. "The term is near" is not true after
    the due date, nor is "due today" once the first overdue step's day has come.
    """
    if position.residual <= 0:
        return ItemDecision(position, Reason.SETTLED)
    if position.disputed:
        return ItemDecision(position, Reason.DISPUTED)
    if position.promised_until and position.promised_until >= today:
        return ItemDecision(position, Reason.PROMISED, date=position.promised_until + timedelta(1))
    last = max(position.sent, key=lambda sent: (sent.level, sent.date), default=None)
    ahead = [step for step in ladder.steps if last is None or step.level > last.level]
    if not ahead:
        return ItemDecision(position, Reason.DONE)
    late = (today - position.due_date).days
    step = _next_step(ahead, late)
    if step is None:
        return ItemDecision(position, Reason.DONE)
    day = position.due_date + timedelta(step.offset)
    if last:
        sent = next((s for s in ladder.steps if s.level == last.level), None)
        answer_by = last.date + timedelta(sent.patience if sent else 0)
        if max(day, answer_by) > today:
            reason = Reason.TIME_TO_ANSWER if answer_by > day else Reason.NOT_YET
            return ItemDecision(position, reason, step, max(day, answer_by))
    if day > today:
        return ItemDecision(position, Reason.NOT_YET, step, day)
    return ItemDecision(position, Reason.DUE, step, day)


def _next_step(ahead: list[Step], late: int) -> Step | None:
    """Of the steps not yet sent, mildest first: the one to send now, else the one to wait for."""
    come = [step for step in ahead if step.offset <= late]
    overdue = [step for step in come if step.offset > 0]
    if overdue:
        return overdue[0]
    # A notice of the term itself: the latest one that has come, if it is still true.
    if come and (come[-1].offset == 0 or late <= 0):
        return come[-1]
    return next((step for step in ahead if step.offset > late), None)


def _lasting_silence(account, ladder, today, debt):
    if not account.switched_on:
        return (Reason.NOT_SWITCHED_ON,)
    if account.paused_until and account.paused_until >= today:
        return Reason.PAUSED, account.paused_until + timedelta(1)
    if account.credit >= debt:
        return (Reason.NET_CREDITOR,)
    manual = {step.level for step in ladder.steps if step.manual}
    if any(
        sent.level in manual
        for position in account.positions
        if position.residual > 0
        for sent in position.sent
    ):
        return (Reason.WITH_PERSON,)
    return None


def _nothing_due(answer, judged):
    later = [item.date for item in judged if item.date]
    if later:
        return answer(Kind.WAIT, Reason.NEXT_STEP_LATER, min(later))
    if any(item.reason is Reason.DISPUTED for item in judged):
        return answer(Kind.SILENT, Reason.ALL_EXCLUDED)
    return answer(Kind.SILENT, Reason.LADDER_FINISHED)


def _passing_silence(account, items, debt):
    if account.unmatched_cash:
        return Reason.UNMATCHED_CASH
    if account.credit and account.credit >= sum(item.position.residual for item in items):
        return Reason.COVERED_BY_CREDIT
    if debt - account.credit < account.minimum:
        return Reason.BELOW_MINIMUM
    if account.statement_missing and any(item.step.level > UNSEEN_LEVEL_MAX for item in items):
        return Reason.STATEMENT_MISSING
    return None


def _silent_day(ladder: Ladder, today: date) -> date | None:
    """The next day on which messages may go, when today is a silent one."""
    if today.weekday() not in ladder.silent_weekdays:
        return None
    days = (today + timedelta(n) for n in range(1, 8))
    return next((day for day in days if day.weekday() not in ladder.silent_weekdays), today + timedelta(7))


def _recent_contact(account: Account, ladder: Ladder, today: date):
    last = account.last_contact
    if last is None:
        return None
    if last >= today:
        return Reason.SENT_TODAY, last + timedelta(max(ladder.contact_gap, 1))
    if last + timedelta(ladder.contact_gap) > today:
        return Reason.CONTACTED_RECENTLY, last + timedelta(ladder.contact_gap)
    return None


def _harsh_start(items, ladder: Ladder) -> bool:
    """A first letter above business-like never goes out by itself, except where
    the ladder has no softer letter at all: then its author meant it."""
    if not any(step.level <= ladder.first_level_max for step in ladder.steps):
        return False
    return any(not item.position.sent and item.step.level > ladder.first_level_max for item in items)
