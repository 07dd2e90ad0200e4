"""Sums of several open items: exact or nothing, and honest about uniqueness."""

from collections.abc import Sequence


def find_sums(
    values: Sequence[int], target: int, max_items: int, max_effort: int, min_items: int = 2, limit: int = 2
) -> tuple[list[tuple[int, ...]], bool]:
    """Subsets of whole numbers (minor units; credit notes negative) that make a target.

    A depth-first search over the values, largest first, cut where even all the
    rest cannot reach the target; it stops at ``limit`` answers or after
    ``max_effort`` steps.

    :return: the subsets as sorted indexes, and whether the search was complete
        (an answer is unique only if there is one and the search was complete).
    """
    order = sorted(range(len(values)), key=lambda i: (-abs(values[i]), i))
    count = len(order)
    highest, lowest = [0] * (count + 1), [0] * (count + 1)
    for place in range(count - 1, -1, -1):
        value = values[order[place]]
        highest[place] = highest[place + 1] + max(value, 0)
        lowest[place] = lowest[place + 1] + min(value, 0)
    found: list[tuple[int, ...]] = []
    effort = 0
    # The last member says whether the node has just gained an item: only then is it a new answer.
    stack: list[tuple[int, int, tuple[int, ...], bool]] = [(0, target, (), False)]
    while stack:
        place, rest, chosen, grown = stack.pop()
        effort += 1
        if effort > max_effort:
            return found, False
        if grown and rest == 0 and len(chosen) >= min_items:
            found.append(tuple(sorted(chosen)))
            if len(found) >= limit:
                return found, False
        if place == count or len(chosen) == max_items or not lowest[place] <= rest <= highest[place]:
            continue
        index = order[place]
        stack.append((place + 1, rest, chosen, False))
        stack.append((place + 1, rest - values[index], (*chosen, index), True))
    return found, True
