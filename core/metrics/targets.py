"""What is good and what is an alarm."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Target:
    """``good`` and ``alarm`` are limits; the figure gets better upward when ``good`` is the higher one."""

    good: Decimal
    alarm: Decimal


#: The limits of the process description, as shipped: days, shares, hours a month. It names no alarm for
#: the young share and no good value for the old one: these two are ours.
TARGETS = {
    "dso": Target(Decimal(30), Decimal(60)),
    "share_young": Target(Decimal("0.80"), Decimal("0.60")),
    "share_over_90": Target(Decimal("0.05"), Decimal("0.20")),
    "collection_rate": Target(Decimal("0.85"), Decimal("0.60")),
    "bad_debt_ratio": Target(Decimal("0.02"), Decimal("0.05")),
    "reconciling_hours": Target(Decimal(4), Decimal(20)),
}


def grade(value: Decimal | None, target: Target) -> str:
    """Good, watch or alarm; "none" where the figure has no value. A limit itself still counts as kept."""
    if value is None:
        return "none"
    sign = 1 if target.good >= target.alarm else -1
    if sign * value >= sign * target.good:
        return "good"
    return "alarm" if sign * value < sign * target.alarm else "watch"
