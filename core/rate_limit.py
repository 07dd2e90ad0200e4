"""How often a token is answered with work: a count per key and window, for one process."""

import datetime
import threading
from collections import OrderedDict


class RateLimit:
    """At most ``limit`` times per ``window`` for each key; the ``size`` keys used last are remembered.

    The clock is the caller's. Holding a limit takes constant time and memory, whatever is asked.
    """

    def __init__(self, limit: int, window: datetime.timedelta, size: int = 10_000):
        self._limit, self._window, self._size = limit, window, size
        self._seen: OrderedDict[object, tuple[datetime.datetime, int]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: object, now: datetime.datetime) -> bool:
        """Whether the key may be served once more now; counts it when it may."""
        with self._lock:
            start, count = self._seen.pop(key, (now, 0))
            if now - start >= self._window or now < start:
                start, count = now, 0
            self._seen[key] = (start, min(count + 1, self._limit + 1))
            while len(self._seen) > self._size:
                self._seen.popitem(last=False)
            return count < self._limit
