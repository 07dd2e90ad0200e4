"""MT940 statements and MT942 interim reports (SWIFT), as banks really write them.

The library mt-940 knows the fields: its expressions read balances and the statement line ``:61:``
first. Ours takes over where it fails or loses something, each seen in files of banks:

- an amount of more than 15 characters, or with a dot, is cut short by it (``0000000000473,17`` → 473,1);
- it takes a reversed credit (``RC``) for money that came in;
- a blank before the code, no code, no amount, a mark ``EC``/``ED``, a reference of more than 16 characters;
- impossible dates (``140230``) raise in it, and one line that it cannot read stops the whole file;
- it tells no line numbers, and of a structured ``:86:`` it drops repeated subfields and text behind a
  trailing ``?``.

So the file is cut into messages and fields here, and text is decoded before (UTF-8, cp1251, cp1252…).
Latin transliteration of Cyrillic is left as it is: which table was used is not said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...model import Notice, Skip, Statement, StatementFormatError, Unread
from ...parts import Part, to_statements
from ...source import Format, Source
from ...text import fold_account, iban_is_valid, squash, to_lines
from .details import read_details
from .lines import read_balance, read_line, read_total

# Only these begin a field: a wrapped text may hold ":12:30" at the start of a line.
_TAG = re.compile(r":(13D?|20|21|25P?|28C?|34F|60[FM]?|61|62[FM]?|64|65|86|90[CD]|NS[A-Z]?):(.*)", re.S)
_END = re.compile(r"-(?:\}.*|XXX)?\s*")
_ENVELOPE = re.compile(r"\{[1-5]:[^{]*?(?=\{4:|$)|\{4:")
_CURRENCY = re.compile(r"(.*[0-9])[ /]*([A-Z]{3})")
_MAX_TEXT = 8000


@dataclass(slots=True)
class Field:
    """One field: its tag, its line in the file, its lines of text without the tag."""

    tag: str
    line: int
    texts: list[str]
    size: int = 0

    @property
    def value(self) -> str:
        return self.texts[0].strip()


@dataclass(slots=True)
class Message:
    fields: list[Field] = field(default_factory=list)


def detect(source: Source) -> bool:
    if source.text.lstrip("\ufeff\r\n\t ").startswith("{1:F01"):
        return True
    head = source.text[:65536].replace("\r", "\n")
    if re.search(r"^:20:", head, re.M):
        return bool(re.search(r"^:(?:61|60[FM]|25):", head, re.M))
    return bool(re.search(r"^:(?:61:[0-9]{6,10}|6[02][FM]:)R?[CD]", head, re.M))


def parse(source: Source) -> list[Statement]:
    """One statement per account and currency. See `core.bank_formats.parse_statement` for errors."""
    lines = to_lines(source.text, source.filename, source.limits.lines, strip=False)
    parts = [_part(message) for message in _messages(lines)]
    parts = [part for part in parts if part is not None]
    if not parts:
        raise StatementFormatError("nothing_in_file", filename=source.filename, line=len(lines))
    return to_statements("mt940", parts)


def _messages(lines: list[str]) -> list[Message]:
    """Fields by message. A message begins with ``:20:`` and ends with ``-`` or where the next begins."""
    found: list[Message] = []
    current: Field | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{") and (cut := _ENVELOPE.sub("", line)) != line:
            line, current = cut, None
        match = _TAG.match(line)
        if match:
            if not found or (match.group(1) == "20" and found[-1].fields):
                found.append(Message())
            current = Field(match.group(1), number, [match.group(2)[:_MAX_TEXT]])
            found[-1].fields.append(current)
        elif _END.fullmatch(line):
            current = None
            if found and found[-1].fields:
                found.append(Message())
        elif current is not None and current.size < _MAX_TEXT:
            # No field is longer than that; past it the rest is dropped.
            current.texts.append(line[:_MAX_TEXT])
            current.size += len(line)
    return [message for message in found if message.fields]


def _part(message: Message) -> Part | None:
    """What a message says; None when it is about no account."""
    first = {}
    for item in message.fields:
        first.setdefault(item.tag, item)
    if not set(first) & {"25", "25P", "60F", "60M", "60", "61", "62F", "62M", "62"}:
        return None
    part = Part(line=message.fields[0].line, ident=first["20"].value if "20" in first else "")
    _read_balances(first, part)
    if part.opening is None or part.closing is None:
        # Banks reuse the reference: without balances, an equal message is no proof of a copy.
        part.ident = ""
    account = first.get("25") or first.get("25P")
    part.account, currency = _account(account.value if account else "", part.currency)
    part.currency = part.currency or currency
    for item in message.fields:
        if item.tag in ("25", "25P") and item is not account and item.value != account.value:
            part.notices.append(Notice("line_ignored", item.line, {"text": f":{item.tag}:{item.value}"[:80]}))
    for line, texts, extras in _operations(message.fields):
        _add(line, texts, extras, part)
    return part


def _read_balances(first: dict[str, Field], part: Part) -> None:
    for tags, name in ((("60F", "60M", "60"), "opening"), (("62F", "62M", "62"), "closing")):
        item = next((first[tag] for tag in tags if tag in first), None)
        if item is None:
            continue
        try:
            amount, currency, day = read_balance(item.value)
        except Skip:
            params = {"key": f":{item.tag}:", "text": item.value[:40]}
            part.notices.append(Notice("balance_ignored", item.line, params))
            continue
        if day is None:
            params = {"key": f":{item.tag}:", "text": item.value[:40]}
            part.notices.append(Notice("date_ignored", item.line, params))
        setattr(part, name, amount)
        part.currency = part.currency or currency
        if name == "opening":
            part.date_from = day
        else:
            part.date_to = day
    for tag, name in (("90C", "credited"), ("90D", "debited")):
        if tag in first:
            amount, currency = read_total(first[tag].value)
            setattr(part, name, amount)
            part.currency = part.currency or currency
    if "34F" in first:
        part.currency = part.currency or first["34F"].value[:3]


def _account(text: str, currency: str) -> tuple[str, str]:
    """(account, currency): the currency may be glued to it, a bank code may stand before it."""
    value = squash(text).upper()
    match = _CURRENCY.fullmatch(value)
    if match and not iban_is_valid(value) and (not currency or match.group(2) == currency):
        value, currency = match.group(1), match.group(2)
    return fold_account(value.rpartition("/")[2]), currency


def _operations(fields: list[Field]):
    """(``:61:``, its ``:86:`` texts, its ``:NS:`` texts), in the file's order."""
    current: tuple[Field, list[str], list[str]] | None = None
    for item in fields:
        if item.tag == "61":
            if current:
                yield current
            current = (item, [], [])
        elif current and item.tag == "86":
            current[1].extend(item.texts)
        elif current and item.tag.startswith("NS"):
            current[2].extend(item.texts)
        elif item.tag[:2] in ("62", "64", "65", "90"):
            # What comes after the closing balance is about the statement, not about the last line.
            if current:
                yield current
            current = None
    if current:
        yield current


def _add(item: Field, texts: list[str], extras: list[str], part: Part) -> None:
    summary = squash(" ".join((item.value, *item.texts[1:], *texts)))[:160]
    try:
        line = read_line("\n".join(item.texts).strip(), part.date_to or part.date_from)
    except Skip as skip:
        part.unread.append(Unread(item.line, skip.code, skip.params, summary))
        return
    if line.expected:
        part.notices.append(Notice("not_booked", item.line, {"status": line.mark, "text": summary}))
        return
    if line.date_text:
        params = {"key": ":61:", "text": line.date_text}
        part.notices.append(Notice("date_ignored", item.line, params))
    if not line.amount:
        part.zero += 1
        return
    part.transactions.append(read_details(line, texts, extras, item.line, part))


FORMAT = Format("mt940", "MT940", 70, detect, parse)
