"""Real purposes, end to end: what they name is paid, what only looks like a number is not."""

import csv
import datetime
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from core.matching import APPLIED, OpenItem, Payer, Transaction, extract, match
from core.matching.lists import DATE, INVOICE, ORDER, TAX_INVOICE
from core.matching.text import number_key

SAMPLES = Path(os.environ.get("I2C_SAMPLES", "../shared/samples")) / "purposes.tsv"
BIN = "971240001315"
PAYERS = [Payer(1, "ТОО «Образец»", (BIN,))]

# Where the second column and our reading part, and why that is right.
ARGUED = {
    # "29/09/7" may be one composite number or nothing; it is read whole and never as 29.
    "оплата по счету 29/09/7": {"invoice": ["29/09/7"]},
}
# Whole tokens of letters and digits that the column calls a code, an article or an account. Were one of
# our invoices numbered exactly so, and its amount paid, it would be the invoice: letters, digits and
# amount agree, and no word says that it is something else.
OURS_IF_WE_NUMBER_SO = {"ВОРС-123", "ВОРC-9", "КЛЕЙ2000", "ГРУНТ3000", "PN1234", "U34948588-002", "ABC123"}


def rows():
    if not SAMPLES.exists():
        return []
    with SAMPLES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not here")


def expected(row) -> dict:
    """The second column as lists: invoices with their dates, tax invoices, orders."""
    wanted = {"invoice": [], "tax invoice": [], "order": [], "dates": []}
    for part in row["refers_to"].split(";"):
        part = re.sub(r", NOT .*| is .*", "", re.sub(r"\(счёт-фактура\) ", "", part.strip()))
        match_ = re.match(r"(tax invoice|invoices?|order) (?=\S*\d)", part)
        if not match_:
            continue
        kind = "invoice" if match_[1].startswith("invoice") else match_[1]
        wanted["dates"] += re.findall(r"\d{4}-\d\d-\d\d", part)
        rest = re.sub(r"\(.*?\)|of \d{4}-\d\d-\d\d|,? PARTIAL", " ", part[match_.end() :])
        wanted[kind] += [word.strip(",") for word in rest.split() if any(c.isdigit() for c in word)]
    wanted.update(ARGUED.get(row["text"], {}))
    return wanted


def keys(numbers) -> set:
    return {number_key(number) for number in numbers}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:40])
def test_a_real_purpose_is_read_as_its_second_column_says(row):
    wanted, found = expected(row), extract(row["text"])
    assert keys(found.numbers(INVOICE)) == keys(wanted["invoice"])
    assert keys(found.numbers(TAX_INVOICE)) == keys(wanted["tax invoice"])
    assert keys(found.numbers(ORDER)) == keys(wanted["order"])
    dates = {str(mention.date) for mention in found.mentions if mention.kind == INVOICE and mention.date}
    # The column leaves out some dates; those that it gives are read.
    assert set(wanted["dates"]) <= dates
    if "no invoice number (29 is the day)" in row["refers_to"]:
        assert [str(m.date) for m in found.mentions if m.kind == DATE] == ["2026-06-29"]
    if "refund" in row["kind"] or "return" in row["kind"]:
        assert found.refund


def bill(number, amount, move):
    return OpenItem((move, 1), 1, "invoice", number, Decimal(amount), "KZT", date=datetime.date(2026, 1, 1))


def pay(text, amount):
    return Transaction(1, datetime.date(2026, 11, 20), Decimal(amount), "KZT", text, payer_tax_id=BIN)


def _named():
    """Real purposes with the numbers they name: as they stand, and as the end of a longer number of ours."""
    for row in rows():
        numbers = expected(row)["invoice"]
        if numbers:
            yield row["text"], numbers, "{}"
        if numbers and all(number.isdigit() for number in numbers):
            yield row["text"], numbers, "INV/2026/{:0>6}"


@pytest.mark.parametrize(("text", "numbers", "style"), _named(), ids=lambda value: str(value)[:40])
def test_the_invoices_that_a_real_purpose_names_are_paid(text, numbers, style):
    items = [bill(style.format(number), 100 + 7 * place, place) for place, number in enumerate(numbers)]
    items.append(bill("99999999", 100, 99))
    total = sum(item.residual for item in items[:-1])
    (decision,) = match([pay(text, total)], items, PAYERS)
    assert {item_id for item_id, _amount in decision.allocations} == {item.id for item in items[:-1]}
    # The dates of the samples are not the documents'; a short number then asks for a look.
    assert decision.outcome == APPLIED or decision.reason in (
        "date_differs",
        "number_short",
        "number_unclear",
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["text"][:40])
def test_what_only_looks_like_a_number_pays_nothing(row):
    """Each other number of the text is made an invoice of the payer, beside a twin of the same amount."""
    named = keys(expected(row)["invoice"])
    parts = {part for key in named for part in key}
    tokens = set(re.findall(r"[^\W_]+(?:[/\\.-][^\W_]+)*|\d+", row["text"]))
    for token in sorted(tokens):
        key = number_key(token)
        if (
            not any(part.isdigit() for part in key)
            or key in named
            or set(key) & parts
            or token in OURS_IF_WE_NUMBER_SO
        ):
            continue
        items = [bill(token, 500, 1), bill("99999999", 500, 2)]
        (decision,) = match([pay(row["text"], 500)], items, PAYERS)
        assert decision.outcome != APPLIED, (token, decision)
