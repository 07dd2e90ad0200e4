"""OFX of both kinds: the library first, repaired where it fails; what is written is read again."""

import io
import os
import warnings
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ofxparse import OfxParser
from writers import ofx, strategies

from core.bank_formats import Limits, StatementFormatError, parse_statement
from core.bank_formats.formats.ofx import operation

FOLDER = Path(os.environ.get("I2C_SAMPLES", "../shared/samples")) / "ofx"


def file(*operations, head="", tail="", end="</BANKTRANLIST></STMTRS></OFX>"):
    return (
        f"OFXHEADER:100\nDATA:OFXSGML\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><STMTRS><CURDEF>KZT{head}"
        f"<BANKACCTFROM><ACCTID>{strategies.OWN}</BANKACCTFROM><BANKTRANLIST>\n"
        + "\n".join(operations)
        + tail
        + end
    ).encode()


def line(amount="-5.00", day="20260915", fitid="<FITID>1\n", more="", end="</STMTTRN>"):
    return f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day}<TRNAMT>{amount}{fitid}<NAME>ТОО Альфа{more}{end}"


def read(data):
    (statement,) = parse_statement(data, "a.ofx")
    return statement


def only(data):
    (transaction,) = read(data).transactions
    return transaction


cyrillic = strategies.texts("абвгдежзЖШЩ ABCxyz0123456789№.,;:-/()<>&\"'=«»%")


@given(strategies.statements(ofx.FIELDS), st.sampled_from((1, 2)), st.sampled_from(("", "120000[-8:PST]")))
def test_round_trip(statement, version, zone):
    expected = replace(statement, opening=None)
    (found,) = parse_statement(ofx.write([statement], version, zone=zone))
    assert strategies.picked(found, ofx.FIELDS) == strategies.picked(expected, ofx.FIELDS)
    assert (found.date_from, found.date_to) == (statement.date_from, statement.date_to)
    assert not found.unread and not found.incomplete


def is_utf8(data):
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(strategies.statements(ofx.FIELDS, cyrillic), st.sampled_from(("cp1251", "cp866")))
def test_round_trip_in_cyrillic_code_pages(statement, encoding):
    shown = [
        replace(
            one,
            counterparty_name=one.counterparty_name.encode(encoding, "replace").decode(encoding),
            purpose=one.purpose.encode(encoding, "replace").decode(encoding),
        )
        for one in statement.transactions
    ]
    expected = replace(statement, opening=None, transactions=tuple(shown))
    data = ofx.write([expected], 1, encoding)
    # A handful of letters may be right UTF-8 as well («Ж«» is «ƫ»); then nothing tells the two apart.
    assume(data.isascii() or not is_utf8(data))
    (found,) = parse_statement(data)
    assert strategies.picked(found, ofx.FIELDS) == strategies.picked(expected, ofx.FIELDS)


def test_several_accounts_in_one_file():
    one = strategies.one(1, 100)
    other = strategies.one(2, 200, "KZ698562203124676325")
    found = parse_statement(ofx.write([one, other], 2))
    assert [(s.account, s.closing, len(s.transactions)) for s in found] == [
        (one.account, 110, 1),
        (other.account, 210, 1),
    ]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("-836.30", "-836.30"),
        ("+5.00", "5"),
        ("12,50", "12.50"),
        ("-1.234,56", "-1234.56"),
        ("1,234,567.00", "1234567"),
        ("1.234", "1.234"),
        ("500,00-", "-500"),
        (" 7 000,5 ", "7000.5"),
    ],
)
def test_amounts(text, amount):
    assert only(file(line(text))).amount == Decimal(amount)


def test_one_mark_before_three_digits_is_what_the_other_amounts_say():
    found = read(file(line("1,234"), line("-7.50"))).transactions
    assert [one.amount for one in found] == [1234, Decimal("-7.50")]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "null", ".", "1E5", "12..3", "1_000", "9" * 40])
def test_amounts_that_are_none_are_listed(text):
    statement = read(file(line(text), line("1.00")))
    assert ([u.code for u in statement.unread], len(statement.transactions)) == (["amount_unreadable"], 1)
    assert statement.incomplete


def test_empty_and_repeated_references():
    statement = read(
        file(line(fitid="<FITID>"), line(fitid=""), line(fitid="<FITID>7"), line(fitid="<FITID>7"))
    )
    assert [one.bank_reference for one in statement.transactions] == ["", "", "7", "7"]
    assert len({one.fingerprint for one in statement.transactions}) == 4
    assert [n.code for n in statement.warnings] == ["reference_repeated"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20260915", date(2026, 9, 15)),
        ("20260915233000[-8:PST]", date(2026, 9, 15)),
        ("20260915003000.000[5:KZ]", date(2026, 9, 15)),
        ("2026-09-15", date(2026, 9, 15)),
    ],
)
def test_the_day_is_the_one_that_the_bank_writes(text, day):
    assert only(file(line(day=text))).date == day


