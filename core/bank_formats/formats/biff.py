"""Excel 97 (XLS): recognised by content; its reader is still to be written."""

from __future__ import annotations

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    return source.data.startswith(b"\xd0\xcf\x11\xe0")


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("xls", "Excel 97 (XLS)", 20, detect, parse)
