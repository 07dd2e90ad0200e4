"""What is read out of a purpose: real texts, and what only looks like a number."""

import csv
import os
import re
from pathlib import Path

import pytest

from core.matching import extract
from core.matching.lists import BARE, CODE, INVOICE, ORDER, TAX_INVOICE
from core.matching.text import number_key
from core.references import make

SAMPLES = Path(os.environ.get("I2C_SAMPLES", "../shared/samples")) / "purposes.tsv"


def _expected(refers_to):
    """Our reading of the second column: the numbers after "invoice(s)"."""
    wanted = []
    for part in refers_to.split(";"):
        part = part.strip()
        if not re.match(r"invoices? \S*\d", part) or "is not" in part:
            continue
        part = re.sub(r"\(.*?\)|of \d{4}-\d\d-\d\d|,? PARTIAL", " ", part)
        wanted += [word.strip(",") for word in part.split()[1:] if any(c.isdigit() for c in word)]
    return wanted


def _rows():
    if not SAMPLES.exists():
        return []
    with SAMPLES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not here")
def test_real_purposes_give_their_invoice_numbers_and_no_others():
    wrong = []
    for row in _rows():
        wanted = {number_key(number) for number in _expected(row["refers_to"])}
        if "one composite number" in row["refers_to"]:
            wanted = {number_key("29/09/7")}
        found = {number_key(number) for number in extract(row["text"]).numbers(INVOICE)}
        if found != wanted:
            wrong.append((row["text"], sorted(wanted), sorted(found)))
    assert not wrong


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared samples are not here")
def test_real_purposes_hold_enough_numbers_to_mean_something():
    rows = _rows()
    assert len(rows) >= 110
    assert sum(bool(_expected(row["refers_to"])) for row in rows) >= 50


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("по счетам № 12, 13 и 15", ["12", "13", "15"]),
        ("Оплата по счетам №1,№2 от 01.02.2026", ["1", "2"]),
        ("по счетам с 10 по 14", ["10", "11", "12", "13", "14"]),
        ("Payment for invoices INV/2026/00012, INV/2026/00013", ["inv/2026/00012", "inv/2026/00013"]),
        ("invoice no. 77", ["77"]),
        ("оплата счета 746, БИН 971240001315", ["746"]),
        ("оплата по счету 12 на сумму 1 500,00", ["12"]),
        ("счет 1024, 18026,52 тг", ["1024"]),
        ("Төлем шот № 45 бойынша", ["45"]),
        ("СЧЁТУ\u00a0№\u00a017", ["17"]),
        ("по сч. №\u202f18 от 1 февраля 2026", ["18"]),
    ],
)
def test_lists_and_spellings(text, numbers):
    assert extract(text).numbers(INVOICE) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "по счёту от 29.06.2026",
        "счет-фактура № 12 от 01.02.2026",
        "сч.ф. 12",
        "с/ф №12",
        "ЭСФ 12",
        "по договору № 12, 13 от 01.02.2026",
        "Акт № 12 от 01.02.2026",
        "накладная №12",
        "перевод на счет KZ79722S000001674774",
        "со счета 12345",
        "в т.ч. НДС 12% - 1 607.14",
        "ИИН 990140001234",
        "тел. 87011234567",
        "/",
        "%",
        "_",
        "",
        "2026",
        "INV",
        "0",
    ],
)
def test_what_is_no_invoice_number(text):
    assert extract(text).numbers(INVOICE) == []


def test_a_tax_invoice_is_told_from_the_invoice_beside_it():
    found = extract("Оплата по счет фактуре N133 от 03.06.2024 г. Сч 781")
    assert found.numbers(TAX_INVOICE) == ["133"]
    assert found.numbers(INVOICE) == ["781"]


def test_the_date_beside_a_number_is_its_date():
    (mention,) = [m for m in extract("по счету № 199 от 30.04.2026").mentions if m.kind == INVOICE]
    assert str(mention.date) == "2026-04-30"


def test_spans_show_the_proof_in_the_text():
    text = "Оплата по счёту №\u00a0INV/2026/00012 от 01.02.2026"
    (mention,) = [m for m in extract(text).mentions if m.kind == INVOICE]
    assert text[slice(*mention.span)] == "INV/2026/00012"


def test_our_code_is_found_typed_in_cyrillic_but_not_inside_a_word():
    code = make(12345)
    cyrillic = code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
    assert extract(f"опл. по реф. {cyrillic.lower()}, спасибо").numbers(CODE) == [code]
    assert extract(f"товар Z{code}Z").numbers(CODE) == []


def test_orders_and_bare_numbers_are_kinds_of_their_own():
    assert extract("Оплата по заказу клиента №9614").numbers(ORDER) == ["9614"]
    assert extract("оплата № 12").numbers(BARE) == ["12"]
    assert extract("746").numbers(BARE) == ["746"]


def test_numbers_compare_by_parts_never_glued():
    assert number_key("INV/2026/00012") == number_key("inv-2026-12")
    assert number_key("INV/2026/00012") != number_key("INV/202612")
    assert number_key("МТ-445") == number_key("MT-445")
    assert number_key("INV/2026/00012") != number_key("INV/2026/000121")


@pytest.mark.parametrize("piece", ["№ 1 ", "аa", "1-", "счет 1, ", "по договору на ", "(", "№"])
def test_a_text_made_to_keep_a_reader_busy_is_read_in_bounded_steps(piece):
    # Without the bounds the first of these took minutes.
    assert len(extract(piece * 5_000).mentions) < 2_000
