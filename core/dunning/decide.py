"""Who gets which message today, who does not, and why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from .climb import judge
from .ladder import UNSEEN_LEVEL_MAX, Ladder
from .model import Account, Decision
from .reasons import DUE_REASONS, EXCLUDED_REASONS, Kind, Reason

#: How far ahead the end of a row of silent days is looked for.
SILENT_DAYS_AHEAD = 60

#: A step that has one of these goes on without a mail address.
WITHOUT_EMAIL = frozenset({"letter", "call"})


def decide(account: Account, ladder: Ladder, today: date) -> Decision:
    """Return the one decision for ``account`` on ``today``.

    First each position is judged alone, so that adding or removing one never
    changes what another remembers; then the account's reasons for silence are
    asked, the lasting ones before the passing ones.
    """
    judged = sorted(
        (judge(position, account, ladder, today) for position in account.positions),
        key=lambda item: (item.position.due_date, item.position.key),
    )
    debt = sum((p.residual for p in account.positions if p.residual > 0), Decimal(0))
    chased = sum((p.chased for p in account.positions), Decimal(0))
    due = [item for item in judged if item.reason in DUE_REASONS]
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
    passing = _passing_silence(account, items, chased, today)
    if passing:
        return answer(Kind.SILENT, *passing)
    if account.skipped_on == today:
        return answer(Kind.SILENT, Reason.SKIPPED_TODAY, today + timedelta(1))
    if _is_silent(ladder, today):
        reason = Reason.WEEKEND if today.weekday() in ladder.silent_weekdays else Reason.HOLIDAY
        return answer(Kind.SILENT, reason, _next_speaking_day(ladder, today))
    if by_hand:
        return answer(Kind.HAND_OVER, Reason.MANUAL_STEP)
    recent = _recent_contact(account, ladder, today)
    if recent:
        return answer(Kind.SILENT, *recent)
    if "mail" in step.channels and not account.has_email and not WITHOUT_EMAIL & set(step.channels):
        return answer(Kind.SILENT, Reason.NO_EMAIL)
    approval = step.approval or _harsh_start(items, ladder)
    return answer(Kind.SEND, Reason.STEP_DUE, approval=approval)


def _lasting_silence(account, ladder, today, debt):
    if not account.switched_on:
        return (Reason.NOT_SWITCHED_ON,)
    if account.paused_until and account.paused_until >= today:
        return Reason.PAUSED, account.paused_until + timedelta(1)
    if account.credit >= debt:
        return (Reason.NET_CREDITOR,)
    if account.with_person or _is_handed_over(account, ladder):
        return (Reason.WITH_PERSON,)
    if account.reply_waiting:
        return (Reason.REPLY_WAITING,)
    return None


def _is_handed_over(account: Account, ladder: Ladder) -> bool:
    """Whether a position that is still open went to a person and has not come back."""
    manual = {step.level for step in ladder.steps if step.manual}
    return any(
        (sent.manual or sent.level in manual)
        and (account.returned_on is None or sent.date > account.returned_on)
        for position in account.positions
        if position.residual > 0
        for sent in position.sent
    )


def _nothing_due(answer, judged):
    later = [item.date for item in judged if item.date]
    if later:
        return answer(Kind.WAIT, Reason.NEXT_STEP_LATER, min(later))
    if any(item.reason is Reason.OUR_TURN for item in judged):
        return answer(Kind.SILENT, Reason.OUR_TURN)
    if any(item.reason is Reason.PLANNED for item in judged):
        return answer(Kind.SILENT, Reason.PLANNED)
    if any(item.reason in EXCLUDED_REASONS for item in judged):
        return answer(Kind.SILENT, Reason.ALL_EXCLUDED)
    return answer(Kind.SILENT, Reason.LADDER_FINISHED)


def _passing_silence(account, items, chased, today):
    due = sum(item.position.chased for item in items)
    if account.unmatched_cash:
        return (Reason.UNMATCHED_CASH,)
    if account.credit and account.credit >= due:
        return (Reason.COVERED_BY_CREDIT,)
    if account.payable and account.credit + account.payable >= due:
        return (Reason.NETTING,)
    if chased - account.credit - account.payable < account.minimum:
        return (Reason.BELOW_MINIMUM,)
    if account.statement_missing and any(item.step.level > UNSEEN_LEVEL_MAX for item in items):
        return (Reason.STATEMENT_MISSING,)
    if account.wrote_until and account.wrote_until >= today:
        return Reason.CUSTOMER_WROTE, account.wrote_until + timedelta(1)
    return None


def _is_silent(ladder: Ladder, day: date) -> bool:
    return day.weekday() in ladder.silent_weekdays or day in ladder.holidays


def _next_speaking_day(ladder: Ladder, today: date) -> date:
    """The next day on which messages may go; where none is near, the day on which to look again."""
    days = (today + timedelta(ahead) for ahead in range(1, SILENT_DAYS_AHEAD))
    return next((day for day in days if not _is_silent(ladder, day)), today + timedelta(7))


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
