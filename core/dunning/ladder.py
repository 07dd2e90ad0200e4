"""Ladders: steps, the day from which each counts, and how often it is repeated."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
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


class Anchor(str, Enum):
    """From which day ``Step.offset`` counts.

    MONTH_DAY: the first ``Step.month_day`` of a month on or after the day that
    ``offset`` gives from the due date.
    """

    DUE = "due"
    ISSUE = "issue"
    MONTH_DAY = "month_day"


@dataclass(frozen=True, slots=True)
class Step:
    """A rung: ``offset`` days from its anchor (negative: before it).

    ``level`` is the rank of the tone and comparable across ladders.
    ``patience``: days that the letter gives the customer; nothing harsher
    goes to the same position before they are over. ``key`` is the caller's.
    ``every``: days after which the same letter goes again, 0 for never; ``times``:
    how often it goes at most, the first time included.
    """

    offset: int
    level: int
    tone: str = ""
    channels: tuple[str, ...] = ("mail",)
    manual: bool = False
    approval: bool = False
    patience: int = 0
    key: int = 0
    anchor: Anchor = Anchor.DUE
    month_day: int = 1
    every: int = 0
    times: int = 1

    def day(self, due_date: date, issue_date: date | None = None) -> date:
        """The day of the step for a position, softer steps left aside."""
        if self.anchor is Anchor.ISSUE:
            return (issue_date or due_date) + timedelta(self.offset)
        day = due_date + timedelta(self.offset)
        if self.anchor is Anchor.MONTH_DAY:
            return _month_day_from(day, self.month_day)
        return day


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps, kept in order of their level, one per level.

    A harsher step never comes before a softer one: where the steps given say
    so, the harsher one is moved to the day of the softer (``days``).
    ``holidays``: further days without messages.
    """

    steps: tuple[Step, ...]
    contact_gap: int = CONTACT_GAP
    silent_weekdays: frozenset[int] = WEEKEND
    first_level_max: int = FIRST_LEVEL_MAX
    holidays: frozenset[date] = frozenset()
    # Most positions of a run share their days with others.
    _known: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self):
        kept: list[Step] = []
        latest: dict[Anchor, int] = {}
        for step in sorted(self.steps, key=lambda s: (s.level, s.offset, s.key)):
            if kept and step.level == kept[-1].level:
                continue
            offset = max(step.offset, latest.get(step.anchor, step.offset))
            latest[step.anchor] = offset
            kept.append(step if offset == step.offset else replace(step, offset=offset))
        object.__setattr__(self, "steps", tuple(kept))

    def days(self, due_date: date, issue_date: date | None = None) -> tuple[tuple[Step, date], ...]:
        """Each step with its day for a position, mildest first; the days never fall."""
        key = due_date, issue_date
        if key not in self._known:
            self._known[key] = tuple(self._schedule(due_date, issue_date))
        return self._known[key]

    def _schedule(self, due_date: date, issue_date: date | None) -> list[tuple[Step, date]]:
        scheduled = []
        for step in self.steps:
            day = step.day(due_date, issue_date)
            scheduled.append((step, max(day, scheduled[-1][1]) if scheduled else day))
        return scheduled


def _month_day_from(day: date, number: int) -> date:
    """The first ``number``-th of a month on or after ``day``; in short months the last day."""
    for months in (0, 1):
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        found = date(year, month + 1, min(max(number, 1), last))
        if found >= day:
            break
    return found
