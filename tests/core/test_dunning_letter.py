from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.reconciliation import Movement, statements
from core.dunning.letter import CONTACT_ORDER, choose_contact, choose_pdfs, latest
from core.dunning.words import _WORDS, Words

START = date(2026, 1, 1)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(-900, 900).filter(bool)), max_size=30),
    st.integers(1, 12),
    st.integers(-500, 500),
)
def test_a_shortened_statement_still_adds_up_and_cuts_no_day(moves, limit, opening):
    movements = [
        Movement(START + timedelta(day), "x", "KZT", Decimal(amount)) for day, amount in sorted(moves)
    ]
    [statement] = statements({"KZT": Decimal(opening)}, movements) or [None] if movements else [None]
    if statement is None:
        return
    short = latest(statement, START, limit)
    assert short.closing == statement.closing
    assert short.opening + sum(row.debit - row.credit for row in short.rows) == short.closing
    shown = {row.day for row in short.rows}
    cut = statement.rows[: len(statement.rows) - len(short.rows)]
    assert not shown & {row.day for row in cut}
    assert all(row.day < short.start for row in cut)
    assert all(row.day >= short.start for row in short.rows)
    if len({row.day for row in statement.rows}) == len(statement.rows):
        assert len(short.rows) == min(limit, len(statement.rows))


def test_pdfs_up_to_the_limit_oldest_first_each_invoice_once():
    assert choose_pdfs([7, 7, 3, 5], 2) == ([7, 3], 1)
    assert choose_pdfs([7, 3], 5) == ([7, 3], 0)
    assert choose_pdfs([7, 3], 0) == ([], 2)


@pytest.mark.parametrize("role", CONTACT_ORDER)
def test_whoever_has_an_address_is_found_by_every_step(role):
    for only in ("invoice", "accounting", "management", "company"):
        assert choose_contact(role, [(only, 4)]) == 4
    assert choose_contact(role, []) is None


def test_the_step_says_who_is_asked_first():
    contacts = [("company", 1), ("management", 2), ("accounting", 3), ("accounting", 9), ("invoice", 4)]
    assert {role: choose_contact(role, contacts) for role in CONTACT_ORDER} == {
        "invoice": 4,
        "accounting": 3,
        "management": 2,
        "company": 1,
    }
    assert choose_contact("invoice", contacts[:-1]) == 3
    assert choose_contact("accounting", [("invoice", 4), ("company", 1)]) == 4


@pytest.mark.parametrize(
    ("number", "russian"),
    [(0, "дней"), (1, "день"), (2, "дня"), (4, "дня"), (5, "дней"), (11, "дней"), (12, "дней"), (21, "день"),
     (22, "дня"), (111, "дней"), (101, "день")],
)  # fmt: skip
def test_days_are_declined(number, russian):
    assert Words("ru").days(number) == f"{number}\u00a0{russian}"
    assert Words("kk").days(number) == f"{number}\u00a0күн"
    assert Words("en").days(number) == f"{number}\u00a0{'day' if number == 1 else 'days'}"


def test_every_text_has_the_same_placeholders_in_all_languages():
    from string import Formatter

    for key, row in _WORDS.items():
        names = [{name for _t, name, _f, _c in Formatter().parse(text) if name} for text in row]
        assert names[0] == names[1] == names[2], key
        assert all(row), key
