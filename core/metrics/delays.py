"""When what is owed gets paid, counted from the due date: a life table per payer.

The hazard of an age (days past due, negative before) is the share of what is still unpaid on that day
that is paid on it. Counting hazards instead of delays lets unpaid items speak too: an invoice that is open
for 60 days says that this payer does not pay within 60 days. A payer with few payments is drawn towards
his segment, the segment towards the company (shrinkage with pseudo-positions), so that the fallback comes
by degrees and not at a limit:

    h_payer(age) = (paid_payer(age) + k S_segment(age) h_segment(age))
                   / (at_risk_payer(age) + k S_segment(age))

with S the share still unpaid before that day. Source: Kaplan and Meier 1958 (product limit); Walker and
Muliere 1997 (beta-Stacy process: the same as adding k delays of the segment to the payer's own, when none is
censored).
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import accumulate

FIRST_AGE, LAST_AGE = -120, 720
#: first ages of the bins within which the hazard is constant: days near the due date, months far from it
_EDGES = (
    *range(FIRST_AGE, -15, 15),
    *range(-15, 46),
    *range(46, 91, 5),
    *range(91, 181, 15),
    *range(181, 361, 30),
    361,
    541,
)
_WIDTHS = tuple(end - begin for begin, end in zip(_EDGES, (*_EDGES[1:], LAST_AGE + 1), strict=True))
_BIN_OF = tuple(index for index, width in enumerate(_WIDTHS) for _day in range(width))
#: a payer's own payments count as much as his segment's from this number of positions on
PAYER_PRIOR = 3.0
SEGMENT_PRIOR = 10.0
#: with fewer payments than this in the whole company there is nothing to learn from
LEAST_PAYMENTS = 20.0
#: what is assumed with the weight of one position where the company has seen nothing: 3 % a day once due
_UNKNOWN = 0.03


@dataclass(frozen=True, slots=True)
class Observed:
    """What one payer did with positions that were owed from ``entry`` to ``exit`` (days past due).

    ``paid``: ``weight`` of them was paid on the day ``exit``; otherwise it was still open then. A position
    paid in parts counts with its shares.
    """

    payer: Hashable
    segment: Hashable
    entry: int
    exit: int
    paid: bool
    weight: float = 1.0


class LifeTable:
    """The share that is still unpaid by age."""

    __slots__ = ("hazards", "unpaid")

    def __init__(self, hazards: list[float]):
        """:param hazards: one per bin"""
        self.hazards = hazards
        self.unpaid = list(accumulate((1.0 - hazards[index] for index in _BIN_OF), _times, initial=1.0))

    def still_unpaid(self, age: int) -> float:
        """The share unpaid at the end of the day of ``age``."""
        return self.unpaid[min(max(age, FIRST_AGE - 1), LAST_AGE) - FIRST_AGE + 1]

    def days(self, age: int, number: int) -> list[float]:
        """The probabilities that what is unpaid at the end of ``age`` is paid on each of the next days."""
        start = age - FIRST_AGE + 1
        if start < 0:  # not due for so long that nothing happens yet
            lead = min(-start, number)
            return [0.0] * lead + (self.days(FIRST_AGE - 1, number - lead) if lead < number else [])
        if start + number >= len(self.unpaid):  # beyond the table the last hazard goes on
            start = max(len(self.unpaid) - 1 - number, 0)
        unpaid = self.unpaid
        base = unpaid[start]
        if base <= 1e-12:
            return [0.0] * number
        return [
            (before - after) / base
            for before, after in zip(
                unpaid[start : start + number], unpaid[start + 1 : start + number + 1], strict=True
            )
        ]


class DelayModel:
    """The life tables of all payers, made as they are asked for."""

    def __init__(self, observed: Iterable[Observed]):
        self._counts: dict[Hashable, tuple[list[float], list[float]]] = {}
        self._segment_of: dict[Hashable, Hashable] = {}
        by_payer: dict[Hashable, list[Observed]] = {}
        for row in observed:
            by_payer.setdefault(row.payer, []).append(row)
            self._segment_of[row.payer] = row.segment
        segments: dict[Hashable, tuple[list[float], list[float]]] = {}
        company = _nothing()
        for payer, rows in by_payer.items():
            counts = self._counts[payer] = _count(rows)
            for total in (segments.setdefault(self._segment_of[payer], _nothing()), company):
                for part, own in zip(total, counts, strict=True):
                    part[:] = map(float.__add__, part, own)
        #: paid positions in the whole company
        self.payments = sum(company[0])
        unknown = LifeTable([0.0 if edge < 0 else _UNKNOWN for edge in _EDGES])
        self._company = _shrunk(company, unknown, 1.0)
        self._segments = {
            key: _shrunk(counts, self._company, SEGMENT_PRIOR) for key, counts in segments.items()
        }
        self._tables: dict[Hashable, LifeTable] = {}

    @property
    def knows_enough(self) -> bool:
        return self.payments >= LEAST_PAYMENTS

    def has_history(self, payer: Hashable) -> bool:
        """Whether the payer's own payments outweigh those of the segment."""
        counts = self._counts.get(payer)
        return counts is not None and sum(counts[0]) >= PAYER_PRIOR

    def table(self, payer: Hashable, segment: Hashable = None) -> LifeTable:
        """:param segment: of a payer who was never seen before"""
        counts = self._counts.get(payer)
        segment = self._segment_of.get(payer, segment)
        key = ("payer", payer) if counts else ("segment", segment)
        table = self._tables.get(key)
        if table is None:
            prior = self._segments.get(segment, self._company)
            table = self._tables[key] = _shrunk(counts, prior, PAYER_PRIOR) if counts else prior
        return table


def _times(one: float, other: float) -> float:
    return one * other


def _nothing() -> tuple[list[float], list[float]]:
    return [0.0] * len(_EDGES), [0.0] * len(_EDGES)


def _clip(age: int) -> int:
    return min(max(age, FIRST_AGE), LAST_AGE)


def _count(rows: list[Observed]) -> tuple[list[float], list[float]]:
    """(paid, position-days at risk) per bin."""
    paid, at_risk = _nothing()
    change = [0.0] * (LAST_AGE - FIRST_AGE + 2)
    for row in rows:
        end = _clip(row.exit)
        if row.paid:
            paid[_BIN_OF[end - FIRST_AGE]] += row.weight
        change[_clip(min(row.entry, row.exit)) - FIRST_AGE] += row.weight
        change[end - FIRST_AGE + 1] -= row.weight
    for index, value in zip(_BIN_OF, accumulate(change), strict=False):
        at_risk[index] += value
    return paid, at_risk


def _shrunk(counts, prior: LifeTable, weight: float) -> LifeTable:
    paid, at_risk = counts
    hazards, start = [], 0
    for own, base, width, toward in zip(paid, at_risk, _WIDTHS, prior.hazards, strict=True):
        pseudo = weight * sum(prior.unpaid[start : start + width])
        start += width
        hazards.append(min((own + pseudo * toward) / (base + pseudo), 1.0) if base + pseudo > 0 else toward)
    return LifeTable(hazards)
