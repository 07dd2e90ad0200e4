"""MT940 and MT942: statement lines as banks write them, texts, pages, and what mt-940 says."""

import io
import logging
from contextlib import redirect_stderr
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import mt940 as library
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from writers import mt940, strategies

from core.bank_formats import Limits, Statement, StatementFormatError, Transaction, parse_statement

OWN, PAYER = strategies.OWN, strategies.OTHERS[0]
DAY = date(2026, 9, 15)
LINE = Transaction(
    date=DAY,
    amount=Decimal("1500.50"),
    line=0,
    value_date=date(2026, 9, 16),
    currency="KZT",
    counterparty_name="ТОО Альфа",
    counterparty_account=PAYER,
    counterparty_bank="KCJBKZKX",
    ultimate_name="ИП Берик",
    purpose="Оплата по счету 12 от 01.09.2026 за услуги",
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
    opening=Decimal("100.00"),
    closing=Decimal("1600.50"),
    transactions=(LINE,),
)
TEXT = "абвгджзЖШЩ ABCxyz0123456789№.,;:-()=«»%"


def read(text, encoding="utf-8", **kwargs):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return parse_statement(data, "statement.sta", **kwargs)


def codes(statement):
    return [notice.code for notice in statement.warnings]


def lines(*fields, account=OWN, opening="C260914KZT100,00", closing=None):
    head = [":20:REF", f":25:{account}", f":60F:{opening}"]
    return "\n".join([*head, *fields, *([f":62F:{closing}"] if closing else []), "-"])


def one(field, text=":86:text", **kwargs):
    (statement,) = read(lines(f":61:{field}", text, **kwargs))
    return statement


def transaction(field, text=":86:text", **kwargs):
    return one(field, text, **kwargs).transactions[0]


# --- round trips -----------------------------------------------------------
def near(statement):
    """The entry date has no year: it must lie within half a year of the value date."""
    moved = [
        replace(line, value_date=min(line.date + timedelta(days=index % 5), date(2026, 12, 31)))
        for index, line in enumerate(statement.transactions)
    ]
    return replace(statement, transactions=tuple(moved))


@pytest.mark.parametrize(
    ("details", "fields"), [(mt940.structured, mt940.FIELDS), (mt940.plain, mt940.PLAIN_FIELDS)]
)
@given(st.data())
def test_what_is_written_is_read_again(details, fields, data):
    names = set(fields) - {"value_date"}
    written = near(data.draw(strategies.statements(names, strategies.texts(TEXT, 45))))
    if details is mt940.plain:
        coded = [replace(line, purpose_code=line.purpose_code or "190") for line in written.transactions]
        written = replace(written, transactions=tuple(coded))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16"]))
    (statement,) = read(
        mt940.write([written], details, encoding, data.draw(st.sampled_from(["\n", "\r\n", "\r"])))
    )
    assert strategies.picked(statement, fields) == strategies.picked(written, fields)
    assert not statement.incomplete


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_cyrillic_code_pages(encoding):
    (statement,) = read(mt940.write([STATEMENT], encoding=encoding))
    assert strategies.picked(statement, mt940.FIELDS) == strategies.picked(STATEMENT, mt940.FIELDS)


@pytest.mark.parametrize("encoding", ["cp1251", "cp866"])
def test_cyrillic_capitals(encoding):
    line = replace(LINE, purpose="ОПЛАТА ПО СЧЕТУ НА ОПЛАТУ 12 ЗА УСЛУГИ СВЯЗИ", counterparty_name="ТОО БЕТА")
    (statement,) = read(mt940.write([replace(STATEMENT, transactions=(line,))], encoding=encoding))
    assert statement.transactions[0].purpose == line.purpose


def test_western_letters():
    line = replace(LINE, purpose="Gebühr für Überweisung", counterparty_name="Müller", ultimate_name="")
    (statement,) = read(mt940.write([replace(STATEMENT, transactions=(line,))], encoding="latin-1"))
    assert statement.transactions[0].purpose == line.purpose


