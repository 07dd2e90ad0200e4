"""Which ladder a customer is on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payer:
    """``segment``: the caller's key, 0 when unknown. ``kind``: of the customer, "" when unknown.
    ``term_days``: the days that the customer's payment terms give, None when there are none."""

    segment: int = 0
    kind: str = ""
    term_days: int | None = None


@dataclass(frozen=True, slots=True)
class LadderRule:
    """Whom the ladder ``key`` is for; an empty condition holds for everybody.

    ``term_days_min`` and ``term_days_max`` are inclusive; a payer without terms meets neither.
    """

    key: int
    segments: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    term_days_min: int | None = None
    term_days_max: int | None = None

    @property
    def is_general(self) -> bool:
        return not (self.segments or self.kinds) and self.term_days_min is None and self.term_days_max is None

    def fits(self, payer: Payer) -> bool:
        if self.segments and payer.segment not in self.segments:
            return False
        if self.kinds and payer.kind not in self.kinds:
            return False
        if self.term_days_min is None and self.term_days_max is None:
            return True
        return payer.term_days is not None and (
            (self.term_days_min is None or payer.term_days >= self.term_days_min)
            and (self.term_days_max is None or payer.term_days <= self.term_days_max)
        )


def choose_ladder(payer: Payer, rules: Iterable[LadderRule], default: int | None) -> int | None:
    """The key of the first ladder with conditions that fit, else ``default``.

    A ladder without conditions is nobody's by itself: it is chosen by hand or as the default.
    """
    return next((rule.key for rule in rules if not rule.is_general and rule.fits(payer)), default)
