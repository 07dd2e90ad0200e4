"""The ten questions that the process must answer with "yes", and how an answer is judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: In the order in which they are asked.
POINTS = (
    "deals",
    "openings",
    "reminders",
    "chains",
    "pauses",
    "bank",
    "matching",
    "card",
    "dashboard",
    "process",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """``missing``: what stands in the way, in words; ``seen``: how often it has happened lately."""

    key: str
    missing: tuple[str, ...] = ()
    seen: int = 0

    @property
    def state(self) -> str:
        """ "lives" when it is set up and happens, "waiting" when it is set up only, "off" otherwise."""
        if self.missing:
            return "off"
        return "lives" if self.seen > 0 else "waiting"


def living(answers: Iterable[Answer]) -> int:
    """How many of the questions are answered with "yes".

    :raises ValueError: when one of the ten is not asked, or asked twice
    """
    answers = list(answers)
    if sorted(answer.key for answer in answers) != sorted(POINTS):
        raise ValueError("each of the ten questions is asked once")
    return sum(answer.state == "lives" for answer in answers)
