"""Damaged bank files: what transport, editors and encodings do to them. Deterministic by seed."""

from __future__ import annotations

import io
import random
import re
import zipfile
from decimal import Decimal

from core.bank_formats.text import to_text

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "cp866", "koi8-r", "kz1048", "cp1252")
_WORKBOOK = re.compile(r"[0-9]{1,40}(?:\.[0-9]{0,40})?(?:E[+-]?[0-9]{1,2})?", re.I)
_PARTS = re.compile(r"[0-9]+(?:[ .,'’\u00a0\u202f\u2009]{1,3}[0-9]+)*")
# A date may be glued to an amount: ":62F:C020324" "95000,00".
_DATE = 6
_GROUPS = 6


def truncate(rng: random.Random, data: bytes, _others) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def behead(rng, data, _others):
    return data[rng.randrange(min(len(data), 400) + 1) :]


def flip(rng, data, _others):
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        place = rng.randrange(len(changed))
        changed[place] = rng.choice((rng.randrange(256), changed[place] ^ (1 << rng.randrange(8))))
    return bytes(changed)


def spoil_number(rng, data, _others):
    """A digit becomes something else, or something comes between two."""
    places = [match.start() for match in re.finditer(rb"[0-9]", data)]
    if not places:
        return data
    place = rng.choice(places)
    new = rng.choice((b"", b",", b".", b"-", b" ", b"0", b"9", b"x", b"\xa0", b"E", b"'", b"\x00"))
    return data[:place] + new + data[place + rng.randrange(2) :]


def drop(rng, data, _others):
    place = rng.randrange(len(data))
    return data[:place] + data[place + rng.choice((1, 2, 10, 200)) :]


def repeat(rng, data, _others):
    place, size = rng.randrange(len(data)), rng.choice((1, 10, 100, 1000))
    times = rng.choice((1, 1, 2, 50))
    return data[:place] + data[place : place + size] * times + data[place:]


def _lines(data):
    return re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data)


def swap_lines(rng, data, _others):
    lines = _lines(data)
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def double_line(rng, data, _others):
    lines = _lines(data)
    place = rng.randrange(len(lines))
    lines[place:place] = [lines[rng.randrange(len(lines))]] * rng.choice((1, 1, 3, 300))
    return b"".join(lines)


def drop_lines(rng, data, _others):
    lines = _lines(data)
    place = rng.randrange(len(lines))
    del lines[place : place + rng.choice((1, 1, 2, 5))]
    return b"".join(lines)


def recode(rng, data, _others):
    return to_text(data).encode(rng.choice(ENCODINGS), rng.choice(("replace", "ignore", "xmlcharrefreplace")))


def read_wrongly(rng, data, _others):
    """An editor opened the file in one code page and saved it in another."""
    text = data.decode(rng.choice(("cp1251", "latin-1", "cp866", "utf-8")), "replace")
    return text.encode(rng.choice(("utf-8", "cp1251")), "replace")


def line_ends(rng, data, _others):
    return rng.choice((b"\r", b"\n", b"\r\n", b"\n\r", b" ")).join(data.splitlines())


def join(rng, data, others):
    other = rng.choice(others)
    place = rng.randrange(len(data) + 1)
    return data[:place] + other[rng.randrange(len(other) + 1) :]


KINDS = (
    *(truncate, behead, flip, flip, spoil_number, spoil_number, drop, repeat),
    *(swap_lines, double_line, drop_lines, recode, read_wrongly, line_ends, join),
)


def mutate(seed: int, data: bytes, others: list[bytes]) -> bytes:
    """The file after one to four accidents; of a workbook, mostly one of its members has them."""
    rng = random.Random(seed)
    if data.startswith(b"PK\x03\x04") and rng.random() < 0.8:
        return _mutate_member(rng, data, others)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        if data:
            data = rng.choice(KINDS)(rng, data, others)
    return data


def _mutate_member(rng, data, others):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    chosen = rng.randrange(len(members))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, (name, content) in enumerate(members):
            changed = rng.choice(KINDS)(rng, content, others) if index == chosen and content else content
            archive.writestr(zipfile.ZipInfo(name), changed, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def numbers_in(text: str) -> set[Decimal]:
    """Every number that the text can be read to hold: groups joined, the last ones as decimals or not.

    In a workbook ``40.E5`` is a number as well, and one of more than 15 digits is shown with 15.
    """
    found: set[Decimal] = set()
    for match in _WORKBOOK.finditer(text):
        found.add(Decimal(f"{float(match.group()):.15g}").normalize())
    for match in _PARTS.finditer(text):
        parts = re.findall("[0-9]+", match.group())
        if len(parts[0]) > _DATE:
            parts = [parts[0][:_DATE], parts[0][_DATE:], *parts[1:]]
        for start in range(len(parts)):
            for end in range(start + 1, min(start + _GROUPS, len(parts)) + 1):
                found.add(_number("".join(parts[start:end])))
                for mark in range(start + 1, end):
                    whole, fraction = "".join(parts[start:mark]), "".join(parts[mark:end])
                    found.add(_number(f"{whole}.{fraction}"))
        if match.start() and text[match.start() - 1] in ".,":
            found.add(_number(f"0.{parts[0]}"))
    return found


def _number(text: str) -> Decimal:
    return Decimal(text[:60]).normalize()
