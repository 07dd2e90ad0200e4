"""What may be applied by itself: off, trusted only, earned too; and each new reason once."""

import datetime
from decimal import Decimal

import pytest

from core.matching import APPLIED, SUGGESTED, OpenItem, Payer, Settings, Transaction, match
from core.matching.reasons import EARNABLE
from core.references import make

DAY = datetime.date(2026, 11, 21)
BIN = "971240001315"
PAYERS = [Payer(1, "ТОО Альфа Строй", (BIN,))]
EARNED = Settings("earned", EARNABLE)
CODE = make(4711)
FULL = "INV/2026/00012"


def bill(number=FULL, amount="200", day=DAY, kind="invoice", **values):
    return OpenItem((number, 1), 1, kind, number, Decimal(amount), "KZT", date=day, **values)


def decide(purpose, amount, items, settings=None, tax_id=BIN):
    line = Transaction(1, DAY, Decimal(amount), "KZT", purpose, payer_tax_id=tax_id)
    return match([line], items, PAYERS, settings)[0]


def paid(decision):
    return [item_id[0] for item_id, _amount in decision.allocations]


# purpose, amount, items, the reason, what is paid
EARNABLE_CASES = [
    (f"счет {FULL}", "150", [bill()], "partial", [FULL]),
    (f"счет {FULL}", "250", [bill()], "overpaid", [FULL]),
    ("счет INV/2026/00021", "200", [bill()], "number_typo", [FULL]),
    ("счет 2134", "200", [bill("1234"), bill("99", "300")], "number_typo", ["1234"]),
    (f"реф {CODE[:-1]}Z", "200", [bill(payment_code=CODE)], "number_typo", [FULL]),
    ("счет 12", "200", [bill(), bill("INV/2025/00012", "300")], "number_amount", [FULL]),
    ("за товар", "200", [bill(), bill("INV/2026/00013", "300")], "amount_unique", [FULL]),
    ("за товар", "500", [bill(), bill("INV/2026/00013", "300")], "sum_unique", [FULL, "INV/2026/00013"]),
    ("счет 99 от 01.01.2020", "300", [bill("99", "300")], "date_differs", ["99"]),
    ("заказ S00042", "200", [bill(order_names=("S00042",))], "order", [FULL]),
    (
        "по счету от 21.11.2026",
        "200",
        [bill(), bill("INV/2026/00013", day=datetime.date(2026, 10, 1))],
        "date_unique",
        [FULL],
    ),
    (
        f"счет {FULL} за вычетом возврата",
        "150",
        [bill(), bill("RINV/1", "-50", kind="credit_note")],
        "sum_with_named",
        [FULL, "RINV/1"],
    ),
    (
        f"счет {FULL} и RINV/1",
        "150",
        [bill(), bill("RINV/1", "-50", kind="credit_note")],
        "credit_note",
        None,
    ),
]


@pytest.mark.parametrize(("purpose", "amount", "items", "reason", "ids"), EARNABLE_CASES)
def test_a_reason_applies_by_itself_when_it_has_earned_it(purpose, amount, items, reason, ids):
    before = decide(purpose, amount, items)
    assert (before.outcome, before.reason, before.automatic_by) == (SUGGESTED, reason, "")
    after = decide(purpose, amount, items, EARNED)
    assert (after.outcome, after.reason, after.automatic_by) == (APPLIED, reason, "earned")
    assert after.allocations == before.allocations
    if ids:
        assert paid(after) == ids
    others = Settings("earned", EARNABLE - {reason})
    assert decide(purpose, amount, items, others).outcome == SUGGESTED
    assert decide(purpose, amount, items, Settings("trusted", EARNABLE)).outcome == SUGGESTED


def test_each_allocation_has_the_piece_of_text_that_proves_it():
    text = f"оплата по сч. № 12, реф {CODE.lower()}"
    items = [bill(), bill("INV/2026/00077", "300", payment_code=CODE)]
    decision = decide(text, "500", items)
    assert decision.outcome == APPLIED
    proofs = {
        item_id: text[slice(*e.span)]
        for e in decision.evidence
        if e.field == "purpose"
        for item_id in e.items
    }
    assert proofs == {(FULL, 1): "12", ("INV/2026/00077", 1): CODE.lower()}
    (amount,) = [e for e in decision.evidence if e.kind == "amount"]
    assert set(amount.items) == {item_id for item_id, _amount in decision.allocations}