def test_kazakh_code_page():
    line = replace(LINE, purpose="Тауар үшін төлем, қазан айы", ultimate_name="")
    (statement,) = read(mt940.write([replace(STATEMENT, transactions=(line,))], encoding="kz1048"))
    assert statement.transactions[0].purpose == line.purpose


# --- the statement line ----------------------------------------------------
@pytest.mark.parametrize(
    ("field", "amount", "day", "value_day"),
    [
        ("2609160915C1500,50NTRFREF", "1500.50", "2026-09-15", "2026-09-16"),
        ("260916C15000,NTRFREF", "15000", "2026-09-16", "2026-09-16"),
        ("260916D15000NTRFREF", "-15000", "2026-09-16", "2026-09-16"),
        ("2609160916CR300,NTRFREF", "300", "2026-09-16", "2026-09-16"),
        ("2609160916RC300,NTRFREF", "-300", "2026-09-16", "2026-09-16"),
        ("2609160916RD300,NTRFREF", "300", "2026-09-16", "2026-09-16"),
        ("260916D000000000044,95N0600733959555", "-44.95", "2026-09-16", "2026-09-16"),
        ("260916C0000000000473,17NTRFREF", "473.17", "2026-09-16", "2026-09-16"),
        ("260916C1000.12NTRFREF", "1000.12", "2026-09-16", "2026-09-16"),
        ("260916C1.234,56NTRFREF", "1234.56", "2026-09-16", "2026-09-16"),
        ("260916C1,234NTRFREF", "1.234", "2026-09-16", "2026-09-16"),
        ("2609160916CN220000,00//19239782213", "220000", "2026-09-16", "2026-09-16"),
        ("260916C50,00 NTRFREF", "50", "2026-09-16", "2026-09-16"),
        ("2612310102C5,00NTRFREF", "5", "2027-01-02", "2026-12-31"),
        ("2701021231C5,00NTRFREF", "5", "2026-12-31", "2027-01-02"),
        ("260916    C5,00NTRFREF", "5", "2026-09-16", "2026-09-16"),
    ],
)
def test_statement_lines_as_banks_write_them(field, amount, day, value_day):
    line = transaction(field)
    assert line.amount == Decimal(amount)
    assert (line.date.isoformat(), line.value_date.isoformat()) == (day, value_day)
    assert line.reversal == (field[10:12] in ("RC", "RD"))


@pytest.mark.parametrize(
    ("field", "reference", "bank_reference"),
    [
        ("2609160916C5,NTRFNONREF", "", ""),
        ("2609160916C5,NTRF17//BANK1", "17", "BANK1"),
        ("2609160916C5,NTRFNONREF//0724710333343453", "", "0724710333343453"),
        ("2609160916C5,NTRFBIPI-dvT1FzfMqvzF5HaU4oetlH7SGRk//2022070616391534000",)
        + ("BIPI-dvT1FzfMqvzF5HaU4oetlH7SGRk", "2022070616391534000"),
        ("260916C5,N0440121470966      W.P. Jansen", "0121470966", ""),
    ],
)
def test_references(field, reference, bank_reference):
    line = transaction(field)
    assert (line.document_number, line.bank_reference) == (reference, bank_reference)
    assert ("W.P. Jansen" in field) == ("W.P. Jansen" in line.purpose)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("2609160916CNTRFREF", "amount_missing"),
        ("2609160916C1,2,3.4.5NTRF", "amount_unreadable"),
        ("2609160916X5,00NTRF", "line_unreadable"),
        ("nonsense", "line_unreadable"),
        ("", "line_unreadable"),
        ("2609160916C99999999999999999999,NTRF", "amount_unreadable"),
    ],
)
def test_line_that_cannot_be_read_is_listed(field, code):
    (statement,) = read(lines(f":61:{field}", ":86:a", ":61:260915C1,NTRF", ":86:b"))
    assert [(unread.code, unread.line) for unread in statement.unread] == [(code, 4)]
    assert [line.amount for line in statement.transactions] == [1]
    assert statement.incomplete


