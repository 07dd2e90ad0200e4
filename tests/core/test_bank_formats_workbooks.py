"""Workbooks and HTML tables: what is written is read again, field by field; hostile ones are refused."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from test_bank_formats_mutations import guard
from writers import delimited, strategies, workbook

from core.bank_formats import Limits, StatementFormatError, parse_statement

written = strategies.statements(delimited.FIELDS)


def kept(statements, expected):
    found = [strategies.picked(one, delimited.FIELDS) for one in statements]
    assert found == [strategies.picked(one, delimited.FIELDS) for one in expected]
    assert not any(one.incomplete for one in statements)


def refused(data, limits=None):
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(data, "book.xls", limits=limits)
    return caught.value


@given(
    strategies.statements(delimited.FIELDS),
    st.sampled_from(";,\t|"),
    st.sampled_from(".,"),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    st.sampled_from(("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%Y 10:15:00")),
)
def test_delimited_round_trip(statement, delimiter, decimal, encoding, day):
    data = delimited.write(statement, delimiter, decimal, encoding=encoding, day=day)
    kept(parse_statement(data, "a.csv"), [statement])


@given(written, st.booleans(), st.booleans())
def test_xlsx_round_trip(statement, texts, date1904):
    kept(parse_statement(workbook.xlsx([statement], texts=texts, date1904=date1904)), [statement])


@given(written)
def test_xls_round_trip(statement):
    kept(parse_statement(workbook.xls([statement])), [statement])


@given(written)
def test_spreadsheetml_round_trip(statement):
    kept(parse_statement(workbook.spreadsheetml([statement])), [statement])


@given(written)
def test_html_round_trip(statement):
    kept(parse_statement(workbook.html(statement)), [statement])


@pytest.mark.parametrize("write", [workbook.xlsx, workbook.xls, workbook.spreadsheetml])
def test_sheets_of_one_account_go_on_and_others_are_statements_of_their_own(write):
    def month(number, opening, account=strategies.OWN):
        return strategies.one(number, opening, account)

    books = [month(1, 100), month(2, 110), month(1, 5, "KZ698562203124676325")]
    first, second = parse_statement(write(books))
    assert (first.opening, first.closing, len(first.transactions)) == (100, 120, 2)
    assert (second.account, second.closing) == ("KZ698562203124676325", 15)


def sheet(cells, date1904=False, formats=()):
    """A workbook of one sheet: rows of Python values; `formats`: column -> number format."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date1904})
    page = book.add_worksheet("Лист")
    styles = {column: book.add_format({"num_format": text}) for column, text in formats}
    for number, row in enumerate(cells):
        for column, value in enumerate(row):
            page.write(number, column, value, styles.get(column))
    book.close()
    return buffer.getvalue()


HEAD = ("Дата", "Дебет", "Кредит", "БИН", "Назначение")


def test_numbers_are_days_only_where_they_can_be():
    cells = [HEAD, (1, 2, 3, 4, 5), (46280, None, 7.5, 50140000123, "а"), (2, None, 1, "", "б")]
    (statement,) = parse_statement(sheet(cells))
    assert [(t.date, t.amount) for t in statement.transactions] == [(date(2026, 9, 15), Decimal("7.5"))]
    assert statement.transactions[0].counterparty_tax_id == "050140000123"
    assert [(u.code, u.line) for u in statement.unread] == [("date_unreadable", 4)]
    (other,) = parse_statement(sheet(cells, date1904=True))
    assert other.transactions[0].date == date(2030, 9, 16)


def test_a_number_cell_is_never_ambiguous_and_loses_the_noise_of_fractions():
    (statement,) = parse_statement(sheet([HEAD, ("15.09.2026", None, 1.234), ("15.09.2026", 0.1 + 0.2)]))
    assert [t.amount for t in statement.transactions] == [Decimal("1.234"), Decimal("-0.3")]


def test_a_formula_without_a_stored_value_is_listed():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ("15.09.2026", None, 5))
    page.write(2, 0, "16.09.2026")
    page.write_formula(2, 2, "=C2*2", None, 10)
    page.write(3, 0, "17.09.2026")
    page.write_formula(3, 2, "=1/0", None, "#DIV/0!")
    book.close()
    (statement,) = parse_statement(buffer.getvalue())
    assert [t.amount for t in statement.transactions] == [5, 10]
    assert [(u.code, u.line) for u in statement.unread] == [("amount_unreadable", 4)]


def test_sheets_without_a_header_are_named():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet("Пустой")
    book.add_worksheet("Справка").write(0, 0, "текст")
    page = book.add_worksheet("Выписка")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ("15.09.2026", None, 5))
    book.close()
    (statement,) = parse_statement(buffer.getvalue())
    assert [(n.code, n.params) for n in statement.warnings] == [("sheet_ignored", {"sheet": "Справка"})]


