"""Texts made to mislead: each is decided by what it proves, none by a template."""

import datetime
from decimal import Decimal

import pytest

from core.matching import APPLIED, OpenItem, Payer, Settings, Transaction, match
from core.matching.reasons import EARNABLE
from core.references import make

TODAY = datetime.date(2026, 11, 21)
BIN = "971240001315"
PAYERS = [
    Payer(1, "ТОО «Альфа Строй»", (BIN,)),
    Payer(2, "ИП Бета", ("200840000951",)),
    Payer(3, "ТОО Альфа Строй Плюс", ("961141000023",)),
]
CODE = make(4711)


def item(number, residual=500, partner=1, **values):
    date = values.pop("date", datetime.date(2026, 10, 22))
    return OpenItem(
        (number, 1),
        partner,
        values.pop("kind", "invoice"),
        number,
        Decimal(residual),
        "KZT",
        date=date,
        **values,
    )


BOOK = [
    item("INV/2026/00012"),
    item("INV/2026/00013", 700),
    item("INV/2026/00120"),
    item("INV/2025/00012", date=datetime.date(2025, 12, 1)),
]


def decide(text, amount=500, items=BOOK, settings=None, tax_id=BIN, name=""):
    line = Transaction(1, TODAY, Decimal(amount), "KZT", text, payer_tax_id=tax_id, payer_name=name)
    (decision,) = match([line], items, PAYERS, settings)
    return decision


def paid(decision):
    return {key[0] for key, _amount in decision.allocations}


@pytest.mark.parametrize(
    ("text", "amount", "numbers"),
    [
        ("оплата по счету №12 от 22.10.2026", 500, {"INV/2026/00012"}),
        ("по счету 12 от 2025 г", 500, {"INV/2025/00012"}),
        ("сч. №00120, 00013 от 22.10.2026 по дог. 12", 1200, {"INV/2026/00120", "INV/2026/00013"}),
        ("инвойсы INV/2026/00012 – INV/2026/00013", 1200, {"INV/2026/00012", "INV/2026/00013"}),
        ("счет 13 - 700 тг, INV/2026/00120 - 500 тг", 1200, {"INV/2026/00013", "INV/2026/00120"}),
        ("№ INV/2026/00012 шот бойынша төлем, ҚҚС 12%", 500, {"INV/2026/00012"}),
        ("Payment for invoice no. INV-2026-00012 dtd 22/10/2026", 500, {"INV/2026/00012"}),
        ("PMT INV#INV/2026/00012 USD", 500, {"INV/2026/00012"}),
        ("оплата ІNV/2О26/ООО12", 500, {"INV/2026/00012"}),
        ("счет INV / 2026 / 00012", 500, {"INV/2026/00012"}),
        ("inv 2026 00120", 500, {"INV/2026/00120"}),
        ("по акту 13 к счету INV/2026/00012", 500, {"INV/2026/00012"}),
        ("КГУ Школа № 12 по сч. 120", 500, {"INV/2026/00120"}),
        ("рейс № 12, счет 120", 500, {"INV/2026/00120"}),
        ("120-шот үшін төлем", 500, {"INV/2026/00120"}),
        ("Счет N°120", 500, {"INV/2026/00120"}),
        ("по счету INV/26/00012", 500, {"INV/2026/00012"}),
        ("счет № 120-500,00; № 13-700,00", 1200, {"INV/2026/00013", "INV/2026/00120"}),
    ],
)
def test_what_is_proven_is_applied(text, amount, numbers):
    decision = decide(text, amount)
    assert (decision.outcome, paid(decision)) == (APPLIED, numbers)


@pytest.mark.parametrize(
    "text",
    [
        f"реф {CODE[:3]} {CODE[3:]}",
        f"реф. {CODE[:3]}-{CODE[3:]}",
        f"оплата{CODE}",
        "реф" + CODE.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")).lower(),
    ],
)
def test_a_code_in_two_pieces_or_behind_its_word_is_ours_only_if_it_is(text):
    items = [item("A-1", payment_code=CODE), item("A-2")]
    decision = decide(text, items=items)
    assert (decision.outcome, decision.reason, paid(decision)) == (APPLIED, "code", {"A-1"})
    assert decide(text, items=[item("A-1"), item("A-2")]).outcome != APPLIED


@pytest.mark.parametrize(
    ("text", "number"),
    [
        # quantities, periods and parts behind the keyword
        ("по счету 3 квартал 2026", "3"),
        ("по счету 4 кв. 2026", "4"),
        ("счет 1 полугодие", "1"),
        ("по счету 20 числа", "20"),
        ("счет 1 из 3", "1"),
        ("invoice 2 of 3", "2"),
        ("счет 5 позиций", "5"),
        ("счет 12 ноября", "12"),
        ("счет 12 мкр", "12"),
        ("счет 12$", "12"),
        ("счет 12 000", "12"),
        ("счет 12.500 тг", "12"),
        ("счет за 12-15 ноября", "12"),
        ("счет М500 цемент", "500"),
        # accounts
        ("бух счет 1030", "1030"),
        ("дебет счета 1210 кредит", "1210"),
        ("корр. счет 12", "12"),
        ("кор/счет 12", "12"),
        ("эскроу-счет 12", "12"),
        ("карт-счет 12", "12"),
        ("транзитный счет 12", "12"),
        ("абонентский счет 12", "12"),
        ("пополнение счета 12", "12"),
        # other people's documents and places
        ("счет по договору № 12", "12"),
        ("invoice as per contract 12", "12"),
        ("КГУ Школа №12 за цемент", "12"),
        ("магазин № 12", "12"),
        ("за рейс №12", "12"),
        ("объект № 12, аванс", "12"),
        ("исполнительный лист № 12", "12"),
        ("полис BP-101", "BP-101"),
        ("S/N BP-101", "BP-101"),
        ("серийный номер BP-101", "BP-101"),
        ("письмо BP-101", "BP-101"),
        # what is not paid
        ("кроме счета BP-101", "BP-101"),
        ("за исключением BP-101", "BP-101"),
        ("оплата не по BP-101", "BP-101"),
        ("пеня по счету BP-101", "BP-101"),
        # sums, tax, dates
        ("за товар, НДС 16% - 68.97", "68"),
        ("по счету от 22.10.2026", "22"),
        ("за 10-12 месяцы", "10"),
    ],
)
def test_what_only_looks_like_proof_is_left(text, number):
    settings = Settings(automation="earned", earned=EARNABLE)
    day = datetime.date(2026, 9, 1)
    items = [item(number, date=day), item("Z-9001", date=day)]
    decision = decide(text, items=items, settings=settings)
    assert decision.outcome != APPLIED, decision


@pytest.mark.parametrize(
    ("text", "reason"),
    [("счет 120 от 2025 г", "date_differs"), ("счет 120 от 05.03", "date_differs")],
)
def test_a_part_of_a_date_speaks_against_a_short_number(text, reason):
    decision = decide(text)
    assert (decision.outcome, decision.reason) == ("suggested", reason)


def test_a_place_behind_the_name_is_no_part_of_it():
    items = [item("A-1"), item("B-1", 500, 3)]
    decision = decide("оплата", items=items, tax_id="", name="Филиал ТОО «Альфа Строй», г. Алматы")
    assert (decision.reason, paid(decision)) == ("amount_by_name", {"A-1"})
