"""Every public sample file is read, with totals as its source states them, or refused by name."""

import csv
import importlib
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
import samples

from core.bank_formats import StatementFormatError, parse_statement

FOLDER = Path(os.environ.get("I2C_SAMPLES", "../shared/samples"))
FILES = sorted(path for path in FOLDER.glob("*/*") if path.is_file())
pytestmark = pytest.mark.skipif(not FILES, reason="no sample files beside this repository")

TABLES = {
    path.stem.removeprefix("samples_"): importlib.import_module(f"samples.{path.stem}").ROWS
    for path in Path(samples.__file__).parent.glob("samples_*.py")
}


def manifest():
    """File -> what its source states, as text."""
    path = FOLDER / "MANIFEST.tsv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"]: row["expected_stated_by_source"] or "" for row in rows}


STATED = manifest()


def facts(text):
    """Figures in a sentence of the manifest: operations, opening, closing, amounts in units."""
    found = {}
    if match := re.search(r"(\d+) (?:transactions|entries|documents|operations)\b", text):
        found["operations"] = int(match.group(1))
    if "this excerpt" in text:
        found["operations"] = int(re.search(r"this excerpt: (\d+)", text).group(1))
    for name in ("opening", "closing"):
        if match := re.search(rf"{name} (-?[\d.]*\d)", text):
            found[name] = Decimal(match.group(1))
    if match := re.search(r"amounts \[(.*?)\] minor units", text):
        found["amounts"] = [Decimal(word.strip(" '")) / 100 for word in match.group(1).split(",")]
    if match := re.search(r"operations: ([^;]*)", text) or re.search(r"documents: ([^;]*)", text):
        numbers = re.findall(r"(?<![\d-])[+-]?\d[\d.]*\d(?![\d-])", re.sub(r"\(.*?\)", "", match.group(1)))
        found["amounts"] = [Decimal(number) for number in numbers]
    return found


def read(path):
    return parse_statement(path.read_bytes(), path.name)


def row_of(path):
    return TABLES.get(path.parent.name, {}).get(path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}"[:70])
def test_sample_is_read_or_refused_by_name(path):
    row = row_of(path)
    if path.parent.name in TABLES:
        assert row is not None, "every file of a table has a row"
    try:
        statements = read(path)
    except StatementFormatError as error:
        assert error.filename == path.name
        assert row is None or error.code == row
        return
    if row is None:
        return
    assert isinstance(row, samples.Read), f"should be refused: {row}"
    assert len(statements) == row.statements
    assert sum(len(statement.transactions) for statement in statements) == row.operations
    assert sum(len(statement.unread) for statement in statements) == row.unread
    assert sum(statement.credited for statement in statements) == Decimal(row.credited)
    assert sum(statement.debited for statement in statements) == Decimal(row.debited)
    for name, statement in (("opening", statements[0]), ("closing", statements[-1])):
        expected = getattr(row, name)
        assert getattr(statement, name) == (None if expected is None else Decimal(expected))
    assert any(statement.incomplete for statement in statements) == row.incomplete


@pytest.mark.parametrize(
    "path", [path for path in FILES if row_of(path)], ids=lambda path: f"{path.parent.name}/{path.name}"[:70]
)
def test_figures_are_those_that_the_source_states(path):
    row = row_of(path)
    stated = facts(STATED.get(f"{path.parent.name}/{path.name}", ""))
    if isinstance(row, str):
        assert not stated.get("operations") or row in ("destroyed_letters", "marketplace_report")
        return
    statements = read(path)
    ours = {
        "operations": sum(len(one.transactions) + len(one.unread) for one in statements),
        "opening": statements[0].opening,
        "closing": statements[-1].closing,
        "amounts": [line.amount for one in statements for line in one.transactions],
    }
    different = {name for name, value in stated.items() if ours[name] != value}
    assert different == set(row.differs), (stated, {name: ours[name] for name in different})
    assert all(row.differs.values())


def test_the_manifest_names_every_file():
    assert {f"{path.parent.name}/{path.name}" for path in FILES} == set(STATED)
