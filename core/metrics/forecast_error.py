"""How wrong the forecast was, against two forecasts that anybody could make."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

#: the weight of "the forecast says rightly how sure it is", in weeks
_PRIOR_WEEKS = 4
_NARROWEST, _WIDEST = 0.5, 9.0


@dataclass(frozen=True, slots=True)
class PastWeek:
    """A week that is over, as it was forecast on its first day with what was known then.

    ``by_due``: everything is paid on its due date. ``by_average``: the mean of the weeks before.
    """

    week: datetime.date
    actual: Decimal
    expected: Decimal
    p10: Decimal
    p90: Decimal
    variance: float
    by_due: Decimal
    by_average: Decimal


@dataclass(frozen=True, slots=True)
class Errors:
    """Sum of the absolute errors / sum of what came in; None where nothing came in.

    ``coverage``: the share of the weeks between P10 and P90; 0.8 is what they promise.
    """

    forecast: Decimal | None
    by_due: Decimal | None
    by_average: Decimal | None
    coverage: Decimal | None

    @property
    def is_best(self) -> bool:
        rivals = [error for error in (self.by_due, self.by_average) if error is not None]
        return self.forecast is not None and all(self.forecast < error for error in rivals)


def errors_of(weeks: Sequence[PastWeek]) -> Errors:
    actual = sum((week.actual for week in weeks), Decimal(0))

    def error(name: str) -> Decimal | None:
        missed = sum((abs(getattr(week, name) - week.actual) for week in weeks), Decimal(0))
        return missed / actual if actual > 0 else None

    inside = sum(1 for week in weeks if week.p10 <= week.actual <= week.p90)
    return Errors(
        error("expected"),
        error("by_due"),
        error("by_average"),
        Decimal(inside) / len(weeks) if weeks else None,
    )


def widening_of(weeks: Sequence[PastWeek]) -> float:
    """The factor by which the variance of the coming weeks has to be larger than the formula says.

    Mean of (actual - expected)^2 / variance over the past weeks, drawn towards 1 with the weight of four.
    """
    ratios = [
        min(float(week.actual - week.expected) ** 2 / week.variance, 4 * _WIDEST)
        for week in weeks
        if week.variance > 0
    ]
    factor = (_PRIOR_WEEKS + sum(ratios)) / (_PRIOR_WEEKS + len(ratios))
    return min(max(factor, _NARROWEST), _WIDEST)
