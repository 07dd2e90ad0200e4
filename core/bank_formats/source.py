"""A file on its way into a reader: its bytes, its text, and how much of it may be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .model import Statement
from .profile import Profile
from .text import to_lines

MEGABYTE = 1024 * 1024
RATIO_FREE = 10 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be before it is refused by name. They guard against hostile files.

    :param bytes: size of the file as it came.
    :param lines: rows of a table, lines of a text file; for 1C's format, which takes some twenty
        lines for an operation, twenty times as many.
    :param columns: cells in one row.
    :param unpacked_bytes: what an archive or a workbook may hold, all members together.
    :param members: files in an archive.
    :param ratio: how many times larger than packed an archive, a workbook or a member of it may be.
        Statements reach 10 to 40, deflate ends at 1032. Up to `RATIO_FREE` bytes are nobody's bomb.
    """

    bytes: int = 20 * MEGABYTE
    lines: int = 100_000
    columns: int = 500
    unpacked_bytes: int = 200 * MEGABYTE
    members: int = 200
    ratio: int = 100

    def allows_ratio(self, packed: int, unpacked: int) -> bool:
        """Whether `packed` bytes may become `unpacked`."""
        return unpacked <= max(RATIO_FREE, self.ratio * packed)


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader gets. ``text`` is `data` decoded by `text.to_text`; archives ignore it."""

    data: bytes
    text: str
    filename: str = ""
    profile: Profile | None = None
    limits: Limits = field(default_factory=Limits)

    def lines(self, per_operation: int = 1) -> list[str]:
        """The text's lines; index 0 is line 1. Raises ``too_many_lines``.

        :param per_operation: how many lines the format needs for what a table says in one.
        """
        return to_lines(self.text, self.filename, self.limits.lines * per_operation)


@dataclass(frozen=True, slots=True)
class Format:
    """A file format; the registry asks them in the order of ``order`` and lets the first one read.

    :param order: formats that are certain by their first bytes come first, loose ones last.
    :param detect: whether the source is of this format, by content; reads, never raises.
    :param parse: one `Statement` per own account; raises `StatementFormatError`, and only that.
    :param tables: of a format whose files are tables: their rows (`table.Table`), for the preview.
    """

    code: str
    name: str
    order: int
    detect: Callable[[Source], bool]
    parse: Callable[[Source], list[Statement]]
    tables: Callable[[Source], list] | None = None
