"""Why the DSO changed between two days, in six steps that add up to the change exactly.

The DSO is a sum over customers of weight x days: the weight is the customer's share in the sales, the days
are what the customer owes in days of its own sales, cut into what is not due (its *terms*), what is late,
what is disputed, what is late but covered by its unapplied money, and what was written off since the first
day (taken off; the same amount stands under late, where it would be without the write-off).

    change = sum of (w1 - w0) x (d0 + d1) / 2          mix
           + sum of (w0 + w1) / 2 x (part1 - part0)    each part

For a customer without sales at one of the two days there is no d; what he owes changed because he came or
went (mix) when he owes nothing on that day, and because of the parts otherwise. Sums are exact fractions; the
steps are told in hundredths of a day by the largest remainders, so that they add up as they are shown.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

STEPS = ("mix", "terms", "lateness", "disputes", "unapplied", "write_off")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Owed:
    """What one customer owes at the end of a day, and its sales of the window before it.

    ``disputed`` and ``late`` do not overlap; ``unapplied`` money is positive and covers late amounts only in
    ``parts``; ``written_off`` since the first of the two days, zero on that day itself.
    """

    sales: Decimal = Decimal(0)
    current: Decimal = Decimal(0)
    late: Decimal = Decimal(0)
    disputed: Decimal = Decimal(0)
    unapplied: Decimal = Decimal(0)
    written_off: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.current + self.late + self.disputed

    @property
    def parts(self) -> dict[str, Fraction]:
        covered = max(min(self.unapplied, self.late), Decimal(0))
        return {
            "terms": Fraction(self.current),
            "lateness": Fraction(self.late) - Fraction(covered) + Fraction(self.written_off),
            "disputes": Fraction(self.disputed),
            "unapplied": Fraction(covered),
            "write_off": -Fraction(self.written_off),
        }


@dataclass(frozen=True, slots=True)
class Waterfall:
    """``steps`` in the order of ``STEPS``; ``before`` + their sum = ``after``."""

    before: Decimal
    after: Decimal
    steps: dict[str, Decimal]


def explain_change(
    before: Mapping[Hashable, Owed],
    after: Mapping[Hashable, Owed],
    days: int,
    days_before: int | None = None,
) -> Waterfall | None:
    """The steps from the DSO of one day to that of another.

    :param before: what each customer owes on the first day, ``after``: on the second
    :param days: of the window that the sales are from; ``days_before``: of the first day, where it differs
    :return: None where one of the days has no sales, and so no DSO
    """
    sales0, sales1 = (
        sum((Fraction(owed.sales) for owed in each.values()), Fraction(0)) for each in (before, after)
    )
    if sales0 <= 0 or sales1 <= 0:
        return None
    days_before = days_before or days
    steps = dict.fromkeys(STEPS, Fraction(0))
    for customer in before.keys() | after.keys():
        one, other = before.get(customer, Owed()), after.get(customer, Owed())
        # Days of the company's sales: weight x the customer's own days.
        parts0 = {name: amount * days_before / sales0 for name, amount in one.parts.items()}
        parts1 = {name: amount * days / sales1 for name, amount in other.parts.items()}
        if one.sales > 0 and other.sales > 0:
            weight0, weight1 = Fraction(one.sales) / sales0, Fraction(other.sales) / sales1
            middle = (weight0 + weight1) / 2
            steps["mix"] += (weight1 - weight0) * (
                sum(parts0.values()) / weight0 + sum(parts1.values()) / weight1
            ) / 2  # fmt: skip
            for name, part in parts1.items():
                steps[name] += middle * (part / weight1 - parts0[name] / weight0)
        elif (one.sales <= 0 and not any(one.parts.values())) or (
            other.sales <= 0 and not any(other.parts.values())
        ):
            steps["mix"] += sum(parts1.values()) - sum(parts0.values())
        else:
            for name, part in parts1.items():
                steps[name] += part - parts0[name]
    exact0 = sum((Fraction(owed.total) for owed in before.values()), Fraction(0)) * days_before / sales0
    exact1 = sum((Fraction(owed.total) for owed in after.values()), Fraction(0)) * days / sales1
    assert exact0 + sum(steps.values()) == exact1
    first, last = _rounded(exact0), _rounded(exact1)
    return Waterfall(first, last, _shared(steps, last - first))


def _rounded(value: Fraction) -> Decimal:
    return Decimal(round(value * 100)) * _HUNDREDTH


def _shared(steps: dict[str, Fraction], total: Decimal) -> dict[str, Decimal]:
    """The steps in hundredths, so that they sum to ``total``: the largest remainders are rounded up."""
    floors = {name: value * 100 // 1 for name, value in steps.items()}
    missing = int(total / _HUNDREDTH) - sum(floors.values())
    by_remainder = sorted(steps, key=lambda name: steps[name] * 100 - floors[name], reverse=True)
    for index in range(abs(missing)):
        floors[by_remainder[index % len(by_remainder)]] += 1 if missing > 0 else -1
    return {name: Decimal(floors[name]) * _HUNDREDTH for name in steps}
