"""Promises: kept or broken by value date, whatever the order in which money is booked."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.dunning.promises import Promise, PromiseState, Settled, cover, judge

DAY = date(2026, 6, 10)
amounts = st.decimals(min_value="0.01", max_value="5000", places=2)
days = st.integers(-30, 30).map(lambda n: DAY + timedelta(n))
pieces = st.lists(st.builds(Settled, days, amounts, st.booleans()), max_size=8)


def money(day, amount):
    return Settled(DAY + timedelta(day), Decimal(amount))


def promise(amount="100", baseline="0"):
    return Promise(Decimal(amount), DAY, Decimal(baseline))


def on(day):
    return DAY + timedelta(day)


def test_money_in_time_keeps_it_also_within_the_grace():
    assert judge(promise(), [money(0, "100")], on(9)).state is PromiseState.KEPT
    assert judge(promise(), [money(2, "100")], on(9)).state is PromiseState.KEPT
    verdict = judge(promise(), [money(3, "100")], on(9))
    assert (verdict.state, verdict.paid, verdict.missing) == (PromiseState.BROKEN, 0, 100)


def test_it_is_open_until_the_last_day_of_grace_has_passed():
    assert judge(promise(), [], on(2)).state is PromiseState.OPEN
    assert judge(promise(), [], on(3)).state is PromiseState.BROKEN


def test_part_of_the_sum_is_not_the_sum():
    verdict = judge(promise(), [money(0, "99.98")], on(9))
    assert (verdict.state, verdict.missing) == (PromiseState.BROKEN, Decimal("0.02"))


def test_what_was_paid_before_the_promise_counts_for_nothing():
    before = [money(-20, "60")]
    assert judge(promise("40", "60"), before, on(9)).state is PromiseState.BROKEN
    assert judge(promise("40", "60"), [*before, money(1, "40")], on(9)).state is PromiseState.KEPT


def test_a_credit_note_lowers_what_had_to_be_paid():
    note = Settled(on(1), Decimal(30), is_money=False)
    assert judge(promise(), [note, money(1, "70")], on(9)).state is PromiseState.KEPT
    assert judge(promise(), [note, money(1, "69")], on(9)).state is PromiseState.BROKEN
    whole = Settled(on(1), Decimal(100), is_money=False)
    assert judge(promise(), [whole], on(9)).state is PromiseState.VOID


def test_money_that_may_have_come_unseen_leaves_it_open():
    assert judge(promise(), [], on(9), is_unseen=True).state is PromiseState.OPEN


def test_a_sum_covers_the_oldest_debts():
    positions = [("c", on(5), Decimal(50)), ("a", on(-9), Decimal(50)), ("b", on(0), Decimal(50))]
    assert cover(Decimal(60), positions) == ("a", "b")
    assert cover(Decimal(50), positions) == ("a",)
    assert cover(Decimal(0), positions) == ()


@given(pieces, amounts, st.integers(-40, 40))
def test_the_order_of_bookings_is_irrelevant(found, amount, day):
    one = Promise(amount, DAY)
    assert judge(one, found, on(day)).state == judge(one, found[::-1], on(day)).state


@given(pieces, amounts, st.integers(-40, 40), amounts)
def test_more_money_in_time_never_breaks_it(found, amount, day, more):
    one = Promise(amount, DAY)
    if judge(one, found, on(day)).state is PromiseState.KEPT:
        assert judge(one, [*found, money(0, more)], on(day)).state is PromiseState.KEPT


@given(pieces, amounts)
def test_what_comes_after_the_grace_changes_nothing(found, amount):
    one = Promise(amount, DAY)
    later = [piece for piece in found if piece.day <= one.last_day]
    assert judge(one, found, on(20)) == judge(one, later, on(20))


@given(pieces, amounts, st.integers(3, 40), st.integers(0, 40))
def test_the_verdict_stays_once_the_day_has_passed(found, amount, day, more):
    one = Promise(amount, DAY)
    assert judge(one, found, on(day)) == judge(one, found, on(day + more))
