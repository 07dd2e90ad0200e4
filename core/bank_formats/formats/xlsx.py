"""Excel (XLSX): recognised by content; its reader is still to be written."""

from __future__ import annotations

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    return source.data.startswith(b"PK\x03\x04")


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("xlsx", "Excel (XLSX)", 10, detect, parse)
