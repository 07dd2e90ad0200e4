"""Damaged files of every format: read or refused by name, no sum that is not in them, no hang.

20,000 mutations of all sample files in the thorough profile (dev/test), a few hundred in the quick one.
"""

import contextlib
import faulthandler
import io
import os
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import mutations
import pytest
from writers import delimited, ofx, qif, strategies, workbook

from core.bank_formats import Source, StatementFormatError, parse_statement, preview
from core.bank_formats.text import to_text
from core.bank_formats.xml import xml_text

FOLDER = Path(os.environ.get("I2C_SAMPLES", "../shared/samples"))
SAMPLES = sorted(path for path in FOLDER.glob("*/*") if path.is_file() and path.stat().st_size)
# Of these the samples have few or none that are read; a tenth of the mutations are theirs.
GENERATED = {
    "made.xlsx": workbook.xlsx,
    "text.xlsx": lambda sts: workbook.xlsx(sts, texts=True),
    "made.xls": workbook.xls,
    "made.xml": workbook.spreadsheetml,
    "made.html": lambda sts: workbook.html(sts[0]),
    "made.csv": lambda sts: delimited.write(sts[0]),
    "made.ofx": ofx.write,
    "made.qif": lambda sts: qif.write(sts[0]),
}
COUNT = 20_000 if os.environ.get("I2C_HYPOTHESIS") == "thorough" else 400
CHUNKS = 20
# A guard, no measure: a chunk takes seconds, and this kills the process when it never ends.
GUARD = 900
# Formats whose balances stand in the file as they are, not computed from running ones.
STATED_BALANCES = ("1c", "camt", "mt940")

pytestmark = pytest.mark.skipif(not SAMPLES, reason="no sample files beside this repository")


def files():
    """(name, bytes) of the samples and, four times each, of the generated files."""
    found = [(f"{path.parent.name}/{path.name}", path.read_bytes()) for path in SAMPLES]
    statements = [strategies.one(month, 100 + 10 * month) for month in (1, 2, 3)]
    lines = tuple(
        replace(line, amount=Decimal(amount), counterparty_name="ТОО Альфа", document_number="17")
        for statement, amount in zip(statements, ("1500.25", "-40.5", "7000"), strict=True)
        for line in statement.transactions
    )
    closing = Decimal("100") + sum(line.amount for line in lines)
    whole = replace(statements[0], opening=Decimal(100), closing=closing, transactions=lines)
    whole = replace(whole, date_to=statements[-1].date_to)
    return found + [(name, write([whole])) for name, write in GENERATED.items()] * 4


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
        if data.startswith(b"\xd0\xcf"):
            continue  # its numbers are not text
        if amounts and numbers is None:
            numbers = mutations.numbers_in(text_of(data))
        invented = {amount for amount in amounts if amount.normalize() not in numbers}
        assert not invented


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_damaged_file_is_read_or_refused_by_name(chunk):
    originals = files()
    contents = [content for _name, content in originals]
    with guard():
        for seed in range(chunk, COUNT, CHUNKS):
            name, content = originals[seed % len(originals)]
            data = mutations.mutate(seed, content, contents)
            try:
                check(parse_statement(data, name), data)
            except StatementFormatError as error:
                assert error.code
            except Exception as error:
                raise AssertionError(f"mutation {seed} of {name}") from error
            try:
                preview(data, name)
            except Exception as error:
                raise AssertionError(f"preview of mutation {seed} of {name}") from error


def test_what_is_damaged_is_read_when_it_is_whole():
    for name, content in files()[-len(GENERATED) :]:
        (statement,) = parse_statement(content, name)
        assert len(statement.transactions) == 3
        check([statement], content)
