"""OFX: recognised by content; its reader is still to be written."""

from __future__ import annotations

import re

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    return bool(re.search(r"OFXHEADER|<OFX>", source.text[:4096], re.I))


def parse(source: Source):
    raise StatementFormatError("not_supported_yet", filename=source.filename, format=FORMAT.name)


FORMAT = Format("ofx", "OFX", 60, detect, parse)
