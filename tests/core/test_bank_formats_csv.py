"""Delimited files: columns found by title, direction never guessed."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.bank_formats import HALYK, KASPI, Profile, StatementFormatError, parse_statement
from core.bank_formats.text import decimal_mark, parse_amount, parse_date

KASPI_TEXT = """\
Текущий счет: ;;KZ79722S000001674774
Валюта счета:;;KZT
Период:;;14.09.2026 - 15.09.2026
Входящий остаток:;;1 000,00
Исходящий остаток:;;2 460,50
№ документа;Дата операции;Дебет;Кредит;"Наименование бенефициара
/ отправителя денег";ИИК бенефициара / отправителя денег;БИК банка бенефициара (отправителя денег);КНП;\
Назначение платежа
1;2;3;4;5;6;7;8;9
17;14.09.2026 10:00:01;;1 500,50;"ТОО ""Альфа""
ИИН/БИН 200940008138";KZ698562203124676325;KCJBKZKX;710;Оплата по счету 12
;;;;;;;;и по счету 13
18;15.09.2026;40,00;;Kaspi Bank;;CASPKZKA;841;Комиссия
Итого обороты;;40,00;1 500,50;;;;;
Отчет сформирован 15.09.2026;;;;;;;;
"""


def read(text, profile=None, encoding="utf-8"):
    (statement,) = parse_statement(text.encode(encoding), "file.csv", profile)
    return statement


def error(text, profile=None):
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(text.encode(), "file.csv", profile)
    return caught.value


@pytest.mark.parametrize("profile", [None, KASPI])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "utf-8-sig"])
def test_kaspi_layout_with_head_and_footer(profile, encoding):
    statement = read(KASPI_TEXT, profile, encoding)
    first, second = statement.transactions
    assert (statement.account, statement.currency) == ("KZ79722S000001674774", "KZT")
    assert (statement.opening, statement.closing) == (1000, Decimal("2460.50"))
    assert (statement.date_from, statement.date_to) == (date(2026, 9, 14), date(2026, 9, 15))
    assert (first.amount, second.amount) == (Decimal("1500.50"), -40)
    assert (first.counterparty_name, first.counterparty_tax_id) == ('ТОО "Альфа"', "200940008138")
    assert first.purpose == "Оплата по счету 12 и по счету 13"
    assert (first.purpose_code, first.document_number, first.line) == ("710", "17", 9)
    assert not statement.incomplete


def test_halyk_layout():
    text = (
        "Дата,Номер документа,Дебет,Кредит,Контрагент,Детали платежа,НДС на\n"
        '15.09.2026,77,,"155,600.00",ТОО Бета,Оплата INV/2026/00012,\n'
        '16.09.2026,78,"1,200.00",,Банк,Комиссия,\n'
    )
    statement = read(text, HALYK)
    assert [t.amount for t in statement.transactions] == [155600, -1200]
    assert statement.transactions[0].counterparty_name == "ТОО Бета"
    assert read(text).transactions == statement.transactions


def test_signed_amount_column():
    statement = read("Date;Amount;Description\n2026-09-15;-10,5;fee\n2026-09-15;20,25;in\n")
    assert [t.amount for t in statement.transactions] == [Decimal("-10.5"), Decimal("20.25")]


def test_unsigned_amount_without_direction_is_refused():
    text = "Date;Amount;Description\n2026-09-15;10.50;a\n2026-09-15;20.25;b\n"
    assert (error(text).code, error(text).line) == ("amount_without_direction", 1)
    assert [t.amount for t in read(text, Profile(unsigned_amount="debit")).transactions] == [
        Decimal("-10.5"),
        Decimal("-20.25"),
    ]


def test_direction_column_by_its_words():
    statement = read(
        "Дата;Тип;Сумма;Назначение\n15.09.2026;Расход;10,50;а\n15.09.2026;Приход;7,00;б\n15.09.2026;?;1,00;в\n"
    )
    assert [t.amount for t in statement.transactions] == [Decimal("-10.5"), 7]
    assert [(u.code, u.line) for u in statement.unread] == [("direction_unknown", 4)]


def test_row_with_both_columns_filled_is_listed():
    statement = read("Дата;Дебет;Кредит;Назначение\n15.09.2026;1,00;2,00;а\n15.09.2026;1,00;;б\n")
    assert [u.code for u in statement.unread] == ["debit_and_credit"]
    assert statement.incomplete


def test_negative_debit_is_money_that_came_back():
    assert read("Дата;Дебет;Кредит\n15.09.2026;-5,00;\n15.09.2026;;1,00\n").transactions[0].amount == 5


def test_amount_and_date_that_cannot_be_read_are_listed_with_their_lines():
    statement = read(
        "Дата;Дебет;Кредит;Назначение\n15.09.2026;;12..34;а\n31.02.2026;;5,00;б\n15.09.2026;;1,00;в\n"
    )
    assert [(u.code, u.line) for u in statement.unread] == [("amount_unreadable", 2), ("date_unreadable", 3)]
    assert len(statement.transactions) == 1


def test_ambiguous_amounts_are_refused_unless_the_file_or_the_profile_tells():
    text = "Дата;Дебет;Кредит;Назначение\n15.09.2026;;1.234;а\n15.09.2026;2.500;;б\n"
    assert (error(text).code, error(text).line) == ("amount_ambiguous", 2)
    assert read(text, Profile(decimal=",")).transactions[0].amount == 1234
    assert read(text + "16.09.2026;;7,50;в\n").transactions[0].amount == 1234


def test_two_row_header():
    text = (
        "Дата;Номер;Обороты;;Назначение платежа\n;документа;Дебет;Кредит;\n15.09.2026;5;;100,00;Оплата\n"
        "16.09.2026;6;40,00;;Комиссия\n"
    )
    assert [t.amount for t in read(text).transactions] == [100, -40]


def test_month_first_dates_only_where_the_file_proves_them():
    text = "Date,Withdrawal,Deposit,Description\n{},,1.00,a\n08/04/2026,2.00,,b\n"
    assert read(text.format("08/17/2026")).transactions[1].date == date(2026, 8, 4)
    assert read(text.format("17/08/2026")).transactions[1].date == date(2026, 4, 8)
    assert read(text.replace("08/04", "04/04").format("05/05/2026")).transactions[1].date == date(2026, 4, 4)


def test_dates_that_can_be_read_in_two_ways_are_refused_unless_something_tells():
    text = "Date,Withdrawal,Deposit,Description\n08/09/2026,,1.00,a\n08/04/2026,2.00,,b\n"
    assert (error(text).code, error(text).line) == ("date_order_undecided", 2)
    assert read(text, Profile(date_order="dmy")).transactions[1].date == date(2026, 4, 8)
    assert read(text, Profile(date_order="mdy")).transactions[1].date == date(2026, 8, 4)
    assert read("Period:,01/04/2026 - 30/09/2026\n" + text).transactions[1].date == date(2026, 4, 8)
    both = text + "17/08/2026,1.00,,c\n08/17/2026,1.00,,d\n"
    assert error(both).code == "date_order_undecided", "a file that contradicts itself tells nothing"


def test_columns_that_only_begin_like_an_amount_are_none():
    rows = "15.09.2026;-1,00;-5,00;а\n16.09.2026;-1,00;6,00;б\n"
    assert error("Дата;Сумма НДС;Всего;Назначение\n" + rows).code == "header_not_found"
    for name in ("Сумма", "Сумма, тг", "Сумма в KZT", "Сумма платежа"):
        statement = read(f"Дата;Сумма НДС;{name};Назначение\n{rows}")
        assert [t.amount for t in statement.transactions] == [-5, 6]


def test_totals_below_are_compared():
    text = KASPI_TEXT.replace("Итого обороты;;40,00", "Итого операций;;1;1;;;;;\nИтого обороты;;40,01")
    assert [(w.code, w.params) for w in read(text).warnings if w.code.endswith("differ")] == [
        ("debits_differ", {"stated": "40.01", "computed": "40.00"})
    ]
    assert read(text).incomplete


def test_too_many_columns_are_refused_and_empty_ones_are_not_counted():
    wide = "Дата;Дебет;Кредит\n15.09.2026;;1,00" + ";" * 5000 + "{}\n"
    assert len(read(wide.format("")).transactions) == 1
    assert (error(wide.format("x")).code, error(wide.format("x")).line) == ("too_many_columns", 2)


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (
            "#;Номер заказа (ID/RRN);Дата операции;Сумма операции (т);Сумма к зачислению/ списанию (т)",
            "Kaspi Pay",
        ),
        ("№;Дата продажи;Srid;К перечислению Продавцу за реализованный Товар;Сумма", "Wildberries"),
        ("ID начисления;Дата начисления;Группа услуг;Тип начисления;Сумма итого, руб", "Ozon"),
    ],
)
def test_reports_of_marketplaces_are_no_statements(titles, name):
    caught = error(f"Отчёт;;;;\n{titles}\n1;2;15.09.2026;5,00;4,00\n")
    assert (caught.code, caught.line, caught.params) == ("marketplace_report", 2, {"marketplace": name})


def test_tax_id_that_a_spreadsheet_made_a_number_is_mended():
    head = "Дата;Дебет;Кредит;БИН;Назначение\n"
    text = head + "15.09.2026;;5,00;9.71240001315E11;а\n16.09.2026;1,00;;50140000123.0;б\n"
    assert [t.counterparty_tax_id for t in read(text).transactions] == ["971240001315", "050140000123"]


def test_missing_header_is_refused_by_name():
    assert error("foo;bar\n1;2\n3;4\n").code == "header_not_found"


def test_quote_that_never_closes_is_no_traceback():
    caught = error('Дата;Дебет;Кредит\n15.09.2026;"' + "x\n" * 80_000)
    assert caught.code in ("csv_broken", "header_not_found")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u202f567.8", "1234567.8"),
        ("1'234.50", "1234.50"),
        ("500,00-", "-500"),
        ("(500,00)", "-500"),
        ("\u2212 5", "-5"),
        ("1.234.567", "1234567"),
        ("1,234.56", "1234.56"),
        ("1.234,56 ₸", "1234.56"),
        ("250000,00 тг.", "250000"),
        ("0.125", "0.125"),
        ("$57.27", "57.27"),
    ],
)
def test_amounts(text, value):
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "150.00 980310001",
        "150 980.5 1",
        "1 5",
        "1234 567",
        "12 34,5",
        "1,2.3,4",
        "12..34",
        "1.23.456",
        "inf",
        "NaN",
        "１２",
        "10600-00",
        "0x1",
        "1\x0c500.25",
        "1\x1f50",
    ],
)
def test_no_amounts(text):
    with pytest.raises(ValueError):
        parse_amount(text)


def test_decimal_mark_needs_agreement():
    assert decimal_mark(["1.234", "5,50"]) == ","
    assert decimal_mark(["1.5", "5,50"]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "15.09.2026",
        "15.09.26",
        "15/09/2026",
        "2026-09-15",
        "20260915",
        "15.09.2026 21:03:05",
        "2026-09-15T01:02",
    ],
)
def test_dates(text):
    assert parse_date(text) == date(2026, 9, 15)


@pytest.mark.parametrize("text", ["", "2", "31.02.2026", "15.09.1826", "00.00.0000", "Итого"])
def test_no_dates(text):
    with pytest.raises(ValueError):
        parse_date(text)


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999999999"), places=2))
def test_amount_round_trip_in_every_spelling(amount):
    for text in (f"{amount:,.2f}", f"{amount:.2f}", f"{amount:,.2f}".replace(",", " ").replace(".", ",")):
        assert parse_amount(text) == amount


@given(st.data())
def test_a_damaged_file_is_read_or_refused_by_name(data):
    raw = bytearray(KASPI_TEXT.encode(data.draw(st.sampled_from(["utf-8", "cp1251"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        position = data.draw(st.integers(0, len(raw) - 1))
        raw[position : position + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
        if not raw:
            break
    with contextlib.suppress(StatementFormatError):
        parse_statement(bytes(raw), "damaged.csv")


def test_a_decimal_comma_in_more_rows_than_the_table_has_is_no_delimiter():
    text = "Дата\tДебет\tКредит\tНазначение\tКонтрагент\n01.02.2026\t\t1500,00\tоплата\tТОО\n"
    text += "Входящий остаток 0,00\n"
    text += "Исходящий остаток 1500,00\nИтого дебет 0,00\nИтого кредит 1500,00\n"
    (statement,) = parse_statement(text.encode(), "a.csv", profile=Profile(date_order="dmy"))
    assert [line.amount for line in statement.transactions] == [Decimal("1500.00")]
