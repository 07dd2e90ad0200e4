"""Prepaid orders among the open items: applied by what names them, suggested by amount, in no sum."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_matching_decisions import CODE, FULL, TODAY, A, B, decide, ids, item, pay

from core.matching import APPLIED, ORDER, SUGGESTED, OpenItem, Settings, match
from core.matching.reasons import EARNABLE
from core.references import make

EARNED = Settings(automation="earned", earned=EARNABLE)


def order(number, residual, partner=A, code="", **values):
    return OpenItem(
        (ORDER, number),
        partner,
        ORDER,
        number,
        Decimal(residual),
        values.pop("currency", "KZT"),
        payment_code=code,
        order_names=(number,),
        due_date=TODAY,
        date=TODAY,
        document=(ORDER, number),
    )


@pytest.mark.parametrize("purpose", [f"за кирпич {CODE}", "Оплата по счету на оплату № S00012 от 25.11"])
def test_code_or_number_of_the_bill_with_the_right_amount_is_applied(purpose):
    decision = decide(pay("1000", purpose), [order("S00012", "1000", code=CODE), order("S00013", "1000")])
    assert decision.outcome == APPLIED
    assert decision.allocations == (((ORDER, "S00012"), Decimal("1000.00")),)


@pytest.mark.parametrize(("amount", "reason"), [("400", "partial"), ("1200", "overpaid")])
@pytest.mark.parametrize("settings", [None, EARNED])
def test_another_amount_is_suggested_whatever_was_earned_on_invoices(amount, reason, settings):
    decision = decide(pay(amount, CODE), [order("S00012", "1000", code=CODE)], settings)
    assert (decision.outcome, decision.reason) == (SUGGESTED, reason)
    assert ids(decision) == [(ORDER, "S00012")]


def test_somebody_else_who_quotes_the_code_is_suggested():
    decision = decide(pay("1000", CODE, tax_id="200840000951"), [order("S00012", "1000", code=CODE)], EARNED)
    assert (decision.outcome, decision.reason) == (SUGGESTED, "third_party")


def test_an_order_and_an_invoice_that_are_both_named_are_paid_together():
    items = [order("S00012", "1000", code=CODE), item(FULL, "500", payment_code=make(4712))]
    decision = decide(pay("1500", f"{CODE}, {make(4712)}"), items)
    assert (decision.outcome, decision.reason) == (APPLIED, "several")
    assert set(ids(decision)) == {(ORDER, "S00012"), (FULL, 1)}


def test_the_amount_alone_only_suggests():
    decision = decide(pay("1000", "оплата"), [order("S00012", "1000"), item(FULL, "300")], EARNED)
    assert (decision.outcome, ids(decision)) == (SUGGESTED, [(ORDER, "S00012")])
    assert decide(pay("1000", "по заказу S00012"), [order("S00012", "1000")], EARNED).outcome == SUGGESTED


def test_short_numbers_mean_invoices():
    items = [order("S00012", "500"), item(FULL, "500")]
    assert ids(decide(pay("500", "счет 12"), items)) == [(FULL, 1)]


def test_money_on_account_goes_to_invoices_first():
    items = [order("S00012", "1000", partner=B), item(FULL, "300", partner=B)]
    decision = decide(pay("200", "оплата", tax_id="200840000951"), items)
    assert ids(decision) == [(FULL, 1)]


def test_of_two_payments_the_first_gets_it():
    items = [order("S00012", "1000", code=CODE)]
    one, two = match([pay("1000", CODE, id=1), pay("1000", CODE, id=2)], items)
    assert (one.outcome, two.outcome == APPLIED) == (APPLIED, False)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=4),
    st.lists(st.integers(1, 40), min_size=1, max_size=4),
    st.integers(1, 200),
)
def test_no_sum_that_was_searched_for_has_an_order_in_it(orders, invoices, amount):
    items = [order(f"S{place:05}", str(residual)) for place, residual in enumerate(orders, 1)]
    items += [item(f"INV/2026/{place:05}", str(residual)) for place, residual in enumerate(invoices, 1)]
    decision = decide(pay(str(amount), "оплата"), items, EARNED)
    assert decision.outcome != APPLIED or not any(key[0] == ORDER for key in ids(decision))
    for candidate in decision.candidates:
        kinds = [key[0] == ORDER for key, _amount in candidate.allocations]
        assert not any(kinds) or len(kinds) == 1
