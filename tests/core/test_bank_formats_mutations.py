"""Damaged files of every format: read or refused by name, no sum that is not in them, no hang.

20,000 mutations of all sample files in the thorough profile (dev/test), a few hundred in the quick one.
"""

import contextlib
import faulthandler
import io
import os
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import mutations
import pytest

from core.bank_formats import Source, StatementFormatError, parse_statement
from core.bank_formats.text import to_text
from core.bank_formats.xml import xml_text

FOLDER = Path(os.environ.get("I2C_SAMPLES", "../shared/samples"))
FILES = sorted(path for path in FOLDER.glob("*/*") if path.is_file() and path.stat().st_size)
COUNT = 20_000 if os.environ.get("I2C_HYPOTHESIS") == "thorough" else 400
CHUNKS = 20
# A guard, no measure: a chunk takes seconds, and this kills the process when it never ends.
GUARD = 900
# Formats whose balances stand in the file as they are, not computed from running ones.
STATED_BALANCES = ("1c", "camt", "mt940")

pytestmark = pytest.mark.skipif(not FILES, reason="no sample files beside this repository")


@contextlib.contextmanager
def guard():
    faulthandler.dump_traceback_later(GUARD, exit=True, file=sys.__stderr__)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def text_of(data):
    """What the readers see of a file: NULs gone, of a workbook its members."""
    if data.startswith(b"PK\x03\x04"):
        with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    text = to_text(data)
    return "\n".join((text, xml_text(Source(data, text)))).replace("\x00", "").replace("\x1a", "")


def check(statements, data):
    numbers = None
    for statement in statements:
        total = sum((line.amount for line in statement.transactions), Decimal(0))
        if statement.opening is not None and statement.closing is not None:
            assert statement.incomplete or statement.opening + total == statement.closing
        assert statement.incomplete or not statement.unread
        assert all(line.amount for line in statement.transactions)
        assert len({line.fingerprint for line in statement.transactions}) == len(statement.transactions)
        amounts = {abs(line.amount) for line in statement.transactions}
        if statement.format in STATED_BALANCES:
            amounts |= {abs(value) for value in (statement.opening, statement.closing) if value}
        if amounts and numbers is None:
            numbers = mutations.numbers_in(text_of(data))
        invented = {amount for amount in amounts if amount.normalize() not in numbers}
        assert not invented


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_damaged_file_is_read_or_refused_by_name(chunk):
    contents = [path.read_bytes() for path in FILES]
    with guard():
        for seed in range(chunk, COUNT, CHUNKS):
            path = FILES[seed % len(FILES)]
            data = mutations.mutate(seed, contents[seed % len(FILES)], contents)
            try:
                statements = parse_statement(data, path.name)
                check(statements, data)
            except StatementFormatError as error:
                assert error.code
            except Exception as error:
                raise AssertionError(f"mutation {seed} of {path.parent.name}/{path.name}") from error
