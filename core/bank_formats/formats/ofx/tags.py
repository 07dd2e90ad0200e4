"""The tags of an OFX file: one tolerant reader for SGML without closing tags and for XML.

A value ends where the next tag begins, whether it is closed or not. Aggregates that are not closed end
where one of their own level or above begins.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...model import StatementFormatError
from ...source import Source
from ...text import decode_cyrillic
from ...xml import xml_text

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]{0,40})(?:\s[^<>]{0,300}?)?(/?)>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.I)
_CYRILLIC = re.compile(rb"CHARSET\s*:\s*(?:WINDOWS-|CP)?(1251|866|KOI8-?R)", re.I)
_PAGES = {b"1251": "cp1251", b"866": "cp866"}
# Aggregates by level: one that begins ends all open ones of its level and below it.
_LEVELS = {
    **dict.fromkeys(("STMTRS", "CCSTMTRS", "INVSTMTRS"), 1),
    **dict.fromkeys(("BANKTRANLIST", "LEDGERBAL", "AVAILBAL", "BALLIST", "BANKACCTFROM", "CCACCTFROM"), 2),
    **dict.fromkeys(("INVACCTFROM", "INVTRANLIST", "INVPOSLIST", "INVBAL"), 2),
    **dict.fromkeys(("STMTTRN", "INVBANKTRAN", "BAL"), 3),
    **dict.fromkeys(("BANKACCTTO", "CCACCTTO", "PAYEE", "CURRENCY", "ORIGCURRENCY"), 4),
}
_STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS")
_ACCOUNTS = ("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM")
_OUTSIDE = ("STMTTRNRS", "CCSTMTTRNRS", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1", "OFX")
_MAX_VALUE = 4000


@dataclass(slots=True)
class Operation:
    """One STMTTRN: its values (the first of each tag) and those of the aggregates in it.

    `is_cut`: the file ends within it, so its last value may be half of one.
    """

    line: int
    values: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    is_cut: bool = False

    def part(self, aggregate: str, name: str) -> str:
        return self.parts.get(aggregate, {}).get(name, "")

    def shown(self) -> str:
        return " | ".join(f"{key}={value}" for key, value in self.values.items() if value)[:160]


@dataclass(slots=True)
class Block:
    """One statement of one account."""

    kind: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    account: dict[str, str] = field(default_factory=dict)
    balance: dict[str, str] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """The statements of a file; `problem` is an error that the bank reports, `ended`: its end is there."""

    blocks: list[Block] = field(default_factory=list)
    problem: str = ""
    ended: bool = False
    lines: int = 1


def ofx_text(source: Source) -> str:
    """UTF-8 when it is, else the Cyrillic code page that the header names, else by content."""
    if match := _CYRILLIC.search(source.data[:2000]):
        try:
            source.data.decode("utf-8")
        except UnicodeDecodeError:
            return decode_cyrillic(source.data, _PAGES.get(match.group(1), "koi8-r"))
        return source.text
    return xml_text(source)


def read_document(source: Source) -> Document:
    """Raises ``too_many_lines`` when the file holds more operations than it may have lines."""
    text = ofx_text(source).replace("\x00", "").replace("\x1a", "").replace("\r\n", "\n").replace("\r", "\n")
    text = _without_cdata(text)
    reader = _Reader(source)
    for line, closing, name, value in _tokens(text):
        reader.feed(line, closing, name, value)
    reader.finish(text.count("\n") + 1)
    return reader.document


def _without_cdata(text: str) -> str:
    """Marked sections as escaped text. One that does not end stays as it is."""
    pieces, place = [], 0
    while (start := text.find(_CDATA, place)) >= 0 and (end := text.find(_CDATA_END, start)) >= 0:
        inner = html.escape(text[start + len(_CDATA) : end], quote=False)
        pieces += [text[place:start], inner]
        place = end + len(_CDATA_END)
    return "".join([*pieces, text[place:]]) if pieces else text


def _tokens(text: str) -> Iterator[tuple[int, bool, str, str]]:
    """Line, whether it closes, name in capitals, the text behind it up to the next tag."""
    line, place = 1, 0
    matches = _TAG.finditer(text)
    match = next(matches, None)
    while match is not None:
        following = next(matches, None)
        line += text.count("\n", place, match.start())
        place = match.start()
        end = following.start() if following else len(text)
        value = " ".join(text[match.end() : min(end, match.end() + _MAX_VALUE)].split())
        yield line, bool(match.group(1)), match.group(2).upper(), _unescape(value)
        match = following


def _unescape(value: str) -> str:
    if "&" not in value:
        return value
    return " ".join(_ENTITY.sub(lambda match: html.unescape(match.group()), value).split())


class _Reader:
    def __init__(self, source: Source):
        self.document, self.source = Document(), source
        self.open: list[str] = []
        self.block: Block | None = None
        self.operation: Operation | None = None
        self.count = 0
        self.status: dict[str, str] = {}

    def feed(self, line: int, closing: bool, name: str, value: str) -> None:
        if closing:
            self._close(name)
        elif name in _LEVELS and not value:
            self._begin(line, name)
        elif name in _OUTSIDE and not value:
            self._leave(0)
        else:
            self._value(name, value)

    def finish(self, lines: int) -> None:
        self.document.lines = lines
        if self.operation is not None and not self.document.ended:
            self.operation.is_cut = True
        if self.document.problem == "" and self.status.get("SEVERITY", "").upper() == "ERROR":
            self.document.problem = self.status.get("MESSAGE") or self.status.get("CODE", "ERROR")

    def _begin(self, line: int, name: str) -> None:
        level = _LEVELS[name]
        self._leave(level)
        self.open.append(name)
        if name in _STATEMENTS:
            self.block = Block(name, line)
            self.document.blocks.append(self.block)
        elif name == "STMTTRN":
            self.count += 1
            if self.count > self.source.limits.lines:
                limit = self.source.limits.lines
                raise StatementFormatError("too_many_lines", filename=self.source.filename, limit=limit)
            if self.block is None:
                # The tag that begins the statement is lost; its operations are there.
                self.block = Block("STMTRS", line)
                self.document.blocks.append(self.block)
            self.operation = Operation(line)
            self.block.operations.append(self.operation)

    def _leave(self, level: int) -> None:
        """End the open aggregates of this level and below."""
        while self.open and _LEVELS[self.open[-1]] >= level:
            name = self.open.pop()
            if name == "STMTTRN":
                self.operation = None
            elif name in _STATEMENTS:
                self.block = None

    def _close(self, name: str) -> None:
        if name in self.open:
            self._leave(_LEVELS[name])
        elif name in _OUTSIDE:
            self._leave(0)
            self.document.ended = self.document.ended or name == "OFX"

    def _value(self, name: str, value: str) -> None:
        inner = self.open[-1] if self.open else ""
        if name in ("CODE", "SEVERITY", "MESSAGE"):
            if name == "CODE" and self.status.get("SEVERITY", "").upper() == "ERROR":
                return  # the first error is the one to show
            if name == "CODE":
                self.status = {}
            self.status[name] = value
        elif self.operation is not None:
            if inner == "STMTTRN":
                self.operation.values.setdefault(name, value)
            else:
                self.operation.parts.setdefault(inner, {}).setdefault(name, value)
        elif self.block is not None:
            if inner in _ACCOUNTS:
                self.block.account.setdefault(name, value)
            elif inner == "LEDGERBAL":
                self.block.balance.setdefault(name, value)
            elif inner in (*_STATEMENTS, "BANKTRANLIST"):
                self.block.values.setdefault(name, value)
