"""PDF statements: recognised, and refused with advice. Text taken out of a PDF is a guess about money."""

from __future__ import annotations

from ..model import StatementFormatError
from ..source import Format, Source


def detect(source: Source) -> bool:
    return source.data[:1024].lstrip().startswith(b"%PDF")


def parse(source: Source):
    raise StatementFormatError("pdf_not_supported", filename=source.filename, format="PDF")


FORMAT = Format("pdf", "PDF", 30, detect, parse)
