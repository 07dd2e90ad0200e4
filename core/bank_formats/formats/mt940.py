"""MT940: recognised by content; its reader is still to be written."""

from __future__ import annotations

import re

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    if source.text.lstrip().startswith("{1:F01"):
        return True
    head = source.text[:65536].replace("\r", "\n")
    return bool(re.search(r"^:20:", head, re.M) and re.search(r"^:(?:61|60[FM]|25):", head, re.M))


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("mt940", "MT940", 70, detect, parse)
