from dataclasses import dataclass, field


class SourceError(Exception):
    """A source that cannot be read now; `code` has its sentence in `bank_feed_fetch`.

    :param retry_after: seconds after which the other side wants to be asked again, None when it says nothing.
    """

    def __init__(self, code, retry_after=None, **values):
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        self.values = values


@dataclass(frozen=True, slots=True)
class FeedFile:
    """One file of a source.

    :param name: as people know it; never used as a path.
    :param data: its bytes, None when `problem` says why there are none.
    :param problem: code of a sentence, as in `SourceError`.
    :param key: the source's own name for it.
    :param state: what the feed remembers for the next run, written in the transaction of the import.
    """

    name: str
    data: bytes | None
    problem: str = ""
    key: str = ""
    state: dict = field(default_factory=dict)
