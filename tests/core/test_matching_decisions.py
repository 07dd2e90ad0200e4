"""Golden cases: what is applied, what is suggested, what is refused, and why."""

import datetime
from decimal import Decimal

import pytest

from core.matching import (
    APPLIED,
    MANUAL,
    SUGGESTED,
    OpenItem,
    Payer,
    Settings,
    Transaction,
    match,
)
from core.matching.reasons import EARNABLE
from core.matching.sums import find_sums
from core.references import make

TODAY = datetime.date(2026, 11, 21)
A, B = 1, 2
PAYERS = [
    Payer(A, "ТОО «Альфа Строй»", ("971240001315",), ("KZ79722S000001674774",)),
    Payer(B, "ИП Бета", ("200840000951",)),
]


def item(number, residual, partner=A, move=None, position=1, positions=1, due=0, **values):
    move = move or number
    return OpenItem(
        (move, position),
        partner,
        values.pop("kind", "invoice"),
        number,
        Decimal(residual),
        values.pop("currency", "KZT"),
        due_date=TODAY + datetime.timedelta(days=due),
        date=values.pop("date", TODAY - datetime.timedelta(days=30)),
        position=position,
        positions=positions,
        **values,
    )


def pay(amount, purpose="", tax_id="971240001315", **values):
    return Transaction(
        values.pop("id", 1),
        TODAY,
        Decimal(amount),
        values.pop("currency", "KZT"),
        purpose,
        payer_tax_id=tax_id,
        **values,
    )


def decide(transaction, items, settings=None, payers=PAYERS):
    return match([transaction], items, payers, settings)[0]


def ids(decision):
    return [item_id for item_id, _amount in decision.allocations]


CODE = make(4711)
FULL = "INV/2026/00012"


def test_our_code_with_the_right_amount_is_applied():
    decision = decide(pay("500", f"оплата по реф {CODE}"), [item(FULL, "500", payment_code=CODE)])
    assert (decision.outcome, decision.reason, decision.score) == (APPLIED, "code", 100)
    assert decision.allocations == (((FULL, 1), Decimal("500.00")),)
    assert any(e.kind == "code" and e.text == CODE for e in decision.evidence)


@pytest.mark.parametrize(
    "purpose",
    [
        FULL,
        f"Оплата по счету № {FULL} от 22.10.2026 за стройматериалы, в т.ч. НДС 16% 1000-00",
        "за цемент INV-2026-00012",
        "оплата inv/2026/12 спасибо",
    ],
)
def test_the_full_number_anywhere_in_the_text_is_applied(purpose):
    decision = decide(pay("200", purpose), [item(FULL, "200"), item("INV/2026/00013", "200")])
    assert (decision.outcome, decision.reason) == (APPLIED, "number")
    assert ids(decision) == [(FULL, 1)]


def test_500_never_pays_200():
    decision = decide(pay("500", f"оплата {FULL}"), [item(FULL, "200")])
    assert (decision.outcome, decision.reason) == (SUGGESTED, "overpaid")
    assert decision.allocations == (((FULL, 1), Decimal("200.00")),)


def test_a_smaller_amount_is_suggested_as_partial():
    decision = decide(pay("150", f"оплата {CODE}"), [item(FULL, "200", payment_code=CODE)])
    assert (decision.outcome, decision.reason) == (SUGGESTED, "partial")
    assert decision.allocations == (((FULL, 1), Decimal("150")),)


@pytest.mark.parametrize(
    "purpose", ["INV", "0", "/", "%", "_", "2026", "", "INV/2026", "INV/2026/0001", "00012"]
)
def test_a_piece_of_a_number_is_never_enough(purpose):
    decision = decide(pay("1", purpose, tax_id=""), [item(FULL, "1")])
    assert decision.outcome == MANUAL


@pytest.mark.parametrize(
    "purpose", ["202612", "INV202612", "INV/2026/000121", "1INV/2026/00012", "INV/2026/00012A"]
)
def test_digits_are_never_glued_and_tokens_never_cut(purpose):
    decision = decide(pay("200", f"оплата {purpose}", tax_id=""), [item(FULL, "200")])
    assert decision.outcome == MANUAL


def test_two_named_invoices_with_the_right_sum_are_applied():
    items = [item(FULL, "200"), item("INV/2026/00013", "300"), item("INV/2026/00014", "500")]
    decision = decide(pay("500", "по счетам INV/2026/00012 и INV/2026/00013"), items)
    assert (decision.outcome, decision.reason) == (APPLIED, "several")
    assert ids(decision) == [(FULL, 1), ("INV/2026/00013", 1)]


