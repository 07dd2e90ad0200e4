"""What will come in, day by day, for thirteen weeks.

Each open item has one basis, the first that holds: a promise, an instalment of a plan, the delays of its
payer (``core.metrics.delays``; at month ends if he pays then: ``core.metrics.month_ends``), its due date.
What is not invoiced yet follows the pace of the past weeks: mean billing a day x the share of an invoice that
is paid within so many days.

Sums are described by mean and variance, without simulation:

    mean      = sum of a p
    variance  = sum over payers of (1 - r) sum of a^2 p (1 - p) + r (sum of a sqrt(p (1 - p)))^2
                + g B2 + g^2 max(s^2 - B2, 0) + g^2 s^2 / n          (what is not invoiced yet)

with a the amount of an item, p its probability of being paid in the period, r = 0.25 because one payer pays
several items at once, g the share of a week's billing that comes in, B2 the sum of squares of a week's
invoices, s^2 the variance of the billing of the n past weeks. The variance is widened by the factor by which
past forecasts missed more than they said. P10, P50 and P90 are those of the gamma distribution with this mean
and variance by Wilson and Hilferty (1931): mean (1 - 1/(9k) + z / (3 sqrt(k)))^3, k = mean^2 / variance.

Estimates are floats; the amounts that go in and come out are Decimal.
"""

import datetime
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import accumulate
from math import sqrt

from .delays import DelayModel, LifeTable
from .month_ends import REACH, MonthEnds, at_month_ends

WEEKS = 13
_DAY = datetime.timedelta(days=1)
_TOGETHER = 0.25
#: normal quantiles of 10 % and 90 %
_Z = 1.2815515655446004
#: without history what is overdue is expected evenly within so many days
_OVERDUE_SPREAD = 28
#: a week in which an item is paid with less than this probability is not told for itself
_NEGLIGIBLE = 0.01
BASES = ("promise", "plan", "payer", "segment", "due", "pace")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A position that is owed today.

    ``promised``: the day the customer named, kept with the probability ``kept``. ``planned``: the day of the
    instalment that it is in a plan. ``late``: extra days, of a what-if or of a dispute that is decided first.
    """

    key: Hashable
    payer: Hashable
    segment: Hashable
    due: datetime.date
    amount: Decimal
    promised: datetime.date | None = None
    kept: float = 0.8
    planned: datetime.date | None = None
    late: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Billing of the past full weeks, the oldest first, and how invoices get paid from their own date on.

    ``squares``: the sum of the squares of the invoices of a week, on average.
    """

    weekly: tuple[Decimal, ...]
    squares: float
    paid: LifeTable


@dataclass(frozen=True, slots=True)
class Expected:
    """Money expected in a period."""

    start: datetime.date
    days: int
    mean: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal
    by_basis: dict[str, Decimal]
    variance: float


@dataclass(frozen=True, slots=True)
class ItemWeek:
    """What is expected of one item in one week (its Monday); the parts of an item never exceed it."""

    key: Hashable
    week: datetime.date
    basis: str
    probability: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    days: list[Expected]
    weeks: list[Expected]
    items: list[ItemWeek]


@dataclass(slots=True)
class _Sums:
    """Running sums of one period."""

    by_basis: dict[str, float] = field(default_factory=dict)
    variance: float = 0.0

    def expected(self, start: datetime.date, days: int, widening: float) -> Expected:
        mean = sum(self.by_basis.values())
        variance = self.variance * widening
        p10, p50, p90 = (_cents(_quantile(mean, variance, z)) for z in (-_Z, 0.0, _Z))
        by_basis = {key: _cents(value) for key, value in self.by_basis.items()}
        return Expected(
            start, days, sum(by_basis.values(), Decimal(0)), p10, p50, p90, by_basis, self.variance
        )