def test_february_the_thirtieth_takes_the_entry_date_and_says_so():
    statement = one("2602300301C5,NTRF", opening="C260228KZT0,")
    assert (statement.transactions[0].date, statement.transactions[0].value_date) == (date(2026, 3, 1), None)
    assert codes(statement) == ["date_ignored"]
    assert one("260230C5,NTRF", opening="C260228KZT0,").transactions[0].date == date(2026, 2, 28)
    (statement,) = read(lines(":61:260230C5,NTRF", opening="C260230KZT0,"))
    assert [unread.code for unread in statement.unread] == ["date_unreadable"]


def test_expected_entries_of_an_interim_report_are_not_imported():
    (statement,) = read(
        ":20:X\n:25:1234\n:34F:KZT0,\n:13D:2609151200+0500\n:61:260915C3,NTRF\n"
        ":61:260915EC7,NTRF\n:90C:1KZT3,\n:90D:0KZT0,\n"
    )
    assert [line.amount for line in statement.transactions] == [3]
    assert codes(statement) == ["not_booked"]
    assert (statement.currency, statement.incomplete) == ("KZT", False)


def test_zero_lines_are_counted():
    statement = one("260915C0,00NTRF")
    assert (statement.transactions, codes(statement)) == ((), ["zero_lines"])


def test_stated_totals_that_differ():
    (statement,) = read(":20:X\n:25:1234\n:61:260915C3,NTRF\n:90C:1KZT4,\n-")
    assert codes(statement) == ["credits_differ"]


# --- texts -----------------------------------------------------------------
def test_kaspi_writes_the_purpose_code_first():
    line = transaction("2601020102C500,00NTRF//REF", ":86:190 Продажи с Kaspi.kz за 01/01/2026")
    assert (line.purpose_code, line.purpose) == ("190", "Продажи с Kaspi.kz за 01/01/2026")
    assert (
        transaction("260915C5,NTRF", ":86:190 Text", account="DE19500700240004020480").purpose == "190 Text"
    )


def test_transliterated_text_stays_as_it_is():
    text = "859 'OPLATA PO S4ETU N 12'"
    assert transaction("260915C5,NTRF", f":86:{text}").purpose == "'OPLATA PO S4ETU N 12'"


def test_structured_text_with_full_and_short_pieces():
    text = (
        ":86:166?00GUTSCHRIFT?100399?20EREF+EndToEndId TFNR 22 004?21 00001?22\n"
        "SVWZ+Verw CTSc-01 BC-PPP TF?23Nr 22 004?30DRESDEFF508?31DE1450880\n"
        "0500194785000?32KARL?33        KAUFMANN"
    )
    line = transaction("260915C5,NTRFNONREF", text)
    assert line.purpose == "Verw CTSc-01 BC-PPP TFNr 22 004"
    assert line.end_to_end == "EndToEndId TFNR 22 004 00001"
    assert (line.counterparty_name, line.counterparty_bank) == ("KARL KAUFMANN", "DRESDEFF508")
    assert (line.counterparty_account, line.document_kind) == ("DE14508800500194785000", "GUTSCHRIFT")


def test_codewords():
    text = (
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL75INGB0001234567/BIC/INGBNL2A/NAME/\n"
        "HR K EN/OF MW H/REMI/RES.NR 00042/EREF/NOTPROV\nIDED"
    )
    line = transaction("260915C5,N654NONREF", text)
    assert (line.purpose, line.counterparty_name, line.end_to_end) == ("RES.NR 00042", "HR K EN/OF MW H", "")
    assert (line.counterparty_account, line.counterparty_bank) == ("NL75INGB0001234567", "INGBNL2A")
    line = transaction("260915C5,NTRF", ":86:/NAME/ТОО Альфа/IDN/200940008138/KNP/710/ASSIGN/Оплата счета 12")
    assert (line.counterparty_tax_id, line.purpose_code) == ("200940008138", "710")
    assert (line.counterparty_name, line.purpose) == ("ТОО Альфа", "Оплата счета 12")


def test_a_colon_within_the_text_is_no_field():
    line = transaction("260915C5,NTRF", ":86:805?00FEE?20at 2026-01-01T13\n:12:11?21end")
    assert line.purpose == "at 2026-01-01T13:12:11 end"
    assert transaction("260915C5,NTRF", ":86:text\n: more\n:99:x").purpose == "text : more :99:x"