def instalments(*amounts, code=""):
    return [
        item(FULL, amount, position=n, positions=len(amounts), due=n * 10, payment_code=code)
        for n, amount in enumerate(amounts, 1)
    ]


def test_instalments_are_paid_in_due_order():
    items = instalments("300", "700", "1000", code=CODE)
    assert ids(decide(pay("300", CODE), items)) == [(FULL, 1)]
    both = decide(pay("1000", CODE), items[:2])
    assert (both.outcome, len(both.allocations)) == (APPLIED, 2)
    later = decide(pay("700", CODE), items)
    assert (later.outcome, later.reason, ids(later)) == (APPLIED, "instalment", [(FULL, 2)])
    assert decide(pay("301", CODE), items).outcome == SUGGESTED


def test_equal_instalments_go_to_the_one_due_first_and_two_payments_take_two():
    items = instalments("250", "250", "250", "250", code=CODE)
    first, second = match([pay("250", CODE, id=1), pay("250", CODE, id=2)], items, PAYERS)
    assert (first.outcome, second.outcome) == (APPLIED, APPLIED)
    assert (ids(first), ids(second)) == ([(FULL, 1)], [(FULL, 2)])


def test_an_instalment_suffix_names_its_instalment():
    decision = decide(pay("700", f"счет {FULL}-2"), instalments("300", "700"))
    assert (decision.outcome, ids(decision)) == (APPLIED, [(FULL, 2)])


def test_a_third_party_with_an_exact_reference_is_suggested_by_default():
    transaction = pay("200", f"за Альфа {FULL}", tax_id="200840000951")
    decision = decide(transaction, [item(FULL, "200")])
    assert (decision.outcome, decision.reason, decision.partner_id) == (SUGGESTED, "third_party", A)
    assert decide(transaction, [item(FULL, "200")], Settings(third_party="apply")).outcome == APPLIED
    refused = decide(transaction, [item(FULL, "200")], Settings(third_party="manual"))
    assert (refused.outcome, refused.allocations) == (MANUAL, ())


def test_a_stranger_with_another_tax_id_is_a_third_party_too():
    assert decide(pay("200", FULL, tax_id="220840049859"), [item(FULL, "200")]).reason == "third_party"


def test_a_payer_without_tax_id_does_not_contradict_the_reference():
    assert decide(pay("200", FULL, tax_id=""), [item(FULL, "200")]).outcome == APPLIED


def test_a_learned_account_does_not_overrule_an_exact_reference():
    decision = decide(
        pay("200", FULL, tax_id="", payer_account="KZ79722S000001674774"),
        [item(FULL, "200", partner=B), item("INV/2026/00099", "200", partner=A)],
    )
    assert decision.candidates[0].partner_id == B
    assert decision.reason == "third_party"


def test_the_payers_only_invoice_of_that_amount_is_suggested():
    decision = decide(pay("200", "за товар"), [item(FULL, "200"), item("INV/2026/00013", "300")])
    assert (decision.outcome, decision.reason, ids(decision)) == (SUGGESTED, "amount_unique", [(FULL, 1)])


def test_two_invoices_of_the_same_amount_are_both_shown_and_none_chosen():
    decision = decide(pay("200"), [item(FULL, "200"), item("INV/2026/00013", "200")])
    assert (decision.outcome, decision.reason, decision.allocations) == (SUGGESTED, "amount_ambiguous", ())
    assert len(decision.candidates) == 2


def test_a_sum_is_proposed_only_when_it_is_the_only_one():
    items = [item("INV/1", "100"), item("INV/2", "250"), item("INV/3", "400")]
    unique = decide(pay("350"), items)
    assert (unique.reason, len(unique.allocations)) == ("sum_unique", 2)
    several = decide(
        pay("300"), [item("I/1", "100"), item("I/2", "200"), item("I/3", "150"), item("I/4", "150")]
    )
    assert (several.reason, several.allocations, len(several.candidates)) == ("sum_ambiguous", (), 2)


def test_one_invoice_and_a_sum_of_two_others_is_ambiguous():
    decision = decide(pay("300"), [item("I/1", "100"), item("I/2", "200"), item("I/3", "300")])
    assert (decision.outcome, decision.allocations) == (SUGGESTED, ())
    assert decision.candidates[0].allocations == ((("I/3", 1), Decimal("300.00")),)


