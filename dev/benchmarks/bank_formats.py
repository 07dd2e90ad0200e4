"""Bank files: transactions read a second, and how many times as long as the bare minimum that takes.

The floor of a text format is decoding it and cutting it into lines and keys; of camt, lxml's parse of the
bytes alone; of a table, what its library takes to give the cells. Files are made by the writers of
tests/core, with every field filled.
"""

import csv
import io
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlrd
from lxml import etree

from core.bank_formats import Statement, Transaction, parse_statement

from .common import Figure, report, seconds

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "core"))
from writers import camt, client_bank_1c, delimited, mt940, ofx, qif, workbook

NUMBER = 5_000
DAY = date(2026, 1, 5)
OWN, PAYER = "KZ79722S000001674774", "KZ698562203124676325"


def statement(number: int) -> Statement:
    lines = tuple(
        Transaction(
            date=DAY + timedelta(days=index // 50),
            value_date=DAY + timedelta(days=index // 50),
            amount=Decimal(index % 997 + 1) * (1 if index % 3 else -1) + Decimal("0.25"),
            line=0,
            currency="KZT",
            counterparty_name=f"ТОО Покупатель {index % 300}",
            counterparty_tax_id=f"{200940000000 + index % 300}",
            counterparty_account=PAYER,
            counterparty_bank="KCJBKZKX",
            purpose=f"Оплата по счету {index} от 05.01.2026 за товары, в т.ч. НДС 16%",
            purpose_code="710",
            document_number=str(index),
            bank_reference=f"B{index:09}",
            end_to_end=f"E{index:09}",
        )
        for index in range(number)
    )
    total = sum(line.amount for line in lines)
    empty = Statement(format="", account=OWN, currency="KZT", transactions=lines)
    last = lines[-1].date
    return replace(empty, date_from=DAY, date_to=last, opening=Decimal(1000), closing=1000 + total)


def cut(data: bytes) -> list[list[str]]:
    """The least that reading a text file takes."""
    return [line.rstrip().split("=", 1) for line in data.decode().replace("\r\n", "\n").split("\n")]


def cells(data: bytes) -> int:
    """What openpyxl takes to give all cells."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))


def old_cells(data: bytes) -> int:
    sheet = xlrd.open_workbook(file_contents=data).sheet_by_index(0)
    return sum(len(sheet.row_values(index)) for index in range(sheet.nrows))


def main(_arguments) -> int:
    whole, small = statement(NUMBER), statement(NUMBER // 10)
    formats = {
        "1C, Kazakh keys": (client_bank_1c.write, cut),
        "1C, Russian keys": (lambda sts: client_bank_1c.write(sts, client_bank_1c.russian), cut),
        "camt.053": (camt.write, etree.fromstring),
        "MT940": (mt940.write, cut),
        "OFX 1": (ofx.write, cut),
        "OFX 2": (lambda sts: ofx.write(sts, 2), cut),
        "QIF": (lambda sts: qif.write(sts[0], "%Y-%m-%d"), cut),
        "CSV": (
            lambda sts: delimited.write(sts[0]),
            lambda data: list(csv.reader(data.decode().split("\n"))),
        ),
        "XLSX": (workbook.xlsx, cells),
        "XLS": (workbook.xls, old_cells),
        "Excel 2003 XML": (workbook.spreadsheetml, etree.fromstring),
        "HTML table": (lambda sts: workbook.html(sts[0]), etree.HTML),
    }
    figures = []
    for name, (write, least) in formats.items():
        data, less = write([whole]), write([small])
        assert len(parse_statement(data)[0].transactions) == NUMBER
        floor = seconds(lambda data=data, least=least: least(data), 5)
        taken = seconds(lambda data=data: parse_statement(data), 3)
        short = seconds(lambda less=less: parse_statement(less), 3)
        figures += [
            Figure(f"{name}: transactions", NUMBER / taken, "/s"),
            Figure(f"{name}: against its floor", taken / floor, "x"),
            Figure(f"{name}: time a line, {NUMBER} against {NUMBER // 10}", taken / short / 10, "x", 1.2),
        ]
    return report("bank formats", figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
