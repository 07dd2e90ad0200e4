"""1CClientBankExchange ("Клиент банка"), Russian and Kazakh keys in any mixture.

Format: 1C's exchange standard (v8.1c.ru/edi), and the deviations of real banks: unknown
or upper-case keys, values over several lines, sections that nobody closes, one account
section a day, an encoding other than the declared one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from ...model import Notice, Statement, StatementFormatError
from ...source import Format, Source
from .documents import Reader

MAGIC = "1cclientbankexchange"
_KEY = re.compile(r"[^\W\d][\w]*")
MAX_VALUE = 4000
# Lines that one operation takes: the limit of lines is meant for operations.
LINES_PER_DOCUMENT = 20
_END_OF_FILE = ("конецфайла", "конецвыписки")


@dataclass(slots=True)
class Section:
    """One section: its lines as key -> first value that is not empty, and all of them as `raw`."""

    kind: str
    line: int
    title: str = ""
    values: dict[str, str] = field(default_factory=dict)
    raw: list[tuple[str, str]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    last: str = ""
    closed: bool = False

    def get(self, *keys: str) -> str:
        """The first value that is not empty among the keys (as `normal_key` leaves them)."""
        return next((self.values[key] for key in keys if self.values.get(key)), "")

    def add(self, key: str, written: str, value: str) -> None:
        self.raw.append((written, value))
        self.last = key
        if not self.values.get(key):
            self.values[key] = value
        elif value and value != self.values[key]:
            # The first one holds: a second one may be text that a payer typed into the purpose.
            self.repeated.append(written)

    def extend(self, text: str) -> None:
        """A line without a key goes on with the value before it.

        No purpose is longer than MAX_VALUE; past it the rest is dropped, or a file of such
        lines alone would take hours.
        """
        if self.raw and text and len(self.raw[-1][1]) < MAX_VALUE:
            written, value = self.raw[-1]
            joined = f"{value} {text}".strip()
            self.raw[-1] = (written, joined)
            if self.values.get(self.last) == value:
                self.values[self.last] = joined


def normal_key(text: str) -> str:
    """Without blanks and case; keys come again and again, long texts are not remembered."""
    return _normal_key(text) if len(text) < 100 else _normal_key.__wrapped__(text)


@lru_cache(maxsize=2048)
def _normal_key(text: str) -> str:
    return "".join(text.split()).casefold().replace("ё", "е")


def detect(source: Source) -> bool:
    return MAGIC in source.text[:4096].casefold()


def parse(source: Source) -> list[Statement]:
    """One statement per own account. See `core.bank_formats.parse_statement` for errors."""
    filename, lines = source.filename, source.lines(LINES_PER_DOCUMENT)
    header, accounts, documents, notices = _sections(lines, filename)
    if not accounts and not documents:
        raise StatementFormatError("nothing_in_file", filename=filename, line=len(lines))
    if not accounts and not any(_is_booked(document) for document in documents):
        raise StatementFormatError("order_export", filename=filename, line=documents[0].line)
    return Reader(header, accounts, documents, notices).statements()


def _is_booked(document: Section) -> bool:
    """A payment order has no date on which the bank moved the money; an operation has."""
    return bool(
        document.get(
            "датасписано", "датапоступило", "датаоперации", "суммаприход", "суммарасход", "суммадоход"
        )
    )


class _Splitter:
    """Cuts the lines into header, account sections and documents."""

    OPENS = {"секциярасчсчет": "account", "секциядокумент": "document"}
    CLOSES = {"конецрасчсчет": "account", "конецрасчсчета": "account", "конецдокумента": "document"}

    def __init__(self, filename: str):
        self.filename = filename
        self.header = Section("header", 1)
        self.sections: list[Section] = []
        self.open: Section | None = None
        self.notices: list[Notice] = []
        self.ended = 0

    def feed(self, number: int, line: str) -> None:
        written, equals, value = line.strip().partition("=")
        key = normal_key(written)
        value = value.strip()
        if self.ended:
            raise StatementFormatError("content_after_end", filename=self.filename, line=number)
        if "\ufffd" in written:
            raise StatementFormatError("destroyed_letters", filename=self.filename, line=number)
        if key in self.OPENS:
            self._leave()
            self.open = Section(self.OPENS[key], number, title=value.strip("\"'« »"))
            self.sections.append(self.open)
        elif key in self.CLOSES and not equals:
            if self.open is None or self.open.kind != self.CLOSES[key]:
                self.notices.append(Notice("end_without_section", number, {"key": written.strip()}))
            else:
                self.open.closed, self.open = True, None
        elif key in _END_OF_FILE and not equals:
            self.ended = number if key == "конецфайла" else 0
            self._leave()
        elif equals and _KEY.fullmatch(written.strip()):
            (self.open or self.header).add(key, written.strip(), value)
        elif self.open is not None:
            self.open.extend(line.strip())
        else:
            self.notices.append(Notice("line_ignored", number, {"text": line.strip()[:80]}))

    def _leave(self) -> None:
        if self.open is not None:
            self.notices.append(Notice("section_not_closed", self.open.line, {"kind": self.open.kind}))
            self.open.closed, self.open = True, None


def _sections(lines: list[str], filename: str):
    splitter = _Splitter(filename)
    started = False
    last = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not started:
            if normal_key(line).lstrip("\ufeff") != MAGIC:
                raise StatementFormatError("first_line_wrong", filename=filename, line=number)
            started = True
            continue
        last = number
        splitter.feed(number, line)
    if not splitter.ended:
        _check_cut(splitter, last, filename)
    accounts = [section for section in splitter.sections if section.kind == "account"]
    documents = [section for section in splitter.sections if section.kind == "document"]
    return splitter.header, accounts, documents, splitter.notices


def _check_cut(splitter: _Splitter, last: int, filename: str) -> None:
    """The file has no end mark: harmless after a complete section, a cut file within one."""
    section = splitter.open
    if section is not None:
        # An account section has its closing balance last: with it, nothing is missing but the mark.
        if section.kind == "document" or not section.get("конечныйостаток"):
            raise StatementFormatError(
                "file_cut_off",
                filename=filename,
                line=last,
                document=section.get("номер", "номердокумента") or section.title,
                start=section.line,
            )
        splitter.notices.append(Notice("section_not_closed", section.line, {"kind": section.kind}))
    splitter.notices.append(Notice("end_of_file_missing", last))


FORMAT = Format("1c", "1CClientBankExchange", 40, detect, parse)
