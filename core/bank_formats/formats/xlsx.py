"""Excel (XLSX), read by openpyxl in its read-only mode, as tables.

openpyxl knows shared strings, number formats (what is a day) and cached values of formulas. What it does
not guard against is done here before: the size of the unpacked parts, document types in them, rows and
columns without end; and whatever it raises on a damaged file becomes one error.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator

import openpyxl

from ..model import Statement, StatementFormatError
from ..source import MEGABYTE, Format, Source
from ..table import Table, read_tables
from ..table.workbook import broken, collect, to_cell

_CHUNK = 1024 * 1024
_FORBIDDEN = tuple(
    mark.encode(codec) for mark in ("<!DOCTYPE", "<!ENTITY") for codec in ("ascii", "utf-16-le", "utf-16-be")
)


def detect(source: Source) -> bool:
    return source.data.startswith(b"PK\x03\x04")


def tables(source: Source) -> list[Table]:
    _check_parts(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(source.data), read_only=True, data_only=True, keep_links=False
            )
            try:
                return [
                    Table(collect(_rows(sheet), source, to_cell), sheet.title, book.epoch.year == 1904)
                    for sheet in book.worksheets
                ]
            finally:
                book.close()
    except StatementFormatError:
        raise
    except Exception as error:
        raise broken(source, error) from None


def parse(source: Source) -> list[Statement]:
    """One statement per account. Errors as `parse_statement`; rows are those of the sheet."""
    return read_tables(source, FORMAT.code, tables(source))


def _rows(sheet) -> Iterator[tuple[int, tuple]]:
    # The size that the sheet states may be too small, and rows would be lost.
    sheet.reset_dimensions()
    return enumerate(sheet.iter_rows(values_only=True), 1)


def _check_parts(source: Source) -> None:
    """Members, their sizes unpacked, and that none declares a document type."""
    limits, filename = source.limits, source.filename
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            infos = archive.infolist()
            if "mimetype" in archive.NameToInfo and "xl/workbook.xml" not in archive.NameToInfo:
                raise StatementFormatError("not_supported_yet", filename=filename, format="OpenDocument")
            if len(infos) > limits.members:
                raise StatementFormatError("archive_too_many", filename=filename, limit=limits.members)
            # zipfile never gives more than the size that a member claims.
            total, size = sum(info.file_size for info in infos), len(source.data)
            if total > limits.unpacked_bytes:
                most = max(limits.unpacked_bytes // MEGABYTE, 1)
                largest = max(infos, key=lambda info: info.file_size).filename[:80]
                raise StatementFormatError("archive_too_large", filename=filename, member=largest, limit=most)
            tight = [i for i in infos if not limits.allows_ratio(min(i.compress_size, size), i.file_size)]
            if tight or not limits.allows_ratio(size, total):
                member = tight[0].filename[:80] if tight else filename
                raise StatementFormatError(
                    "archive_ratio", filename=filename, member=member, limit=limits.ratio
                )
            if any(_is_forbidden(archive, info) for info in infos):
                raise StatementFormatError("xml_doctype", filename=filename)
    except StatementFormatError:
        raise
    except Exception as error:
        raise broken(source, error) from None


def _is_forbidden(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    if not info.filename.lower().endswith((".xml", ".rels", ".vml")):
        return False
    tail = b""
    with archive.open(info) as member:
        while chunk := member.read(_CHUNK):
            if any(mark in tail + chunk for mark in _FORBIDDEN):
                return True
            tail = chunk[-40:]
    return False


FORMAT = Format("xlsx", "Excel (XLSX)", 10, detect, parse, tables)
