"""How old the open amounts are."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

#: key -> (first day, last day) past the date that counts; keys sort from young to old
BUCKETS: dict[str, tuple[int | None, int | None]] = {
    "b0": (None, 0),  # not due
    "b1": (1, 30),
    "b2": (31, 60),
    "b3": (61, 90),
    "b4": (91, None),
}


def age_in_days(date: datetime.date, as_of: datetime.date) -> int:
    """Days past ``date``; on the day itself 0: not yet overdue."""
    return (as_of - date).days


def bucket_of(days: int) -> str:
    for key, (_first, last) in BUCKETS.items():
        if last is None or days <= last:
            return key
    raise AssertionError("the last bucket has no end")


@dataclass(frozen=True, slots=True)
class Aging:
    """Open amounts by bucket."""

    amounts: dict[str, Decimal]

    @classmethod
    def of(cls, items: Iterable[tuple[int, Decimal]]) -> "Aging":
        """:param items: (days past the date that counts, open amount)"""
        amounts = dict.fromkeys(BUCKETS, Decimal(0))
        for days, amount in items:
            amounts[bucket_of(days)] += amount
        return cls(amounts)

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), Decimal(0))

    def share(self, *keys: str) -> Decimal | None:
        """The share of the buckets in all that is open; None when nothing is."""
        total = self.total
        return sum((self.amounts[key] for key in keys), Decimal(0)) / total if total > 0 else None

    @property
    def share_current(self) -> Decimal | None:
        """Percent current of the Credit Research Foundation: not due / all."""
        return self.share("b0")

    @property
    def share_over_90(self) -> Decimal | None:
        """Percent over 91 of the Credit Research Foundation: more than 90 days past due / all."""
        return self.share("b4")
