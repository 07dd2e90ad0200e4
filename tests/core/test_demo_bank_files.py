"""What `demo.bank_files` writes, `core.bank_formats` reads: the same lines, balances and directions."""

from datetime import date
from decimal import Decimal

import pytest

from core.bank_formats import parse_statement
from demo.bank_files import BankLine, BankStatement, csv_statement, kaspi_1c

DAY = date(2026, 11, 21)
OWN = "KZ79722S000001674774"


def line(amount, purpose, **facts):
    values = {
        "number": "17",
        "date": DAY,
        "amount": Decimal(amount),
        "name": "ТОО «Іле Құрылыс»",
        "tax_id": "971240001315",
        "account": "KZ698562203124676325",
        "kbe": "17",
        "knp": "710",
        "purpose": purpose,
    }
    return BankLine(**{**values, **facts})


@pytest.fixture
def statement():
    return BankStatement(
        account=OWN,
        owner="ТОО «АлатауСтройСнаб»",
        owner_tax_id="220840049859",
        date_from=DAY,
        date_to=DAY,
        opening=Decimal("1000.50"),
        lines=(
            line("125430.25", "Оплата по счету № INV/2026/00012 от 03.11.2026 за стройматериалы"),
            line("99.00", 'оплата "К4ТМХ9В"; за гипс', number="18", tax_id="", account=""),
            line("-1250.00", "Комиссия за переводы", number="19"),
        ),
    )


def test_balances_follow_from_the_lines(statement):
    assert statement.credited == Decimal("125529.25")
    assert statement.debited == Decimal("1250.00")
    assert statement.closing == Decimal("125279.75")


def test_the_kaspi_file_has_the_habits_of_kaspi(statement):
    data = kaspi_1c(statement)
    text = data.decode("utf-8")
    assert text.startswith("1CClientBankExchange\r\nВерсияФормата=1.01\r\nКодировка=Windows\r\n")
    assert text.count("\n") == text.count("\r\n")
    assert "СуммаПриход=125430.25" in text and "СуммаРасход=1250.00" in text
    assert "\r\nСумма=" not in text
    assert "КонечныйОстаток=125279.75" in text
    # Our own account receives what comes in and pays what goes out.
    incoming, _second, outgoing = text.split("СекцияДокумент=выписка")[1:]
    assert f"ПолучательИИК={OWN}" in incoming and f"ПлательщикИИК={OWN}" in outgoing


def test_the_kaspi_file_reads_back(statement):
    [read] = parse_statement(kaspi_1c(statement), filename="kaspi.txt")
    assert read.account == OWN
    assert (read.opening, read.closing) == (statement.opening, statement.closing)
    assert not read.incomplete and not read.unread and not read.warnings
    assert [
        (t.date, t.amount, t.counterparty_tax_id, t.counterparty_account, t.purpose, t.purpose_code)
        for t in read.transactions
    ] == [(row.date, row.amount, row.tax_id, row.account, row.purpose, row.knp) for row in statement.lines]
    assert read.transactions[0].counterparty_name == "ТОО «Іле Құрылыс»"


def test_the_csv_file_reads_back(statement):
    data = csv_statement(statement)
    assert data.decode("cp1251").startswith("Дата;Номер документа;Дебет;Кредит;")
    [read] = parse_statement(data, filename="halyk.csv")
    assert [
        (t.date, t.amount, t.counterparty_tax_id, t.counterparty_account, t.purpose, t.purpose_code)
        for t in read.transactions
    ] == [(row.date, row.amount, row.tax_id, row.account, row.purpose, row.knp) for row in statement.lines]
    assert not read.unread


def test_kazakh_letters_survive_in_the_csv_as_their_russian_cousins(statement):
    [read] = parse_statement(csv_statement(statement), filename="halyk.csv")
    assert read.transactions[0].counterparty_name == "ТОО «Іле Курылыс»"