def test_credit_notes_count_as_negatives():
    items = [item(FULL, "500"), item("RINV/1", "-120", kind="credit_note")]
    decision = decide(pay("380"), items)
    assert (decision.reason, sum(amount for _id, amount in decision.allocations)) == ("sum_unique", 380)
    named = decide(pay("380", FULL), items)
    assert (named.outcome, named.candidates[0].reason) == (SUGGESTED, "sum_with_named")


@pytest.mark.parametrize("purpose", ["оплата по счету № 12", "сч.00012", "счет 2026/12", "төлем шоты INV12"])
def test_a_short_number_of_the_payers_own_invoice_is_applied_when_the_amount_agrees(purpose):
    items = [item(FULL, "200"), item("INV/2025/00012", "200", partner=B)]
    decision = decide(pay("200", purpose), items)
    assert (decision.outcome, decision.reason, ids(decision)) == (APPLIED, "number_payer", [(FULL, 1)])


def test_a_short_number_is_applied_when_the_payers_name_is_alike():
    decision = decide(
        pay("200", "по счету № 12", tax_id="", payer_name="ТОО Альфа Сторой"), [item(FULL, "200")]
    )
    assert (decision.outcome, decision.reason, ids(decision)) == (APPLIED, "number_payer", [(FULL, 1)])


def test_a_number_without_a_keyword_is_suggested_when_another_invoice_has_the_amount():
    items = [item(FULL, "200"), item("INV/2026/00013", "200")]
    decision = decide(pay("200", "№ 12"), items)
    assert (decision.outcome, decision.reason, ids(decision)) == (SUGGESTED, "number_short", [(FULL, 1)])
    assert decide(pay("200", "№ 12"), items[:1]).outcome == APPLIED


def test_a_long_number_without_its_prefix_needs_no_payer_unless_another_one_is_named():
    items = [item("INV/2026/25297", "200")]
    assert decide(pay("200", "по счету 25297", tax_id=""), items).reason == "number_payer"
    assert decide(pay("200", "по счету 25297", tax_id="200840000951"), items).reason == "third_party"
    assert decide(pay("201", "по счету 25297", tax_id=""), items).outcome == SUGGESTED


def test_a_short_number_with_another_amount_is_never_applied():
    decision = decide(pay("150", "оплата по счету № 12"), [item(FULL, "200")])
    assert (decision.outcome, decision.reason, ids(decision)) == (SUGGESTED, "partial", [(FULL, 1)])


def test_a_short_number_from_somebody_unknown_is_suggested():
    decision = decide(pay("200", "оплата по счету № 12", tax_id=""), [item(FULL, "200")])
    assert (decision.outcome, decision.reason, ids(decision)) == (SUGGESTED, "short_alone", [(FULL, 1)])


def test_a_short_number_that_several_customers_have_is_refused():
    items = [item(FULL, "200"), item("INV/2025/00012", "200", partner=B)]
    decision = decide(pay("200", "оплата по счету № 12", tax_id=""), items)
    assert (decision.outcome, decision.reason, decision.allocations) == (SUGGESTED, "reference_ambiguous", ())
    assert {candidate.partner_id for candidate in decision.candidates} == {A, B}


def test_a_plain_number_of_ours_needs_its_keyword():
    assert decide(pay("200", "по счету 5381124"), [item("5381124", "200")]).outcome == APPLIED
    assert decide(pay("200", "артикул 5381124", tax_id=""), [item("5381124", "200")]).outcome == MANUAL


def test_a_plain_number_with_another_date_is_only_suggested():
    right = item("5381124", "200", date=datetime.date(2026, 8, 1))
    assert decide(pay("200", "по счету 5381124 от 01.08.2026"), [right]).outcome == APPLIED
    other = decide(pay("200", "по счету 5381124 от 01.08.2025"), [right])
    assert (other.outcome, other.reason) == (SUGGESTED, "date_differs")


def test_a_tax_invoice_of_the_same_number_pays_nothing_by_itself():
    decision = decide(pay("200", "по сч-ф № 5381124", tax_id=""), [item("5381124", "200")])
    assert decision.outcome == MANUAL


def test_a_named_invoice_beside_an_unknown_one_is_not_applied():
    decision = decide(pay("200", "по счетам INV/2026/00012 и INV/2026/00077"), [item(FULL, "200")])
    assert (decision.outcome, decision.reason) == (SUGGESTED, "number_unclear")


