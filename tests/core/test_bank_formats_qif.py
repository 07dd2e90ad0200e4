"""QIF: what is written is read again; what it leaves open is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers import qif, strategies

from core.bank_formats import Profile, StatementFormatError, parse_statement


def read(text, profile=None):
    (statement,) = parse_statement(text.encode(), "a.qif", profile)
    return statement


def refused(text):
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(text.encode(), "a.qif")
    return caught.value


@given(
    strategies.statements(qif.FIELDS, currency=""),
    st.sampled_from(
        (("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%d/%m'%y", "dmy"), ("%Y-%m-%d", ""), ("%d.%m.%Y", ""))
    ),
)
def test_round_trip(statement, shape):
    day, order = shape
    found = read(qif.write(statement, day).decode(), Profile(date_order=order))
    expected = replace(statement, closing=None)
    assert strategies.picked(found, qif.FIELDS) == strategies.picked(expected, qif.FIELDS)
    assert not found.unread


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/09/2026", date(2026, 9, 15)),
        ("9/15'26", date(2026, 9, 15)),
        ("9/15' 6", None),
        ("2/28' 06", date(2006, 2, 28)),
        ("28/ 2'06", date(2006, 2, 28)),
        ("12/25/93", date(1993, 12, 25)),
        ("2026-09-15", date(2026, 9, 15)),
    ],
)
def test_days(text, day):
    statement = read(f"!Type:Bank\nD{text}\nT5\n^\n")
    assert [one.date for one in statement.transactions] == ([day] if day else [])
    assert [u.code for u in statement.unread] == ([] if day else ["date_unreadable"])


def test_the_order_of_dates_is_decided_over_the_whole_file_or_refused():
    text = "!Type:Bank\nD3/4/2026\nT5\n^\nD{}\nT6\n^\n"
    assert read(text.format("12/25/2026")).transactions[0].date == date(2026, 3, 4)
    assert read(text.format("25/12/2026")).transactions[0].date == date(2026, 4, 3)
    caught = refused(text.format("5/6/2026"))
    assert (caught.code, caught.line) == ("date_order_undecided", 2)


def test_amounts_and_their_failures():
    text = (
        "!Type:Bank\nD15/09/2026\nT-1,500.25\n^\nD15/09/2026\nTx\n^\nD15/09/2026\n^\nD15/09/2026\nT0.00\n^\n"
    )
    statement = read(text)
    assert [one.amount for one in statement.transactions] == [Decimal("-1500.25")]
    assert [(u.code, u.line) for u in statement.unread] == [("amount_unreadable", 5), ("amount_missing", 8)]
    assert [n.code for n in statement.warnings] == ["zero_lines"]
    assert refused("!Type:Bank\nD15/09/2026\nT1.234\n^\n").code == "amount_ambiguous"


def test_a_record_in_which_the_file_ends_is_listed():
    statement = read("!Type:Bank\nD15/09/2026\nT5\n^\nD16/09/2026\nT183\n")
    assert [one.amount for one in statement.transactions] == [5]
    assert [u.code for u in statement.unread] == ["operation_cut_off"]


def test_accounts_without_numbers_cannot_be_told_apart():
    part = "!Account\nN{}\nTBank\n^\n!Type:Bank\nD15/09/2026\nT5\n^\n"
    assert read(part.format("Касса")).account == ""
    caught = refused(part.format("Касса") + part.format("Банк"))
    assert (caught.code, caught.params) == ("several_accounts", {"accounts": "Касса, Банк"})
    numbers = ("KZ79722S000001674774", "KZ698562203124676325")
    found = parse_statement("".join(map(part.format, numbers)).encode())
    assert [statement.account for statement in found] == list(numbers)


def test_lists_and_investments_are_no_operations():
    lists = "!Type:Cat\nNRent\nD\nE\n^\n!Type:Class\nNx\n^\n"
    invest = "!Type:Invst\nD15/09/2026\nNBuy\nT5\n^\n"
    assert refused(lists).code == "nothing_in_file"
    assert refused(lists + invest).code == "investment_account"
    statement = read(lists + invest + "!Type:CCard\nD15/09/2026\nT5\nMв\nSx\n$5\n^\n")
    assert [one.purpose for one in statement.transactions] == ["в"]
    assert [n.code for n in statement.warnings] == ["investment_ignored"]
