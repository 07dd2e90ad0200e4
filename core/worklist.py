"""What needs a person first: work is ranked by money × urgency × the chance to change it.

Pure: the caller fetches the work, this module orders it and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

ONE = Decimal(1)
#: Limits of the words for a chance.
GOOD, FAIR = Decimal("0.6"), Decimal("0.3")


@dataclass(frozen=True, slots=True)
class Weight:
    """How one kind of work is weighed.

    ``chance``: which share of the money comes sooner when somebody acts today, 0 to 1.
    ``horizon``: after so many days of waiting the urgency has doubled, and grows no further.
    ``half_life``: in so many days the chance halves; None where it does not fade.
    ``gives_way``: says no more than "look at this customer", and is left out where other work names
    the same customer.
    """

    chance: Decimal
    horizon: int = 14
    half_life: int | None = None
    gives_way: bool = False

    def urgency(self, days: int) -> Decimal:
        """From 1 (today) to 2 (``horizon`` days and more)."""
        return ONE + Decimal(min(max(days, 0), self.horizon)) / self.horizon

    def chance_after(self, days: int) -> Decimal:
        """The chance that is left after ``days`` of waiting."""
        if self.half_life is None:
            return self.chance
        return self.chance * Decimal("0.5") ** (Decimal(max(days, 0)) / self.half_life)


@dataclass(frozen=True, slots=True)
class Work:
    """Something that waits for a person.

    ``amount``: the money it is about, in the company's currency, 0 where there is none. ``days``: since
    it should have been done; ``customer`` 0 where it is nobody's.
    """

    source: str
    key: int
    customer: int = 0
    amount: Decimal = Decimal(0)
    days: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """Work with its worth and what the worth is made of. ``also``: sources that gave way to it."""

    work: Work
    worth: Decimal
    urgency: Decimal
    chance: Decimal
    also: tuple[str, ...] = ()

    @property
    def chance_word(self) -> str:
        """ "good", "fair" or "slim"."""
        return "good" if self.chance >= GOOD else "fair" if self.chance >= FAIR else "slim"


def weigh(work: Work, weight: Weight) -> Ranked:
    """The worth of doing ``work`` today, in the company's currency."""
    urgency, chance = weight.urgency(work.days), weight.chance_after(work.days)
    return Ranked(work, max(work.amount, Decimal(0)) * urgency * chance, urgency, chance)


def rank(works: Iterable[Work], weights: Mapping[str, Weight]) -> list[Ranked]:
    """All work, the most worthwhile first; what is about no money comes last, the oldest first.

    Of a customer, work that ``gives_way`` stays only when there is no other, and then once.

    :raises KeyError: for a source without a weight
    """
    ranked = sorted((weigh(work, weights[work.source]) for work in works), key=_order)
    carriers: dict[int, int] = {}
    for place, item in enumerate(ranked):
        customer = item.work.customer
        if not customer:
            continue
        known = carriers.get(customer)
        if known is None or (_gives_way(ranked[known], weights) and not _gives_way(item, weights)):
            carriers[customer] = place
    result, also = [], {}
    for place, item in enumerate(ranked):
        carrier = carriers.get(item.work.customer, place)
        if carrier != place and _gives_way(item, weights):
            also.setdefault(carrier, []).append(item.work.source)
        else:
            result.append((place, item))
    return [
        Ranked(item.work, item.worth, item.urgency, item.chance, tuple(dict.fromkeys(also.get(place, ()))))
        for place, item in result
    ]


def _gives_way(item: Ranked, weights: Mapping[str, Weight]) -> bool:
    return weights[item.work.source].gives_way


def _order(item: Ranked):
    work = item.work
    return (-item.worth, -work.days, work.source, work.key, work.customer, -work.amount)