def test_a_day_that_is_none_is_replaced_by_the_users_or_listed():
    found = read(file(line(day="20260231", more="<DTUSER>20260302"), line(day="00000000"), line(day="")))
    assert [one.date for one in found.transactions] == [date(2026, 3, 2)]
    assert [n.code for n in found.warnings] == ["date_ignored"]
    assert [u.code for u in found.unread] == ["date_unreadable", "date_unreadable"]


def test_what_the_library_drops_is_there():
    more = (
        "<EXTDNAME>ТОО Альфа и партнеры<BANKACCTTO><BANKID>KCJBKZKX<ACCTID>KZ698562203124676325</BANKACCTTO>"
        "<MEMO>Счет 12 & 13 &lt;аванс&gt; AT&T<CHKNUM>77<CURRENCY><CURRATE>1<CURSYM>USD</CURRENCY>"
    )
    found = only(file(line(more=more)))
    assert (found.counterparty_name, found.document_number) == ("ТОО Альфа и партнеры", "77")
    assert (found.counterparty_account, found.counterparty_bank) == ("KZ698562203124676325", "KCJBKZKX")
    assert (found.purpose, found.currency) == ("Счет 12 & 13 <аванс> AT&T", "USD")
    payee = "<STMTTRN><TRNTYPE>OTHER<DTPOSTED>20260915<TRNAMT>1<PAYEE><NAME>ИП Бета</PAYEE></STMTTRN>"
    assert only(file(payee)).counterparty_name == "ИП Бета"


def test_aggregates_without_an_end():
    data = file(
        line(end=""), line("7", end=""), tail="<LEDGERBAL><BALAMT>12<DTASOF>20260915", end="</STMTRS></OFX>"
    )
    statement = read(data)
    assert ([one.amount for one in statement.transactions], statement.closing) == ([-5, 7], 12)
    assert read(file(line("1"), end="")).transactions[0].amount == 1


def test_an_operation_in_which_the_file_ends_is_listed():
    whole = file(line("10.00"), line("-1836.30"))
    cut = whole[: whole.index(b"-1836.30") + 4]
    statement = read(cut)
    assert [one.amount for one in statement.transactions] == [10]
    assert [u.code for u in statement.unread] == ["operation_cut_off"]
    assert "end_of_file_missing" in [n.code for n in statement.warnings]


def test_debits_without_any_minus_are_not_taken_for_money_received():
    debit = line("5.00").replace("OTHER", "DEBIT")
    statement = read(file(debit, line("7.00")))
    assert [one.amount for one in statement.transactions] == [7]
    assert [u.code for u in statement.unread] == ["direction_contradicts_kind"]
    assert len(read(file(debit, line("-7.00"))).transactions) == 2


def test_investments_are_named():
    invest = (
        "<INVSTMTRS><INVACCTFROM><ACCTID>99</INVACCTFROM><INVTRANLIST><INVBANKTRAN>" + line() + "</INVSTMTRS>"
    )
    with pytest.raises(StatementFormatError, match="investment_account"):
        parse_statement(f"<OFX>{invest}</OFX>".encode())
    statement = read(file(line(), end=f"</BANKTRANLIST></STMTRS>{invest}</OFX>"))
    assert len(statement.transactions) == 1
    assert [(n.code, n.params) for n in statement.warnings] == [("investment_ignored", {"account": "99"})]


def test_an_error_of_the_bank_is_told():
    text = "<OFX><SONRS><STATUS><CODE>15500<SEVERITY>ERROR<MESSAGE>Wrong password</STATUS></SONRS></OFX>"
    with pytest.raises(StatementFormatError) as caught:
        parse_statement(text.encode())
    assert (caught.value.code, caught.value.params) == ("bank_reported_error", {"text": "Wrong password"})


def test_more_operations_than_lines_are_refused():
    with pytest.raises(StatementFormatError, match="too_many_lines"):
        parse_statement(file(*[line()] * 30).replace(b"\n", b""), limits=Limits(lines=20))


def test_the_library_reads_first(monkeypatch):
    """Without it the repair path reads the same: neither decides about money on its own."""
    data = file(line("-5.00"), line("12,50", fitid="<FITID>2\n"))
    expected = read(data).transactions
    calls = []

    def failing(element):
        calls.append(element)
        raise operation.OfxParserException("no")

    monkeypatch.setattr(operation.OfxParser, "parseTransaction", failing)
    assert read(data).transactions == expected
    assert len(calls) == 2


@pytest.mark.skipif(not FOLDER.is_dir(), reason="no sample files beside this repository")
def test_the_library_finds_the_same_operations_in_every_sample_that_it_can_read():
    compared = 0
    for path in sorted(FOLDER.iterdir()):
        data = path.read_bytes()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = OfxParser.parse(io.BytesIO(data))
        except Exception:
            continue
        accounts = [account for account in theirs.accounts if hasattr(account.statement, "transactions")]
        expected = sorted(
            one.amount for each in accounts if each.type != 3 for one in each.statement.transactions
        )
        try:
            ours = [one for statement in parse_statement(data) for one in statement.transactions]
        except StatementFormatError:
            ours = []
        assert sorted(one.amount for one in ours) == expected, path.name
        compared += bool(expected)
    assert compared > 20