def test_a_second_payment_of_the_same_invoice_is_not_applied():
    first, second = match([pay("200", FULL, id=1), pay("200", FULL, id=2)], [item(FULL, "200")], PAYERS)
    assert first.outcome == APPLIED
    assert (second.outcome, second.reason, second.allocations) == (MANUAL, "already_paid", ())


def test_a_quoted_number_that_is_not_open_is_said_and_nothing_is_preselected():
    decision = decide(pay("200", "по счету INV/2026/00077"), [item(FULL, "200")])
    assert (decision.outcome, decision.reason, decision.allocations) == (SUGGESTED, "reference_closed", ())


def test_currencies_are_not_mixed():
    decision = decide(pay("200", FULL, currency="USD"), [item(FULL, "200")])
    assert (decision.outcome, decision.reason) == (MANUAL, "currency")


def test_a_refund_word_asks_for_a_look():
    assert decide(pay("200", f"возврат по {FULL}"), [item(FULL, "200")]).reason == "refund"


def test_invoices_of_two_customers_in_one_payment_are_not_applied():
    decision = decide(
        pay("300", "INV/2026/00012, INV/2026/00013"), [item(FULL, "200"), item("INV/2026/00013", "100", B)]
    )
    assert (decision.outcome, decision.reason) == (SUGGESTED, "several_customers")


def test_money_that_goes_out_is_no_customer_payment():
    assert decide(pay("-200", FULL), [item(FULL, "200")]).reason == "outgoing"


def test_an_unknown_payer_is_left_with_what_has_the_amount():
    decision = decide(pay("200", "за товар", tax_id=""), [item(FULL, "200"), item("INV/2026/00013", "300")])
    assert (decision.outcome, decision.reason, decision.allocations) == (MANUAL, "payer_unknown", ())
    assert len(decision.candidates) == 1


def test_a_name_without_its_legal_form_finds_the_payer():
    decision = decide(pay("200", tax_id="", payer_name='"АЛЬФА СТРОЙ" ТОО'), [item(FULL, "200")])
    assert (decision.outcome, decision.reason, ids(decision)) == (SUGGESTED, "amount_by_name", [(FULL, 1)])


def test_an_identity_of_two_customers_is_refused():
    payers = [Payer(A, "Один", ("971240001315",)), Payer(B, "Два", ("971240001315",))]
    decision = decide(pay("200"), [item(FULL, "200")], payers=payers)
    assert (decision.outcome, decision.reason, decision.allocations) == (MANUAL, "payer_ambiguous", ())


def test_an_order_number_is_suggested():
    decision = decide(pay("200", "Оплата по заказу S00042"), [item(FULL, "200", order_names=("S00042",))])
    assert (decision.outcome, decision.reason, ids(decision)) == (SUGGESTED, "order", [(FULL, 1)])


def test_sums_are_bounded():
    found, complete = find_sums(list(range(1, 41)), 10**6 + 1, 6, 1000)
    assert (found, complete) == ([], True)
    _found, complete = find_sums([2] * 40, 41, 40, 1000)
    assert not complete


def test_sums_find_each_answer_once():
    assert find_sums([100, 200, 300], 300, 6, 1000) == ([(0, 1)], True)
    answers, _complete = find_sums([100, 200, -200, 50], 100, 6, 1000, min_items=1, limit=9)
    assert sorted(answers) == [(0,), (0, 1, 2)]


def test_a_journal_prefix_that_reads_like_a_tax_invoice_is_still_ours():
    number = "СЧФ/2026/00006"
    decision = decide(pay("200", f"Оплата по счету № {number} от 01.11.2026"), [item(number, "200")])
    assert (decision.outcome, decision.reason) == (APPLIED, "number")


def test_more_than_an_invoice_less_its_credit_note_is_never_more_than_the_payment():
    items = [item("A-200", 200), item("R-150", -150, kind="credit_note")]
    earned = Settings(automation="earned", earned=EARNABLE)
    for settings in (None, earned):
        decision = decide(pay(100, "счет A-200, минус R-150"), items, settings)
        assert decision.allocations == ((("A-200", 1), Decimal(200)), (("R-150", 1), Decimal(-150)))
    decision = decide(pay(100, "счет R-150"), items[1:], earned)
    assert decision.outcome != APPLIED and not decision.allocations