def forecast_receipts(
    items: Iterable[OpenItem],
    model: DelayModel,
    today: datetime.date,
    pace: Pace | None = None,
    widening: float = 1.0,
    weeks: int = WEEKS,
    month_ends: MonthEnds | None = None,
) -> Forecast:
    """What comes in from today on to the Sunday of the last of ``weeks`` calendar weeks, this one included.

    :param widening: see ``widening_of``
    :param month_ends: who pays at the end of the month, see ``core.metrics.month_ends``
    """
    number = 7 * weeks - today.weekday()
    weekends = _weekends(today, number)
    month_ends = month_ends or MonthEnds()
    week_of = [(today.weekday() + day) // 7 for day in range(number)]
    mondays = [today - today.weekday() * _DAY + 7 * week * _DAY for week in range(weeks)]
    days, totals = [_Sums() for _day in range(number)], [_Sums() for _week in range(weeks)]
    spreads: list[ItemWeek] = []
    by_payer: dict[Hashable, list[OpenItem]] = {}
    for item in items:
        if item.amount > 0:
            by_payer.setdefault(item.payer, []).append(item)
    for own in by_payer.values():
        day_pairs, week_pairs = [[0.0, 0.0] for _ in days], [[0.0, 0.0] for _ in totals]
        cache: dict[tuple, tuple] = {}
        for item in own:
            shape = (item.due, item.promised, item.kept, item.planned, item.late)
            if shape not in cache:
                is_monthly = item.payer in month_ends.payers
                basis, chances = _chances(item, model, today, number, weekends, is_monthly)
                cache[shape] = basis, *_pruned(chances, week_of, weeks)
            basis, chances, by_week = cache[shape]
            amount = float(item.amount)
            _add(days, day_pairs, chances, amount, basis)
            _add(totals, week_pairs, by_week, amount, basis)
            spreads += [
                ItemWeek(item.key, monday, basis, chance, _cents(amount * chance))
                for monday, chance in zip(mondays, by_week, strict=True)
                if chance
            ]
        for sums, pairs in ((days, day_pairs), (totals, week_pairs)):
            for total, (alone, together) in zip(sums, pairs, strict=True):
                total.variance += (1 - _TOGETHER) * alone + _TOGETHER * together * together
    if pace:
        _add_pace(days, totals, pace, week_of, weekends, today, month_ends.share)
    lengths = [week_of.count(week) for week in range(weeks)]
    return Forecast(
        [total.expected(today + day * _DAY, 1, widening) for day, total in enumerate(days)],
        [total.expected(*args, widening) for total, *args in zip(totals, mondays, lengths, strict=True)],
        spreads,
    )


def paid_later(items: Iterable[OpenItem], payers: set[Hashable], days: int) -> list[OpenItem]:
    """The items when these payers pay so many days later than they would."""
    return [replace(item, late=item.late + days) if item.payer in payers else item for item in items]


def net_of_credits(items: Sequence[OpenItem], credits: dict[Hashable, Decimal]) -> list[OpenItem]:
    """The items after money and credit notes of the same payer are taken off his oldest ones.

    :param credits: positive amounts per payer
    """
    left, result = dict(credits), []
    for item in sorted(items, key=lambda item: item.due):
        used = min(left.get(item.payer, Decimal(0)), item.amount)
        if used > 0:
            left[item.payer] -= used
            item = replace(item, amount=item.amount - used)
        if item.amount > 0:
            result.append(item)
    return result


def _chances(
    item: OpenItem, model: DelayModel, today: datetime.date, number: int, weekends, is_monthly: bool
) -> tuple[str, list[float]]:
    """(basis, the probability of being paid on each of the days from today on)."""
    basis, chances = _usual_chances(item, model, today, number + (REACH if is_monthly else 0))
    if is_monthly:
        if basis in ("payer", "segment"):
            chances = at_month_ends(chances, today)
        chances = chances[:number]
    if item.late:
        late = min(item.late, number)
        chances = [0.0] * late + chances[: number - late]
    return basis, _on_working_days(chances, weekends)


def _usual_chances(
    item: OpenItem, model: DelayModel, today: datetime.date, number: int
) -> tuple[str, list[float]]:
    if item.promised and item.promised >= today:
        ahead = (item.promised - today).days
        chances = [0.0] * number
        if ahead < number:
            chances[ahead] = item.kept
            # A promise that is broken leaves the item to its payer's habits from then on.
            age = (item.promised - item.due).days
            rest = model.table(item.payer, item.segment).days(age, number - ahead - 1)
            for day, chance in enumerate(rest, ahead + 1):
                chances[day] = (1 - item.kept) * chance
        return "promise", chances
    ahead = ((item.planned or item.due) - today).days
    if model.knows_enough:
        table = model.table(item.payer, item.segment)
        # Nobody could pay on the rest days just before today: they say nothing about the payer.
        rested = {0: 2, 6: 1}.get(today.weekday(), 0)
        chances = table.days(-ahead - 1 - rested, number + rested)
        for day in range(rested):
            chances[rested] += chances[day]
        basis = "plan" if item.planned else "payer" if model.has_history(item.payer) else "segment"
        return basis, chances[rested:]
    chances = [0.0] * number
    if 0 <= ahead < number:
        chances[ahead] = 1.0
    elif ahead < 0:
        spread = min(_OVERDUE_SPREAD, number)
        chances[:spread] = [1.0 / spread] * spread
    return "plan" if item.planned else "due", chances


def _weekends(first: datetime.date, number: int) -> list[tuple[int, int]]:
    """(day, its Monday) of each Saturday and Sunday, as days from ``first`` on."""
    start = first.weekday()
    return [(day, day + 7 - (start + day) % 7) for day in range(number) if (start + day) % 7 > 4]


def _on_working_days(values: list[float], weekends: list[tuple[int, int]]) -> list[float]:
    """Banks rest on Saturday and Sunday: what falls on them comes on Monday."""
    for day, monday in weekends:
        if monday < len(values):
            values[monday] += values[day]
        values[day] = 0.0
    return values


def _pruned(chances: list[float], week_of: list[int], weeks: int) -> tuple[list[float], list[float]]:
    """(per day, per week) without weeks that hardly count: what they have waits for the next that counts."""
    by_week = [0.0] * weeks
    for week, chance in zip(week_of, chances, strict=True):
        by_week[week] += chance
    told, carried = [0.0] * weeks, 0.0
    last = max((week for week, chance in enumerate(by_week) if chance), default=0)
    for week, chance in enumerate(by_week):
        carried += chance
        if chance and (carried >= _NEGLIGIBLE or week == last):
            told[week], carried = carried, 0.0
    factors = [after / before if before else 0.0 for before, after in zip(by_week, told, strict=True)]
    return [chance * factors[week] for week, chance in zip(week_of, chances, strict=True)], told


def _add(sums: list[_Sums], pairs: list[list[float]], chances: list[float], amount: float, basis: str):
    for total, pair, chance in zip(sums, pairs, chances, strict=True):
        if chance:
            total.by_basis[basis] = total.by_basis.get(basis, 0.0) + amount * chance
            spread = amount * sqrt(max(chance * (1.0 - chance), 0.0))
            pair[0] += spread * spread
            pair[1] += spread


def _add_pace(days, totals, pace: Pace, week_of: list[int], weekends, today, monthly: float):
    weekly = [float(amount) for amount in pace.weekly]
    if not weekly:
        return
    mean = max(sum(weekly) / len(weekly), 0.0)
    variance = (
        sum((amount - mean) ** 2 for amount in weekly) / (len(weekly) - 1) if len(weekly) > 1 else mean**2
    )
    # Of what is invoiced evenly from today on, the part that is paid on the day t is the share that is
    # paid within t days.
    shares = [share / 7 for share in accumulate(pace.paid.days(-1, len(week_of) + REACH))]
    ends = at_month_ends(shares, today)
    del shares[len(week_of) :]
    if monthly:
        shares = [(1 - monthly) * share + monthly * end for share, end in zip(shares, ends, strict=False)]
    shares = _on_working_days(shares, weekends)
    by_week = [0.0] * len(totals)
    for week, share in zip(week_of, shares, strict=True):
        by_week[week] += share
    excess = max(variance - pace.squares, 0.0) + variance / len(weekly)
    for sums, parts in ((days, shares), (totals, by_week)):
        for total, share in zip(sums, parts, strict=True):
            if share and mean:
                total.by_basis["pace"] = mean * share
                total.variance += share * pace.squares + share * share * excess


def _quantile(mean: float, variance: float, z: float) -> float:
    if mean <= 0:
        return 0.0
    if variance <= 0:
        return mean
    shape = mean * mean / variance
    return mean * max(1 - 1 / (9 * shape) + z / (3 * sqrt(shape)), 0.0) ** 3


def _cents(value: float) -> Decimal:
    return Decimal(round(value * 100)) / 100
