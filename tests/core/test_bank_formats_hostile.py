"""Files made to keep a reader busy: work must not grow with the square of their size.

No measure of time: a reader that is quadratic needs hours here, and the guard then ends the process.
"""

import pytest
from test_bank_formats_mutations import guard

from core.bank_formats import parse_statement

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