def test_trusted_reasons_apply_unless_all_is_switched_off():
    on, off = decide(CODE, "200", [bill(payment_code=CODE)]), None
    assert (on.outcome, on.automatic_by) == (APPLIED, "trusted")
    off = decide(CODE, "200", [bill(payment_code=CODE)], Settings("off", EARNABLE))
    assert (off.outcome, off.automatic_by, off.allocations) == (SUGGESTED, "", on.allocations)


# What stays for a person even when every reason has earned its trust.
NEVER = [
    ("за товар", "200", [bill(), bill("INV/2026/00013")]),
    ("за товар", "300", [bill("1", "100"), bill("2", "200"), bill("3", "300")]),
    (f"счет {FULL}, INV/2026/00013", "250", [bill(), bill("INV/2026/00013")]),
    (f"счет {FULL}", "300", [bill(), bill("INV/2026/00013", "300")]),
    ("счет INV/2026/00099", "200", [bill()]),
    ("счет INV/2025/00012", "200", [bill()]),
    (f"возврат по {FULL}", "200", [bill()]),
    (f"счета {FULL} и 777", "250", [bill()]),
    ("счет 1236", "200", [bill("1234"), bill("1235")]),
    ("договор 1234", "200", [bill("1234"), bill("1235")]),
    ("договор поставки 1234", "200", [bill("1234"), bill("1235")]),
    ("на сумму 1234", "1234", [bill("1234", "1234"), bill("1235", "1234")]),
    ("1234 шт", "200", [bill("1234"), bill("1235")]),
    ("счет от 12.10.2026", "200", [bill("12"), bill("10")]),
]


@pytest.mark.parametrize(("purpose", "amount", "items"), NEVER)
def test_what_is_ambiguous_is_never_applied(purpose, amount, items):
    assert decide(purpose, amount, items, EARNED).outcome != APPLIED


@pytest.mark.parametrize(
    "purpose",
    [
        "оплата по счёту12",
        "оплатапосчету№12",
        "cчет №12",  # a Latin c
        "счет (№ 12)",
        'счет "12"',
        "Шот нөмірі: 12",
        "№ 12 шот бойынша төлем",
        "по счету на оплату покупателю № 12",
        "счет №12/2026",
        "счет-12",
        "счет № INV/2О26/ООО12",  # letters for zeros
        "№INV/2026/00012от21.11.2026г.",
        "Оплата счетаINV/2026/00012",
        "INV / 2026 / 00012",
        "счет 12 тел. 87011234567",
        "счет 12, 3 шт",
        "счет 12 на 200,00",
    ],
)
def test_sloppy_spellings_of_a_number_are_read(purpose):
    decision = decide(purpose, "200", [bill(), bill("INV/2026/00013", "300")])
    assert (decision.outcome, paid(decision)) == (APPLIED, [FULL])


@pytest.mark.parametrize(
    "purpose",
    [
        "счета 12, 13",
        "счета №№ 12, 13",
        "счета 12-13",
        "счет INV/2026/00012-13",
        "INV/2026/00012-INV/2026/00013",
        "с INV/2026/00012 по INV/2026/00013",
        "по сч INV/2026/00012 и 00013",
        "счет 12 на 200-00, №13 на 300-00",
        "№ 12 от 21.11.2026 (200,00), № 13 (300,00)",
        "по счету 12 и счету 13",
        "шоттар 12, 13",
    ],
)
def test_lists_and_ranges_are_read(purpose):
    items = [bill(), bill("INV/2026/00013", "300"), bill("INV/2026/00014", "777")]
    decision = decide(purpose, "500", items)
    assert (decision.outcome, paid(decision)) == (APPLIED, [FULL, "INV/2026/00013"])
