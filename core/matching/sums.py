"""Sums of several open items: exact or nothing, and honest about uniqueness."""

from collections.abc import Sequence


def find_sums(
    values: Sequence[int], target: int, max_items: int, max_effort: int, min_items: int = 2, limit: int = 2
) -> tuple[list[tuple[int, ...]], bool]:
    """Subsets of whole numbers (minor units; credit notes negative) that make a target.

    Both halves of the values are spread out into all their small sums, and the
    sums of one half looked up for those of the other: 30 values cost 20,000
    steps instead of 770,000. It stops at ``limit`` answers.

    :param max_effort: sums that may be spread out; the search is not begun over more values.
    :return: the subsets as sorted indexes, and whether the search was complete
        (an answer is unique only if there is one and the search was complete).
    """
    places = range(len(values))
    if all(value >= 0 for value in values):
        places = [place for place in places if values[place] <= target]
    highest = sum(values[place] for place in places if values[place] > 0)
    lowest = sum(values[place] for place in places if values[place] < 0)
    if not lowest <= target <= highest:
        return [], True
    half = len(places) // 2
    if _count(half, max_items) + _count(len(places) - half, max_items) > max_effort:
        return [], False
    by_sum: dict[int, list[tuple[int, ...]]] = {}
    for total, chosen in _spread(values, places[half:], max_items):
        by_sum.setdefault(total, []).append(chosen)
    found: list[tuple[int, ...]] = []
    for total, chosen in _spread(values, places[:half], max_items):
        for rest in by_sum.get(target - total, ()):
            if min_items <= len(chosen) + len(rest) <= max_items:
                found.append((*chosen, *rest))
                if len(found) >= limit:
                    return found, False
    return found, True


def _count(number: int, most: int) -> int:
    """How many subsets of up to ``most`` members there are."""
    total = term = 1
    for size in range(1, min(number, most) + 1):
        term = term * (number - size + 1) // size
        total += term
    return total


def _spread(values: Sequence[int], places: Sequence[int], most: int) -> list[tuple[int, tuple[int, ...]]]:
    sums: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for place in places:
        value = values[place]
        sums += [(total + value, (*chosen, place)) for total, chosen in sums if len(chosen) < most]
    return sums
