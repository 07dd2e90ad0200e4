"""What an import would do, before it does it."""

from datetime import date
from decimal import Decimal

from core.bank_formats import Statement, Transaction, plan_import


def line(number, day, amount, currency="", fingerprint=None):
    return Transaction(
        date=date(2026, 9, day),
        amount=Decimal(amount),
        line=number,
        currency=currency,
        fingerprint=fingerprint or str(number),
    )


def plan(lines, known=(), lock=None, opening="100", closing="200"):
    statement = Statement(
        "1c",
        opening=None if opening is None else Decimal(opening),
        closing=None if closing is None else Decimal(closing),
        transactions=tuple(lines),
    )
    return plan_import(statement, set(known), lock_date=lock, currency="KZT", digits=2)


def test_new_lines_come_in_the_order_of_their_dates():
    result = plan([line(1, 16, 5), line(2, 15, 6), line(3, 15, 7)])
    assert [t.line for t in result.new] == [2, 3, 1]
    assert (result.balance_start, result.balance_end) == (100, 200)


def test_known_lines_before_the_new_ones_raise_the_opening_balance():
    result = plan([line(1, 14, 30), line(2, 15, 70)], known={"1"})
    assert [t.line for t in result.known] == [1]
    assert (result.balance_start, result.balance_end) == (130, 200)


def test_new_lines_between_known_ones_get_no_balances():
    result = plan([line(1, 14, 30), line(2, 16, 70)], known={"2"})
    assert (result.balance_start, result.balance_end) == (None, None)
    assert [notice.code for notice in result.notices] == ["no_balances"]


def test_lock_date_is_inclusive_and_known_lines_are_no_matter_of_it():
    result = plan([line(1, 14, 1), line(2, 15, 2), line(3, 16, 3)], known={"1"}, lock=date(2026, 9, 15))
    assert ([t.line for t in result.locked], [t.line for t in result.new]) == ([2], [3])
    assert result.balance_start == 103


def test_lines_that_the_journal_cannot_hold_are_listed():
    result = plan([line(1, 14, 1, "USD"), line(2, 14, "0.005"), line(3, 14, 3, "KZT")])
    assert [u.code for u in result.unread] == ["other_currency", "amount_too_fine"]
    assert [t.line for t in result.new] == [3]


def test_no_balances_without_new_lines_or_without_balances_in_the_file():
    assert plan([line(1, 14, 1)], known={"1"}).balance_end is None
    assert plan([line(1, 14, 1)], opening=None).balance_end is None
