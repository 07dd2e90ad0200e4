"""Where one position stands on its ladder: the step that is due, or the next one and its day."""

from __future__ import annotations

from datetime import date, timedelta

from .ladder import UNSEEN_LEVEL_MAX, Ladder, Step
from .model import Account, ItemDecision, Position
from .reasons import CAUSES_OF_SUMS, DUE_REASONS, Reason


def judge(position: Position, account: Account, ladder: Ladder, today: date) -> ItemDecision:
    """The decision on one position; what the other positions are changes nothing about it."""
    if position.residual <= 0:
        return ItemDecision(position, Reason.SETTLED)
    climbed = _climb(position, account, ladder, today)
    causes = (
        tuple(dict.fromkeys(obstacle.cause for obstacle in position.obstacles)) if position.obstacles else ()
    )
    held = climbed.step if climbed.reason in DUE_REASONS else None

    def out(reason: Reason, until: date | None = None) -> ItemDecision:
        day = until + timedelta(1) if until else None
        return ItemDecision(position, reason, held, day, climbed.occurrence, climbed.passed, causes)

    if position.chased <= 0:
        return out(Reason.DISPUTED)
    if position.payment_until and position.payment_until >= today:
        return out(Reason.PAYMENT_UNDER_WAY, position.payment_until)
    if position.planned:
        return out(Reason.PLANNED)
    promised = _latest(position.promised_until, account.promised_until)
    if promised and promised >= today:
        return out(Reason.PROMISED, promised)
    if position.paused_until and position.paused_until >= today:
        return out(Reason.PAUSED, position.paused_until)
    if not causes:
        return climbed
    ours = [cause for cause in causes if cause not in CAUSES_OF_SUMS]
    if ours and held and held.level > UNSEEN_LEVEL_MAX:
        return out(Reason.OUR_TURN)
    return ItemDecision(
        position,
        climbed.reason,
        climbed.step,
        climbed.date,
        climbed.occurrence,
        climbed.passed,
        causes,
    )


def _climb(position: Position, account: Account, ladder: Ladder, today: date) -> ItemDecision:
    """Letters go up one tone at a time from the highest one sent, whatever the day.

    A position that is seen late, or comes back from a pause, starts with the
    mildest letter that is still true. "The term is near" is not true after the
    due date, nor is "due today" once the first overdue step's day has come.
    A broken promise makes the next tone due at once, also before its own day.
    """
    scheduled = ladder.days(position.due_date, position.issue_date)
    last = max(position.sent, key=lambda sent: (sent.level, sent.date), default=None)
    ahead = [(step, day) for step, day in scheduled if last is None or step.level > last.level]
    repeat = _repeat(position, ladder, last) if last else None
    step, day = _next_step(ahead, position.due_date, today) or (None, None)
    passed = tuple(softer for softer, came in ahead if step and softer.level < step.level and came <= today)
    reason = Reason.DUE
    if last and step:
        answer_by = _answer_by(ladder, last)
        broken, why = _broken(position, account, last, today)
        if broken and max(answer_by, broken + timedelta(1)) <= today and position.due_date < today:
            return ItemDecision(position, why, step, today, passed=passed)
        if max(day, answer_by) > today:
            reason = Reason.TIME_TO_ANSWER if answer_by > day else Reason.NOT_YET
            day = max(day, answer_by)
    if step and day <= today:
        return ItemDecision(position, reason, step, day, passed=passed)
    if repeat:
        again, occurrence, again_on = repeat
        if again_on <= today or not step or again_on < day:
            reason = Reason.REPEATED if again_on <= today else Reason.NOT_YET
            return ItemDecision(position, reason, again, again_on, occurrence)
    if not step:
        return ItemDecision(position, Reason.DONE)
    return ItemDecision(position, reason if reason is not Reason.DUE else Reason.NOT_YET, step, day)


def _next_step(ahead: list[tuple[Step, date]], due: date, today: date) -> tuple[Step, date] | None:
    """Of the steps not yet sent, mildest first: the one to send now, else the one to wait for."""
    come = [(step, day) for step, day in ahead if day <= today]
    overdue = [(step, day) for step, day in come if day > due]
    if overdue:
        return overdue[0]
    # A notice of the term itself: the latest one that has come, if it is still true.
    if come and (come[-1][1] == due or today <= due):
        return come[-1]
    return next(((step, day) for step, day in ahead if day > today), None)


def _repeat(position: Position, ladder: Ladder, last) -> tuple[Step, int, date] | None:
    """The step of the last letter once more: (step, which time, day), None when it is not repeated."""
    step = next((step for step in ladder.steps if step.level == last.level), None)
    if step is None or step.every <= 0 or step.manual:
        return None
    occurrence = 1 + max(sent.occurrence for sent in position.sent if sent.level == step.level)
    if occurrence > step.times:
        return None
    return step, occurrence, last.date + timedelta(max(step.every, step.patience))


def _answer_by(ladder: Ladder, last) -> date:
    """The day before which nothing harsher goes: what the last letter gave the customer."""
    sent = next((step for step in ladder.steps if step.level == last.level), None)
    return last.date + timedelta(sent.patience if sent else 0)


def _broken(position: Position, account: Account, last, today: date):
    """The day of a promise or plan that was not kept and that no letter has answered yet."""
    promise = _latest(position.promise_broken, account.promise_broken)
    broken = _latest(promise, position.plan_broken)
    if broken is None or broken >= today or last.date > broken:
        return None, None
    return broken, Reason.PROMISE_BROKEN if broken == promise else Reason.PLAN_BROKEN


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)
