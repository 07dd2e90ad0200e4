"""Files made to keep a reader busy: work must not grow with the square of their size.

No measure of time: a reader that is quadratic needs hours here, and the guard then ends the process.
"""

import pytest
from test_bank_formats_mutations import guard

from core.bank_formats import StatementFormatError, parse_statement

ENTRY = (
    '<Ntry><Amt Ccy="KZT">20000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-01</Dt>'
    "</BookgDt><NtryDtls>%s</NtryDtls>%s</Ntry>"
)
CAMT = "<Document><BkToCstmrStmt><Stmt><Id>1</Id>%s</Stmt></BkToCstmrStmt></Document>"
DETAILS = '<TxDtls><Amt Ccy="KZT">1</Amt></TxDtls>' * 20_000
SECTION = "СекцияРасчСчет\nРасчСчет=KZ%d\nКонецРасчСчет\n"
TRANSFER = (
    "СекцияДокумент=x\nПлательщикИИК=KZ1\nПолучательИИК=KZ2\n"
    "Сумма=%d\nДатаОперации=01.01.2026\nКонецДокумента\n"
)
HEAD = "1CClientBankExchange\n"


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        (lambda: CAMT % (ENTRY % (DETAILS, "<X>a</X>" * 200_000)), 20_000),
        (lambda: HEAD + "".join(SECTION % i for i in range(24_000)) + "КонецФайла", 0),
        (lambda: HEAD + SECTION % 1 + SECTION % 2 + "".join(TRANSFER % i for i in range(1, 9000)), 17_998),
        (lambda: "".join(f":20:X\n:25:{i}\n:61:260101C1,00NTRF\n" for i in range(33_000)), 33_000),
        (lambda: ":20:X\n:25:1\n:61:260101C1,00NTRF\n:86:/REMI/" + "/" * 9_000_000, 1),
        (lambda: ":20:X\n:25:1\n" + (":61:260101C1,00NTRF\n:86:166" + "?20" * 2600 + "\n") * 2500, 2500),
        (lambda: ":20:X\n:25:1\n" + (":61:260101C" + "1," * 4000 + "\n") * 2500, 0),
        (
            lambda: "<OFX><STMTRS>" + "<STMTTRN><TRNAMT>1<DTPOSTED>20260101<FITID>1" * 90_000 + "</OFX>",
            90_000,
        ),
        (lambda: "<OFX>" + "<A" * 9_000_000 + "<STMTTRN><TRNAMT>1<DTPOSTED>20260101</OFX>", 1),
        (lambda: "<OFX><![CDATA[" * 1_300_000 + "<STMTTRN><TRNAMT>1<DTPOSTED>20260101</OFX>", 1),
        (lambda: "!Type:Bank\n" + "D15/09/2026\nT5\nEx\n^\n" * 24_000, 24_000),
        (lambda: "!Type:Bank\nD15/09/2026\nT5\n" + "Ex\n" * 90_000 + "^\n", 1),
        (lambda: "Дата;Дебет;Кредит\n" + "15.09.2026;;5\n" * 90_000, 90_000),
        (lambda: "Дата;Дебет;Кредит;Назначение\n15.09.2026;;5;x\n" + ";;;yy\n" * 90_000, 1),
    ],
    ids=[
        *("camt-details", "1c-accounts", "1c-transfers", "mt940-accounts", "mt940-slashes"),
        *("mt940-subfields", "mt940-amounts", "ofx-operations", "ofx-tags", "ofx-cdata"),
        *("qif-records", "qif-memos", "csv-rows", "csv-purpose"),
    ],
)
def test_work_does_not_grow_with_the_square(make, lines):
    with guard():
        statements = parse_statement(make().encode(), "hostile")
    assert sum(len(statement.transactions) for statement in statements) == lines


# --- nobody's amounts, nobody's tables ---------------------------------------
HUGE = "9" * 5_000_000
NUMBERS = {
    "1c": HEAD + SECTION % 1 + TRANSFER.replace("ПолучательИИК=KZ2", "ПолучательИИК=KZ9").replace("%d", "{}"),
    "camt": CAMT % (ENTRY % ("", "")).replace("20000", "{}"),
    "mt940": ":20:X\n:25:1\n:61:260101C{},00NTRF\n",
    "ofx": "<OFX><STMTRS><STMTTRN><TRNAMT>{}<DTPOSTED>20260101<FITID>1</STMTTRN></STMTRS></OFX>",
    "qif": "!Type:Bank\nD15/09/2026\nT{}\n^\n",
    "csv": "Дата;Дебет;Кредит;Назначение\n15.09.2026;;{};x\n",
    "html": "<table><tr><td>Дата<td>Дебет<td>Кредит<tr><td>15.09.2026<td><td>{}</table>",
}


@pytest.mark.parametrize("code", NUMBERS)
@pytest.mark.parametrize("number", [HUGE, "1" + "0" * 30, "1e999999999", "-" * 5_000_000, "1," * 2_500_000])
def test_number_that_fills_the_file_is_no_amount(code, number):
    with guard():
        try:
            statements = parse_statement(NUMBERS[code].format(number).encode(), "hostile")
        except StatementFormatError as error:
            assert error.code
            return
    assert not any(statement.transactions for statement in statements)
    assert all(statement.incomplete for statement in statements)
    # What is shown of it has room on a screen.
    assert all(
        len(str(unread.params)) + len(unread.text) < 2000 for one in statements for unread in one.unread
    )


@pytest.mark.parametrize("number", ["12", "12.50"])
@pytest.mark.parametrize("code", NUMBERS)
def test_number_that_is_one_is_read_there(code, number):
    if code == "mt940":
        number = "12"
    (statement,) = parse_statement(NUMBERS[code].format(number).encode(), "hostile")
    assert [abs(float(line.amount)) for line in statement.transactions] == [float(number)]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_table_of_a_million_columns_is_refused(mark):
    rows = [
        mark.join(["Дата", "Дебет", "Кредит"]),
        mark.join(["15.09.2026", "", "5"]),
        "x" + f"{mark}x" * 1_000_000,
    ]
    for text in ("\n".join(rows), "\n".join(reversed(rows)), rows[2]):
        with guard(), pytest.raises(StatementFormatError) as caught:
            parse_statement(text.encode(), "wide.csv")
        assert caught.value.code in ("too_many_columns", "unknown_format")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY a "b">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;]>',
        '<!DOCTYPE lol [<!ENTITY l "lol"><!ENTITY l2 "&l;&l;&l;&l;&l;&l;&l;&l;&l;&l;">]>',
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        CAMT % (ENTRY % ("", "<AddtlNtryInf>&a;</AddtlNtryInf>")),
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>',
    ],
    ids=["camt", "spreadsheetml"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
def test_document_types_are_refused(text, doctype, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    with guard(), pytest.raises(StatementFormatError) as caught:
        parse_statement(f"{head}\n{doctype}{text}".encode(encoding), "hostile.xml")
    assert caught.value.code == "xml_doctype"


def test_entities_of_ofx_are_text():
    """OFX is read by a tokenizer of ours: nothing is declared, nothing expands."""
    text = '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "b">]>' + NUMBERS["ofx"].format("5")
    (statement,) = parse_statement(text.replace("<FITID>1", "<FITID>1<MEMO>x &a; y").encode(), "a.ofx")
    assert [line.purpose for line in statement.transactions] == ["x &a; y"]
