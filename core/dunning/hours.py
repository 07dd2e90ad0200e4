"""Quiet hours: a message goes out only while its recipient's clock shows working hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class SendingHours:
    """From ``first`` to before ``last``; the same moment twice means the whole day.

    Hours over midnight are not known: ``last`` is later than ``first``, or equal to it.
    """

    first: time = time(9)
    last: time = time(18)

    def is_open(self, local: datetime) -> bool:
        """Whether a message may go at this moment of the recipient's clock."""
        return self.first == self.last or self.first <= local.time() < self.last

    def next_opening(self, local: datetime) -> datetime:
        """The first moment from ``local`` on at which a message may go, days without messages aside."""
        if self.is_open(local):
            return local
        today = datetime.combine(local.date(), self.first, local.tzinfo)
        return today if local < today else today + timedelta(days=1)
