"""Unknown columns are offered with a reason; the preview shows what reading does, and never raises."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_bank_formats_csv import KASPI_TEXT

from core.bank_formats import (
    KASPI,
    ROLES,
    Limits,
    Profile,
    StatementFormatError,
    guess_columns,
    parse_statement,
    preview,
)
from core.bank_formats.table.guess import KNOWN


def roles(guesses):
    return [guess.role for guess in guesses]


def test_titles_of_the_dictionary_are_known():
    guesses = guess_columns(("№ документа", "Дата операции", "Дебет", "Кредит", "ИИН/БИН", "КНП"))
    assert roles(guesses) == ["number", "date", "debit", "credit", "tax_id", "purpose_code"]
    assert all(guess.confidence >= KNOWN and guess.reason == "title_known" for guess in guesses)


@pytest.mark.parametrize(
    ("name", "role", "reason"),
    [
        ("Дебет в тенге", "debit", "title_begins"),
        ("Операция: назначение", "purpose", "title_contains"),
        ("Назначене платежа", "purpose", "title_similar"),
        ("Списано по кредиту", "credit", "title_contains"),
    ],
)
def test_other_titles_are_only_offered(name, role, reason):
    (guess,) = guess_columns((name,))
    assert (guess.role, guess.reason, guess.confidence < KNOWN) == (role, reason, True)
    assert guess.params["known"]


def test_a_title_of_the_profile_wins():
    guesses = guess_columns(("Сумма", "Оборот"), profile=Profile(columns={"amount": ("Оборот",)}))
    assert [(guess.role, guess.confidence) for guess in guesses] == [("", 0), ("amount", 100)]


def test_contents_tell_where_titles_do_not():
    samples = [
        ("03.08.2026", "-5 000,00", "KZ79722S000001674774", "971240001315", "Оплата по счету 12 за товары"),
        ("04.08.2026", "10,50", "KZ698562203124676325", "200840000951", "Возврат по договору поставки"),
    ]
    guesses = guess_columns(("a", "b", "c", "d", "e"), samples)
    assert roles(guesses) == ["date", "amount", "account", "tax_id", "purpose"]
    assert all(guess.reason.startswith("content") and guess.confidence < KNOWN for guess in guesses)


@given(st.lists(st.text(max_size=30), max_size=8), st.lists(st.lists(st.text(max_size=12), max_size=9)))
def test_each_column_has_one_guess_and_each_role_at_most_one_column(titles, samples):
    guesses = guess_columns(titles, samples)
    assert [guess.column for guess in guesses] == list(range(len(guesses)))
    given_roles = [role for role in roles(guesses) if role]
    assert len(given_roles) == len(set(given_roles))
    assert set(given_roles) <= set(ROLES)


def test_preview_shows_what_reading_does():
    found = preview(KASPI_TEXT.encode("cp1251"), "kaspi.csv", KASPI)
    assert (found.error, found.format, found.header_line, found.delimiter) == (None, "csv", 6, ";")
    assert (found.account, found.currency, found.opening) == ("KZ79722S000001674774", "KZT", 1000)
    assert [(row.line, row.outcome) for row in found.rows] == [
        (8, "skipped"),
        (9, "operation"),
        (11, "joined"),
        (12, "operation"),
        (13, "skipped"),
        (14, "skipped"),
    ]
    first = found.rows[1]
    cells = {cell.role: cell.value for cell in first.cells}
    assert (cells["date"], cells["credit"]) == (date(2026, 9, 14), Decimal("1500.50"))
    (statement,) = parse_statement(KASPI_TEXT.encode(), "kaspi.csv", KASPI)
    assert [row.transaction.amount for row in found.rows if row.transaction] == [
        line.amount for line in statement.transactions
    ]


def test_preview_names_the_problem_of_each_cell():
    text = "Дата;Дебет;Кредит\n31.02.2026;;5,00\n15.09.2026;12..34;\n16.09.2026;;1,00\n"
    found = preview(text.encode(), "a.csv")
    assert [(row.outcome, row.code) for row in found.rows] == [
        ("unread", "date_unreadable"),
        ("unread", "amount_unreadable"),
        ("operation", ""),
    ]
    assert [[cell.code for cell in row.cells if cell.code] for row in found.rows] == [
        ["date_unreadable"],
        ["amount_unreadable"],
        [],
    ]


def test_preview_of_undecided_dates_and_amounts_shows_no_value():
    found = preview(b"Date;Debit;Credit\n03/04/2026;;5.00\n", "a.csv")
    assert found.error.code == "date_order_undecided"
    assert found.rows[0].cells[0].value is None and found.rows[0].transaction is None
    chosen = preview(b"Date;Debit;Credit\n03/04/2026;;5.00\n", "a.csv", Profile(date_order="mdy"))
    assert (chosen.error, chosen.rows[0].cells[0].value) == (None, date(2026, 3, 4))
    amounts = preview("Дата;Дебет;Кредит\n15.09.2026;;1.234\n".encode(), "a.csv")
    assert (amounts.error.code, amounts.error.line) == ("amount_ambiguous", 2)
    assert amounts.rows[0].cells[2].value is None


def test_preview_without_a_header_offers_the_row_that_looks_like_one():
    text = (
        "Выписка;;\nBuchungstag;Betrag in EUR;Verwendung\n03.08.2026;-5,00;Miete der Halle im August 2026\n"
    )
    text += "04.08.2026;7,50;Zahlung zur Rechnung 12\n"
    found = preview(text.encode(), "a.csv")
    assert (found.error.code, [row.outcome for row in found.rows]) == ("header_not_found", ["raw", "raw"])
    assert [guess.title for guess in found.columns] == ["Buchungstag", "Betrag in EUR", "Verwendung"]
    assert roles(found.columns) == ["date", "amount", "purpose"]
    profile = Profile(columns={guess.role: (guess.title,) for guess in found.columns})
    (statement,) = parse_statement(text.encode(), "a.csv", profile)
    assert [line.amount for line in statement.transactions] == [-5, Decimal("7.50")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\x01\x02\x03\x04\x05\x06", "unknown_format"),
        ("1CClientBankExchange\nВерсияФормата=1.01\n".encode(), "not_a_table"),
        (b"PK\x03\x04broken", "archive_broken"),
        (b"a;b\nc;d\n", "header_not_found"),
    ],
)
def test_preview_never_raises(data, code):
    assert preview(data, "x").error.code == code


@given(st.binary(max_size=400), st.booleans())
def test_preview_and_reading_agree_on_refusal(noise, behind):
    text = "Дата;Дебет;Кредит\n15.09.2026;;5,00\n".encode()
    data = text + noise if behind else noise + text
    found = preview(data, "x.csv", rows=10_000)
    try:
        parse_statement(data, "x.csv")
        code = ""
    except StatementFormatError as error:
        code = error.code
    assert (found.error.code if found.error else "") in (code, "not_a_table")


def test_limits_hold_for_the_preview():
    assert preview(b"a;b\n" * 50, "x", limits=Limits(lines=10)).error.code == "too_many_lines"
