"""camt.052, .053 and .054: every version, batches, pending entries, pages, hostile XML."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers import camt, strategies

from core.bank_formats import Limits, Statement, StatementFormatError, Transaction, parse_statement

OWN, PAYER = strategies.OWN, strategies.OTHERS[0]
DAY = date(2026, 9, 15)
LINE = Transaction(
    date=DAY,
    amount=Decimal("1500.50"),
    line=0,
    value_date=date(2026, 9, 16),
    currency="KZT",
    counterparty_name='ТОО "Альфа" & Ко',
    counterparty_tax_id="200940008138",
    counterparty_account=PAYER,
    counterparty_bank="KCJBKZKX",
    ultimate_name="ИП Берик",
    ultimate_tax_id="850101300123",
    purpose="Оплата по счету 12",
    purpose_code="710",
    document_number="17",
    bank_reference="AAAA-0001",
    end_to_end="E2E-1",
)
STATEMENT = Statement(
    format="",
    account=OWN,
    currency="KZT",
    date_from=DAY,
    date_to=DAY,
    opening=Decimal(100),
    closing=Decimal("1600.50"),
    transactions=(LINE,),
)


def read(data, **kwargs):
    return parse_statement(data, "camt.xml", **kwargs)


def error(data, **kwargs):
    with pytest.raises(StatementFormatError) as caught:
        read(data, **kwargs)
    assert caught.value.filename == "camt.xml"
    return caught.value


def codes(statement):
    return [notice.code for notice in statement.warnings]


def with_entry(xml, message="053", statement=STATEMENT, **kwargs):
    """One statement whose entries are the given XML."""
    return read(camt.document(camt.block(statement, 8, message, xml), message=message, **kwargs))


def ntry(amount="1500.50", direction="CRDT", status="<Sts><Cd>BOOK</Cd></Sts>", rest="", currency="KZT"):
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2026-09-15</Dt></BookgDt>{rest}</Ntry>"
    )


def detail(amount, text, direction="", currency="KZT"):
    sign = f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else ""
    money = f'<Amt Ccy="{currency}">{amount}</Amt>{sign}' if amount else ""
    return f"<TxDtls>{money}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"


@pytest.mark.parametrize("message", ["052", "053", "054"])
@pytest.mark.parametrize("version", [2, 3, 4, 6, 7, 8, 10])
def test_every_version_is_read_with_all_its_fields(message, version):
    (statement,) = read(camt.write([STATEMENT], version, message))
    assert strategies.picked(statement, camt.FIELDS) == strategies.picked(STATEMENT, camt.FIELDS)
    assert (statement.date_from, statement.date_to) == (DAY, DAY)
    assert not statement.warnings
    assert not statement.incomplete


@pytest.mark.parametrize("own", [OWN, "40702810801500116391"])
@given(st.data())
def test_what_is_written_is_read_again(own, data):
    written = data.draw(strategies.statements(camt.FIELDS, account=own))
    version = data.draw(st.sampled_from([2, 4, 8, 10]))
    (statement,) = read(camt.write([written], version))
    assert strategies.picked(statement, camt.FIELDS) == strategies.picked(written, camt.FIELDS)
    assert not statement.incomplete


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "iso-8859-5", "koi8-r"])
def test_declared_encodings(encoding):
    plain = replace(LINE, purpose="Оплата счета")
    (statement,) = read(camt.write([replace(STATEMENT, transactions=(plain,))], encoding=encoding))
    assert statement.transactions[0].purpose == "Оплата счета"


def test_prefixed_and_missing_namespaces():
    data = camt.write([STATEMENT])
    prefixed = data.replace(b"</", b"<@").replace(b"<", b"<ns0:").replace(b"<ns0:@", b"</ns0:")
    prefixed = prefixed.replace(b"<ns0:?xml", b"<?xml").replace(b" xmlns=", b" xmlns:ns0=")
    for file in (prefixed, camt.document(camt.block(STATEMENT, 8, "053"), namespace=False)):
        (statement,) = read(file)
        assert strategies.picked(statement, camt.FIELDS) == strategies.picked(STATEMENT, camt.FIELDS)


# --- entries ---------------------------------------------------------------
def test_only_booked_entries_are_imported_and_the_others_named():
    xml = ntry() + ntry("7", status="<Sts>PDNG</Sts>") + ntry("8", status="<Sts><Cd>INFO</Cd></Sts>")
    (statement,) = with_entry(xml)
    assert [line.amount for line in statement.transactions] == [Decimal("1500.50")]
    assert [n.params["status"] for n in statement.warnings if n.code == "not_booked"] == ["PDNG", "INFO"]
    assert not statement.incomplete


def test_entry_without_a_status_is_booked_in_a_statement_and_listed_in_a_report():
    (statement,) = with_entry(ntry(status=""))
    assert len(statement.transactions) == 1
    (report,) = with_entry(ntry(status=""), message="052")
    assert [unread.code for unread in report.unread] == ["status_missing"]


@pytest.mark.parametrize(
    ("amount", "direction", "code"),
    [
        ("abc", "CRDT", "amount_unreadable"),
        ("1,2,3.4.5", "CRDT", "amount_unreadable"),
        ("", "CRDT", "amount_missing"),
        ("-5", "CRDT", "negative_amount"),
        ("5", "XXXX", "direction_unknown"),
        ("5", "", "direction_unknown"),
        ("9" * 31, "CRDT", "amount_unreadable"),
    ],
)
def test_amount_or_direction_that_cannot_be_read_is_listed(amount, direction, code):
    (statement,) = with_entry(ntry() + ntry(amount, direction))
    assert len(statement.transactions) == 1
    assert [unread.code for unread in statement.unread] == [code]
    assert statement.unread[0].line > 1
    assert statement.incomplete


def test_reversal_keeps_the_sign_and_finds_the_other_side():
    """A credit that was taken back is a debit whose debtor is still the customer."""
    sides = (
        f"<RvslInd>true</RvslInd><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Customer</Nm></Dbtr><DbtrAcct><Id>"
        f"<IBAN>{PAYER}</IBAN></Id></DbtrAcct><Cdtr><Nm>We</Nm></Cdtr><CdtrAcct><Id><IBAN>{OWN}</IBAN></Id>"
        "</CdtrAcct></RltdPties></TxDtls></NtryDtls>"
    )
    (statement,) = with_entry(ntry("5", "DBIT", rest=sides))
    (line,) = statement.transactions
    assert (line.amount, line.reversal) == (-5, True)
    assert (line.counterparty_name, line.counterparty_account) == ("Customer", PAYER)


@pytest.mark.parametrize(
    ("dates", "expected", "code"),
    [
        ("<ValDt><Dt>2026-09-14</Dt></ValDt>", date(2026, 9, 14), None),
        ("<BookgDt><DtTm>2026-09-13T23:59:59+05:00</DtTm></BookgDt>", date(2026, 9, 13), None),
        (
            "<BookgDt><Dt>2026-02-30</Dt></BookgDt><ValDt><Dt>2026-02-28</Dt></ValDt>",
            date(2026, 2, 28),
            "date_ignored",
        ),
        ("", DAY, "date_assumed"),
    ],
)
def test_booking_day_is_taken_from_what_there_is(dates, expected, code):
    xml = ntry().replace("<BookgDt><Dt>2026-09-15</Dt></BookgDt>", dates)
    (statement,) = with_entry(xml)
    assert statement.transactions[0].date == expected
    assert (code in codes(statement)) if code else not statement.warnings


def test_zero_entries_are_counted():
    (statement,) = with_entry(ntry() + ntry("0.00"))
    assert len(statement.transactions) == 1
    assert codes(statement) == ["zero_lines"]


def test_remittance_free_and_structured():
    rest = (
        "<NtryDtls><TxDtls><RmtInf><Ustrd>Оплата</Ustrd><Ustrd>счета 12</Ustrd><Strd><RfrdDocInf><Nb>12</Nb>"
        "</RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>"
        "<AddtlNtryInf>Incoming transfer</AddtlNtryInf>"
    )
    (statement,) = with_entry(ntry(rest=rest))
    assert statement.transactions[0].purpose == "Оплата счета 12 RF18539007547034"
    assert ("AddtlNtryInf", "Incoming transfer") in statement.transactions[0].raw
    (statement,) = with_entry(ntry(rest="<AddtlNtryInf>Bank fee</AddtlNtryInf>"))
    assert statement.transactions[0].purpose == "Bank fee"


def test_charges_are_kept_as_the_bank_wrote_them():
    rest = '<Chrgs><Rcrd><Amt Ccy="KZT">2.00</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>'
    (statement,) = with_entry(ntry(rest=rest))
    raw = dict(statement.transactions[0].raw)
    assert (raw["Chrgs/Rcrd/Amt"], raw["Chrgs/Rcrd/Amt/@Ccy"]) == ("2.00", "KZT")


def test_references_that_mean_none_are_none():
    rest = "<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls></NtryDtls>"
    (statement,) = with_entry(ntry(rest=f"<NtryRef>1</NtryRef><AcctSvcrRef>NONREF</AcctSvcrRef>{rest}"))
    (line,) = statement.transactions
    assert (line.end_to_end, line.bank_reference) == ("", "")


# --- batches ---------------------------------------------------------------
def batch(*details):
    return f"<NtryDtls><Btch><NbOfTxs>{len(details)}</NbOfTxs></Btch>{''.join(details)}</NtryDtls>"


def test_batch_whose_details_add_up_is_split():
    (statement,) = with_entry(ntry("12", rest=batch(detail("5", "one"), detail("7", "two"))))
    assert [(line.amount, line.purpose) for line in statement.transactions] == [(5, "one"), (7, "two")]
    assert not [code for code in codes(statement) if code == "batch_not_split"]


def test_detail_in_the_other_direction_counts_as_such():
    rest = batch(detail("7", "payment"), detail("2", "taken back", "CRDT"))
    (statement,) = with_entry(ntry("5", "DBIT", rest=rest))
    assert [line.amount for line in statement.transactions] == [-7, 2]


@pytest.mark.parametrize(
    "details",
    [
        (detail("5", "one"), detail("6", "two")),
        (detail("5", "one"), detail("", "two")),
        (detail("5", "one"), detail("x", "two")),
        (detail("5", "one"), detail("7", "two", currency="USD")),
        (detail("5", "one"), detail("7", "two", "????")),
    ],
)
def test_batch_that_does_not_add_up_is_one_line_with_a_warning(details):
    (statement,) = with_entry(ntry("12", rest=batch(*details)))
    (line,) = statement.transactions
    assert (line.amount, line.purpose) == (12, "one two")
    assert "batch_not_split" in codes(statement)


def test_equal_details_have_their_own_fingerprints():
    (statement,) = with_entry(ntry("10", rest=batch(detail("5", "one"), detail("5", "one"))))
    assert [line.ordinal for line in statement.transactions] == [1, 2]


# --- statements, pages, messages -------------------------------------------
def test_balances_prcd_and_wrong_currency():
    data = camt.write([STATEMENT]).replace(b">OPBD<", b">PRCD<")
    assert read(data)[0].opening == 100
    foreign = camt.write([STATEMENT]).replace(b'<Amt Ccy="KZT">100</Amt>', b'<Amt Ccy="USD">100</Amt>')
    (statement,) = read(foreign)
    assert statement.opening is None
    assert codes(statement) == ["balance_ignored"]


def test_balances_that_do_not_tie_out():
    (statement,) = read(camt.write([replace(STATEMENT, closing=Decimal(7))]))
    assert statement.incomplete
    assert codes(statement) == ["closing_balance_differs"]


def test_pages_and_days_of_one_account_are_one_statement():
    second = replace(STATEMENT, date_from=date(2026, 9, 16), opening=STATEMENT.closing, closing=Decimal(3101))
    (statement,) = read(camt.write([STATEMENT, second]))
    assert (statement.opening, statement.closing, len(statement.transactions)) == (100, 3101, 2)
    assert [line.ordinal for line in statement.transactions] == [1, 2]
    assert not statement.incomplete
    assert read(camt.write([second, STATEMENT]))[0].opening == 100, "the newest first"


def test_a_gap_between_days_begins_a_new_statement():
    later = replace(STATEMENT, date_from=date(2026, 9, 18), opening=Decimal(0), closing=Decimal("1500.50"))
    first, second = read(camt.write([STATEMENT, later]))
    assert (first.closing, second.opening) == (Decimal("1600.50"), 0)
    assert codes(second) == ["balance_gap"]
    assert [line.ordinal for line in (*first.transactions, *second.transactions)] == [1, 2]


def test_a_message_that_stands_there_twice_is_taken_once():
    (statement,) = read(camt.write([STATEMENT, STATEMENT]))
    assert len(statement.transactions) == 1
    assert codes(statement) == ["message_repeated"]


def test_accounts_and_currencies_are_apart():
    dollars = replace(STATEMENT, currency="USD", transactions=(replace(LINE, currency="USD"),))
    other = replace(STATEMENT, account=PAYER)
    found = read(camt.write([STATEMENT, dollars, other]))
    assert [(s.account, s.currency) for s in found] == [(OWN, "KZT"), (OWN, "USD"), (PAYER, "KZT")]


def test_statement_without_entries_or_account():
    (statement,) = read(camt.write([replace(STATEMENT, account="", transactions=(), closing=Decimal(100))]))
    assert (statement.account, statement.transactions, statement.opening) == ("", (), 100)


# --- wrong and hostile files -----------------------------------------------
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<?xml version="1.0"?><Document xmlns="urn:x:camt.053.001.02"></Document>', "nothing_in_file"),
        (b"<Document><CstmrCdtTrfInitn><GrpHdr/></CstmrCdtTrfInitn></Document>", "camt_other_message"),
        (b"<Document><BkToCstmrStmt><Stmt>", "xml_broken"),
        (b'<!DOCTYPE Document [<!ENTITY a "b">]><Document>&a;</Document>', "xml_doctype"),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE Document SYSTEM "http://127.0.0.1:1/x.dtd"><Document/>',
            "xml_doctype",
        ),
        (b"<Document><BkToCstmrStmt>&unknown;</BkToCstmrStmt></Document>", "xml_broken"),
        (b"<Document>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Document>", "xml_broken"),
        (b"<Document><BkToCstmrStmt>" + b"<a/>" * 4_000_001, "xml_too_large"),
    ],
)
def test_what_is_no_statement_is_refused_by_name(data, code):
    assert error(data).code == code


def test_doctype_cannot_hide_behind_another_encoding():
    bomb = (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE Document [<!ENTITY a "b">]><Document>&a;</Document>'
    )
    assert error(bomb.encode("utf-16")).code == "xml_doctype"
    for data in (bomb.encode("utf-16-le"), bomb.encode("utf-7"), bomb.encode("utf-32")):
        with pytest.raises(StatementFormatError):
            read(data)


def test_error_names_the_line():
    data = camt.write([STATEMENT])
    broken = data.replace(b"</BookgDt>", b"</Bookgdt>")
    assert error(broken).line == data[: data.index(b"</BookgDt>")].count(b"\n") + 1


def test_limit_of_lines():
    many = replace(STATEMENT, transactions=(LINE,) * 6)
    assert error(camt.write([many]), limits=Limits(lines=5)).code in ("too_many_lines", "xml_too_large")


def test_control_characters_do_not_break_the_file():
    (statement,) = read(camt.write([STATEMENT]).replace("Оплата по".encode(), "Оплата\x02по".encode()))
    assert statement.transactions[0].purpose == LINE.purpose
