"""The formats we know, in the order in which a file is tried for them. By content, never by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import client_bank_1c, delimited, recognised
from .model import Statement, StatementFormatError
from .profile import Profile
from .text import MAX_BYTES, is_binary, to_text


@dataclass(frozen=True, slots=True)
class Format:
    """`detect(data, text)` says whether the file is of this format; `parse(text, filename, profile)`
    reads it, or `parse` is None for a format that is recognised and not read yet."""

    code: str
    name: str
    detect: Callable[[bytes, str], bool]
    parse: Callable[[str, str, Profile | None], list[Statement]] | None = None


FORMATS: tuple[Format, ...] = (
    Format("xlsx", "Excel (XLSX)", recognised.is_zip),
    Format("xls", "Excel 97 (XLS)", recognised.is_biff),
    Format("pdf", "PDF", recognised.is_pdf),
    Format("1c", "1CClientBankExchange", client_bank_1c.detect, client_bank_1c.parse),
    Format("camt", "ISO 20022 camt", recognised.is_camt),
    Format("ofx", "OFX", recognised.is_ofx),
    Format("mt940", "MT940", recognised.is_mt940),
    Format("qif", "QIF", recognised.is_qif),
    Format("html", "HTML table", recognised.is_html),
    Format("workbook", "Excel 2003 XML", recognised.is_workbook),
    Format("csv", "CSV", delimited.detect, delimited.parse),
)


def detect(data: bytes, text: str | None = None) -> Format | None:
    """The format of a file, None when it is none of ours."""
    text = to_text(data) if text is None else text
    return next((fmt for fmt in FORMATS if fmt.detect(data, text)), None)


def parse_statement(data: bytes, filename: str = "", profile: Profile | None = None) -> list[Statement]:
    """Read a bank file: one `Statement` per own account in it.

    `profile` tells the columns of a delimited file and is not used by other formats.
    Raises `StatementFormatError`, and only that, when the file cannot be read.
    """
    if not data.strip(b"\x00\r\n\t \x1a"):
        raise StatementFormatError("empty_file", filename=filename)
    if len(data) > MAX_BYTES:
        raise StatementFormatError("too_large", filename=filename, limit=MAX_BYTES // 1024 // 1024)
    text = to_text(data)
    fmt = detect(data, text)
    if fmt is None or (fmt.code == "csv" and is_binary(text)):
        raise StatementFormatError("unknown_format", filename=filename)
    if fmt.parse is None:
        code = "pdf_not_supported" if fmt.code == "pdf" else "not_supported_yet"
        raise StatementFormatError(code, filename=filename, format=fmt.name)
    return fmt.parse(text, filename, profile)
