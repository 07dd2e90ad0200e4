"""HTML table: recognised by content; its reader is still to be written."""

from __future__ import annotations

import re

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    return bool(re.search(r"<(?:!doctype html|html|table)\b", source.text[:8192], re.I))


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("html", "HTML table", 90, detect, parse)