def test_merged_cells_of_html():
    data = (
        "<table><tr><td rowspan=2>Дата<td colspan='2'>Обороты<td rowspan=2>Назначение</tr>"
        "<tr><td>Дебет<td>Кредит</tr><tr><td>03.08.2026<td><td>5,00<td>аренда<br>за август"
        "<tr><td>04.08.2026<td>1,00<td><td>a &lt;b&gt; <script>x()</script></table>"
    )
    (statement,) = parse_statement(data.encode())
    assert [(t.amount, t.purpose) for t in statement.transactions] == [(5, "аренда за август"), (-1, "a <b>")]


def replaced(data, name, content):
    """The workbook with another member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == name else old.read(info))
    return buffer.getvalue()


BOOK = sheet([HEAD, ("15.09.2026", None, 5)])
SHEET = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_sheet(rows):
    return replaced(BOOK, SHEET, f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>')


def test_a_workbook_larger_than_allowed_is_refused_before_it_is_unpacked():
    bomb = replaced(BOOK, "docProps/app.xml", b"0" * 5_000_000)
    assert refused(bomb, Limits(unpacked_bytes=4_000_000)).code == "archive_too_large"


def test_a_workbook_with_a_document_type_is_refused():
    text = f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="{SPACE}"/>'
    for encoding in ("utf-8", "utf-16"):
        assert refused(replaced(BOOK, SHEET, text.encode(encoding))).code == "xml_doctype"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>', "too_many_lines"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        ("".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(1, 9000)), "too_many_columns"),
        ("<row><c><v>1</v></c></row>" * 100_001, "too_many_lines"),
        (f"<row><c><v>{'9' * 100_000}</v></c></row>", "workbook_broken"),
        (f"<row><c><v>1{'0' * 4000}</v></c></row>", "header_not_found"),
        ("<row><c><v>1e999</v></c></row>", "header_not_found"),
        ("<row", "workbook_broken"),
    ],
    ids=["gap", "wide", "wide-empty", "long", "digits", "large", "infinite", "cut"],
)
def test_hostile_sheets_are_refused_by_name(rows, code):
    with guard():
        assert refused(with_sheet(rows)).code == code


def test_other_things_in_an_archive_or_a_container_are_refused_by_name():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert (refused(buffer.getvalue()).code, refused(buffer.getvalue()).params["format"]) == (
        "not_supported_yet",
        "OpenDocument",
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert refused(ole + b"\x00" * 2000).code == "workbook_broken"
    assert refused(ole + "EncryptedPackage".encode("utf-16-le") * 40).code == "workbook_encrypted"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<table>" + "<tr><td>1" * 100_001, "too_many_lines"),
        ("<table><tr>" + "<td>1" * 501, "too_many_columns"),
        ("<table><tr><td colspan=9999999>1<td>2", "too_many_columns"),
        ("<table><tr>" + "<td rowspan=9999999 colspan=9999999>" * 3000, "header_not_found"),
        ("<table><tr><td>" * 50_000, "header_not_found"),
        ("<table>" + "<b>" * 4_000_001, "xml_too_large"),
        ("<html>", "header_not_found"),
    ],
)
def test_hostile_html_is_refused_by_name(data, code):
    with guard():
        assert refused(data.encode()).code == code


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<Row ss:Index="99999999"><Cell><Data>1</Data></Cell></Row>', "too_many_lines"),
        ('<Row><Cell ss:Index="99999999"><Data>1</Data></Cell></Row>', "too_many_columns"),
        ('<Row><Cell ss:MergeAcross="99999999"/><Cell><Data>1</Data></Cell></Row>', "too_many_columns"),
        ('<Row><Cell><Data ss:Type="Number">1e999999</Data></Cell></Row>', "header_not_found"),
    ],
)
def test_hostile_spreadsheetml_is_refused_by_name(rows, code):
    text = workbook.spreadsheetml([]).decode().replace("</Workbook>", "<Worksheet><Table>")
    assert refused(f"{text}{rows}</Table></Worksheet></Workbook>".encode()).code == code


@given(st.data())
def test_damaged_xls_is_read_or_refused_by_name(data):
    raw = bytearray(XLS)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(8, len(raw) - 1))
        raw[place : place + 1] = data.draw(st.binary(min_size=1, max_size=3))
    try:
        parse_statement(bytes(raw), "damaged.xls")
    except StatementFormatError as error:
        assert error.code


def old_book():
    book = xlwt.Workbook()
    page = book.add_sheet("1")
    for number, row in enumerate([HEAD, ("15.09.2026", None, 5.5, "", "оплата"), ("16.09.2026", 1)]):
        for column, value in enumerate(row):
            page.write(number, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


XLS = old_book()
