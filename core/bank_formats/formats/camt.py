"""ISO 20022 camt: recognised by content; its reader is still to be written."""

from __future__ import annotations

import re

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    return bool(re.search(r"<(?:\w+:)?Document\b|BkToCstmr", source.text[:8192]))


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("camt", "ISO 20022 camt", 50, detect, parse)
