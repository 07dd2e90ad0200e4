"""Excel 2003 XML: recognised by content; its reader is still to be written."""

from __future__ import annotations

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    head = source.text[:4096].lstrip("\ufeff \r\n\t")
    return head.startswith("<?xml") and "Workbook" in head


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("workbook", "Excel 2003 XML", 85, detect, parse)
