"""QIF: recognised by content; its reader is still to be written."""

from __future__ import annotations

import re

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    head = source.text[:4096].replace("\r", "\n")
    return bool(re.search(r"^!(?:Type:|Account|Option:)", head, re.M | re.I))


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("qif", "QIF", 80, detect, parse)
