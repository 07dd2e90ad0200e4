"""The formats we know, in the order in which a file is tried for them. By content, never by name."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

from . import formats
from .archive import is_archive, unpack
from .model import Notice, Statement, StatementFormatError
from .profile import Profile
from .source import MEGABYTE, Format, Limits, Source
from .table import Preview, preview_tables
from .text import to_text

_OLE = b"\xd0\xcf\x11\xe0"


def _discover() -> tuple[Format, ...]:
    """Every module of `formats` has one ``FORMAT``: that is all a new format needs."""
    modules = (
        importlib.import_module(f"{formats.__name__}.{info.name}")
        for info in pkgutil.iter_modules(formats.__path__)
        if not info.name.startswith("_")
    )
    return tuple(sorted((module.FORMAT for module in modules), key=lambda fmt: (fmt.order, fmt.code)))


FORMATS = _discover()


def detect(source: Source) -> Format | None:
    """The format of a file, None when it is none of ours."""
    return next((fmt for fmt in FORMATS if fmt.detect(source)), None)


def parse_statement(
    data: bytes, filename: str = "", profile: Profile | None = None, limits: Limits | None = None
) -> list[Statement]:
    """Read a bank file: one `Statement` per own account in it; of an archive, those of all its files.

    `profile` tells the columns of a table (CSV, XLSX…) and is not used by other formats.
    Raises `StatementFormatError`, and only that, when the file cannot be read.
    """
    limits = limits or Limits()
    _check_size(data, filename, limits)
    if is_archive(data):
        members = unpack(data, filename, limits)
        if members != [(filename, data)]:
            read = (parse_statement(content, name, profile, limits) for name, content in members)
            return [statement for statements in read for statement in statements]
    source = _source(data, filename, profile, limits)
    fmt = detect(source)
    if fmt is None:
        raise StatementFormatError("unknown_format", filename=filename)
    return _with_lost_letters(fmt.parse(source), source)


def preview(
    data: bytes,
    filename: str = "",
    profile: Profile | None = None,
    limits: Limits | None = None,
    rows: int = 10,
) -> Preview:
    """How the first rows of a table (CSV, workbook, HTML) will be read with a profile; never raises.

    ``error`` says why the file would be refused: as `parse_statement` would, or ``not_a_table`` when the
    file is of a format that has no columns to choose. Of an archive, the first file is shown.
    """
    limits = limits or Limits()
    code = ""
    try:
        _check_size(data, filename, limits)
        if is_archive(data):
            filename, data = unpack(data, filename, limits)[0]
        source = _source(data, filename, profile, limits)
        fmt = detect(source)
        if fmt is None:
            raise StatementFormatError("unknown_format", filename=filename)
        code = fmt.code
        if fmt.tables is None:
            raise StatementFormatError("not_a_table", filename=filename, format=fmt.name)
        return preview_tables(source, fmt.code, fmt.tables(source), rows)
    except StatementFormatError as error:
        return Preview(format=code, error=error)


def _check_size(data: bytes, filename: str, limits: Limits) -> None:
    if len(data) > limits.bytes:
        raise StatementFormatError("too_large", filename=filename, limit=max(limits.bytes // MEGABYTE, 1))
    if not data.strip(b"\x00\r\n\t \x1a"):
        raise StatementFormatError("empty_file", filename=filename)


def _source(data: bytes, filename: str, profile: Profile | None, limits: Limits) -> Source:
    # The bytes of an archive or a workbook are no text, and trying code pages on them takes long.
    binary = is_archive(data) or data.startswith(_OLE)
    return Source(data, "" if binary else to_text(data), filename, profile, limits)


def _with_lost_letters(statements: list[Statement], source: Source) -> list[Statement]:
    """A remark when letters of the file were destroyed before it came: U+FFFD stands where they were."""
    place = source.text.find("\ufffd")
    if place < 0 or not statements:
        return statements
    notice = Notice("letters_lost", source.text.count("\n", 0, place) + 1)
    first = replace(statements[0], warnings=(*statements[0].warnings, notice))
    return [first, *statements[1:]]
