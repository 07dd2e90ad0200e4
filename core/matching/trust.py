"""Which reasons may apply by themselves: trust that is counted, earned and lost.

A reason earns it when the lower bound of the 95 % Wilson interval of its clean
share is at least 99 % (381 clean decisions without an undone one), and loses it
when the bound falls below 97 %. A manager may switch one on after 50 confirmed
and none undone. Source of the interval: E. B. Wilson, JASA 22 (1927).
"""

import math
from dataclasses import dataclass

from .reasons import EARNABLE, TRUSTED

EARN_AT = 0.99
LOSE_BELOW = 0.97
SWITCH_AFTER = 50
_TELLING = 3  # fewer undone ones than this say nothing of a shipped reason that has decided little
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Statistics:
    """What became of the decisions of one reason.

    :param confirmed: decisions that stand: applied and not undone.
    :param undone: decisions that a person took back.
    :param switched_on: a manager has switched the reason on.
    :param was_earned: the reason had earned its trust when it was last judged.
    """

    reason: str
    confirmed: int
    undone: int
    switched_on: bool = False
    was_earned: bool = False


@dataclass(frozen=True, slots=True)
class Trust:
    """The judgement.

    :param state: ``shipped``, ``earned`` and ``switched_on`` may apply by
        themselves; ``learning`` and ``lost`` may not.
    :param lower: the lower bound, 0 to 1.
    :param missing: clean confirmations that are missing to earn it; 0 when it has.
    :param can_switch_on: whether a manager may switch it on now.
    """

    state: str
    lower: float
    missing: int
    can_switch_on: bool = False

    @property
    def applies(self) -> bool:
        return self.state in ("shipped", "earned", "switched_on")


def wilson_lower(clean: int, total: int, z: float = _Z) -> float:
    """The lower bound of the Wilson score interval of a share; 0 when nothing was counted.

    >>> round(wilson_lower(381, 381), 4), round(wilson_lower(300, 306), 3)
    (0.99, 0.958)

    :raises ValueError: when not ``0 <= clean <= total``.
    """
    return _wilson(clean, total, z, -1)


def wilson_upper(clean: int, total: int, z: float = _Z) -> float:
    """The upper bound; 1 when nothing was counted."""
    return _wilson(clean, total, z, 1) if total else 1.0


def _wilson(clean: int, total: int, z: float, side: int) -> float:
    if not 0 <= clean <= total:
        raise ValueError(f"{clean} of {total} is no share")
    if not total or clean == (total if side > 0 else 0):
        return 1.0 if total and side > 0 else 0.0  # the ends exactly, without the noise of the root
    share = clean / total
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return min(max((share + z * z / (2 * total) + side * spread) / (1 + z * z / total), 0.0), 1.0)


def judge(statistics: Statistics) -> Trust:
    """Whether a reason may apply by itself, and how far it is.

    A reason that is neither shipped nor earnable stays ``learning`` for good.
    One that was switched on holds its trust as long as nothing was undone (50
    clean ones give no bound of 97 %). A shipped one loses it as soon as the
    figures can tell: the bound is below 97 % although there are enough decisions
    to reach it, or three are undone and even the upper bound is below.
    """
    confirmed, undone = statistics.confirmed, statistics.undone
    total = confirmed + undone
    lower = wilson_lower(confirmed, total)
    missing = _missing(confirmed, undone)
    fell = undone > 0 and lower < LOSE_BELOW
    if statistics.reason in TRUSTED:
        enough = wilson_lower(total, total) >= LOSE_BELOW
        telling = enough or (undone >= _TELLING and wilson_upper(confirmed, total) < LOSE_BELOW)
        return Trust("lost" if fell and telling else "shipped", lower, missing)
    if statistics.reason not in EARNABLE:
        return Trust("learning", lower, missing)
    may = confirmed >= SWITCH_AFTER and not undone
    if lower >= EARN_AT or (statistics.was_earned and lower >= LOSE_BELOW):
        state = "earned"
    elif statistics.switched_on and (may or (undone and confirmed >= SWITCH_AFTER and not fell)):
        state = "switched_on"
    elif fell and (statistics.was_earned or statistics.switched_on):
        state = "lost"
    else:
        state = "learning"
    return Trust(state, lower, missing, may)


def _missing(confirmed: int, undone: int) -> int:
    """The fewest further clean confirmations that lift the bound to 99 %."""

    def earned(more: int) -> bool:
        return wilson_lower(confirmed + more, confirmed + more + undone) >= EARN_AT

    if earned(0):
        return 0
    high = 1
    while not earned(high):
        high *= 2
    low = high // 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if earned(middle) else (middle, high)
    return high