def test_repeated_and_empty_texts():
    assert transaction("260915C5,NTRF", ":86:one\n:86:two").purpose == "one two"
    assert transaction("260915C5,NTRF", ":86:").purpose == ""
    assert transaction("260915C5,NTRF", ":64:C260915KZT1,").purpose == ""


def test_text_after_the_closing_balance_is_not_the_last_lines():
    (statement,) = read(
        lines(":61:260915C5,NTRF", ":86:mine").replace("-", ":62F:C260915KZT105,\n:86:bank\n-")
    )
    assert statement.transactions[0].purpose == "mine"


# --- messages --------------------------------------------------------------
def test_envelope_and_free_text_around_messages():
    (statement,) = read(
        "HEADER LINE\n{1:F01KNABNL2HAXXX0000000000}{2:I940KNABNL2HXXXXN3020}{4:\n"
        + lines(":61:260915C5,NTRF")
        + "}"
    )
    assert len(statement.transactions) == 1


def test_account_with_currency_or_bank_code():
    for written in (f"{OWN}KZT", f"KZBANK/{OWN}", f"{OWN} KZT", OWN):
        assert one("260915C5,NTRF", account=written).account == OWN


def test_continuation_pages_are_chained():
    second = replace(STATEMENT, opening=STATEMENT.closing, closing=Decimal("3101.00"))
    pages = [*mt940.message(STATEMENT, 1, pages="FM"), *mt940.message(second, 1, pages="MF")]
    (statement,) = read("\n".join(pages))
    assert (statement.opening, statement.closing) == (100, 3101)
    assert [line.ordinal for line in statement.transactions] == [1, 2]
    assert not statement.incomplete


def test_a_gap_between_messages_begins_a_new_statement():
    second = replace(STATEMENT, opening=Decimal(0), closing=Decimal("1500.50"))
    _first, later = read(mt940.write([STATEMENT, second]))
    assert codes(later) == ["balance_gap"]


def test_a_message_that_stands_there_twice_is_taken_once():
    copy = "\n".join(mt940.message(STATEMENT) * 2)
    (statement,) = read(copy)
    assert len(statement.transactions) == 1
    assert codes(statement) == ["message_repeated"]
    (statement,) = read(":20:STARTUMS\n:25:1234\n:61:260915C3,NTRF\n-\n" * 2)
    assert len(statement.transactions) == 2, "without balances nothing proves a copy"


def test_balance_that_cannot_be_read_is_a_warning():
    statement = one("260915C5,NTRF", opening="X260914KZT100")
    assert (statement.opening, codes(statement)) == (None, ["balance_ignored"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (":20:X\n:25:\n", None),
        ("{1:F01BANKKZKX}{2:I940}{4:\n-}", "nothing_in_file"),
        (":20:X\n:86:text", "unknown_format"),
    ],
)
def test_files_with_nothing_in_them(text, code):
    if code is None:
        assert read(text)[0].transactions == ()
        return
    with pytest.raises(StatementFormatError) as caught:
        read(text)
    assert caught.value.code == code


def test_limit_of_lines():
    with pytest.raises(StatementFormatError) as caught:
        read(mt940.write([STATEMENT]), limits=Limits(lines=5))
    assert caught.value.code == "too_many_lines"


# --- the library as an oracle ------------------------------------------------
@given(st.data())
def test_the_library_reads_the_same_amounts(data):
    """Reversals apart: it takes RC, a credit taken back, for money that came in."""
    names = set(mt940.FIELDS) - {"value_date", "reversal"}
    written = near(data.draw(strategies.statements(names, strategies.texts(TEXT, 45))))
    assume(written.transactions)
    assume(all(abs(line.amount) < 10**9 for line in written.transactions))
    text = mt940.write([written], end="\n").decode()
    logging.getLogger("mt940").setLevel(logging.CRITICAL)
    with redirect_stderr(io.StringIO()):
        theirs = library.models.Transactions()
        theirs.parse(text)
    (ours,) = read(text)
    assert [t.data["amount"].amount for t in theirs] == [line.amount for line in ours.transactions]
